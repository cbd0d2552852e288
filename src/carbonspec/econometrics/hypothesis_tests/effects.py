"""Are there effects, and are slopes the same: F tests, Breusch and Pagan (1980), poolability."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import numpy as np

from carbonspec.econometrics.design import Design, Effect, FloatArray, Groups
from carbonspec.econometrics.grouping import group_mass
from carbonspec.econometrics.hypothesis_tests.distributions import chi2_right, f_right, normal_right
from carbonspec.econometrics.hypothesis_tests.regressions import by_unit, pooled_triangle, residuals, without_effects
from carbonspec.econometrics.hypothesis_tests.results import TestReport, TestResult, exclusion_notices
from carbonspec.econometrics.projection import label
from carbonspec.econometrics.results import EstimationError
from carbonspec.econometrics.sample import Sample


def f_test(design: Design) -> TestReport:
    """F tests of a design's fixed effects: all together (default row), and each dimension given the others.

    ((SSR_0 - SSR_1)/q)/(SSR_1/df), with q the parameters that the effects add.

    Raises
    ------
    EstimationError: E525 no effects, E502 no degrees of freedom; and those of the regressions.
    """
    effects = design.effects
    if not effects:
        raise EstimationError("E525", "the model has no fixed effects to test")
    full = residuals(design)
    if full.df < 1:
        raise EstimationError("E502", "the model with fixed effects fits every row: no degrees of freedom")
    rss = float(full.e @ full.e)
    tested: list[tuple[str, tuple[Effect, ...]]] = [(", ".join(map(label, effects)), ())]
    if len(effects) > 1:
        for i, effect in enumerate(effects):
            others = effects[:i] + effects[i + 1 :]
            tested.append((f"{label(effect)} given {', '.join(map(label, others))}", others))
    rows = []
    for name, kept in tested:
        less = residuals(replace(design, effects=kept))
        q = less.df - full.df
        if q < 1:
            raise EstimationError("E525", f"the effects of {name} add no parameter to the model")
        value = (float(less.e @ less.e) - rss) / q / (rss / full.df)
        row = TestResult(
            test="F test of effects",
            statistic=f"F({name})",
            value=value,
            p_value=f_right(value, q, full.df),
            reference="F",
            null=f"the effects of {name} are all equal",
            alternative="they differ",
            df=(float(q), float(full.df)),
            default=not kept,
            convention="((SSR_0 - SSR_1)/q)/(SSR_1/df), errors iid",
        )
        rows.append(_of(row, design, full.sample))
    return TestReport(tuple(rows))


def breusch_pagan(design: Design) -> TestReport:
    """Lagrange multiplier tests for random effects, on residuals of the pooled regression.

    Rows: LM of units (default), of periods and of both; Honda's one-sided form of the first two. Unbalanced panels by
    Baltagi and Li (1990): n²/(2 Σ T_i (T_i - 1)) A², A = Σ_i (Σ_t e)²/Σ e² - 1.

    Raises
    ------
    EstimationError: E525 when no unit has two rows; and those of the regression.
    """
    pooled = residuals(without_effects(design))
    e, sample = pooled.e, pooled.sample
    honda = {name: _honda(e, groups) for name, groups in (("units", sample.unit), ("periods", sample.period))}
    rows = []
    make = partial(TestResult, test="Breusch-Pagan", alternative="there are random effects")
    for name, z in honda.items():
        if z is None:
            if name == "units":
                raise EstimationError("E525", "no unit has two rows: unit effects and errors are the same")
            continue
        null = f"no random effects of {name}"
        rows.append(
            make(
                statistic=f"LM({name})",
                value=z * z,
                p_value=chi2_right(z * z, 1),
                reference="chi2",
                null=null,
                df=(1.0,),
                default=name == "units",
                convention="two-sided; Stata's xttest0 halves the p value, as the variance cannot be negative",
                details={"one-sided p (Stata xttest0)": chi2_right(z * z, 1) / 2 if z > 0 else 1.0},
            )
        )
        rows.append(
            make(
                statistic=f"Honda({name})",
                value=z,
                p_value=normal_right(z),
                reference="normal",
                null=null,
                default=False,
            )
        )
    units, periods = honda["units"], honda["periods"]
    if units is not None and periods is not None:
        value = units**2 + periods**2
        rows.append(
            make(
                statistic="LM(units, periods)",
                value=value,
                p_value=chi2_right(value, 2),
                reference="chi2",
                null="no random effects of units or periods",
                df=(2.0,),
                default=False,
            )
        )
    return TestReport(tuple(_of(row, design, sample) for row in rows))


def _honda(e: FloatArray, groups: Groups) -> float | None:
    """n/√(2 Σ T_g (T_g - 1)) A; None where no group has two rows."""
    sizes = group_mass(groups)
    pairs = float((sizes * (sizes - 1)).sum())
    total = float(e @ e)
    if pairs == 0 or total == 0:
        return None
    sums = np.bincount(groups.codes, e, groups.count)
    return float(len(e) / np.sqrt(2 * pairs) * (float(sums @ sums) / total - 1))


def poolability(design: Design) -> TestReport:
    """Chow tests over units: equal slopes, each unit with its own constant (default row); all coefficients equal.

    Units with fewer rows than coefficients and one, or with collinear regressors, are left out of both sides.

    Raises
    ------
    EstimationError: E520 fewer than two units are left, E513 weights.
    """
    single = by_unit(design)
    N, k, n = single.series.count, len(design.terms), int(single.length.sum())
    if N < 2:
        raise EstimationError("E520", "poolability needs at least two units with a regression of their own")
    rss = float(single.ssr.sum())
    df = n - N * (k + 1)
    rows = []
    for name, R, q in (
        ("slopes", single.within, k * (N - 1)),
        ("all coefficients", single.triangles, (k + 1) * (N - 1)),
    ):
        restricted = float(pooled_triangle(R)[-1, -1] ** 2)
        value = (restricted - rss) / q / (rss / df)
        rows.append(
            TestResult(
                test="Poolability",
                statistic=f"F({name})",
                value=value,
                p_value=f_right(value, q, df),
                reference="F",
                null="slopes are the same in all units" if name == "slopes" else "all units have the same regression",
                alternative="they differ",
                df=(float(q), float(df)),
                default=name == "slopes",
                variable=design.outcome,
                n=n,
                n_units=N,
                t_min=int(single.length.min()),
                t_max=int(single.length.max()),
                convention="each unit's own OLS against one-way fixed effects"
                if name == "slopes"
                else "each unit's own OLS against pooled OLS",
                excluded=single.series.excluded,
                notices=single.series.notices + exclusion_notices(single.series.excluded, N),
            )
        )
    return TestReport(tuple(rows), single.series.units, {"ssr": single.ssr})


def _of(row: TestResult, design: Design, sample: Sample) -> TestResult:
    facts = sample.facts()
    return replace(
        row,
        variable=design.outcome,
        n=facts["n"],
        n_units=facts["n_ids"],
        t_min=facts["t_min"],
        t_max=facts["t_max"],
    )
