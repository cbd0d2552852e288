"""Tables of mediations: all effects of one, and several in the layout that Stata's `bootstrap` prints."""

from __future__ import annotations

import math
from collections.abc import Iterator

from carbonspec.econometrics.mediation.verdict import differences, number
from carbonspec.lang.rules.mediation import benchmark_of
from carbonspec.lang.spec import CallItem
from carbonspec.lang.spec import Table as TableSpec
from carbonspec.report.compose.notes import sample_losses, sentence
from carbonspec.report.document import (
    EMPTY,
    FAILURE,
    LEFT,
    MEDIATION,
    NOTHING,
    NUMBER,
    Cell,
    Column,
    Row,
    Table,
)
from carbonspec.report.inference import stars
from carbonspec.report.numbers import count, effect_p, fixed, probability, row_decimals, share
from carbonspec.report.run import MediatedEffect, MediationOutcome, Run
from carbonspec.report.terms import Labels

METHOD = {
    "percentile": "percentile",
    "bca": "BCa",
    "basic": "basic",
    "normal": "normal",
    "monte_carlo": "Monte Carlo",
}
"""Names of intervals."""
CONFIDENCE = ((0.01, "99%"), (0.05, "95%"), (0.10, "90%"))


def path_text(outcome: MediationOutcome) -> str:
    """`Open -> Tech -> Ce`, mediators side by side in brackets."""
    middle = " -> ".join(outcome.mediators)
    if outcome.kind == "parallel":
        middle = f"({', '.join(outcome.mediators)})"
    return f"{outcome.treatment} -> {middle} -> {outcome.outcome}"


def selected(run: Run, item: CallItem) -> tuple[MediationOutcome, ...]:
    """The analyses that `mediation(…)` names."""
    found: list[MediationOutcome] = []
    for selection in item.selections:
        values = [f.value for f in selection.filters]
        found += [
            o
            for o in run.mediations.get(selection.model, ())
            if all(value in (o.split_value, o.split_label) for value in values)
        ]
    return tuple(found)


# --- as Stata prints it ----------------------------------------------------------------------------------


def compose_mediation(run: Run, table: TableSpec, _item: CallItem, found: tuple[MediationOutcome, ...]) -> Table:
    """Two rows a mediation, `_bs_1` the indirect effect and `_bs_2` the direct one."""
    digits = table.digits if table.digits is not None else run.spec.study.digits
    groups = []
    for index, outcome in enumerate(found, 1):
        groups.append(tuple(_bootstrap_rows(run, outcome, str(index), digits)))
    columns = (
        Column("Path", "path", align=LEFT),
        Column("Effect", "bs", align=LEFT),
        Column("Coef.", "estimate"),
        Column("Std. err.", "std_error"),
        Column("z", "z"),
        Column("P>|z|", "p"),
        Column("Low", "conf_low"),
        Column("High", "conf_high"),
        Column("Confidence", "confidence", align=LEFT),
    )
    return Table(
        kind=MEDIATION,
        label=table.label,
        columns=columns,
        groups=tuple(groups),
        number=table.number,
        stub="",
        key="row",
        notes=(*_bootstrap_notes(run, found), *table.notes),
    )


def _bootstrap_rows(run: Run, outcome: MediationOutcome, number_: str, digits: int | None) -> Iterator[Row]:
    path = path_text(outcome) + (f" [{_split(run, outcome)}]" if outcome.split else "")
    if outcome.failure is not None:
        failed = Cell(f"failed: {outcome.failure.message} ({outcome.failure.code})", kind=FAILURE)
        yield Row(number_, (Cell(path), failed, *(NOTHING,) * 6), number_)
        return
    for place, effect in enumerate(shown := printed(outcome), 1):
        decimals = digits if digits is not None else row_decimals((e.estimate, e.std_error) for e in shown)
        confidence = next((text for level, text in CONFIDENCE if effect.p_normal < level), "")
        cells = (
            Cell(path if place == 1 else "", value=path),
            Cell(f"_bs_{place} {effect.name}", value=f"bs_{place}"),
            _number(effect.estimate, decimals),
            _number(effect.std_error, decimals),
            _number(effect.z, 2),
            _p(effect.p_normal, probability(effect.p_normal)),
            _number(effect.conf_low, decimals),
            _number(effect.conf_high, decimals),
            Cell(confidence),
        )
        yield Row(number_ if place == 1 else "", cells, number_)


