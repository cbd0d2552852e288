"""Data files → the canonical text of a spec to start from, with what was found in its comments."""

from __future__ import annotations

import os
from collections.abc import Sequence

import numpy as np

from carbonspec.engine.proposal import remarks
from carbonspec.engine.proposal.candidates import is_code
from carbonspec.engine.proposal.facts import facts_of
from carbonspec.engine.proposal.finding import Proposal, find, number_columns
from carbonspec.engine.proposal.joins import Apart, Joined
from carbonspec.engine.proposal.placeholder import Placeholder
from carbonspec.engine.proposal.places import common_start, places
from carbonspec.engine.proposal.search import Found, NotFound
from carbonspec.engine.proposal.spelling import KEYS, comment, declarable, free_name, quoted, sayable, string
from carbonspec.engine.proposal.tables import Table, look
from carbonspec.engine.table import Column, Text, show_number
from carbonspec.lang.parse import parse
from carbonspec.lang.unparse import unparse
from carbonspec.source import Source

LEVELS = 12
"""A category of more labelled values leaves its labels in the file."""
LABELLED = 60
SUGGESTED = 6
KEYWORDS = frozenset(("panel", "data", "table", "study", "model", "figure", "test", "measure", "var"))
"""Allowed as names of tables, but hard to read there."""


def propose(
    paths: Sequence[str], folder: str | None = None, encoding: str | None = None, sheet: str | None = None
) -> str:
    """The text of a starter spec for one table and those to be joined to it.

    Parameters
    ----------
    paths: the panel's file first; patterns and several files of one form count as one table.
    folder: where the spec will lie (default: the current folder, or the one that holds the data).
    encoding, sheet: of text files and workbooks, where the guess is wrong.

    Raises
    ------
    DataError: a file cannot be read, is empty, lies outside the folder, or has no numbers.
    """
    found, root = places(paths, folder)
    tables = [look(place.paths, place.location, encoding, sheet) for place in found]
    _name(tables)
    proposal = find(tables[0], tables[1:])
    away = root if folder is None and root != os.path.realpath(os.curdir) else ""
    text = _text(proposal, away)
    parsed = parse(Source("", text))
    assert parsed.ok, parsed.diagnostics
    return unparse(parsed.value)


def _name(tables: list[Table]) -> None:
    """Names for the tables, none of them a column's."""
    taken = {name for table in tables for name in table.columns}
    for table in tables:
        stem = os.path.basename(table.paths[0]).rpartition(".")[0]
        if len(table.paths) > 1:
            stem = common_start([os.path.basename(path) for path in table.paths]).rstrip("-_ .0123456789")
            stem = stem or os.path.basename(os.path.dirname(os.path.abspath(table.paths[0])))
        table.name = free_name(f"{stem}_data" if stem in KEYWORDS else stem, taken)
        taken.add(table.name)


# --- the text -----------------------------------------------------------------------------------------


def _text(proposal: Proposal, away: str) -> str:
    taken = {name for table in proposal.tables for name in (table.name, *table.columns)}
    names = Names(taken)
    main, found = proposal.main, proposal.found
    lines = [*_remarks(remarks.opening(main, away)), f"study {string(_title(main))}"]
    for table in proposal.tables:
        joined = next((one for one in proposal.joins if one.table is table), None)
        apart = isinstance(joined, Apart)
        lines += ["", *_remarks(remarks.of_table(table, joined))]
        lines += _off(_data(table)) if apart else _data(table)
    lines.append("")
    if isinstance(found, Found):
        lines += _remarks(remarks.of_panel(found))
        lines += _panel(main.name, found.keys.units, found.keys.time, proposal.joins)
    else:
        lines += _remarks(remarks.of_no_panel(found, main))
        units = found.nearest.keys[:-1] if found.nearest is not None else tuple(c.name for c in found.units[:1])
        time = found.nearest.keys[-1] if found.nearest is not None else next((c.name for c in found.times), "")
        lines += _off(_panel(main.name, units or ("…",), time or "…", ()))
    lines += _columns(proposal, names)
    body = _model(proposal, names)
    return "\n".join([*lines, *(body if isinstance(found, Found) else _off(body))]) + "\n"


