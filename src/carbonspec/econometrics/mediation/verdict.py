"""A sentence made from the numbers of a mediation analysis, and what must be pointed out."""

from __future__ import annotations

import math
from dataclasses import dataclass

from carbonspec.econometrics.mediation.paths import Paths
from carbonspec.econometrics.mediation.results import Effect, Joint
from carbonspec.econometrics.results import Fit, Notice

METHOD = {"percentile": "percentile", "bca": "BCa", "normal": "normal", "basic": "basic"}


@dataclass(frozen=True)
class Verdict:
    """The sentence, whether indirect and direct effect have opposite signs, and notices."""

    text: str
    suppression: bool
    notices: tuple[Notice, ...] = ()


def p_of(fit: Fit, at: int) -> float:
    """Two-sided p value of a coefficient by its fit's reference distribution; NaN without a standard error."""
    from scipy.special import ndtr, stdtr

    error = float(fit.std_errors[at])
    if not error > 0:
        return math.nan
    size = -abs(float(fit.estimates[at]) / error)
    return float(2 * (ndtr(size) if fit.reference == "normal" else stdtr(fit.df_reference, size)))


def pronounce(
    paths: Paths,
    fits: tuple[Fit, ...],
    effects: tuple[Effect, ...],
    joint: tuple[Joint, ...],
    interval: str,
    level: float,
) -> Verdict:
    """What the numbers say. An indirect effect is shown where the bootstrap interval leaves out zero; without a
    bootstrap, where all arrows of a route are significant."""
    if paths.moderation is not None:
        return _moderated(paths, effects, interval, level)
    known = {effect.name: effect for effect in effects}
    indirect, direct, total = known["indirect"], known["direct"], known["total"]
    shown, how = _shown(indirect, joint, interval, level)
    through = _through(paths)
    opposite = indirect.estimate * direct.estimate < 0
    last = fits[-1]
    p = p_of(last, last.terms.index(paths.treatment))
    held = p < 1 - level
    x, y = paths.treatment, paths.outcome
    notices: list[Notice] = []
    if not shown:
        text = f"An indirect effect of {x} on {y} through {through} is not shown: {number(indirect.estimate)} {how}."
        if opposite:
            text += " Its sign is opposite to that of the direct effect, as in suppression."
        text += _routes(effects, interval)
        return Verdict(text, opposite, _no_total(known, notices))
    text = f"{x} affects {y} through {through}: {number(indirect.estimate)} {how}."
    size = number(direct.estimate)
    if opposite:
        ratio = abs(indirect.estimate / direct.estimate)
        text += (
            f" This is suppression, not a share of the total effect: the direct effect of {size} (p {_p(p)}) has the "
            f"opposite sign, the indirect effect is {number(ratio)} times its size, and without {through} the two "
            f"offset each other in the total effect of {number(total.estimate)}."
        )
        message = (
            f"suppression: indirect {number(indirect.estimate)} and direct {number(direct.estimate)} offset each other"
        )
        notices.append(Notice("W550", message, through))
    else:
        share = known["share"].estimate
        left = f"the direct effect is {size} (p {_p(p)})"
        if not held:
            left = f"the direct effect that remains, {size}, cannot be told from zero (p {_p(p)})"
        if math.isnan(share):
            text += f" {left[0].upper()}{left[1:]}."
        else:
            text += f" That is {100 * share:.1f}% of the total effect of {number(total.estimate)}; {left}."
    text += _routes(effects, interval)
    return Verdict(text, opposite, _no_total(known, notices))


