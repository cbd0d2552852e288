"""Help for what people bring from Stata, R and Python."""

from __future__ import annotations

from carbonspec.lang import ast
from carbonspec.lang.resolve.problems import written

_FUNCTIONS = {
    "factor": "a category in a formula is `i({})`",
    "as.factor": "a category in a formula is `i({})`",
    "C": "a category in a formula is `i({})`",
    "ln": "the natural logarithm is `log({})`",
    "log10": "the natural logarithm is `log({})`; divide by `log(10)`",
    "avg": "the average over rows is `mean({})`",
    "average": "the average over rows is `mean({})`",
    "std": "the standard deviation over rows is `sd({})`",
    "std_dev": "the standard deviation over rows is `sd({})`",
    "total": "the sum over rows is `sum({})`",
    "isna": "write `missing({})`",
    "is.na": "write `missing({})`",
    "mi": "write `missing({})`",
    "lead": "a lead is `F.x`",
    "diff": "a difference is `D.x`",
    "d": "a difference is `D.x`",
    "l": "a lag is `L.x`; several are `lag(x, 1..3)`",
    "f": "a lead is `F.x`",
    "n": "the number of values that are not missing is `count(x, by = …)`",
    "ifelse": "a condition is a 0/1 variable of its own: `var rich = income > 10`",
    "cond": "a condition is a 0/1 variable of its own: `var rich = income > 10`",
    "inlist": "write `x in (1, 2)`",
    "inrange": "write `x in 1..3`",
    "poly": "write `x + I(x^2)`",
    "pow": "a power is `x^2`",
    "power": "a power is `x^2`",
    "offset": "fix a coefficient by subtracting the term from the outcome in a `var`",
    "absorb": "fixed effects follow the formula: `| fe(id, year)`",
    "winsor": "write a statement: `winsorize x at 1%, 99%`",
    "winsorize": "write a statement: `winsorize x at 1%, 99%`",
    "std_scale": "write `scale({})`",
    "standardize": "write `scale({})`",
    "demean": "write `center({})`, or `x - mean(x, by = id)` within units",
}

_TESTS = {
    "serial": ("wooldridge", "xtserial", "pwartest", "pwfdtest", "pbgtest", "autocorrelation", "arima", "abar"),
    "effects": ("xttest0", "plmtest", "pFtest", "breusch_pagan", "breuschpagan", "bp", "lm", "honda", "f_test"),
    "heteroskedasticity": ("xttest3", "modified_wald", "bptest", "hettest", "white", "imtest", "heteroscedasticity"),
    "dependence": ("xtcsd", "xtcd", "xtcdf", "pcdtest", "cd", "pesaran", "cross_section_dependence"),
    "hausman": ("phtest", "xtoverid", "mundlak", "rhausman"),
    "unitroot": (
        "xtunitroot",
        "purtest",
        "cipstest",
        "pescadf",
        "xtcips",
        "adf",
        "llc",
        "ips",
        "hadri",
        "cips",
        "kpss",
    ),
    "granger": ("xtgcause", "xtgrangert", "pgrangertest", "dumitrescu_hurlin", "causality"),
    "poolability": ("pooltest", "chow", "xtpooltest"),
    "homogeneity": ("xthst", "swamy", "pesaran_yamagata", "slope_homogeneity"),
    "delta": ("lincom", "nlcom", "deltaMethod", "delta_method", "long_run"),
    "joint": ("wald", "waldtest", "testparm", "linearHypothesis", "linear_hypothesis"),
    "difference": ("suest", "bdiff", "fisher_permutation", "permtest"),
    "placebo": ("ritest", "randomization", "permutation", "permute"),
}
_TEST_OF = {habit: test for test, habits in _TESTS.items() for habit in habits}
_STATISTICS = {
    "sargan": "sargan",
    "hansen": "hansen",
    "overid": "hansen",
    "abond": "ar1, ar2",
    "arellano_bond": "ar1, ar2",
    "ar1": "ar1",
    "ar2": "ar2",
    "mtest": "ar1, ar2",
    "weakivtest": "effective_f",
    "weakiv": "effective_f",
    "firststage": "first_f",
    "cragg_donald": "cragg_donald",
    "kleibergen_paap": "kleibergen_paap",
    "anderson_rubin": "anderson_rubin",
}


def test(name: str, known: tuple[str, ...]) -> str:
    """Help for a test that other programs know by `name`, or ""."""
    found = _TEST_OF.get(name, "")
    if found in known:
        return f"write `{found}(…){f' using {name}' if found == 'unitroot' and name in _METHODS else ''}`"
    if name in _STATISTICS:
        return f"a table prints it for a model: `stats {_STATISTICS[name]}`"
    return ""


_STRUCTURES = {
    **dict.fromkeys(
        ("ab", "abond", "arellano_bond", "xtabond", "xtabond2", "pgmm", "dpd", "dpanel"), "gmm(y, lags = 2..last)"
    ),
    **dict.fromkeys(("blundell_bond", "xtdpdsys", "sysgmm", "system"), "gmm(y, lags = 2..last) using system"),
    **dict.fromkeys(("ivreg", "ivreg2", "ivregress", "ivreghdfe", "tsls", "instruments", "instrument"), "iv(x ~ z)"),
}


def structure(name: str) -> str:
    """Help for a structure that other programs know by `name`, or ""."""
    return f"write `{_STRUCTURES[name]}`" if name in _STRUCTURES else ""


_METHODS = ("llc", "ips", "hadri", "cips")


def function(expr: ast.Expr) -> str:
    """Help for a call that other programs know, or ""."""
    if not isinstance(expr, ast.Call):
        return ""
    name = expr.function.text
    inside = ", ".join(written(value) for value in expr.arguments)
    if name == "c":
        return f"a set is written in parentheses: `({inside})`"
    return _FUNCTIONS.get(name, "").format(inside)


def colon(expr: ast.Binary) -> str:
    """Help for `1:3`."""
    if expr.operator == ":" and isinstance(expr.left, (ast.Number, ast.Unary)):
        return f"a range is written `{written(expr.left)}..{written(expr.right)}`"
    return ""


def prefixed(expr: ast.Member) -> str:
    """Help for `i.year`, `c.x`, `l.x`, `d.x`, or ""."""
    if not isinstance(expr.target, ast.Name):
        return ""
    inside = written(expr.member)
    return {
        "i": f"a category is `i({inside})`",
        "ib": f"a category with a reference is `i({inside}, ref = …)`",
        "c": f"a variable enters as it is: `{inside}`",
        "l": f"a lag is `L.{inside}`",
        "f": f"a lead is `F.{inside}`",
        "d": f"a difference is `D.{inside}`",
        "s": f"a seasonal difference is `S.{inside}`",
    }.get(expr.target.text, "")
