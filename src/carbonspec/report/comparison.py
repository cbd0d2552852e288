"""The same numbers in several runs: what is compared, and what each run says."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from carbonspec.lang.spec import Apply, Expr, Quantity, Selection
from carbonspec.report.inference import stars
from carbonspec.report.quantities import LAST, Found, QuantityError, find
from carbonspec.report.run import Run
from carbonspec.report.tidy import vcov_name


@dataclass(frozen=True)
class Variant:
    """One spec of a comparison: its run, or why there is none. `asked` are the quantities asked for, by their text."""

    name: str
    run: Run | None = None
    failure: str = ""
    asked: tuple[tuple[str, Quantity], ...] = ()


@dataclass(frozen=True)
class Subject:
    """What is compared: a hypothesis by its name with the quantities it speaks of, or one quantity ("" as name)."""

    hypothesis: str
    label: str
    quantities: tuple[str, ...]


@dataclass(frozen=True)
class Compared:
    """One number in one variant; `reason` says why it is not there. None where a number has no such thing.

    `verdict` is that of the hypothesis, `claim` how this variant writes it, `vcov` the kind of standard error.
    """

    spec: str
    hypothesis: str
    quantity: str
    estimate: float | None = None
    std_error: float | None = None
    p_value: float | None = None
    stars: str = ""
    n: int | None = None
    vcov: str = ""
    verdict: str = ""
    claim: str = ""
    reason: str = ""


def subjects(variants: Sequence[Variant], wanted: Sequence[str] = ()) -> tuple[Subject, ...]:
    """What to compare: what is `wanted` (hypotheses and quantities); else all hypotheses; else of each model of the
    first run that finished the first regressor of its last column."""
    hypotheses: dict[str, Subject] = {}
    for variant in variants:
        for hypothesis in variant.run.spec.hypotheses if variant.run is not None else ():
            texts = tuple(dict.fromkeys(q.text for q in quantities_of(hypothesis.claim)))
            hypotheses.setdefault(hypothesis.name, Subject(hypothesis.name, hypothesis.label, texts))
    if wanted:
        return tuple(hypotheses.get(text) or Subject("", "", (text,)) for text in wanted)
    if hypotheses:
        return tuple(hypotheses.values())
    first = next((variant.run for variant in variants if variant.run is not None), None)
    return tuple(Subject("", "", (q.text,)) for q in _usual(first))


def rows(variants: Sequence[Variant], subjects: Sequence[Subject]) -> list[dict[str, Any]]:
    """A row a number and variant, variant by variant; a number that does not exist is None."""
    numbers = (number for variant in variants for subject in subjects for number in compared(variant, subject))
    return [{name: _finite(value) for name, value in asdict(number).items()} for number in numbers]


def _finite(value: Any) -> Any:
    return None if isinstance(value, float) and not math.isfinite(value) else value


def compared(variant: Variant, subject: Subject) -> tuple[Compared, ...]:
    """A variant's numbers on a subject, one for each of the subject's quantities."""
    run = variant.run
    if run is None:
        return tuple(
            Compared(variant.name, subject.hypothesis, text, reason=variant.failure) for text in subject.quantities
        )
    if not subject.hypothesis:
        known = dict(variant.asked) | {q.text: q for q in _usual(run)}
        return tuple(_number(variant.name, run, "", text, known.get(text)) for text in subject.quantities)
    found = next((h for h in run.spec.hypotheses if h.name == subject.hypothesis), None)
    if found is None:
        reason = f"has no hypothesis {subject.hypothesis}"
        return tuple(Compared(variant.name, subject.hypothesis, text, reason=reason) for text in subject.quantities)
    verdict = next((v for v in run.verdicts if v.name == found.name), None)
    said = {"verdict": verdict.verdict if verdict is not None else "", "claim": found.text}
    own = {q.text: q for q in quantities_of(found.claim)}
    named = [own.get(text) for text in subject.quantities]
    if not any(named) and len(own) == len(named):  # the variant's claim speaks of other numbers
        named = list(own.values())
    return tuple(
        _number(variant.name, run, found.name, text, quantity, **said)
        for text, quantity in zip(subject.quantities, named, strict=True)
    )


def quantities_of(claim: Expr | None) -> list[Quantity]:
    """Every quantity a claim speaks of, in order."""
    if isinstance(claim, Quantity):
        return [claim]
    if isinstance(claim, Apply):
        return [q for argument in claim.arguments for q in quantities_of(argument)]
    return []


def _number(
    spec: str, run: Run, hypothesis: str, text: str, quantity: Quantity | None, verdict: str = "", claim: str = ""
) -> Compared:
    if quantity is None:
        return Compared(spec, hypothesis, text, verdict=verdict, claim=claim, reason=f"`{text}` is not there")
    try:
        found = find(quantity, run.findings, run.spec.study.level)
    except QuantityError as problem:
        return Compared(spec, hypothesis, text, verdict=verdict, claim=claim, reason=problem.message)
    error, p = _inference(found, quantity)
    fit = found.column.fit if found.column is not None else None
    return Compared(
        spec,
        hypothesis,
        text,
        found.value,
        error,
        p,
        stars(p, run.spec.study.stars) if p is not None else "",
        fit.n if fit is not None else None,
        _error_kind(run, found, quantity) if error is not None else "",
        verdict,
        claim,
    )


def _error_kind(run: Run, found: Found, quantity: Quantity) -> str:
    """How a standard error was made: of a column as a spec writes it, of a mediation's effect by its draws."""
    if found.column is not None:
        return vcov_name(found.column)
    outcomes = run.mediations.get(quantity.selection.model, ())
    if outcomes and outcomes[0].replications:
        return f"{outcomes[0].replications} draws of {outcomes[0].resampling}"
    return ""


def _inference(found: Found, quantity: Quantity) -> tuple[float | None, float | None]:
    """(standard error, two-sided p) of a coefficient or effect; None for other numbers."""
    if quantity.part != "estimate":
        return None, None
    if found.estimate is not None:
        return found.estimate.std_error, found.estimate.p_value
    if found.effect is not None:
        return found.effect.std_error, found.effect.p_value
    return None, None


def _usual(run: Run | None) -> list[Quantity]:
    """Of each model the first regressor of its last column."""
    found = []
    for model in run.spec.models if run is not None else ():
        terms = model.columns[-1].regressors
        if terms:
            name = terms[0].name
            found.append(Quantity(Selection(model.name, (), LAST, LAST), name, text=f"{model.name}[last].{name}"))
    return found
