"""Elasticities, screens, repeated keys: what is matched, left out, refused and said."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.econometrics.measures.customs_records import Records

from carbonspec.diagnostics.codes.quality import CODES
from carbonspec.econometrics import quantiles
from carbonspec.econometrics.measures import order_statistics, repeats
from carbonspec.econometrics.measures.customs import in_memory
from carbonspec.econometrics.measures.elasticities import hs_text, match_sigma, sigma_table
from carbonspec.econometrics.measures.problems import MeasureError
from carbonspec.econometrics.measures.quality import Choices, export_quality
from carbonspec.econometrics.measures.screens import Screens

LAW = settings(deadline=None, max_examples=30)


def refused(make):
    with pytest.raises(MeasureError) as problem:
        make()
    assert problem.value.code == "E800" or problem.value.code in {code.id for code in CODES}
    return problem.value


def measure(records, **choices):
    sigma = choices.pop("sigma", records.table)
    return export_quality(records.customs(), Choices(sigma, **choices))


def test_the_longest_prefix_counts():
    table = {"01": 2.0, "0102": 3.0, "010203": 4.0, "2": 5.0}
    found = match_sigma(("01020304", "010299", "019999", "290511"), table)
    assert found.sigma.tolist() == [4.0, 3.0, 2.0, 5.0]
    assert found.digits == (6, 4, 2, 1)


def test_codes_that_were_read_as_numbers():
    assert [hs_text(code) for code in (10121, 290511, 101.0, np.int64(1), "0101.21 ", "101")] == [
        "010121", "290511", "0101", "01", "010121", "101",
    ]  # fmt: skip
    assert match_sigma((10121,), {101: 3.0}).sigma.tolist() == [3.0]


def test_products_without_an_elasticity():
    problem = refused(lambda: match_sigma(("010101", "020202", "030303"), {"01": 2.0, "02": 4.0}))
    assert problem.code == "E851"
    assert "030303" in problem.message
    found = match_sigma(("010101", "020202", "030303"), {"01": 2.0, "02": 4.0}, "median")
    assert found.sigma.tolist() == [2.0, 4.0, 3.0]
    assert found.unmatched == ("030303",)
    assert refused(lambda: match_sigma(("09",), {"01": 2.0}, "median")).code == "E851"
    records = Records(1, products=4)
    some = dict(list(records.table.items())[:-1])
    told = measure(records, sigma=some, unmatched="median")
    assert told.report.unmatched == (records.names[-1],)
    assert "W851" in {n.kind for n in told.notices}


@pytest.mark.parametrize("sigma", [1.0, 0.5, -2.0, float("nan"), float("inf")])
def test_elasticities_of_one_or_less(sigma):
    assert refused(lambda: match_sigma(("01",), {"01": sigma})).code == "E852"
    assert refused(lambda: measure(Records(1), sigma=sigma)).code == "E852"
    assert match_sigma(("01",), {"01": 2.0, "02": sigma}).sigma.tolist() == [2.0]  # not used, so it does no harm


def test_homogeneous_products_need_no_elasticity():
    records = Records(1, products=4)
    some = {code: sigma for code, sigma in records.table.items() if code != "110100"}
    found = measure(records, sigma=some, screens=Screens(homogeneous=("11",)))
    wanted = export_quality(records.customs(np.flatnonzero(records.product != 1)), Choices(some))
    np.testing.assert_allclose(found.values, wanted.values, atol=1e-12)
    assert found.report.sigma == wanted.report.sigma


def test_one_code_with_two_elasticities():
    assert sigma_table(["01", 1, "02"], [2.0, 2.0, 3.0]) == {"01": 2.0, "02": 3.0}
    assert refused(lambda: sigma_table(["01", "01"], [2.0, 3.0])).code == "E853"


def test_one_elasticity_for_all_is_that_of_a_table_with_one_value():
    records = Records(3)
    np.testing.assert_allclose(
        measure(records, sigma=4).values, measure(records, sigma=dict.fromkeys(records.names, 4.0)).values, atol=1e-13
    )


@LAW
@given(st.integers(0, 9999), st.integers(0, 300), st.integers(1, 6), st.booleans())
def test_quantiles_in_passing_are_those_of_sorting(seed, n, count, ties):
    rng = np.random.default_rng(seed)
    codes, values = rng.integers(0, count, n), np.exp(rng.normal(0, 5, n))
    values = np.ceil(values) if ties else values
    kept = order_statistics.COLLECTED, order_statistics.CELLS
    order_statistics.COLLECTED, order_statistics.CELLS = 10, 60
    try:
        cuts = range(0, n, 23)
        found = order_statistics.group_quantiles(
            lambda: ((codes[at : at + 23], values[at : at + 23]) for at in cuts), count, (0.01, 0.25, 0.99)
        )
    finally:
        order_statistics.COLLECTED, order_statistics.CELLS = kept
    np.testing.assert_array_equal(found, quantiles.group_quantiles(values, codes, count, (0.01, 0.25, 0.99)))


def test_screens_one_by_one():
    records = Records(11, products=8, regions=6, years=4, share=0.8)
    n, p = len(records.x), records.v / records.x
    everything = {
        "least_quantity": (Screens(least_quantity=4.0), records.x < 4, "quantity below 4"),
        "least_value": (Screens(least_value=9.0), records.v < 9, "value below 9"),
        "homogeneous": (Screens(homogeneous=("100", "13")), np.isin(records.product, [0, 3]), "homogeneous product"),
    }
    low, high = quantiles.group_quantiles(p, records.product, 8, (0.1, 0.8))
    outside = (p < low[records.product]) | (p > high[records.product])
    text = "unit value outside the 0.1 to 0.8 quantiles of its product"
    everything["trim"] = (Screens(trim=(0.1, 0.8)), outside, text)
    few = np.bincount(records.product) < 20
    assert few.any()
    everything["rows"] = (Screens(least_rows=20), few[records.product], "product with fewer than 20 rows")
    for name, (screens, wanted, reason) in everything.items():
        found = measure(records, screens=screens)
        assert [(d.reason, d.rows) for d in found.report.left_out] == [(reason, int(wanted.sum()))], name
        assert found.report.used == n - wanted.sum()
        rest = records.customs(np.flatnonzero(~wanted))
        np.testing.assert_allclose(
            found.values, export_quality(rest, Choices(records.table)).values, atol=1e-11, err_msg=name
        )


def test_a_row_counts_under_its_first_reason_and_small_products_after_all_others():
    records = Records(12, products=3, share=1.0)
    records.x[records.product == 1] = 0.25
    found = measure(records, screens=Screens(least_quantity=0.5, least_rows=2, homogeneous=("11",)))
    assert found.report.left_out[0].reason == "quantity below 0.5"
    assert found.report.left_out[0].rows >= (records.product == 1).sum()
    assert sum(d.rows for d in found.report.left_out) + found.report.used == found.report.rows == len(records.x)


@pytest.mark.parametrize(
    "screens",
    [
        Screens(trim=(0.9, 0.1)),
        Screens(trim=(-0.1, 1.0)),
        Screens(least_quantity=-1),
        Screens(least_value=float("nan")),
        Screens(least_rows=-3),
    ],
)
def test_screens_that_make_no_sense(screens):
    assert refused(lambda: measure(Records(1), screens=screens)).code == "E856"


@pytest.mark.parametrize("words", [{"effects": "h+f^t"}, {"within": "t"}, {"unmatched": "mean"}, {"repeats": "drop"}])
def test_unknown_words(words):
    assert refused(lambda: measure(Records(1), **words)).code == "E800"
    assert refused(lambda: measure(Records(1), screens=Screens(unusable="x"))).code == "E800"


def test_destination_effects_need_destinations():
    assert refused(lambda: measure(Records(1), effects="h + c^t")).code == "E856"


def test_base_years_must_be_there():
    assert refused(lambda: measure(Records(1), base=(1999,))).code == "E857"


def test_unusable_amounts_are_counted_or_refused():
    records = Records(13, zeros=3)
    found = measure(records)
    assert [(d.reason, d.rows) for d in found.report.left_out] == [("quantity zero or negative", 3)]
    problem = refused(lambda: measure(records, screens=Screens(unusable="error")))
    assert (problem.code, problem.facts["count"]) == ("E854", 3)


def test_nothing_left():
    problem = refused(lambda: measure(Records(1), screens=Screens(least_value=1e9)))
    assert problem.code == "E855"
    assert "value below 1e+09" in problem.message
    assert refused(lambda: export_quality(in_memory([], [], [], [], []), Choices(3.0))).code == "E855"


@pytest.mark.parametrize("sorted_", [False, True])
@pytest.mark.parametrize("destinations", [0, 3])
def test_repeated_keys(sorted_, destinations, monkeypatch):
    if sorted_:
        monkeypatch.setattr(repeats, "BITS", 0)
        monkeypatch.setattr(repeats, "SORTED", 20)
    records = Records(14, destinations=destinations, share=0.9)
    n = len(records.x)
    twice = np.concatenate([np.arange(n), [4, 4, 11]])
    problem = refused(lambda: export_quality(records.customs(twice), Choices(records.table)))
    assert (problem.code, problem.facts["count"]) == ("E850", 3)
    keys = [records.names[records.product], np.array([f"r{f}" for f in records.region])]
    keys += [records.destination] if destinations else []
    wanted = [tuple(column[i] for column in (*keys, records.year + 2012)) for i in (4, 11)]
    assert problem.facts["key"] in wanted
    kept = export_quality(records.customs(twice), Choices(records.table, repeats="keep"))
    assert kept.report.repeated == 3
    assert "W854" in {n.kind for n in kept.notices}
    assert export_quality(records.customs(), Choices(records.table)).report.repeated == 0


def test_groups_that_cannot_be_standardised_have_no_weight():
    """Product B is sold by one region a year; product C by two, at the same demand."""
    product = list("AAAAAA") + list("BB") + list("CCCC")
    region = ["r1", "r2", "r3"] * 2 + ["r1", "r1"] + ["r1", "r2"] * 2
    year = [1, 1, 1, 2, 2, 2, 1, 2, 1, 1, 2, 2]
    x = np.array([1, 5, 3, 4, 2, 6.0, 7, 9, 2, 2, 3, 3])
    v = np.array([2, 3, 9, 8, 8, 1.0, 5, 5, 4, 4, 5, 5])
    found = export_quality(in_memory(product, region, year, x, v), Choices(3.0, "h^t"))
    report = found.report
    assert (report.alone, report.lone_rows) == (2, 0)  # B: each has a product-year effect of its own
    assert (report.flat_groups, report.flat_rows) == (2, 4)
    assert report.weighted == 6
    np.testing.assert_allclose(found.weights.sum(axis=0), [14.0, 17.0])
    assert {"W852", "W855"} <= {n.kind for n in found.notices}
    by_year = export_quality(in_memory(product, region, year, x, v), Choices(3.0, "h + t")).report
    assert (by_year.alone, by_year.lone_rows) == (0, 2)


def test_region_years_without_quality_are_missing_and_said():
    found = export_quality(
        in_memory(list("AAAB"), ["r1", "r2", "r1", "r3"], [1, 1, 2, 2], [1, 2, 3, 4.0], [5, 3, 2, 1.0]),
        Choices(3.0, "h + t"),
    )
    assert np.isnan(found.values[2]).all()
    assert found.report.empty == 2
    assert found.report.absent == 2
    assert "W853" in {n.kind for n in found.notices}


def test_every_code_is_explained():
    assert len({code.id for code in CODES}) == len(CODES)
    assert all(code.why and code.fix for code in CODES)
