"""The tests of the language: what each is applied to, its clauses, and what its statistics are called in brackets."""

from __future__ import annotations

from carbonspec.signature import METHOD, TEST, Parameter, Signature

RESULT = Parameter("model", "result", required=True)
TERM = Parameter("term", "quantity", required=True)
LAGS = Parameter("lags", "lags", many=True, minimum=0)
DRAWS = Parameter("draws", "integer", minimum=1)

STATISTICS: dict[str, dict[str, str]] = {
    "llc": {"t*": "t"},
    "ips": {"W-t-bar": "w", "Z-t-tilde-bar": "z"},
    "fisher_adf": {"P": "p", "Z": "z", "L*": "l", "Pm": "pm"},
    "fisher_pp": {"P": "p", "Z": "z", "L*": "l", "Pm": "pm"},
    "hadri": {"z": "z"},
    "cips": {"CIPS": "cips", "CIPS*": "cips"},
    "hausman": {
        "H": "h",
        "H, one variance": "h_one_variance",
        "Wald, iid": "wald_iid",
        "Wald, clustered": "wald_clustered",
    },
    "granger": {
        "Z-tilde": "z_tilde",
        "Z-bar": "z_bar",
        "W-bar": "w_bar",
        "Z-tilde, bootstrap": "z_tilde_bootstrap",
        "Z-bar, bootstrap": "z_bar_bootstrap",
    },
    "difference": {"t": "t", "t, jackknife": "t_jackknife", "difference": "permutation"},
    "vif": {"VIF": "vif", "VIF within": "vif_within"},
    "dependence": {"CD": "cd", "LM": "lm", "scaled LM": "lm_scaled", "corrected LM": "lm_corrected"},
    "serial": {"F": "f"},
    "effects": {
        "LM(units)": "lm_units",
        "LM(periods)": "lm_periods",
        "LM(units, periods)": "lm",
        "Honda(units)": "honda_units",
        "Honda(periods)": "honda_periods",
    },
    "poolability": {"F(slopes)": "f_slopes", "F(all coefficients)": "f_all"},
    "heteroskedasticity": {"W": "w"},
    "homogeneity": {"adjusted Delta": "delta_adjusted", "Delta": "delta"},
    "joint": {"F": "f", "chi2": "chi2"},
    "delta": {"t": "t", "z": "z"},
    "placebo": {"permutation": "permutation"},
}
"""What the rows of a test are called in a bracket, by their name in print; for `unitroot` by method. The F tests of
`effects` are called `f` (all effects) and `f_<effect>`."""

_MODULE = "hypothesis_tests"
_BANDWIDTH = Parameter("bandwidth", "integer", minimum=0)


def _words(name: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(STATISTICS[name].values()))


def _method(name: str, summary: str, options: tuple[Parameter, ...], example: str, module: str = "") -> Signature:
    return Signature(
        name,
        METHOD,
        summary,
        named=options,
        module=f"{_MODULE}.unit_roots.{module or name}",
        example=example,
        statistics=_words(name),
    )


METHODS: tuple[Signature, ...] = (
    _method(
        "llc",
        "Levin-Lin-Chu",
        (_BANDWIDTH, Parameter("moments", "word", words=("regression", "series"))),
        "using llc(bandwidth = 0)",
    ),
    _method("ips", "Im-Pesaran-Shin", (), "using ips"),
    _method("fisher_adf", "Fisher tests of augmented Dickey-Fuller p values", (), "using fisher_adf", "fisher"),
    _method(
        "fisher_pp",
        "Fisher tests of Phillips-Perron p values",
        (_BANDWIDTH,),
        "using fisher_pp(bandwidth = 1)",
        "fisher",
    ),
    _method(
        "hadri",
        "Hadri's test of stationarity",
        (
            _BANDWIDTH,
            Parameter("variance", "word", words=("unit", "pooled")),
            Parameter("divisor", "word", words=("T", "df")),
        ),
        "using hadri(variance = pooled)",
    ),
    _method(
        "cips",
        "Pesaran's CIPS, which allows for a common factor",
        (Parameter("form", "word", words=("plain", "truncated")),),
        "using cips(form = truncated)",
    ),
)
"""What `unitroot` can use, with options in brackets; the first word of an option is its default."""


