"""Views for Python: rows, tables, and what importing them costs."""

from __future__ import annotations

import subprocess
import sys

import pytest
from tests.report import factory as f

from carbonspec.econometrics.results import CovarianceReport
from carbonspec.report.tidy import glance_rows, table_view, tidy_rows, vcov_name


def test_tidy_rows_carry_intervals_at_the_studys_level() -> None:
    run = f.run(f.study_spec(study=f.Study(level=0.10)))
    row = tidy_rows((f.column(1, f.fit({"x": (2.0, 1.0)})),), run)[0]
    assert row["conf_low"] == pytest.approx(2 - 1.699127, abs=1e-6)  # t(29), 95th percentile
    assert row["p_value"] == pytest.approx(0.0549436, abs=1e-7)


def test_failed_columns_have_no_rows() -> None:
    assert tidy_rows((f.column(1, None),), f.run()) == []
    assert glance_rows((f.column(1, None),), f.run()) == []


def test_glance_says_which_part_of_a_split() -> None:
    column = f.column(1, f.fit({"x": (2.0, 1.0)}), split="coastal", split_value=1.0)
    assert glance_rows((column,), f.run())[0]["split"] == "coastal = 1"
    assert "split" not in glance_rows(f.printed_columns(1), f.run())[0]


@pytest.mark.parametrize("correction", ["full", "none", "hc0", "nested"])
def test_glance_tells_corrections_apart(correction: str) -> None:
    model = f.model(covariance=f.Covariance("cluster", correction=correction))
    row = glance_rows(f.printed_columns(1), f.run(f.study_spec(models=(model,))))[0]
    assert row["vcov"] == ("cluster(id)" if correction == "nested" else f"cluster(id, correction = {correction})")


@pytest.mark.parametrize(
    ("report", "name"),
    [
        (CovarianceReport("cluster", clusters=(("id", 30), ("year", 9))), "cluster(id, year)"),
        (CovarianceReport("driscoll_kraay", lags=2), "driscoll_kraay(lags = 2)"),
        (CovarianceReport("hc1"), "hc1"),
    ],
)
def test_the_covariance_is_named_as_in_a_spec(report: CovarianceReport, name: str) -> None:
    assert vcov_name(f.column(1, f.fit({"x": (1.0, 1.0)}, covariance=report))) == name


def test_a_table_as_an_object() -> None:
    view = table_view(f.run(), "5")
    assert "\\begin{threeparttable}" in view.latex()
    assert view.markdown().startswith("**Table 5. Benchmark model**")
    assert "<table" in view._repr_html_()
    assert view.csv().startswith("column,outcome")
    assert "-3641.121*" in repr(view)
    with pytest.raises(KeyError, match="no table 9; this study has: 5"):
        table_view(f.run(), "9")


def test_the_report_needs_neither_pandas_nor_scipys_statistics() -> None:
    modules = (
        "carbonspec.report.files",
        "carbonspec.report.tidy",
        "carbonspec.report.claims",
        "carbonspec.report.renderers.terminal",
    )
    code = f"import sys; import {', '.join(modules)}; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not {"pandas", "scipy", "statsmodels", "rich", "matplotlib"} & set(loaded)
