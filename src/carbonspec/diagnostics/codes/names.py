"""Codes of names and references: what is declared, what a name stands for, which columns a bracket means."""

from __future__ import annotations

from carbonspec.diagnostics.codes.model import Code

DECLARATIONS: tuple[Code, ...] = (
    Code(
        id="E201",
        title="a name is declared twice",
        why="Variables, pieces of formulas, tables of data, models and claims share one set of names, so that a name "
        "always means one thing.",
        fix="give one of the two another name, or delete it",
        example="var size = log(assets)\nlet size = assets + workers      # declared twice\nlet scale = assets "
        "+ workers",
    ),
    Code(
        id="E202",
        title="a name that cannot be declared",
        why="`id` and `time` are the panel's keys, and `L`, `F2`, `D`, `S` are time operators.",
        fix="choose another name",
        example="var L = log(labour)      # then what would `L.x` be?\nvar labour_log = log(labour)",
    ),
    Code(
        id="E203",
        title="definitions that go round in a ring",
        why="Statements stand in any order, so a definition may not need itself, directly or through others. A "
        "declared "
        "name hides the column of that name, in its own definition too.",
        fix="name the column through its table, or break the ring",
        example="var gdp = log(gdp)      # which gdp?\nvar gdp = log(provinces.gdp)",
    ),
    Code(
        id="E204",
        title="a column that two tables have",
        why="After a join both tables' columns are in reach, and a bare name must mean one of them.",
        fix="write the table in front",
        example="var intensity = co2 / gdp      # gdp in `cities` and in `provinces`\nvar intensity = co2 / cities.gdp",
    ),
    Code(
        id="E205",
        title="a name of another kind",
        why="A model cannot stand where a variable is needed, nor a variable where a result is.",
        fix="name something of the kind that is needed",
        example="table 1: Open               # a variable\ntable 1: summary(Open)",
    ),
    Code(
        id="E206",
        title="a table that is not joined",
        why="A formula can read the panel's own table and those that the panel joins.",
        fix="join it in the `panel` statement",
        example="var price = mean(sales.price)      # no `join sales`\n"
        "panel cities\n  id city\n  time year\n  join sales on city, year",
    ),
    Code(
        id="E210",
        title="an unknown name",
        why="Nothing of that name is declared, and no table in reach has a column of that name.",
        fix="correct the spelling (the message says what comes closest), or declare it",
        example="model benchmark: Ce ~ Opne + Rpc\nmodel benchmark: Ce ~ Open + Rpc",
    ),
    Code(
        id="E211",
        title="an unknown function, table or estimator",
        why="Words that are called, such as `log(x)` or `summary(x)`, come from the catalogue.",
        fix="correct the word; the reference lists all of them",
        example="var size = ln(assets)\nvar size = log(assets)",
    ),
    Code(
        id="E212",
        title="an unknown clause",
        why="Each statement has its own clauses. On an indented line the first clause is the statement's; those "
        "after it "
        "on the same line qualify that clause.",
        fix="correct the word, or put the clause on a line of its own",
        example="model a: y ~ x if year > 2015\nmodel a: y ~ x where year > 2015",
    ),
    Code(
        id="E213",
        title="an unknown structure",
        why="After `|` stands what the model does with units and periods: `fe(…)`, `re(id)`, `be(id)`, `fd(id)`.",
        fix="write the structure as a call",
        example="model a: y ~ x | fixed(id)\nmodel a: y ~ x | fe(id)",
    ),
    Code(
        id="E214",
        title="unknown standard errors",
        why="`se` takes one of `iid`, `hc0` to `hc3`, `cluster(…)`, `driscoll_kraay`, `newey_west`.",
        fix="name one of them",
        example="model a: y ~ x se robust\nmodel a: y ~ x se hc1",
    ),
)

