"""The note under a regression table, made from what was executed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from carbonspec.econometrics.results import CovarianceReport, Dropped, Fit
from carbonspec.lang.spec import Table, Variable, Winsorize
from carbonspec.planner.references import model_references, references
from carbonspec.report.compose.grouping import capital, listed, prefixed, shared, spread, together, where
from carbonspec.report.compose.instruments import instrument_notes, p_below
from carbonspec.report.numbers import count, share
from carbonspec.report.placement import Placed
from carbonspec.report.run import ModelColumn, Run
from carbonspec.report.statistics import label

PARENTHESES = {
    "se": "Standard errors in parentheses.",
    "t": "t statistics in parentheses.",
    "p": "p values in parentheses.",
}
MADE = {
    "Windmeijer": "two-step with Windmeijer's (2005) correction",
    "two-step, not corrected": "of the second step without Windmeijer's correction: too small",
    "inverse of the information: variance = mean": "from the information matrix: variance = mean",
}
"""Formulas that are no small-sample factor."""
KINDS = {
    "iid": "classical standard errors (iid)",
    "hc0": "heteroskedasticity-robust standard errors (HC0)",
    "hc1": "heteroskedasticity-robust standard errors (HC1)",
    "hc2": "heteroskedasticity-robust standard errors (HC2)",
    "hc3": "heteroskedasticity-robust standard errors (HC3)",
    "cluster": "standard errors clustered",
    "crv3": "cluster jackknife standard errors (CRV3)",
    "bootstrap": "bootstrap standard errors",
    "driscoll_kraay": "Driscoll–Kraay standard errors",
    "newey_west": "Newey–West standard errors within units",
}

SAID = ("N537", "N538", "N558", "N560", "N561")
"""Notices that belong under the table though they are no warnings: how numbers were made, or why one is not there."""
METHODS = {
    "normal": "from the normal distribution",
    "percentile": "by percentiles of the draws",
    "basic": "by the basic bootstrap",
    "bca": "by percentiles corrected for bias and acceleration (BCa)",
}


def regression_notes(run: Run, table: Table, columns: Sequence[Placed], statistics: Sequence[str]) -> tuple[str, ...]:
    """Sentences for the note: inference, stars, estimator and effects, sample, data preparation, what went wrong."""
    good = [c for c in columns if c.column.fit is not None]
    notes: list[str] = []
    if good:
        notes += [_parentheses(run, table), p_below(good, statistics), *_errors(run, good), _stars(run, good)]
        notes += _estimators(run, good)
        notes += instrument_notes(good)
        notes += _samples(run, good)
        notes += winsorizing(run, used_variables(run, good))
        notes += _weights(good)
        notes += _definitions(good, statistics)
        notes += _omitted(good)
        notes += _notices(run, good)
    notes += _verdicts(run, good)
    notes += _failures(columns)
    return (*(n for n in notes if n), *table.notes)


def _verdicts(run: Run, columns: Sequence[Placed]) -> list[str]:
    """What a mediation's columns add up to."""
    found: list[str] = []
    names = dict.fromkeys(c.column.model for c in columns if c.column.model in run.mediations)
    for name in names:
        for outcome in run.mediations[name]:
            where_ = f"{outcome.split} = {outcome.split_label or outcome.split_value}" if outcome.split else ""
            title = ", ".join(part for part in (name if len(names) > 1 else "", where_) if part)
            found.append(f"{title}: {outcome.verdict}" if title else outcome.verdict)
            gap = outcome.facts.get("identity_gap")
            if gap is not None:
                found.append(f"Total less direct effect equals the sum of the paths (relative gap {gap:.0e}).")
    return list(dict.fromkeys(text for text in found if text))


def sentence(text: str, names: Collection[str] = ()) -> str:
    """A fact as a sentence: a capital letter, save where it opens with one of `names`, and a full stop."""
    text = text.strip()
    return text if not text or text.endswith((".", "!", "?")) else f"{capital(text, names)}."


