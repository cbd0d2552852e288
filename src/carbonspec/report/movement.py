"""Two runs side by side: which estimates, samples, stars and verdicts moved. What agrees to nine digits did not."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from carbonspec.compare.movement import ColumnMove, ModelMove, Movement, TermMove, Value, VerdictMove
from carbonspec.compare.renderers.numbers import fixed
from carbonspec.lang.spec import Apply, Quantity, ResultItem
from carbonspec.report.inference import estimates, stars
from carbonspec.report.run import Description, ModelColumn, Run
from carbonspec.report.terms import CONSTANT, term_key, value_text
from carbonspec.report.tidy import vcov_name
from carbonspec.source import Located

SAME = 1e-9
"""Two numbers closer than this, relative, are one number computed twice."""
FEW = 3
"""Names told in a sentence; beyond it they are counted."""


def moved(before: Run | None, after: Run | None, names: Mapping[str, str]) -> Movement:
    """What moved between two runs. `names` says what models of the older run are called in the newer: old → new."""
    models: list[ModelMove] = []
    unchanged = 0
    old = {names.get(name, name): columns for name, columns in _columns(before).items()}
    new = _columns(after)
    for name in dict.fromkeys((*new, *old)):
        pairs = _pairs(old.get(name, ()), new.get(name, ()))
        columns = []
        for one, other in pairs:
            move = _column(one, other, before, after)
            if move is None:
                unchanged += 1
            else:
                columns.append(move)
        if columns:
            tables = _tables(after or before, name)
            key = _key_term(name, [run for run in (after, before) if run is not None], columns)
            models.append(ModelMove(name, tables, tuple(columns), _sentence(columns, key)))
    verdicts = (*_verdicts(before, after), *_expectations(before, after))
    simulated = next((run.simulated for run in (after, before) if run is not None and run.simulated), "")
    return Movement(tuple(models), verdicts, tuple(_others(before, after)), unchanged, simulated)


def _columns(run: Run | None) -> dict[str, tuple[ModelColumn, ...]]:
    if run is None:
        return {}
    return dict(run.findings.models)


# --- which column is which ------------------------------------------------------------------------------------


def _pairs(
    before: Sequence[ModelColumn], after: Sequence[ModelColumn]
) -> list[tuple[ModelColumn | None, ModelColumn | None]]:
    """Columns of one split value and outcome in pairs.

    By number while there are as many, else those with the same terms, then the rest from the end.
    """
    found: list[tuple[ModelColumn | None, ModelColumn | None]] = []
    for group in dict.fromkeys((*map(_group, after), *map(_group, before))):
        old = [c for c in before if _group(c) == group]
        new = [c for c in after if _group(c) == group]
        if len(old) == len(new):
            found += zip(old, new, strict=True)
            continue
        pairs: list[tuple[ModelColumn | None, ModelColumn | None]] = []
        for column in list(new):
            mine = next((c for c in old if _terms(c) == _terms(column)), None)
            if mine is not None:
                pairs.append((mine, column))
                old.remove(mine)
                new.remove(column)
        while old and new:
            pairs.append((old.pop(), new.pop()))
        pairs += [(one, None) for one in old]
        pairs += [(None, other) for other in new]
        found += sorted(pairs, key=lambda pair: (pair[1] or pair[0]).number)  # type: ignore[union-attr]
    return found


def _group(column: ModelColumn) -> tuple[str, str, str]:
    return column.split, value_text(column.split_value), column.outcome


def _terms(column: ModelColumn) -> frozenset[tuple[str, ...]]:
    return frozenset(term_key(t) for t in column.fit.terms) if column.fit is not None else frozenset()


# --- one column -----------------------------------------------------------------------------------------------


def _column(
    one: ModelColumn | None, other: ModelColumn | None, before: Run | None, after: Run | None
) -> ColumnMove | None:
    """How a column moved; None when it did not."""
    terms = _term_moves(_values(one, before), _values(other, after))
    failures = [c.failure.message if c is not None and c.failure is not None else "" for c in (one, other)]
    counts = [c.fit.n if c is not None and c.fit is not None else None for c in (one, other)]
    errors = [_vcov(c, run) for c, run in ((one, before), (other, after))]
    if one is not None and other is not None and not terms and failures[0] == failures[1] and counts[0] == counts[1]:
        return None
    known = other or one
    assert known is not None
    split = f"{known.split} = {known.split_label or value_text(known.split_value)}" if known.split else ""
    failure = ""
    if failures[1]:
        failure = f"failed: {failures[1]}"
    elif failures[0]:
        failure = f"failed before: {failures[0]}"
    numbers = [c.number if c is not None else 0 for c in (one, other)]
    return ColumnMove(numbers[0], numbers[1], counts[0], counts[1], errors[0], errors[1], terms, split, failure)


def _vcov(column: ModelColumn | None, run: Run | None) -> str:
    if column is None or column.fit is None or run is None:
        return ""
    corrections = {model.name: model.covariance.correction for model in run.spec.models}
    return vcov_name(column, corrections.get(column.model, "nested"))


def _values(column: ModelColumn | None, run: Run | None) -> dict[tuple[str, ...], tuple[str, Value]]:
    if column is None or column.fit is None or run is None:
        return {}
    study = run.spec.study
    return {
        term_key(e.term): (e.term, Value(e.estimate, e.std_error, stars(e.p_value, study.stars)))
        for e in estimates(column.fit, study.level)
    }


def _term_moves(
    before: Mapping[tuple[str, ...], tuple[str, Value]], after: Mapping[tuple[str, ...], tuple[str, Value]]
) -> tuple[TermMove, ...]:
    found = []
    for key in dict.fromkeys((*after, *before)):
        name, _ = after.get(key) or before[key]
        one, other = (side[key][1] if key in side else None for side in (before, after))
        if one is None or other is None or not _like(one, other):
            found.append(TermMove(name, one, other))
    return tuple(found)


def _like(one: Value, other: Value) -> bool:
    return one.stars == other.stars and close(one.estimate, other.estimate) and close(one.std_error, other.std_error)


def close(one: float, other: float) -> bool:
    """Whether two numbers are the same but for the order of additions."""
    return math.isclose(one, other, rel_tol=SAME, abs_tol=1e-300) or (math.isnan(one) and math.isnan(other))


# --- a sentence -----------------------------------------------------------------------------------------------


def _tables(run: Run | None, name: str) -> tuple[str, ...]:
    if run is None:
        return ()
    return tuple(
        table.number
        for table in run.spec.tables
        if any(isinstance(item, ResultItem) and item.selection.model == name for item in table.items)
    )


def _key_term(name: str, runs: Sequence[Run], columns: Sequence[ColumnMove]) -> str:
    """The term a sentence speaks of: the one that claims on the model name, or claims on others; else its first."""
    claims: list[Located | None] = [h.claim for run in runs for h in run.spec.hypotheses]
    claims += [e.quantity for run in runs for e in run.spec.expectations]
    cited = [quantity for quantity in _quantities(claims) if quantity.term]
    there = {term_key(move.term) for column in columns for move in column.terms}
    for own in (True, False):
        for quantity in cited:
            if (quantity.selection.model == name or not own) and term_key(quantity.term) in there:
                return quantity.term
    for column in reversed(columns):
        named = [move.term for move in column.terms if move.term != CONSTANT]
        if named:
            return named[0]
    return ""


def _quantities(claims: Iterable[Located | None]) -> Iterator[Quantity]:
    for claim in claims:
        if isinstance(claim, Quantity):
            yield claim
        elif isinstance(claim, Apply):
            yield from _quantities(claim.arguments)


def _sentence(columns: Sequence[ColumnMove], key: str) -> str:
    """`sample −60 rows (270 → 210), SE from iid to cluster(id), Open from −3641 to −4015, 1 star gained`."""
    both = [c for c in columns if c.before and c.after]
    parts: list[str] = []
    if both:
        parts += _sample(both)
        changed = {(c.se_before, c.se_after) for c in both if c.se_before and c.se_after and c.se_before != c.se_after}
        parts += [f"SE from {one} to {other}" for one, other in sorted(changed)]
        parts += _terms_changed(both)
        parts += _estimate(both, key, several=len(columns) > 1)
        parts += _stars(both)
    for number, word in (
        (sum(not c.after for c in columns), "gone"),
        (sum(not c.before for c in columns), "new"),
    ):
        if number:
            parts.append(f"{number} column{'s' if number > 1 else ''} {word}")
    failed = sum(bool(c.failure) for c in columns)
    if failed:
        parts.append(f"{failed} column{'s' if failed > 1 else ''} failed")
    return ", ".join(parts)


def _sample(columns: Sequence[ColumnMove]) -> list[str]:
    moves = [(c.n_before, c.n_after) for c in columns if c.n_before is not None and c.n_after is not None]
    changed = list(dict.fromkeys(move for move in moves if move[0] != move[1]))
    if not changed:
        return []
    if len(changed) == 1:
        one, other = changed[0]
        return [f"sample {_difference(other - one)} rows ({one} → {other})"]
    steps = [other - one for one, other in changed]
    low, high = min(steps), max(steps)
    return [
        f"samples {_difference(low)} to {_difference(high)} rows" if low != high else f"samples {_difference(low)} rows"
    ]


def _difference(number: int) -> str:
    return f"+{number}" if number > 0 else f"−{-number}"


def _terms_changed(columns: Sequence[ColumnMove]) -> list[str]:
    """Terms that columns gained and lost, where they are few."""
    parts = []
    for word, there in (("without", False), ("with", True)):
        moves = [m for c in columns for m in c.terms if (m.before is None) == there and (m.after is None) != there]
        names = list(dict.fromkeys(move.term for move in moves if move.term != CONSTANT))
        if names:
            parts.append(f"{word} {', '.join(names)}" if len(names) <= FEW else f"{word} {len(names)} terms")
    return parts


def _estimate(columns: Sequence[ColumnMove], key: str, *, several: bool) -> list[str]:
    for column in reversed(columns):
        both = [m for m in column.terms if m.before is not None and m.after is not None and m.term != CONSTANT]
        move = next((m for m in both if term_key(m.term) == term_key(key)), both[0] if both else None)
        if move is None or move.before is None or move.after is None:
            continue
        where = f" in column {column.after}" if several or column.after > 1 else ""
        one, other = move.before, move.after
        if not close(one.estimate, other.estimate):
            values = f"{short(one.estimate, other.estimate)} to {short(other.estimate, one.estimate)}"
            return [f"{move.term} from {values}{where}"]
        if not close(one.std_error, other.std_error):
            errors = f"{short(one.std_error, other.std_error)} to {short(other.std_error, one.std_error)}"
            return [f"SE of {move.term} from {errors}{where}, its estimate as before"]
    return []


def short(number: float, other: float) -> str:
    """A number with as many digits as it takes to tell it from the other: four, or more when they lie close."""
    if not (math.isfinite(number) and math.isfinite(other)):
        return fixed(number, 3)
    digits = 4
    while digits < 9 and f"{number:.{digits}g}" == f"{other:.{digits}g}":
        digits += 1
    size = max(abs(number), abs(other))
    decimals = 3 if size == 0 else max(0, digits - 1 - math.floor(math.log10(size)))
    return fixed(number, min(decimals, 9))


def _stars(columns: Sequence[ColumnMove]) -> list[str]:
    parts = []
    for word, sign in (("gained", 1), ("lost", -1)):
        moves = [
            (move.term, sign * (len(move.after.stars) - len(move.before.stars)))
            for column in columns
            for move in column.terms
            if move.before is not None and move.after is not None and move.term != CONSTANT
        ]
        moves = [(term, number) for term, number in moves if number > 0]
        total = sum(number for _, number in moves)
        if total:
            terms = list(dict.fromkeys(term for term, _ in moves))
            named = f" ({', '.join(terms)})" if len(terms) <= FEW else f" ({len(terms)} terms)"
            parts.append(f"{total} star{'s' if total > 1 else ''} {word}{named}")
    return parts


# --- claims and other outputs ---------------------------------------------------------------------------------


def _verdicts(before: Run | None, after: Run | None) -> Iterator[VerdictMove]:
    old, new = ({v.name: v.verdict for v in run.verdicts} if run is not None else {} for run in (before, after))
    for name in dict.fromkeys((*new, *old)):
        if old.get(name) != new.get(name):
            yield VerdictMove(name, old.get(name, ""), new.get(name, ""), name in old and name in new)


def _expectations(before: Run | None, after: Run | None) -> Iterator[VerdictMove]:
    words = {True: "met", False: "missed"}
    old, new = ({e.text: e for e in run.expectations} if run is not None else {} for run in (before, after))
    for text, expectation in new.items():
        mine = old.get(text)
        if mine is not None and mine.met != expectation.met:
            obtained = f" ({expectation.obtained})" if expectation.obtained else ""
            yield VerdictMove(f"expect {text}", words[mine.met], words[expectation.met] + obtained, True)
        elif mine is None and not expectation.met:
            yield VerdictMove(f"expect {text}", "", f"missed ({expectation.obtained or expectation.reason})", False)


def _others(before: Run | None, after: Run | None) -> Iterator[str]:
    """Sentences on what models do not hold: tests, effects of mediations, tables and figures by calls."""
    if before is None or after is None:
        return
    for name, outcome in after.tests.items():
        if name in before.tests:
            yield from _tests(name, before.tests[name].rows, outcome.rows)
    for name, found in after.mediations.items():
        if name in before.mediations:
            old = {(o.split, str(o.split_value)): o for o in before.mediations[name]}
            for analysis in found:
                mine = old.get((analysis.split, str(analysis.split_value)))
                if mine is not None:
                    part = f"[{analysis.split} = {value_text(analysis.split_value)}]" if analysis.split else ""
                    yield from _effects(name + part, mine, analysis)
    for key, description in after.descriptions.items():
        if key in before.descriptions:
            yield from _described(key, before.descriptions[key], description)
    for name, measure in after.measures.items():
        if name in before.measures and measure.weights and before.measures[name].weights:
            yield from _weights(name, before.measures[name].weights, measure.weights)
    for number, figure in after.figures.items():
        if number in before.figures and not _alike(before.figures[number].series, figure.series):
            yield f"figure {number}: its numbers moved"


def _tests(name: str, before: Sequence[Any], after: Sequence[Any]) -> Iterator[str]:
    old = {(row.test, row.statistic, row.variable): row for row in before}
    several = len({row.variable for row in after}) > 1
    for row in after:
        mine = old.get((row.test, row.statistic, row.variable))
        if mine is not None and not close(mine.value, row.value):
            p = "" if None in (mine.p_value, row.p_value) else f", p {mine.p_value:.3f} → {row.p_value:.3f}"
            which = f" of {row.variable}" if row.variable and several else ""
            numbers = f"{short(mine.value, row.value)} → {short(row.value, mine.value)}"
            yield f"test {name}: {row.statistic}{which} {numbers}{p}"


def _effects(name: str, before: Any, after: Any) -> Iterator[str]:
    """What moved of a mediation's effects; a share of effects that offset each other says nothing and is not told."""
    old = {(effect.name, effect.route, effect.level): effect for effect in before.effects}
    for effect in after.effects:
        mine = old.get((effect.name, effect.route, effect.level))
        if mine is None:
            continue
        called = f"indirect through {' -> '.join(effect.route[1:-1])}" if effect.kind == "route" else effect.name
        if effect.kind == "share" and (before.suppression or after.suppression):
            if before.suppression != after.suppression:
                now, then = ("suppression", "a share") if after.suppression else ("a share", "suppression")
                yield f"mediation {name}: {then} → {now}"
        elif not close(mine.estimate, effect.estimate):
            numbers = f"{short(mine.estimate, effect.estimate)} → {short(effect.estimate, mine.estimate)}"
            yield f"mediation {name}: {called} {numbers}"
        elif not (close(mine.conf_low, effect.conf_low) and close(mine.conf_high, effect.conf_high)):
            ends = " → ".join(f"[{fixed(e.conf_low, 4)}, {fixed(e.conf_high, 4)}]" for e in (mine, effect))
            yield f"mediation {name}: interval of {called} {ends}"


