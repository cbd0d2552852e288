"""Codes of the syntax: what the parser cannot read."""

from __future__ import annotations

from carbonspec.diagnostics.codes.model import Code

CODES: tuple[Code, ...] = (
    Code(
        id="E101",
        title="the line cannot be read",
        why='At the underlined place the language expects something else. A statement is `keyword name "label" = '
        'body` or `keyword name "label": body`, then clauses; a clause is a word and its values.',
        fix="write what the message says is expected there; a missing operator, comma or bracket just before is "
        "the usual cause",
        example="let controls = size + + age      # wrong\nlet controls = size + age",
    ),
    Code(
        id="E102",
        title="a full-width or typographic sign",
        why="Chinese and Japanese input methods and word processors put in signs that look like `,` `(` `:` `=` "
        'or `"` and are others. They would hide in a formula, so only the plain ones count. Inside texts and '
        "comments any sign may stand.",
        fix="write the plain sign; in an editor, replace them all at once",
        example="model m: y ~ x | fe（id，year）      # wrong\nmodel m: y ~ x | fe(id, year)",
    ),
    Code(
        id="E103",
        title="a sign that has no meaning here",
        why="The operators are `+ - * / ^ : .. < <= > >= == != in and or not`, with `~`, `|` and `->` in formulas "
        "and paths. Signs of Stata, R or Python that mean the same are written as these.",
        fix="write the operator named in the help; a column whose name has such a sign goes in backquotes",
        example="  where year > 2000 & coastal == 1      # wrong\n  where year > 2000 and coastal == 1",
    ),
    Code(
        id="E104",
        title="`#` in the middle of a line without a space",
        why="`#` opens a comment only at a line's start or after a space. Otherwise Stata's `Open#coastal` would "
        "silently become a formula of one term and a comment.",
        fix="an interaction is `a:b`, main effects with their interaction `a * b`; leave a space before a comment",
        example="model m: y ~ Open#coastal      # wrong\nmodel m: y ~ Open:coastal",
    ),
    Code(
        id="E105",
        title="a text is never closed",
        why="A text starts and ends with a double quote, on one line. A quote inside it is written twice.",
        fix='add the second `"`',
        example='table 1 "Descriptive statistics: summary(x)      # wrong\n'
        'table 1 "Descriptive statistics": summary(x)',
    ),
    Code(
        id="E106",
        title="a name in backquotes is never closed, or empty",
        why="A name that is no plain word, such as one with a space, stands between two backquotes on one line.",
        fix="add the second backquote",
        example="var g = log(`GDP per capita)      # wrong\nvar g = log(`GDP per capita`)",
    ),
    Code(
        id="E107",
        title="brackets do not match",
        why="Every `(` needs its `)` and every `[` its `]`, within one statement.",
        fix="add the missing bracket, or take the extra one out",
        example="var g = log(gdp / population      # wrong\nvar g = log(gdp / population)",
    ),
    Code(
        id="E108",
        title="neither a number nor a name",
        why="Numbers are written `1000`, `1_000`, `0.05`, `1e-3` or `5%`, and no letter touches them. Names start "
        "with a letter.",
        fix="leave a space, write the number out, or put the column's name in backquotes",
        example="require x < 1,000      # wrong\nrequire x < 1_000",
    ),
    Code(
        id="E109",
        title="a tab, or a space of another kind",
        why="Lines are indented by spaces, so that the file looks the same everywhere. No-break and full-width "
        "spaces come in with copied text and cannot be seen.",
        fix="write plain spaces; `carbonspec fmt` then indents by two",
    ),
    Code(
        id="E110",
        title="no such statement",
        why="Column 0 always starts a statement, and a statement starts with one of the keywords study, data, "
        "panel, var, let, measure, winsorize, trim, require, model, mediate, test, hypothesis, expect, "
        "multiverse, table, figure, extends, without.",
        fix="correct the keyword; indent the line by two if it is a clause of the statement above",
        example="modle m: y ~ x      # wrong\nmodel m: y ~ x",
    ),
    Code(
        id="E111",
        title="a statement without its name, title or body",
        why="Most statements are `keyword name = body` or `keyword name: body`; `study` has a title in double quotes.",
        fix="add what is missing; a body on the next line must be indented",
        example="model benchmark      # wrong\nmodel benchmark: y ~ x",
    ),
    Code(
        id="E112",
        title="a label in the wrong place",
        why="A label follows the name it labels, once.",
        fix="write the name, then the label",
        example='var "GDP per capita" g = gdp / population      # wrong\nvar g "GDP per capita" = gdp / population',
    ),
    Code(
        id="E113",
        title="a range with an open end",
        why="A range has two ends: `2012..2020`, `-5..5`. An open end is written out: `2..last`.",
        fix="write both ends",
        example="model m: n ~ L.n | gmm(n, lags = 2..)      # wrong\nmodel m: n ~ L.n | gmm(n, lags = 2..last)",
    ),
    Code(
        id="E114",
        title="this cannot be a name",
        why="A declared name is a word of letters, digits and `_` that starts with a letter, or anything in "
        "backquotes. The words `and`, `or`, `not` and `in` are taken.",
        fix="choose another name",
        example="model fe.id: y ~ x | fe(id)      # wrong\nmodel fe_id: y ~ x | fe(id)",
    ),
    Code(
        id="E115",
        title="a chained comparison",
        why="A comparison has two sides. `1 < x < 2` means different things in different languages, so it means "
        "nothing here.",
        fix="join two comparisons by `and`, or write `x in 1..2`, ends included",
        example="  where 2000 <= year <= 2010      # wrong\n  where year in 2000..2010",
    ),
    Code(
        id="E116",
        title="an indent where none belongs",
        why="A statement starts in column 0; an indented line is a clause of the statement above it.",
        fix="take the indent away",
        example="  model m: y ~ x      # wrong\nmodel m: y ~ x",
    ),
    Code(
        id="E117",
        title="a line that starts with an operator",
        why="As in R, a line goes on when it ends in an operator or comma, or inside brackets. A line that starts "
        "with an operator would be read as something of its own.",
        fix="move the operator to the end of the line above",
        example="let controls = size\n  + age      # wrong\nlet controls = size +\n    age",
    ),
    Code(
        id="E118",
        title="the sign after a statement's name",
        why="`var`, `let` and `measure` are definitions and take `=`; all other statements with a name take `:`. "
        "Comparing is `==`, and assigning is neither `<-` nor `:=`.",
        fix="write the sign named in the help",
        example="let controls: size + age      # wrong\nlet controls = size + age",
    ),
    Code(
        id="E119",
        title="`|` where no structure stands",
        why='`|` sets off a model\'s structure: `| fe(id, year)`, `| iv(x ~ z)`. It does not mean "or", and '
        "effects are named inside `fe(…)`.",
        fix="write `or` in conditions, and `| fe(…)` in models",
        example="model m: y ~ x | id + year      # wrong\nmodel m: y ~ x | fe(id, year)",
    ),
    Code(
        id="E120",
        title="a clause or option without its value",
        why="A clause is a word and its values, separated by a space: `se cluster(id)`. There are no bare flags: "
        "options of an estimator follow `using` after commas, and inside brackets an option is named: `lags = "
        "2`.",
        fix="add the value, the comma or the `=`; where two terms stand side by side, add the operator",
        example="model m: n ~ L.n | gmm(n) using system twostep      # wrong\n"
        "model m: n ~ L.n | gmm(n) using system, twostep",
    ),
    Code(
        id="E121",
        title="`=` where two things are compared",
        why="`=` gives a value to a name (`ref = 2012`); `==` compares.",
        fix="write `==`",
        example="  where (year = 2018)      # wrong\n  where (year == 2018)",
    ),
    Code(
        id="E122",
        title="an expression nested too deeply",
        why="A sum of hundreds of terms, or brackets hundreds deep, is read one inside the other, and there is an end "
        "to that.",
        fix="name pieces of it with `var` or `let`",
        example="var total = a1 + a2 + … + a900      # wrong\nvar half = a1 + … + a450\n"
        "var total = half + a451 + … + a900",
    ),
    Code(
        id="E123",
        title="a conflict that a merge left",
        why="Where both branches changed the same thing, git writes both versions into the file, between lines of "
        "`<<<<<<<`, `=======` and `>>>>>>>`, and leaves it to you to choose.",
        fix="keep one version, or put the two together, and take the three lines out",
        example="<<<<<<< ours      # wrong\nmodel early: base where year <= 2013\n=======\n"
        "model early: base where year <= 2014\n>>>>>>> theirs\nmodel early: base where year <= 2013",
    ),
)