def printed(outcome: MediationOutcome) -> tuple[MediatedEffect, ...]:
    """What Stata's users bootstrap: indirect effects, then direct ones."""
    return tuple(e for kind in ("indirect", "direct") for e in outcome.effects if e.kind == kind)


def _bootstrap_notes(run: Run, found: tuple[MediationOutcome, ...]) -> list[str]:
    good = [o for o in found if o.failure is None]
    notes = ["_bs_1 is the indirect effect (product of the coefficients along the path), _bs_2 the direct one."]
    facts = dict.fromkeys(_drawn(run, o) for o in good)
    notes += [sentence(text) for text in facts]
    drawn = dict.fromkeys(o.interval for o in good if o.replications)
    if drawn:
        ends = " and ".join(METHOD[method] for method in drawn)
        notes.append(f"z = coefficient / standard error, P>|z| from the normal distribution; {ends} intervals.")
        notes.append("Confidence: the level at which P>|z| rejects zero.")
    for outcome in good:
        notes += [sentence(f"{outcome.name}: {text}") for text in _warned(run, outcome)]
    for outcome in good:
        notes.append(f"{outcome.name}: {outcome.verdict}")
    return list(dict.fromkeys(notes))


# --- all effects of one ----------------------------------------------------------------------------------


def compose_effects(run: Run) -> tuple[Table, ...]:
    """A table of effects for every mediation of a study, in the order of the file."""
    return tuple(_effects(run, outcome) for parts in run.mediations.values() for outcome in parts)


def _effects(run: Run, outcome: MediationOutcome) -> Table:
    statement = next((m for m in run.spec.mediations if m.name == outcome.name), None)
    given = statement.label if statement is not None else ""
    path = path_text(outcome)
    named = "" if outcome.name == path or outcome.name.startswith(f"{path} |") else f"{outcome.name}: "
    label = f"Mediation {named}{outcome.name if not named else path}" + (f" · {given}" if given else "")
    if outcome.split:
        label += f" · {_split(run, outcome)}"
    columns = (
        Column("Estimate", "estimate"),
        Column("Std. err.", "std_error"),
        Column("z", "z"),
        Column("P>|z|", "p_normal"),
        Column(f"{share(1 - outcome.level)} interval", "interval"),
        Column("p", "p_value"),
    )
    if outcome.failure is not None:
        failed = Row(path, (Cell(f"failed: {outcome.failure.message} ({outcome.failure.code})", kind=FAILURE),))
        return Table(MEDIATION, label, (Column("", align=LEFT, wide=True),), ((failed,),), key="effect")
    digits = run.spec.study.digits
    thresholds = run.spec.study.stars
    groups = [tuple(_effect_row(e, outcome, digits, thresholds) for e in outcome.effects)]
    tests = tuple(_test_rows(outcome, digits, thresholds))
    if tests:
        groups.append(tests)
    notes = tuple(sentence(note) for note in effect_notes(run, outcome))
    return Table(MEDIATION, label, columns, tuple(groups), stub="Effect", key="effect", notes=notes)


def _effect_row(
    effect: MediatedEffect, outcome: MediationOutcome, digits: int | None, thresholds: tuple[float, ...]
) -> Row:
    decimals = digits if digits is not None else row_decimals(((effect.estimate, effect.std_error),))
    decimals = min(decimals, 4) if effect.kind == "share" else decimals
    marks = "" if math.isnan(effect.p_value) else stars(effect.p_value, thresholds)
    hidden = effect.kind == "share" and outcome.suppression
    if hidden:
        cells: tuple[Cell, ...] = (Cell("suppression"), *(Cell(kind=EMPTY),) * 5)
        return Row(_named(effect), cells, effect.name)
    cells = (
        Cell(fixed(effect.estimate, decimals), marks, kind=NUMBER, value=effect.estimate)
        if not math.isnan(effect.estimate)
        else Cell(kind=EMPTY),
        _number(effect.std_error, decimals),
        _number(effect.z, 2),
        _p(effect.p_normal, probability(effect.p_normal)),
        _ends(effect.conf_low, effect.conf_high, decimals),
        _p(effect.p_value, effect_p(effect.p_value, effect.replications)),
    )
    return Row(_named(effect), cells, effect.name)


