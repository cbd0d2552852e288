"""Codes of data: files, tables, the panel's keys, values, and samples."""

from __future__ import annotations

from carbonspec.diagnostics.codes.model import Code

FILES: tuple[Code, ...] = (
    Code(
        id="E401",
        title="a data file is not there",
        why="Paths are read from the spec's own folder, so that a spec and its data can be moved together.",
        fix="correct the path, or put the file where the spec says",
        example='data firms from "data/frims.csv"      # no such file\ndata firms from "data/firms.csv"',
    ),
    Code(
        id="E402",
        title="a data file lies outside the spec's folder",
        why="A spec may come from a stranger. It reads only below its own folder: no absolute path, no `..`, no link "
        "that leads out.",
        fix="put the data below the spec's folder, or allow its folder when you run: `--allow FOLDER`",
        example='data firms from "../secret/firms.csv"\ndata firms from "data/firms.csv"',
    ),
    Code(
        id="E403",
        title="a file cannot be read",
        why="The kind of a file is known by the end of its name; this kind is unknown, or the file is damaged.",
        fix="export it anew as csv, xlsx, dta, sav, parquet or feather",
        example='data firms from "data/firms.rds"\ndata firms from "data/firms.csv"',
    ),
    Code(
        id="E404",
        title="the encoding is wrong",
        why="Text files are read as UTF-8, and as GB18030 where they are not UTF-8. This one is neither, or not what "
        "`encoding` says.",
        fix="name the encoding the file was written in",
        example='data cities from "data/cities.csv"\n  encoding "gb18030"',
    ),
    Code(
        id="E405",
        title="files that do not fit together",
        why="The files of a glob are stacked, so each needs the same columns, holding the same kind of values.",
        fix="give the files the same columns; `text` reads a column as text in all of them",
        example='data customs from "data/customs/*.csv"\n  text hs6',
    ),
    Code(
        id="E406",
        title="a table is not a table",
        why="Every line needs as many cells as the header, and every column a name of its own.",
        fix="correct the line that is shown; cells that hold the separator go into double quotes",
        example='province,gdp\n"Beijing, capital",12.3',
    ),
    Code(
        id="E407",
        title="no such packaged data set",
        why="`package(…)` reads the data sets that ship with statsmodels and linearmodels, by name.",
        fix="choose one of the names that are listed",
        example='data g from package("statsmodels:grunfield")\ndata g from package("statsmodels:grunfeld")',
    ),
    Code(
        id="E408",
        title="a column is not in the data",
        why="The study names a column that its tables do not have.",
        fix="correct the name; names are case-sensitive",
        example="panel firms\n  id Firm      # the column is called firm\n  time year",
    ),
    Code(
        id="E409",
        title="no such sheet",
        why="The workbook has no sheet of that name or number (sheets are counted from 1).",
        fix="choose one of the sheets that are listed",
        example='data firms from "data/firms.xlsx"\n  sheet "2020"',
    ),
)

KEYS: tuple[Code, ...] = (
    Code(
        id="E410",
        title="rows that share their keys",
        why="A panel has one row a unit and period. Where several rows have the same `id` and `time` no lag, no within "
        "transformation and no merge is what it seems.",
        fix="name all columns that tell rows apart after `id`, leave rows out with `where` on `data`, or join the "
        "detailed table and read it through `sum(…)`",
        example="panel trade\n  id exporter            # many rows an exporter and year\n  time year\n\n"
        "panel trade\n  id exporter, importer\n  time year",
    ),
    Code(
        id="E411",
        title="the time is not a time",
        why="Lags need a clock: whole numbers such as years, or dates such as 2012-01-31, 2012-01 or 2012Q1.",
        fix="correct the values that are shown, or make a column of whole periods",
        example="panel firms\n  id firm\n  time year",
    ),
    Code(
        id="E412",
        title="keys of different types",
        why="A join compares keys; text in one table never equals a number in the other, so nothing would match.",
        fix="read both as text (or both as numbers)",
        example='data firms from "firms.csv"\n  text industry\ndata robots from "robots.csv"\n  text industry',
    ),
    Code(
        id="E413",
        title="several rows for one",
        why="The joined table has several rows for a row of the panel, so its column has no single value there.",
        fix="say how to put the rows together: `sum`, `mean`, `max`, …",
        example="var imports = customs.value          # many products a firm\nvar imports = sum(customs.value)",
    ),
    Code(
        id="E414",
        title="a column of several tables",
        why="Several joined tables have a column of this name, and they need not agree.",
        fix="write the table before it",
        example="var y = log(gdp)\nvar y = log(energy.gdp)",
    ),
    Code(
        id="W415",
        title="rows without keys",
        why="A row whose unit or period is missing has no place in a panel; it is left out and counted.",
        fix="fill the keys in the data if these rows should count",
        example="province,year,gdp\nBeijing,,12.3",
    ),
    Code(
        id="E416",
        title="the sample is empty",
        why="No row satisfies the panel's `where`, or the table has no rows.",
        fix="look at the steps that are listed: one of them takes the rows",
        example="panel firms\n  id firm\n  time year\n  where year > 2030",
    ),
)