def _of_columns(name: str, summary: str, module: str) -> Signature:
    return Signature(
        name,
        TEST,
        summary,
        (RESULT,),
        module=f"{_MODULE}.{module}",
        example=f"{name}(benchmark)",
        statistics=_words(name),
    )


TESTS: tuple[Signature, ...] = (
    Signature(
        "unitroot",
        TEST,
        "panel unit roots",
        (Parameter("x", "variable", required=True, many=True),),
        clauses=(
            Parameter("using", "method", many=True),
            LAGS,
            Parameter("trend", "word", words=("none", "constant", "linear")),
            Parameter("demean", "period"),
        ),
        module=f"{_MODULE}.unit_roots",
        example="unitroot(Ce, Open)",
    ),
    Signature(
        "hausman",
        TEST,
        "fixed against random effects",
        (RESULT,),
        clauses=(
            Parameter("scale", "word", words=("each", "random", "fixed")),
            Parameter("form", "word", words=("quasi", "pooled")),
            Parameter("correction", "word", words=("hc0", "nested")),
        ),
        module=f"{_MODULE}.hausman",
        example="hausman(benchmark)",
        statistics=_words("hausman"),
    ),
    Signature(
        "granger",
        TEST,
        "Dumitrescu-Hurlin non-causality",
        (Parameter("x -> y", "arrow", required=True, many=True),),
        clauses=(Parameter("lags", "lags", many=True, minimum=1), Parameter("bootstrap", "integer", minimum=1)),
        module=f"{_MODULE}.granger",
        example="granger(Open -> Ce)",
        statistics=_words("granger"),
    ),
    Signature(
        "difference",
        TEST,
        "equality of a coefficient between the groups of a split",
        (Parameter("term", "split", required=True, many=True),),
        clauses=(Parameter("permute", "draws", many=True, minimum=1, words=("units", "rows")),),
        module=f"{_MODULE}.difference",
        example="difference(by_coast.Open)",
        statistics=_words("difference"),
    ),
    _of_columns("vif", "variance inflation of the regressors", "variance_inflation"),
    Signature(
        "dependence",
        TEST,
        "cross-section dependence (Pesaran CD), of residuals or of variables",
        (Parameter("model", "result or variable", required=True, many=True),),
        module=f"{_MODULE}.dependence",
        example="dependence(benchmark)",
        statistics=_words("dependence"),
    ),
    _of_columns("serial", "serial correlation (Wooldridge)", "serial"),
    _of_columns("effects", "F and Breusch-Pagan tests of the effects", "effects"),
    _of_columns("poolability", "equal coefficients in all units (Chow)", "effects"),
    _of_columns("heteroskedasticity", "equal error variances in all units (modified Wald)", "heteroskedasticity"),
    _of_columns("homogeneity", "equal slopes in all units (Pesaran-Yamagata Delta)", "homogeneity"),
    Signature(
        "joint",
        TEST,
        "joint Wald test that coefficients are zero",
        (Parameter("term", "quantity", required=True, many=True),),
        module=f"{_MODULE}.wald",
        example="joint(benchmark.Open, benchmark.Rpc)",
        statistics=_words("joint"),
    ),
    Signature(
        "delta",
        TEST,
        "a function of the coefficients of one column",
        (TERM,),
        module=f"{_MODULE}.wald",
        example="delta(m.a / (1 - m.b))",
        statistics=_words("delta"),
    ),
    Signature(
        "placebo",
        TEST,
        "a coefficient against those of a variable dealt out anew among units",
        (TERM,),
        clauses=(Parameter("permute", "variable", required=True), DRAWS),
        module=f"{_MODULE}.placebo",
        example="placebo(did.treated) permute treated draws 500",
        statistics=_words("placebo"),
    ),
    Signature("bacon", TEST, "Goodman-Bacon decomposition", (RESULT,), example="bacon(twfe)"),
)
