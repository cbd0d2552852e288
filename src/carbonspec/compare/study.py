"""Two versions of a spec → what changed, what each change affects and which results it reaches.

Statements are compared as written, because that is what an author changed: `let controls` loses a term, and the models
that use it are what this reaches. What a change affects and reaches is found by making it alone: the older study with
only this change (or, where that does not stand by itself, the newer one without it) is resolved and planned, and the
two studies are compared field by field. Nothing is run.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from typing import Any

from carbonspec.compare import records
from carbonspec.compare.changes import (
    ADDED,
    CHANGED,
    REMOVED,
    RENAMED,
    Changes,
    DataChange,
    FieldChange,
    Output,
    StatementChange,
)
from carbonspec.compare.fields import changed_fields
from carbonspec.compare.outputs import Keys, outputs, reached, resting_on
from carbonspec.compare.statements import (
    Pair,
    Said,
    hanging_on,
    match,
    mentioned,
    name_of,
    rename,
    said,
    subject,
    text_of,
)
from carbonspec.lang import ast
from carbonspec.lang.resolve.modelling.covariances import DEFAULT
from carbonspec.lang.spec import ESTIMATES, INFERENCE, PRESENTATION, Covariance, Spec
from carbonspec.lang.variants.keys import NUMBERED
from carbonspec.planner.lower import stream_of
from carbonspec.planner.task import Plan
from carbonspec.record import Record
from carbonspec.source import NOWHERE


class Meaning(Record):
    """A tree understood: its study and its plan."""

    spec: Spec
    plan: Plan


class Version(Record):
    """One side of a comparison: what people call it, and its tree."""

    label: str
    tree: ast.File


Understand = Callable[[ast.File, bool], Meaning | None]
"""A tree, with the data of the older (False) or newer (True) side → what it means; None when it has mistakes."""


def compare(
    before: Version,
    after: Version,
    understand: Understand,
    files: Mapping[str, tuple[str, ...]] | None = None,
    notes: Iterable[str] = (),
) -> Changes:
    """The changes from one version to the other. `files` names, by table, the data files whose content differs."""
    return _Comparison(before, after, understand).changes(files or {}, tuple(notes))


class _Comparison:
    def __init__(self, before: Version, after: Version, understand: Understand) -> None:
        self.before, self.after, self._understand = before, after, understand
        self.new = after.tree
        self.pairs = match(before.tree, after.tree)
        self.names: dict[str, str] = {}
        self.old = before.tree
        while more := _new_names(self.old, self.new, self.pairs):  # with one name replaced, others can be seen to be
            self.names |= more
            self.old = rename(before.tree, self.names)
            self.pairs = match(self.old, self.new)
        self._many = sum(pair.before != pair.after for pair in self.pairs) > ALONE
        self._outputs: dict[int, tuple[Meaning, Keys]] = {}
        self._words: dict[bool, Said] = {}
        self.first = self.understand(before.tree, False)
        self.meant = self.understand(self.old, False) if self.names else self.first
        self.last = self.understand(after.tree, True)
        self.notes: list[str] = []
        self.anew: list[Output] = []  # what shows draws that are made anew because a name was replaced
        self.understood = self.first is not None and self.meant is not None and self.last is not None

    def understand(self, tree: ast.File, newer: bool) -> Meaning | None:
        """What a tree means, with the default standard errors written out."""
        found = self._understand(tree, newer)
        if found is None or found.spec.study.covariance is not None:
            return found
        return Meaning(found.spec.replace(study=found.spec.study.replace(covariance=DEFAULT)), found.plan)

    def changes(self, files: Mapping[str, tuple[str, ...]], notes: tuple[str, ...]) -> Changes:
        found = [self._statement(pair) for pair in self.pairs]
        statements = tuple(change for change in found if change is not None)
        data = tuple(self._data(table, names) for table, names in files.items())
        everything: tuple[Output, ...] = ()
        if self.meant is not None and self.last is not None:
            everything = reached(self._renumbered(self._shown(self.meant)), self._shown(self.last))
            known = {(output.kind, output.name) for output in everything}
            anew = (output for output in dict.fromkeys(self.anew) if (output.kind, output.name) not in known)
            everything = (*anew, *everything)
        if not statements and not data:
            everything = ()
        return Changes(
            self.before.label, self.after.label, statements, data, everything, self.understood, (*notes, *self.notes)
        )

    # --- one statement ------------------------------------------------------------------------------

    def _statement(self, pair: Pair) -> StatementChange | None:
        one, other = pair.before, pair.after
        statement = pair.known
        was = self._was(pair)
        if one is not None and other is not None and one == other and not was:
            return None
        fields = self._fields(pair)
        if one is not None and other is not None and not fields and not was:
            return None
        kind = ADDED if one is None else REMOVED if other is None else RENAMED if was else CHANGED
        affects, reaches = self._alone(pair, was)
        if self.understood and kind == CHANGED and not affects and statement.keyword != "let":
            return None  # written otherwise, meaning the same
        names = {name_of(statement), subject(statement), was}
        return StatementChange(
            kind,
            statement.keyword,
            subject(statement) if statement.keyword == "expect" else name_of(statement),
            was,
            fields,
            affects or (PRESENTATION if self.understood else ""),
            tuple(o for o in reaches if not _told(o, kind, statement.keyword, names)),
            text_of(one) if one is not None else "",
            text_of(other) if other is not None else "",
            one.span.line if one is not None else 0,
            other.span.line if other is not None else 0,
        )

    def _was(self, pair: Pair) -> str:
        if pair.before is None or pair.after is None:
            return ""
        if pair.renamed:
            return name_of(pair.before)
        name = name_of(pair.after)
        return next((old for old, new in self.names.items() if new == name and pair.after.keyword != "expect"), "")

    def _fields(self, pair: Pair) -> tuple[FieldChange, ...]:
        if pair.before is None or pair.after is None:
            return ()
        return tuple(self._effective(change, pair.after) for change in changed_fields(pair.before, pair.after))

    def _effective(self, change: FieldChange, statement: ast.Statement) -> FieldChange:
        """An `se` that was not written was a default: that is what it changed from."""
        if change.name != "se" or (change.before and change.after) or self.meant is None or self.last is None:
            return change
        one, other = (_covariance(m.spec, statement) for m in (self.meant, self.last))
        return change.replace(before=one, after=other) if one and other and one != other else change

    def _alone(self, pair: Pair, was: str) -> tuple[str, tuple[Output, ...]]:
        """What the change affects and reaches, made alone."""
        if self.first is None or self.meant is None or self.last is None:
            return "", ()
        if was and not pair.renamed and pair.before == pair.after:
            affects = self._by_names_alone
            drawn = self._drawn_anew(was, name_of(pair.after)) if pair.after is not None else ()
            if not drawn:
                return affects, ()
            name = f"{was} → {name_of(pair.known)}"
            self.notes.append(f"{name}: draws hang on the name, so those of {_listed(drawn)} are made anew.")
            reaches = resting_on(self._shown(self.meant), self.meant.plan, drawn)
            self.anew += reaches
            return records.strongest((affects, INFERENCE)), reaches
        if self._many:
            return self._own(pair), self._entangled(pair)
        with_it = self.understand(_exchanged(self.old, pair.old, pair.new), False)
        if with_it is not None:
            return self._effect(self.meant, with_it)
        without = self.understand(_exchanged(self.new, pair.new, pair.old), True)
        if without is not None:
            return self._effect(without, self.last)
        return self._own(pair), self._entangled(pair)

    def _drawn_anew(self, was: str, name: str) -> tuple[str, ...]:
        """The tasks of the older study, as they are called now, whose random numbers hang on a replaced name."""
        assert self.first is not None
        return tuple(
            _called(task.name, self.names)
            for task in self.first.plan.tasks
            if (stream := stream_of(task)) and _called(stream, {was: name}) != stream
        )

    def _entangled(self, pair: Pair) -> tuple[Output, ...]:
        """What a change reaches that stands only together with others: of all that is reached, what speaks of it."""
        everything = self._all_reached
        if pair.known.keyword in WHOLE:
            return everything
        named = hanging_on(self._said(pair.new is not None), pair.known)
        return tuple(output for output in everything if (output.kind, output.name) in named)

    def _effect(self, before: Meaning, after: Meaning) -> tuple[str, tuple[Output, ...]]:
        return records.diff(before.spec, after.spec).affects, self._reached(before, after)

    def _reached(self, before: Meaning, after: Meaning) -> tuple[Output, ...]:
        return reached(self._shown(before), self._shown(after))

    def _shown(self, meaning: Meaning) -> Keys:
        """The outputs of a study, found once; it is kept with them, so that its id stays its own."""
        if id(meaning) not in self._outputs:
            self._outputs[id(meaning)] = (meaning, outputs(meaning.spec, meaning.plan))
        return self._outputs[id(meaning)][1]

    def _renumbered(self, shown: Keys) -> Keys:
        """The outputs of the older study under the numbers that tables and figures have in the newer."""
        numbers = {
            (pair.known.keyword, name_of(pair.before)): (pair.known.keyword, name_of(pair.after))
            for pair in self.pairs
            if pair.renamed and pair.before is not None and pair.after is not None and pair.known.keyword in NUMBERED
        }
        return {numbers.get(output, output): keys for output, keys in shown.items()}

    def _own(self, pair: Pair) -> str:
        """Where a change stands neither alone nor can be left out: what its own record says, else all together."""
        names = {name_of(s) for s in (pair.before, pair.after) if s is not None}
        mine = [d.affects for d in self._all_of_it.items if {d.key, d.key_after} & names]
        return records.strongest(mine) or self._all_of_it.affects

    @cached_property
    def _by_names_alone(self) -> str:
        """What new names by themselves affect, the streams of random numbers that hang on them put aside."""
        assert self.first is not None
        assert self.meant is not None
        return records.diff(_called(self.first.spec, self.names, streams=True), self.meant.spec).affects or PRESENTATION

    @cached_property
    def _all_of_it(self) -> records.SpecDifference:
        assert self.meant is not None
        assert self.last is not None
        return records.diff(self.meant.spec, self.last.spec)

    @cached_property
    def _all_reached(self) -> tuple[Output, ...]:
        assert self.meant is not None
        assert self.last is not None
        return self._reached(self.meant, self.last)

    def _said(self, newer: bool) -> Said:
        """The words of each statement of one side, looked for once."""
        if newer not in self._words:
            self._words[newer] = said(self.new if newer else self.old)
        return self._words[newer]

    # --- data ---------------------------------------------------------------------------------------

    def _data(self, table: str, names: tuple[str, ...]) -> DataChange:
        """Other content of a table's files: the older spec with the newer data."""
        renewed = self.understand(self.old, True) if self.understood else None
        reaches = self._reached(self.meant, renewed) if renewed is not None and self.meant is not None else ()
        return DataChange(table, names, ESTIMATES, reaches)


