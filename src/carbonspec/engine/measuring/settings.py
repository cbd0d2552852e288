"""Reading the settings of a resolved measure."""

from __future__ import annotations

from carbonspec.engine.table import show_number
from carbonspec.engine.wording import wording
from carbonspec.lang.spec import Apply, Expr, Literal, Measure, Setting, SettingValue


def all_of(measure: Measure, word: str) -> tuple[Setting, ...]:
    """Every line of a clause."""
    return tuple(setting for setting in measure.settings if setting.word == word)


def expression(measure: Measure, word: str) -> Expr | None:
    """The value of a clause, None without it."""
    return next((setting.values[0].value for setting in all_of(measure, word)), None)


def word(measure: Measure, clause: str, default: str) -> str:
    """The word of a clause."""
    found = expression(measure, clause)
    return str(found.value) if isinstance(found, Literal) else default


def number(measure: Measure, clause: str) -> float | None:
    """The number of a clause, None without it."""
    found = expression(measure, clause)
    return float(found.value) if isinstance(found, Literal) and not isinstance(found.value, str) else None


def qualifier(setting: Setting, name: str) -> Expr | None:
    """The value of a qualifier: `unit` of a line of fuels."""
    for found in setting.qualifiers:
        if isinstance(found, Setting) and found.word == name:
            return found.values[0].value
    return None


def text(found: Expr | None, default: str = "") -> str:
    """A literal as text: 2010 as `2010`."""
    if not isinstance(found, Literal):
        return default
    return found.value if isinstance(found.value, str) else show_number(found.value)


def component(value: SettingValue) -> str:
    """What a component or indicator is called: its label, else its text, without the sign and weight of a group."""
    return value.label or wording(indicator(value)[0])


def title(line: Setting) -> str:
    """What the component of a line is called: its label, else what its clause is (`Electricity`), else its text."""
    value = line.values[0]
    return value.label or {"electricity": "Electricity", "heat": "Heat"}.get(line.word, "") or component(value)


def indicator(value: SettingValue) -> tuple[Expr, int, float | None]:
    """(expression, direction, declared weight) of a value of `group`."""
    found, direction, weight = value.value, 1, None
    if isinstance(found, Apply) and found.function == "neg":
        found, direction = found.arguments[0], -1
    if isinstance(found, Apply) and found.function == "*" and len(found.arguments) == 2:
        first = found.arguments[0]
        if isinstance(first, Literal) and not isinstance(first.value, str):
            found, weight = found.arguments[1], float(first.value)
    return found, direction, weight
