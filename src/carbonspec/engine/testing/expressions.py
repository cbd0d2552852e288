"""Functions of the coefficients of one fit, with their derivatives (forward mode)."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from carbonspec.econometrics.design import FloatArray
from carbonspec.econometrics.results import EstimationError, Fit
from carbonspec.lang.spec import Apply, Expr, Literal, Quantity
from carbonspec.report.numbers import general
from carbonspec.report.terms import factors, term_key

Dual = tuple[float, FloatArray]
"""A value and its derivatives (k,) by the coefficients of the fit."""

_FUNCTIONS: dict[str, Callable[[float], tuple[float, float]]] = {
    "exp": lambda x: (math.exp(x), math.exp(x)),
    "log": lambda x: (math.log(x), 1 / x),
    "sqrt": lambda x: (math.sqrt(x), 0.5 / math.sqrt(x)),
    "abs": lambda x: (abs(x), math.copysign(1.0, x)),
}


def evaluate(expression: Expr, fit: Fit) -> Dual:
    """The value and gradient of an expression at a fit's estimates; NaN where it does not exist.

    Raises EstimationError E527 for a coefficient that the fit does not have.
    """
    k = len(fit.terms)
    try:
        return _evaluate(expression, fit)
    except (ZeroDivisionError, OverflowError, ValueError):
        return math.nan, np.full(k, math.nan)


def _evaluate(expression: Expr, fit: Fit) -> Dual:
    k = len(fit.terms)
    if isinstance(expression, Quantity):
        place = position(expression.term, fit)
        return float(fit.estimates[place]), np.eye(k)[place]
    if isinstance(expression, Literal):
        return float(expression.value), np.zeros(k)
    assert isinstance(expression, Apply)
    (a, da), *rest = (_evaluate(argument, fit) for argument in expression.arguments)
    operator = expression.function
    if operator == "neg":
        return -a, -da
    if operator in _FUNCTIONS:
        value, slope = _FUNCTIONS[operator](a)
        return value, slope * da
    b, db = rest[0]
    if operator == "+":
        return a + b, da + db
    if operator == "-":
        return a - b, da - db
    if operator == "*":
        return a * b, b * da + a * db
    if operator == "/":
        return a / b, da / b - a / b**2 * db
    value = float(a**b)
    slope = b * a ** (b - 1) * da
    return value, slope if not db.any() else slope + value * math.log(a) * db


def position(term: str, fit: Fit) -> int:
    """Where a coefficient stands in a fit. Raises EstimationError E527 where it is not."""
    wanted = term_key(term)
    for place, name in enumerate(fit.terms):
        if term_key(name) == wanted:
            return place
    for omitted in fit.omitted:
        if term_key(omitted.term) == wanted:
            raise EstimationError("E527", f"{term} was omitted from the column: {omitted.reason}")
    raise EstimationError("E527", f"the column has no coefficient {term}; it has {', '.join(fit.terms)}")


def covered(expression: Expr, fit: Fit) -> tuple[Expr, ...]:
    """An expression, or, where it is a whole category `m.i(region)`, each of its coefficients."""
    if not isinstance(expression, Quantity) or not any(part.startswith("i(") for part in factors(expression.term)):
        return (expression,)
    wanted = _bare(part for name in factors(expression.term) for part in _inside(name))
    names = [name for name in fit.terms if "[" in name and _bare(factors(name)) == wanted]
    if not names:
        raise EstimationError("E527", f"the column has no coefficient of {expression.term}")
    return tuple(expression.replace(term=name, text="") for name in names)


def _inside(factor: str) -> list[str]:
    """`i(coastal, Open, ref = 1)` → coastal, Open."""
    if not factor.startswith("i("):
        return [factor]
    return [part.strip() for part in factor[2:-1].split(",") if "=" not in part]


def _bare(parts: object) -> list[str]:
    """Factors without the values of categories, sorted."""
    return sorted(part.partition("[")[0] for part in parts)  # type: ignore[attr-defined]


def written(expression: Expr) -> str:
    """An expression with its coefficients' names alone: `a + 2 * b`."""
    if isinstance(expression, Quantity):
        return expression.term
    if isinstance(expression, Literal):
        return general(float(expression.value))
    assert isinstance(expression, Apply)
    parts = [_bracketed(argument, expression.function) for argument in expression.arguments]
    if expression.function == "neg":
        return f"-{parts[0]}"
    if expression.function in _FUNCTIONS:
        return f"{expression.function}({written(expression.arguments[0])})"
    return f" {expression.function} ".join(parts)


_TIGHTNESS = {"+": 1, "-": 1, "*": 2, "/": 2, "neg": 3, "^": 4}


def _bracketed(expression: Expr, outside: str) -> str:
    text = written(expression)
    inside = expression.function if isinstance(expression, Apply) else ""
    loose = _TIGHTNESS.get(inside, 9) < _TIGHTNESS.get(outside, 0)
    same = inside in _TIGHTNESS and outside in ("-", "/", "^") and _TIGHTNESS[inside] <= _TIGHTNESS[outside]
    return f"({text})" if loose or same else text
