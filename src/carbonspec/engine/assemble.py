"""Results of tasks → one `Run`: columns numbered, claims judged, provenance filled in."""

from __future__ import annotations

import csv
import hashlib
import os
import platform
from collections.abc import Iterable, Mapping
from dataclasses import replace
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from carbonspec.diagnostics.model import Diagnostic
from carbonspec.engine.anchors import restore
from carbonspec.engine.check_warnings import warnings_of
from carbonspec.engine.executed import Results
from carbonspec.lang.spec import CallItem, Mediation, Model, Ref, Spec, Test
from carbonspec.planner.lower import (
    describe_name,
    draw_name,
    estimate_name,
    figure_name,
    measure_name,
    mediate_name,
    task_of_test,
)
from carbonspec.report.claims import check_expectation, judge
from carbonspec.report.run import (
    CheckReport,
    Description,
    Drawing,
    Failure,
    FigureData,
    Findings,
    MeasureReport,
    MediationOutcome,
    ModelColumn,
    Provenance,
    Run,
    TestOutcome,
    findings_of,
)
from carbonspec.source import Source

PACKAGES = ("carbonspec", "numpy", "pandas", "scipy", "statsmodels", "linearmodels", "lark")


def assemble_run(
    sources: tuple[Source, ...],
    spec: Spec,
    results: Results,
    folder: str,
    diagnostics: Iterable[Diagnostic],
    clock: tuple[str, float],
) -> Run:
    """The run as the report reads it: `sources` are the spec's own text and its bases', `clock` (start, seconds)."""
    own, *bases = sources
    labels = level_labels(spec)
    models = {model.name: _columns(model, results.values, labels) for model in spec.models}
    check: CheckReport | None = results.values.get("check")
    descriptions, failures = _descriptions(spec, results.values, labels)
    figures, drawings, not_drawn = _figures(spec, results.values)
    tests = {test.name: _tested(test, results.values.get(task_of_test(test.name))) for test in spec.tests}
    mediations = {m.name: _mediated(m, results.values.get(mediate_name(m.name)), labels) for m in spec.mediations}
    findings = findings_of(models, tests, mediations)
    verdicts = tuple(judge(hypothesis, findings, spec.study) for hypothesis in spec.hypotheses)
    expectations = tuple(
        check_expectation(expect, findings, verdicts, spec.study.level) for expect in spec.expectations
    )
    kept = tuple(dict.fromkeys(restore(warning, sources) for warning in warnings_of(spec, results.values)))
    return Run(
        spec=spec,
        models=models,
        descriptions=descriptions,
        failures=(*failures, *not_drawn, *(f for outcome in tests.values() for f in outcome.failures)),
        verdicts=verdicts,
        expectations=expectations,
        ledger=check.ledger if check is not None else (),
        panel=check.panel if check is not None else None,
        provenance=Provenance(
            spec=os.path.basename(own.name),
            spec_sha256=_digest(own),
            extends=tuple((base.path, _digest(base)) for base in bases),
            data=check.files if check is not None else (),
            seed=spec.study.seed,
            started=clock[0],
            seconds=clock[1],
            versions=_versions(),
            tasks_run=results.run,
            tasks_reused=results.reused,
        ),
        simulated=check.simulated if check is not None else "",
        published=_published(spec, folder),
        measures={
            m.name: results.values[measure_name(m.name)]
            for m in spec.measures
            if isinstance(results.values.get(measure_name(m.name)), MeasureReport)
        },
        figures=figures,
        drawings=drawings,
        labels={v.name: v.label for v in spec.variables if v.label}
        | {m.name: m.label for m in spec.measures if m.label},
        tests=tests,
        value_labels=check.value_labels if check is not None else {},
        mediations=mediations,
        warnings=(*(d for d in diagnostics if d.severity != "error"), *kept),
    )


def findings_of_values(spec: Spec, values: Mapping[str, Any]) -> Findings:
    """The findings among the values of finished tasks, for figures that show results."""
    labels = level_labels(spec)
    done = dict(values)
    models = {
        model.name: _columns(model, done, labels)
        for model in spec.models
        if all(estimate_name(model.name, index) in done for index in range(len(model.columns)))
    }
    tests = {t.name: _tested(t, done[task_of_test(t.name)]) for t in spec.tests if task_of_test(t.name) in done}
    mediations = {
        m.name: _mediated(m, done[mediate_name(m.name)], labels)
        for m in spec.mediations
        if mediate_name(m.name) in done
    }
    return findings_of(models, tests, mediations)


def _tested(test: Test, value: Any) -> TestOutcome:
    """What a test gave under its name; a test that failed as a whole has nothing but the reason."""
    if isinstance(value, TestOutcome):
        return replace(value, name=test.name)
    failure = value if isinstance(value, Failure) else Failure("", "E606", "it was not carried out")
    return TestOutcome(test.name, test.function, failures=(replace(failure, task=f"test {test.name}"),))


def _digest(source: Source) -> str:
    return hashlib.sha256(source.text.encode()).hexdigest()


Labels = dict[str, dict[float | str, str]]