VALUES: tuple[Code, ...] = (
    Code(
        id="E420",
        title="text where a number is needed",
        why="The column holds text, or is numeric but for a few cells; the rows with such cells are shown.",
        fix="correct the cells; a category enters a formula as `i(x)`",
        example="model m: Ce ~ region | fe(year)\nmodel m: Ce ~ i(region) | fe(year)",
    ),
    Code(
        id="E421",
        title="outside the domain of a function",
        why="The logarithm of zero or of a negative number does not exist. Dropping such rows would choose the sample "
        "by the outcome, so it must be written down.",
        fix="leave the rows out with `where x > 0`, or use `log1p(x)` or `asinh(x)`",
        example="model m: log(trade) ~ fta\nmodel m: log(trade) ~ fta where trade > 0",
    ),
    Code(
        id="E422",
        title="text compared with a number",
        why='A code that was read as a number is never equal to text: 11 is not "11".',
        fix="put the value in quotes or take the quotes off, as the column needs it",
        example='where industry == 26\nwhere industry == "26"',
    ),
    Code(
        id="E423",
        title="a requirement does not hold",
        why="`require` states what must be true in every row of the sample, before any winsorizing. A row where the "
        "condition is missing does not pass.",
        fix="correct the data or the requirement; `or missing(x)` lets missing values pass",
        example="require adopted in 2011..2021 or missing(adopted)",
    ),
    Code(
        id="E424",
        title="a variable that cannot be winsorized",
        why="Keys, text and 0/1 variables have no tails to cut.",
        fix="take it off the list",
        example="winsorize Ce, Open, coastal at 1%, 99%\nwinsorize Ce, Open at 1%, 99%",
    ),
    Code(
        id="E425",
        title="a category without that value",
        why="`ref` names the value that others are compared with; it does not occur in the rows of the model.",
        fix="choose one of the values that are listed",
        example="model m: Ce ~ i(year, ref = 2009)\nmodel m: Ce ~ i(year, ref = 2012)",
    ),
    Code(
        id="E426",
        title="text as a regressor",
        why="Text has categories and no slope.",
        fix="write `i(x)` for a coefficient a category, or absorb it with `fe(x)`",
        example="model m: Ce ~ region\nmodel m: Ce ~ i(region)",
    ),
    Code(
        id="E427",
        title="too many categories",
        why="Thousands of 0/1 columns fill the memory, and nobody reads their coefficients.",
        fix="absorb them: `| fe(x)`",
        example="model m: Ce ~ Open + i(firm)\nmodel m: Ce ~ Open | fe(firm)",
    ),
    Code(
        id="E428",
        title="negative weights",
        why="Analytic weights say how much a row knows; less than nothing is impossible. Rows of weight zero are left "
        "out and counted.",
        fix="correct the rows that are shown",
        example="model m: Ce ~ Open weights population",
    ),
    Code(
        id="E429",
        title="an aggregate that could mean two things",
        why="A function of several rows runs over a joined table's rows or over the panel's, not over both.",
        fix="declare the inner part as a `var` first",
        example="var total = sum(customs.value)\nvar share = total / sum(total, by = year)",
    ),
    Code(
        id="E430",
        title="no row left for a column",
        why="Missing values, `where` and `split` together take every row; the steps are listed.",
        fix="look which step takes more than meant",
        example="model m: Ce ~ Open + L5.Ce      # five years, five lags",
    ),
    Code(
        id="E431",
        title="a function that is not in this version",
        why="The word is known, but nothing computes it yet.",
        fix="make the column in the data, or wait for the version that has it",
        example="var treated = after(adopted)",
    ),
    Code(
        id="E432",
        title="a data file changed during the run",
        why="Results are stored under the content of the files they come from. This file was written after the run had "
        "looked at it, so what was read is not what the results would be stored under.",
        fix="wait until the program that writes the file is done, and run again",
        example="carbonspec run paper.cspec",
    ),
)

FIGURES: tuple[Code, ...] = (
    Code(
        id="E450",
        title="a period that is not in the sample",
        why="A figure shows periods of the panel's sample.",
        fix="choose periods of the sample after `at`, or widen the panel's `where`",
        example="figure 1: map(Open) at 2009      # the sample begins in 2012",
    ),
)

