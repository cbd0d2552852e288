"""What a mediation analysis returns: the regressions, the effects with their draws, the checks, and a sentence."""

from __future__ import annotations

import math
from dataclasses import dataclass

from carbonspec.econometrics.bootstrap.intervals import Bootstrapped
from carbonspec.econometrics.bootstrap.replications import Replications
from carbonspec.econometrics.mediation.effects import Quantity
from carbonspec.econometrics.mediation.monte_carlo import SimulatedInterval
from carbonspec.econometrics.mediation.paths import Paths
from carbonspec.econometrics.mediation.sensitivity import Sensitivity
from carbonspec.econometrics.mediation.sobel import ProductTest
from carbonspec.econometrics.results import Dropped, Fit, Notice


@dataclass(frozen=True)
class Effect:
    """One effect. `bootstrapped` is None without a bootstrap, `simulated` where no standard errors give one."""

    quantity: Quantity
    estimate: float
    bootstrapped: Bootstrapped | None = None
    simulated: SimulatedInterval | None = None

    @property
    def name(self) -> str:
        return self.quantity.name

    def tidy(self, interval: str = "percentile") -> dict[str, str | float]:
        """A row in the manner of R's broom, with the interval by `interval`."""
        row: dict[str, str | float] = {"term": self.name, "kind": self.quantity.kind, "estimate": self.estimate}
        draws = self.bootstrapped
        if draws is not None:
            ends = draws.interval(interval)
            row |= {
                "std.error": draws.std_error,
                "statistic": draws.z,
                "p.value": draws.p_value,
                "conf.low": ends.low,
                "conf.high": ends.high,
                "bias": draws.bias,
                "p.percentile": draws.p_percentile,
                "replications": float(draws.replications),
            }
        return row


@dataclass(frozen=True)
class Joint:
    """Joint significance along a route (MacKinnon et al. 2002): the largest p value of its arrows."""

    route: tuple[str, ...]
    p_value: float
    significant: bool


@dataclass(frozen=True)
class Mediation:
    """A mediation analysis.

    `fits` are regression columns on one sample: total (the outcome on the treatment), each mediator's, the outcome's.
    `identity_gap` is |c - c' - sum ab| relative to the largest of them, checked to be rounding error (None with
    moderation, where there is no such identity). `suppression` says that indirect and direct effect have opposite
    signs: then `ratio` = |indirect/direct| is printed and no share. `verdict` is one or two sentences made from the
    numbers.
    """

    paths: Paths
    fits: tuple[Fit, ...]
    effects: tuple[Effect, ...]
    product_tests: tuple[ProductTest, ...]
    joint: tuple[Joint, ...]
    identity_gap: float | None
    suppression: bool
    verdict: str
    interval: str = "percentile"
    sensitivity: Sensitivity | None = None
    replications: Replications | None = None
    dropped: tuple[Dropped, ...] = ()
    notices: tuple[Notice, ...] = ()

    def __getitem__(self, name: str) -> Effect:
        """The effect by its name ("indirect", "direct", "total", "share", "Open -> Tech -> Ce"). KeyError for another
        name."""
        for effect in self.effects:
            if effect.name == name:
                return effect
        raise KeyError(name)

    @property
    def total(self) -> Fit:
        return self.fits[0]

    @property
    def outcome(self) -> Fit:
        return self.fits[-1]

    def fit_of(self, variable: str) -> Fit:
        """The equation that explains a mediator, or the outcome (with its mediators)."""
        return next(fit for fit in self.fits[1:] if fit.outcome == variable)

    @property
    def ratio(self) -> float:
        """|indirect/direct|, what is said of suppression instead of a share; NaN with moderation."""
        if self.identity_gap is None:
            return math.nan
        direct = self["direct"].estimate
        return abs(self["indirect"].estimate / direct) if direct else math.nan

    def tidy(self) -> list[dict[str, str | float]]:
        """Rows in the manner of R's broom: the effects, then the product tests."""
        rows = [effect.tidy(self.interval) for effect in self.effects]
        for test in self.product_tests:
            rows.append(
                {
                    "term": f"{' -> '.join(test.route)} ({test.name})",
                    "kind": test.name.lower(),
                    "estimate": test.estimate,
                    "std.error": test.std_error,
                    "statistic": test.z,
                    "p.value": test.p_value,
                }
            )
        return rows
