"""The pipeline on one page: text → tree → study → plan → results → report.

import carbonspec as cs
r = cs.run("specs/paper.cspec")
r["benchmark"].tidy()
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from carbonspec.diagnostics.model import ERROR, NOTE, Checked, DataError, Diagnostic, SpecError
from carbonspec.record import Record
from carbonspec.source import Source, Span, as_written

if TYPE_CHECKING:
    from carbonspec.engine.progress import Progress
    from carbonspec.lang.ast import File
    from carbonspec.lang.spec import DataTable, Figure, Spec
    from carbonspec.lang.variants.chain import Reader
    from carbonspec.planner.reasons import Reason
    from carbonspec.planner.task import Plan
    from carbonspec.results import StudyResult

STORE = ".store"
"""The folder of stored results, below the output folder."""

__all__ = ["DataError", "SpecError", "check", "fmt", "init", "load", "plan", "run"]


class Study(Record):
    """A file after every static step: its text, tree, meaning and everything found on the way.

    Of one that extends others, `source` is its own text, and the tree and what it means are the whole.
    """

    source: Source
    tree: Any
    spec: Any
    diagnostics: tuple[Diagnostic, ...]

    @property
    def sources(self) -> tuple[Source, ...]:
        """Its own text, then that of the spec it extends, then that one's base."""
        return tuple(part.span.source for part in self.tree.parts) or (self.source,)

    @property
    def folder(self) -> str:
        """Where the spec's relative paths start."""
        return os.path.dirname(os.path.abspath(self.source.name)) or "."

    @property
    def ok(self) -> bool:
        return not any(d.severity == ERROR for d in self.diagnostics)


def load(path: str) -> Source:
    """Read a file. Raises SpecError when it cannot be read or is not UTF-8."""
    from carbonspec.lang.variants.chain import Undecodable, source_of

    try:
        with open(path, "rb") as stream:
            content = stream.read()
    except OSError as problem:
        why = "no such file" if isinstance(problem, FileNotFoundError) else problem.strerror
        raise SpecError((Diagnostic("E601", ERROR, f"cannot read `{path}`: {why}"),)) from None
    try:
        return source_of(path, content)
    except Undecodable as problem:
        message = f"`{path}` is not UTF-8 text: {problem}"
        helps = ("save the file as UTF-8 (data files may have any encoding; the spec itself may not)",)
        raise SpecError((Diagnostic("E602", ERROR, message, None, helps),)) from None


def parse(source: Source) -> Checked[File]:
    """Text → tree."""
    from carbonspec.lang.parse import parse as parse_text

    return parse_text(source)


def parse_whole(source: Source, allowed: tuple[str, ...] = (), read: Reader | None = None) -> Checked[File]:
    """Text → tree, with the specs that it extends merged in.

    `read` gives the bytes of those by name, a path that starts where the source's own name starts (default: from
    disk, below the spec's folder, in its git repository or in allowed folders).
    """
    from carbonspec.lang.variants.chain import parse_whole as parse_chain

    def from_disk(name: str) -> bytes:
        from carbonspec.engine.bases import base_reader

        return base_reader(source.name, allowed)(name)

    return parse_chain(source, read or from_disk)


def check(path: str, frames: Mapping[str, Any] | None = None, allowed: tuple[str, ...] = ()) -> Study:
    """Everything that can be known about a spec without its data, save the headers of its text files."""
    from carbonspec.engine.headers import headers
    from carbonspec.lang.resolve.study import resolve
    from carbonspec.lang.resolve.tables import declared_tables
    from carbonspec.lang.rules.lint import lint

    source = load(path)
    parsed = parse_whole(source, allowed)
    folder = os.path.dirname(os.path.abspath(path))
    found: tuple[Diagnostic, ...] = _unknown_frames(declared_tables(parsed.value), frames or {})
    known = dict(headers(declared_tables(parsed.value), folder, allowed))
    for name, frame in (frames or {}).items() if not found else ():
        known[name] = tuple(str(column) for column in frame.columns)
    resolved = resolve(parsed.value, catalogue(), known, outside=bool(allowed))
    found += (*parsed.diagnostics, *resolved.diagnostics)
    if parsed.ok and resolved.ok:
        found += (*lint(resolved.value), *_missing_files(resolved.value, folder, allowed))
    if parsed.value.changes:
        from carbonspec.lang.variants.overrides import explained

        found = explained(found, parsed.value)
    spec = resolved.value
    asked = spec.models or spec.mediations or spec.tests or spec.tables or spec.figures
    if not any(d.severity == ERROR for d in found) and not asked:
        message = "the spec asks for nothing: it has no model and no table"
        found += (Diagnostic("N609", NOTE, message, None, ("for example `model m: y ~ x | fe(id, year)`",)),)
    tables = tuple(t for t in resolved.value.data if t.name not in (frames or {}))
    found += _missing_data(tables, folder, allowed)
    return Study(source, parsed.value, resolved.value, found)


