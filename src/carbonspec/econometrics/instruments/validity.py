"""Overidentification of one regression: Sargan, and Hansen's J with the model's errors."""

from __future__ import annotations

import numpy as np

from carbonspec.econometrics.design import CovarianceChoice, FloatArray
from carbonspec.econometrics.instruments.overidentification import hansen, sargan
from carbonspec.econometrics.instruments.partialled import Partialled
from carbonspec.econometrics.instruments.strength import scores_covariance, without_exogenous
from carbonspec.econometrics.results import Notice, p_text

REJECTED = 0.05


def validity(
    problem: Partialled, choice: CovarianceChoice, e: FloatArray, basis: FloatArray
) -> tuple[dict[str, float], tuple[Notice, ...]]:
    """sargan and, when errors are not taken as iid, hansen, each with _df and _p; or the reason why there is none.

    e (n,) residuals, `basis` (n, q) an orthonormal basis of all instruments (weighted).
    """
    from scipy.special import chdtrc

    df = len(problem.instruments) - int(problem.endogenous.sum())
    if df == 0:
        return {}, (Notice("N537", "exactly identified: no test of the instruments' exogeneity"),)
    root = problem.root[:, 0]
    if np.square(e * root).sum() <= 1e-20 * problem.total:
        return {}, (
            Notice("N537", "the regressors explain the outcome wholly: no test of the instruments' exogeneity"),
        )
    value = sargan(e * root, basis)
    found = {"sargan": value, "sargan_df": float(df), "sargan_p": float(chdtrc(df, value))}
    test, name = "sargan", "Sargan"
    notices: list[Notice] = []
    if choice.kind != "iid":
        X, Z = without_exogenous(problem)
        scores = Z * (e * root)[:, None]
        y = problem.y * root
        j = hansen(X, y, Z, scores_covariance(problem, scores, choice))
        if j is None:
            reason = f"the errors given cannot weigh {len(problem.instruments)} instruments (too few clusters)"
            notices.append(Notice("N537", f"no Hansen test: {reason}"))
        else:
            found |= {"hansen": j, "hansen_df": float(df), "hansen_p": float(chdtrc(df, j))}
            test, name = "hansen", "Hansen"
    if found[f"{test}_p"] < REJECTED:
        message = f"{name} test rejects the instruments: {found[test]:.2f}, {p_text(found[f'{test}_p'])}"
        notices.append(Notice("W535", message))
    return found, tuple(notices)
