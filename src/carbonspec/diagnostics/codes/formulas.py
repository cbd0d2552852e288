"""Codes of formulas, roles, clauses and calls."""

from __future__ import annotations

from carbonspec.diagnostics.codes.model import Code

CALLS: tuple[Code, ...] = (
    Code(
        id="E301",
        title="too few or too many arguments",
        why="A call takes as many arguments as its entry in the catalogue says.",
        fix="give the arguments it takes",
        example="var size = log(assets, workers)\nvar size = log(assets)",
    ),
    Code(
        id="E302",
        title="an unknown option",
        why="Named values inside a call are its options, such as `by` and `ref`.",
        fix="correct the option's name; to compare write `==`",
        example="model a: y ~ i(year, base = 2012)\nmodel a: y ~ i(year, ref = 2012)",
    ),
    Code(
        id="E303",
        title="a value of the wrong sort",
        why="A clause or option takes a certain sort of value: a whole number, a share, a text, a variable.",
        fix="write a value of that sort",
        example='study "Trade"\n  seed many\nstudy "Trade"\n  seed 42',
    ),
    Code(
        id="E304",
        title="something stands twice",
        why="Said twice, it is either a slip or would count double.",
        fix="keep one of them",
        example="model a: y ~ x | fe(id, year, id)\nmodel a: y ~ x | fe(id, year)",
    ),
    Code(
        id="E305",
        title="too few or too many values",
        why="A clause takes as many values as it has uses for.",
        fix="give the values it takes",
        example="winsorize Open at 1%\nwinsorize Open at 1%, 99%",
    ),
    Code(
        id="E306",
        title="a level out of range",
        why="A level is the probability of an error, such as 5%, not the confidence of 95%.",
        fix="write the small number",
        example="hypothesis H1: a.x < 0 at 95%\nhypothesis H1: a.x < 0 at 5%",
    ),
    Code(
        id="E307",
        title="something is missing",
        why="Without it the statement does not say what to do.",
        fix="add it; the message shows an example",
        example="model a: x + z\nmodel a: y ~ x + z",
    ),
)

FORMULAS: tuple[Code, ...] = (
    Code(
        id="E310",
        title="arithmetic in a formula",
        why="In a formula `+`, `-`, `*` and `:` put terms together. A computation stands inside a call or in a `var`.",
        fix="wrap it in `I(…)`, or declare a variable",
        example="model a: y ~ x + x^2\nmodel a: y ~ x + I(x^2)",
    ),
    Code(
        id="E311",
        title="something stands where it cannot",
        why="Texts, sets, ranges, arrows and some calls have meaning only in certain places.",
        fix="see the message",
        example="var trend = 1..3\nmodel a: y ~ lag(x, 1..3)",
    ),
    Code(
        id="E312",
        title="a regressor stands twice",
        why="The same column twice is perfectly collinear; also when it comes in through a `let` or a base model.",
        fix="keep one of them",
        example="model a: y ~ x + controls      # x is among the controls\nmodel a: y ~ controls",
    ),
    Code(
        id="E313",
        title="the outcome is a regressor",
        why="A variable explains itself perfectly.",
        fix="take it out of one side; its past is `L.y`",
        example="model a: y ~ y + x\nmodel a: y ~ L.y + x",
    ),
    Code(
        id="E314",
        title="a key of the panel as a variable",
        why="Units are names, not amounts.",
        fix="unit effects are `| fe(id)`",
        example="model a: y ~ x + id\nmodel a: y ~ x | fe(id)",
    ),
    Code(
        id="E315",
        title="the constant twice",
        why="It can be taken away once, by `- 1`.",
        fix="keep one `- 1`",
        example="model a: y ~ x - 1 - 1\nmodel a: y ~ x - 1",
    ),
    Code(
        id="E316",
        title="a term that is not there is taken away",
        why="`-` takes away a term that stands left of it, or in the base model.",
        fix="correct the term, or leave it away",
        example="model b: a - z      # a has no z\nmodel b: a - x",
    ),
    Code(
        id="E317",
        title="two step calls in one formula",
        why="`sw`, `sw0`, `csw`, `csw0` and a base model of several columns each make columns; two of them "
        "would make a "
        "product that no table can show in order.",
        fix="keep one, or choose one column of the base: `benchmark[last]`",
        example="model a: y ~ csw0(a, b) + sw(c, d)\nmodel a: y ~ a + b + sw(c, d)",
    ),
    Code(
        id="E318",
        title="a variable interacted with itself",
        why="In R `x:x` is `x`, in Stata its square; so here it is neither.",
        fix="a square is `I(x^2)`",
        example="model a: y ~ x + x:x\nmodel a: y ~ x + I(x^2)",
    ),
    Code(
        id="E319",
        title="structures that exclude each other",
        why="A column is estimated by one of fixed effects, random effects, between, first differences, or GMM, which "
        "takes the unit effects out itself. `iv(…)` stands alone, beside `fe(…)` or beside `gmm(…)`.",
        fix="keep one; several effects stand in one `fe(id, year)`",
        example="model a: y ~ x | fe(id) | fe(year)\nmodel a: y ~ x | fe(id, year)",
    ),
    Code(
        id="E320",
        title="a condition is needed",
        why="`where`, `require`, `and`, `or`, `not` work on what is true or false of a row.",
        fix="compare: `x > 0`, `year in 2012..2020`",
        example="panel firms\n  where sales\npanel firms\n  where sales > 0",
    ),
    Code(
        id="E321",
        title="text where a number is needed",
        why="Text can be compared and grouped by, not computed with.",
        fix="a text column enters a formula as `i(region)`",
        example='var x = "a" + 1\nvar x = region == "a"',
    ),
    Code(
        id="E322",
        title="a split by the outcome",
        why="Within each part the outcome would be constant.",
        fix="split by another variable",
        example="model a: coastal ~ x split coastal\nmodel a: y ~ x split coastal",
    ),
    Code(
        id="E323",
        title="winsorizing something that is no variable",
        why="`winsorize x` redefines x for everything that names x, so x must be a variable; keys stay as they are.",
        fix="declare a variable for the expression",
        example="winsorize log(sales) at 1%, 99%\nvar size = log(sales)\nwinsorize size at 1%, 99%",
    ),
    Code(
        id="E324",
        title="a variable winsorized twice",
        why="The second limits would depend on the first, and on which comes first.",
        fix="keep one statement for each variable",
        example="winsorize x, y at 1%, 99%\nwinsorize x at 5%, 95%        # x again",
    ),
    Code(
        id="E325",
        title="quantiles out of order or out of range",
        why="`at` takes the lower and the upper quantile, each between 0% and 100%.",
        fix="write for example `at 1%, 99%`",
        example="winsorize x at 99%, 1%\nwinsorize x at 1%, 99%",
    ),
    Code(
        id="E326",
        title="levels that do not tell values apart",
        why="Each level is one value with a label of its own, all numbers or all texts.",
        fix="correct the level that stands twice",
        example='var soe levels 0 "Private", 0 "State"\nvar soe levels 0 "Private", 1 "State"',
    ),
)