def catalogue() -> Any:
    """All words of the open catalogue: the econometrics half's and the report's."""
    from carbonspec.econometrics import catalogue as econometrics
    from carbonspec.report import catalogue as report
    from carbonspec.signature import Catalogue

    return Catalogue((*econometrics.ENTRIES, *report.ENTRIES))


def _unknown_frames(tables: tuple[DataTable, ...], frames: Mapping[str, Any]) -> tuple[Diagnostic, ...]:
    """Errors on frames that no `data` statement would read, and on values that are no data frames."""
    from carbonspec.diagnostics.suggestions import did_you_mean

    names = [table.name for table in tables]
    found = []
    for name, frame in frames.items():
        if name not in names:
            close = did_you_mean(name, names)
            helps = (f"did you mean `{close}`?",) if close else (f"the spec declares {', '.join(names) or 'no data'}",)
            found.append(Diagnostic("E608", ERROR, f"frames: the spec has no data table called `{name}`", None, helps))
        elif not (hasattr(frame, "columns") and hasattr(frame, "to_numpy")):
            kind = type(frame).__name__
            message = f"frames: `{name}` is a {kind}, not a pandas data frame"
            found.append(Diagnostic("E608", ERROR, message, None, ("hand over a pandas DataFrame",)))
    return tuple(found)


def _missing_files(spec: Spec, folder: str, allowed: tuple[str, ...]) -> tuple[Diagnostic, ...]:
    """Errors on files with printed figures that are not there or may not be read."""
    from carbonspec.engine.paths import safe_path

    found = []
    for table in spec.tables:
        if table.published:
            span = _within(table.span, table.published)
            try:
                safe_path(table.published, folder, allowed, span)
            except DataError as problem:
                message = f"the printed figures of table {table.number}: {problem.diagnostics[0].message}"
                found.append(Diagnostic("E604", ERROR, message, span, problem.diagnostics[0].helps))
    for figure in spec.figures:
        if figure.shapes:
            span = _within(figure.span, figure.shapes)
            try:
                safe_path(figure.shapes, folder, allowed, span)
            except DataError as problem:
                message = f"the boundaries of figure {figure.number}: {problem.diagnostics[0].message}"
                found.append(Diagnostic("E604", ERROR, message, span, problem.diagnostics[0].helps))
    return tuple(found)


def _missing_data(tables: tuple[DataTable, ...], folder: str, allowed: tuple[str, ...]) -> tuple[Diagnostic, ...]:
    """Notes on data that are not there: a spec can be checked without them, but its columns cannot."""
    from carbonspec.engine.paths import locate

    found = []
    for table in tables:
        try:
            locate(table, folder, allowed)
        except DataError as problem:
            why = problem.diagnostics[0].message
            span = _within(table.span, table.location)
            found.append(Diagnostic("N607", NOTE, f"{why}; its columns are not checked", span))
    return tuple(found)


def _within(span: Span, text: str) -> Span:
    """The place of `text` in a statement, or the statement's first line."""
    text = as_written(span.source.folder, text)
    at = span.source.text.find(text, span.start, span.end)
    if at >= 0:
        return Span(span.source, at, at + len(text))
    return span


def fmt(path: str) -> tuple[str, Checked[File]]:
    """The canonical form of a file, and what parsing it found. With syntax errors the text is returned unchanged."""
    from carbonspec.lang.unparse import unparse

    source = load(path)
    parsed = parse(source)
    return (unparse(parsed.value) if parsed.ok else source.text), parsed


def flatten(path: str, folder: str | None = None, allowed: tuple[str, ...] = ()) -> tuple[str, Checked[File]]:
    """The canonical form of a spec with everything it extends, and what was found. Unchanged where there are errors.

    Its paths start at the folder of the spec, or at the one given.
    """
    from carbonspec.lang.variants.flatten import flatten as flattened

    source = load(path)
    parsed = parse_whole(source, allowed)
    if not parsed.ok:
        return source.text, parsed
    home = os.path.dirname(os.path.abspath(path))
    seen_from = "" if folder is None else os.path.relpath(home, folder).replace(os.sep, "/")
    return flattened(parsed.value, "" if seen_from == "." else seen_from), parsed