def _named(effect: MediatedEffect) -> str:
    if effect.kind == "share":
        return "share of the total"
    if effect.kind == "route":
        return f"through {' -> '.join(effect.route[1:-1])}"
    return effect.name


def _test_rows(outcome: MediationOutcome, digits: int | None, thresholds: tuple[float, ...]) -> Iterator[Row]:
    several = len({line.route for line in outcome.joint}) > 1
    for test in outcome.products:
        route = f" {' -> '.join(test.route[1:-1])}" if several else ""
        decimals = digits if digits is not None else row_decimals(((test.estimate, test.std_error),))
        marks = "" if math.isnan(test.p_value) else stars(test.p_value, thresholds)
        cells = (
            Cell(fixed(test.estimate, decimals), marks, kind=NUMBER, value=test.estimate),
            _number(test.std_error, decimals),
            _number(test.z, 2),
            _p(test.p_value, probability(test.p_value)),
            *(Cell(kind=EMPTY),) * 2,
        )
        yield Row(f"{test.name}{route}", cells, f"{test.name} {' -> '.join(test.route)}")
    for line in outcome.joint:
        route = f" {' -> '.join(line.route[1:-1])}" if several else ""
        empty = Cell(kind=EMPTY)
        cells = (empty, empty, empty, empty, empty, _p(line.p_value, probability(line.p_value)))
        yield Row(f"Joint significance{route}", cells, f"joint {' -> '.join(line.route)}")
    for effect in outcome.effects:
        ends = next(((low, high) for name, low, high in effect.intervals if name == "monte_carlo"), None)
        if ends is None or effect.kind != "indirect":
            continue
        decimals = digits if digits is not None else row_decimals(((effect.estimate, effect.std_error),))
        empty = Cell(kind=EMPTY)
        cells = (empty, empty, empty, empty, _ends(ends[0], ends[1], decimals), empty)
        where = effect.name.removeprefix("indirect")
        yield Row(f"Monte Carlo interval{where}", cells, f"Monte Carlo {effect.name}")


def effect_notes(run: Run, outcome: MediationOutcome) -> list[str]:
    """The verdict, the check of the sum, how inference was made, what must be pointed out."""
    notes = [outcome.verdict, *_check(outcome), _drawn(run, outcome)]
    if outcome.replications:
        how = "p belongs to the interval"
        if outcome.interval == "percentile":
            how = f"p = 2 min(share of draws ≤ 0, share ≥ 0), <2/{outcome.replications} where no draw lies beyond zero"
        notes.append(
            f"Standard errors and z by the bootstrap, P>|z| normal; {METHOD[outcome.interval]} intervals, {how}"
        )
        notes += _other_intervals(outcome)
    else:
        used = dict.fromkeys(e.inference for e in outcome.effects if e.inference)
        words = {
            "t": "total and direct effects by the t test of their column",
            "Sobel": "indirect effects by Sobel's test",
            "Monte Carlo": "sums and differences of paths by their simulated (Monte Carlo) distribution",
        }
        notes.append("no bootstrap: " + ", ".join(words[word] for word in used if word in words))
    notes += _sensitivity(outcome)
    first = next((column for column in outcome.columns if column.fit is not None), None)
    if first is not None and first.fit is not None:
        losses = sample_losses(first)
        left = ", ".join(f"{count(d.rows)} ({d.reason})" for d in losses)
        rows = f"{count(first.fit.n)} rows of {count(first.fit.n_ids)} units"
        notes.append(f"{rows}, the same in every column" + (f"; left out {left}" if left else ""))
    return [note for note in (*notes, *_warned(run, outcome)) if note]


