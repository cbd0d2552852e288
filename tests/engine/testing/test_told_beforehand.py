"""What a panel does not allow: said before the run where the data show it, and without loss of what can be done."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from tests.engine.testing.test_failures import panel, unbalanced

import carbonspec as cs

HEAD = 'data d from "d.csv"\npanel d\n  id id\n  time year\n\nmodel m: y ~ x\ntable 1: m\n'


def done(folder: Path, frame: pd.DataFrame, test: str) -> Any:
    path = folder / "f.cspec"
    path.write_text(HEAD + test, encoding="utf-8")
    return cs.run(path, frames={"d": frame}, out=folder / "out").run


def warned(run: Any) -> list[str]:
    return [d.message for d in run.warnings if d.code == "W438"]


@pytest.mark.parametrize(
    ("using", "periods", "needed"),
    [("ips lags 3", 9, 11), ("cips lags 1", 9, 10), ("llc, ips lags 1 trend linear", 7, 8), ("fisher_pp", 4, 5)],
)
def test_a_panel_too_short_for_unit_roots_is_told(tmp_path: Path, using: str, periods: int, needed: int) -> None:
    told = warned(done(tmp_path, panel(8, periods), f"test a: unitroot(y) using {using}\n"))
    assert told
    assert all(f"T = {periods}, and {needed} are needed" in message for message in told)
    enough = done(tmp_path, panel(8, needed), f"test a: unitroot(y) using {using}\n")
    assert not warned(enough)
    assert enough.tests["a"].rows
    assert not enough.tests["a"].failures


def test_without_its_bootstrap_a_granger_test_still_stands(tmp_path: Path) -> None:
    found = done(tmp_path, unbalanced(panel()), "test a: granger(x -> y) bootstrap 20\n").tests["a"]
    assert not found.failures
    assert {row.statistic for row in found.rows} >= {"Z-tilde", "W-bar"}
    assert any("no bootstrap p values" in notice.message for row in found.rows for notice in row.notices)


def said(folder: Path, code: str, model: str) -> list[Any]:
    frame = panel(8, 9).assign(place=lambda d: "p" + d.id.str[1:].astype(int).floordiv(3).astype(str))
    path = folder / "m.cspec"
    path.write_text(f'data d from "d.csv"\npanel d\n  id id\n  time year\n\n{model}\n', encoding="utf-8")
    run = cs.run(path, frames={"d": frame}, out=folder / "out").run
    return [d for d in run.warnings if d.code == code]


def test_categories_that_effects_absorb_are_one_warning_of_an_instrument(tmp_path: Path) -> None:
    (found,) = said(tmp_path, "W433", "model m: y ~ x | fe(id) | iv(x ~ z + i(place))")
    assert found.message.startswith('the instruments `place["p1"]`, `place["p2"]` never change within a value of `id`')


def test_what_differences_take_out_stays_with_an_equation_in_levels(tmp_path: Path) -> None:
    (found,) = said(tmp_path, "W433", "model m: y ~ L.y + big | gmm(y, lags = 2..4)")
    assert "differences take it out" in found.message
    assert "`using system`" in found.helps[0]
    assert not said(tmp_path, "W433", "model m: y ~ L.y + big | gmm(y, lags = 2..4) using system")