def plan(study: Study, frames: Mapping[str, Any] | None = None, allowed: tuple[str, ...] = (), store: str = "") -> Plan:
    """Study → plan. Data files count by content; a missing one counts as empty here and is an error when run.

    `store` is the folder of stored results, where the contents of large files are remembered ("": nowhere).
    """
    from carbonspec.engine.digest import digest
    from carbonspec.engine.identity import engine_identity
    from carbonspec.engine.known_files import KnownFiles
    from carbonspec.planner.lower import lower
    from carbonspec.planner.optimise import optimise

    known = KnownFiles(store) if store else None
    digests: dict[str, tuple[tuple[str, str], ...]] = {}
    for table in study.spec.data:
        if frames is not None and table.name in frames:
            from carbonspec.engine.digest import frame_digest

            digests[table.name] = ((table.name, frame_digest(frames[table.name])),)
        else:
            digests[table.name] = digest(table, study.folder, allowed, known)
    if known is not None:
        known.save()
    shapes = {figure.shapes: _shapes_digest(figure, study.folder, allowed) for figure in study.spec.figures}
    return optimise(lower(study.spec, digests, engine_identity(), shapes))


def _shapes_digest(figure: Figure, folder: str, allowed: tuple[str, ...]) -> str:
    """SHA-256 of a figure's file with boundaries; "" without one."""
    from carbonspec.engine.digest import file_digest
    from carbonspec.engine.paths import safe_path

    try:
        return file_digest(safe_path(figure.shapes, folder, allowed, figure.span)) if figure.shapes else ""
    except (DataError, OSError):
        return ""


def run(
    path: str | os.PathLike[str],
    *,
    frames: Mapping[str, Any] | None = None,
    out: str | os.PathLike[str] | None = None,
    write: bool = False,
    fresh: bool = False,
    jobs: int = 0,
    allowed: tuple[str, ...] = (),
    only: tuple[str, ...] = (),
    progress: Progress | None = None,
) -> StudyResult:
    """Run a study.

    Parameters
    ----------
    path: the `.cspec` file.
    frames: data frames to use instead of the files of `data` statements, by their names.
    out: the output folder (default `out`); the store of results lies in it, and with `write` the tables and files
        are written to `<out>/<name of the spec>/`.
    fresh: compute everything anew.
    jobs: how many cores to use; 0 is all, at most 8.
    allowed: further folders the spec may read.
    only: names of tables ("table 5"), models and hypotheses; the rest is left out.

    Raises
    ------
    SpecError, DataError: with every diagnostic found.
    """
    from carbonspec.engine.store import Store

    started = Clock()
    study = check(os.fspath(path), frames, allowed)
    if not study.ok:
        raise SpecError(study.diagnostics)
    if only:
        study = part_of(study, only)
    outputs = outputs_of(out)
    store = Store(os.path.join(outputs, STORE))
    how = How(store, frames, fresh, jobs, allowed, progress, partial=bool(only))
    result = carry_out(study, started, how)
    if write:
        result.write(outputs)
    return result


class How(Record):
    """How to carry out studies: the same for all that run side by side."""

    store: Any
    frames: Mapping[str, Any] | None = None
    fresh: bool = False
    jobs: int = 0
    allowed: tuple[str, ...] = ()
    progress: Any = None
    partial: bool = False
    tables: Any = None  # those read already, where several studies share them
    noted: bool = True  # whether it is what `plan --why` calls the last run of the spec


def carry_out(study: Study, started: Clock, how: How) -> StudyResult:
    """A sound study, estimated."""
    from carbonspec.engine.assemble import assemble_run
    from carbonspec.engine.execute import came, execute
    from carbonspec.engine.history import remember
    from carbonspec.engine.progress import Silent
    from carbonspec.results import StudyResult

    made = plan(study, how.frames, how.allowed, how.store.folder)
    results = execute(
        study.spec,
        made,
        root=study.folder,
        store=how.store,
        progress=how.progress or Silent(),
        frames=how.frames,
        allowed=how.allowed,
        jobs=how.jobs or min(os.cpu_count() or 1, 8),
        fresh=how.fresh,
        shared=how.tables,
    )
    failed = [name for name, value in results.values.items() if not came(value)]
    if how.noted:
        remember(how.store.folder, study.source.name, made, failed, partial=how.partial)
    how.store.tidy()
    finished = assemble_run(study.sources, study.spec, results, study.folder, study.diagnostics, started.facts())
    return StudyResult(finished, how.store.remarks())


