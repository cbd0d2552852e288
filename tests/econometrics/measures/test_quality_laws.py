"""Laws of export quality that need no data, and the measure against explicit dummies, row by row."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.econometrics.measures.customs_records import Records, alone, by_dummies, quality_by_hand

from carbonspec.econometrics.measures.customs import in_memory
from carbonspec.econometrics.measures.demand import demand_residuals
from carbonspec.econometrics.measures.demand_effects import EFFECTS
from carbonspec.econometrics.measures.quality import Choices, export_quality

LAW = settings(deadline=None, max_examples=25)

RECORDS = st.builds(
    Records,
    seed=st.integers(0, 10_000),
    products=st.integers(1, 7),
    regions=st.integers(1, 5),
    years=st.integers(1, 4),
    share=st.sampled_from([0.1, 0.4, 0.8, 1.0]),
)

ANCHORS = {
    "h + f^t": [[0.415170, 0.423969], [0.369748, 0.484848], [0.352941, 0.451807]],
    "h + t": [[0.098045, 0.214891], [0.369748, 0.484848], [0.425592, 0.451807]],
    "h^t": [[0.098045, 0.214891], [0.369748, 0.484848], [0.425592, 0.451807]],
}


def measure(records, effects="h + f^t", order=slice(None), columns=None, **choices):
    return export_quality(records.customs(order, **(columns or {})), Choices(records.table, effects, **choices))


@pytest.mark.parametrize("effects", ANCHORS)
def test_anchor(effects):
    x = np.array([10, 12, 20, 18, 5, 9, 30, 33, 8, 16, 25, 21.0])
    p = np.array([2, 2.1, 1.5, 1.7, 3, 2.5, 1, 1.2, 2.2, 1.8, 1.1, 1.3])
    customs = in_memory(list("AAAAAABBBBBB"), ["r1", "r1", "r2", "r2", "r3", "r3"] * 2, [1, 2] * 6, x, x * p)
    found = export_quality(customs, Choices({"A": 3, "B": 5}, effects))
    assert found.regions == ("r1", "r2", "r3")
    assert found.years == (1, 2)
    np.testing.assert_allclose(found.values, ANCHORS[effects], atol=5e-7)


@pytest.mark.parametrize("within", ["h^t", "h"])
@pytest.mark.parametrize("effects", EFFECTS)
@pytest.mark.parametrize(("seed", "share"), [(1, 0.9), (2, 0.5), (3, 0.15)])
def test_by_hand(effects, within, seed, share):
    records = Records(seed, destinations=2 if effects == "h + c^t" else 0, share=share)
    found = measure(records, effects, within=within)
    for (f, t), wanted in quality_by_hand(records, effects, within).items():
        at = found.regions.index(f"r{f}"), found.years.index(t + 2012)
        np.testing.assert_allclose(found.values[at], wanted, atol=1e-10)


@pytest.mark.parametrize("base", [(2012,), (2012, 2014)])
def test_fixed_weights_by_hand(base):
    records = Records(5, destinations=3, share=0.4)
    found = measure(records, "h + t", base=base)
    for (f, t), wanted in quality_by_hand(records, "h + t", base=base).items():
        at = found.regions.index(f"r{f}"), found.years.index(t + 2012)
        np.testing.assert_allclose(found.values[at], wanted, atol=1e-10)


@LAW
@given(RECORDS)
def test_year_effects_and_product_year_effects_give_the_same(records):
    one, other = measure(records, "h + t"), measure(records, "h^t")
    np.testing.assert_allclose(one.values, other.values, atol=1e-9)
    assert one.report.weighted == other.report.weighted


@LAW
@given(RECORDS, st.floats(0.01, 100), st.sampled_from(EFFECTS[:3]))
def test_the_unit_of_a_product_does_not_matter(records, factor, effects):
    """Counting one product in another unit changes its quantity and price, not its value."""
    x = np.where(records.product == records.product[0], records.x * factor, records.x)
    changed = measure(records, effects, columns={"quantity": x})
    np.testing.assert_allclose(changed.values, measure(records, effects).values, atol=1e-8)


@LAW
@given(RECORDS, st.floats(0.01, 100), st.sampled_from(EFFECTS[:3]))
def test_all_prices_of_a_product_times_a_constant(records, factor, effects):
    groups = records.groups(effects)
    p = np.unique(groups[0], return_inverse=True)[1]
    g = np.unique(groups[1], return_inverse=True)[1] if len(groups) > 1 else np.zeros(len(p), dtype=int)
    mine = records.product == records.product[0]
    dearer = records.lhs() + np.where(mine, records.sigmas[records.product[0]] * np.log(factor), 0.0)
    one, other = (demand_residuals(y, p, g, p.max() + 1, g.max() + 1).values for y in (records.lhs(), dearer))
    np.testing.assert_allclose(one, other, atol=1e-11)


@LAW
@given(RECORDS, st.floats(0.01, 100))
def test_the_currency_does_not_matter(records, factor):
    changed = measure(records, columns={"value": records.v * factor})
    np.testing.assert_allclose(changed.values, measure(records).values, atol=1e-8)


@LAW
@given(RECORDS, st.sampled_from(EFFECTS[:3]), st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(records, effects, random):
    order = list(range(len(records.x)))
    random.shuffle(order)
    np.testing.assert_allclose(measure(records, effects, order).values, measure(records, effects).values, atol=1e-9)


@LAW
@given(RECORDS, st.sampled_from(EFFECTS[:3]), st.sampled_from(["h", "h^t"]))
def test_quality_is_between_0_and_1_and_every_row_is_accounted_for(records, effects, within):
    found = measure(records, effects, within=within)
    report, known = found.report, ~np.isnan(found.values)
    assert ((found.values[known] >= 0) & (found.values[known] <= 1 + 1e-12)).all()
    assert report.used == report.alone + report.lone_rows + report.flat_rows + report.weighted == len(records.x)
    assert report.alone == alone(*records.groups(effects)).sum()
    assert report.empty + report.absent + known.sum() == known.size
    assert report.largest_mean < 1e-12
    np.testing.assert_allclose(found.weights.sum() / records.v.sum(), report.value_share, atol=1e-12)


def test_region_year_effects_are_said_to_absorb_and_how_much():
    records = Records(9, products=40, regions=6, share=1.0)
    strong = 3.0 * records.region  # regions differ in the demand for all their products
    columns = {"quantity": records.x * np.exp(strong), "value": records.v * np.exp(strong)}
    found = measure(records, columns=columns)
    assert found.notices[0].kind == "W850"
    assert found.report.absorbed_between > 0.8
    assert 0.3 < found.report.absorbed < 1
    assert "W850" not in {n.kind for n in measure(records, "h + t").notices}
    weak = measure(records).report
    assert weak.absorbed < 0.1

    groups, y = records.groups("h + f^t"), records.lhs() + strong
    with_regions, without = by_dummies(y, *groups), by_dummies(y, *records.groups("h + t"))
    np.testing.assert_allclose(found.report.absorbed, 1 - with_regions @ with_regions / (without @ without), rtol=1e-9)
    spread = []
    for nu in (with_regions, without):
        q = nu / (records.sigmas[records.product] - 1)
        v = columns["value"]
        spread.append(np.var([np.average(q[groups[1] == m], weights=v[groups[1] == m]) for m in np.unique(groups[1])]))
    np.testing.assert_allclose(found.report.absorbed_between, 1 - spread[0] / spread[1], rtol=1e-9)
