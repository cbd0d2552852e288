"""Spec × plan → what a reader sees of a study, each output with a key of its numbers and one of how it is printed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from carbonspec.compare.changes import GONE, NEW, NUMBERS, PRINT, Output
from carbonspec.compare.records import EVERYTHING
from carbonspec.lang.spec import Figure, Ref, Selection, Spec
from carbonspec.planner.fingerprint import combine, fingerprint
from carbonspec.planner.task import CHECK, CLAIM, COMPOSE, DESCRIBE, DRAW, FIGURE, MEASURE, Plan
from carbonspec.record import Record

Keys = Mapping[tuple[str, str], tuple[str, str, bool]]
"""(kind, name) of an output → key of its numbers, key of how it is printed, whether another output shows it."""

_TASK = re.compile(r"(\S+) (.+?)(?:\[\d+\])?\Z", re.DOTALL)
_INSIDE = frozenset((CHECK, MEASURE, DESCRIBE, DRAW))
"""Kinds of tasks that are part of another output, or of the log."""


def outputs(spec: Spec, plan: Plan) -> Keys:
    """Tables, figures, hypotheses and expects; models, tests and mediations where nothing prints or cites them."""
    tables = {table.number: table for table in spec.tables}
    figures = {figure.number: figure for figure in spec.figures}
    hypotheses = {hypothesis.name: hypothesis for hypothesis in spec.hypotheses}
    printed = _Printed(spec)
    read = {name for task in plan.tasks for name in task.inputs}
    found: dict[tuple[str, str], tuple[str, str, bool]] = {}
    for task in plan.tasks:
        kind, name = _named(task.name)
        if task.kind == COMPOSE:
            found["table", name] = (task.key, printed.key(tables[name]), False)
        elif task.kind == FIGURE:
            found["figure", name] = (task.key, printed.key(figures[name]), False)
        elif task.kind == CLAIM and kind == "hypothesis":
            found["hypothesis", name] = (task.key, printed.claim(hypotheses[name]), False)
        elif task.kind == CLAIM:
            found["expect", task.name.removeprefix("expect ")] = (task.key, "", False)
        elif task.stored and task.kind not in _INSIDE:
            output = ("model" if kind == "estimate" else kind, name)
            before = found.get(output, ("", "", False))[0]
            found[output] = (combine(before, task.key), printed.named(name), task.name in read)
    return found


def _named(task: str) -> tuple[str, str]:
    parts = _TASK.match(task)
    return (parts[1], parts[2]) if parts is not None else (task, "")


def reached(before: Keys, after: Keys) -> tuple[Output, ...]:
    """The outputs that differ, in the order of the study."""
    found = []
    for output in dict.fromkeys((*after, *before)):
        one, other = before.get(output), after.get(output)
        if one is not None and other is not None and one[:2] == other[:2]:
            continue
        if all(side is None or side[2] for side in (one, other)):
            continue  # told by what shows it
        if one is None or other is None:
            how = NEW if one is None else GONE
        else:
            how = NUMBERS if one[0] != other[0] else PRINT
        found.append(Output(*output, how))
    return tuple(found)


def resting_on(keys: Keys, plan: Plan, moved: Iterable[str]) -> tuple[Output, ...]:
    """The outputs whose numbers can differ when those of some tasks do."""
    touched = set(moved)
    found: dict[tuple[str, str], None] = {}
    for task in plan.tasks:  # each after its inputs
        if task.name in touched or not touched.isdisjoint(task.inputs):
            touched.add(task.name)
            kind, name = _named(task.name)
            output = ("model" if kind == "estimate" else kind, name)
            if task.kind == CLAIM and kind == "expect":
                output = ("expect", task.name.removeprefix("expect "))
            if output in keys and not keys[output][2]:
                found[output] = None
    return tuple(Output(*output, NUMBERS) for output in found)


class _Printed:
    """Keys of how things are printed: their own words, and the labels of what they name."""

    def __init__(self, spec: Spec) -> None:
        study = spec.study
        self._marks = fingerprint((study.stars, study.digits), EVERYTHING)
        self._style = fingerprint((study.stars, study.digits, study.parentheses, study.level), EVERYTHING)
        self._level = repr(study.level)
        self._items: dict[str, Any] = {}
        for place in spec._fields:
            value = getattr(spec, place)
            for item in value if isinstance(value, tuple) else ():
                name = item.__dict__.get("name")
                if name:
                    self._items.setdefault(name, item)
        self._labels = {v.name: v for v in spec.variables} | {m.name: m for m in spec.measures}

    def key(self, item: Any) -> str:
        """The key of an output: itself, the results it shows, the labels of the variables in both."""
        shown: dict[str, Any] = {}
        for part in _parts(item):
            if isinstance(part, Selection) and part.model in self._items:
                shown[part.model] = self._items[part.model]
        names: dict[str, None] = {}
        for record in (item, *shown.values()):
            names |= {part.name: None for part in _parts(record) if isinstance(part, Ref)}
        labels = [self._labels[name] for name in names if name in self._labels]
        words = [_words(label) for label in labels]
        style = "" if isinstance(item, Figure) else self._style if shown else self._marks
        return combine(
            style, fingerprint(item, EVERYTHING), *(fingerprint(s, EVERYTHING) for s in shown.values()), *words
        )

    def claim(self, hypothesis: Any) -> str:
        """The key of a hypothesis: its own words, and the study's level where it has none."""
        return combine(fingerprint(hypothesis, EVERYTHING), "" if hypothesis.level is not None else self._level)

    def named(self, name: str) -> str:
        """The key of a result by its name."""
        return self.key(self._items[name]) if name in self._items else ""


def _words(labelled: Any) -> str:
    values = labelled.__dict__
    return fingerprint((values["name"], values["label"], values["unit"], values.get("levels", ())), EVERYTHING)


def _parts(value: Any) -> Iterator[Record]:
    """A record and every record in it."""
    if isinstance(value, Record):
        yield value
        for name in value._compared:
            yield from _parts(value.__dict__[name])
    elif isinstance(value, tuple):
        for item in value:
            yield from _parts(item)


_PLURAL = {"table": ("Table", "Tables"), "figure": ("figure", "figures"), "expect": ("expectation", "expectations")}


def outputs_text(found: tuple[Output, ...]) -> str:
    """`Tables 5, 6; figure 2; H1; 2 expectations`."""
    parts = []
    for kind in dict.fromkeys(
        ("table", "figure", "hypothesis", *(o.kind for o in found if o.kind != "expect"), "expect")
    ):
        names = [output.name for output in found if output.kind == kind]
        if not names:
            continue
        if kind == "expect":
            parts.append(f"{len(names)} {_PLURAL[kind][len(names) > 1]}")
        elif kind in _PLURAL:
            parts.append(f"{_PLURAL[kind][len(names) > 1]} {', '.join(names)}")
        elif kind == "hypothesis":
            parts.append(", ".join(names))
        else:
            parts.append(f"{kind} {', '.join(names)}")
    return "; ".join(parts)
