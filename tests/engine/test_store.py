"""Stored results come back exactly or not at all."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from carbonspec.econometrics.results import CovarianceReport, Dropped, Fit, Notice
from carbonspec.engine.codec import decode, encode
from carbonspec.engine.store import Store
from carbonspec.report.run import Description, Failure, ModelColumn


def fit(estimates, vcov):
    return Fit(
        estimator="fixed effects",
        outcome="Ce",
        terms=tuple(f"x{i}" for i in range(len(estimates))),
        estimates=estimates,
        vcov=vcov,
        reference="t",
        df_reference=29.0,
        df_resid=226.0,
        n=270,
        n_ids=30,
        n_periods=9,
        t_min=9,
        t_max=9,
        covariance=CovarianceReport("cluster", 1.07, "G/(G-1)*(n-1)/(n-K)", 15, (("id", 30),)),
        effects=(("id", 30), ("year", 9)),
        statistics={"r2_within": 0.245, "nothing": float("nan")},
        dropped=(Dropped("Ce missing", 3),),
        notices=(Notice("W501", "few clusters", "id"),),
    )


@given(arrays(np.float64, 3, elements=st.floats(allow_nan=False)))
def test_a_fit_comes_back_to_the_last_bit(estimates):
    before = ModelColumn("m", 1, "Ce", 1, fit=fit(estimates, np.tile(estimates, (3, 1))))
    after = decode(encode(before))
    assert after.fit.estimates.tobytes() == before.fit.estimates.tobytes()
    assert after.fit.vcov.tobytes() == before.fit.vcov.tobytes()
    assert after.fit.covariance == before.fit.covariance
    assert after.fit.dropped == before.fit.dropped
    assert np.isnan(after.fit.statistics["nothing"])


def test_other_results_come_back_equal():
    values = (
        Description("summary", ("Ce",), ("n", "mean"), ((270.0, 1.5),), notes=("a",)),
        Failure("estimate m[1]", "E501", "no rows are left"),
    )
    assert decode(encode(values)) == values


@pytest.mark.parametrize("text", ["", "{", '{"@": "os"}', '{"@": "Fit", "x": 1}', '{"no": 1}', "[" * 3000])
def test_anything_else_is_refused_and_runs_nothing(text):
    with pytest.raises(ValueError, match=r".*"):
        decode(text)


def test_a_damaged_entry_is_taken_for_a_missing_one(tmp_path):
    store = Store(tmp_path)
    store.put("abcd", "content")
    assert store.get("abcd") == "content"
    assert "abcd" in store
    path = tmp_path / "ab" / "abcd.json"
    whole = path.read_bytes()
    for damaged in (whole[:-1], whole.replace(b"content", b"contemt"), b"", b"\xff\xfe"):
        path.write_bytes(damaged)
        assert store.get("abcd") is None
    assert store.get("0000") is None


def test_a_failing_write_leaves_nothing_behind(tmp_path):
    store = Store(tmp_path)
    with pytest.raises(UnicodeEncodeError):
        store.put("abcd", "lone surrogate \ud800")
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