ALONE = 60
"""More changes than this are not made one by one: the two are hardly versions of one study."""
WHOLE = frozenset(("study", "panel", "data", "extends", "without"))
"""Statements on which everything hangs."""


def _told(output: Output, kind: str, keyword: str, names: set[str]) -> bool:
    """Whether an output is the statement itself, new, gone or renamed: its own line says so."""
    if output.kind != keyword:
        return False
    if keyword == "expect":
        return any(output.name.startswith(f"{name} = ") for name in names if name)
    return kind != CHANGED and output.name in names


def _exchanged(tree: ast.File, old: ast.Statement | None, new: ast.Statement | None) -> ast.File:
    """The file with one statement replaced, added at the end, or left out."""
    kept: list[ast.Statement] = []
    for statement in tree.statements:
        if statement is not old:
            kept.append(statement)
        elif new is not None:
            kept.append(new)
    if old is None and new is not None:
        kept.append(new)
    return tree.replace(statements=tuple(kept), span=NOWHERE)  # no text: what is left out was not lost to an error


# --- names ----------------------------------------------------------------------------------------------------


def _new_names(before: ast.File, after: ast.File, pairs: tuple[Pair, ...]) -> dict[str, str]:
    """Declared names that were replaced by others of the same definition: old → new.

    A name that stands anywhere in the other file is none of these, so that no meaning moves unseen.
    """
    known, wanted = mentioned(before), mentioned(after)
    found = {}
    for pair in pairs:
        if pair.renamed and pair.after is not None and pair.before is not None and pair.after.keyword not in NUMBERED:
            old, new = (s.name for s in (pair.before, pair.after))
            free = isinstance(new, ast.Name) and new.text not in known
            if isinstance(old, ast.Name) and isinstance(new, ast.Name) and free and old.text not in wanted:
                found[old.text] = new.text
    return found


