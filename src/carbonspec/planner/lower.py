"""Spec → plan: one task for each thing the study says, before any work is shared."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from carbonspec.lang.spec import (
    ESTIMATES,
    INFERENCE,
    PRESENTATION,
    VARIABLE,
    Apply,
    CallItem,
    Column,
    DataTable,
    Figure,
    Join,
    Measure,
    Mediation,
    Model,
    Quantity,
    Ref,
    Spec,
    Study,
    Term,
    Test,
    Variable,
)
from carbonspec.planner.fingerprint import Memo, combine, fingerprint
from carbonspec.planner.references import (
    Columns,
    call_references,
    figure_references,
    measure_tables,
    mediation_references,
    model_references,
    references,
    references_of_test,
)
from carbonspec.planner.task import (
    CHECK,
    CLAIM,
    COLUMN,
    COMPOSE,
    DESCRIBE,
    DRAW,
    ESTIMATE,
    FIGURE,
    MEASURE,
    MEDIATE,
    PANEL,
    READ,
    TEST,
    CheckModelWork,
    CheckWork,
    ColumnWork,
    DescribeWork,
    DrawWork,
    EstimateWork,
    FigureWork,
    MeasureWork,
    MediateWork,
    Plan,
    Task,
    TestWork,
)
from carbonspec.source import Located

EVERYTHING = frozenset((ESTIMATES, INFERENCE, PRESENTATION))
Files = tuple[tuple[str, str], ...]
"""(name, SHA-256) of files, in order."""
Digests = Mapping[str, Files]


def lower(spec: Spec, digests: Digests, engine: str, shapes: Mapping[str, str] | None = None) -> Plan:
    """The plan of a study.

    `digests` holds, for each data table, the (name, SHA-256) of its files; `engine` identifies the code that will run,
    so that results of another version are not taken for this one's; `shapes` holds the SHA-256 of the files with
    boundaries of figures.
    """
    return _Lowering(spec, digests, engine, shapes or {}).plan()


class _Lowering:
    def __init__(self, spec: Spec, digests: Digests, engine: str, shapes: Mapping[str, str]) -> None:
        self.shapes = shapes
        self.spec = spec
        self.digests = digests
        self.engine = engine
        self.columns = Columns(spec)
        self.tasks: dict[str, Task] = {}
        self.memo: Memo = {}

    def plan(self) -> Plan:
        spec = self.spec
        if spec.panel is not None:
            self._panel()
            self._check()
            for measure in spec.measures:
                self._measure(measure.name)
            for model in spec.models:
                self._estimates(model.name)
            for mediation in spec.mediations:
                self._mediation(mediation)
            for test in spec.tests:
                self._test(test)
        for table in spec.tables:
            self._table(table.number)
        if spec.panel is not None:
            for figure in spec.figures:
                self._figure(figure)
        self._claims()
        return Plan(tuple(self.tasks.values()), self.engine)

    def _add(
        self,
        name: str,
        kind: str,
        payload: Located,
        inputs: Iterable[str] = (),
        stored: bool = False,
        extra: str = "",
        files: Files = (),
    ) -> str:
        """A task. `extra` belongs to its definition as the payload does; files count by their content alone."""
        inputs = tuple(dict.fromkeys(inputs))
        definition = combine(kind, fingerprint(_anywhere(payload), memo=self.memo), extra)
        key = combine(definition, *(sha for _, sha in files), *(self.tasks[i].key for i in inputs))
        self.tasks[name] = Task(name, kind, payload, inputs, key, stored, definition=definition, files=files)
        return name

    def _read(self, table_name: str, joins: tuple[Join, ...]) -> list[str]:
        names = []
        for wanted in (table_name, *(join.table for join in joins)):
            task = f"read {wanted}"
            table = next(t for t in self.spec.data if t.name == wanted)
            if task not in self.tasks:
                inputs = [name for join in table.joins for name in self._read(join.table, ())]
                files = self.digests.get(wanted, ())
                kinds = (name.rpartition("/")[2].partition(".")[2].lower() for name, _ in files)
                self._add(task, READ, table, inputs, extra=combine(self.engine, *kinds), files=files)
            names.append(task)
        return names

    def _panel(self) -> None:
        panel = self.spec.panel
        assert panel is not None
        reads = self._read(panel.table, panel.joins)
        made = sorted(self.columns.reached(references(panel.where)))  # they come before the panel's key
        for name in made:
            reads += self._read_for(name)
        self._add("panel", PANEL, panel, reads, extra=combine(*(fingerprint(self._work(name)) for name in made)))

    def _read_for(self, name: str) -> list[str]:
        """The further tables that a measure reads."""
        measure = self.columns.measures.get(name) or self.columns.whole(name)
        if measure is None:
            return []
        known = [table.name for table in self.spec.data]
        tables = measure_tables(measure, known)
        return [task for table in tables for task in self._read(table, ())]

    def _work(self, name: str) -> ColumnWork:
        definition = self.columns.measures.get(name) or self.columns.definitions.get(name)
        limits = self.columns.limits.get(name, ())
        place = (definition or limits[0]).span
        return ColumnWork(name, definition, limits, self.columns.whole(name), span=place)

    def _column(self, name: str) -> str:
        task = f"column {name}"
        if task not in self.tasks:
            inputs = ["panel", *(self._column(other) for other in self.columns.needs(name))]
            self._add(task, COLUMN, self._work(name), [*inputs, *self._read_for(name)])
        return task

    def _inputs(self, refs: Iterable[Ref]) -> list[str]:
        return ["panel", *(self._column(ref.name) for ref in refs if self.columns.is_made(ref))]

    def _check(self) -> None:
        spec = self.spec
        calls = tuple(item for table in spec.tables for item in table.items if isinstance(item, CallItem))
        refs = [ref for call in calls for ref in call_references(call)]
        refs += [ref for requirement in spec.requirements for ref in references(requirement.condition)]
        refs += [ref for test in spec.tests for ref in references_of_test(test)]
        refs += [ref for figure in spec.figures for ref in figure_references(figure)]
        refs += [Ref(variable.name, VARIABLE) for variable in spec.variables]
        tests = tuple(test.replace(stream="") for test in spec.tests)
        tested = {selection.model for test in spec.tests for selection in test.selections}
        models = tuple(model.replace(name="") for model in spec.models if model.name in tested)
        refs += [ref for model in models for ref in model_references(model)]
        work = CheckWork(spec.variables, models, spec.requirements, calls, tests)
        made = (*self.columns.measures, *self.columns.limits)
        inputs = [*self._inputs(refs), *(self._column(name) for name in made)]
        said = [fingerprint(measure, EVERYTHING) for measure in spec.measures]
        said += [name for task in self.tasks.values() for name, _ in task.files]  # the report names the files
        self._add("check", CHECK, work, inputs, stored=True, extra=combine(*said))
        for model in spec.models:
            self._check_model(model, model_references(model))
        for mediation in spec.mediations:
            self._check_model(mediation.model, mediation_references(mediation))

    def _check_model(self, model: Model, refs: Iterable[Ref]) -> None:
        """What it says names the model, so that the name is part of its key."""
        work = CheckModelWork(model, span=model.span)
        self._add(check_name(model.name), CHECK, work, self._inputs(refs), stored=True, extra=model.name)

    def _measure(self, name: str) -> None:
        """What making a measure found. Its words may name labels, so they are part of the key."""
        definition = self.columns.measures[name]
        work = MeasureWork(definition, span=definition.span)
        said = fingerprint(definition, EVERYTHING)
        self._add(measure_name(name), MEASURE, work, [self._column(name)], stored=True, extra=said)

    def _estimates(self, name: str) -> None:
        model = next(m for m in self.spec.models if m.name == name)
        for index in range(len(model.columns)):
            work = column_work(model, index, self.spec.study)
            refs = self._inputs(model_references(work.model))
            self._add(estimate_name(name, index), ESTIMATE, work, refs, stored=True)

    def _mediation(self, mediation: Mediation) -> None:
        """Its draws hang on the study's seed, its intervals on the study's level."""
        work = MediateWork(mediation, span=mediation.span)
        refs = self._inputs(mediation_references(mediation))
        study = self.spec.study
        said = f"{study.seed} {study.level!r}"
        self._add(mediate_name(mediation.name), MEDIATE, work, refs, stored=True, extra=said)

    def _test(self, test: Test) -> None:
        """A test of columns reads what they read; one of quantities takes their estimates."""
        named = [selection.model for selection in test.selections]
        named += [name for quantity in test.quantities for name in claimed_results(quantity)]
        models = {model.name: model for model in self.spec.models}
        columns = [
            column_work(models[name], index, self.spec.study)
            for name in dict.fromkeys(named)
            if name in models
            for index in range(len(models[name].columns))
        ]
        refs = [*references_of_test(test), *(ref for work in columns for ref in model_references(work.model))]
        inputs = self._inputs(refs)
        inputs += [task for q in test.quantities for name in claimed_results(q) for task in self._result_tasks(name)]
        study = self.spec.study
        seed = study.seed if test.stream else 0
        level = study.level if test.function == "delta" else 0.0
        work = TestWork(test, tuple(columns), seed, level, span=test.span)
        self._add(task_of_test(test.name), TEST, work, inputs, stored=True)

    def _table(self, number: str) -> None:
        table = next(t for t in self.spec.tables if t.number == number)
        inputs: list[str] = []
        for index, item in enumerate(table.items):
            if isinstance(item, CallItem) and item.function == "weights":
                inputs += [measure_name(term.name) for term in item.arguments]
            elif isinstance(item, CallItem) and item.selections:
                inputs += [task for selection in item.selections for task in self._result_tasks(selection.model)]
            elif isinstance(item, CallItem):
                work = DescribeWork(item, table.by, table.total, span=item.span)
                refs = [*call_references(item), *references(table.by)]
                inputs.append(self._add(describe_name(number, index), DESCRIBE, work, self._inputs(refs), stored=True))
            else:
                inputs += self._result_tasks(item.selection.model)
        self._add(f"table {number}", COMPOSE, table, inputs)

    def _figure(self, figure: Figure) -> None:
        work = FigureWork(figure, span=figure.span)
        if figure.quantities:
            shown = self._shown(figure)
            inputs = [task for name in shown for task in self._result_tasks(name)]
            groups = {ref.name for model in self._regressions(shown) for ref in references(model.split)}
            groups |= {m.moderation.moderator.name for m in self._mediated(shown) if m.moderation is not None}
            levels = [fingerprint(v, EVERYTHING) for v in self.spec.variables if v.levels and v.name in groups]
            labels = [mediation.label for mediation in self._mediated(shown)]
            said = combine(f"{self.spec.study.level!r}", *labels, *levels)
            numbers = self._add(figure_name(figure.number), FIGURE, work, inputs, True, extra=said)
        else:
            numbers = self._add(figure_name(figure.number), FIGURE, work, self._inputs(figure_references(figure)), True)
        draw = self._drawing(figure)
        said = fingerprint(draw.replace(figure=figure.replace(shapes="")), EVERYTHING)
        files = ((figure.shapes, self.shapes.get(figure.shapes, "")),) if figure.shapes else ()
        self._add(draw_name(figure.number), DRAW, draw, [numbers], stored=True, extra=said, files=files)

    def _drawing(self, figure: Figure) -> DrawWork:
        spec = self.spec
        named: dict[str, Variable | Measure] = {v.name: v for v in spec.variables}
        named |= {m.name: m for m in spec.measures}
        shown = [named.get(term.name) for term in figure.arguments]
        label, unit = "", ""
        if len(shown) == 1 and shown[0] is not None:
            label, unit = shown[0].label, shown[0].unit
        titles = [(v.name, title) for v in shown if v is not None and (title := _titled(v, len(shown) > 1))]
        by = next((v for v in spec.variables if figure.by is not None and v.name == figure.by.name), None)
        titles += [(_value(level.value), level.label) for level in (by.levels if by is not None else ()) if level.label]
        if not figure.quantities:
            return DrawWork(figure, label, unit, tuple(titles), span=figure.span)
        results = self._shown(figure)
        refs = [ref for model in self._regressions(results) for ref in model_references(model)]
        read = {ref.name for ref in refs}
        if figure.function == "paths":
            paths = ((m.treatment, *m.mediators, m.outcome, *_moderators(m)) for m in self._mediated(results))
            read = {ref.name for path in paths for term in path for ref in references(term.expression)}
        titles += [(v.name, v.label) for v in named.values() if v.label and v.name in read]
        titles += [(m.name, m.label) for m in spec.models if m.label and m.name in results]
        titles += [(m.name, m.label) for m in spec.mediations if m.label and m.name in results]
        titles += [(t.name, t.label) for t in spec.tests if t.label and t.name in results]
        study = spec.study
        return DrawWork(figure, label, unit, tuple(titles), study.stars, study.parentheses, span=figure.span)

    def _shown(self, figure: Figure) -> dict[str, None]:
        """The results that a figure shows, in order."""
        return dict.fromkeys(quantity.selection.model for quantity in figure.quantities)

    def _mediated(self, results: Iterable[str]) -> list[Mediation]:
        return [mediation for mediation in self.spec.mediations if mediation.name in results]

    def _regressions(self, results: Iterable[str]) -> list[Model]:
        models = [model for model in self.spec.models if model.name in results]
        return [*models, *(mediation.model for mediation in self._mediated(results))]

    def _result_tasks(self, name: str) -> list[str]:
        """The tasks behind a model, a mediation or a test."""
        if any(mediation.name == name for mediation in self.spec.mediations):
            return [mediate_name(name)]
        if any(test.name == name for test in self.spec.tests):
            return [task_of_test(name)]
        found = next(m for m in self.spec.models if m.name == name)
        return [estimate_name(name, index) for index in range(len(found.columns))]

    def _claims(self) -> None:
        for hypothesis in self.spec.hypotheses:
            inputs = [t for name in claimed_results(hypothesis.claim) for t in self._result_tasks(name)]
            self._add(f"hypothesis {hypothesis.name}", CLAIM, hypothesis, inputs)
        for expect in self.spec.expectations:
            if expect.hypothesis:
                inputs = [f"hypothesis {expect.hypothesis}"]
            else:
                inputs = [t for name in claimed_results(expect.quantity) for t in self._result_tasks(name)]
            self._add(f"expect {expect.text}", CLAIM, expect, inputs)


def check_name(model: str) -> str:
    """The task that checks the data of a model or mediation."""
    return f"check {model}"


def estimate_name(model: str, index: int) -> str:
    """The task that estimates column `index` (from 0) of a model."""
    return f"estimate {model}[{index + 1}]"


def column_work(model: Model, index: int, study: Study) -> EstimateWork:
    """What estimating column `index` (from 0) of a model takes: that column alone, save with `sample common`; and the
    random numbers of its standard errors, where there are any."""
    column = model.columns[index]
    work = EstimateWork(model, index, span=model.span)
    if not model.common_sample:
        work = EstimateWork(model.replace(columns=(column,)), 0, span=model.span)
    if model.covariance.random:
        work = work.replace(stream=stream_name(model, column), seed=study.seed, level=study.level)
    return work


def _moderators(mediation: Mediation) -> tuple[Term, ...]:
    return (mediation.moderation.moderator,) if mediation.moderation is not None else ()


def task_of_test(test: str) -> str:
    """The task that carries out a test."""
    return f"test {test}"


def mediate_name(mediation: str) -> str:
    """The task that estimates a mediation."""
    return f"mediate {mediation}"


def stream_name(model: Model, column: Column) -> str:
    """What a column's random numbers hang on: the model's name and the column's formula, not its place."""
    structure = column.structure
    after = f"{structure.kind}({', '.join(dimension.name for dimension in structure.dimensions)})"
    right = " + ".join(term.name for term in column.regressors)
    return f"{model.name}: {column.outcome.name} ~ {right}{'' if column.constant else ' - 1'} | {after}"


