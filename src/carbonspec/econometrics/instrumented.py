"""What instrumental variables need beside a design, and what they give back."""

from __future__ import annotations

from dataclasses import dataclass

from carbonspec.econometrics.design import FloatArray
from carbonspec.econometrics.results import Fit


@dataclass(frozen=True)
class Instruments:
    """`endogenous` names terms of the design; Z (n, m) holds the excluded instruments called `terms`, on its rows.

    The design's other terms are their own instruments.
    """

    endogenous: tuple[str, ...]
    terms: tuple[str, ...]
    Z: FloatArray


@dataclass(frozen=True)
class InstrumentalVariables:
    """`fit` by two-stage least squares, `first_stages` in the order of `endogenous`, the outcome on all instruments.

    `endogenous` and `instruments` are the names used: those left out are in the notices of `fit`. A first stage has
    the statistics `f_excluded` (its df and p) and `r2_partial`.
    """

    fit: Fit
    first_stages: tuple[Fit, ...]
    reduced_form: Fit
    endogenous: tuple[str, ...]
    instruments: tuple[str, ...]