REFERENCES: tuple[Code, ...] = (
    Code(
        id="E215",
        title="a model has no such term",
        why="A result is cited by the term as the formula writes it (`L.Ce`, `log(x)`, `Open:coastal`), by "
        "`Constant`, or "
        'by a statistic. A category\'s coefficient is `region["east"]`.',
        fix="name a term of that column",
        example="expect benchmark[1].Ind = 0.5      # Ind enters in column 5\nexpect benchmark[5].Ind = 0.5",
    ),
    Code(
        id="E216",
        title="a model has no such column",
        why="Columns are numbered from 1: values of `split` slowest, then outcomes, then steps.",
        fix="use a number the model has, or `last`",
        example="table 1: benchmark[6]      # it has 5\ntable 1: benchmark[5]",
    ),
    Code(
        id="E217",
        title="several columns where one number is needed",
        why="A coefficient of a model with several columns is several numbers.",
        fix="pick a column: `m[5]`, `m[last]`, `m[coastal = 1]`, `m[outcome = Tech]`",
        example="hypothesis H1: benchmark.Open < 0\nhypothesis H1: benchmark[last].Open < 0",
    ),
    Code(
        id="E218",
        title="an unknown statistic, or part of a coefficient",
        why="A coefficient has `estimate`, `se`, `t`, `p`, `low`, `high`; a column has statistics such as `N`, "
        "`r2_within`.",
        fix="name one of them",
        example="expect a.x.std = 0.1\nexpect a.x.se = 0.1",
    ),
    Code(
        id="E219",
        title="a bracket that does not fit the model",
        why="A bracket filters by the `split` variable and by `outcome`, then counts: one number, `last`, or "
        "one range.",
        fix="name the split variable or the outcome, and put the position last",
        example="table 1: by_coast[region = 1]      # it is split by coastal\ntable 1: by_coast[coastal = 1]",
    ),
    Code(
        id="E220",
        title="an unknown data table",
        why="`panel` and `join` name tables that a `data` statement declares.",
        fix="declare the table, or correct its name",
        example="panel province            # declared as `provinces`\npanel provinces",
    ),
    Code(
        id="E221",
        title="no panel, or several",
        why="All variables and models live on one frame with one pair of keys.",
        fix="write one `panel` statement; join other tables and read them through aggregates",
        example='data firms from "data/firms.csv"\npanel firms\n  id firm\n  time year',
    ),
    Code(
        id="E222",
        title="the panel's keys",
        why="A panel needs its unit (`id`, one column or several) and its period (`time`), each a column of its table.",
        fix="say which columns they are",
        example="panel firms\n  id firm            # and the time?\npanel firms\n  id firm\n  time year",
    ),
    Code(
        id="E230",
        title="a path that leads out of the spec's folder",
        why="A spec may come from a stranger: it reads only files below its own folder, by relative paths.",
        fix="put the file below the spec's folder and write the path from there",
        example='data firms from "../firms.csv"\ndata firms from "data/firms.csv"',
    ),
    Code(
        id="E231",
        title="a data format that cannot be read",
        why="The end of a file's name says its format: csv, tsv, txt, xlsx, dta, sav, parquet, feather.",
        fix="export the data in one of these",
        example='data firms from "data/firms.rds"\ndata firms from "data/firms.parquet"',
    ),
    Code(
        id="W240",
        title="something is declared and never used",
        why="It may be left over, or a slip of the name where it should have been used.",
        fix="use it or delete it",
        example="let controls = size + age\nmodel a: y ~ x                # without controls\nmodel a: y ~ x + "
        "controls",
    ),
    Code(
        id="N241",
        title="a declared name hides a column",
        why="From then on the bare name means what is declared, everywhere; the column is reached through its table.",
        fix="nothing, if it is meant; else give the declared one another name",
        example="var gdp = log(provinces.gdp)      # `gdp` is now the logarithm",
    ),
    Code(
        id="W243",
        title="levels of a computed number",
        why="Levels name the values of a category. A computed number can take any value, and values without a "
        "level are "
        "an error when the data are read.",
        fix="declare levels for categories; for two groups write a comparison",
        example='var big = size - 10 levels 0 "Small", 1 "Large"\nvar big = size > 10 levels 0 "Small", 1 "Large"',
    ),
)

CODES: tuple[Code, ...] = (*DECLARATIONS, *REFERENCES)