def differences(total: Fit, mediators: tuple[str, ...], benchmark: Fit) -> tuple[Notice, ...]:
    """A notice (W551) for what the regression of the total effect and a benchmark regression do not have in common:
    rows, fixed effects, standard errors, controls, weights. The total effect is then not the benchmark's coefficient.
    """
    parts = []
    if (total.n, total.n_ids) != (benchmark.n, benchmark.n_ids):
        parts.append(f"{total.n} rows of {total.n_ids} units against {benchmark.n} of {benchmark.n_ids}")
    ours, theirs = _effects(total), _effects(benchmark)
    if ours != theirs:
        parts.append(f"{ours} against {theirs}")
    ours, theirs = _errors(total), _errors(benchmark)
    if ours != theirs:
        parts.append(f"standard errors {ours} against {theirs}")
    missing = [term for term in benchmark.terms if term not in (*total.terms, *mediators, "Constant")]
    extra = [term for term in total.terms if term not in (*benchmark.terms, "Constant")]
    if missing:
        parts.append(f"without {', '.join(missing)}")
    if extra:
        parts.append(f"with {', '.join(extra)}")
    if bool(total.weights) != bool(benchmark.weights):
        parts.append(f"weights {total.weights or 'none'} against {benchmark.weights or 'none'}")
    if not parts:
        return ()
    return (Notice("W551", f"the mediation differs from the benchmark: {'; '.join(parts)}"),)


def number(value: float) -> str:
    """A number with four digits."""
    return f"{value:,.0f}" if abs(value) >= 10_000 else f"{value:.4g}"


def _shown(effect: Effect, joint: tuple[Joint, ...], interval: str, level: float) -> tuple[bool, str]:
    draws = effect.bootstrapped
    if draws is None:
        p = min(route.p_value for route in joint)
        return any(route.significant for route in joint), f"(joint significance, p {_p(p)})"
    ends = draws.interval(interval)
    if math.isnan(ends.low) or math.isnan(ends.high):
        ends = draws.interval("percentile")
    return ends.excludes_zero, f"({level:.0%} {METHOD[ends.method]} interval {number(ends.low)} to {number(ends.high)})"


def _through(paths: Paths) -> str:
    names = paths.mediators
    if len(names) == 1:
        return names[0]
    return f"{', '.join(names[:-1])} and {names[-1]}"


def _routes(effects: tuple[Effect, ...], interval: str) -> str:
    routes = [e for e in effects if e.quantity.kind == "route" and e.bootstrapped is not None]
    shown = [e for e in routes if e.bootstrapped is not None and e.bootstrapped.interval(interval).excludes_zero]
    if not routes:
        return ""
    if not shown:
        return f" None of the {len(routes)} routes is shown by itself."
    listed = "; ".join(f"{e.name} ({number(e.estimate)})" for e in shown)
    return f" Routes whose interval leaves out zero: {listed}."


def _moderated(paths: Paths, effects: tuple[Effect, ...], interval: str, level: float) -> Verdict:
    assert paths.moderation is not None
    by = paths.moderation.moderator
    x, m, y = paths.treatment, paths.mediators[0], paths.outcome
    conditional = [e for e in effects if e.quantity.kind == "indirect"]
    key = next((e for e in effects if e.quantity.kind == "index"), effects[-1])
    listed = ", ".join(f"{number(e.estimate)} {e.name.removeprefix('indirect ')}" for e in conditional)
    text = f"The indirect effect of {x} on {y} through {m} is {listed}."
    if key.bootstrapped is not None:
        ends = key.bootstrapped.interval(interval)
        moves = "changes with" if ends.excludes_zero else "is not shown to change with"
        what = "index of moderated mediation" if key.quantity.kind == "index" else "difference between the ends"
        text += (
            f" It {moves} {by}: {what} {number(key.estimate)} ({level:.0%} {METHOD[interval]} interval "
            f"{number(ends.low)} to {number(ends.high)})."
        )
    direct = [e.estimate for e in effects if e.quantity.kind == "direct"]
    opposite = all(e.estimate * d < 0 for e in conditional for d in direct)
    return Verdict(text, opposite)


def _no_total(known: dict[str, Effect], notices: list[Notice]) -> tuple[Notice, ...]:
    if math.isnan(known["share"].estimate):
        notices.append(Notice("N556", "the total effect is zero beside its parts: there is no share of it"))
    return tuple(notices)


def _p(p: float) -> str:
    return "< 0.001" if p < 0.001 else f"{p:.3f}"


def _effects(fit: Fit) -> str:
    return f"fe({', '.join(name for name, _ in fit.effects)})" if fit.effects else fit.estimator


def _errors(fit: Fit) -> str:
    kind, clusters = fit.covariance.kind, [name for name, _ in fit.covariance.clusters]
    return f"{kind}({', '.join(clusters)})" if clusters else kind