def outputs_of(out: str | os.PathLike[str] | None) -> str:
    """The output folder that is meant."""
    return os.path.abspath(os.fspath(out) if out is not None else "out")


def part_of(study: Study, wanted: tuple[str, ...]) -> Study:
    """A study with only what is named (`--only`). Raises SpecError for a name it does not have."""
    from carbonspec.diagnostics.suggestions import did_you_mean
    from carbonspec.planner.select import names, select

    known = names(study.spec)
    unknown = []
    for name in wanted:
        if name not in known:
            close = did_you_mean(name, known)
            helps = (f"did you mean `{close}`?",) if close else (f"the study has: {', '.join(known)}",)
            unknown.append(Diagnostic("E605", ERROR, f"--only: nothing in this study is called `{name}`", None, helps))
    if unknown:
        raise SpecError(tuple(unknown))
    return study.replace(spec=select(study.spec, wanted))


def check_data(study: Study, allowed: tuple[str, ...] = ()) -> tuple[Diagnostic, ...]:
    """What is wrong with the data, everything at once: errors, warnings, notes."""
    from carbonspec.engine.anchors import restore
    from carbonspec.engine.execute import execute
    from carbonspec.engine.progress import Silent
    from carbonspec.planner.needed import needed
    from carbonspec.planner.task import CHECK

    made = plan(study, allowed=allowed)
    part = made.replace(tasks=needed(made, [task.name for task in made.tasks if task.kind == CHECK]))
    try:
        results = execute(study.spec, part, root=study.folder, store=None, progress=Silent(), allowed=allowed)
    except DataError as problem:
        return problem.diagnostics
    from carbonspec.engine.check_warnings import warnings_of

    found = (restore(warning, study.sources) for warning in warnings_of(study.spec, results.values))
    return tuple(dict.fromkeys(found))


def init(
    path: str | os.PathLike[str],
    *others: str | os.PathLike[str],
    folder: str | os.PathLike[str] | None = None,
    encoding: str | None = None,
    sheet: str | None = None,
) -> str:
    """The text of a starter spec for a data file: panel, joins, labels, and a placeholder to be edited.

    Parameters
    ----------
    path: the file that is the panel, in any format the engine reads; a pattern stands for several files of one form.
    others: files to be joined to it, on the columns they share.
    folder: where the spec will lie, so that paths start there (default: the current folder when the data lie below
        it, else the folder of the data).
    encoding, sheet: of text files and of workbooks, where the guess is wrong.

    Raises
    ------
    DataError: a file cannot be read or is empty, lies outside the folder (E621), or has no numbers (E623).
    """
    from carbonspec.engine.proposal.starter import propose

    return propose(
        [os.fspath(one) for one in (path, *others)], None if folder is None else os.fspath(folder), encoding, sheet
    )


def reasons(made: Plan, path: str, out: str | os.PathLike[str] = "out") -> tuple[Reason, ...]:
    """Why each task of a spec's plan will run or will not, given what is stored below the output folder `out`."""
    from carbonspec.engine.history import recall
    from carbonspec.planner.reasons import reasons as compared

    return compared(made, states(made, out), recall(os.path.join(os.fspath(out), STORE), path))


def states(made: Plan, out: str | os.PathLike[str] = "out") -> dict[str, str]:
    """For each key of a plan's stored results, whether the output folder has it: STORED, DAMAGED or MISSING."""
    from carbonspec.engine.store import Store

    store = Store(os.path.join(os.fspath(out), STORE))
    return {task.key: store.state(task.key) for task in made.tasks if task.stored}


def read_text(path: str) -> str:
    """The file as it is, byte order mark and line ends included."""
    with open(path, encoding="utf-8", newline="") as stream:
        return stream.read()


def write_text(path: str, text: str) -> None:
    """Write or replace a file, whole or not at all; one that is replaced keeps its permissions."""
    from carbonspec.engine.wholefile import replace_file

    replace_file(path, text.encode())


def format_text(text: str) -> tuple[str, Checked[File]]:
    """The canonical form of a text, and what parsing it found."""
    from carbonspec.lang.parse import clean
    from carbonspec.lang.unparse import unparse

    parsed = parse(Source("<stdin>", clean(text)))
    return (unparse(parsed.value) if parsed.ok else text), parsed


class Clock:
    """When a run began."""

    def __init__(self) -> None:
        import time

        self._seconds = time.perf_counter()
        self._started = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())

    def facts(self) -> tuple[str, float]:
        """(start in ISO 8601 UTC, seconds since)."""
        import time

        return self._started, time.perf_counter() - self._seconds
