"""Stored results come back exactly or not at all."""

import os
import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from carbonspec.econometrics.results import CovarianceReport, Dropped, Fit, Notice
from carbonspec.engine.codec import decode, encode
from carbonspec.engine.store import LIMIT, Store
from carbonspec.engine.wholefile import ABANDONED, UNFINISHED
from carbonspec.planner.task import DAMAGED, MISSING, STORED
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


def test_a_damaged_entry_is_taken_for_a_missing_one_and_said(tmp_path):
    store = Store(str(tmp_path))
    store.put("abcd", "content")
    assert store.get("abcd") == "content"
    assert store.state("abcd") == STORED
    path = tmp_path / "ab" / "abcd.json"
    whole = path.read_bytes()
    for damaged in (whole[:-1], whole[:64], whole.replace(b"content", b"contemt"), b"", b"\n", b"\xff\xfe"):
        path.write_bytes(damaged)
        later = Store(str(tmp_path))
        assert later.get("abcd") is None
        assert later.state("abcd") == DAMAGED
        assert [d.message for d in later.remarks()] == ["1 stored result was damaged and computed anew"]
    assert store.get("0000") is None
    assert store.state("0000") == MISSING
    assert store.damaged == set()


def test_any_flipped_bit_is_found(tmp_path):
    store = Store(str(tmp_path))
    store.put("abcd", '{"x": 1.5}')
    path = tmp_path / "ab" / "abcd.json"
    whole = path.read_bytes()
    for place in range(len(whole)):
        for bit in range(8):
            flipped = bytearray(whole)
            flipped[place] ^= 1 << bit
            path.write_bytes(bytes(flipped))
            assert store.get("abcd") is None


def test_a_failing_write_leaves_nothing_behind(tmp_path):
    store = Store(str(tmp_path))
    with pytest.raises(UnicodeEncodeError):
        store.put("abcd", "lone surrogate \ud800")
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_full_disk_stops_the_writing_and_is_said_once(tmp_path, monkeypatch):
    store = Store(str(tmp_path))
    store.put("aaaa", "before")
    writes = []

    def full(handle, content):
        writes.append(len(content))
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("carbonspec.engine.wholefile.os.write", full)
    for key in ("bbbb", "cccc"):
        store.put(key, "content")
    assert len(writes) == 1
    (said,) = store.remarks()
    assert said.code == "N612"
    assert "No space left on device" in said.message
    assert store.get("aaaa") == "before"
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["aaaa.json"]


def test_a_store_that_is_a_file_is_no_store(tmp_path):
    (tmp_path / "store").write_text("mine")
    store = Store(str(tmp_path / "store"))
    assert store.get("abcd") is None
    store.put("abcd", "content")
    assert store.trouble
    assert store.entries() == ()
    assert (tmp_path / "store").read_text() == "mine"


def aged(path, seconds):
    then = time.time() - seconds
    os.utime(path, (then, then))


def test_above_its_limit_the_results_used_longest_ago_go_but_none_that_the_run_used(tmp_path):
    earlier = Store(str(tmp_path))
    earlier.limit = 3000
    for age, key in enumerate(("aaaa", "bbbb", "cccc"), start=1):
        earlier.put(key, "x" * 900)
        aged(tmp_path / key[:2] / f"{key}.json", 100 - 10 * age)
    store = Store(str(tmp_path))
    assert store.get("aaaa")  # the oldest, but it is used again
    store.put("dddd", "x" * 900)
    store.tidy()
    assert {entry.key for entry in store.entries()} == {"aaaa", "dddd"}  # 90% of the limit holds two
    store = Store(str(tmp_path))
    store.limit = 100
    assert store.get("aaaa")
    store.tidy()
    assert {entry.key for entry in store.entries()} == {"aaaa"}


def test_below_its_limit_nothing_goes(tmp_path):
    store = Store(str(tmp_path))
    assert store.limit == LIMIT
    for key in ("aaaa", "bbbb"):
        store.put(key, "x")
    Store(str(tmp_path)).tidy()
    store.tidy()
    assert len(store.entries()) == 2


@pytest.mark.parametrize("content", ["", "much", "-5", "1e9", "\x00"])
def test_a_limit_that_cannot_be_read_is_the_default(tmp_path, content):
    (tmp_path / "limit").write_text(content)
    assert Store(str(tmp_path)).limit in (LIMIT, 0)


def test_what_killed_runs_left_goes_once_it_is_old(tmp_path):
    (tmp_path / "ab").mkdir()
    old, new = tmp_path / "ab" / f"{UNFINISHED}1-1", tmp_path / "ab" / f"{UNFINISHED}2-1"
    for path in (old, new):
        path.write_text("half")
    aged(old, 2 * ABANDONED)
    store = Store(str(tmp_path))
    store.put("abcd", "content")
    store.tidy()
    assert not old.exists()
    assert new.exists()  # its process may still live
    assert store.clear() == 1
    assert not new.exists()
    assert store.get("abcd") is None


def test_a_read_only_store_still_gives_its_results(tmp_path, monkeypatch):
    store = Store(str(tmp_path))
    store.put("abcd", "content")

    def refused(*_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("carbonspec.engine.store.os.utime", refused)
    monkeypatch.setattr("carbonspec.engine.wholefile.os.open", refused)
    store = Store(str(tmp_path))
    assert store.get("abcd") == "content"
    store.put("ffff", "more")
    assert "Permission denied" in store.remarks()[0].message