def level_labels(spec: Spec) -> Labels:
    """What the spec calls the values of each category: results are stored without, so a new label is a free change."""
    return {v.name: {level.value: level.label for level in v.levels} for v in spec.variables if v.levels}


def _mediated(mediation: Mediation, value: Any, labels: Labels) -> tuple[MediationOutcome, ...]:
    """What a mediation gave under its name, its columns numbered over all values of the split."""
    if not isinstance(value, tuple):
        failure = value if isinstance(value, Failure) else Failure("", "E606", "it was not carried out")
        names = tuple(m.name for m in mediation.mediators)
        outcome = MediationOutcome(mediation.name, mediation.kind, mediation.treatment.name, names, "")
        outcomes = [column.outcome.name for column in mediation.model.columns]
        columns = tuple(ModelColumn(mediation.name, i + 1, y, 1, failure=failure) for i, y in enumerate(outcomes))
        value = (replace(outcome, outcome=mediation.outcome.name, columns=columns, failure=failure),)
    found = []
    for place, outcome in enumerate(value):
        count = len(outcome.columns)
        columns = tuple(
            _numbered(column, mediation.name, place * count + i + 1, column.step, labels)
            for i, column in enumerate(outcome.columns)
        )
        failure = outcome.failure
        if failure is not None:
            failure = replace(failure, task=f"mediate {mediation.name}")
        label = columns[0].split_label if columns else ""
        found.append(replace(outcome, name=mediation.name, columns=columns, failure=failure, split_label=label))
    return tuple(found)


def _columns(model: Model, values: dict[str, Any], labels: Labels) -> tuple[ModelColumn, ...]:
    """All columns of a model, numbered from 1: split values slowest, then outcomes, then steps."""
    found = [values[estimate_name(model.name, index)] for index in range(len(model.columns))]
    outcomes = [column.outcome.name for column in model.columns]
    steps = [outcomes[:index].count(outcome) + 1 for index, outcome in enumerate(outcomes)]
    count = max((len(part) for part in found if not isinstance(part, Failure)), default=1)
    columns: list[ModelColumn] = []
    for value in range(count):
        for index, part in enumerate(found):
            number = len(columns) + 1
            if isinstance(part, Failure):
                split = model.split.name if model.split is not None else ""
                columns.append(ModelColumn(model.name, number, outcomes[index], steps[index], split, failure=part))
            else:
                columns.append(_numbered(part[value], model.name, number, steps[index], labels))
    return tuple(columns)


def _numbered(column: ModelColumn, model: str, number: int, step: int, labels: Labels) -> ModelColumn:
    failure = column.failure
    if failure is not None:
        failure = replace(failure, task=f"{model}[{number}]")
    label = column.split_label
    if column.split in labels:
        label = labels[column.split].get(column.split_value, "")
    return replace(column, model=model, number=number, step=step, failure=failure, split_label=label)


def _descriptions(
    spec: Spec, values: dict[str, Any], labels: Labels
) -> tuple[dict[str, Description], tuple[Failure, ...]]:
    found: dict[str, Description] = {}
    failures: list[Failure] = []
    for table in spec.tables:
        for index, item in enumerate(table.items):
            if isinstance(item, CallItem) and item.function not in ("weights", "mediation"):
                value = values[describe_name(table.number, index)]
                if isinstance(value, Failure):
                    failures.append(replace(value, task=f"table {table.number} item {index}"))
                else:
                    found[f"table {table.number} item {index}"] = _labelled(value, table.by, labels)
    return found, tuple(failures)


def _figures(
    spec: Spec, values: dict[str, Any]
) -> tuple[dict[str, FigureData], dict[str, Drawing], tuple[Failure, ...]]:
    """Numbers and drawings of the figures by number, and what could not be made of them."""
    figures: dict[str, FigureData] = {}
    drawings: dict[str, Drawing] = {}
    failures: list[Failure] = []
    for figure in spec.figures:
        numbers, drawing = values.get(figure_name(figure.number)), values.get(draw_name(figure.number))
        if isinstance(numbers, FigureData):
            figures[figure.number] = numbers
        if isinstance(drawing, Drawing):
            drawings[figure.number] = drawing
        failed = next((value for value in (numbers, drawing) if isinstance(value, Failure)), None)
        if failed is not None:
            failures.append(replace(failed, task=f"figure {figure.number}"))
    return figures, drawings, tuple(failures)


def _labelled(description: Description, by: Ref | None, labels: Labels) -> Description:
    if by is None or by.name not in labels:
        return description
    names = {value if isinstance(value, str) else f"{value:g}": label for value, label in labels[by.name].items()}
    return replace(description, row_names=tuple(names.get(name) or name for name in description.row_names))


def _published(spec: Spec, folder: str) -> dict[str, tuple[dict[str, str], ...]]:
    rows = {}
    for table in spec.tables:
        if table.published:
            with open(
                os.path.normpath(os.path.join(folder, table.published)), encoding="utf-8-sig", newline=""
            ) as stream:
                rows[table.number] = tuple({k: v or "" for k, v in row.items() if k} for row in csv.DictReader(stream))
    return rows


def _versions() -> dict[str, str]:
    found = {"python": platform.python_version()}
    for package in PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found
