"""Short studies for the tests of `resolve`."""

from __future__ import annotations

from carbonspec.diagnostics.model import Checked
from carbonspec.econometrics import catalogue as econometrics
from carbonspec.lang.parse import clean, parse
from carbonspec.lang.resolve.study import resolve
from carbonspec.lang.resolve.tables import declared_tables
from carbonspec.lang.spec import Column, Model, Spec
from carbonspec.report import catalogue as report
from carbonspec.signature import Catalogue
from carbonspec.source import Source

CATALOGUE = Catalogue((*econometrics.ENTRIES, *report.ENTRIES))
COLUMNS = ("firm", "year", "y", "x", "z", "a", "b", "c", "w", "region", "coastal", "industry")
HEAD = """data firms from "data/firms.csv"
panel firms
  id firm
  time year
"""


def checked(body: str, head: str = HEAD, columns: tuple[str, ...] | None = COLUMNS) -> Checked[Spec]:
    """A study of `head` and `body`, its tables' columns given by `columns` (None: not known)."""
    parsed = parse(Source("study.cspec", clean(head + body)))
    assert not parsed.diagnostics, [d.message for d in parsed.diagnostics]
    return resolve(parsed.value, CATALOGUE, {t.name: columns for t in declared_tables(parsed.value)})


def study(body: str, head: str = HEAD, columns: tuple[str, ...] | None = COLUMNS) -> Spec:
    """A study that must be sound."""
    found = checked(body, head, columns)
    assert found.ok, [(d.code, d.message) for d in found.diagnostics]
    return found.value


def model(body: str, name: str = "m") -> Model:
    """One model of a study."""
    return next(m for m in study(body).models if m.name == name)


def right(column: Column) -> str:
    """`y ~ x + z | fe(id) - 1`, from what was resolved."""
    text = f"{column.outcome.name} ~ {' + '.join(t.name for t in column.regressors) or '1'}"
    if not column.constant:
        text += " - 1"
    structure = column.structure
    if structure.kind == "fe":
        text += f" | fe({', '.join(d.name for d in structure.dimensions)})"
    elif structure.kind != "pooled":
        text += f" | {structure.kind}(id)"
    return text


def columns(body: str, name: str = "m") -> list[str]:
    """The columns of a model as text."""
    return [right(column) for column in model(body, name).columns]


def codes(body: str, head: str = HEAD, columns: tuple[str, ...] | None = COLUMNS) -> list[str]:
    """The codes of everything found, in the order of the file."""
    return [d.code for d in checked(body, head, columns).diagnostics]
