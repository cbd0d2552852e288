"""results.json: every number of a run at full precision, with where it comes from."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from carbonspec.econometrics.results import Fit
from carbonspec.report.comparison import Subject, Variant, rows
from carbonspec.report.compose.notes import sample_losses
from carbonspec.report.document import STAMP
from carbonspec.report.run import MediationOutcome, Run
from carbonspec.report.scorecard import OUTCOMES, scorecard
from carbonspec.report.tidy import glance_rows, tidy_rows

FORMAT = 1
"""Version of the layout of this file; it goes up when a key changes its meaning."""


def render(run: Run) -> str:
    """JSON text, keys in a fixed order; a number that does not exist is null."""
    return json.dumps(_clean(content(run)), ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def render_comparison(variants: Sequence[Variant], subjects: Sequence[Subject]) -> str:
    """Several runs side by side as JSON text: the specs, and a row a number and spec."""
    simulated = next((v.run.simulated for v in variants if v.run is not None and v.run.simulated), "")
    head: dict[str, Any] = {"format": FORMAT}
    if simulated:
        head |= {"stamp": STAMP, "simulated": simulated}
    head["specs"] = [
        {"spec": variant.name, "ran": variant.run is not None, "failure": variant.failure} for variant in variants
    ]
    head["numbers"] = rows(variants, subjects)
    return json.dumps(_clean(head), ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def content(run: Run) -> dict[str, Any]:
    """The run as plain lists and dictionaries."""
    columns = [column for model in run.findings.models.values() for column in model]
    study = run.spec.study
    card = scorecard(run)
    head: dict[str, Any] = {"format": FORMAT}
    if run.simulated:
        head["stamp"] = STAMP
        head["simulated"] = run.simulated
    return head | {
        "study": {"title": study.title, "cite": study.cite, "level": study.level},
        "tidy": tidy_rows(columns, run),
        "glance": glance_rows(columns, run),
        "columns": [_column(column) for column in columns],
        "tables": [_table(run, table) for table in run.spec.tables],
        "descriptions": {key: asdict(value) for key, value in run.descriptions.items()},
        "tests": [_test(run, test) for test in run.spec.tests if test.name in run.tests],
        "mediations": [_mediation(outcome) for parts in run.mediations.values() for outcome in parts],
        "measures": [asdict(measure) for measure in run.measures.values()],
        "figures": [_figure(run, figure) for figure in run.spec.figures],
        "hypotheses": [asdict(verdict) for verdict in run.verdicts],
        "expectations": [asdict(expectation) for expectation in run.expectations],
        "scorecard": {
            "counts": {outcome: card.count(outcome) for outcome in OUTCOMES},
            "tables": [
                {
                    "table": score.number,
                    "label": score.label,
                    "counts": {outcome: score.count(outcome) for outcome in OUTCOMES},
                    "figures": [asdict(figure) for figure in score.figures],
                }
                for score in card.tables
            ],
        },
        "panel": asdict(run.panel) if run.panel is not None else None,
        "ledger": [asdict(entry) for entry in run.ledger],
        "failures": [
            asdict(failure)
            for failure in (*run.failures, *(column.failure for column in columns))
            if failure is not None
        ],
        "warnings": [
            {
                "code": found.code,
                "severity": found.severity,
                "message": found.message,
                "file": found.span.source.path if found.span is not None and found.span.source.text else None,
                "line": found.span.line if found.span is not None and found.span.source.text else None,
                "facts": list(found.facts),
                "helps": list(found.helps),
            }
            for found in run.warnings
        ],
        "provenance": asdict(run.provenance),
    }


def _column(column: Any) -> dict[str, Any]:
    """How one column was estimated: beside `glance`, everything its table's note is made from."""
    fit = column.fit
    found: dict[str, Any] = {
        "model": column.model,
        "column": column.number,
        "outcome": column.outcome,
        "step": column.step,
        "split": column.split,
        "split_value": column.split_value,
        "split_label": column.split_label,
        "rows_before": column.rows_before,
        "left_out": [asdict(dropped) for dropped in sample_losses(column)],
        "failure": asdict(column.failure) if column.failure is not None else None,
    }
    if fit is None:
        return found
    return found | {
        "estimator": fit.estimator,
        "terms": list(fit.terms),
        "vcov_matrix": [[float(x) for x in row] for row in fit.vcov],
        "covariance": asdict(fit.covariance),
        "reference": fit.reference,
        "df_reference": fit.df_reference,
        "n_periods": fit.n_periods,
        "t_min": fit.t_min,
        "t_max": fit.t_max,
        "effects": [{"name": name, "levels": levels} for name, levels in fit.effects],
        "statistics": dict(fit.statistics),
        "definitions": dict(fit.definitions),
        "omitted": [asdict(omitted) for omitted in fit.omitted],
        "notices": [asdict(notice) for notice in fit.notices],
        "weights": fit.weights,
        "resampled": _resampled(fit),
        "first_stages": [_regression(stage) for stage in column.first_stages],
        "reduced_form": _regression(column.reduced_form) if column.reduced_form is not None else None,
        "difference_in_hansen": [asdict(test) for test in column.subsets],
    }


