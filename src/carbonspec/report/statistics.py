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
    "instruments": "Instruments",
    "hansen": "Hansen J",
    "hansen_df": "Hansen J, df",
    "hansen_p": "Hansen J, p",
    "sargan": "Sargan",
    "sargan_df": "Sargan, df",
    "sargan_p": "Sargan, p",
    "ar1": "AR(1), z",
    "ar1_p": "AR(1), p",
    "ar2": "AR(2), z",
    "ar2_p": "AR(2), p",
    "l1_pooled": "Lagged outcome by pooled OLS",
    "l1_within": "Lagged outcome by fixed effects",
    "first_f": "First-stage F",
    "first_f_p": "First-stage F, p",
    "effective_f": "Effective F",
    "effective_f_critical": "Effective F, critical value",
    "cragg_donald": "Cragg–Donald F",
    "kleibergen_paap": "Kleibergen–Paap rk F",
    "stock_yogo": "Stock–Yogo value (iid errors)",
    "anderson_rubin": "Anderson–Rubin F",
    "anderson_rubin_p": "Anderson–Rubin F, p",
    "f_excluded": "F of excluded instruments",
    "f_excluded_p": "F of excluded instruments, p",
    "r2_partial": "R² partial",
    "wald": "Wald χ²",
    "wald_p": "Wald χ², p",
    "pseudo_r2": "Pseudo R²",
    "deviance": "Deviance",
    "log_likelihood": "Log likelihood",
}
COUNTS = frozenset(("N", "groups", "periods", "clusters", "df_resid", "instruments", "hansen_df", "sargan_df"))
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
    "number of instruments": "instruments",
    "pseudo r-squared": "pseudo_r2",
    "hansen": "hansen",
    "hansen test": "hansen",
    "sargan test": "sargan",
    "ar(1)": "ar1",
    "ar(2)": "ar2",
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
    """N, units, and what a reader expects of each kind of column: its main R2, or what its instruments are worth."""
    used = {name for fit in fits for name in _usual(fit)}
    return ("N", "groups", *(name for name in ORDER if name in used))


ORDER = (
    *MAIN_R2, "pseudo_r2", "instruments", "first_f", "kleibergen_paap", "effective_f", "f_excluded", "ar1", "ar2",
    "sargan", "hansen",
)  # fmt: skip
GMM, INSTRUMENTED, FIRST_STAGE, POISSON = "GMM", "two-stage", "first stage", "Poisson"
"""What the names of estimators hold, or begin with."""


def _usual(fit: Fit) -> tuple[str, ...]:
    validity = "hansen" if "hansen" in fit.statistics else "sargan"
    if GMM in fit.estimator:
        wanted: tuple[str, ...] = ("instruments", "ar1", "ar2", validity)
    elif fit.estimator.startswith(INSTRUMENTED):
        wanted = ("first_f" if "first_f" in fit.statistics else "kleibergen_paap", "effective_f", validity)
    elif fit.estimator.startswith(POISSON):
        wanted = ("pseudo_r2",)
    else:
        main = main_r2(fit)
        wanted = ((main,) if main else ()) + (("f_excluded",) if fit.estimator.startswith(FIRST_STAGE) else ())
    return tuple(name for name in wanted if name in fit.statistics)


def p_of(fit: Fit, name: str) -> float | None:
    """The p value of a test statistic; None where a statistic is no test."""
    return fit.statistics.get(f"{name}_p")


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
