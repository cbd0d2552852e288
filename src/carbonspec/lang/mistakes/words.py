"""Words that help to explain mistakes: examples of the statements, commands of other programs, usual clauses."""

from __future__ import annotations

SIGN_OF = dict.fromkeys(("var", "let", "measure"), "=") | dict.fromkeys(
    ("model", "mediate", "test", "hypothesis", "multiverse", "table", "figure"), ":"
)
EXAMPLES = {
    "study": 'study "Title"',
    "data": 'data provinces from "provinces.csv"',
    "panel": "panel provinces",
    "var": 'var gdp_pc "GDP per capita" = gdp / population',
    "let": "let controls = size + age",
    "measure": "measure Tech = stock(spending)",
    "winsorize": "winsorize x, y at 1%, 99%",
    "trim": "trim x at 1%, 99%",
    "require": "require x >= 0",
    "model": "model m: y ~ x + controls | fe(id, year)",
    "mediate": "mediate x -> m -> y",
    "test": "test roots: unitroot(x)",
    "hypothesis": 'hypothesis H1 "…": m.x < 0',
    "expect": "expect m.x = 0.5 within 1%",
    "multiverse": "multiverse curve: m.x",
    "table": 'table 1 "Title": m',
    "figure": 'figure 1 "Title": map(x)',
    "extends": 'extends "paper.cspec"',
    "without": "without expect, table 12",
}
_FOREIGN_COMMANDS = {
    "model": "reg regress xtreg areg reghdfe ivregress ivreg2 xtabond xtabond2 xtdpdsys logit probit xtlogit poisson "
    "ppmlhdfe feols fepois feglm femlm felm lm glm plm pgmm ols fit estimate regression",
    "var": "gen generate egen replace mutate transform define variable column recode encode",
    "data": "use import insheet load read_csv read read_dta read_excel library dataset input sysuse webuse",
    "panel": "xtset tsset pdata pdataframe index",
    "winsorize": "winsor winsor2 winsorise",
    "table": "esttab outreg2 estout etable modelsummary stargazer summarize summarise sum tabstat describe print",
    "figure": "plot graph twoway coefplot iplot ggplot",
    "mediate": "sgmediation mediation sem",
    "let": "global local macro",
    "test": "xtunitroot hausman estat lincom nlcom testparm",
    "study": "title paper",
    "extends": "include source inherit",
}
COMMANDS = {word: keyword for keyword, words in _FOREIGN_COMMANDS.items() for word in words.split()}
LOOPS = frozenset(("for", "foreach", "forvalues", "while", "if", "else", "def", "function", "program", "return", "end"))
NEEDLESS = frozenset(("clear", "set", "cd", "log", "capture", "quietly", "qui", "version", "from", "options", "run"))
CLAUSE_WORDS = frozenset(
    (
        *("at", "bootstrap", "by", "cite", "columns", "digits", "encoding", "factors", "from", "fuel", "group", "id"),
        *("join", "lags", "level", "levels", "notes", "parentheses", "permute", "published", "rows", "sample", "se"),
        *("seed", "sheet", "split", "stars", "stats", "text", "time", "unit", "using", "weights", "where", "with"),
        "within",
    )
)
"""Clause words that help to tell a clause from a term; the catalogue has all of them."""
OPTIONS = frozenset(("ppml", "system", "difference", "onestep", "twostep", "collapse", "orthogonal"))
"""Words that follow `using`."""
FUNCTIONS = frozenset(("abs", "center", "count", "exp", "log", "max", "mean", "median", "min", "sd", "sqrt", "sum"))
"""Functions that other programs let stand without brackets, or people do."""