def _title(table: Table) -> str:
    return table.name if len(table.paths) > 1 else os.path.splitext(os.path.basename(table.paths[0]))[0]


class Names:
    """Names for what the proposal declares, each given once."""

    def __init__(self, taken: set[str]) -> None:
        self._taken = taken

    def free(self, wanted: str, ending: str) -> str:
        name = free_name(wanted, self._taken, ending)
        self._taken.add(name)
        return name


def _remarks(texts: Sequence[str]) -> list[str]:
    return [line for text in texts for line in comment(text)]


def _off(lines: Sequence[str]) -> list[str]:
    """Statements as comments, to be taken up by hand."""
    return [f"# {line}" if line and not line.startswith("#") else line for line in lines]


def _data(table: Table) -> list[str]:
    source = table.source
    lines = [f"data {table.name} from {string(table.location)}"]
    if source.text_columns:
        lines.append(f"  text {', '.join(quoted(name) for name in source.text_columns)}")
    if source.encoding is not None:
        lines.append(f"  encoding {string(source.encoding)}")
    if source.sheet is not None:
        lines.append(f"  sheet {string(str(source.sheet))}")
    return lines


def _panel(table: str, units: Sequence[str], time: str, joins: Sequence[Joined | Apart]) -> list[str]:
    known = [name if name == "…" else quoted(name) for name in (*units, time)]
    lines = [f"panel {table}", f"  id {', '.join(known[:-1])}", f"  time {known[-1]}"]
    for one in joins:
        if isinstance(one, Joined):
            keys = ", ".join(quoted(a) if a == b else f"{quoted(a)} = {quoted(b)}" for a, b in one.keys)
            lines.append(f"  join {one.table.name} on {keys}")
    return lines


def _columns(proposal: Proposal, names: Names) -> list[str]:
    """Remarks on columns, labels from the file, and suggestions as comments."""
    lines = _remarks(remarks.of_columns(proposal.facts, proposal.naming, proposal.judged))
    lines += _remarks(remarks.of_names(proposal.tables, proposal.main, proposal.ambiguous))
    labels = _labels(proposal)
    logs = [n for n in number_columns(proposal) if proposal.facts[n].skewed][:SUGGESTED]
    suggested = []
    if logs:
        suggested += _remarks(["Positive with a long right tail, often used in logarithms:"])
        suggested += [f"# var {names.free(f'log_{name}', 'var')} = log({quoted(name)})" for name in logs]
    for one in proposal.joins:
        if isinstance(one, Joined) and one.most > 1:
            suggested += _aggregates(one, names)
    binary = [
        name
        for name, one in proposal.facts.items()
        if one.binary and declarable(name) and name not in (*proposal.keys, *proposal.ambiguous)
    ]
    unlabelled = [name for name in binary if not any(name in table.value_labels for table in proposal.tables)]
    if unlabelled:
        more = f" ({len(unlabelled)} in all)" if len(unlabelled) > SUGGESTED else ""
        suggested += _remarks([f"0 or 1{more}: say what the values mean, and a model can be split by them."])
        for name in unlabelled[:SUGGESTED]:
            suggested.append(f"# var {quoted(name)} levels 0 {string(f'not {name}')}, 1 {string(name)}")
    if not lines and not labels and not suggested:
        return []
    return ["", "# --- columns " + "-" * 64, *lines, *labels, *suggested]


def _aggregates(joined: Joined, names: Names) -> list[str]:
    """Variables from a table that has several rows for one."""
    table, keys = joined.table, {right for _, right in joined.keys}
    numbers = [
        name
        for name, column in table.columns.items()
        if not isinstance(column, Text)
        and name not in keys
        and sayable(name)
        and not is_code(facts_of(name, column), name in table.value_labels)
    ]
    lines = _remarks([f"From {table.title}, which has several rows for one:"]) if numbers else []
    for name in numbers[:SUGGESTED]:
        lines.append(f"# var {names.free(f'{name}_sum', 'var')} = sum({table.name}.{quoted(name)})")
    return lines


