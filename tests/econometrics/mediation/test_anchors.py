"""Grunfeld's panel: coefficients, product tests and a bootstrap of given draws, at the digits of the reference."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from scipy.special import ndtri
from tests.econometrics.panels import clock, groups

from carbonspec.econometrics.bootstrap import resampling
from carbonspec.econometrics.bootstrap.equations import Equation, System, ready
from carbonspec.econometrics.bootstrap.grams import Counted
from carbonspec.econometrics.bootstrap.intervals import bca_levels
from carbonspec.econometrics.bootstrap.replications import Settings, collect, leave_one_out
from carbonspec.econometrics.bootstrap.solve import Solver
from carbonspec.econometrics.design import CovarianceChoice, Effect
from carbonspec.econometrics.mediation.analysis import mediate
from carbonspec.econometrics.mediation.inputs import Inputs
from carbonspec.econometrics.mediation.paths import single

FILE = Path(__file__).parents[2] / "oracle" / "grunfeld.csv"


@pytest.fixture(scope="module")
def grunfeld():
    with FILE.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    columns = {name: np.array([float(row[name]) for row in rows]) for name in rows[0]}
    order = np.lexsort((columns["year"], columns["firm"]))
    return {name: values[order] for name, values in columns.items()}


class Given(resampling.Resampling):
    """Draws that are written down."""

    def draw(self, rng, size):
        counts = np.random.Generator(np.random.PCG64(20250521)).multinomial(10, np.full(10, 0.1), 5000)
        assert size == 5000
        return counts.astype(float)


def inputs(data, effects=("firm",)):
    return Inputs(
        columns={name: data[name] for name in ("inv", "value", "capital")},
        controls=(),
        unit=groups("firm", data["firm"]),
        period=clock("year", data["year"]),
        effects=tuple(Effect(groups(name, data[name])) for name in effects),
    )


def near(printed):
    """Equal to half a unit of the last printed digit."""
    digits = len(printed.split(".")[1])
    return pytest.approx(float(printed), abs=0.51 * 10**-digits)


def test_one_way(grunfeld):
    found = mediate(inputs(grunfeld), single("value", "capital", "inv"), CovarianceChoice("iid"))
    a, outcome = found.fit_of("capital"), found.outcome
    assert a.estimates[0] == near(".257215971")
    assert a.std_errors[0] == near(".046039430")
    assert outcome.estimates[1] == near(".310065341")
    assert outcome.std_errors[1] == near(".017354503")
    assert found["total"].estimate == near(".189877562")
    assert found["direct"].estimate == near(".110123804")
    assert found["indirect"].estimate == near(".079753758")
    assert found["share"].estimate == near(".420027290")
    z = {test.name: test.z for test in found.product_tests}
    assert z == {"Sobel": near("5.332246"), "Aroian": near("5.324654"), "Goodman": near("5.339870")}


def test_pooled(grunfeld):
    found = mediate(inputs(grunfeld, ()), single("value", "capital", "inv"), CovarianceChoice("iid"))
    assert found["indirect"].estimate == near(".025823816")
    assert found["share"].estimate == near(".182647654")
    z = {test.name: test.z for test in found.product_tests}
    assert z == {"Sobel": near("5.945146"), "Aroian": near("5.924627"), "Goodman": pytest.approx(5.965881, abs=1.1e-6)}


def test_bootstrap_of_given_draws(grunfeld):
    firm = groups("firm", grunfeld["firm"])
    system = System(
        ("value", "capital", "inv"),
        np.column_stack([grunfeld[name] for name in ("value", "capital", "inv")]),
        (Equation(1, (0,)), Equation(2, (0, 1))),
        np.empty((200, 0)),
        (Effect(firm),),
    )
    moments = Counted(ready(system, firm))
    solver = Solver(system, moments)

    def effects(draws):
        a, direct, b = solver(draws).T
        return np.column_stack([a * b, direct])

    estimates = effects(np.ones((1, 10)))[0]
    a, direct, b = leave_one_out(solver, moments).T
    left_out = np.column_stack([a * b, direct])
    found = collect(effects, Settings(Given("clusters", firm), 5000), estimates, left_out, 5000)
    indirect, direct = found.quantities
    assert indirect.std_error == near(".029950702")
    assert indirect.z == near("2.662834")
    assert indirect.p_value == near(".007749")
    ends = {i.method: (i.low, i.high) for i in indirect.intervals}
    assert ends["percentile"] == (near(".019060"), near(".105789"))
    assert ends["basic"] == (near(".053719"), near(".140448"))
    size = 1.96 * indirect.std_error
    assert (indirect.estimate - size, indirect.estimate + size) == (near(".021050"), near(".138457"))
    assert ends["normal"] == pytest.approx((0.021050, 0.138457), abs=2e-6)
    assert indirect.acceleration == near(".124705")
    # The reference counts 2659 draws below the estimate and overlooks two equal to it (every firm drawn once), which
    # differ from it in the last bit alone; counted half, they make 2660.
    levels = bca_levels(0.5318, indirect.acceleration, 0.95)
    assert float(ndtri(0.5318)) == near(".079795")
    assert tuple(np.quantile(indirect.draws, levels)) == (near(".022178"), near(".109635"))
    assert indirect.z0 == pytest.approx(float(ndtri(0.532)), rel=1e-12)
    assert ends["bca"] == pytest.approx((0.022178, 0.109635), abs=5e-5)
    assert direct.std_error == near(".025082")


def test_two_way_keeps_years_as_columns(grunfeld):
    """Year means change with the draw: taking them out once gives .0198 and .0950 instead."""
    firm = groups("firm", grunfeld["firm"])
    system = System(
        ("value", "capital", "inv"),
        np.column_stack([grunfeld[name] for name in ("value", "capital", "inv")]),
        (Equation(2, (0, 1)),),
        np.empty((200, 0)),
        (Effect(firm), Effect(groups("year", grunfeld["year"]))),
    )
    draws = Solver(system, Counted(ready(system, firm)))(Given("clusters", firm).draw(None, 5000))
    value, capital = draws.std(axis=0, ddof=1)
    assert value == pytest.approx(0.0315, rel=0.03)  # other draws than the reference's
    assert capital == pytest.approx(0.1354, rel=0.03)
