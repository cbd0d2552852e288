"""What an estimator returns: arrays and facts, no formatting, no spans."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]


class EstimationError(Exception):
    """A regression that cannot be estimated: a code of `diagnostics.codes` (E5xx) and one sentence with the facts."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code} {message}")
        self.code = code
        self.message = message


@dataclass(frozen=True)
class Notice:
    """Something the user must be told: a dropped row, an omitted regressor, a repaired matrix.

    `kind` is a code of `diagnostics.codes` (e.g. "W401"); `message` one sentence with the facts; `subject` the term,
    unit or period it speaks of, if any.
    """

    kind: str
    message: str
    subject: str = ""


def p_text(p: float) -> str:
    """A p value in a sentence: "p = 0.019", "p < 0.001"."""
    return "p < 0.001" if p < 0.0005 else f"p = {p:.3f}"


@dataclass(frozen=True)
class Omitted:
    """A regressor left out of the fit and why: "absorbed by fe(id)", "collinear with Rpc", "constant"."""

    term: str
    reason: str


@dataclass(frozen=True)
class Dropped:
    """Rows that left the sample at one step and why."""

    reason: str  # "Ce missing", "singleton in id", "where year <= 2018"
    rows: int


@dataclass(frozen=True)
class CovarianceReport:
    """How the standard errors were made, as executed.

    `kind`: iid, hc0..hc3, cluster, crv3, driscoll_kraay, newey_west, bootstrap. `factor` is the small-sample factor
    applied, `formula` its text ("G/(G-1)*(n-1)/(n-K)"), `k` the K in it. `clusters` = ((name, count), …). `lags` for
    HAC kinds.
    """

    kind: str
    factor: float = 1.0
    formula: str = ""
    k: int = 0
    clusters: tuple[tuple[str, int], ...] = ()
    lags: int | None = None


@dataclass(frozen=True)
class Resampled:
    """What draws say of the coefficients (k,) of a fit, in the order of its terms.

    `kind` is "bootstrap" (standard errors, p values and intervals are the draws') or "wild" (p values and intervals
    alone, by the wild cluster bootstrap). `drawn` says what was drawn ("30 clusters (id)"), `seed` is the study's.
    `method` is how intervals and p values were made: normal, percentile, basic, bca; inversion for "wild". Intervals
    have coverage `coverage`. `failed` draws could not be estimated. `bias` is the draws' mean less the estimate (NaN
    for "wild"). `exact` is set where all sign vectors were enumerated.
    """

    kind: str
    drawn: str
    asked: int
    failed: int
    seed: int
    method: str
    coverage: float
    p_values: FloatArray
    low: FloatArray
    high: FloatArray
    bias: FloatArray
    exact: bool = False


@dataclass(frozen=True)
class Fit:
    """One regression.

    estimates (k,), vcov (k, k) in the order of `terms`; the constant, where there is one, is the last term, "Constant".
    `reference` is "t" (with `df_reference` degrees of freedom: G - 1 when clustered, n - K otherwise) or "normal".
    `df_resid` = n - K_total, all absorbed effects counted. `statistics` maps names (r2_within, r2_overall, r2_between,
    r2_adj, r2, sigma, rss, theta, sigma_u, sigma_e, rho, corr_xb, f, f_p …) to numbers.
    `effects` names the absorbed dimensions with their number of levels. `definitions` says in one line each what the
    statistics whose name is not a definition (the R2s, theta, sigma_u, …) are, for the table's note. A statistic that
    does not exist for a model is absent, never NaN.
    """

    estimator: str  # "pooled OLS", "fixed effects", "random effects (Swamy-Arora)", "between", "first differences"
    outcome: str
    terms: tuple[str, ...]
    estimates: FloatArray
    vcov: FloatArray
    reference: str
    df_reference: float
    df_resid: float
    n: int
    n_ids: int
    n_periods: int
    t_min: int
    t_max: int
    covariance: CovarianceReport
    effects: tuple[tuple[str, int], ...] = ()
    statistics: dict[str, float] = field(default_factory=dict)
    omitted: tuple[Omitted, ...] = ()
    dropped: tuple[Dropped, ...] = ()
    notices: tuple[Notice, ...] = ()
    weights: str = ""
    definitions: dict[str, str] = field(default_factory=dict)
    resampled: Resampled | None = None

    @property
    def std_errors(self) -> FloatArray:
        """(k,) square roots of the diagonal of `vcov`."""
        return np.sqrt(np.diag(self.vcov))
