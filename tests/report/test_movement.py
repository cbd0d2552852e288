"""Two runs side by side: what the sentence says, which column is compared with which, what flipped."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.compare.test_order_moves_no_estimate import frame

import carbonspec as cs
from carbonspec.compare.movement import Movement
from carbonspec.report.movement import _effects, moved, short
from carbonspec.report.run import MediatedEffect, MediationOutcome, Run

SPEC = """data firms from "firms.csv"
panel firms
  id firm
  time year
var lx = log(x)
model base: y ~ lx + csw0(z, w) | fe(id) se iid
hypothesis H1: base[last].lx > 0 at 1%
expect base[last].N = 120
table 5 "Benchmark": base
table 6: summary(y, x)
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("movement")


def run(folder: Path, text: str) -> Run:
    path = folder / "study.cspec"
    path.write_text(text, encoding="utf-8")
    return cs.run(path, frames={"firms": frame()}, out=folder / "out").run


def between(folder: Path, *edits: tuple[str, str]) -> Movement:
    text = SPEC
    for old, new in edits:
        assert old in text
        text = text.replace(old, new)
    return moved(run(folder, SPEC), run(folder, text), {})


def test_nothing_moves_between_a_run_and_itself(folder: Path) -> None:
    movement = between(folder)
    assert movement == Movement(unchanged=3)


def test_the_sentence_names_sample_errors_estimate_and_stars(folder: Path) -> None:
    movement = between(folder, ("time year\n", "time year\n  where year <= 2004\n"), ("se iid", "se cluster(id)"))
    (model,) = movement.models
    assert model.tables == ("5",)
    assert re.match(
        r"sample −40 rows \(120 → 80\), SE from iid to cluster\(firm\), lx from [\d.]+ to [\d.]+ in column 3",
        model.sentence.replace("cluster(id)", "cluster(firm)"),
    ), model.sentence
    assert [(c.before, c.after, c.n_before, c.n_after) for c in model.columns] == [(n, n, 120, 80) for n in (1, 2, 3)]
    assert [(v.name, v.before) for v in movement.verdicts if v.name.startswith("expect")] == [
        ("expect base[last].N = 120", "met")
    ]
    assert "numbers moved" in movement.others[0]


def test_only_the_errors_move(folder: Path) -> None:
    (model,) = between(folder, ("se iid", "se hc1")).models
    assert "SE from iid to hc1, SE of lx from" in model.sentence
    assert "its estimate as before" in model.sentence


def test_columns_are_compared_by_their_terms_when_one_is_gone(folder: Path) -> None:
    movement = between(folder, ("csw0(z, w)", "csw0(z)"), ("base[last].N", "base[2].N"))
    (model,) = movement.models
    assert [(c.before, c.after) for c in model.columns] == [(3, 0)]
    assert model.sentence == "1 column gone"
    assert movement.unchanged == 2


def test_a_term_that_comes_and_one_that_goes_are_named(folder: Path) -> None:
    (model,) = between(folder, ("lx + csw0(z, w)", "lx + z"), ("base[last]", "base[1]")).models
    assert "2 columns gone" in model.sentence
    (model,) = between(folder, ("csw0(z, w)", "csw0(z, x)")).models
    assert "without w, with x" in model.sentence


def test_stars_are_counted_by_the_thresholds_of_each_study(folder: Path) -> None:
    (model,) = between(folder, ("data firms", 'study "S"\n  stars 1%\ndata firms')).models
    assert "stars lost" in model.sentence


def test_a_verdict_flips(folder: Path) -> None:
    movement = between(folder, ("lx > 0", "lx < 0"))
    assert movement.models == ()
    (verdict,) = movement.verdicts
    assert verdict.flipped
    assert verdict.name == "H1"


def test_a_version_that_was_not_there(folder: Path) -> None:
    movement = moved(None, run(folder, SPEC), {})
    assert [model.sentence for model in movement.models] == ["3 columns new"]


@pytest.mark.parametrize(
    ("pair", "shown"),
    [
        ((-3641.121, -4015.4), ("−3641", "−4015")),
        ((1.0, 1.0001), ("1.0000", "1.0001")),
        ((0.000123, 0.0004), ("0.0001230", "0.0004000")),
        ((0.0, 2.0), ("0.000", "2.000")),
    ],
)
def test_numbers_are_as_long_as_it_takes_to_tell_them_apart(pair: tuple[float, float], shown: tuple[str, str]) -> None:
    assert (short(*pair), short(pair[1], pair[0])) == shown


def mediation(indirect: float, through: tuple[float, float], suppression: bool = False) -> MediationOutcome:
    share = MediatedEffect("share", "share", 0.4)
    routes = [MediatedEffect("indirect", "route", v, route=("x", m, "y")) for m, v in zip("mn", through, strict=True)]
    effects = (MediatedEffect("indirect", "indirect", indirect), *routes, share)
    return MediationOutcome("via", "parallel", "x", ("m", "n"), "y", effects=effects, suppression=suppression)


def test_paths_of_a_mediation_move_each_by_itself_and_shares_give_way_to_suppression():
    before, after = mediation(0.5, (0.2, 0.3)), mediation(0.6, (0.2, 0.4), suppression=True)
    said = list(_effects("via", before, after))
    assert said == [
        "mediation via: indirect 0.5000 → 0.6000",
        "mediation via: indirect through n 0.3000 → 0.4000",
        "mediation via: a share → suppression",
    ]
    assert list(_effects("via", after, after)) == []
