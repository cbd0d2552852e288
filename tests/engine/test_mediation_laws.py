"""Laws of a mediation, through the language, on panels with holes."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import carbonspec as cs

HEAD = """data firms from "firms.csv"
panel firms
  id firm
  time year
"""
ONE = "mediate one: x -> m -> y | fe(id, year) with u, v bootstrap 60\n"
FEW = settings(max_examples=3, deadline=None, suppress_health_check=list(HealthCheck))


def panel(seed: int) -> pd.DataFrame:
    """12 units in 6 years, a tenth of the rows missing."""
    rng = np.random.default_rng(seed)
    firm, year = np.repeat(np.arange(12), 6), np.tile(np.arange(2001, 2007), 12)
    made = {name: rng.normal(size=72) + rng.normal(size=12)[firm] for name in "xuv"}
    made["m"] = 0.6 * made["x"] + 0.3 * made["u"] + rng.normal(size=72)
    made["n"] = 0.4 * made["x"] - 0.5 * made["m"] + rng.normal(size=72)
    made["y"] = 0.2 * made["x"] + 0.5 * made["m"] - 0.4 * made["n"] + 0.2 * made["v"] + rng.normal(size=72)
    frame = pd.DataFrame({"firm": firm, "year": year, **made, "unity": 1.0, "w": rng.uniform(0.5, 2, 72)})
    return frame[rng.random(72) > 0.1].reset_index(drop=True)


def effects(frame: pd.DataFrame, body: str, name: str = "one") -> dict[Any, Any]:
    with tempfile.TemporaryDirectory() as folder:
        spec = Path(folder, "s.cspec")
        spec.write_text(HEAD + body, encoding="utf-8")
        (outcome,) = cs.run(spec, frames={"firms": frame}, fresh=True).run.mediations[name]
    assert outcome.failure is None, outcome.failure
    return {(e.name, e.route, e.level): e for e in outcome.effects}


def numbers(found: dict[Any, Any]) -> np.ndarray:
    """(effects, 7): all that is printed of each."""
    rows = [[e.estimate, e.std_error, e.p_value, e.conf_low, e.conf_high, e.bias, e.z] for e in found.values()]
    return np.array(rows, dtype=float)


def same(found: dict[Any, Any], other: dict[Any, Any], exact: bool = False) -> None:
    assert list(found) == list(other)
    if exact:
        np.testing.assert_array_equal(numbers(found), numbers(other))
    else:
        np.testing.assert_allclose(numbers(found), numbers(other), rtol=1e-8, atol=1e-10)


seeds = st.integers(0, 10_000)


@pytest.mark.parametrize("path", ["x -> m -> y", "x -> m -> n -> y", "x -> (m, n) -> y"])
@pytest.mark.parametrize("more", ["| fe(id, year) with u, v", "with u", "| fe(id) weights w"])
@given(seeds)
@FEW
def test_total_less_direct_is_the_sum_of_the_paths(path: str, more: str, seed: int) -> None:
    found = effects(panel(seed), f"mediate one: {path} {more}\n")
    by_name: dict[str, float] = {key[0]: e.estimate for key, e in found.items() if not key[1]}
    routes = [e.estimate for key, e in found.items() if key[1] and key[0] == "indirect"]
    total, direct, indirect = by_name["total"], by_name["direct"], by_name["indirect"]
    assert total - direct == pytest.approx(indirect, rel=1e-8, abs=1e-10)
    if routes:
        assert sum(routes) == pytest.approx(indirect, rel=1e-8, abs=1e-10)
        assert len(routes) == (3 if "m -> n" in path else 2)


Change = tuple[Callable[[pd.DataFrame], pd.DataFrame], str]
SAME: dict[str, Change] = {
    "controls in another order": (lambda f: f, ONE.replace("u, v", "v, u")),
    "rows in another order": (lambda f: f.sample(frac=1, random_state=1), ONE),
    "columns in another order": (lambda f: f[list(f)[::-1]], ONE),
    "a mediator in brackets": (lambda f: f, ONE.replace("m ->", "(m) ->")),
    "weights of one": (lambda f: f, ONE.replace(" bootstrap", " weights unity bootstrap")),
    "weights of five": (lambda f: f.assign(five=5), ONE.replace(" bootstrap", " weights five bootstrap")),
    "units by name": (lambda f: f.assign(firm="firm " + f.firm.astype(str).str.zfill(2)), ONE),
    "a year later": (lambda f: f.assign(year=f.year + 1), ONE),
}


@pytest.mark.parametrize("change", SAME.values(), ids=SAME)
@given(seeds)
@FEW
def test_what_is_the_same_analysis_gives_the_same_numbers(change: Change, seed: int) -> None:
    frame = panel(seed)
    same(effects(frame, ONE), effects(change[0](frame), change[1]))


@given(seeds)
@FEW
def test_statements_beside_and_their_order_change_no_draw(seed: int) -> None:
    frame = panel(seed)
    alone = effects(frame, ONE)
    other = "mediate other: x -> n -> y bootstrap 40\nmodel z: y ~ x se bootstrap(30)\n"
    same(alone, effects(frame, ONE), exact=True)
    same(alone, effects(frame, other + ONE), exact=True)
    same(alone, effects(frame, ONE + other), exact=True)
    renamed = effects(frame, ONE.replace("one:", "two:"), "two")
    assert (numbers(renamed)[:, 0] == numbers(alone)[:, 0]).all()
    assert (numbers(renamed)[:, 1] != numbers(alone)[:, 1]).all()


@given(seeds)
@FEW
def test_where_is_a_subset_of_the_data(seed: int) -> None:
    frame = panel(seed)
    part = frame[(frame.year >= 2002) & (frame.firm < 10)]
    same(effects(frame, ONE.replace(" bootstrap", " where year >= 2002 and firm < 10 bootstrap")), effects(part, ONE))


@given(seeds, st.sampled_from([1e-4, 0.5, 1e4]), st.sampled_from(["x", "m", "y", "u"]))
@FEW
def test_units_of_variables_scale_effects(seed: int, factor: float, name: str) -> None:
    frame = panel(seed)
    before, after = effects(frame, ONE), effects(frame.assign(**{name: frame[name] * factor}), ONE)
    scale = {"x": 1 / factor, "y": factor}.get(name, 1.0)
    for key, effect in before.items():
        by = 1.0 if key[0] == "share" else scale
        for part in ("estimate", "std_error", "conf_low", "conf_high"):
            assert getattr(after[key], part) == pytest.approx(getattr(effect, part) * by, rel=1e-6), (key, part)
        assert after[key].p_value == effect.p_value


@given(seeds)
@FEW
def test_a_constant_added_to_a_variable_changes_nothing(seed: int) -> None:
    frame = panel(seed)
    same(effects(frame, ONE), effects(frame.assign(x=frame.x + 3, m=frame.m - 5, y=frame.y + 100), ONE))


@given(seeds)
@FEW
def test_the_other_sign_of_the_mediator_keeps_the_path(seed: int) -> None:
    frame = panel(seed)
    same(effects(frame, ONE), effects(frame.assign(m=-frame.m), ONE))
