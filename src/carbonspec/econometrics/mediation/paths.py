"""Mediation as a small graph of linear equations, in causal order."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

from carbonspec.econometrics.results import EstimationError

STAGES = ("first", "second", "both")


@dataclass(frozen=True)
class Arrows:
    """One equation: `outcome` on `regressors` (controls and effects beside them)."""

    outcome: str
    regressors: tuple[str, ...]


@dataclass(frozen=True)
class Moderation:
    """A variable that moves the arrow into the mediator (`first`), out of it (`second`), or both; `direct` lets it
    move the direct arrow as well."""

    moderator: str
    stage: str
    direct: bool = False


@dataclass(frozen=True)
class Paths:
    """X -> … -> Y.

    `equations` are the mediators' in causal order and then the outcome's; `routes` the ways from X to Y through
    mediators, each a tuple of names from X to Y. `beside` are further columns of every equation that are not the
    treatment (a moderator); `products` maps the name of a made column to the two it is the product of.
    """

    kind: str
    treatment: str
    mediators: tuple[str, ...]
    outcome: str
    equations: tuple[Arrows, ...]
    routes: tuple[tuple[str, ...], ...]
    beside: tuple[str, ...] = ()
    products: tuple[tuple[str, tuple[str, str]], ...] = ()
    moderation: Moderation | None = None

    @property
    def total(self) -> Arrows:
        """The equation of the total effect: the outcome on all that is not a mediator."""
        made = dict(self.products)
        kept = [self.treatment, *self.beside]
        kept += [name for name, parts in made.items() if not set(parts) & set(self.mediators)]
        return Arrows(self.outcome, tuple(kept))

    @property
    def variables(self) -> tuple[str, ...]:
        """The columns of data that take part, controls left out."""
        return (self.treatment, *self.beside, *self.mediators, self.outcome)

    def __str__(self) -> str:
        middle = " -> ".join(self.mediators)
        if self.kind == "parallel":
            middle = f"({', '.join(self.mediators)})"
        return f"{self.treatment} -> {middle} -> {self.outcome}"


def single(treatment: str, mediator: str, outcome: str) -> Paths:
    """X -> M -> Y."""
    return chain(treatment, (mediator,), outcome)


def chain(treatment: str, mediators: tuple[str, ...], outcome: str) -> Paths:
    """X -> M1 -> M2 -> … -> Y. Every variable is explained by all before it, so that each subset of the mediators, in
    order, is a route, and the products of all routes and the direct effect add up to the total effect."""
    _check(treatment, mediators, outcome)
    before: tuple[str, ...] = (treatment,)
    equations = []
    for name in (*mediators, outcome):
        equations.append(Arrows(name, before))
        before = (*before, name)
    routes = [
        (treatment, *through, outcome)
        for size in range(1, len(mediators) + 1)
        for through in combinations(mediators, size)
    ]
    kind = "single" if len(mediators) == 1 else "chain"
    return Paths(kind, treatment, mediators, outcome, tuple(equations), tuple(routes))


def parallel(treatment: str, mediators: tuple[str, ...], outcome: str) -> Paths:
    """X -> (M1, M2, …) -> Y: mediators are explained by X alone, the outcome by X and all of them."""
    _check(treatment, mediators, outcome)
    if len(mediators) == 1:
        return single(treatment, mediators[0], outcome)
    into = tuple(Arrows(name, (treatment,)) for name in mediators)
    equations = (*into, Arrows(outcome, (treatment, *mediators)))
    routes = tuple((treatment, name, outcome) for name in mediators)
    return Paths("parallel", treatment, mediators, outcome, equations, routes)


def moderated(
    treatment: str, mediator: str, outcome: str, moderator: str, stage: str = "first", direct: bool = False
) -> Paths:
    """X -> M -> Y whose indirect effect depends on W: a(W) = a1 + a3 W, b(W) = b1 + b3 W, or both (Edwards and Lambert
    2007; Hayes 2015). W stands in both equations; with `direct` its product with X is in the outcome's too."""
    _check(treatment, (mediator,), outcome)
    if moderator in (mediator, outcome):
        raise EstimationError("E550", f"{moderator} cannot both be in the path and moderate it")
    if stage not in STAGES:
        raise EstimationError("E557", f"a moderated stage is one of {', '.join(STAGES)}, not {stage!r}")
    beside = () if moderator == treatment else (moderator,)
    first, second = f"{treatment}:{moderator}", f"{mediator}:{moderator}"
    start = (treatment, *beside)
    into = (*start, first) if stage != "second" else start
    out = (*start, first) if direct else start
    out = (*out, mediator, *((second,) if stage != "first" else ()))
    products = []
    if stage != "second" or direct:
        products.append((first, (treatment, moderator)))
    if stage != "first":
        products.append((second, (mediator, moderator)))
    equations = (Arrows(mediator, into), Arrows(outcome, out))
    route = (treatment, mediator, outcome)
    moderation = Moderation(moderator, stage, direct)
    return Paths("moderated", treatment, (mediator,), outcome, equations, (route,), beside, tuple(products), moderation)


def _check(treatment: str, mediators: tuple[str, ...], outcome: str) -> None:
    if not mediators:
        raise EstimationError("E550", f"there is no mediator between {treatment} and {outcome}")
    names = (treatment, *mediators, outcome)
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise EstimationError("E550", f"{twice[0]} stands twice in the path {' -> '.join(names)}")