def _labels(proposal: Proposal) -> list[str]:
    """`var` lines with the labels that Stata and SPSS files carry."""
    lines: list[str] = []
    left = 0
    active = [one.table for one in proposal.joins if isinstance(one, Joined)]
    for table in (proposal.main, *active):
        for name in table.columns:
            label = table.labels.get(name, "")
            values = table.value_labels.get(name, ())
            if not (label or values) or not sayable(name) or not declarable(name):
                continue
            if name in (*proposal.keys, *proposal.ambiguous) or (isinstance(proposal.found, NotFound)):
                continue
            levels = _levels(table.columns[name], values)
            line = f"var {quoted(name)}"
            line += f" {string(label)}" if string(label) != '""' else ""
            line += f" levels {levels}" if levels else ""
            if line == f"var {quoted(name)}":
                continue
            if len(lines) == LABELLED:
                left += 1
                continue
            lines.append(line)
    if left:
        lines += _remarks([f"{left} more columns have labels in the file."])
    return lines


def _levels(column: Column, values: Sequence[tuple[float, str]]) -> str:
    """`0 "Private", 1 "State"`: the values that occur; nothing when they are many, or no two are labelled apart."""
    if isinstance(column, Text) or not values:
        return ""
    present = np.unique(column[~np.isnan(column)]).tolist()
    known = dict(values)
    if not present or len(present) > LEVELS or not any(value in known for value in present):
        return ""
    parts, used = [], set()
    for value in present:
        written = show_number(value)
        label = string(known[value]) if value in known else '""'
        if label != '""' and label not in used:
            used.add(label)
            written += f" {label}"
        parts.append(written)
    return ", ".join(parts)


def _model(proposal: Proposal, names: Names) -> list[str]:
    """The placeholder and the tables."""
    lines = ["", "# --- a placeholder, to be replaced " + "-" * 42]
    described = ", ".join(quoted(name) for name in proposal.described)
    model, found = proposal.model, proposal.found
    number = 1
    tables = [f'table {number} "Descriptive statistics": summary({described})']
    name = names.free("first", "model")
    if model is None and isinstance(found, NotFound) and len(proposal.described) > 1:
        model = Placeholder(proposal.described[0], proposal.described[1:4], ("id", "time"))
    if model is None:
        lines += _remarks([remarks.NO_MODEL])
        return [*lines, "", *tables]
    chosen = (model.outcome, *model.regressors)
    about = remarks.placeholder_of(model.effects) if proposal.model is not None else f"{remarks.FIRST}. {remarks.YOURS}"
    lines += _remarks([about])
    time = proposal.keys[-1] if proposal.keys else "time"
    effects = [
        "id",
        quoted(time) if time not in KEYS and quoted(time) == time else "time",
    ][: len(model.effects)]
    right = " + ".join(quoted(one) for one in model.regressors)
    lines.append(f"model {name}: {quoted(model.outcome)} ~ {right} | fe({', '.join(effects)})")
    limited = [one for one in chosen if proposal.facts[one].distinct > 10]
    if limited:
        lines += ["", *_remarks(["Extreme values can be set to their percentiles; every table then says so."])]
        lines.append(f"# winsorize {', '.join(quoted(one) for one in limited)} at 1%, 99%")
    split = next((n for n, one in proposal.facts.items() if _splits(proposal, n, chosen)), "")
    if split:
        lines += ["", *_remarks(["The same model for each value of a column:"])]
        lines.append(f"# model {names.free(f'by_{split}', 'model')}: {name} split {quoted(split)}")
    listed = ", ".join(quoted(one) for one in chosen)
    tables.append(f'table 2 "Correlations": correlation({listed})')
    tables.append(f'table 3 "A placeholder": {name}')
    return [*lines, "", *tables]


def _splits(proposal: Proposal, name: str, chosen: Sequence[str]) -> bool:
    one = proposal.facts[name]
    plain = name not in KEYS and name not in proposal.keys and name not in proposal.ambiguous
    return one.binary and one.steady and plain and name not in chosen and not one.missing
