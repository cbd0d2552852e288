"""Rules on splits, slopes, winsorizing and samples."""

from __future__ import annotations

from collections.abc import Iterator

from carbonspec.diagnostics.model import NOTE, WARNING, Diagnostic
from carbonspec.lang.rules.reading import Study, columns, factors
from carbonspec.lang.spec import VARIABLE, Apply

_NUMERIC = frozenset(
    ("+", "-", "*", "/", "^", "neg", "log", "log1p", "asinh", "exp", "sqrt", "mean", "sd", "scale", "center")
)
_CONDITIONS = frozenset(("<", "<=", ">", ">=", "==", "!=", "and", "or", "not", "in", "missing"))


def split_regressor(study: Study) -> Iterator[Diagnostic]:
    """W707: the split variable in the formula."""
    for model, column in columns(study.spec):
        if model.split is None:
            continue
        for term in column.regressors:
            parts = factors(term.expression)
            inside = [*parts, *(p.arguments[0] for p in parts if isinstance(p, Apply) and p.function == "i")]
            if model.split in inside:
                holds = "is" if term.expression == model.split else f"holds `{model.split.name}`, which is"
                message = f"`{term.name}` {holds} constant in every part of the split"
                helps = ("take it out: `split` already lets every coefficient differ",)
                yield Diagnostic("W707", WARNING, message, term.span, helps)


def split_number(study: Study) -> Iterator[Diagnostic]:
    """W713: a split by a computed number."""
    for model in study.spec.models:
        split = model.split
        if split is None or split.kind != VARIABLE:
            continue
        definition = study.definition(split)
        levels = study.definitions[split.name].levels if split.name in study.definitions else ()
        if isinstance(definition, Apply) and definition.function in _NUMERIC and not levels:
            message = f"`{split.name}` is computed and may have as many values as rows; `split` estimates once for each"
            helps = (f"make groups first: `var big = {split.name} > median({split.name})`",)
            yield Diagnostic("W713", WARNING, message, split.span, helps)


def slopes_without_levels(study: Study) -> Iterator[Diagnostic]:
    """W708: `id[year]` without `id`."""
    for model, column in columns(study.spec):
        dimensions = column.structure.dimensions
        with_levels = [frozenset(d.keys) for d in dimensions if d.levels]
        for dimension in dimensions:
            keys = frozenset(dimension.keys)
            if not dimension.levels and not any(keys <= other for other in with_levels):
                base = dimension.name.split("[")[0]
                message = f"`{dimension.name}` gives slopes in `{model.name}`, and nothing gives `{base}` its own level"
                yield Diagnostic("W708", WARNING, message, dimension.span, (f"write `fe({base}, {dimension.name})`",))


def winsorized_dummies(study: Study) -> Iterator[Diagnostic]:
    """W709: limits for a 0/1 variable."""
    for statement in study.spec.winsorizing:
        for name in statement.variables:
            variable = study.definitions.get(name)
            if variable is None:
                continue
            condition = isinstance(variable.expression, Apply) and variable.expression.function in _CONDITIONS
            two = len(variable.levels) == 2
            if condition or two:
                span = statement.span
                at = span.source.text.find(name, span.start, span.end)
                place = span.replace(start=at, end=at + len(name)) if at >= 0 else span
                doing = "winsorizing" if statement.kind == "winsorize" else "trimming"
                message = f"`{name}` has two values, and {doing} it can only erase the rarer one"
                yield Diagnostic("W709", WARNING, message, place, (f"leave it out of `{statement.kind}`",))


def common_sample(study: Study) -> Iterator[Diagnostic]:
    """N714: `sample common` with one column."""
    for model in study.spec.models:
        if model.common_sample and len(model.columns) == 1:
            span = model.span
            at = span.source.text.rfind("sample", span.start, span.end)
            if at >= 0:
                place = span.replace(start=at, end=at + len("sample"))
                yield Diagnostic(
                    "N714", NOTE, f"`{model.name}` has one column, so there is no other sample to share", place
                )
