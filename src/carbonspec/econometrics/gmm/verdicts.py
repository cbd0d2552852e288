"""The tests of a dynamic panel as statistics, and what to tell the user about them."""

from __future__ import annotations

from carbonspec.econometrics.covariance import FEW_CLUSTERS
from carbonspec.econometrics.design import FloatArray
from carbonspec.econometrics.gmm.diagnostics import chi2_p, serial_correlation
from carbonspec.econometrics.gmm.equations import Equations
from carbonspec.econometrics.gmm.instruments import InstrumentMatrix
from carbonspec.econometrics.gmm.steps import Problem, Step, Weight
from carbonspec.econometrics.results import Notice, p_text

REJECTED, TOO_GOOD, SECOND_ORDER = 0.05, 0.95, 0.10


def overidentification(
    first: Step,
    second: Step | None,
    df: int,
    variance: float,
    matrix: InstrumentMatrix,
    groups: int,
    columns: int,
    weight: Weight,
) -> tuple[dict[str, float], list[Notice]]:
    """Counts, Sargan and Hansen, and what is to be said of them."""
    found = {"instruments": float(matrix.count)}
    notices: list[Notice] = []
    if groups < FEW_CLUSTERS:
        message = f"only {groups} units: GMM standard errors and tests rest on many"
        notices.append(Notice("W501", message))
    if matrix.count >= groups:
        message = f"{matrix.count} instruments for {groups} units: collapse them, or use fewer lags"
        notices.append(Notice("W534", message))
    if columns < matrix.count:
        notices.append(Notice("W532", f"{matrix.count} instruments, of which {columns} are independent"))
    if df == 0:
        notices.append(Notice("N537", "exactly identified: no Sargan or Hansen test"))
        return found, notices
    if weight.rank < columns:
        message = (
            f"{groups} units cannot weigh {columns} instruments: the second step uses a generalised inverse, and "
            "Hansen's test says nothing"
        )
        notices.append(Notice("W534", message))
    if variance > 0:
        sargan = first.objective / variance
        found |= {"sargan": sargan, "sargan_df": float(df), "sargan_p": chi2_p(sargan, df)}
    if second is None:
        return found, notices
    p = chi2_p(second.objective, df)
    found |= {"hansen": second.objective, "hansen_df": float(df), "hansen_p": p}
    if weight.rank < columns:
        return found, notices
    if p < REJECTED:
        message = f"Hansen test rejects the instruments: {second.objective:.2f} ({df}), {p_text(p)}"
        notices.append(Notice("W535", message))
    elif p > TOO_GOOD:
        message = f"Hansen p = {p:.3f} is close to 1, often a sign of too many instruments ({matrix.count})"
        notices.append(Notice("W534", message))
    return found, notices


def serial_tests(
    problem: Problem,
    found: Step,
    V: FloatArray,
    equations: Equations,
    level: tuple[FloatArray, FloatArray],
    variance: float | None,
) -> tuple[dict[str, float], list[Notice]]:
    """ar1, ar2 with their p, or the reason why there is none; arguments as for `serial_correlation`."""
    statistics: dict[str, float] = {}
    notices: list[Notice] = []
    for order in (1, 2):
        test = serial_correlation(problem, found, V, equations, level, order, variance)
        if test is None:
            apart = "in periods that follow each other" if order == 1 else f"{order} periods apart"
            reason = f"no differenced residuals {apart}, or a variance that is not positive"
            notices.append(Notice("N537", f"no AR({order}) test: {reason}"))
            continue
        statistics |= {f"ar{order}": test[0], f"ar{order}_p": test[1]}
    if statistics.get("ar2_p", 1.0) < SECOND_ORDER:
        message = f"AR(2): differenced residuals are correlated two periods apart, {p_text(statistics['ar2_p'])}"
        notices.append(Notice("W535", message))
    return statistics, notices
