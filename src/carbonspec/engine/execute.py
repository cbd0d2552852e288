"""Plan × data → results: what is stored is reused, the rest computed, a failing task reported in its place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from traceback import extract_tb
from typing import Any

from carbonspec.diagnostics.model import ERROR, DataError, Diagnostic
from carbonspec.econometrics.results import EstimationError
from carbonspec.engine.anchors import anchor
from carbonspec.engine.codec import decode, encode
from carbonspec.engine.executed import Results
from carbonspec.engine.ordered import in_order
from carbonspec.engine.progress import Progress
from carbonspec.engine.store import Store
from carbonspec.lang.spec import Spec
from carbonspec.planner.needed import needed
from carbonspec.planner.task import (
    CHECK,
    COLUMN,
    DESCRIBE,
    DRAW,
    ESTIMATE,
    FIGURE,
    MEASURE,
    MEDIATE,
    PANEL,
    READ,
    TEST,
    WITHIN,
    CheckModelWork,
    Plan,
    Task,
)
from carbonspec.report.run import Anchored, CheckReport, Drawing, Failure, ModelCheck, ModelColumn

ALONE = frozenset((ESTIMATE, TEST, MEDIATE, DESCRIBE, FIGURE, DRAW))
"""Kinds of tasks whose failure is told in their place, while the others finish."""

PARALLEL_ROWS = 200_000
"""Below this many rows a task is over before a second thread has woken up."""


def execute(
    spec: Spec,
    plan: Plan,
    *,
    root: str,
    store: Store | None,
    progress: Progress,
    frames: Mapping[str, Any] | None = None,
    allowed: tuple[str, ...] = (),
    jobs: int = 1,
    fresh: bool = False,
    shared: dict[Any, Any] | None = None,
) -> Results:
    """Carry out a plan.

    Parameters
    ----------
    root: the spec's folder; `allowed` are further folders it may read.
    store: where results are kept; None keeps nothing. `fresh` computes everything anew (and stores it).
    frames: data frames handed over instead of files, by the name of their `data` statement.
    jobs: threads for estimates on large data and for draws, and processes for draws that are refitted, this one among
        them; results do not depend on it.
    shared: tables read by other plans, for those that read the same; this one adds its own.

    Raises
    ------
    DataError: the data do not fit the spec.
    """
    return _Execution(spec, plan, root, store, progress, frames or {}, allowed, jobs, shared).results(fresh)


class _Execution:
    def __init__(
        self,
        spec: Spec,
        plan: Plan,
        root: str,
        store: Store | None,
        progress: Progress,
        frames: Mapping[str, Any],
        allowed: tuple[str, ...],
        jobs: int,
        shared: dict[Any, Any] | None,
    ) -> None:
        self.spec, self.plan, self.root, self.store = spec, plan, root, store
        self.progress, self.frames, self.allowed, self.jobs = progress, frames, allowed, jobs
        self.values: dict[str, Any] = {}
        self.tables: dict[str, Any] = {}
        self.shared = shared
        self.data: Any = None
        self.problems: tuple[Diagnostic, ...] = ()
        self.processes: Any = None
        self.twins: dict[str, list[str]] = {}
        for task in plan.tasks:
            if task.same_as:
                self.twins.setdefault(task.same_as, []).append(task.name)

    def results(self, fresh: bool) -> Results:
        """What the plan gives; processes that helped are gone afterwards, whatever happens."""
        try:
            return self._results(fresh)
        finally:
            if self.processes is not None:
                self.processes.close()

    def _results(self, fresh: bool) -> Results:
        kept = [] if fresh or self.store is None else self._stored(self.store)
        missing = [t for t in self.plan.tasks if t.stored and not t.same_as and t.name not in self.values]
        todo = needed(self.plan, [t.name for t in missing], self.values)
        self.progress.begin(len(todo), len(kept))
        if todo:
            from carbonspec.econometrics.kernels import limited

            with limited(self.jobs):
                self._compute(todo)
        done = sum(t.kind in ALONE and came(self.values.get(t.name)) for t in missing)
        reused = sum(t.kind in ALONE and came(self.values[t.name]) for t in kept)
        return Results(self.values, done, reused)

    def _compute(self, todo: tuple[Task, ...]) -> None:
        reading = [t for t in todo if t.kind in (READ, PANEL, COLUMN, CHECK)]
        for task in reading:
            self._do(task)
        if any(d.severity == ERROR for d in self.problems):
            raise DataError(tuple(dict.fromkeys(self.problems)))
        large = self.data is not None and self.data.rows >= PARALLEL_ROWS
        rest = [t for t in todo if t not in reading]
        in_order(rest, self._do, self.jobs if large else 1, self.plan.named(), _alone)

    def _stored(self, store: Store) -> list[Task]:
        found = []
        for task in self.plan.tasks:
            text = store.get(task.key) if task.stored and not task.same_as else None
            if text is None:
                continue
            try:
                value = decode(text)
            except ValueError:
                store.reject(task.key)
                continue
            if task.kind in (ESTIMATE, MEDIATE):
                value = tuple(replace(column, reused=True) for column in value)
            self._found(task.name, value)
            found.append(task)
        return found

    def _found(self, name: str, value: Any) -> None:
        """A result, and that of every task which does the same."""
        for each in (name, *self.twins.get(name, ())):
            self.values[each] = value

    def _do(self, task: Task) -> None:
        self.progress.start(task.name)
        failed = False
        try:
            value = _STEPS[task.kind](self, task)
        except DataError as problem:
            if task.kind in (COLUMN, CHECK):  # told at the end, together with everything else that is wrong
                self.problems += problem.diagnostics
                return
            if task.kind not in ALONE:
                raise
            first = next(d for d in problem.diagnostics if d.severity == ERROR)
            value, failed = Failure(task.name, first.code, first.message), True
        except EstimationError as problem:
            value, failed = Failure(task.name, problem.code, problem.message), True
        except Exception as problem:
            if task.kind not in ALONE:
                raise
            value, failed = Failure(task.name, "E606", place_of(problem)), True
        self._found(task.name, value)
        passing = isinstance(value, Failure) or (isinstance(value, Drawing) and value.provisional)
        if task.stored and not failed and not passing and self.store is not None:
            self.store.put(task.key, encode(value))
        self.progress.finish(task.name, failed)

    # --- one method for each kind of task -------------------------------------------------------------

    def _read(self, task: Task) -> Any:
        from carbonspec.engine.read import from_frame, read

        table: Any = task.payload
        found = None
        if table.name in self.frames:
            found = from_frame(table, self.frames[table.name], self.tables)
        elif any(m.method == "quality" and m.table == table.name for m in self.spec.measures):
            from carbonspec.engine.deferred import deferred

            found = deferred(table, self.root, self.allowed, self.tables)
        if found is None and self.shared is not None:
            same = (task.key, task.files)  # the names too: the report of the sample shows them
            if same not in self.shared:
                self.shared[same] = read(table, self.root, self.allowed, self.tables)
            found = self.shared[same]
        elif found is None:
            found = read(table, self.root, self.allowed, self.tables)
        if tuple(file.sha256 for file in found.files) != tuple(sha for _, sha in task.files):
            from carbonspec.engine.problems import changed_meanwhile

            planned = {sha for _, sha in task.files}
            others = [file.name for file in found.files if file.sha256 not in planned]
            raise DataError((changed_meanwhile(others or [file.name for file in found.files], table.span),))
        self.tables[table.name] = found
        return None

    def _panel(self, task: Task) -> Any:
        from carbonspec.engine.frame import assemble

        self.data = assemble(self.spec, self.tables)
        return None

    def _column(self, task: Task) -> Any:
        self.data.column(task.payload.name)  # type: ignore[attr-defined]
        return None

    def _check(self, task: Task) -> CheckReport | ModelCheck:
        from carbonspec.engine.checks import check_mediation, check_model, check_study

        work = task.payload
        if isinstance(work, CheckModelWork):
            mediates = any(mediation.name == work.model.name for mediation in self.spec.mediations)
            found, few = (check_mediation if mediates else check_model)(work.model, self.data)
            return ModelCheck(self._sound(found), few)
        anchored = self._sound(check_study(self.spec, self.data))
        files = tuple(file for table in self.tables.values() for file in table.files)
        simulated = next((table.simulated for table in self.tables.values() if table.simulated), "")
        return CheckReport(self.data.report(), self.data.ledger(), files, simulated, anchored, self.data.value_labels())

    def _sound(self, diagnostics: tuple[Diagnostic, ...]) -> tuple[Anchored, ...]:
        """What a check found, to be kept. Raises DataError where there is an error."""
        self.problems += diagnostics  # told with an error, wherever that is
        if any(d.severity == ERROR for d in diagnostics):
            raise DataError(diagnostics)
        return tuple(anchor(d) for d in diagnostics)

    def _within(self, task: Task) -> Any:
        from carbonspec.engine.estimation import SharedWithin

        return SharedWithin()

    def _estimates(self, task: Task) -> tuple[ModelColumn, ...]:
        from carbonspec.engine.estimation import estimate

        shared = next((self.values[name] for name in task.inputs if name.startswith("within ")), None)

        def progress(done: int, total: int) -> None:
            self.progress.part(task.name, done, total)

        return estimate(self.data, task.payload, shared, self.jobs, progress, self._helpers())  # type: ignore[arg-type]

    def _test(self, task: Task) -> Any:
        from carbonspec.engine.testing.outcome import carry_out

        results = {name: self.values[name] for name in task.inputs if name in self.values}
        return carry_out(self.data, task.payload, results)  # type: ignore[arg-type]

    def _mediate(self, task: Task) -> Any:
        from carbonspec.engine.mediation import carry_out

        study = self.spec.study

        def tell(done: int, asked: int) -> None:
            self.progress.part(task.name, done, asked)

        work: Any = task.payload
        return carry_out(self.data, work, study.seed, study.level, self.jobs, tell, self._helpers())

    def _helpers(self) -> Any:
        """What shares the refits of draws; no process is started before it pays."""
        if self.processes is None:
            from carbonspec.econometrics.bootstrap.processes import Processes

            self.processes = Processes(self.jobs - 1)
        return self.processes

    def _describe(self, task: Task) -> Any:
        from carbonspec.engine.describe import describe

        return describe(self.data, task.payload)  # type: ignore[arg-type]

    def _measure(self, task: Task) -> Any:
        return self.data.measure_report(task.payload.definition.name)  # type: ignore[attr-defined]

    def _figure(self, task: Task) -> Any:
        figure = task.payload.figure  # type: ignore[attr-defined]
        if figure.quantities:
            from carbonspec.engine.result_figures import figure_of_results

            values = {name: self.values[name] for name in task.inputs}
            return figure_of_results(self.spec, figure, values, self.values["check"].simulated)
        from carbonspec.engine.figures import figure_data

        return figure_data(self.data, task.payload.figure)  # type: ignore[attr-defined]

    def _draw(self, task: Task) -> Any:
        from carbonspec.engine.drawing import drawn

        numbers = self.values[task.inputs[0]]
        if isinstance(numbers, Failure):
            return replace(numbers, task=task.name)
        return drawn(numbers, task.payload, self.root, self.allowed)  # type: ignore[arg-type]


def _alone(task: Task) -> bool:
    """Whether a task is done by itself: it draws from its rows, or leaves some out in turn, on threads of its own; or
    it draws a figure, by a library not made for threads."""
    model = getattr(task.payload, "model", None)
    return task.kind in (MEDIATE, DRAW) or (
        model is not None and (model.covariance.random or model.covariance.kind == "crv3")
    )


def came(value: Any) -> bool:
    """Whether a task gave anything: a column that failed was not estimated."""
    if isinstance(value, tuple):
        return any(getattr(part, "failure", None) is None for part in value)
    return value is not None and not isinstance(value, Failure)


def place_of(problem: Exception) -> str:
    """What went wrong inside carbonspec and where, on one line."""
    frames = extract_tb(problem.__traceback__)
    place = f" at {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return f"carbonspec failed here ({type(problem).__name__}: {problem}{place})"


_STEPS: dict[str, Any] = {
    READ: _Execution._read,
    PANEL: _Execution._panel,
    COLUMN: _Execution._column,
    CHECK: _Execution._check,
    WITHIN: _Execution._within,
    ESTIMATE: _Execution._estimates,
    TEST: _Execution._test,
    MEDIATE: _Execution._mediate,
    DESCRIBE: _Execution._describe,
    MEASURE: _Execution._measure,
    FIGURE: _Execution._figure,
    DRAW: _Execution._draw,
}
