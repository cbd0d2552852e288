"""`se bootstrap`, `se wild` and `se crv3` from a spec to a table: the numbers are those of refits by hand with the
study's own random numbers."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import carbonspec as cs
from carbonspec.cli import main
from carbonspec.econometrics.bootstrap import resampling

HEAD = """\
study "Draws"
  seed 7

data firms from "firms.csv"

panel firms
  id firm
  time year

"""


def frame(units=12, periods=6, holes=0.0, seed=1):
    rng = np.random.default_rng(seed)
    firm, year = np.repeat(np.arange(units), periods), np.tile(np.arange(2001, 2001 + periods), units)
    x, z = rng.normal(size=(2, units * periods)) + rng.normal(size=units)[firm]
    y = x - 0.5 * z + rng.normal(size=units)[firm] + rng.normal(size=periods)[year - 2001]
    y = y + rng.normal(size=units * periods) + rng.normal(size=units)[firm] * (year - 2003) / 3
    found = pd.DataFrame({"firm": firm, "year": year, "y": y, "x": x, "z": z, "half": firm % 2, "third": firm % 3})
    return found[rng.random(len(found)) >= holes].reset_index(drop=True)


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def go(body, data=None, head=HEAD, **options):
        (data if data is not None else frame()).to_csv("firms.csv", index=False)
        Path("s.cspec").write_text(head + body + "\n", encoding="utf-8")
        return cs.run("s.cspec", out="out", **options)

    return go


def by_hand(data, stream, draws, effects, seed=7):
    """(B, 2) slopes of draws of firms by least squares on dummies, a copy a firm of its own."""
    units = np.unique(data["firm"])
    drawn = resampling.clusters(resampling.Groups("id", np.arange(len(units)), len(units)))
    found = []
    for times in drawn.draw(resampling.stream(seed, stream), draws):
        copies = enumerate(np.repeat(units, times.astype(int)))
        r = pd.concat([data[data["firm"] == unit].assign(copy=c) for c, unit in copies])
        A = [r[["x", "z"]].to_numpy()]
        if "firm" in effects:
            A.append(pd.get_dummies(r["copy"]).to_numpy(dtype=float))
        if "year" in effects:
            A.append(pd.get_dummies(r["year"]).to_numpy(dtype=float))
        if not effects:
            A.append(np.ones((len(r), 1)))
        A = np.hstack(A)
        b, _, _, _ = np.linalg.lstsq(A, r["y"].to_numpy(), rcond=None)
        null = A - A @ np.linalg.pinv(A) @ A
        assert np.abs(null).max() < 1e-6
        found.append(b[:2])
    return np.array(found)


@pytest.mark.parametrize("holes", [0.0, 0.25], ids=["balanced", "unbalanced"])
@pytest.mark.parametrize(
    ("structure", "effects", "named"),
    [("", (), "pooled()"), (" | fe(id)", ("firm",), "fe(id)"), (" | fe(id, year)", ("firm", "year"), "fe(id, year)")],
    ids=["pooled", "one-way", "two-way"],
)
def test_a_bootstrap_is_refits_of_the_studys_draws(run, structure, effects, named, holes):
    data = frame(holes=holes)
    result = run(f"model m: y ~ x + z{structure} se bootstrap(60)\ntable 1: m", data)
    fit = result.run.models["m"][0].fit
    slow = by_hand(data, f"m: y ~ x + z | {named}", 60, effects)
    np.testing.assert_allclose(fit.vcov[:2, :2], np.cov(slow.T), rtol=1e-8)
    assert fit.reference == "normal"
    assert fit.resampled.seed == 7


def tidy(result, model):
    return result[model].tidy().set_index("term")


def test_claims_tables_and_frames_have_the_same_numbers(run):
    body = """\
