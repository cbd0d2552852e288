"""Covariance matrices of least-squares estimates.

Notation: B = (X'WX)^-1, e residuals, s_r = w_r x_r e_r the score of row r, K the number of parameters.

- iid: s2 B with s2 = e'We/(n - K).
- hc0: B (sum s s') B; hc1 times n/(n - K); hc2, hc3 with e2 divided by (1 - h), (1 - h)2, h the leverage in the full
  dummy regression (MacKinnon and White 1985).
- cluster: scores added up by cluster (Liang and Zeger 1986), one or two ways (Cameron, Gelbach and Miller 2011).
- driscoll_kraay: scores added up by period, Bartlett weights over periods (Driscoll and Kraay 1998).
- newey_west: Bartlett weights over the periods of a unit (Newey and West 1987).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from carbonspec.econometrics import kernels
from carbonspec.econometrics.design import CovarianceChoice, FloatArray, Groups
from carbonspec.econometrics.grouping import ascending, crossed, starts
from carbonspec.econometrics.results import CovarianceReport, EstimationError, Notice
from carbonspec.econometrics.sample import distinct

FEW_CLUSTERS = 12
SOME_CLUSTERS = 40
FEW_PERIODS = 20
FULL_LEVERAGE = 1.0 - 1e-10


@dataclass(frozen=True)
class Regression:
    """What a covariance needs to know of a regression.

    X (n, k) and `bread` (k, k). With `constant`, a column of ones orthogonal to X stands after them: it belongs to the
    parameters, but not to X. `k_total` counts every parameter; `k_outside(clusters)` leaves out fixed effects nested in
    the clusters. `leverage()` is the leverage of the effects alone (constant included), None where it is too large.
    """

    X: FloatArray
    residuals: FloatArray
    bread: FloatArray
    constant: bool
    weights: FloatArray | None
    unit: Groups
    period: Groups
    clusters: tuple[Groups, ...]
    k_total: int
    k_outside: Callable[[tuple[Groups, ...]], int]
    leverage: Callable[[], FloatArray | None]
    rss: float

    @property
    def n(self) -> int:
        return len(self.residuals)

    def full_bread(self) -> FloatArray:
        """Bread with the row and column of the constant."""
        if not self.constant:
            return self.bread
        k = len(self.bread)
        full = np.zeros((k + 1, k + 1))
        full[:k, :k] = self.bread
        full[k, k] = 1.0 / (self.n if self.weights is None else self.weights.sum())
        return full


@dataclass(frozen=True)
class Covariance:
    """V in the order of the columns, how it was made, and the degrees of freedom of t."""

    matrix: FloatArray
    report: CovarianceReport
    df: float
    notices: tuple[Notice, ...] = ()


def covariance(choice: CovarianceChoice, regression: Regression) -> Covariance:
    """The covariance matrix asked for.

    Raises EstimationError: E502 too few rows, E504 one cluster, E505 an unknown kind, E506 clusters not given,
    E511 leverages too large to compute, E512 lags that the data cannot have.
    """
    if regression.n <= regression.k_total:
        raise too_few(regression.n, regression.k_total)
    make = KINDS.get(choice.kind)
    if make is None:
        raise EstimationError("E505", f"there is no covariance called {choice.kind}")
    return make(choice, regression)


def too_few(n: int, parameters: int) -> EstimationError:
    """The error for a model with as many parameters as rows."""
    return EstimationError("E502", f"{n} rows cannot estimate {parameters} parameters, fixed effects included")


def _sandwich(regression: Regression, meat: FloatArray, factor: float) -> FloatArray:
    bread = regression.full_bread()
    return np.asarray(factor * (bread @ meat @ bread))


# --- independent errors ----------------------------------------------------------------------------------


def _iid(choice: CovarianceChoice, regression: Regression) -> Covariance:  # noqa: ARG001
    df = regression.n - regression.k_total
    matrix = regression.full_bread() * (regression.rss / df)
    return Covariance(matrix, CovarianceReport("iid", 1.0, "s2 = e'e/(n-K)", regression.k_total), df)


def _heteroskedastic(choice: CovarianceChoice, regression: Regression) -> Covariance:
    n, k_total = regression.n, regression.k_total
    weights, e = regression.weights, regression.residuals
    u = e if weights is None else e * weights
    factor, formula = 1.0, "1"
    notices: tuple[Notice, ...] = ()
    if choice.kind == "hc1":
        factor, formula = n / (n - k_total), "n/(n-K)"
    elif choice.kind in ("hc2", "hc3"):
        u, notices = _inflated(u, regression, 0.5 if choice.kind == "hc2" else 1.0)
        formula = "e2/(1-h)" if choice.kind == "hc2" else "e2/(1-h)2"
    scores = _scores(regression, u)
    matrix = _sandwich(regression, scores.T @ scores, factor)
    return Covariance(matrix, CovarianceReport(choice.kind, factor, formula, k_total), n - k_total, notices)


def _inflated(u: FloatArray, regression: Regression, power: float) -> tuple[FloatArray, tuple[Notice, ...]]:
    own = regression.leverage()
    if own is None:
        raise EstimationError(
            "E511", "HC2 and HC3 need the leverage of every row, and these fixed effects have too many levels for it"
        )
    X = regression.X
    part = np.einsum("ij,ij->i", X @ regression.bread, X)
    h = own + (part if regression.weights is None else part * regression.weights)
    free = h < FULL_LEVERAGE
    inflated = np.where(free, u / np.where(free, 1.0 - h, 1.0) ** power, 0.0)
    count = int(np.count_nonzero(~free))
    if not count:
        return inflated, ()
    message = f"{count} row{'s' if count > 1 else ''} with leverage 1 left out of the covariance: fitted exactly"
    return inflated, (Notice("W506", message),)


def _scores(regression: Regression, u: FloatArray) -> FloatArray:
    """(n, p) scores: X u, and u for the constant."""
    k = regression.X.shape[1]
    scores = np.empty((len(u), k + regression.constant))
    np.multiply(regression.X, u[:, None], out=scores[:, :k])
    if regression.constant:
        scores[:, k] = u
    return scores


# --- clusters --------------------------------------------------------------------------------------------


def _cluster(choice: CovarianceChoice, regression: Regression) -> Covariance:
    clusters = regression.clusters
    if not clusters:
        raise EstimationError("E506", "clustered standard errors need a variable to cluster by")
    if len(clusters) > 2:
        raise EstimationError("E506", "standard errors can be clustered one or two ways")
    for groups in clusters:
        if groups.count < 2:
            raise EstimationError("E504", f"{groups.name} has a single value in these rows: no clusters to compare")
    fewest = min(groups.count for groups in clusters)
    factor, formula, k = _factor(choice, regression, fewest, clusters)
    report = CovarianceReport("cluster", factor, formula, k, tuple((g.name, g.count) for g in clusters))
    meat = _cluster_meat(regression, clusters[0])
    notices = _few_clusters(clusters)
    if len(clusters) == 1:
        return Covariance(_sandwich(regression, meat, factor), report, fewest - 1, notices)
    meat = meat + _cluster_meat(regression, clusters[1]) - _cluster_meat(regression, crossed(*clusters))
    matrix, repaired = _made_psd(_sandwich(regression, meat, factor), len(regression.bread))
    return Covariance(matrix, report, fewest - 1, notices + repaired)


def _factor(
    choice: CovarianceChoice, regression: Regression, G: int, clusters: tuple[Groups, ...]
) -> tuple[float, str, int]:
    n, k = regression.n, regression.X.shape[1]
    if choice.correction == "hc0":
        return 1.0, "1", 0
    if choice.correction == "none":
        parameters = k
    elif choice.correction == "full" or not clusters:
        parameters = regression.k_total
    elif choice.correction == "nested":
        parameters = regression.k_outside(clusters)
    else:
        raise EstimationError("E505", f"there is no small-sample correction called {choice.correction}")
    if n <= parameters:
        raise too_few(n, parameters)
    return G / (G - 1) * (n - 1) / (n - parameters), "G/(G-1)*(n-1)/(n-K)", parameters


def _cluster_meat(regression: Regression, groups: Groups) -> FloatArray:
    sums = _score_sums(regression, groups)
    return sums.T @ sums


def _score_sums(regression: Regression, groups: Groups) -> FloatArray:
    """(G, p) scores added up by group."""
    X, e, weights = regression.X, regression.residuals, regression.weights
    codes, count, k = groups.codes, groups.count, X.shape[1]
    if regression.n >= kernels.ROWS and kernels.available() and ascending(codes):
        sums = kernels.score_sums(starts(groups.sizes), X, e, weights)
        return sums if regression.constant else sums[:, :k]
    u = e if weights is None else e * weights
    sums = np.empty((count, k + regression.constant))
    for j in range(k):
        sums[:, j] = np.bincount(codes, X[:, j] * u, count)
    if regression.constant:
        sums[:, k] = np.bincount(codes, u, count)
    return sums


def _few_clusters(clusters: tuple[Groups, ...]) -> tuple[Notice, ...]:
    notices = []
    for groups in clusters:
        if groups.count < FEW_CLUSTERS:
            message = f"only {groups.count} clusters by {groups.name}: standard errors are too small on average"
            notices.append(Notice("W501", message, groups.name))
        elif groups.count < SOME_CLUSTERS:
            notices.append(Notice("N502", f"{groups.count} clusters by {groups.name}", groups.name))
    return tuple(notices)


def _made_psd(matrix: FloatArray, k: int) -> tuple[FloatArray, tuple[Notice, ...]]:
    """A two-way clustered matrix whose k slopes have no negative eigenvalue.

    The constant, where there is one, stands outside the slopes so that it cannot change their standard errors: its
    covariances are brought into the space of the repaired slopes, and its variance raised to the least that goes with
    them, if need be.
    """
    symmetric = (matrix + matrix.T) / 2
    slopes, count = nearest_psd(symmetric[:k, :k])
    symmetric[:k, :k] = slopes
    notices = []
    if count:
        noun = "eigenvalue" if count == 1 else "eigenvalues"
        notices.append(Notice("W503", f"the two-way clustered covariance had {count} negative {noun}, set to 0"))
    if len(symmetric) > k:
        inverse = np.linalg.pinv(slopes, rcond=1e-12, hermitian=True)
        if count:
            symmetric[k, :k] = symmetric[:k, k] = slopes @ (inverse @ symmetric[k, :k])
        shared = symmetric[k, :k]
        least = float(shared @ inverse @ shared)
        if symmetric[k, k] < least * (1 - 1e-9):
            symmetric[k, k] = least
            message = "the two-way clustered variance of the constant was too small for a covariance, and was raised"
            notices.append(Notice("W503", message, "Constant"))
    return symmetric, tuple(notices)


def nearest_psd(matrix: FloatArray) -> tuple[FloatArray, int]:
    """The symmetric matrix with its negative eigenvalues set to zero, and how many there were (beyond rounding)."""
    scale = np.sqrt(np.maximum(np.abs(matrix.diagonal()), np.finfo(np.float64).tiny))
    scaled = np.linalg.eigvalsh(matrix / np.outer(scale, scale))
    count = int(np.count_nonzero(scaled < -1e-12 * np.abs(scaled).max()))
    if not count:
        return matrix, 0
    values, vectors = np.linalg.eigh(matrix)
    return np.asarray((vectors * np.maximum(values, 0.0)) @ vectors.T), count


# --- dependence over time --------------------------------------------------------------------------------


def _driscoll_kraay(choice: CovarianceChoice, regression: Regression) -> Covariance:
    period = regression.period
    periods, lags = _periods_and_lags(choice, regression)
    first = int(period.codes.min())
    span = int(period.codes.max()) - first + 1
    sums = _score_sums(regression, Groups(period.name, period.codes - first, span))
    meat = sums.T @ sums
    for lag in range(1, lags + 1):
        product = sums[lag:].T @ sums[:-lag]
        meat += (1 - lag / (lags + 1)) * (product + product.T)
    return _over_time(choice, regression, meat, periods, lags)


def _newey_west(choice: CovarianceChoice, regression: Regression) -> Covariance:
    periods, lags = _periods_and_lags(choice, regression)
    weights, e = regression.weights, regression.residuals
    scores = _scores(regression, e if weights is None else e * weights)
    meat = scores.T @ scores
    span = int(regression.period.codes.max()) + 1 + lags
    place = regression.unit.codes.astype(np.int64) * span + regression.period.codes
    order = None if bool((place[1:] > place[:-1]).all()) else np.argsort(place)
    if order is not None:
        place, scores = place[order], scores[order]
    for lag in range(1, lags + 1):
        at = np.searchsorted(place, place - lag)
        later = place[at] == place - lag
        product = scores[later].T @ scores[at[later]]
        meat += (1 - lag / (lags + 1)) * (product + product.T)
    return _over_time(choice, regression, meat, periods, lags)


def _periods_and_lags(choice: CovarianceChoice, regression: Regression) -> tuple[int, int]:
    periods = distinct(regression.period)
    if periods < 2:
        raise EstimationError("E512", "there is a single period: errors cannot be correlated over time")
    lags = choice.lags if choice.lags is not None else int(4 * (periods / 100) ** (2 / 9))
    if not 0 <= lags < periods:
        raise EstimationError("E512", f"{lags} lags need more than {periods} periods")
    return periods, lags


def _over_time(
    choice: CovarianceChoice, regression: Regression, meat: FloatArray, periods: int, lags: int
) -> Covariance:
    factor, formula, k = _factor(choice, regression, periods, ())
    report = CovarianceReport(choice.kind, factor, formula.replace("G", "T"), k, (), lags)
    notices: tuple[Notice, ...] = ()
    if choice.kind == "driscoll_kraay" and periods < FEW_PERIODS:
        notices = (Notice("N505", f"Driscoll-Kraay standard errors rest on many periods; there are {periods}"),)
    return Covariance(_sandwich(regression, meat, factor), report, periods - 1, notices)


KINDS: dict[str, Callable[[CovarianceChoice, Regression], Covariance]] = {
    "iid": _iid,
    "hc0": _heteroskedastic,
    "hc1": _heteroskedastic,
    "hc2": _heteroskedastic,
    "hc3": _heteroskedastic,
    "cluster": _cluster,
    "driscoll_kraay": _driscoll_kraay,
    "newey_west": _newey_west,
}


def with_constant(covariance_: Covariance, mean: FloatArray) -> Covariance:
    """From (b, ȳ) with X about its mean to (b, ȳ - x̄'b): the constant of the model and its standard error."""
    k = len(mean)
    J = np.eye(k + 1)
    J[k, :k] = -mean
    return Covariance(J @ covariance_.matrix @ J.T, covariance_.report, covariance_.df, covariance_.notices)
