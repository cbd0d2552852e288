"""Effects of mediations by their names in a spec: `via_tech.indirect`, `chain[Tech -> Quality].indirect.p`."""

from __future__ import annotations

import math

from carbonspec.lang.spec import Quantity
from carbonspec.report.run import Findings, MediatedEffect, MediationOutcome

PARTS = {
    "estimate": "estimate",
    "se": "std_error",
    "z": "z",
    "p": "p_value",
    "low": "conf_low",
    "high": "conf_high",
    "bias": "bias",
}
PRODUCTS = {"sobel": "Sobel", "aroian": "Aroian", "goodman": "Goodman"}
PRODUCT_PARTS = {"z": "z", "se": "std_error", "p": "p_value"}
FACTS = {"ratio": "ratio", "rho": "rho_zero"}


class EffectError(Exception):
    """An effect that is not there. `message` is one sentence in the user's terms."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


def outcome_of(quantity: Quantity, findings: Findings) -> MediationOutcome:
    """The analysis a quantity speaks of. Raises EffectError: several values of a split, or one that failed."""
    name = quantity.selection.model
    found = findings.mediations[name]
    for wanted in quantity.selection.filters:
        found = tuple(o for o in found if wanted.value in (o.split_value, o.split_label, str(o.split_value)))
    written = quantity.text or name
    if not found:
        raise EffectError(f"`{written}`: no row has that value of the split")
    if len(found) > 1:
        values = ", ".join(f"{o.split} = {o.split_label or o.split_value}" for o in found)
        raise EffectError(f"`{written}` means {len(found)} numbers, one for each of {values}; name one")
    (outcome,) = found
    if outcome.failure is not None:
        raise EffectError(f"the mediation `{name}` could not be done: {outcome.failure.message}")
    return outcome


def effect_of(quantity: Quantity, outcome: MediationOutcome) -> MediatedEffect:
    """The effect that a quantity names. Raises EffectError."""
    wanted = quantity.effect
    if outcome.moderator and wanted in ("indirect", "direct"):
        found = [e for e in outcome.effects if e.kind == wanted and (not e.level or _at(e, quantity.level))]
    elif quantity.route and len(outcome.mediators) > 1:
        route = (outcome.treatment, *quantity.route, outcome.outcome)
        found = [e for e in outcome.effects if e.kind == "route" and e.route == route]
    else:
        found = [e for e in outcome.effects if e.kind == wanted]
    if len(found) != 1:
        levels = ", ".join(dict.fromkeys(e.level for e in outcome.effects if e.level))
        message = f"`{quantity.text or wanted}`: the mediation has no such effect"
        raise EffectError(message + (f"; it has effects at {outcome.moderator} = {levels}" if levels else ""))
    return found[0]


def _at(effect: MediatedEffect, level: float | str | None) -> bool:
    return effect.level == level if isinstance(level, str) else level is not None and effect.at == level


def value_of(quantity: Quantity, findings: Findings) -> tuple[float, MediatedEffect | None, MediationOutcome]:
    """(the number, the effect where it is its estimate or a part of it, the analysis). Raises EffectError."""
    outcome = outcome_of(quantity, findings)
    word, written = quantity.effect, quantity.text or quantity.effect
    if word in PRODUCTS or word == "joint":
        passed = quantity.route or (outcome.mediators if outcome.kind in ("single", "chain") else ())
        route = (outcome.treatment, *passed, outcome.outcome)
        value = math.nan
        if word == "joint":
            value = next((line.p_value for line in outcome.joint if line.route == route), math.nan)
        else:
            line = next((t for t in outcome.products if t.name == PRODUCTS[word] and t.route == route), None)
            value = math.nan if line is None else float(getattr(line, PRODUCT_PARTS[quantity.part]))
        if math.isnan(value):
            raise EffectError(f"`{written}`: there is no such test of {' -> '.join(route)}")
        return value, None, outcome
    if word in FACTS:
        if math.isnan(outcome.facts.get(FACTS[word], math.nan)):
            raise EffectError(f"`{written}`: this mediation has no `{word}`")
        return outcome.facts[FACTS[word]], None, outcome
    effect = effect_of(quantity, outcome)
    value = float(getattr(effect, PARTS[quantity.part]))
    if math.isnan(value):
        why = "add `bootstrap 1000`" if not outcome.replications else "it does not exist for these draws"
        raise EffectError(f"`{written}` is not there: {why}")
    return value, effect, outcome
