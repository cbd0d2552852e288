"""How strong an omitted common cause of mediator and outcome must be to make the indirect effect vanish.

Imai, Keele and Yamamoto (2010, section 5; theorem 4): rho is the correlation of the errors of the mediator's equation
and of the outcome's, zero when nothing is omitted.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from carbonspec.econometrics.design import FloatArray


@dataclass(frozen=True)
class Sensitivity:
    """`rho_zero`: the correlation at which the indirect effect is zero, that of the residuals of M on X and Y on X.

    `rho` (r,) and `indirect` (r,) are its course. `r2_product` = rho_zero^2 is the product of the shares of residual
    variance of mediator and outcome that an omitted cause would have to explain; `r2_total` the same of the variances
    of mediator and outcome themselves.
    """

    rho_zero: float
    r2_product: float
    r2_total: float
    rho: FloatArray
    indirect: FloatArray


def sensitivity_to_omission(
    a: float,
    mediator_residuals: FloatArray,
    outcome_residuals: FloatArray,
    r2_mediator: float,
    r2_outcome: float,
    weights: FloatArray | None = None,
    points: int = 39,
) -> Sensitivity:
    """From the residuals (n,) of the mediator and of the outcome, both on the treatment (controls and effects beside).

    With r their correlation and s1, s2 their sizes (outcome, mediator), the indirect effect at rho is
    a s1/s2 (r - rho sqrt((1 - r^2)/(1 - rho^2))). `r2_mediator` and `r2_outcome` are the R2 of the two full equations.
    """
    w = np.ones(len(mediator_residuals)) if weights is None else weights
    s2, s1 = math.sqrt(float(w @ mediator_residuals**2)), math.sqrt(float(w @ outcome_residuals**2))
    r = max(-1.0, min(float(w @ (mediator_residuals * outcome_residuals)) / (s1 * s2), 1.0))
    rho = np.linspace(-0.95, 0.95, points)
    curve = a * s1 / s2 * (r - rho * np.sqrt((1 - r**2) / (1 - rho**2)))
    return Sensitivity(r, r**2, r**2 * (1 - r2_mediator) * (1 - r2_outcome), rho, curve)
