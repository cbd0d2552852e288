"""What was found, in sentences: the comments of a starter spec."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

import numpy as np

from carbonspec.engine.problems import counted, listed
from carbonspec.engine.proposal.candidates import unreadable_times
from carbonspec.engine.proposal.facts import Facts, value_shown
from carbonspec.engine.proposal.joins import Apart, Joined
from carbonspec.engine.proposal.search import Found, NotFound
from carbonspec.engine.proposal.spelling import KEYS, sayable, shown, together
from carbonspec.engine.proposal.tables import Table
from carbonspec.engine.table import Column, IntArray, Text

OFTEN = 0.2
"""From this share of missing cells on a column is listed."""
LISTED = 12
NO_MODEL = (
    "No model is proposed: no two columns of numbers vary within units over time, with enough complete rows, beyond "
    "what unit and period effects take out."
)


def opening(main: Table, away: str) -> list[str]:
    """The head of the file."""
    about = (
        f"A starting point, written by `carbonspec init` after a look at {main.title}. Correct it, choose your own "
        "variables, and delete these comments."
    )
    texts = [about]
    if away:
        texts.append(f"Save it in {away}: a spec reads only files below its own folder, and paths start there.")
    return texts


def of_table(table: Table, joined: Joined | Apart | None) -> list[str]:
    """A file: its size, how it was read, and how it joins the panel."""
    size = f"{counted(table.rows, 'row')}, {counted(len(table.columns), 'column')}"
    many = f" ({len(table.paths)} files of one form, stacked)" if len(table.paths) > 1 else ""
    texts = [f"{table.title}{many}: {size}."]
    if table.partial:
        texts.append(f"A large file: keys were looked for in all rows, columns judged on {table.partial}.")
    if len(table.sheets) > 1:
        others = listed((f'"{name}"' for name in table.sheets if name != table.source.sheet), LISTED)
        texts.append(f'The workbook has {len(table.sheets)} sheets: "{table.source.sheet}" is read, not {others}.')
    if table.source.text_columns:
        names = listed((shown(name) for name in table.source.text_columns), LISTED)
        texts.append(f"Read as text, to keep leading zeros or to match another table: {names}.")
    texts += table.remarks
    if isinstance(joined, Apart):
        texts.append(f"Not joined: {joined.why}.")
    elif joined is not None:
        texts += _of_join(joined)
    return texts


def _of_join(joined: Joined) -> list[str]:
    names = together(left for left, _ in joined.keys)
    left = "many rows of the panel" if joined.repeated else "one row of the panel"
    right = f"up to {joined.most:,} here" if joined.most > 1 else "one here"
    idle = f"; {counted(joined.idle, 'row')} here {'is' if joined.idle == 1 else 'are'} not used" if joined.idle else ""
    texts = [f"Joined on {names}, {left} to {right}: {joined.matched:,} of {joined.row.size:,} find a row{idle}."]
    if joined.most > 1:
        texts.append("Several rows for one are put together by sum(…), mean(…) and the like: see the columns below.")
    return texts


# --- the panel ----------------------------------------------------------------------------------------


def of_panel(found: Found) -> list[str]:
    """The keys, the shape of the panel, and which other keys would do."""
    panel, keys = found.panel, found.keys
    times, unit = panel.ticks, panel.unit
    periods = int(np.unique(times).size)
    time = found.columns[keys.time]
    first, last = (value_shown(time, int(panel.order[i])) for i in (int(np.argmin(times)), int(np.argmax(times))))
    names = together(keys.all)
    shape = f"{counted(panel.unit_count, 'unit')}, {counted(periods, 'period')} from {first} to {last}"
    texts = [f"No two rows share {names}: {shape}. {_balance(unit, times, panel.unit_count, periods)}"]
    if panel.clock.step != 1:
        what = f"{panel.clock.step} {panel.clock.unit}s" if panel.clock.unit else str(panel.clock.step)
        texts.append(f"Periods are {what} apart, and a lag `L.x` is one such step back.")
    left_out = len(time) - panel.order.size
    if left_out:
        texts.append(f"{counted(left_out, 'row')} without one of these will be left out.")
    if _year_and_month(time):
        texts.append(
            f"{shown(keys.time)} looks like year and month in one number: the clock would see gaps at each turn of the "
            "year. Write 2012-01 in the file, and lags go by months."
        )
    same = [together(other.units) for other, same in found.others if same]
    if same:
        texts.append(f"The same units under another name: {', '.join(dict.fromkeys(same))}.")
    others = [together(other.all) for other, same in found.others if not same]
    if others:
        texts.append(f"These would be possible keys too: {'; '.join(others)}.")
    return texts


def _balance(unit: IntArray, times: IntArray, units: int, periods: int) -> str:
    sizes = np.bincount(unit, minlength=units)
    if unit.size == units * periods:
        return "Balanced: every unit has every period."
    same = unit[1:] == unit[:-1]
    gaps = np.where(same, np.diff(times) - 1, 0)
    text = f"Not balanced: {sizes.min()} to {sizes.max()} periods a unit"
    if sizes.min() == sizes.max():
        text = f"Not balanced: every unit has {sizes.min()} periods, not all the same"
    inside = int(gaps.sum())
    if not inside:
        return f"{text}, none missing in between."
    holes = int(np.unique(unit[1:][gaps > 0]).size)
    verb = "is" if inside == 1 else "are"
    return f"{text}; {counted(inside, 'period')} {verb} missing inside {_histories(holes)}, and lags across them too."


def _histories(units: int) -> str:
    return "the history of 1 unit" if units == 1 else f"the histories of {units:,} units"


def _year_and_month(time: Column) -> bool:
    if isinstance(time, Text):
        return False
    known = np.unique(time[~np.isnan(time)])
    months = known % 100
    inside = (known >= 190001) & (known <= 210012) & (months >= 1) & (months <= 12)
    return bool(known.size > 1 and inside.all())


def of_no_panel(found: NotFound, main: Table) -> list[str]:
    """Why there is no panel, and what comes nearest."""
    texts = []
    facts = {name: Facts(name, isinstance(c, Text), len(c), 0, 2) for name, c in main.columns.items()}
    if found.nearest is None and found.series and not found.times:
        texts.append(f"No panel found: {together(found.series)} never repeats, so this is a single series.")
    elif found.nearest is None and found.section:
        texts.append(f"No panel found: {together(found.section)} never repeats, so this is a cross-section.")
    elif not found.times:
        texts.append("No panel found: no column is a time (years, or dates such as 2012-01-31, 2012-01 or 2012Q1).")
        for name, value in unreadable_times(main.columns, facts):
            texts.append(f"{shown(name)} is called a time, but the clock cannot read `{value}`: write it as above.")
    elif not found.units:
        texts.append("No panel found: no column names units that come back from period to period.")
    elif found.nearest is None:
        texts.append("No panel found: no unit is seen in several periods.")
    if found.nearest is not None:
        near = found.nearest
        keys = together(near.keys)
        texts.append(
            f"No panel found: {keys} come nearest, but {near.rows:,} of {main.rows:,} rows share theirs with another "
            f"row ({counted(near.groups, 'combination')}). For example {near.example}."
        )
        if near.copies:
            verb = "repeats" if near.copies == 1 else "repeat"
            texts.append(f"{counted(near.copies, 'row')} {verb} another in every column: correct the file.")
        texts.append(
            "If rows are more detailed than unit and period, name the column that tells them apart after `id`, "
            "aggregate them first, or join this table to a panel."
        )
    texts.append("Below is what would follow: fill in the keys and take the comment signs off.")
    return texts


# --- columns ------------------------------------------------------------------------------------------


def of_columns(facts: Mapping[str, Facts], keys: Collection[str], judged: str) -> list[str]:
    """What is odd about columns, one remark a kind."""
    texts = []
    if judged:
        texts.append(f"Columns were judged on {judged}.")
    for one in facts.values():
        if one.mostly_numbers and one.name not in keys and one.others:
            others = listed(f"`{value}` ({count:,})" for value, count in one.others)
            cells = f"{one.numeric:,} of its {one.rows - one.missing:,} cells are numbers"
            texts.append(
                f"{shown(one.name)} is text: {cells}, others are {others}. Empty those in the file to compute with it."
            )
    rest = [one for one in facts.values() if one.name not in keys]
    often = sorted((o for o in rest if OFTEN <= o.share_missing < 1), key=lambda o: -o.share_missing)
    kinds = (
        ("Often missing", (f"{shown(o.name)} {o.share_missing:.0%}" for o in often)),
        ("Empty", _names(o for o in rest if o.empty)),
        ("The same in every row", _names(o for o in rest if o.constant and o.name != "simulated")),
        ("Never changes within a unit, so that unit effects absorb it", _names(o for o in rest if o.steady)),
        ("The same for all units of a period, so that period effects absorb it", _names(o for o in rest if o.common)),
    )
    for what, names in kinds:
        known = list(names)
        if known:
            texts.append(f"{what}: {listed(known, LISTED)}.")
    if "simulated" in facts and not facts["simulated"].empty:
        texts.append(
            "A column called `simulated` has every output stamped, unless its cells are empty, 0, false or no."
        )
    return texts


def _names(some: Iterable[Facts]) -> Iterable[str]:
    return (shown(one.name) for one in some)


def of_names(tables: Sequence[Table], main: Table, ambiguous: Sequence[str]) -> list[str]:
    """Columns that a spec names otherwise than the file, or not at all."""
    texts = []
    lost = [name for table in tables for name in table.columns if not sayable(name)]
    if lost:
        names = listed(map(shown, lost), LISTED)
        texts.append(f"A spec cannot write these names; rename the columns in the file to use them: {names}.")
    for name in KEYS:
        if name in main.columns:
            what = "unit" if name == "id" else "period"
            texts.append(f"`{name}` always means the panel's {what}; the column of that name is {main.name}.{name}.")
    if ambiguous:
        first = ambiguous[0]
        names = listed(map(shown, ambiguous), LISTED)
        texts.append(f"In several tables, so that the table must be named, as in {main.name}.{first}: {names}.")
    return texts


FIRST = "Nobody chose these variables: they are the first columns of numbers in the file"
YOURS = "Put your own outcome and regressors in their place."


def placeholder_of(effects: Sequence[str]) -> str:
    """What the model is: nobody's question."""
    absorbed = "units and periods" if len(effects) > 1 else "units (both would leave too few rows)"
    return f"{FIRST} that vary within units over time, with effects of {absorbed}. {YOURS}"
