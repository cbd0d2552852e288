"""Resolved studies built by hand, and small tables, for the tests of the engine's data half."""

from __future__ import annotations

import os
from collections.abc import Mapping

import numpy as np

from carbonspec.diagnostics.model import DataError, Diagnostic
from carbonspec.engine.frame import PanelData, assemble
from carbonspec.engine.read import read
from carbonspec.engine.table import TableData, Text
from carbonspec.lang.spec import (
    KEY,
    RAW,
    VARIABLE,
    Apply,
    Column,
    Covariance,
    DataTable,
    Dimension,
    Expr,
    Join,
    Literal,
    Model,
    Panel,
    Ref,
    Spec,
    Structure,
    Study,
    Term,
    Variable,
)

ID = Ref("id", KEY)
TIME = Ref("time", KEY)


def raw(name: str, table: str | None = None) -> Ref:
    return Ref(name, RAW, table)


def made(name: str) -> Ref:
    return Ref(name, VARIABLE)


def expr(value: object) -> Expr:
    """A literal, a raw column for a bare text, or the expression itself."""
    if isinstance(value, Expr):
        return value
    return raw(value) if isinstance(value, str) else Literal(float(value))


def call(function: str, *arguments: object, **named: object) -> Apply:
    return Apply(function, tuple(expr(a) for a in arguments), tuple((k, expr(v)) for k, v in named.items()))


def span_of(low: float, high: float) -> Apply:
    return call("range", low, high)


def texts(*values: str) -> Apply:
    return Apply("set", tuple(Literal(v) for v in values))


def column_of(values: list[object]) -> object:
    """A table's column from Python values; None is missing."""
    if any(isinstance(v, str) for v in values):
        return Text.of(values)
    return np.array([np.nan if v is None else float(v) for v in values])


def table(name: str, **columns: list[object]) -> TableData:
    rows = len(next(iter(columns.values())))
    return TableData(name, {key: column_of(list(values)) for key, values in columns.items()}, rows)


def var(name: str, expression: Expr | None = None, **more: object) -> Variable:
    return Variable(name, expression=expression, **more)


def join(name: str, *keys: str) -> Join:
    return Join(name, tuple((key, key) for key in keys))


def study(
    main: TableData,
    others: tuple[TableData, ...] = (),
    *,
    id: tuple[str, ...] = ("unit",),  # noqa: A002
    time: str = "year",
    joins: tuple[Join, ...] = (),
    where: Expr | None = None,
    **parts: object,
) -> tuple[Spec, Mapping[str, TableData]]:
    data = tuple(DataTable(t.name, f"{t.name}.csv") for t in (main, *others))
    panel = Panel(main.name, id, time, joins, where)
    return Spec(Study(), data, panel, **parts), {t.name: t for t in (main, *others)}


def panel(main: TableData, others: tuple[TableData, ...] = (), **parts: object) -> PanelData:
    spec, tables = study(main, others, **parts)
    return assemble(spec, tables)


def term(expression: object, name: str = "") -> Term:
    found = expr(expression)
    return Term(found, name or getattr(found, "name", ""))


def model(
    outcome: object,
    *regressors: Term | str,
    fe: tuple[str, ...] = (),
    clusters: tuple[Expr, ...] = (ID,),
    name: str = "m",
    constant: bool = True,
    structure: Structure | None = None,
    **more: object,
) -> Model:
    keys = {"id": ID, "time": TIME}
    dimensions = tuple(Dimension(tuple(keys.get(k, raw(k)) for k in d.split("^")), d) for d in fe)
    made_of = structure or (Structure("fe", dimensions) if fe else Structure())
    right = tuple(r if isinstance(r, Term) else term(r) for r in regressors)
    left = outcome if isinstance(outcome, Term) else term(outcome)
    column = Column(left, right, constant, made_of)
    covariance = Covariance("cluster", clusters) if clusters else Covariance("iid")
    return Model(name, (column,), covariance=covariance, **more)


def grunfeld() -> TableData:
    """Ten firms, 1935 to 1954."""
    keep = call("!=", "firm", Literal("American Steel"))
    return read(DataTable("grunfeld", "statsmodels:grunfeld", package=True, where=keep), os.curdir)


def grunfeld_panel(main: TableData | None = None, **parts: object) -> PanelData:
    return panel(main or grunfeld(), id=("firm",), **parts)


def codes(problems: tuple[Diagnostic, ...]) -> list[str]:
    return [p.code for p in problems]


def only(error: DataError) -> Diagnostic:
    assert len(error.diagnostics) == 1
    return error.diagnostics[0]
