"""Verdicts on hypotheses and `expect` lines.

A coefficient against a number is tested, with the fit's own standard error and reference distribution. Everything else
(two estimates, p values, counts) is a plain comparison.
"""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Iterable

from carbonspec.econometrics.hypothesis_tests.distributions import normal_two_sided, t_two_sided
from carbonspec.econometrics.hypothesis_tests.results import TestResult
from carbonspec.econometrics.results import Resampled
from carbonspec.lang.spec import Apply, Expect, Expr, Hypothesis, Literal, Quantity, Study
from carbonspec.report.inference import NORMAL, Estimate, inverted_p, two_sided, upper_tail
from carbonspec.report.numbers import general, share, within_printed
from carbonspec.report.quantities import Found, QuantityError, evaluate, find
from carbonspec.report.run import Expectation, Findings, Part, Verdict

SUPPORTED = "supported"
UNSUPPORTED = "unsupported"
CONTRADICTED = "contradicted"
FAILED = "failed"

_COMPARE = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
}
_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}


def judge(hypothesis: Hypothesis, findings: Findings, study: Study) -> Verdict:
    """The verdict on a hypothesis.

    Supported when every part is; contradicted when some part is significant on the other side; else unsupported;
    failed, with the reason, when a number it speaks of is not there.
    """
    level = study.level if hypothesis.level is None else hypothesis.level
    text = hypothesis.text or _written(hypothesis.claim)
    try:
        parts = tuple(_part(claim, findings, level, study.level) for claim in _conjuncts(hypothesis.claim))
    except QuantityError as problem:
        return Verdict(hypothesis.name, hypothesis.label, text, level, FAILED, (), problem.message)
    verdicts = {part.verdict for part in parts}
    overall = next((v for v in (CONTRADICTED, UNSUPPORTED) if v in verdicts), SUPPORTED)
    return Verdict(hypothesis.name, hypothesis.label, text, level, overall, parts)


def _conjuncts(claim: Expr) -> list[Expr]:
    if isinstance(claim, Apply) and claim.function == "and":
        return [part for argument in claim.arguments for part in _conjuncts(argument)]
    return [claim]


def _part(claim: Expr, findings: Findings, level: float, interval: float) -> Part:
    if not isinstance(claim, Apply) or len(claim.arguments) != 2:
        raise QuantityError("a hypothesis compares numbers: `m.x < 0`, `m.x in -0.1..0.1`, parts joined by `and`")
    left, right = claim.arguments
    text = _written(claim)
    if claim.function == "in" and isinstance(right, Apply) and right.function == "range":
        low, high = (evaluate(end, findings, interval) for end in right.arguments)
        if _coefficient(left, findings):
            assert isinstance(left, Quantity)
            return _equivalence(text, find(left, findings, interval), low, high, level)
        value = evaluate(left, findings, interval)
        return Part(text, value, None, SUPPORTED if low <= value <= high else UNSUPPORTED)
    if claim.function not in _COMPARE:
        raise QuantityError(f"a hypothesis cannot use `{claim.function}`: it compares numbers with < <= > >= and `in`")
    sign = claim.function
    if _coefficient(right, findings) and _constant(left):
        left, right, sign = right, left, _MIRRORED[sign]
    if _coefficient(left, findings) and _constant(right):
        assert isinstance(left, Quantity)
        return _tested(text, find(left, findings, interval), sign, evaluate(right, findings, interval), level)
    a, b = evaluate(left, findings, interval), evaluate(right, findings, interval)
    return Part(text, a, None, SUPPORTED if _COMPARE[sign](a, b) else UNSUPPORTED)


def _coefficient(expression: Expr, findings: Findings) -> bool:
    """Whether a number is tested against another: a coefficient, an effect, the estimate of a test."""
    if not isinstance(expression, Quantity) or expression.part != "estimate":
        return False
    return bool(expression.term or expression.effect) or expression.selection.model in findings.tests


def _constant(expression: Expr) -> bool:
    if isinstance(expression, Apply):
        return all(_constant(argument) for argument in expression.arguments)
    return isinstance(expression, Literal)


