"""`stock(x)`: each unit's whole history, the first stock as a formula, prices."""

from __future__ import annotations

import numpy as np
import pytest
from tests.engine.measuring.studies import panel_of, refused, told

X: list[object] = [10.0, 20.0, 30.0, 40.0, 5.0, 6.0, 7.0, 8.0, 1.0, 2.0, 4.0, 8.0]


def kept(first: np.ndarray, flow: np.ndarray, depreciation: float) -> np.ndarray:
    K = np.empty_like(flow)
    K[:, 0] = first
    for t in range(1, flow.shape[1]):
        K[:, t] = flow[:, t] + (1 - depreciation) * K[:, t - 1]
    return K.ravel()


FLOW = np.array(X, dtype=float).reshape(3, 4)


@pytest.mark.parametrize(
    ("initial", "factor"),
    [
        ("", 1.05 / 0.20),
        ("  initial (1 + growth) / (growth + depreciation)\n", 1.05 / 0.20),
        ("  initial (growth + 1) / (depreciation + growth)\n", 1.05 / 0.20),
        ("  initial 1 / (growth + depreciation)\n", 5.0),
        ("  initial (1 + growth) / (1 + depreciation)\n", 1.05 / 1.15),
        ("  initial 2.5\n", 2.5),
        ("  initial growth ^ 2 + -depreciation + 1\n", 1 + 0.0025 - 0.15),
    ],
)
def test_the_first_stock_is_a_formula(initial: str, factor: float) -> None:
    body = f"measure K = stock(x)\n  growth 5%\n  depreciation 15%\n{initial}"
    data = panel_of(body, where="  where year >= 2012\n", firms={"x": X})  # the history counts, the sample does not
    np.testing.assert_allclose(data.column("K"), kept(factor * FLOW[:, 0], FLOW, 0.15), rtol=1e-12)


def test_equation_6_as_printed_is_spoken_of() -> None:
    body = "measure K = stock(x)\n  growth 5%\n  depreciation 15%\n  initial (1 + growth) / (1 + depreciation)\n"
    found = told(panel_of(body, firms={"x": X}), "K")["N880"]
    assert found.span is not None
    assert found.span.text == "(1 + growth) / (1 + depreciation)"


def test_growth_of_each_unit() -> None:
    body = "measure K = stock(x)\n  growth own\n  depreciation 15%\n"
    own = (FLOW[:, -1] / FLOW[:, 0]) ** (1 / 3) - 1
    steady = panel_of(body, firms={"x": X}).column("K")
    np.testing.assert_allclose(steady, kept((1 + own) / (own + 0.15) * FLOW[:, 0], FLOW, 0.15), rtol=1e-12)
    other = panel_of(body + "  initial 1 + growth\n", firms={"x": X}).column("K")
    np.testing.assert_allclose(other, kept((1 + own) * FLOW[:, 0], FLOW, 0.15), rtol=1e-12)


def test_deflators() -> None:
    price: list[object] = [100.0, 110.0, 120.0, 90.0] * 3
    body = "measure K = stock(x)\n  initial 1\n  depreciation 0%\n"
    chained = np.cumprod([1.0, 1.1, 1.2, 0.9])
    data = panel_of(body + "  deflator p chain 2010\n", firms={"x": X, "p": price})
    np.testing.assert_allclose(data.column("K"), np.cumsum(FLOW / chained, axis=1).ravel(), rtol=1e-12)
    data = panel_of(body + "  deflator p fixed 2011\n", firms={"x": X, "p": price})
    level = np.array([100.0, 110.0, 120.0, 90.0]) / 110
    np.testing.assert_allclose(data.column("K"), np.cumsum(FLOW / level, axis=1).ravel(), rtol=1e-12)
    data = panel_of(body + "  deflator p\n", firms={"x": X, "p": price})
    np.testing.assert_allclose(data.column("K"), np.cumsum(FLOW / (level * 1.1), axis=1).ravel(), rtol=1e-12)


@pytest.mark.parametrize(
    ("x", "clause", "code", "place"),
    [
        ([-1.0, *X[1:]], "", "E870", "x"),
        (X, "  base 2009\n", "E876", "base 2009"),
        ([None, *X[1:]], "  base 2010\n", "E876", "base 2010"),
        (X, "  deflator p chain 2009\n", "E872", "p"),
        (X, "  deflator zero chain 2010\n", "E874", "zero"),
        (X, "  deflator gaps chain 2010\n", "E873", "gaps"),
    ],
)
def test_what_is_refused_points_at_its_clause(x: list[object], clause: str, code: str, place: str) -> None:
    body = f"measure K = stock(x)\n  growth 5%\n  depreciation 15%\n{clause}"
    more = {"p": [100.0] * 12, "zero": [0.0] * 12, "gaps": [100.0, 100.0, None, 100.0] * 3}
    found = refused(panel_of(body, firms={"x": x, **more}), "K")
    assert found.code == code
    assert found.span is not None
    assert place in found.span.text
    assert found.span.text in body


def test_growth_that_is_none_and_gaps() -> None:
    body = "measure K = stock(x)\n  growth own\n  depreciation 15%\n"
    assert refused(panel_of(body, firms={"x": [0.0, *X[1:]]}), "K").code == "E883"
    gap: list[object] = [10.0, None, 30.0, 40.0, *X[4:]]
    body = "measure K = stock(x)\n  growth 5%\n  depreciation 15%\n"
    data = panel_of(body, firms={"x": gap})
    assert np.isnan(data.column("K")[1:4]).all()
    assert "W877" in told(data, "K")
    filled = panel_of(body + "  fill interpolate\n", firms={"x": gap})
    np.testing.assert_allclose(filled.column("K")[:4], kept(1.05 / 0.2 * FLOW[:1, 0], FLOW[:1], 0.15), rtol=1e-12)
