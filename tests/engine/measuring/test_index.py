"""`index(…)`: weights from the sample, scores for all rows."""

from __future__ import annotations

import numpy as np
import pytest
from tests.engine.measuring.studies import panel_of, refused, told

A: list[object] = [1.0, 2.0, 4.0, 7.0, 1.5, 3.0, 3.5, 9.0, 2.0, 2.5, 6.0, 8.0]
B: list[object] = [5.0, 4.0, 6.0, 2.0, 7.0, 3.0, 1.0, 8.0, 2.5, 9.0, 4.5, 3.5]


def entropy_weights(z: np.ndarray) -> np.ndarray:
    p = z / z.sum(axis=0)
    logs = np.log(np.where(p > 0, p, 1))
    d = 1 + (p * logs).sum(axis=0) / np.log(len(z))
    return np.asarray(d / d.sum())


def test_limits_and_weights_come_from_the_sample_alone() -> None:
    body = 'measure Score = index(entropy)\n  group G "Group" = a - b\n'
    data = panel_of(body, where="  where year >= 2011\n", firms={"a": A, "b": B})
    X = np.column_stack([A, B]).astype(float)
    inside = data.sample
    assert inside.sum() == 9
    low, high = X[inside].min(axis=0), X[inside].max(axis=0)
    z = (X - low) / (high - low)
    z[:, 1] = 1 - z[:, 1]
    np.testing.assert_allclose(data.column("Score"), z @ entropy_weights(z[inside]), rtol=1e-12)
    first, second = data.measure_report("Score").weights
    assert (first.group, first.group_label, first.indicator, first.direction) == ("G", "Group", "a", 1)
    assert (second.indicator, second.direction) == ("b", -1)


def test_declared_weights() -> None:
    body = "measure Score = index(declared)\n  group G = 0.25 * a - b * 0.75\n"
    data = panel_of(body, firms={"a": A, "b": B})
    z = np.column_stack([A, B]).astype(float)
    z = (z - z.min(axis=0)) / (z.max(axis=0) - z.min(axis=0))
    np.testing.assert_allclose(data.column("Score"), 0.25 * z[:, 0] + 0.75 * (1 - z[:, 1]), rtol=1e-12)


CHOICES = ("", "  scope year\n", "  scope year\n  yearly mean\n", "  stage two\n", "  shift 0.01\n", "  score p\n")
PAIRS = [
    (word, more)
    for word in ("entropy", "equal", "critic", "topsis")
    for more in CHOICES
    if not ("shift" in more and word in ("equal", "critic")) and not ("score" in more and word == "topsis")
]


@pytest.mark.parametrize(("word", "more"), PAIRS)
def test_every_choice_reaches_the_library(word: str, more: str) -> None:
    body = f"measure Score = index({word})\n  group G = a\n  group H = b + log(a)\n"
    found = panel_of(body + more, firms={"a": A, "b": B}).column("Score")
    assert np.isfinite(found).all()
    assert (more == "") == np.allclose(found, panel_of(body, firms={"a": A, "b": B}).column("Score"))


def test_an_indicator_may_be_a_measure_and_a_winsorized_variable() -> None:
    body = (
        "measure K = stock(a)\n  depreciation 10%\n  growth 5%\n"
        "measure Score = index(equal)\n  group G = K + b + log(a)\nwinsorize K at 10%, 90%\n"
    )
    data = panel_of(body, firms={"a": A, "b": B})
    z = np.column_stack([data.column("K"), B, np.log(np.array(A, dtype=float))]).astype(float)
    z = (z - z.min(axis=0)) / (z.max(axis=0) - z.min(axis=0))
    np.testing.assert_allclose(data.column("Score"), z.mean(axis=1), rtol=1e-12)
    assert [w.indicator for w in data.measure_report("Score").weights] == ["K", "b", "log(a)"]


def test_what_is_told_and_refused_points_at_the_indicator_or_clause() -> None:
    body = "measure Score = index(entropy)\n  group G = a + flat\n"
    found = told(panel_of(body, firms={"a": A, "flat": [1.0] * 12}), "Score")["W835"]
    assert found.span is not None
    assert found.span.text == "flat"
    alone = "measure Score = index(entropy)\n  group G = flat\n"
    assert refused(panel_of(alone, firms={"flat": [1.0] * 12}), "Score").code == "E830"
