"""Panels that a test cannot use: a reason in its place or a counted exclusion, never a number without one."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from tests.engine.testing import grunfeld as g

import carbonspec as cs

TESTS = """panel d
  id id
  time year

model m: y ~ x + z | fe(id)
model s: m split big
test roots: unitroot(y) using llc, ips, fisher_adf, fisher_pp, hadri, cips
test cause: granger(x -> y) bootstrap 20
test h: hausman(m)
test e: effects(m)
test p: poolability(m)
test v: vif(m)
test c: dependence(m)
test cy: dependence(y)
test se: serial(m)
test he: heteroskedasticity(m)
test ho: homogeneity(m)
test gap: difference(s) permute 20
test j: joint(m.x, m.z)
test dl: delta(m.x / m.z)
test pl: placebo(m.x) permute x draws 20
"""


def panel(units: int = 8, periods: int = 20, seed: int = 3) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    unit, year = np.repeat(np.arange(units), periods), np.tile(np.arange(2000, 2000 + periods), units)
    x, z = rng.normal(size=(2, units * periods))
    y = np.cumsum(rng.normal(size=(units, periods)), axis=1).ravel() + x
    names = [f"u{u}" for u in unit]
    return pd.DataFrame({"id": names, "year": year, "y": y, "x": x, "z": z, "big": (unit < units // 2).astype(float)})


def run(frame: pd.DataFrame, folder: g.Path) -> cs.api.Any:
    path = folder / "f.cspec"
    path.write_text('data d from "d.csv"\n' + TESTS, encoding="utf-8")
    return cs.run(path, frames={"d": frame}, out=folder / "out").run


def gaps(frame: pd.DataFrame) -> pd.DataFrame:
    return frame[~((frame.id == "u1") & (frame.year == 2005))]


def unbalanced(frame: pd.DataFrame) -> pd.DataFrame:
    return frame[~((frame.id == "u1") & (frame.year < 2004))]


def constant(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.assign(y=frame.y.where(frame.id != "u1", 4.0), x=frame.x.where(frame.id != "u2", 1.0))


def collinear(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.assign(z=2 * frame.x)


def missing(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.assign(y=frame.y.where((frame.id != "u1") | (frame.year != 2010)))


PANELS = {
    "balanced": panel(),
    "gaps": gaps(panel()),
    "unbalanced": unbalanced(panel()),
    "constant": constant(panel()),
    "collinear": collinear(panel()),
    "missing": missing(panel()),
    "two units": panel(2),
    "four units": panel(4),
    "T = 4": panel(8, 4),
    "T = 2": panel(8, 2),
    "T = 8": panel(8, 8),
}


@pytest.mark.parametrize("name", PANELS)
def test_every_test_has_numbers_or_a_reason(name: str, tmp_path: g.Path) -> None:
    found = run(PANELS[name], tmp_path)
    for outcome in found.tests.values():
        assert outcome.rows or outcome.failures, outcome.name
        for failure in outcome.failures:
            assert failure.code.startswith("E5"), (outcome.name, failure)
        for row in outcome.rows:
            if row.test == "Variance inflation":
                assert row.value >= 1 - 1e-9
                assert math.isfinite(row.value) or row.notices
                continue
            assert math.isfinite(row.value), (outcome.name, row)
            assert row.p_value is not None or row.p_bounds or row.notices or row.statistic == "W-bar", row
            assert row.p_value is None or 0 <= row.p_value <= 1, row


def test_units_left_out_are_named_and_not_counted(tmp_path: g.Path) -> None:
    roots = run(PANELS["constant"], tmp_path).tests
    assert ("u1", "constant") in roots["roots"].left_out
    assert g.rows(roots["roots"], test="ips")["w"].n_units == 7
    assert g.rows(roots["cause"])["z_tilde"].n_units == 6
    assert {unit for unit, _ in roots["cause"].left_out} == {"u1", "u2"}


def test_parts_fail_alone(tmp_path: g.Path) -> None:
    outcome = run(PANELS["unbalanced"], tmp_path).tests["roots"]
    failed = {failure.task: failure.code for failure in outcome.failures}
    assert failed == {"llc of y": "E521", "hadri of y": "E521"}
    assert {keys["test"] for keys in outcome.keys} == {"ips", "fisher_adf", "fisher_pp", "cips"}


def test_too_short_for_granger(tmp_path: g.Path) -> None:
    outcome = run(PANELS["T = 8"], tmp_path).tests["cause"]
    assert outcome.failures[0].code == "E522"
    assert "5 + 3K" in outcome.failures[0].message or "8" in outcome.failures[0].message


def test_what_the_data_do_not_allow_is_said_before_anything_is_estimated(tmp_path: g.Path) -> None:
    frame = unbalanced(panel(6, 9)).assign(three=lambda d: d.id.str[1:].astype(int) % 3, name=lambda d: d.id)
    head = 'data d from "d.csv"\npanel d\n  id id\n  time year\n'
    lines = """model s: y ~ x split three
test a: granger(x -> y) lags 2
test b: unitroot(y) using llc, ips, hadri
test c: difference(s.x)
test fine: granger(x -> y) lags 1
"""
    path = tmp_path / "c.cspec"
    path.write_text(head + lines, encoding="utf-8")
    found = [d for d in cs.run(path, frames={"d": frame}, out=tmp_path / "out").run.warnings if d.code == "W438"]
    assert [d.span.text.partition(":")[0] for d in found] == ["test a", "test b", "test c"]
    assert "the longest has T = 9, and T must exceed 11" in found[0].message
    assert "`y` has 5 to 9" in found[1].message
    assert "`three` has 3 in `s`" in found[2].message
    path.write_text(head + "test e: unitroot(name)\n", encoding="utf-8")
    with pytest.raises(cs.DataError) as caught:
        cs.run(path, frames={"d": frame}, out=tmp_path / "out")
    assert caught.value.diagnostics[0].code == "E420"
