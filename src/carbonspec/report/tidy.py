"""Rows a reader may cite, with broom's names, and tables as objects."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

from carbonspec.econometrics.results import Resampled
from carbonspec.report.compose.study import compose_table
from carbonspec.report.document import Table
from carbonspec.report.inference import estimates
from carbonspec.report.run import MediationOutcome, ModelColumn, Run, TestOutcome
from carbonspec.report.statistics import statistic
from carbonspec.report.terms import value_text

USUAL = "nested"
"""The correction that a spec need not write."""
CORRECTED = ("cluster", "driscoll_kraay", "newey_west")
GLANCE = ("r2_within", "r2_overall", "r2_between", "r2_adj", "r2", "sigma")


def tidy_rows(columns: Iterable[ModelColumn], run: Run) -> list[dict[str, Any]]:
    """A row a coefficient: model, column, outcome, term, estimate, std_error, statistic, p_value, conf_low, conf_high.

    Intervals have coverage 1 - the study's level. A number that does not exist is None.
    """
    rows = []
    for column in columns:
        if column.fit is None:
            continue
        for e in estimates(column.fit, run.spec.study.level):
            rows.append(
                {
                    "model": column.model,
                    "column": column.number,
                    "outcome": column.outcome,
                    "term": e.term,
                    "estimate": _number(e.estimate),
                    "std_error": _number(e.std_error),
                    "statistic": _number(e.statistic),
                    "p_value": _number(e.p_value),
                    "conf_low": _number(e.conf_low),
                    "conf_high": _number(e.conf_high),
                }
            )
    return rows


def mediation_rows(outcomes: Iterable[MediationOutcome]) -> list[dict[str, Any]]:
    """A row an effect, then one a product test: mediation, term, kind, estimate, std_error, statistic, p_value (of the
    interval), p_normal, conf_low, conf_high, inference, bias, replications. A number that does not exist is None."""
    rows = []
    for outcome in outcomes:
        head: dict[str, Any] = {"mediation": outcome.name}
        if outcome.split:
            head["split"] = f"{outcome.split} = {value_text(outcome.split_value)}"
        for e in outcome.effects:
            rows.append(
                head
                | {
                    "term": e.name,
                    "kind": e.kind,
                    "estimate": _number(e.estimate),
                    "std_error": _number(e.std_error),
                    "statistic": _number(e.z),
                    "p_value": _number(e.p_value),
                    "p_normal": _number(e.p_normal),
                    "conf_low": _number(e.conf_low),
                    "conf_high": _number(e.conf_high),
                    "inference": e.inference,
                    "bias": _number(e.bias),
                    "replications": e.replications,
                }
            )
        for t in outcome.products:
            rows.append(
                head
                | {
                    "term": " -> ".join(t.route),
                    "kind": t.name,
                    "estimate": _number(t.estimate),
                    "std_error": _number(t.std_error),
                    "statistic": _number(t.z),
                    "p_value": _number(t.p_value),
                    "p_normal": _number(t.p_value),
                    "conf_low": None,
                    "conf_high": None,
                    "inference": t.name,
                    "bias": None,
                    "replications": 0,
                }
            )
    return rows


def glance_rows(columns: Iterable[ModelColumn], run: Run) -> list[dict[str, Any]]:
    """A row a column: n, n_ids, n_clusters, df_resid, the R2s, sigma, vcov; `split` where the model has one."""
    rows = []
    models = (*run.spec.models, *(mediation.model for mediation in run.spec.mediations))
    corrections = {model.name: model.covariance.correction for model in models}
    for column in columns:
        fit = column.fit
        if fit is None:
            continue
        clusters = statistic(fit, "clusters")
        row: dict[str, Any] = {"model": column.model, "column": column.number, "outcome": column.outcome}
        if column.split:
            row["split"] = f"{column.split} = {value_text(column.split_value)}"
        row |= {
            "n": fit.n,
            "n_ids": fit.n_ids,
            "n_clusters": None if clusters is None else int(clusters),
            "df_resid": _number(fit.df_resid),
            **{name: _number(fit.statistics.get(name)) for name in GLANCE},
            "vcov": vcov_name(column, corrections.get(column.model, USUAL)),
        }
        rows.append(row)
    return rows


def vcov_name(column: ModelColumn, correction: str = USUAL) -> str:
    """The covariance as a spec writes it: `cluster(id)`, `cluster(id, correction = full)`, `iid`.

    `correction` is the one the model asked for; covariances without clusters or lags have none.
    """
    assert column.fit is not None
    report, drawn = column.fit.covariance, column.fit.resampled
    options = [name for name, _ in report.clusters]
    if drawn is not None:
        return drawn_name(drawn, options)
    if report.lags is not None:
        options.append(f"lags = {report.lags}")
    if correction != USUAL and report.kind in CORRECTED:
        options.append(f"correction = {correction}")
    return f"{report.kind}({', '.join(options)})" if options else report.kind


def drawn_name(drawn: Resampled, keys: Sequence[str]) -> str:
    """Errors by draws as a spec writes them: `bootstrap(999, cluster(id))`, `wild(9999, cluster(id))`."""
    options = [str(drawn.asked)]
    if drawn.drawn.startswith("wild, ") and drawn.kind == "bootstrap":
        options.append("wild")
    if keys:
        options.append(f"cluster({', '.join(keys)})")
    elif drawn.drawn.startswith("blocks of "):
        options.append(f"blocks = {drawn.drawn.split()[2]}")
    else:
        options.append("rows")
    if drawn.method not in ("normal", "inversion"):
        options.append(f"interval = {drawn.method}")
    multiplier = drawn.drawn.removesuffix(" weights").rpartition(" ")[2].lower()
    if drawn.drawn.endswith(" weights") and multiplier != "webb":
        options.append(f"weights = {multiplier}")
    return f"{drawn.kind}({', '.join(options)})"


def _number(value: float | None) -> float | int | None:
    if value is None or not math.isfinite(value):
        return None
    return float(value)


class TableView:
    """A table of a run, as text in any format; a notebook shows it as HTML."""

    def __init__(self, tables: tuple[Table, ...]) -> None:
        self.tables = tables

    def latex(self) -> str:
        """A `table` environment (booktabs, threeparttable)."""
        from carbonspec.report.renderers.latex import render_table

        return "\n".join(render_table(table) for table in self.tables)

    def markdown(self) -> str:
        from carbonspec.report.renderers.markdown import render_table

        return "\n".join(render_table(table) for table in self.tables)

    def html(self) -> str:
        """A self-contained fragment, styles included."""
        from carbonspec.report.renderers.html import render_fragment

        return render_fragment(self.tables)

    def csv(self) -> str:
        from carbonspec.report.renderers.csv import render_table

        return "\n".join(render_table(table) for table in self.tables)

    def __str__(self) -> str:
        from carbonspec.report.renderers.terminal import plain_table

        return "\n".join(plain_table(table) for table in self.tables)

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return self.html()

    def _repr_latex_(self) -> str:
        return self.latex()


def table_view(run: Run, number: str) -> TableView:
    """The table with that number. Raises KeyError when the study has none."""
    for table in run.spec.tables:
        if table.number == number:
            return TableView(compose_table(run, table))
    known = ", ".join(table.number for table in run.spec.tables) or "none"
    raise KeyError(f"no table {number}; this study has: {known}")


def rows_of_test(outcome: TestOutcome) -> list[dict[str, Any]]:
    """A row a statistic of a test, with what a bracket calls it."""
    rows = []
    for row, keys in zip(outcome.rows, outcome.keys, strict=True):
        rows.append(
            {
                **keys,
                "value": row.value,
                "p_value": math.nan if row.p_value is None else row.p_value,
                "df": row.df,
                "N": row.n,
                "groups": row.n_units,
                "default": row.default,
                "null": row.null,
                "convention": row.convention,
                **row.details,
            }
        )
    return rows
