"""The words of the econometrics half: functions, structures, covariances, estimators, measures, tests, statistics.

A word without a module is known by name and shape only: `check` says that it is not in this version.
"""

from __future__ import annotations

from carbonspec.econometrics.hypothesis_tests.catalogue import METHODS, TESTS
from carbonspec.econometrics.measures.catalogue import MEASURES
from carbonspec.signature import (
    COVARIANCE,
    ESTIMATOR,
    FUNCTION,
    STATISTIC,
    STRUCTURE,
    Parameter,
    Signature,
)

X = Parameter("x", "expression", required=True)
VARIABLE = Parameter("x", "variable", required=True)
VARIABLES = Parameter("x", "variable", required=True, many=True)
KEYS = Parameter("key", "key", required=True, many=True)
BY = Parameter("by", "key", many=True)
FORMULA = Parameter("part", "formula", required=True, many=True)
LAGS = Parameter("lags", "integer", minimum=0)
RANGE = Parameter("lags", "range", required=True)
CORRECTION = Parameter("correction", "word", words=("none", "nested", "full", "hc0"))
REPLICATIONS = Parameter("draws", "integer", required=True, minimum=2)
MULTIPLIERS = ("webb", "rademacher", "mammen")
CLUSTER = Parameter("cluster", "call")


def _row(name: str, summary: str, example: str = "") -> Signature:
    return Signature(name, FUNCTION, summary, (X,), module="transforms", example=example or f"{name}(x)")


def _rows(name: str, summary: str) -> Signature:
    return Signature(name, FUNCTION, summary, (X,), (BY,), module="transforms", example=f"{name}(x, by = year)")


def _steps(name: str, summary: str) -> Signature:
    return Signature(name, FUNCTION, summary, (FORMULA,), module="formulas", example=f"{name}(a, b)")


FUNCTIONS = (
    _row("log", "natural logarithm", "log(gdp)"),
    _row("log1p", "log(1 + x)"),
    _row("asinh", "inverse hyperbolic sine"),
    _row("exp", "e to the power x"),
    _row("sqrt", "square root"),
    _row("abs", "absolute value"),
    _row("round", "nearest whole number"),
    _row("I", "arithmetic inside a formula", "I(x^2)"),
    _row("missing", "whether a value is missing", "missing(adopted)"),
    _row("center", "x less its mean over the sample"),
    _row("scale", "x less its mean, over its standard deviation"),
    _rows("sum", "sum over rows"),
    _rows("mean", "mean over rows"),
    _rows("median", "median over rows"),
    _rows("min", "smallest value over rows"),
    _rows("max", "largest value over rows"),
    _rows("sd", "standard deviation over rows"),
    _rows("first", "first value in time"),
    _rows("last", "last value in time"),
    _rows("count", "number of values that are not missing"),
    Signature(
        "unique",
        FUNCTION,
        "whether no two rows have the same keys",
        (KEYS,),
        module="transforms",
        example="unique(firm, year)",
    ),
    Signature("lag", FUNCTION, "several lags at once", (X, RANGE), module="transforms", example="lag(x, 1..3)"),
    Signature(
        "i",
        FUNCTION,
        "a category: a 0/1 column (or a slope) for each value",
        (X, Parameter("slope")),
        (Parameter("ref", "literal"),),
        module="categories",
        example="i(year, ref = 2012)",
    ),
    _steps("sw", "stepwise: one argument at a time"),
    _steps("sw0", "stepwise: none, then one argument at a time"),
    _steps("csw", "stepwise, cumulative"),
    _steps("csw0", "stepwise, cumulative, none first"),
    Signature("after", FUNCTION, "0/1: from the adoption date on", (X,), example="after(adopted)"),
    Signature(
        "event",
        FUNCTION,
        "event-time terms around an adoption date",
        (X, RANGE),
        (Parameter("ref", "literal"),),
        example="event(adopted, -5..5, ref = -1)",
    ),
)

STRUCTURES = (
    Signature("fe", STRUCTURE, "fixed effects", (KEYS,), module="estimators.fixed_effects", example="fe(id, year)"),
    Signature(
        "re", STRUCTURE, "random effects (Swamy-Arora)", (KEYS,), module="estimators.random_effects", example="re(id)"
    ),
    Signature("be", STRUCTURE, "between: unit means", (KEYS,), module="estimators.between", example="be(id)"),
    Signature("fd", STRUCTURE, "first differences", (KEYS,), module="estimators.first_differences", example="fd(id)"),
    Signature(
        "iv",
        STRUCTURE,
        "instruments of endogenous regressors",
        (FORMULA,),
        module="estimators.instrumental_variables",
        example="iv(Open ~ L.Open)",
    ),
    Signature(
        "gmm",
        STRUCTURE,
        "past levels as GMM instruments",
        (FORMULA,),
        (RANGE,),
        module="estimators.dynamic_gmm",
        example="gmm(n, lags = 2..4)",
    ),
    Signature("spatial", STRUCTURE, "spatial lags", (Parameter("weights", required=True),), example="spatial(W)"),
    Signature(
        "threshold",
        STRUCTURE,
        "panel threshold",
        (VARIABLE,),
        (Parameter("on", "variable"),),
        example="threshold(q, on = Open)",
    ),
)

