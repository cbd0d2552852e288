"""Instruments that cannot serve are refused or named; a missing statistic has its reason."""

import re
from pathlib import Path

import numpy as np
import pytest
from tests.econometrics.panels import design, panel

import carbonspec.econometrics as package
from carbonspec.diagnostics.codes.all import CODES
from carbonspec.diagnostics.codes.instruments import CODES as OWN
from carbonspec.econometrics.design import CovarianceChoice
from carbonspec.econometrics.estimators import instrumental_variables, ppml
from carbonspec.econometrics.instrumented import Instruments
from carbonspec.econometrics.results import EstimationError, Omitted

CLUSTER = CovarianceChoice("cluster")
RNG = np.random.default_rng(3)
DATA = panel(seed=4)
ROWS = len(DATA["y"])
Z = RNG.normal(size=(ROWS, 4))
DATA = {**DATA, "X": DATA["X"] + np.column_stack([Z[:, 0] + Z[:, 1], np.zeros((ROWS, 2))])}
IDS = DATA["id"] * 1.0


def fitted(endogenous, columns, made=None, choice=CLUSTER):
    instruments = Instruments(endogenous, tuple(columns), np.column_stack(list(columns.values())))
    found = instrumental_variables.fit(made or design(DATA), instruments, choice)
    for fit in (found.fit, *found.first_stages, found.reduced_form):
        assert all(np.isfinite(value) for value in fit.statistics.values())
        assert {notice.kind for notice in fit.notices} <= set(CODES)
    return found


@pytest.mark.parametrize(
    ("endogenous", "columns", "code", "says"),
    [
        (("x1", "x2"), {"a": Z[:, 0]}, "E530", "1 instrument for 2 endogenous (x1, x2)"),
        (("x1",), {"a": IDS}, "E530", "absorbed by fe(id)"),
        (("x1",), {"x2": DATA["X"][:, 1]}, "E530", "among the regressors"),
        (("x1", "x2"), {"a": Z[:, 0], "b": 3 * Z[:, 0] + IDS}, "E530", "collinear with a"),
        (("foo",), {"a": Z[:, 0]}, "E533", "foo is instrumented but is no regressor"),
        ((), {"a": Z[:, 0]}, "E533", "no regressor is instrumented"),
        (("x1",), {"x1": DATA["X"][:, 0]}, "E533", "x1 cannot be an instrument"),
        (("x1",), {"y": DATA["y"]}, "E533", "y cannot be an instrument"),
        (("x1",), {"a": np.where(np.arange(ROWS) == 3, np.nan, Z[:, 0])}, "E508", "a has values"),
    ],
)
def test_refused(endogenous, columns, code, says):
    with pytest.raises(EstimationError) as problem:
        fitted(endogenous, columns)
    assert problem.value.code == code
    assert says in problem.value.message


def test_an_instrument_that_moves_nothing_apart():
    """x2 = x1 + noise outside the span of the instruments' influence: two instruments, one direction."""
    data = {**DATA, "X": np.column_stack([Z[:, 0] + Z[:, 1], 2 * (Z[:, 0] + Z[:, 1]), DATA["X"][:, 2]])}
    found = fitted(("x1", "x2"), {"a": Z[:, 0], "b": Z[:, 1]}, design(data))
    assert found.fit.omitted == (Omitted("x2", "collinear with x1"),)
    with pytest.raises(EstimationError) as problem:
        fitted(("x1",), {"a": Z[:, 0]}, design({**DATA, "X": np.column_stack([IDS, DATA["X"][:, 1:]])}))
    assert problem.value.message == "no endogenous regressor is left (x1: absorbed by fe(id))"


def test_no_hc3():
    with pytest.raises(EstimationError) as problem:
        fitted(("x1",), {"a": Z[:, 0]}, choice=CovarianceChoice("hc3"))
    assert problem.value.code == "E505"


def test_more_instruments_than_rows():
    small = panel(n_ids=3, n_periods=3, k=1, holes=0.0)
    columns = {f"z{j}": RNG.normal(size=len(small["y"])) for j in range(7)}
    with pytest.raises(EstimationError) as problem:
        fitted(("x1",), columns, design(small))
    assert problem.value.code == "E502"


@pytest.mark.parametrize(
    ("extra", "reason"),
    [
        ({"b": 2 * Z[:, 0]}, "collinear with a"),
        ({"b": IDS}, "absorbed by fe(id)"),
        ({"b": DATA["X"][:, 1]}, "collinear with x2"),
        ({"x2": DATA["X"][:, 1]}, "it is among the regressors"),
    ],
)
def test_useless_instruments_are_named(extra, reason):
    found, plain = fitted(("x1",), {"a": Z[:, 0], **extra}), fitted(("x1",), {"a": Z[:, 0]})
    np.testing.assert_allclose(found.fit.vcov, plain.fit.vcov, rtol=1e-9)
    (notice,) = (n for n in found.fit.notices if n.kind == "W532")
    assert notice.message == f"instrument {notice.subject} left out: {reason}"
    assert found.instruments == ("a",)


