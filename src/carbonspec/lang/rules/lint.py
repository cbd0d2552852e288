"""All rules, in one list."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from carbonspec.diagnostics.model import Diagnostic
from carbonspec.lang.rules import inference, instruments, regressors, samples
from carbonspec.lang.rules.reading import Study
from carbonspec.lang.spec import Spec

RULES: tuple[Callable[[Study], Iterator[Diagnostic]], ...] = (
    regressors.absorbed,
    regressors.made_of_outcome,
    regressors.lagged_outcome,
    regressors.interactions,
    regressors.squares,
    inference.not_clustered,
    inference.clusters_without_unit,
    inference.single_rows,
    samples.split_regressor,
    samples.split_number,
    samples.slopes_without_levels,
    samples.winsorized_dummies,
    samples.common_sample,
    instruments.absorbed_instruments,
    instruments.lagged_outcome_alone,
    instruments.dated_too_late,
    instruments.without_lagged_outcome,
    instruments.made_of_endogenous,
    instruments.plain_errors,
    instruments.logarithm_in_poisson,
)
"""Of every study; those on mediations are loaded only where there are some."""


def lint(spec: Spec) -> tuple[Diagnostic, ...]:
    """Everything the rules say of a sound study, in the order of the file; each thing once a place."""
    study = Study(spec)
    found: dict[tuple[object, ...], Diagnostic] = {}
    rules = RULES
    if spec.mediations:
        from carbonspec.lang.rules import mediation

        rules += mediation.RULES
    for rule in rules:
        for diagnostic in rule(study):
            span = diagnostic.span
            place = (span.source, span.start, span.end) if span is not None else ()
            found.setdefault((diagnostic.code, *place), diagnostic)
    return tuple(sorted(found.values(), key=lambda d: d.span.order if d.span is not None else (0, 0)))
