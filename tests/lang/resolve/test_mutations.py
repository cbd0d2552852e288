"""Whatever a person deletes, doubles or swaps in a valid spec: diagnostics, never an exception."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.lang.resolve.studies import CATALOGUE

from carbonspec.diagnostics.codes.all import CODES
from carbonspec.diagnostics.renderers import concise, full, json
from carbonspec.lang.parse import clean, parse
from carbonspec.lang.resolve.study import resolve
from carbonspec.lang.resolve.tables import declared_tables
from carbonspec.lang.rules.lint import lint
from carbonspec.source import Source

ROOT = Path(__file__).parents[3]
EVERYTHING = """study "All of it"
  seed 7
  se cluster(id, correction = full)
  stars 10%, 5%, 1%
data firms from "data/firms.csv"
  text firm
  where sales > 0 and year in 2001..2013
data shares from "data/shares.csv"
  join robots on industry = branch
data robots from "data/robots.csv"
panel firms
  id firm, plant
  time year
  join shares on city, year
  where not missing(sales)
var exposure "Exposure" = sum(shares.share * robots.stock, by = (city, year)) unit "1"
var big = size > median(size) levels 0 "Small", 1 "Large"
var region levels "east" "East", "west" "West"
let controls = L.size + lag(age, 1..2) + log(1 + debt)
winsorize size, age at 1%, 99% by year
trim debt at 0%, 99%
require size in 0..20 and unique(firm, year)
model base: log(sales) ~ exposure + csw0(controls, i(region, ref = "east")) | fe(id, year) where year > 2002
model more: base[last] - L.size + exposure:big | fe(id, year, id[year]) se driscoll_kraay(lags = 2)
model both: (size, age) ~ base[1] split big weights sales
model stepped: size ~ age * debt | fe(sw0(id, city^year))
model random: base[2..3] | re(id) se hc1
mediate way: exposure -> size -> sales | fe(id) with controls bootstrap 100, cluster(id)
test roots: unitroot(size, age) using llc lags 1
hypothesis H1 "Falls": more.exposure < 0 and base[2].L2.age in -1..1 at 5%
expect H1 = supported
expect both[big = 1, outcome = age].exposure.se = 0.5 within 1%
expect more.exposure:big = -1
table 1 "One": base, both[big = 0] "Small", roots
  rows exposure, age
  stats N, r2_within
  columns 1..5, "a"
  notes "Note."
table 2: summary(size, controls), correlation(size, age)
  by year
  total mean
  published "published/two.csv"
figure 1: coefficients(more.exposure)
"""
SPECS = [EVERYTHING, *(path.read_text(encoding="utf-8") for path in sorted((ROOT / "specs").glob("*.cspec")))]
TOKEN = re.compile(r'"[^"\n]*"|[^\W\d]\w*|\d+|\s+|.', re.DOTALL)


def survive(text: str) -> None:
    """Parse, resolve, lint and print; everything found has a known code and a place inside the text."""
    parsed = parse(Source("m.cspec", clean(text)))
    known = {table.name: None for table in declared_tables(parsed.value)}
    resolved = resolve(parsed.value, CATALOGUE, known)
    found = (*parsed.diagnostics, *resolved.diagnostics, *lint(resolved.value))
    for diagnostic in found:
        assert diagnostic.code in CODES
        assert diagnostic.span is not None
        assert 0 <= diagnostic.span.start <= diagnostic.span.end <= len(clean(text))
    full.render(found)
    concise.render(found)
    json.render(found)


def mutated(pieces: list[str], changes: list[tuple[str, int, int]]) -> str:
    pieces = list(pieces)
    for change, at, other in changes:
        if not pieces:
            break
        at, other = at % len(pieces), other % len(pieces)
        if change == "delete":
            del pieces[at]
        elif change == "double":
            pieces.insert(at, pieces[at])
        elif change == "swap":
            pieces[at], pieces[other] = pieces[other], pieces[at]
        else:
            pieces[at] = pieces[other]
    return "".join(pieces)


CHANGES = st.lists(
    st.tuples(st.sampled_from(("delete", "double", "swap", "copy")), st.integers(0, 10_000), st.integers(0, 10_000)),
    min_size=1,
    max_size=4,
)


@pytest.mark.parametrize("text", SPECS, ids=range(len(SPECS)))
def test_whole_specs(text: str) -> None:
    survive(text)


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from([EVERYTHING] * 4 + SPECS), CHANGES)
def test_tokens(text: str, changes: list[tuple[str, int, int]]) -> None:
    survive(mutated(TOKEN.findall(text), changes))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from([EVERYTHING] * 4 + SPECS), CHANGES)
def test_lines(text: str, changes: list[tuple[str, int, int]]) -> None:
    survive(mutated(text.splitlines(keepends=True), changes))


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(alphabet='abLx.,:=~|+-*/^()[]"`# \n\t0129%<>省', max_size=80))
def test_noise(noise: str) -> None:
    survive(f'data d from "d.csv"\npanel d\n  id i\n  time t\nmodel m: y ~ x\n{noise}\n')