def _regression(fit: Fit) -> dict[str, Any]:
    """A regression behind a column with instruments."""
    return {
        "outcome": fit.outcome,
        "terms": list(fit.terms),
        "estimates": [float(x) for x in fit.estimates],
        "std_errors": [float(x) for x in fit.std_errors],
        "statistics": dict(fit.statistics),
        "definitions": dict(fit.definitions),
        "notices": [asdict(notice) for notice in fit.notices],
    }


def _resampled(fit: Fit) -> dict[str, Any] | None:
    """How the draws of a bootstrap were made, with their p values and intervals by term."""
    drawn = fit.resampled
    if drawn is None:
        return None
    arrays = ("p_values", "low", "high", "bias")
    return asdict(drawn) | {name: getattr(drawn, name).tolist() for name in arrays}


def _mediation(outcome: MediationOutcome) -> dict[str, Any]:
    """Effects, tests and facts of a mediation; its columns stand among the others."""
    return {
        "mediation": outcome.name,
        "kind": outcome.kind,
        "treatment": outcome.treatment,
        "mediators": list(outcome.mediators),
        "outcome": outcome.outcome,
        "moderator": outcome.moderator,
        "split": outcome.split,
        "split_value": outcome.split_value,
        "effects": [
            asdict(effect) | {"intervals": {name: [low, high] for name, low, high in effect.intervals}}
            for effect in outcome.effects
        ],
        "products": [asdict(line) for line in outcome.products],
        "joint": [asdict(line) for line in outcome.joint],
        "interval": outcome.interval,
        "level": outcome.level,
        "replications": outcome.replications,
        "failed_draws": outcome.failed_draws,
        "resampling": outcome.resampling,
        "suppression": outcome.suppression,
        "verdict": outcome.verdict,
        "facts": dict(outcome.facts),
        "notices": [asdict(notice) for notice in outcome.notices],
        "failure": asdict(outcome.failure) if outcome.failure is not None else None,
    }


def _table(run: Run, table: Any) -> dict[str, Any]:
    from carbonspec.report.placement import place

    return {
        "table": table.number,
        "label": table.label,
        "columns": [
            {"heading": placed.name, "model": placed.column.model, "column": placed.column.number}
            for placed in place(run, table)
        ],
    }


def _test(run: Run, test: Any) -> dict[str, Any]:
    """Every number of a test; `row` is what a bracket calls each row."""
    outcome = run.tests[test.name]
    rows = []
    for row, keys in zip(outcome.rows, outcome.keys, strict=True):
        found = asdict(row)
        del found["excluded"]
        rows.append({"row": keys, **found})
    return {
        "name": test.name,
        "test": test.function,
        "label": test.label,
        "text": test.text,
        "columns": list(outcome.columns),
        "rows": rows,
        "left_out": [{"unit": unit, "reason": reason} for unit, reason in outcome.left_out],
        "by_unit": {
            part: {key: list(values) for key, values in found.items()} for part, found in outcome.by_unit.items()
        },
        "draws": {name: list(values) for name, values in outcome.draws.items()},
        "failures": [asdict(failure) for failure in outcome.failures],
    }


def _figure(run: Run, figure: Any) -> dict[str, Any]:
    """The numbers that a figure shows; pictures have files of their own."""
    data, drawing = run.figures.get(figure.number), run.drawings.get(figure.number)
    return {
        "figure": figure.number,
        "label": figure.label,
        "kind": data.kind if data is not None else figure.function,
        "variable": data.variable if data is not None else None,
        "series": [asdict(series) for series in data.series] if data is not None else [],
        "notes": [*(data.notes if data is not None else ()), *(drawing.notes if drawing is not None else ())],
        "alternative": drawing.alternative if drawing is not None else None,
    }


def _clean(value: Any) -> Any:
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, dict):
        return {str(key): _clean(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_clean(item) for item in value]
    return value