def test_weak_and_strong():
    weak = fitted(("x1",), {"a": Z[:, 3]}).fit
    assert weak.statistics["effective_f"] < weak.statistics["effective_f_critical"]
    (notice,) = (n for n in weak.notices if n.kind == "W531")
    assert notice.subject == "x1"
    assert "W531" not in {n.kind for n in fitted(("x1",), {"a": Z[:, 0], "b": Z[:, 1]}).fit.notices}
    two = fitted(("x1", "x2"), {"a": Z[:, 0], "b": Z[:, 1]})
    assert "Kleibergen-Paap" in next(n.message for n in two.fit.notices if n.kind == "W531")
    iid = fitted(("x1", "x2"), {"a": Z[:, 0], "b": Z[:, 1]}, choice=CovarianceChoice())
    assert "Cragg-Donald" in next(n.message for n in iid.fit.notices if n.kind == "W531")


def test_two_clusters():
    """Two clusters cannot weigh two instruments: Wald statistics are absent, each with its reason."""
    small = panel(n_ids=2, n_periods=12, k=1, seed=1, holes=0.0)
    z = RNG.normal(size=(24, 3))
    small["X"] = small["X"] + z[:, [0]]
    found = fitted(("x1",), {"a": z[:, 0], "b": z[:, 1], "c": z[:, 2]}, design(small)).fit
    assert not {"first_f", "kleibergen_paap", "anderson_rubin", "hansen"} & set(found.statistics)
    said = " / ".join(n.message for n in found.notices if n.kind == "N537")
    for name in ("Kleibergen-Paap", "Anderson-Rubin", "Hansen"):
        assert f"no {name}" in said
    assert {"sargan", "cragg_donald"} <= set(found.statistics)


def test_exact_fit_has_nothing_to_test():
    found = fitted(("x1",), {"a": Z[:, 0], "b": Z[:, 1]}, design({**DATA, "y": DATA["X"] @ np.ones(3)})).fit
    np.testing.assert_allclose(found.estimates, [1, 1, 1, 0], atol=1e-9)
    assert "sargan" not in found.statistics
    assert any("wholly" in n.message for n in found.notices)


def test_negative_r2_is_printed_and_explained():
    x = DATA["X"].copy()
    x[:, 0] += 5 * DATA["y"]
    found = fitted(("x1",), {"a": Z[:, 3]}, design({**DATA, "X": x})).fit
    if found.statistics["r2_within"] < 0:
        assert any(n.message.startswith("R2 is -") for n in found.notices)
    assert "negative" in found.definitions["r2_within"]


COUNTS = {**DATA, "y": np.floor(np.exp(0.4 * Z[:, 0]) * RNG.exponential(size=ROWS) * 1.5)}


@pytest.mark.parametrize(
    ("y", "choice", "code"),
    [
        (COUNTS["y"] - 1, CLUSTER, "E539"),
        (COUNTS["y"] * 0, CLUSTER, "E539"),
        (COUNTS["y"], CovarianceChoice("hc2"), "E505"),
        (np.where(np.arange(ROWS) == 4, np.inf, COUNTS["y"]), CLUSTER, "E508"),
        ((np.arange(ROWS) == 4) * 1.0, CLUSTER, "E507"),
    ],
    ids=["negative", "zero", "hc2", "infinite", "one positive"],
)
def test_poisson_refusals(y, choice, code):
    with pytest.raises(EstimationError) as problem:
        ppml.fit(design({**COUNTS, "y": y}), choice)
    assert problem.value.code == code


def test_poisson_leaves_out_and_counts():
    y = np.where(DATA["id"] == 3, 0.0, COUNTS["y"])
    separating = (y == 0) * RNG.random(ROWS)
    separating[np.flatnonzero(y == 0)[::2]] = 0.0
    made = design({**COUNTS, "y": y, "X": np.column_stack([DATA["X"], separating])})
    fit = ppml.fit(made, CLUSTER)
    assert fit.n + sum(d.rows for d in fit.dropped) == ROWS
    assert {d.reason for d in fit.dropped} >= {"all outcomes zero in a level of id"}
    assert any(d.reason.startswith("separated") for d in fit.dropped)
    assert {n.kind for n in fit.notices} >= {"N536"}
    assert [o.term for o in fit.omitted] == ["x4"]


def test_poisson_does_not_depend_on_units():
    made = design(COUNTS, ("id", "year"))
    other = design({**COUNTS, "X": DATA["X"] * [1e6, 1e-6, 1.0], "y": COUNTS["y"] * 1e7}, ("id", "year"))
    a, b = ppml.fit(made, CLUSTER), ppml.fit(other, CLUSTER)
    np.testing.assert_allclose(a.estimates, b.estimates * [1e6, 1e-6, 1.0], rtol=1e-7)
    np.testing.assert_allclose(a.std_errors, b.std_errors * [1e6, 1e-6, 1.0], rtol=1e-6)


def test_every_code_is_used_and_explained():
    text = "\n".join(path.read_text(encoding="utf-8") for path in Path(package.__file__).parent.rglob("*.py"))
    used = set(re.findall(r'"([EWN]53\d)"', text))
    assert used == {code.id for code in OWN}
    assert len({code.id[1:] for code in OWN}) == len(OWN)
    assert all(code.why.endswith(".") and code.fix and code.title for code in OWN)