def parentheses_of(run: Run, table: Table) -> str:
    """se, t, p or interval."""
    return table.parentheses or run.spec.study.parentheses or "se"


def star_text(thresholds: Sequence[float]) -> str:
    """ "* p < 0.10, ** p < 0.05, *** p < 0.01"; thresholds in any order."""
    ordered = sorted(thresholds, reverse=True)
    return ", ".join(f"{'*' * (i + 1)} p < {max(f'{t:.2f}', f'{t:g}', key=len)}" for i, t in enumerate(ordered))


def dimension(run: Run, name: str) -> str:
    """A dimension of effects or clusters with the panel's own names: `id^industry` → "firm × industry"."""
    known = {"id": run.panel.id, "time": run.panel.time} if run.panel is not None else {}
    outer, bracket, slope = name.partition("[")
    shown = " × ".join(known.get(part, part) for part in outer.split("^"))
    return f"{shown}-specific slopes of {known.get(slope.rstrip(']'), slope.rstrip(']'))}" if bracket else shown


def _parentheses(run: Run, table: Table) -> str:
    kind = parentheses_of(run, table)
    if kind == "interval":
        return f"{share(1 - run.spec.study.level)} confidence intervals in brackets."
    return PARENTHESES.get(kind, "")


def _fit(placed: Placed) -> Fit:
    assert placed.column.fit is not None
    return placed.column.fit


def _report(placed: Placed) -> CovarianceReport:
    return _fit(placed).covariance


def _errors(run: Run, columns: Sequence[Placed]) -> list[str]:
    """How standard errors were made; equal conventions are described once, numbers that differ are listed."""

    def convention(c: Placed) -> tuple[str, tuple[str, ...], str, int | None, str, tuple[str, str]]:
        report = _report(c)
        names = tuple(n for n, _ in report.clusters)
        return report.kind, names, report.formula, report.lags, _fit(c).reference, drawn_text(run, _fit(c))

    sentences = []
    for (kind, clusters, formula, lags, reference, (draws, tested)), some in shared(columns, convention):
        text = KINDS.get(kind, f"{kind} standard errors") + draws
        if clusters and not draws:
            sizes = [spread(_report(c).clusters[i][1] for c in some) for i in range(len(clusters))]
            named = [f"{dimension(run, name)} ({size} clusters)" for name, size in zip(clusters, sizes, strict=True)]
            text += f" by {listed(named)}"
        if lags is not None:
            text += f" (Bartlett kernel, {lags} lag{'' if lags == 1 else 's'})"
        if formula in MADE:
            text += f", {MADE[formula]}"
        elif formula and formula != "1":
            role = "" if formula.startswith(("s2", "e2")) else "factor " if kind == "crv3" else "small-sample factor "
            text += f", {role}{formula}"
            if "K" in formula:
                text += f" with K = {spread(_report(c).k for c in some)}"
        elif kind not in ("iid", "hc0", "bootstrap"):
            text += ", no small-sample factor"
        if tested:
            text += f"; {tested}."
        elif reference == "normal":
            text += "; p values from the normal distribution."
        else:
            df = spread(_fit(c).df_reference for c in some)
            text += f"; p values from t{f' with {df} degrees of freedom' if ' ' in df else f'({df})'}."
        sentences.append(prefixed(where(some, columns), text if where(some, columns) else capital(text)))
    return sentences


