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