CLAIMS: tuple[Code, ...] = (
    Code(
        id="E327",
        title="a claim that claims nothing",
        why="A hypothesis compares results with numbers or with each other, so that a run can say whether it holds.",
        fix="write a comparison",
        example="hypothesis H1: benchmark[5].Open\nhypothesis H1: benchmark[5].Open < 0",
    ),
    Code(
        id="E328",
        title="an expectation that cannot be read",
        why="`expect` names a result and its value, or a hypothesis and its verdict: supported, unsupported, "
        "contradicted.",
        fix="write `expect result = value within tolerance`",
        example="expect benchmark[5].Open < 0\nexpect benchmark[5].Open = -0.52 within 1%",
    ),
    Code(
        id="E329",
        title="a range that is none",
        why="A range goes from the smaller to the larger number.",
        fix="turn it round",
        example="panel firms\n  where year in 2020..2012\npanel firms\n  where year in 2012..2020",
    ),
    Code(
        id="E330",
        title="a habit from another language",
        why="`=` gives a value to a name, and `==` compares; Stata's prefixes `i.` and `c.` are calls here.",
        fix="the message shows how it is written here",
        example="model a: y ~ i.year where year = 2018\nmodel a: y ~ i(year) where year == 2018",
    ),
    Code(
        id="E331",
        title="nothing to estimate",
        why="Effects alone, or nothing without a constant, leave no coefficient.",
        fix="add a regressor",
        example="model a: y ~ 1 | fe(id)\nmodel a: y ~ x | fe(id)",
    ),
    Code(
        id="E332",
        title="a model where it cannot stand",
        why="A derived model takes everything it does not say from one base, column by column.",
        fix="name one base model, directly in the formula",
        example="model c: a + b      # two models\nmodel c: a + z",
    ),
    Code(
        id="E333",
        title="a clause that does not fit this table or figure",
        why="`rows` and `stats` choose lines of regression tables, `by` and `total` belong to `summary`, and `columns` "
        "has one heading a column.",
        fix="leave it away, or correct the number of headings",
        example="table 1: summary(x)\n  rows x\ntable 1: summary(x)",
    ),
    Code(
        id="E334",
        title="effects of something else than the unit",
        why="Random effects, between and first differences work on the panel's units.",
        fix="write `re(id)`; period effects enter as `i(year)`",
        example="model a: y ~ x | re(year)\nmodel a: y ~ x + i(year) | re(id)",
    ),
    Code(
        id="E335",
        title="a piece of a formula where a value is needed",
        why="A `let` stands for terms; it has no value for a row.",
        fix="declare a `var`",
        example="let size = assets + workers\nvar large = size > 10          # terms, not a number\n"
        "var size = assets + workers",
    ),
    Code(
        id="E336",
        title="a value that is no level",
        why="The variable declares its levels, and this value is none of them.",
        fix="use a declared level, or declare it",
        example='var soe levels 0 "Private", 1 "State"\nmodel a: y ~ x where soe == 2\nmodel a: y ~ x where soe == 1',
    ),
    Code(
        id="E337",
        title="coefficients of different columns",
        why="A test of several coefficients needs their covariance, and estimates of two columns have none.",
        fix="take coefficients of one column; for groups write `difference` of a model with `split`",
        example="test a: joint(m.x, n.x)      # two regressions\ntest a: joint(m.x, m.z)",
    ),
    Code(
        id="E338",
        title="a difference without two groups",
        why="`difference` compares a coefficient between the two values of a model's `split`.",
        fix="give the model a `split` by a variable with two values",
        example="model m: y ~ x\ntest a: difference(m.x)\nmodel m: y ~ x split coastal\ntest a: difference(m.x)",
    ),
    Code(
        id="E339",
        title="not one cause and one outcome",
        why="A test of causality is about one variable that may help to predict one other.",
        fix="write an arrow with a variable on each side",
        example="test a: granger(x, y)\ntest a: granger(x -> y)\ntest a: granger(x -> y, y -> x)  # both ways",
    ),
    Code(
        id="E900",
        title="not in this version",
        why="The language knows this word, and this version has no engine for it. It is refused rather than "
        "skipped, so "
        "that no result looks complete when it is not.",
        fix="take it out for now, or use a later version",
        example="mediate Open -> Tech -> Ce bootstrap 1000      # a later version",
    ),
)

CODES: tuple[Code, ...] = (*CALLS, *FORMULAS, *CLAIMS)