def _called(value: Any, names: Mapping[str, str], streams: bool = False) -> Any:
    """A record with names replaced wherever they carry meaning, and with `streams` in those of random streams."""
    words = re.compile(r"(?<![\w.])(?:" + "|".join(map(re.escape, names)) + r")(?!\w)")

    def replaced(item: Any) -> Any:
        if isinstance(item, str):
            return words.sub(lambda found: names[found[0]], item)
        if isinstance(item, tuple):
            return tuple(replaced(part) for part in item)
        if isinstance(item, Record):
            return type(item)(
                **{
                    name: inner if name == "span" or (name == "stream" and not streams) else replaced(inner)
                    for name, inner in item.__dict__.items()
                }
            )
        return item

    return replaced(value)


def _listed(tasks: Iterable[str]) -> str:
    """What tasks belong to, as an author calls it: `estimate m[1]` is m."""
    return ", ".join(dict.fromkeys(re.sub(r"\[\d+\]\Z", "", task.partition(" ")[2]) for task in tasks))


def _covariance(spec: Spec, statement: ast.Statement) -> str:
    """The standard errors of a statement's model, or the study's, as a spec writes them."""
    if statement.keyword == "study":
        return covariance_text(spec.study.covariance or DEFAULT)
    found = next((model for model in spec.models if model.name == name_of(statement)), None)
    return covariance_text(found.covariance) if found is not None else ""


def covariance_text(covariance: Covariance) -> str:
    """`cluster(id, year)`, `driscoll_kraay(lags = 2)`, `iid`; drawn ones as they were written."""
    if covariance.random:
        return str(covariance.span.text)
    options = [_key_text(key) for key in covariance.clusters]
    if covariance.lags is not None:
        options.append(f"lags = {covariance.lags}")
    if covariance.correction != "nested":
        options.append(f"correction = {covariance.correction}")
    return f"{covariance.kind}({', '.join(options)})" if options else covariance.kind


def _key_text(key: Any) -> str:
    if key.span.start != key.span.end and key.span.source.text:
        return str(key.span.text)
    arguments = key.__dict__.get("arguments")
    return "^".join(map(_key_text, arguments)) if arguments else str(key.name)