def _tested(text: str, found: Found, sign: str, number: float, level: float) -> Part:
    """A coefficient or an effect against a number: its side, and the two-sided p of "it equals the number"."""
    p: float | None
    how, draws = "", 0
    if found.effect is not None:
        value, p = found.value, _p_of_effect(found, number)
        how, draws = found.effect.inference, found.effect.replications
        if math.isnan(p):
            raise QuantityError(f"`{text}` cannot be tested: the effect has no standard error; add `bootstrap 1000`")
        significant = p <= level
    elif found.row is not None:
        value, p = found.value, _p_of_row(found.row, found.value, number, text)
        significant = p <= level
    else:
        assert found.column is not None
        estimate, fit = found.estimate, found.column.fit
        assert estimate is not None
        assert fit is not None
        value = estimate.estimate
        distance = value - number
        if fit.resampled is not None and fit.resampled.method != NORMAL:
            p, significant = _drawn(estimate, fit.resampled, number, level)
        else:
            p = two_sided(distance / estimate.std_error, fit) if estimate.std_error > 0 else float(distance == 0)
            significant = p <= level
    if sign == "==":
        verdict = CONTRADICTED if significant else UNSUPPORTED
    elif sign == "!=":
        verdict = SUPPORTED if significant else UNSUPPORTED
    elif not significant:
        verdict = UNSUPPORTED
    else:
        verdict = SUPPORTED if _COMPARE[sign](value - number, 0.0) else CONTRADICTED
    return Part(text, value, p, verdict, how, draws)


def _p_of_row(row: TestResult, value: float, number: float, text: str) -> float:
    """That the estimate of a test equals a number: by its standard error; without one the test's own p, of zero."""
    error = row.details.get("standard error")
    if error is not None and error > 0:
        ratio = (value - number) / error
        return t_two_sided(ratio, row.df[0]) if row.reference == "t" else normal_two_sided(ratio)
    if number == 0 and row.p_value is not None:
        return row.p_value
    raise QuantityError(f"`{text}` cannot be tested: {row.test} has a p value for zero alone")


def _p_of_effect(found: Found, number: float) -> float:
    """By the bootstrap, inverting the interval that the mediation prints; without one by the normal distribution."""
    effect, mediation = found.effect, found.mediation
    assert effect is not None
    assert mediation is not None
    if number == 0:
        return effect.p_value
    draws = mediation.draws.get(effect.name)
    if draws is not None and mediation.interval != "normal":
        return inverted_p(draws, effect.estimate, number, mediation.interval, effect.z0, effect.acceleration)
    return _normal(abs(effect.estimate - number) / effect.std_error) if effect.std_error > 0 else math.nan


def _normal(z: float) -> float:
    """P(|Z| >= z)."""
    return math.erfc(z / math.sqrt(2))


def _drawn(estimate: Estimate, drawn: Resampled, number: float, level: float) -> tuple[float | None, bool]:
    """The p of "it equals the number" and whether that is at most `level`, by draws: they have the p of zero, and of
    any other number whether the interval holds it."""
    if number == 0:
        return estimate.p_value, estimate.p_value <= level
    if abs(1 - drawn.coverage - level) > 1e-12:
        raise QuantityError(
            f"the draws tell whether a number other than 0 is rejected at {share(1 - drawn.coverage)}, the level of "
            f"their interval, not at {share(level)}"
        )
    return None, not estimate.conf_low <= number <= estimate.conf_high


def _equivalence(text: str, found: Found, low: float, high: float, level: float) -> Part:
    """Two one-sided tests: supported when both "it lies below" and "it lies above" are rejected at `level`.

    Contradicted when the estimate lies outside and differs significantly from the nearer end (two-sided).
    Schuirmann (1987), Journal of Pharmacokinetics and Biopharmaceutics 15: 657-680.
    """
    if found.effect is not None:
        return _effect_within(text, found, low, high, level)
    if found.row is not None:
        row, ends = found.row, (low, high)
        at_low, at_high = (_p_of_row(row, found.value, end, text) / 2 for end in ends)
        return Part(text, found.value, *_between(found.value, ends, (at_low, at_high), level))
    assert found.column is not None
    estimate, fit = found.estimate, found.column.fit
    assert estimate is not None
    assert fit is not None
    value, error = estimate.estimate, estimate.std_error
    if fit.resampled is not None and fit.resampled.method != NORMAL:
        raise QuantityError(
            "an equivalence test needs a distribution on either side of the estimate: use `bootstrap` with its normal "
            "interval, `crv3` or `cluster`"
        )
    if not error > 0:
        return Part(text, value, float(not low <= value <= high), SUPPORTED if low <= value <= high else CONTRADICTED)
    p = max(upper_tail((value - low) / error, fit), upper_tail((high - value) / error, fit))
    if p <= level:
        return Part(text, value, p, SUPPORTED)
    outside = max(low - value, value - high)
    far = outside > 0 and two_sided(outside / error, fit) <= level
    return Part(text, value, p, CONTRADICTED if far else UNSUPPORTED)