def stream_of(task: Task) -> str:
    """What a task's random numbers hang on beside the seed; "" for one that draws nothing."""
    work = task.payload
    if isinstance(work, EstimateWork):
        return work.stream
    if isinstance(work, MediateWork):
        return work.mediation.stream
    return work.test.stream if isinstance(work, TestWork) else ""


def describe_name(number: str, index: int) -> str:
    """The task behind item `index` (from 0) of a table."""
    return f"describe table {number}[{index + 1}]"


def measure_name(measure: str) -> str:
    """The task that says what making a measure found."""
    return f"measure {measure}"


def figure_name(number: str) -> str:
    """The task that computes a figure's numbers."""
    return f"figure {number}"


def draw_name(number: str) -> str:
    """The task that draws a figure."""
    return f"draw figure {number}"


def _anywhere(payload: Located) -> Located:
    """A table without the name of its file: data count by content, so a file that was moved is no change."""
    return payload.replace(location="") if isinstance(payload, DataTable) and not payload.package else payload


def _titled(variable: Variable | Measure, among_others: bool) -> str:
    """What is printed over a variable's chart: its label, and its unit where each chart has one of its own."""
    if not among_others or not variable.unit:
        return variable.label
    return f"{variable.label or variable.name} ({variable.unit})"


def _value(value: float | str) -> str:
    return value if isinstance(value, str) else f"{value:g}"


def claimed_results(claim: Located | None) -> list[str]:
    """The models, mediations and tests whose results a claim speaks of, each once."""
    if isinstance(claim, Quantity):
        return [claim.selection.model]
    if isinstance(claim, Apply):
        return list(dict.fromkeys(m for argument in claim.arguments for m in claimed_results(argument)))
    return []
