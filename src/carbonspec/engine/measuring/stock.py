"""`stock(x)`: perpetual inventory over each unit's whole history."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from carbonspec.econometrics.design import FloatArray
from carbonspec.econometrics.measures.deflation import deflate
from carbonspec.econometrics.measures.keys import Keys
from carbonspec.econometrics.measures.stock import Stock, stock
from carbonspec.engine import problems
from carbonspec.engine.measuring.measured import Made
from carbonspec.engine.measuring.rows import keys_of, panel_values
from carbonspec.engine.measuring.settings import all_of, expression, number, qualifier, text, word
from carbonspec.engine.wording import wording
from carbonspec.lang.spec import Apply, Expr, Literal, Measure, Ref

if TYPE_CHECKING:
    from carbonspec.engine.frame import PanelData

NAMED: dict[str, Callable[[float, float], float]] = {
    "steady": lambda g, d: (1 + g) / (g + d),
    "divide": lambda g, d: 1 / (g + d),
    "paper": lambda g, d: (1 + g) / (1 + d),
}
"""First stocks that the library knows by name, and speaks of."""
POINTS = ((0.0371, 0.1234), (0.271, 0.0893), (0.6, 0.41))
"""Growth and depreciation at which a formula is compared with the named ones: equal at all three, it is that one."""


def make(data: PanelData, measure: Measure) -> Made:
    """The stock on all rows of the panel."""
    keys = keys_of(data)
    assert measure.argument is not None
    flow = panel_values(data, measure.argument)
    facts = [f"perpetual inventory of {wording(measure.argument)}"]
    flow = _deflated(data, measure, flow, keys, facts)
    depreciation = number(measure, "depreciation")
    assert depreciation is not None
    growth = _growth(measure)
    base = expression(measure, "base")
    found = stock(
        flow,
        keys,
        depreciation=depreciation,
        growth=growth,
        initial=_initial(measure, growth, depreciation, flow, keys),
        base=None if base is None else text(base),
        absent=word(measure, "absent", "error"),
        fill=word(measure, "fill", ""),
    )
    facts += _facts(measure, found, growth)
    known = int((~np.isnan(found.values) & data.sample).sum())
    rows = int(data.sample.sum())
    why = f"perpetual inventory over {problems.counted(data.rows, 'row')} of all units' history"
    if known < rows:
        why += f", {problems.counted(rows - known, 'row')} of the sample without a stock"
    return Made(found.values, found.notices, tuple(facts), (), rows, rows, why)


def _deflated(data: PanelData, measure: Measure, flow: FloatArray, keys: Keys, facts: list[str]) -> FloatArray:
    for setting in all_of(measure, "deflator"):
        price = panel_values(data, setting.values[0].value)
        chain, fixed = qualifier(setting, "chain"), qualifier(setting, "fixed")
        named = wording(setting.values[0].value)
        if chain is not None:
            base = text(chain)
            facts.append(f"at prices of {base}, {named} chained (previous period = 100)")
            return deflate(flow, price, keys, kind="chain", base=base).real
        if fixed is not None:
            facts.append(f"at prices of {text(fixed)}, {named} of fixed base")
            return deflate(flow, price, keys, kind="fixed", base=text(fixed)).real
        facts.append(f"at the prices that {named} takes as 100")
        return deflate(flow, price, keys, kind="fixed").real
    return flow


def _growth(measure: Measure) -> float | str | None:
    found = expression(measure, "growth")
    if not isinstance(found, Literal):
        return None
    return "unit" if found.value == "own" else float(found.value)


def _initial(
    measure: Measure, growth: float | str | None, depreciation: float, flow: FloatArray, keys: Keys
) -> str | float | FloatArray:
    """The factor on the first flow: a name the library has for it, else its value, one a unit where growth is."""
    formula = expression(measure, "initial")
    if formula is None:
        return "steady"
    if _reads(formula, "growth") and _reads(formula, "depreciation"):
        for name, known in NAMED.items():
            if all(np.isclose(_value(formula, g, d), known(g, d), rtol=1e-12) for g, d in POINTS):
                return name
    if isinstance(growth, str):
        rates = stock(flow, keys, depreciation=depreciation, growth=growth, initial=1.0).growth
        return np.asarray(np.broadcast_to(_value(formula, rates, depreciation), rates.shape), dtype=np.float64)
    return float(_value(formula, 0.0 if growth is None else growth, depreciation))


def _reads(formula: Expr, name: str) -> bool:
    if isinstance(formula, Apply):
        return any(_reads(part, name) for part in formula.arguments)
    return isinstance(formula, Ref) and formula.name == name


def _value(formula: Expr, growth: float | FloatArray, depreciation: float) -> np.ndarray:
    """The factor as a number, or one for each unit."""
    if isinstance(formula, Ref):
        return np.asarray(growth if formula.name == "growth" else depreciation, dtype=np.float64)
    if isinstance(formula, Literal):
        return np.asarray(float(formula.value))
    assert isinstance(formula, Apply)
    parts = [_value(part, growth, depreciation) for part in formula.arguments]
    with np.errstate(all="ignore"):
        if formula.function == "neg":
            return np.asarray(-parts[0])
        return np.asarray(_OPERATORS[formula.function](*parts))


_OPERATORS: dict[str, Any] = {"+": np.add, "-": np.subtract, "*": np.multiply, "/": np.divide, "^": np.power}


def _facts(measure: Measure, found: Stock, growth: float | str | None) -> list[str]:
    facts = [f"depreciation {found.depreciation:.4g}"]
    if growth is not None:
        own = f"each unit's own growth, {np.nanmin(found.growth):.4g} to {np.nanmax(found.growth):.4g}"
        facts.append(own if isinstance(growth, str) else f"growth {growth:.4g}")
    base = expression(measure, "base")
    formula = expression(measure, "initial")
    shown = "(1 + growth) / (growth + depreciation)" if formula is None else wording(formula)
    start = "each unit's first period" if base is None else text(base)
    facts.append(f"first stock in {start}: {shown} times the flow")
    comparison = found.comparison
    if comparison is not None and found.initial not in ("steady", "paper"):
        facts.append(
            f"the first stocks are {comparison.ratio:.3g} of the steady state's; in sum {comparison.last:.6g} for "
            f"{comparison.last_steady:.6g} at the end"
        )
    return facts
