"""A linear regression after constant or fixed effects are taken out: what pooled OLS, fixed effects, between and first
differences have in common."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from carbonspec.econometrics.covariance import Covariance, Regression, covariance, too_few, with_constant
from carbonspec.econometrics.design import CovarianceChoice, FloatArray, Groups
from carbonspec.econometrics.least_squares import TOLERANCE, Solution, norm_before, solve
from carbonspec.econometrics.results import EstimationError, Notice
from carbonspec.econometrics.sample import Sample

CONSTANT = "Constant"
WEIGHTED = {"sigma": "root of SSR/(n - K) with weights scaled to mean 1"}


@dataclass(frozen=True)
class Linear:
    """Estimates and covariance in the order of `terms`, and the solution they come from."""

    terms: tuple[str, ...]
    estimates: FloatArray
    solution: Solution
    covariance: Covariance
    k_total: int

    @property
    def slopes(self) -> int:
        return len(self.solution.b)


def regress(
    outcome: str,
    terms: tuple[str, ...],
    sample: Sample,
    within: FloatArray,
    mean: FloatArray,
    centred: FloatArray,
    choice: CovarianceChoice,
    *,
    constant: bool,
    parameters: int,
    outside: Callable[[tuple[Groups, ...]], int],
    leverage: Callable[[], FloatArray | None],
    absorber: Callable[[int], str],
    gram: FloatArray | None = None,
) -> Linear:
    """Regress the last column of `within` (n, k + 1) on the others.

    Parameters
    ----------
    mean, centred: means (k + 1,) and centred sums of squares (k + 1,) of the columns before anything was taken out.
    constant: whether the fit reports ȳ - x̄'b as a last term; then the columns of `within` must sum to zero (weighted).
    gram: weighted cross-products (k + 1, k + 1) of `within`, where they are known already.
    parameters: parameters taken out, the constant included; `outside(clusters)` those not nested in the clusters.
    """
    k = len(terms)
    n = len(within)
    norms = norm_before(mean, centred, n)
    weights = sample.weights
    if gram is None:
        gram = (within if weights is None else within * weights[:, None]).T @ within
    if np.sqrt(gram[k, k]) <= TOLERANCE * norms[k]:
        where = "within the fixed effects" if parameters > 1 else "in these rows"
        raise EstimationError("E503", f"{outcome} does not vary {where}")
    if n <= parameters:
        raise too_few(n, parameters + k)
    solution = solve(within, gram, weights, terms, norms[:k], absorber)
    kept = list(solution.kept)
    b = solution.b
    regression = Regression(
        X=within[:, :k] if len(kept) == k else np.ascontiguousarray(within[:, kept]),
        residuals=solution.residuals,
        bread=solution.bread,
        constant=constant,
        weights=weights,
        unit=sample.unit,
        period=sample.period,
        clusters=sample.clusters,
        k_total=len(b) + parameters,
        k_outside=lambda clusters: len(b) + outside(clusters),
        leverage=leverage,
        rss=solution.rss,
    )
    found = covariance(choice, regression)
    names = tuple(terms[j] for j in kept)
    if not constant:
        return Linear(names, b, solution, found, regression.k_total)
    centre = mean[kept]
    estimates = np.append(b, mean[k] - centre @ b)
    return Linear((*names, CONSTANT), estimates, solution, with_constant(found, centre), regression.k_total)


def joint_f(b: FloatArray, V: FloatArray, df: float) -> tuple[dict[str, float], tuple[Notice, ...]]:
    """F test that all slopes b (q,) are zero, with V (q, q) and df; a notice instead where V has not full rank."""
    q = len(b)
    size = np.sqrt(V.diagonal())
    if not (size > 0).all() or q > df:
        return {}, (_no_f(q, df),)
    R = V / np.outer(size, size)
    try:
        low = np.linalg.cholesky(R)
    except np.linalg.LinAlgError:
        return {}, (_no_f(q, df),)
    if low.diagonal().min() < 1e-7:
        return {}, (_no_f(q, df),)
    t = b / size
    f = float(t @ np.linalg.solve(R, t)) / q
    from scipy.special import fdtrc

    return {"f": f, "f_df1": float(q), "f_df2": float(df), "f_p": float(fdtrc(q, df, f))}, ()


def _no_f(q: int, df: float) -> Notice:
    return Notice("N507", f"no joint F test: {q} slopes, whose covariance has lower rank ({df:g} degrees of freedom)")
