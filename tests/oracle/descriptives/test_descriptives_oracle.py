"""Descriptives against the anchors on Grunfeld's data (Stata xtsum, R cor and vif agree on them)."""

import numpy as np
import pytest

from carbonspec.econometrics.descriptives import correlate, decompose, inflation, summarise


def test_xtsum(panels):
    panel = panels["grunfeld"]
    found = decompose(panel.columns["inv"], panel.groups("firm"))
    assert found.overall.sd == pytest.approx(216.875296, abs=5e-7)
    assert found.between_sd == pytest.approx(198.824206, abs=5e-7)
    assert found.within_sd == pytest.approx(106.198645, abs=5e-7)
    np.testing.assert_allclose(found.within_range, (-204.36175, 1024.63825), atol=5e-6)
    value = decompose(panel.columns["value"], panel.groups("firm"))
    assert (value.between_sd, value.overall.sd) == (pytest.approx(1334.916707), pytest.approx(1314.469695))


def test_summary(panels):
    found = summarise(panels["grunfeld"].columns["inv"])
    assert (found.n, found.minimum, found.median, found.maximum) == (200, 0.93, pytest.approx(57.485), 1486.7)


def test_correlation(panels):
    columns = panels["grunfeld"].columns
    found = correlate(np.column_stack([columns["inv"], columns["value"], columns["capital"]]))
    np.testing.assert_allclose(found.r[[0, 0, 1], [1, 2, 2]], [0.856933, 0.662565, 0.488706], atol=5e-7)
    t = found.r[0, 1] * np.sqrt(198 / (1 - found.r[0, 1] ** 2))
    assert t == pytest.approx(23.394373, abs=5e-7)
    assert 0 < found.p[0, 1] < found.p[1, 2] < 1e-12


def test_vif(panels):
    columns = panels["grunfeld"].columns
    found = inflation(np.column_stack([columns["value"], columns["capital"]]), ("value", "capital"))
    np.testing.assert_allclose(found.vif, 1.3137728, rtol=5e-8)