COVARIANCES = (
    Signature("iid", COVARIANCE, "classical: homoskedastic and uncorrelated", module="covariance", example="se iid"),
    Signature("hc0", COVARIANCE, "White, no small-sample factor", module="covariance", example="se hc0"),
    Signature("hc1", COVARIANCE, "White with n/(n-K)", module="covariance", example="se hc1"),
    Signature("hc2", COVARIANCE, "White, residuals over 1-h", module="covariance", example="se hc2"),
    Signature("hc3", COVARIANCE, "White, residuals over (1-h)^2", module="covariance", example="se hc3"),
    Signature(
        "cluster",
        COVARIANCE,
        "clustered, one or two ways",
        (KEYS,),
        (CORRECTION,),
        module="covariance",
        example="se cluster(id)",
    ),
    Signature(
        "crv3",
        COVARIANCE,
        "cluster jackknife (CRV3), for few clusters",
        (KEYS,),
        module="bootstrap.inference",
        example="se crv3(id)",
    ),
    Signature(
        "wild",
        COVARIANCE,
        "clustered, with p values of the wild cluster bootstrap (null imposed), for few clusters",
        (REPLICATIONS, Parameter("cluster", "call")),
        (Parameter("weights", "word", words=MULTIPLIERS),),
        module="bootstrap.inference",
        example="se wild(9999, cluster(id))",
    ),
    Signature(
        "bootstrap",
        COVARIANCE,
        "by drawing clusters (the panel's unit), `rows`, blocks of periods, or `wild`",
        (REPLICATIONS, Parameter("drawn", "call", many=True)),
        (
            Parameter("blocks", "integer", minimum=1),
            Parameter("interval", "word", words=("normal", "percentile", "basic", "bca")),
            Parameter("weights", "word", words=MULTIPLIERS),
        ),
        module="bootstrap.inference",
        example="se bootstrap(999, cluster(id))",
    ),
    Signature(
        "driscoll_kraay",
        COVARIANCE,
        "Driscoll-Kraay",
        (),
        (LAGS,),
        module="covariance",
        example="se driscoll_kraay(lags = 2)",
    ),
    Signature(
        "newey_west",
        COVARIANCE,
        "Newey-West within units",
        (),
        (LAGS,),
        module="covariance",
        example="se newey_west(lags = 2)",
    ),
)

GMM = "estimators.dynamic_gmm"
ESTIMATORS = tuple(
    Signature(name, ESTIMATOR, summary, module=module)
    for name, summary, module in (
        ("ppml", "Poisson pseudo maximum likelihood", "estimators.ppml"),
        ("difference", "difference GMM", GMM),
        ("system", "system GMM", GMM),
        ("onestep", "one-step GMM", GMM),
        ("twostep", "two-step GMM", GMM),
        ("collapse", "collapsed GMM instruments", GMM),
        ("orthogonal", "forward orthogonal deviations", GMM),
        ("sun_abraham", "Sun and Abraham's interaction-weighted event study", ""),
    )
)

_READY = (
    ("N", "observations"),
    ("groups", "units"),
    ("periods", "periods"),
    ("clusters", "clusters (the fewest, when clustered two ways)"),
    ("df_resid", "residual degrees of freedom"),
    ("r2", "R2"),
    ("r2_within", "within R2"),
    ("r2_between", "between R2"),
    ("r2_overall", "overall R2"),
    ("r2_adj", "adjusted R2"),
    ("sigma", "standard error of the regression"),
    ("sigma_u", "standard deviation of the unit effects"),
    ("sigma_e", "standard deviation of the errors"),
    ("rho", "share of variance due to the unit effects"),
    ("theta", "quasi-demeaning factor of random effects"),
    ("corr_xb", "correlation of unit effects and fitted values"),
    ("rss", "residual sum of squares"),
    ("f", "F of all slopes"),
    ("f_p", "p value of F"),
)
_OF_INSTRUMENTS = (
    ("instruments", "number of instruments"),
    ("hansen", "Hansen's J"),
    ("hansen_df", "degrees of freedom of Hansen's J"),
    ("hansen_p", "p value of Hansen's J"),
    ("sargan", "Sargan's test"),
    ("sargan_df", "degrees of freedom of Sargan's test"),
    ("sargan_p", "p value of Sargan's test"),
    ("ar1", "Arellano-Bond AR(1), z"),
    ("ar1_p", "p value of AR(1)"),
    ("ar2", "Arellano-Bond AR(2), z"),
    ("ar2_p", "p value of AR(2)"),
    ("l1_pooled", "lagged outcome's coefficient by pooled OLS"),
    ("l1_within", "lagged outcome's coefficient by fixed effects"),
    ("first_f", "first-stage F of the excluded instruments"),
    ("first_f_p", "p value of the first-stage F"),
    ("effective_f", "effective first-stage F (Montiel Olea and Pflueger)"),
    ("effective_f_critical", "critical value of the effective F"),
    ("cragg_donald", "Cragg-Donald F"),
    ("kleibergen_paap", "Kleibergen-Paap rk F"),
    ("stock_yogo", "Stock and Yogo's critical value, iid errors"),
    ("anderson_rubin", "Anderson-Rubin F, right with weak instruments too"),
    ("anderson_rubin_p", "p value of the Anderson-Rubin F"),
    ("f_excluded", "F of the excluded instruments in a first stage"),
    ("f_excluded_p", "p value of that F"),
    ("r2_partial", "partial R2 of the excluded instruments in a first stage"),
    ("wald", "Wald chi2 of all slopes"),
    ("wald_p", "p value of the Wald chi2"),
    ("pseudo_r2", "pseudo R2 (McFadden)"),
    ("deviance", "deviance"),
    ("log_likelihood", "log likelihood"),
)
STATISTICS = tuple(
    Signature(name, STATISTIC, summary, module="statistics") for name, summary in (*_READY, *_OF_INSTRUMENTS)
)

ENTRIES: tuple[Signature, ...] = (
    *FUNCTIONS,
    *STRUCTURES,
    *COVARIANCES,
    *ESTIMATORS,
    *MEASURES,
    *TESTS,
    *METHODS,
    *STATISTICS,
)
