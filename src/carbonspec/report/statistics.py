"""Statistics of a column: where they are, what they are called, which stand under a table by default."""

from __future__ import annotations

from collections.abc import Iterable

from carbonspec.econometrics.results import Fit

LABELS = {
    "N": "N",
    "groups": "Number of ids",
    "periods": "Number of periods",
    "clusters": "Number of clusters",
    "df_resid": "Residual df",
    "r2_within": "R² within",
    "r2": "R²",
    "r2_between": "R² between",
    "r2_overall": "R² overall",
    "r2_adj": "R² adjusted",
    "sigma": "Sigma",
    "sigma_u": "Sigma u",
    "sigma_e": "Sigma e",
    "rho": "Rho",
    "theta": "Theta",
    "corr_xb": "Corr(u, xb)",
    "rss": "RSS",
    "f": "F",
    "f_p": "p of F",
}
COUNTS = frozenset(("N", "groups", "periods", "clusters", "df_resid"))
ALIASES = {
    "n": "N",
    "obs": "N",
    "observations": "N",
    "number of observations": "N",
    "number of id": "groups",
    "number of groups": "groups",
    "adjusted r-squared": "r2_adj",
    "adj. r-squared": "r2_adj",
    "within r-squared": "r2_within",
    "overall r-squared": "r2_overall",
    "between r-squared": "r2_between",
}
"""Names under which printed tables give statistics, beside `LABELS`; in small letters."""

MAIN_R2 = ("r2_within", "r2")


def statistic(fit: Fit, name: str) -> float | None:
    """A statistic of a fit by its name in a spec; None where the model has none."""
    if name == "N":
        return float(fit.n)
    if name == "groups":
        return float(fit.n_ids)
    if name == "periods":
        return float(fit.n_periods)
    if name == "clusters":
        return float(min(count for _, count in fit.covariance.clusters)) if fit.covariance.clusters else None
    if name == "df_resid":
        return float(fit.df_resid)
    return fit.statistics.get(name)


def available(fit: Fit) -> tuple[str, ...]:
    """Every statistic a fit has."""
    facts = ("N", "groups", "periods", "clusters", "df_resid")
    return (*(name for name in facts if statistic(fit, name) is not None), *fit.statistics)


def main_r2(fit: Fit) -> str | None:
    """The R2 a reader expects first: within for models with unit effects, plain for the others."""
    return next((name for name in MAIN_R2 if name in fit.statistics), None)


def default_statistics(fits: Iterable[Fit]) -> tuple[str, ...]:
    """N, units, and the R2s that are the main one of some column."""
    used = {main_r2(fit) for fit in fits}
    return ("N", "groups", *(name for name in MAIN_R2 if name in used))


def label(name: str) -> str:
    """What a table calls a statistic."""
    return LABELS.get(name, name)


def named(text: str, fit: Fit) -> str | None:
    """The statistic that a printed table means by `text`; "R-squared" is the main one of this fit."""
    wanted = text.strip().lower()
    if wanted in ("r-squared", "r2", "r²", "r squared"):
        return main_r2(fit)
    if wanted in ALIASES:
        return ALIASES[wanted]
    for name in (*LABELS, *fit.statistics):
        if wanted in (name.lower(), LABELS.get(name, name).lower()):
            return name
    return None