def _effect_within(text: str, found: Found, low: float, high: float, level: float) -> Part:
    """The same of an effect: each one-sided p is half the two-sided one on its side."""
    effect = found.effect
    assert effect is not None
    at_low, at_high = (_p_of_effect(found, end) / 2 for end in (low, high))
    if math.isnan(at_low) or math.isnan(at_high):
        raise QuantityError(f"`{text}` cannot be tested: the effect has no standard error; add `bootstrap 1000`")
    p, verdict = _between(found.value, (low, high), (at_low, at_high), level)
    return Part(text, found.value, p, verdict, effect.inference, effect.replications)


def _between(value: float, ends: tuple[float, float], sides: tuple[float, float], level: float) -> tuple[float, str]:
    """p and verdict of "it lies between `ends`"; `sides` are half the two-sided p of equality with each end."""
    low, high = ends
    above = sides[0] if value > low else 1 - sides[0]
    below = sides[1] if value < high else 1 - sides[1]
    p = max(above, below)
    nearer = sides[0] if value < low else sides[1]
    far = not low <= value <= high and 2 * nearer <= level
    return p, SUPPORTED if p <= level else CONTRADICTED if far else UNSUPPORTED


def _written(expression: Expr) -> str:
    if isinstance(expression, Quantity):
        return expression.text or f"{expression.selection.model}.{expression.term or expression.part}"
    if isinstance(expression, Literal):
        return expression.value if isinstance(expression.value, str) else general(float(expression.value))
    if isinstance(expression, Apply):
        parts = [_written(argument) for argument in expression.arguments]
        if expression.function == "range":
            return "..".join(parts)
        if expression.function == "neg":
            return f"-{parts[0]}"
        return f" {expression.function} ".join(parts)
    return ""


def check_expectation(
    expect: Expect, findings: Findings, verdicts: Iterable[Verdict], level: float = 0.05
) -> Expectation:
    """Whether an `expect` line is met; `level` is the study's, for interval ends."""
    line = expect.span.line
    wanted = _wanted(expect)
    if expect.hypothesis:
        found = next((v for v in verdicts if v.name == expect.hypothesis), None)
        if found is None:
            return Expectation(expect.text, wanted, "", False, line, f"no hypothesis called `{expect.hypothesis}`")
        met = found.verdict == expect.value
        return Expectation(expect.text, wanted, found.verdict, met, line, "" if met else found.reason)
    assert expect.quantity is not None
    try:
        obtained = evaluate(expect.quantity, findings, level)
        value = float(expect.value)
    except QuantityError as problem:
        return Expectation(expect.text, wanted, "", False, line, problem.message)
    except ValueError:
        return Expectation(expect.text, wanted, "", False, line, f"`{expect.value}` is not a number")
    if expect.tolerance is None:
        met = within_printed(obtained, value, _literal(expect))
    else:
        allowed = expect.tolerance * (abs(value) if expect.relative else 1.0)
        met = abs(obtained - value) <= allowed * (1 + 1e-12) + 4e-16 * abs(value)
    reason = "" if met else f"off by {general(obtained - value, 4)}" + _relative(obtained, value)
    return Expectation(expect.text, wanted, general(obtained, 10), met, line, reason)


def _relative(obtained: float, value: float) -> str:
    return f" ({100 * (obtained - value) / abs(value):+.2g}%)" if value else ""


_NUMBER = re.compile(r"[-+]?\s*([0-9][0-9_]*\.?[0-9_]*(?:[eE][-+]?[0-9]+)?%?)\s*$")


def _literal(expect: Expect) -> str:
    """The number as it was written, digits and all."""
    value = expect.text.rpartition("=")[2].partition(" within ")[0]
    written = _NUMBER.search(value.strip())
    return written[1] if written else general(float(expect.value), 15)


def _wanted(expect: Expect) -> str:
    if expect.hypothesis:
        return str(expect.value)
    written = expect.text.rpartition("=")[2].strip()
    if written:
        return written
    number = general(float(expect.value), 15)
    if expect.tolerance is None:
        return number
    return f"{number} within {share(expect.tolerance) if expect.relative else general(expect.tolerance)}"
