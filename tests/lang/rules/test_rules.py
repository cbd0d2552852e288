"""Econometric advice: each rule speaks where it should, and is silent where it should not."""

from __future__ import annotations

import pytest
from tests.lang.resolve.studies import checked, study

from carbonspec.lang.rules.lint import lint

VARIABLES = """var start = first(x, by = id)
var sector_mean = mean(x, by = (industry, year))
var late = year > 2010
var v = log(z)
var share = y / x
var coastal levels 0 "Inland", 1 "Coast"
"""


def advice(body: str) -> list[str]:
    """Codes of the rules for a body that uses some of the variables above."""
    return [d.code for d in lint(study(VARIABLES + body))]


SPEAKS = {
    "model m: y ~ x + start | fe(id)": ["W701"],
    "model m: y ~ x + log(start) | fe(id, year)": ["W701"],
    "model m: y ~ x + start:start2 | fe(id)\nvar start2 = last(z, by = id)": ["W701"],
    "model m: y ~ x + start | fd(id)": ["W701"],
    "model m: y ~ x + sector_mean | fe(id, industry^year)": ["W704"],
    "model m: y ~ x + late | fe(id, year)": ["W704"],
    "model m: y ~ x + i(year) | fe(year)": ["W704"],
    "model m: y ~ x + i(region) | fe(region)": ["W704"],
    "model m: y ~ x | fe(id) se iid": ["W702"],
    "model m: y ~ x | re(id) se iid": ["W702"],
    "model m: y ~ x + share": ["W705"],
    "model m: log(y) ~ x + share": ["W705"],
    "model m: y ~ x | fe(id) se cluster(year)": ["W706"],
    "model m: y ~ x | fe(id) se cluster(region^year)": ["W706"],
    "model m: y ~ x + coastal:x split coastal": ["W711", "W707"],
    "model m: y ~ x + i(coastal) split coastal": ["W707"],
    "model m: y ~ x | fe(id[year])": ["W708"],
    "model m: y ~ late + x\nwinsorize x, late at 1%, 99%": ["W709"],
    "model m: y ~ coastal + x\ntrim coastal at 1%, 99%": ["W709"],
    "model m: y ~ L.y + x | fe(id)": ["W710"],
    "model m: log(y) ~ L.log(y) + x | fe(id)": ["W710"],
    "model m: y ~ x:z": ["W711"],
    "model m: y ~ I(x^2)": ["W712"],
    "model m: y ~ x split v": ["W713"],
    "model m: y ~ x sample common": ["N714"],
    "model m: y ~ x | fe(id) | iv(x ~ z + start)": ["W720"],
    "model m: y ~ x | fe(id, industry^year) | iv(x ~ z + sector_mean)": ["W720"],
    "model m: y ~ L.y + x | gmm(x, lags = 2..4)": ["W721"],
    "model m: log(y) ~ L.log(y) + x | gmm(x, lags = 2..last) using system": ["W721"],
    "model m: y ~ L.y + x | gmm(y, lags = 1..4)": ["W722"],
    "model m: y ~ L.y + x | gmm(L.y, lags = 0..4)": ["W722"],
    "model m: y ~ L.y + x + x:z | gmm(y + x, lags = 2..4)": ["W723"],
    "model m: y ~ L.y + x + I(x^2) | gmm(y + x, lags = 2..4)": ["W723"],
    "model m: y ~ L.y + x | gmm(y, lags = 2..4) se iid": ["W724"],
    "model m: log(y) ~ x | fe(id) using ppml": ["W725"],
    "model m: y ~ x | gmm(y, lags = 2..4)": ["W726"],
    "model m: y ~ x + z | gmm(L.y + x, lags = 2..4) using system": ["W726"],
    "model m: v ~ x using ppml": ["W725"],
}
SILENT = (
    "model m: y ~ x + start | re(id)",
    "model m: y ~ x + start:x | fe(id)",
    "model m: y ~ x + L.x | fe(id)",
    "model m: y ~ x + start | fe(year)",
    "model m: y ~ x + mean(x, by = year) | fe(id)",
    "model m: y ~ x + first(x, by = industry) | fe(id)",
    "model m: y ~ x + late | fe(id)",
    "model m: y ~ x + i(year) | fe(id)",
    "model m: y ~ x + i(region, x) | fe(region)",
    "model m: y ~ x | fe(id)",
    "model m: y ~ x se iid",
    "model m: y ~ x | fe(industry) se hc1",
    "model m: y ~ x | fe(id) se cluster(id, year)",
    "model m: y ~ x | fe(id) se driscoll_kraay",
    "model m: y ~ x + L.share",
    "model m: D.y ~ L.y + x",
    "model m: z ~ x + share",
    "model m: y ~ x split coastal",
    "model m: y ~ x | fe(id, year, id[year])",
    "model m: y ~ L.y + x",
    "model m: y ~ L.x + z | fe(id)",
    "model m: y ~ x * z",
    "model m: y ~ x:z | fe(id)",
    "model m: y ~ i(region) + i(region):x",
    "model m: y ~ x + I(x^2)",
    "model m: y ~ csw(x, z) sample common",
    "model m: y ~ x | fe(id) | iv(x ~ z + L.start:z)",
    "model m: y ~ L.y + x | fe(id) | iv(L.y ~ L2.y + L.x)",
    "model m: y ~ L.y + x | gmm(y, lags = 2..4)",
    "model m: y ~ L.y + x + L.x | gmm(y, lags = 2..last) | gmm(x, lags = 1..3) using system",
    "model m: y ~ L.y + x | gmm(L.y, lags = 1..4)",
    "model m: y ~ L.y + x + x:z | gmm(y + x + x:z, lags = 2..4)",
    "model m: y ~ L.y + x + I(x^2) | gmm(y, lags = 2..4)",
    "model m: y ~ L.y + x | gmm(y, lags = 2..4) | iv(x ~ z)",
    "model m: y ~ L.y + x + i(year) | gmm(y, lags = 2..4) se bootstrap(999)",
    "model m: y ~ log(x) | fe(id) using ppml",
)


@pytest.mark.parametrize("body", SPEAKS)
def test_speaks(body: str) -> None:
    assert advice(body + "\ntable 1: m\n") == SPEAKS[body]


@pytest.mark.parametrize("body", SILENT)
def test_silent(body: str) -> None:
    assert advice(body + "\ntable 1: m\n") == []


def test_one_warning_for_one_se_of_the_study() -> None:
    spec = study('study "S"\n  se iid\nmodel a: y ~ x | fe(id)\nmodel b: a + z\nmodel c: y ~ x\ntable 1: a, b, c\n')
    (only,) = lint(spec)
    assert only.span is not None
    assert only.span.text == "iid"
    assert "`a`, `b` have" in only.message


def test_a_mediator_among_the_controls_warns_and_is_left_out() -> None:
    body = "let controls = a + z\nmediate x -> (w, z) -> y | fe(id) with controls\nmediate x -> w -> y with a\n"
    found = [(d.code, d.span.text) for d in checked(body).diagnostics if d.code == "W703" and d.span is not None]
    assert found == [("W703", "controls")]


def test_rules_survive_an_unsound_study() -> None:
    lint(checked("model m: y ~ nothing | fe(id)\nmodel n: m + x\n").value)