def drawn_text(run: Run, fit: Fit) -> tuple[str, str]:
    """How the draws of a bootstrap were made, and what p values and intervals are by: ("", "") without draws."""
    drawn = fit.resampled
    if drawn is None:
        return "", ""
    what = drawn.drawn
    for name, _ in fit.covariance.clusters:
        what = what.replace(f"({name})", f"({dimension(run, name)})")
    size = f"all {count(drawn.asked)} vectors of signs" if drawn.exact else f"{count(drawn.asked)} draws"
    how = f"{what}; {size}{'' if drawn.exact else f', seed {drawn.seed}'}"
    if drawn.failed:
        how += f", {count(drawn.failed)} failed"
    intervals = f"p values and {share(drawn.coverage)} intervals"
    if drawn.kind == "wild":
        return "", f"{intervals} by the wild cluster bootstrap-t, null imposed ({how.removeprefix('wild, ')})"
    return f" ({how})", f"{intervals} {METHODS[drawn.method]}"


def _stars(run: Run, columns: Sequence[Placed]) -> str:
    return star_text(run.spec.study.stars) + "." if run.spec.study.stars and columns else ""


def _estimators(run: Run, columns: Sequence[Placed]) -> list[str]:
    def made(c: Placed) -> tuple[str, tuple[str, ...]]:
        return _fit(c).estimator, tuple(name for name, _ in _fit(c).effects)

    facts = []
    for (estimator, effects), some in shared(columns, made):
        text = estimator
        if effects:
            sizes = [spread(_fit(c).effects[i][1] for c in some) for i in range(len(effects))]
            levels = (f"{dimension(run, name)} ({size})" for name, size in zip(effects, sizes, strict=True))
            text += f": {', '.join(levels)}"
        facts.append((where(some, columns), text))
    return [together(facts)]


def sample_losses(column: ModelColumn) -> tuple[Dropped, ...]:
    """Everything that left a column's sample: what building it dropped, then what the estimator dropped."""
    fit = column.fit
    if fit is None:
        return column.dropped
    if column.rows_before and column.rows_before - sum(d.rows for d in column.dropped) == fit.n:
        return column.dropped
    return (*column.dropped, *(d for d in fit.dropped if d not in column.dropped))


def _samples(run: Run, columns: Sequence[Placed]) -> list[str]:
    sentences = []
    for entry in run.ledger:
        if entry.step.startswith("panel where "):
            condition = entry.step.removeprefix("panel ")
            sentences.append(f"Sample: {condition} ({count(entry.rows_after)} of {count(entry.rows_before)} rows).")

    def rows(c: Placed) -> tuple[int, tuple[Dropped, ...]]:
        return c.column.rows_before, sample_losses(c.column)

    facts = []
    for (before, losses), some in shared(columns, rows):
        if losses:
            left = ", ".join(f"{count(d.rows)} ({d.reason})" for d in losses)
            facts.append((where(some, columns), f"{count(_fit(some[0]).n)} of {count(before)} rows, left out {left}"))
        elif before:
            facts.append((where(some, columns), f"all {count(before)} rows of the panel's sample"))
    sentences.append(together(facts))

    def shape(c: Placed) -> tuple[int, int, int]:
        return _fit(c).n_ids, _fit(c).t_min, _fit(c).t_max

    facts = []
    for (units, low, high), some in shared(columns, shape):
        length = f"{low} period{'s' if low > 1 else ''} each" if low == high else f"{low} to {high} periods"
        facts.append((where(some, columns), f"{count(units)} unit{'s' if units > 1 else ''} of {length}"))
    sentences.append(together(facts))
    return sentences


def used_variables(run: Run, columns: Sequence[Placed]) -> frozenset[str]:
    """The variables that the models of a table read, through definitions too."""
    models = {c.model.name: c.model for c in columns if c.model is not None}
    return reached(run.spec.variables, [ref.name for m in models.values() for ref in model_references(m)])


def reached(variables: Sequence[Variable], names: Sequence[str]) -> frozenset[str]:
    """Names, and everything their definitions read."""
    definitions = {v.name: v for v in variables}
    seen: set[str] = set()
    queue = list(names)
    while queue:
        name = queue.pop()
        if name in seen:
            continue
        seen.add(name)
        if name in definitions:
            queue += [ref.name for ref in references(definitions[name].expression) if ref.name != name]
    return frozenset(seen)


