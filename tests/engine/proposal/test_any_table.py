"""Whatever a table holds: the proposed spec is canonical, checks without errors, and runs; so do its suggestions."""

import random
import re

import numpy as np
import pandas as pd
import pytest

from carbonspec import api
from carbonspec.diagnostics.model import ERROR, DataError

WORDS = """
x y z L F D S id time firm year in and not or at by where data panel model first m table sum fe log log_x first_model
last within i Constant F2 S4 levels by_dummy winsorize code population 省份 年份 π é
2012 1e5 a.b L.x #1 x#y - a-b {x} $y
"""
NAMES = [
    *WORDS.split(),
    "GDP per capita",
    'say "so"',
    "tick`mark",
    " lead",
    "（亿元）",
    "\ufb01",
    "a\u200bb",
    "\\alpha",
]
FILES = ["firms", "data", "panel", "my data (2)", "x", "firm", "2012", "省份[1]"]


def column(rng, units, periods, unit, period):
    """A column of some kind: noise, counts, text, dummies, trends, gaps, copies, awkward numbers."""
    n = unit.size
    kind = rng.integers(16)
    noise = rng.normal(size=n)
    made = {
        0: lambda: noise,
        1: lambda: np.exp(2 * noise),
        2: lambda: rng.integers(0, 2, n).astype(float),
        3: lambda: rng.normal(size=units)[unit],
        4: lambda: rng.integers(0, 2, units)[unit],
        5: lambda: period * 1.5,
        6: lambda: np.full(n, 3.0),
        7: lambda: np.full(n, np.nan),
        8: lambda: rng.choice(["a", "b", "c", "0", "1"], n).astype(object),
        9: lambda: np.where(rng.random(n) < 0.1, "n.a.!", np.round(noise, 2).astype(str)),
        10: lambda: rng.integers(0, 50, n),
        11: lambda: rng.integers(1950, 2020, n),
        12: lambda: np.where(rng.random(n) < 0.7, np.nan, noise),
        13: lambda: noise * 1e30,
        14: lambda: np.array([f"{i:04d}" for i in rng.integers(0, 30, n)], dtype=object),
        15: lambda: 2 * np.arange(n) + 1e9,
    }[int(kind)]()
    return pd.Series(made)


def table(seed):
    """A random panel, or what is left of one."""
    rng = np.random.default_rng(seed)
    units, periods = int(rng.integers(1, 16)), int(rng.integers(1, 9))
    unit, period = np.repeat(np.arange(units), periods), np.tile(np.arange(periods), units)
    names = list(dict.fromkeys(rng.permutation(NAMES)))
    shape = rng.integers(4)
    ids = {0: unit, 1: np.array([f"u{i}" for i in unit]), 2: 1000 + 7 * unit, 3: np.array([f"{i:03d}" for i in unit])}
    times = {0: 2000 + period, 1: 1990 + 5 * period, 2: np.array([f"20{10 + t}-03-31" for t in period]), 3: period}
    frame = pd.DataFrame({names[0]: ids[int(shape)], names[1]: times[int(rng.integers(4))]})
    if rng.random() < 0.7:
        frame.columns = ["firm", "year"]
        names = [name for name in names if name not in ("firm", "year")]
    for name in names[2 : 2 + int(rng.integers(0, 9))]:
        frame[name] = column(rng, units, periods, unit, period)
    if len(frame.columns) > 3 and rng.random() < 0.2:
        frame[frame.columns[-1]] = frame[frame.columns[2]]
    keep = rng.random(len(frame)) < rng.choice([1.0, 1.0, 0.8])
    frame = frame[keep]
    if rng.random() < 0.15 and len(frame):
        frame = pd.concat([frame, frame.iloc[: int(rng.integers(1, 4))]])
    if rng.random() < 0.3:
        frame = frame.sample(frac=1, random_state=seed)
    return frame.reset_index(drop=True)


def errors(path):
    study = api.check(str(path))
    found = [d for d in study.diagnostics if d.severity == ERROR]
    if not found:
        found = [d for d in api.check_data(study) if d.severity == ERROR]
    return [f"{d.code} {d.message}" for d in found]


def proposed(*names):
    """The proposal; "" for tables that are empty or hold no numbers."""
    try:
        return api.init(*names)
    except DataError as problem:
        assert {d.code for d in problem.diagnostics} <= {"E406", "E623"}  # noqa: PT017
        return ""


def with_suggestions(text):
    """The spec with the variables, models and limits that it suggests in comments."""
    return re.sub(r"^# (?=(?:var|model|winsorize) )", "", text, flags=re.MULTILINE)


@pytest.mark.parametrize("seed", range(120))
def test_a_proposal_checks_and_runs(tmp_path, monkeypatch, seed):
    monkeypatch.chdir(tmp_path)
    frame = table(seed)
    name = random.Random(seed).choice(FILES) + ".csv"
    frame.to_csv(name, index=False, encoding=random.Random(seed).choice(["utf-8", "utf-8-sig", "utf-8"]))
    text = proposed(name)
    if not text:
        return
    path = tmp_path / "s.cspec"
    path.write_text(text, encoding="utf-8")
    assert api.fmt(str(path))[0] == text
    assert errors(path) == [], text
    result = api.run(path, out=tmp_path / "out")
    assert result.ok, (result.failures, text)
    if "\npanel " in text:
        path.write_text(with_suggestions(text), encoding="utf-8")
        assert errors(path) == [], path.read_text(encoding="utf-8")


@pytest.mark.parametrize("seed", range(30))
def test_joins_of_random_tables_check(tmp_path, monkeypatch, seed):
    monkeypatch.chdir(tmp_path)
    rng = np.random.default_rng(seed)
    main = table(seed)
    if not {"firm", "year"} <= set(main.columns):
        main.columns = ["firm", "year", *main.columns[2:]]
    keys = [["firm", "year"], ["year"], ["firm"], ["firm", "year"]][seed % 4]
    other = main[keys].drop_duplicates() if seed % 3 else main[keys]
    other = other.assign(extra=rng.normal(size=len(other)), x=1.0, code=rng.integers(0, 5, len(other)))
    main.assign(y=rng.normal(size=len(main)), z=rng.normal(size=len(main))).to_csv("main.csv", index=False)
    other.to_csv("other.csv", index=False)
    text = proposed("main.csv", "other.csv")
    (tmp_path / "s.cspec").write_text(with_suggestions(text), encoding="utf-8")
    assert api.fmt("s.cspec")[1].ok
    assert errors("s.cspec") == [] or "\npanel " not in text, text