def _check(outcome: MediationOutcome) -> list[str]:
    gap = outcome.facts.get("identity_gap")
    if gap is None:
        return []
    total, direct, indirect = (outcome.effect(name) for name in ("total", "direct", "indirect"))
    assert total is not None
    assert direct is not None
    assert indirect is not None
    text = f"Check: total less direct effect, {number(total.estimate)} − {_signed(direct.estimate)} = "
    text += f"{number(total.estimate - direct.estimate)}, is the indirect effect (relative gap {gap_text(gap)})"
    return [text]


def gap_text(gap: float) -> str:
    """By how much c - c' = ab fails, relative to the largest: "2e-16"."""
    return f"{gap:.0e}" if gap else "0"


def _signed(value: float) -> str:
    return number(value) if value >= 0 else f"({number(value)})"


def _drawn(run: Run, outcome: MediationOutcome) -> str:
    if not outcome.replications:
        return ""
    text = f"Bootstrap: {count(outcome.replications)} draws of {outcome.resampling}, seed {run.spec.study.seed}"
    if outcome.failed_draws:
        text += f", {count(outcome.failed_draws)} could not be estimated"
    return text


def _other_intervals(outcome: MediationOutcome) -> list[str]:
    found = []
    for effect in outcome.effects:
        if effect.kind != "indirect":
            continue
        ends = [
            f"{METHOD[name]} {number(low)} to {number(high)}"
            for name, low, high in effect.intervals
            if name not in (outcome.interval, "monte_carlo") and not math.isnan(low + high)
        ]
        found.append(f"other intervals of {effect.name}: {', '.join(ends)}")
    return found[:3]


def _sensitivity(outcome: MediationOutcome) -> list[str]:
    rho = outcome.facts.get("rho_zero")
    if rho is None:
        return []
    residual, total = outcome.facts["r2_product"], outcome.facts["r2_total"]
    text = "Sensitivity: the indirect effect would be zero if the errors of mediator and outcome were correlated with "
    text += f"rho = {rho:.3f} (an omitted cause of both: product of residual R² {residual:.3f}, of total R² {total:.3f}"
    return [f"{text}; Imai, Keele and Yamamoto 2010)"]


def _warned(run: Run, outcome: MediationOutcome) -> list[str]:
    """Notices of the library, and what the benchmark has otherwise."""
    notes = [notice.message for notice in outcome.notices]
    statement = next((m for m in run.spec.mediations if m.name == outcome.name), None)
    found = benchmark_of(run.spec, statement) if statement is not None and not outcome.split else None
    fit = outcome.columns[0].fit if outcome.columns else None
    if found is not None and fit is not None:
        model, index = found
        columns = run.models.get(model.name, ())
        benchmark = columns[index].fit if index < len(columns) and not columns[index].split else None
        if benchmark is not None:
            for notice in differences(fit, outcome.mediators, benchmark):
                notes.append(notice.message.replace("the benchmark", f"{model.name}[{index + 1}]"))
    return notes


def _split(run: Run, outcome: MediationOutcome) -> str:
    labels = Labels.of(run.spec, run.labels)
    return f"{labels.term(outcome.split)} = {outcome.split_label or labels.value(outcome.split, outcome.split_value)}"


def _number(value: float, decimals: int) -> Cell:
    return Cell(kind=EMPTY) if math.isnan(value) else Cell(fixed(value, decimals), kind=NUMBER, value=value)


def _ends(low: float, high: float, decimals: int) -> Cell:
    if math.isnan(low) or math.isnan(high):
        return Cell(kind=EMPTY)
    return Cell(f"[{fixed(low, decimals)}, {fixed(high, decimals)}]", kind=NUMBER, value=f"{low!r}, {high!r}")


def _p(value: float, text: str) -> Cell:
    return Cell(kind=EMPTY) if math.isnan(value) else Cell(text, kind=NUMBER, value=value)
