"""`iv`, `gmm` and `using`: what they mean, and what does not go together."""

from __future__ import annotations

import pytest
from tests.lang.resolve.studies import codes, model, study

from carbonspec.lang.dynamic import lagged_outcomes, own_instruments
from carbonspec.lang.spec import GmmOptions, LaggedLevels, Model

TABLE = "\ntable 1: m\n"


def made(body: str) -> Model:
    return model(body + TABLE)


def blocks(found: Model) -> list[tuple[str, int, int | None]]:
    return [(block.variable.name, block.first, block.last) for block in found.columns[0].structure.gmm]


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        ("gmm(y, lags = 2..4)", [("y", 2, 4)]),
        ("gmm(y, lags = 2..last)", [("y", 2, None)]),
        ("gmm(y, lags = 3)", [("y", 3, 3)]),
        ("gmm(y + x, lags = 0..2)", [("y", 0, 2), ("x", 0, 2)]),
        ("gmm(y, x, lags = 0..2)", [("y", 0, 2), ("x", 0, 2)]),
        ("gmm(L.y, lags = 1..2) | gmm(x:z, lags = 2..2)", [("L.y", 1, 2), ("x:z", 2, 2)]),
        ("gmm(part, lags = 2..3)", [("x", 2, 3), ("L.z", 2, 3)]),
    ],
)
def test_lagged_levels(part: str, expected: list[tuple[str, int, int | None]]) -> None:
    found = made(f"let part = x + L.z\nmodel m: y ~ L.y + x | {part}")
    assert blocks(found) == expected
    assert found.columns[0].structure.kind == "gmm"


@pytest.mark.parametrize(
    ("using", "expected"),
    [
        ("", GmmOptions()),
        ("using difference, twostep", GmmOptions()),
        ("using system", GmmOptions(system=True)),
        ("using onestep, collapse", GmmOptions(two_step=False, collapse=True)),
        ("using orthogonal, system, onestep, collapse", GmmOptions(True, False, True, True)),
    ],
)
def test_options(using: str, expected: GmmOptions) -> None:
    assert made(f"model m: y ~ L.y | gmm(y, lags = 2..4) {using}").gmm == expected


def test_the_order_of_options_is_no_change() -> None:
    one = made("model m: y ~ L.y | gmm(y, lags = 2..4) using system, collapse")
    assert one == made("model m: y ~ L.y | gmm(y, lags = 2..4) using collapse, twostep, system").replace(
        quoted_formula=one.quoted_formula
    )


@pytest.mark.parametrize(
    ("formula", "own"),
    [
        ("y ~ L.y + x + L.x + z | gmm(y, lags = 2..4)", ["x", "L.x", "z"]),
        ("y ~ L.y + x + L2.x + D.x + z | gmm(y + x, lags = 2..4)", ["z"]),
        ("y ~ L.y + x + z | gmm(L.y, lags = 1..4) | iv(x ~ a)", ["z"]),
        ("log(y) ~ L.log(y) + L.y | gmm(log(y), lags = 2..4)", ["L.y"]),
        ("y ~ lag(y, 1..2) + i(year) | gmm(y, lags = 2..last)", ["i(year)"]),
    ],
)
def test_what_instruments_itself(formula: str, own: list[str]) -> None:
    column = made(f"model m: {formula}").columns[0]
    assert [term.name for term in own_instruments(column)] == own


def test_lags_of_the_outcome_nearest_first() -> None:
    column = made("model m: y ~ L3.y + x + L.y | gmm(y, lags = 2..4)").columns[0]
    assert [term.name for term in lagged_outcomes(column)] == ["L.y", "L3.y"]


def test_several_iv_are_one() -> None:
    instrumented = made("model m: y ~ x + z | iv(x ~ a + b) | iv(z ~ b + c)").columns[0].structure.instrumented
    assert instrumented is not None
    assert [term.name for term in instrumented.endogenous] == ["x", "z"]
    assert [term.name for term in instrumented.instruments] == ["a", "b", "c"]


def test_derived_models() -> None:
    spec = study(
        "model base: y ~ L.y + x\nmodel one: base | gmm(y, lags = 2..4) using system\n"
        "model two: one | gmm(x, lags = 2..2)\nmodel three: two[1] + z using onestep\ntable 1: three\n"
    )
    models = {m.name: m for m in spec.models}
    assert models["two"].columns[0].structure.gmm == (LaggedLevels(models["base"].columns[0].regressors[1], 2, 2),)
    assert models["two"].gmm.system
    assert models["three"].gmm == GmmOptions(two_step=False)
    assert models["three"].columns[0].structure == models["two"].columns[0].structure


WRONG = {
    "model m: y ~ x | iv(x ~ z, z ~ a)": "E341",
    "model m: y ~ x | iv(x + x ~ z)": "E304",
    "model m: y ~ x | iv(x ~ z) | iv(x ~ sw(a, b))": "E311",
    "model m: y ~ x | iv(x ~ z - z)": "E301",
    "model m: y ~ csw0(x, z) | iv(x ~ a)": "E340",
    "model m: y ~ x + z | iv(x + z ~ a)": "E342",
    "model m: y ~ x | be(id) | iv(x ~ a)": "E319",
    "model m: y ~ L.y | gmm(y + i(region), lags = 2..4)": "E311",
    "model m: y ~ L.y | gmm(y, lags = 2..1.5)": "E329",
    "model m: y ~ L.y | gmm(y, lags = 1.5..2)": "E303",
    "model m: y ~ L.y | gmm(y, lags = last..4)": "E329",
    "model m: y ~ L.y | gmm(y, depth = 2)": "E302",
    "model m: y ~ L.y | gmm(y, y, lags = 2..4)": "E304",
    "model m: y ~ L.y | gmm(y, lags = 2..4) | fe(id)": "E319",
    "model b: y ~ x | fe(id)\nmodel m: b + L.y | gmm(y, lags = 2..4)": "E319",
    "model m: y ~ x using collapse": "E343",
    "model m: y ~ x using ppml, ppml": "E304",
    "model m: y ~ x using sun_abraham": "E900",
    "model m: y ~ x | re(id) using ppml": "E343",
    "model m: y ~ L.y | gmm(y, lags = 2..4) se cluster(id, year)": "E505",
    "model m: y ~ L.y | gmm(y, lags = 2..4) se wild(999)": "E505",
    "model m: y ~ L.y | gmm(y, lags = 2..4) se bootstrap(999, rows)": "E505",
    "model m: y ~ L.y | gmm(y, lags = 2..4) se cluster(id, correction = full)": "E505",
    "model m: y ~ x using ppml se wild(999)": "E505",
    "model m: y ~ L.y | gmm(y, lags = 2..4) weights w": "E513",
}


@pytest.mark.parametrize("body", WRONG)
def test_wrong(body: str) -> None:
    found = [code for code in codes(body + TABLE) if code.startswith("E")]
    assert found == [WRONG[body]]


def test_a_study_of_other_errors_leaves_gmm_to_say_its_own() -> None:
    head = 'study "S"\n  se driscoll_kraay\n'
    assert "E505" in codes(head + "model m: y ~ L.y | gmm(y, lags = 2..4)" + TABLE)
    assert codes(head + "model m: y ~ L.y | gmm(y, lags = 2..4) se cluster(id)" + TABLE) == []