def _described(key: str, before: Description, after: Description) -> Iterator[str]:
    table = key.partition(" item ")[0].capitalize()
    old = {
        (row, column): cell
        for row, cells in zip(before.row_names, before.cells, strict=True)
        for column, cell in zip(before.column_names, cells, strict=False)
    }
    new = {
        (row, column): cell
        for row, cells in zip(after.row_names, after.cells, strict=True)
        for column, cell in zip(after.column_names, cells, strict=False)
    }
    common = [cell for cell in new if cell in old]
    differing = sum(not close(old[cell], new[cell]) for cell in common)
    if differing:
        yield f"{table}: {differing} of {len(common)} numbers moved"


def _weights(name: str, before: Sequence[Any], after: Sequence[Any]) -> Iterator[str]:
    old = {weight.indicator: weight.weight for weight in before}
    moves = [
        (abs(w.weight - old[w.indicator]), w.indicator, old[w.indicator], w.weight)
        for w in after
        if w.indicator in old and not close(old[w.indicator], w.weight)
    ]
    if moves:
        _, indicator, one, other = max(moves)
        most = f"{indicator} from {short(one, other)} to {short(other, one)}"
        yield f"weights of {name}: {len(moves)} of {len(after)} moved, most {most}"


def _alike(before: Sequence[Any], after: Sequence[Any]) -> bool:
    return len(before) == len(after) and all(
        one.names == other.names and all(map(close, one.values, other.values))
        for one, other in zip(before, after, strict=True)
    )
