"""Which columns a table prints, in which order, and what stands above each."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from carbonspec.lang.spec import Model, ResultItem, Table
from carbonspec.report.quantities import QuantityError, select
from carbonspec.report.run import Failure, ModelColumn, Run

FIRST_STAGE = "first_stage"
PARTS = {FIRST_STAGE: "First stage", "reduced_form": "Reduced form"}
_NUMBERED = re.compile(r"^\(?\d+[a-z]?\)?$")


@dataclass(frozen=True)
class Placed:
    """A model column in a table. `name` is what files call it, `heading` what is printed: "5" and "(5)"."""

    name: str
    heading: str
    title: str  # of the model, printed above its columns; "" when the headings say it already
    column: ModelColumn
    model: Model | None


def place(run: Run, table: Table) -> tuple[Placed, ...]:
    """The columns of a table's results, in order; a result that is not there becomes a failed column."""
    models = {model.name: model for model in run.spec.models}
    models |= {mediation.name: mediation.model for mediation in run.spec.mediations}
    found: list[tuple[ResultItem, ModelColumn]] = []
    for item in table.items:
        if not isinstance(item, ResultItem) or item.selection.model in run.tests:
            continue
        try:
            columns = select(item.selection, run.findings)
        except QuantityError as problem:
            name = item.selection.model
            columns = (ModelColumn(name, 0, "", 1, failure=Failure(name, "", problem.message)),)
        found += [(item, part) for column in columns for part in _part(column, item.part)]
    texts = table.columns.texts if table.columns is not None else ()
    worded = any(not _NUMBERED.match(text) for text in texts)
    several = len({item.selection.model for item, _ in found}) > 1 or len({id(item) for item, _ in found}) > 1
    names = len({item.selection.model for item, _ in found})
    placed = []
    for index, (item, column) in enumerate(found):
        name = texts[index].strip("()") if index < len(texts) else str(index + 1)
        model = models.get(column.model)
        title = item.label or (model.label if model is not None else "")
        if not item.label and item.part and not worded:
            title = f"{PARTS[item.part]}: {title or column.model}" if names > 1 else PARTS[item.part]
        if not title and several and not worded:
            title = column.model
        placed.append(Placed(name, f"({name})" if _NUMBERED.match(name) else name, title, column, model))
    return tuple(placed)


def _part(column: ModelColumn, part: str) -> tuple[ModelColumn, ...]:
    """A column itself, or its first stages or reduced form as columns of their own."""
    if not part or column.fit is None:
        return (column,)
    fits = column.first_stages if part == FIRST_STAGE else (column.reduced_form,)
    return tuple(replace(column, outcome=fit.outcome, fit=fit, subsets=()) for fit in fits if fit is not None)