def winsorizing(run: Run, used: frozenset[str]) -> list[str]:
    """What `winsorize` and `trim` did to the variables used."""
    changed = {entry.step: entry.changed for entry in run.ledger if entry.column}
    sentences = []
    for statement in run.spec.winsorizing:
        names = [name for name in statement.variables if name in used]
        if not names:
            continue
        cells = sum(changed.get(f"{statement.kind} {name}", 0) for name in names)
        limits = f"{share(statement.lower)} and {share(statement.upper)}{_by(statement)}"
        verb = "winsorized" if statement.kind == "winsorize" else "trimmed"
        done = "changed" if statement.kind == "winsorize" else "set to missing"
        noun = "value" if cells == 1 else "values"
        sentences.append(f"{', '.join(names)} {verb} at {limits} ({count(cells)} {noun} {done}).")
    return sentences


def _by(statement: Winsorize) -> str:
    names = [ref.name for expression in statement.by for ref in references(expression)]
    return f" by {', '.join(names)}" if names else ""


def _weights(columns: Sequence[Placed]) -> list[str]:
    def weights(c: Placed) -> tuple[str, str]:
        names = [] if c.model is None else [ref.name for ref in references(c.model.weights)]
        return _fit(c).weights, ", ".join(names)

    return [
        prefixed(where(some, columns), f"{kind} weights{f': {names}' if names else ''}.")
        for (kind, names), some in shared(columns, weights)
        if kind
    ]


def _definitions(columns: Sequence[Placed], statistics: Sequence[str]) -> list[str]:
    sentences = []
    for name in statistics:
        having = [c for c in columns if name in _fit(c).statistics and name in _fit(c).definitions]
        facts = [
            (where(some, columns) if len(some) < len(having) else "", t)
            for t, some in shared(having, _definition(name))
        ]
        if facts:
            defined = "; ".join(f"{text} [{place}]" if place else text for place, text in facts)
            sentences.append(f"{label(name)}: {defined}.")
    return sentences


def _definition(name: str) -> Callable[[Placed], str]:
    return lambda c: _fit(c).definitions[name]


def _omitted(columns: Sequence[Placed]) -> list[str]:
    pairs: dict[tuple[str, str], list[Placed]] = {}
    for c in columns:
        for omitted in _fit(c).omitted:
            pairs.setdefault((omitted.term, omitted.reason), []).append(c)
    return [prefixed(where(some, columns), f"{term} omitted, {reason}.") for (term, reason), some in pairs.items()]


def _notices(run: Run, columns: Sequence[Placed]) -> list[str]:
    found: dict[str, list[Placed]] = {}
    names = {_fit(c).outcome for c in columns}.union(*(_fit(c).terms for c in columns))
    for c in columns:
        for notice in _fit(c).notices:
            if notice.kind.startswith("W") or notice.kind in SAID:
                names |= {notice.subject, *(name for name, _ in _fit(c).effects)}
                text = notice.message
                if notice.subject in ("id", "time"):
                    text = text.replace(f"by {notice.subject}", f"by {dimension(run, notice.subject)}")
                found.setdefault(text, []).append(c)
    sentences = []
    for text, some in found.items():
        place = where(some, columns)
        small = text if capital(text, names) == text else f"{text[0].lower()}{text[1:]}"
        sentences.append(prefixed(place, f"{small if place else capital(text, names)}."))
    return sentences


def _failures(columns: Sequence[Placed]) -> list[str]:
    found: dict[str, list[Placed]] = {}
    for c in columns:
        failure = c.column.failure
        if failure is not None:
            text = f"{failure.message}{f' ({failure.code})' if failure.code else ''}"
            found.setdefault(text, []).append(c)
    return [
        prefixed(where(some, columns), f"not estimated: {text}." if where(some, columns) else f"Not estimated: {text}.")
        for text, some in found.items()
    ]