model b: y ~ x + z | fe(id) se bootstrap(399, interval = percentile)
model w: y ~ x + z | fe(id) se wild(399)
model j: y ~ x + z | fe(id) se crv3(id)
expect b.x.se = {se:.12g} within 1e-9
expect b.x.p = {p:.12g} within 1e-9
expect w.x.p = {wp:.12g} within 1e-9
expect w.x.low = {low:.12g} within 1e-9
expect j.x.high = {high:.12g} within 1e-9
hypothesis H1: w.x > 0
hypothesis H2: w.x > {below:.12g}
hypothesis H3: w.x > 0.2 at 10%
table 1: b, w, j
"""
    empty = {"se": 1, "p": 1, "wp": 1, "low": 1, "high": 1, "below": 1}
    first = run(body.format(**empty))
    b, w, j = (tidy(first, name).loc["x"] for name in "bwj")
    known = {"se": b.std_error, "p": b.p_value, "wp": w.p_value, "low": w.conf_low, "high": j.conf_high}
    known["below"] = w.conf_low - 0.01
    result = run(body.format(**known))
    assert all(e.met for e in result.run.expectations)
    verdicts = {v.name: v for v in result.run.verdicts}
    assert verdicts["H1"].verdict == "supported"
    assert verdicts["H1"].parts[0].p_value == pytest.approx(w.p_value)
    assert verdicts["H2"].verdict == "supported"
    assert verdicts["H3"].verdict == "failed"
    assert "at 10%" in verdicts["H3"].reason
    text = str(result.table("1"))
    for part in (
        "bootstrap standard errors (12 clusters (firm); 399 draws, seed 7)",
        "by percentiles of the draws",
        "wild cluster bootstrap-t, null imposed (12 clusters (firm), Webb weights; 399 draws, seed 7)",
        "cluster jackknife standard errors (CRV3) by firm (12 clusters), factor (G-1)/G; p values from t(11)",
    ):
        assert part in " ".join(text.split())
    vcov = {name: first[name].glance()["vcov"][0] for name in "bwj"}
    assert vcov == {
        "b": "bootstrap(399, cluster(id), interval = percentile)",
        "w": "wild(399, cluster(id))",
        "j": "crv3(id)",
    }


def test_streams_hang_on_the_models_name_and_the_column(run):
    both = "model m: y ~ csw(x, z) | fe(id) se bootstrap(99)\n"
    first = run(both)
    run("model other: y ~ z se bootstrap(99)\n" + both)
    renamed = run(both.replace("model m", "model n"))
    m, n = first.run.models["m"], renamed.run.models["n"]
    np.testing.assert_array_equal(m[0].fit.vcov, run(both, fresh=True, jobs=3).run.models["m"][0].fit.vcov)
    assert m[0].fit.vcov[0, 0] != n[0].fit.vcov[0, 0]
    alone = run("model m: y ~ x | fe(id) se bootstrap(99)")
    np.testing.assert_array_equal(alone.run.models["m"][0].fit.vcov, m[0].fit.vcov)
    reseeded = run(both, head=HEAD.replace("seed 7", "seed 8"))
    assert reseeded.run.models["m"][0].fit.vcov[0, 0] != m[0].fit.vcov[0, 0]
    assert not reseeded.run.models["m"][0].reused


def test_parts_of_a_split_have_draws_of_their_own(run):
    data = frame()
    doubled = pd.concat([data.assign(group=0), data.assign(firm=data["firm"] + 100, group=1)])
    result = run("model m: y ~ x | fe(id) se bootstrap(99) split group", doubled)
    left, right = (column.fit for column in result.run.models["m"])
    np.testing.assert_allclose(left.estimates, right.estimates)
    assert left.vcov[0, 0] != right.vcov[0, 0]


def test_presentation_reuses_the_draws_and_the_level_does_not(run):
    body = "model m: y ~ x | fe(id) se bootstrap(99)\ntable 1: m\n"
    run(body)
    assert run(body + '  notes "Seen"\n').run.models["m"][0].reused
    assert not run(body, head=HEAD.replace("seed 7", "seed 7\n  level 10%")).run.models["m"][0].reused


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("model m: y ~ x se bootstrap(99, cluster(half))", "E555"),
        ("model m: y ~ x se bootstrap(99, cluster(third))", "E555"),
        ("model m: y ~ x | fd(id) se bootstrap(99, rows)", "E561"),
        ("model m: y ~ x | re(id) se bootstrap(99, wild)", "E561"),
        ("model m: y ~ x se bootstrap(99, blocks = 6)", "E557"),
        ("model m: y ~ x se crv3(half) where half == 1", "E504"),
    ],
)
def test_what_cannot_be_drawn_fails_in_its_column(run, body, code):
    column = run(body + "\ntable 1: m").run.models["m"][0]
    assert column.failure is not None
    assert column.failure.code == code


@pytest.mark.parametrize("drawn", ["rows", "blocks = 2", "wild", "cluster(third^half)"])
def test_whatever_is_drawn(run, drawn):
    fit = run(f"model m: y ~ x + z | fe(id, year) se bootstrap(199, {drawn})\ntable 1: m").run.models["m"][0].fit
    assert np.isfinite(fit.std_errors).all()


def test_few_clusters_are_pointed_out(run, capsys):
    run("model m: y ~ x | fe(id)\nmodel w: m se wild(99)\ntable 1: m, w")
    assert main(["check", "--data", "s.cspec"]) == 0
    said = capsys.readouterr().err
    assert said.count("W434") == 1
    assert "`se wild(9999)` and `se crv3(id)` are made for few clusters" in said
