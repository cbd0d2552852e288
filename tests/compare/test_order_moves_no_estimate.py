"""The order of statements and of the terms of a sum moves no number, as the fits themselves show."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import carbonspec as cs
from carbonspec.report.movement import moved

STATEMENTS = [
    'data firms from "firms.csv"',
    "panel firms\n  id firm\n  time year",
    "let controls = z + w",
    "var lx = log(x)",
    "winsorize y, z at 5%, 95%",
    "model base: y ~ lx + controls | fe(id, year)",
    "model more: base + x:z se cluster(id, year)",
    "model pooled: y ~ z:x + w + lx",
    "model split_up: base[1] split group",
    'var group "Group" levels 0 "A", 1 "B"',
    "hypothesis H1: base.lx > 0",
    "table 1: base, more, pooled, split_up",
]
OTHERWISE = {
    "z + w": "w + z",
    "lx + controls": "controls + lx",
    "fe(id, year)": "fe(year, id)",
    "y, z at": "z, y at",
    "z:x + w + lx": "w + lx + x:z",
    "cluster(id, year)": "cluster(year, id)",
}


def frame() -> pd.DataFrame:
    draws = np.random.default_rng(3)
    firm, year = np.repeat(np.arange(20), 6), np.tile(np.arange(2001, 2007), 20)
    x, z, w = draws.uniform(1, 5, 120), draws.normal(size=120), draws.normal(size=120)
    y = np.log(x) + z - w + 0.2 * firm + draws.normal(size=120)
    return pd.DataFrame({"firm": firm, "year": year, "y": y, "x": x, "z": z, "w": w, "group": firm % 2})


@pytest.mark.parametrize("seed", range(3))
def test_order_moves_no_number(tmp_path: Path, seed: int) -> None:
    shuffled = list(STATEMENTS)
    random.Random(seed).shuffle(shuffled)
    text = "\n".join(shuffled)
    for one, other in OTHERWISE.items():
        assert one in text
        text = text.replace(one, other)
    runs = []
    for name, content in (("one", "\n".join(STATEMENTS)), ("other", text)):
        path = tmp_path / f"{name}.cspec"
        path.write_text(content + "\n", encoding="utf-8")
        runs.append(cs.run(path, frames={"firms": frame()}, out=tmp_path / name).run)
    assert all(column.fit is not None for columns in runs[0].models.values() for column in columns)
    movement = moved(runs[0], runs[1], {})
    assert movement.models == ()
    assert movement.verdicts == ()
    assert movement.unchanged == 5