SAMPLES: tuple[Code, ...] = (
    Code(
        id="W432",
        title="a constant",
        why="A variable with a single value in the rows of a model has no slope there.",
        fix="take it out, or look whether the sample is what was meant",
        example="model m: Ce ~ coastal + Open where coastal == 1",
    ),
    Code(
        id="W433",
        title="a regressor that the effects absorb",
        why="What never changes within a unit cannot be told from the unit's own effect.",
        fix="interact it with something that changes, or take the effects out",
        example="model m: Ce ~ coastal + Open | fe(id)\nmodel m: Ce ~ coastal:Open + Open | fe(id)",
    ),
    Code(
        id="W434",
        title="few clusters",
        why="Clustered standard errors are right for many clusters. With fewer than twenty they come out too "
        "small, and tests reject too often (Cameron, Gelbach and Miller 2008). The wild cluster bootstrap and the "
        "cluster jackknife do better (MacKinnon, Nielsen and Webb 2023).",
        fix="`se wild(9999, cluster(region))`, `se crv3(region)`, or cluster on something with more values",
        example="model m: Ce ~ Open se cluster(region)\nmodel m: Ce ~ Open se wild(9999, cluster(region))",
    ),
    Code(
        id="W435",
        title="a category with a single value",
        why="Categories are compared with one another; here there is nothing to compare.",
        fix="take it out of this model, or look at its sample",
        example='model m: Ce ~ i(region) where region == "east"',
    ),
    Code(
        id="W436",
        title="a part of a split with too few rows",
        why="The rows with this value are not more than the coefficients and effects that they should give.",
        fix="join categories, or leave this one out with `where`",
        example="model m: Ce ~ Open | fe(id, year) split region",
    ),
    Code(
        id="W437",
        title="levels and data differ",
        why="`levels` fixes values and their order; the data have others, or lack some.",
        fix="bring the two together",
        example='var coastal levels 0 "Inland", 1 "Coastal"',
    ),
    Code(
        id="W438",
        title="a test that the data do not allow",
        why="A test needs more periods, the same periods for every unit, or two groups, and the data have other ones. "
        "The others are done; this one says so in its place.",
        fix="see what the message names: fewer lags, another test of the same null, a `where`",
        example="test cause: granger(x -> y) lags 3\ntest cause: granger(x -> y) lags 1",
    ),
    Code(
        id="N440",
        title="the panel's clock",
        why="Lags go by time, not by rows: across a missing period they are missing. The clock's step is the greatest "
        "common divisor of the distances between periods.",
        fix="nothing, if the gaps are meant",
        example="panel firms\n  id firm\n  time year",
    ),
)

READING: tuple[Code, ...] = (
    Code(
        id="N441",
        title="how a file was read",
        why="The encoding, the separator or the sheet was not written down and had to be recognised.",
        fix="say it on the `data` statement, and the note goes away",
        example='data cities from "data/cities.csv"\n  encoding "gb18030"',
    ),
    Code(
        id="N442",
        title="cells read as missing",
        why="NA, `.`, `-`, `…` and the like are read as missing cells; they are counted by column.",
        fix="nothing; a column under `text` keeps such cells as they are",
        example='data countries from "data/countries.csv"\n  text iso2      # NA is Namibia',
    ),
    Code(
        id="N443",
        title="numbers written in other ways",
        why="Thousands separators, full-width digits, decimal commas and TRUE/FALSE were read as the numbers they "
        "mean.",
        fix="nothing, if they were meant so",
        example='"1,234.5" is read as 1234.5',
    ),
    Code(
        id="N444",
        title="codes that look like numbers",
        why="Leading zeros belong to codes, not to numbers; whole numbers above 2^53 are not exact.",
        fix="list the column under `text`",
        example='data customs from "data/customs.csv"\n  text hs6       # 010121 stays 010121',
    ),
    Code(
        id="W446",
        title="values that could not be computed",
        why="A division by zero, or a result too large for a number, gives no value; the cell is missing.",
        fix="leave these rows out with `where`, or correct the data",
        example="var Ei = energy / gdp",
    ),
    Code(
        id="W448",
        title="a join that finds nothing",
        why="Not one row of the panel has a match, so every column of the joined table is missing.",
        fix="compare how the keys are written in both tables",
        example='join energy on province, year      # "Beijing" here, "北京" there',
    ),
    Code(
        id="W449",
        title="a joined column that is hidden",
        why="Both tables of a `join` on `data` have a column of this name; the table's own is kept.",
        fix="rename one of them in its file",
        example='data shares from "shares.csv"\n  join robots on industry',
    ),
)

CODES: tuple[Code, ...] = (*FILES, *KEYS, *VALUES, *FIGURES, *SAMPLES, *READING)
