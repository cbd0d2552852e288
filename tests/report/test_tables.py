"""What stands in a table: headings, numbers, stars, statistics, notes."""

from __future__ import annotations

import math

import pytest
from tests.report import factory as f

from carbonspec.econometrics.results import CovarianceReport, Dropped, Notice, Omitted
from carbonspec.lang.spec import KEY, CallItem, Heading, Ref, ResultItem, Selection, Study, Table, Variable
from carbonspec.lang.spec import Level as LevelSpec
from carbonspec.report.compose.notes import sentence
from carbonspec.report.compose.study import compose, compose_table
from carbonspec.report.document import ESTIMATE, FAILURE, NUMBER, OMITTED
from carbonspec.report.document import Table as Composed
from carbonspec.report.numbers import fixed, half_unit, moment_decimals, printed_number, row_decimals
from carbonspec.report.run import Failure, Run
from carbonspec.report.terms import Labels


def composed(run: Run, at: int = 0) -> Composed:
    return compose_table(run, run.spec.tables[at])[0]


def row(table: Composed, label: str) -> list[str]:
    """The texts of a row, stars included."""
    found = next(r for group in table.groups for r in group if r.label == label)
    return [cell.text + cell.stars for cell in found.cells]


def below(table: Composed, label: str) -> list[str]:
    found = next(r for group in table.groups for r in group if r.label == label)
    return [cell.below for cell in found.cells]


def one_table(columns: tuple[f.ModelColumn, ...], table: Table | None = None, **study: object) -> Composed:
    spec = f.study_spec(
        study=Study(**study), models=(f.model("m", [["Open", "Rpc"]]),), tables=(table or f.result_table("1", "m"),)
    )
    return composed(f.run(spec, {"m": columns}))


def test_the_papers_benchmark_prints_as_the_paper_prints_it() -> None:
    table = composed(f.run())
    assert row(table, "Level of opening up") == [
        "-4937.897**", "-4578.674**", "-4425.266**", "-4136.325**", "-3641.121*",
    ]  # fmt: skip
    assert below(table, "Level of opening up") == ["(-2.43)", "(-2.48)", "(-2.41)", "(-2.14)", "(-1.82)"]
    assert row(table, "Ind") == ["", "", "", "", "-16474.851*"]
    assert row(table, "Constant")[3:] == ["-83649.353***", "-99147.792***"]
    assert row(table, "R² within") == ["0.199", "0.218", "0.223", "0.225", "0.245"]
    assert row(table, "Number of ids") == ["30"] * 5
    assert [c.heading for c in table.columns] == ["(1)", "(2)", "(3)", "(4)", "(5)"]
    assert [h.text for h in table.spans[0]] == ["Total CO2 emissions"]
    assert [r.label for r in table.groups[0]][-1] == "Constant"


@pytest.mark.parametrize(
    ("pairs", "decimals"),
    [
        ([(-3641.121, 2000.0)], 3),
        ([(0.0351, 0.0102)], 4),
        ([(5.2, 0.00012)], 5),
        ([(-3641.121, 2000.0), (0.0351, 0.0102)], 4),
        ([(12345678.9, 500.0)], 1),
        ([(0.0, 0.0)], 3),
        ([(math.nan, math.nan)], 3),
        ([(1.2e-9, 4e-10)], -1),
    ],
)
def test_decimals_of_a_row(pairs: list[tuple[float, float]], decimals: int) -> None:
    assert row_decimals(pairs) == decimals


def test_numbers_as_text() -> None:
    assert fixed(-0.0001, 3) == "0.000"
    assert fixed(-0.0004, 4) == "-0.0004"
    assert fixed(1.2e-9, -1) == "1.20e-09"
    assert moment_decimals([25824.2, 17649.4]) == 0
    assert moment_decimals([0.384, 0.296]) == 4
    assert [half_unit(t) for t in ("816", "0.010", "-1e-3", "5%")] == pytest.approx([0.5, 0.0005, 0.0005, 0.005])
    assert [printed_number(t) for t in ("(-2.43)", "12,502.278***", "−1.5", "Yes")] == [-2.43, 12502.278, -1.5, None]


@pytest.mark.parametrize(
    ("kind", "text"),
    [("se", "(2.000)"), ("t", "(-1.50)"), ("p", "(0.144)"), ("interval", "[-7.090, 1.090]")],
)
def test_parentheses(kind: str, text: str) -> None:
    table = one_table((f.column(1, f.fit({"Open": (-3.0, 2.0)}), "m"),), parentheses=kind)
    assert below(table, "Level of opening up") == [text]


def test_stars_follow_the_reference_distribution() -> None:
    # 2.10 is significant at 5% under t(29) and under the normal, at 10% only under t(9)
    numbers = {"Open": (2.1, 1.0)}
    few = f.fit(numbers, df_reference=9.0)
    many = f.fit(numbers, reference="normal", df_reference=math.inf)
    table = one_table(tuple(f.column(i + 1, fit, "m") for i, fit in enumerate((f.fit(numbers), few, many))))
    assert row(table, "Level of opening up") == ["2.100**", "2.100*", "2.100**"]


def test_an_omitted_term_stands_in_its_place_with_its_reason_in_the_note() -> None:
    fit = f.fit({"Rpc": (1.0, 0.1), "Constant": (1.0, 1.0)}, omitted=(Omitted("Open", "absorbed by id"),))
    table = one_table((f.column(1, fit, "m"), f.column(2, f.fit({"Open": (1.0, 1.0)}), "m")))
    assert [r.label for r in table.groups[0]] == ["Level of opening up", "Regional production capacity", "Constant"]
    assert table.groups[0][0].cells[0].kind == OMITTED
    assert "Column 1: Open omitted, absorbed by id." in table.notes


def test_omitted_terms_and_categories_keep_the_order_of_the_formula() -> None:
    steps = [["Open", "year_effects", "Rpc", "Ei"]]
    omitted = (Omitted("Rpc", "collinear with Open"), Omitted("year[2013]", "collinear with Open"))
    fit = f.fit({"Open": (1.0, 1.0), "year[2012]": (1.0, 1.0), "Ei": (1.0, 1.0)}, omitted=omitted)
    spec = f.study_spec(models=(f.model("m", steps),), tables=(f.result_table("1", "m"),))
    table = composed(f.run(spec, {"m": (f.column(1, fit, "m"),)}))
    assert [r.name for r in table.groups[0]] == ["Open", "Rpc", "year[2012]", "Ei", "year[2013]"]


def test_a_statistic_that_was_asked_for_keeps_its_row() -> None:
    table = f.result_table("1", "m").replace(statistics=("N", "theta"))
    assert row(one_table((f.column(1, f.fit({"Open": (1.0, 1.0)}), "m"),), table), "Theta") == [""]


def test_a_failed_column_is_shown_in_its_place() -> None:
    failure = Failure("m[2]", "E502", "2 rows cannot estimate 3 parameters")
    table = one_table((f.column(1, f.fit({"Open": (1.0, 1.0)}), "m"), f.column(2, None, "m", failure=failure)))
    assert [cell.kind for cell in table.groups[0][0].cells] == [ESTIMATE, FAILURE]
    assert "Column 2: not estimated: 2 rows cannot estimate 3 parameters (E502)." in table.notes


def test_a_table_of_failures_alone_still_prints() -> None:
    table = one_table((f.column(1, None, "m", failure=Failure("m[1]", "E502", "too few rows")),))
    assert table.groups[0][0].cells[0].text == "failed"
    assert "Not estimated: too few rows (E502)." in table.notes


def test_effects_that_differ_say_yes_no_and_random() -> None:
    pooled = f.fit({"Open": (1.0, 1.0)}, estimator="pooled OLS", effects=(), statistics={"r2": 0.5})
    random = f.fit({"Open": (1.0, 1.0)}, estimator="random effects (Swamy-Arora)", effects=(("id", 30),))
    columns = (f.column(1, pooled, "m"), f.column(2, f.fit({"Open": (1.0, 1.0)}), "m"), f.column(3, random, "m"))
    table = one_table(columns)
    assert row(table, "Province effects") == ["No", "Yes", "Random"]
    assert row(table, "Year effects") == ["No", "Yes", "No"]
    assert row(table, "R² within") == ["", "0.245", "0.245"]
    assert row(table, "R²") == ["0.500", "0.978", "0.978"]


def test_rows_stats_columns_digits_and_notes_are_obeyed() -> None:
    numbers = {"Open": (1.23456, 0.5), "L.Open": (2.0, 0.5), "Rpc": (3.0, 0.5), "Constant": (4.0, 0.5)}
    table = Table(
        "1",
        "T",
        (ResultItem(Selection("m")),),
        rows=("Rpc", "Open"),
        statistics=("clusters", "sigma"),
        columns=Heading(("15",)),
        digits=2,
        notes=("A remark.",),
    )
    made = one_table((f.column(1, f.fit(numbers), "m"),), table)
    assert [r.name for r in made.groups[0]] == ["Rpc", "Open", "L.Open"]
    assert row(made, "Level of opening up") == ["1.23**"]
    assert row(made, "Level of opening up (t−1)") == ["2.00***"]
    assert [r.name for r in made.groups[1]] == ["id effects", "year effects", "clusters", "sigma"]
    assert [c.heading for c in made.columns] == ["(15)"]
    assert made.notes[-1] == "A remark."


def test_headings_name_models_outcomes_and_values_of_split() -> None:
    columns = tuple(
        f.column(i + 1, f.fit({"Open": (1.0, 1.0)}, outcome), "m", split="coastal", split_value=float(value))
        for i, (value, outcome) in enumerate([(0, "Ce"), (0, "Tech"), (1, "Ce")])
    )
    items = (ResultItem(Selection("m")), ResultItem(Selection("n"), "Driscoll–Kraay"))
    levels = Variable("coastal", "Coastal", levels=(LevelSpec(0.0, "Inland"), LevelSpec(1.0, "Coastal")))
    spec = f.study_spec(variables=(levels,), models=(), tables=(Table("1", "", items),))
    run = f.run(spec, {"m": columns, "n": (f.column(1, f.fit({"Open": (1.0, 1.0)}), "n"),)})
    made = composed(run)
    assert [(h.text, h.start, h.end) for h in made.spans[0]] == [("m", 0, 3), ("Driscoll–Kraay", 3, 4)]
    assert [h.text for h in made.spans[1]] == ["Total CO2 emissions", "Tech", "Total CO2 emissions"]
    assert [(h.text, h.end - h.start) for h in made.spans[2]] == [("coastal = Inland", 2), ("coastal = Coastal", 1)]


def test_labels_reach_into_lags_categories_and_interactions() -> None:
    labels = Labels({"Ce": "Emissions", "region": "Region"}, {"region": {"east": "Eastern"}, "big": {"1": "Large"}})
    assert labels.term("L2.Ce") == "Emissions (t−2)"
    assert labels.term("D.Ce") == "Δ Emissions"
    assert labels.term('region["east"]') == "Region: Eastern"
    assert labels.term("Ce:big[1]") == "Emissions × big: Large"
    assert labels.term("log(gdp)") == "log(gdp)"
    assert labels.term("a:b") == "a:b"


# --- notes -----------------------------------------------------------------------------------------------


def test_the_note_tells_what_was_executed() -> None:
    note = " ".join(composed(f.run()).notes)
    for fact in (
        "t statistics in parentheses.",
        "Standard errors clustered by province (30 clusters), small-sample factor G/(G-1)*(n-1)/(n-K) with K =",
        "p values from t(29).",
        "* p < 0.10, ** p < 0.05, *** p < 0.01.",
        "Fixed effects: province (30), year (9).",
        "Sample: where year in 2012..2020 (270 of 330 rows).",
        "30 units of 9 periods each.",
        "Ce, Open winsorized at 1% and 99% (10 values changed).",
        "R² within: 1 - SSR/SST of the outcome without its fixed effects.",
    ):
        assert fact in note
    assert "Tech" not in note  # winsorized too, and in no column of this table


def test_conventions_that_differ_are_told_once_for_the_columns_that_share_them() -> None:
    kraay = CovarianceReport("driscoll_kraay", 1.1, "T/(T-1)*(n-1)/(n-K)", 12, (), 2)
    numbers = {"Open": (1.0, 1.0)}
    fits = [f.fit(numbers), f.fit(numbers), f.fit(numbers), f.fit(numbers, covariance=kraay, df_reference=8.0)]
    table = one_table(tuple(f.column(i + 1, fit, "m") for i, fit in enumerate(fits)))
    assert table.notes[1].startswith("Columns 1–3: standard errors clustered by province (30 clusters)")
    assert table.notes[2] == (
        "Column 4: Driscoll–Kraay standard errors (Bartlett kernel, 2 lags), small-sample factor T/(T-1)*(n-1)/(n-K) "
        "with K = 12; p values from t(8)."
    )


def test_rows_that_left_are_counted_by_reason() -> None:
    fit = f.fit({"Open": (1.0, 1.0)}, n=205, dropped=(Dropped("singleton in id", 2),))
    column = f.column(1, fit, "m", dropped=(Dropped("where year <= 2018", 60), Dropped("Ei missing", 3)))
    table = one_table((column,))
    expected = "205 of 270 rows, left out 60 (where year <= 2018), 3 (Ei missing), 2 (singleton in id)."
    assert expected in table.notes


def test_warnings_of_the_estimator_reach_the_note_and_notes_do_not() -> None:
    notices = (Notice("W501", "only 10 clusters by id: too few", "id"), Notice("N502", "40 clusters by id", "id"))
    table = one_table((f.column(1, f.fit({"Open": (1.0, 1.0)}, notices=notices), "m"),))
    assert "Only 10 clusters by province: too few." in table.notes
    assert not any("40 clusters" in note for note in table.notes)


# --- descriptive tables ----------------------------------------------------------------------------------


def described() -> Run:
    arguments = (f.term("Ce"), f.term("Open"))
    tables = (
        Table("3", "Descriptive statistics", (CallItem("summary", arguments),)),
        Table("2", "By year", (CallItem("summary", (f.term("Open"),)),), by=Ref("time", KEY)),
        Table("4", "Correlation", (CallItem("correlation", arguments),)),
    )
    made = {"3": f.summary(), "2": f.summary(by=True), "4": f.correlation()}
    return f.run(f.study_spec(tables=tables), descriptions={f"table {number} item 0": d for number, d in made.items()})


def test_summary_rows_have_their_own_digits() -> None:
    table = composed(described(), 0)
    assert row(table, "Total CO2 emissions") == ["270", "25824", "17649", "20114", "1699", "74482"]
    assert row(table, "Level of opening up") == ["270", "0.3841", "0.2965", "0.2871", "0.0443", "0.9771"]


def test_a_summary_by_year_ends_in_its_total() -> None:
    table = composed(described(), 1)
    assert (table.stub, table.key) == ("Year", "year")
    assert [[r.label for r in group] for group in table.groups] == [["2012", "2013"], ["Total"]]


def test_correlations_fill_the_lower_triangle() -> None:
    table = composed(described(), 2)
    assert row(table, "(2) Level of opening up") == ["-0.310***", "1.000", ""]
    assert "Pearson correlations, N = 270." in table.notes


def test_a_description_that_failed_is_shown_in_its_table() -> None:
    run = described()
    spec = run.spec.replace(tables=run.spec.tables[:1])
    failed = f.run(spec, failures=(Failure("table 3 item 0", "E440", "`Ce` has no values"),))
    assert row(composed(failed), "summary(…)") == ["failed: `Ce` has no values (E440)"]


def test_every_table_of_simulated_data_is_stamped() -> None:
    run = f.run(simulated="simulated by simulate.py, seed 1")
    tables = [b for s in compose(run).sections for b in s.blocks if isinstance(b, Composed)]
    assert len(tables) >= 5
    assert all(table.stamp == "SIMULATED DATA" for table in tables)
    assert composed(run).notes[-1].startswith("SIMULATED DATA: simulated by simulate.py, seed 1.")
    assert not any(b.stamp for s in compose(f.run()).sections for b in s.blocks if isinstance(b, Composed))


def test_values_are_kept_at_full_precision() -> None:
    cells = [c for group in composed(f.run()).groups for r in group for c in r.cells if c.kind in (ESTIMATE, NUMBER)]
    assert cells[0].value == -4937.897
    assert cells[0].below_value == pytest.approx(-2.43, rel=1e-12)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("lco2: 32 of 50 rows missing", "lco2: 32 of 50 rows missing."),
        ("gdp is constant: no correlation", "gdp is constant: no correlation."),
        ("iso_code is constant", "iso_code is constant."),
        ("x2 is constant", "x2 is constant."),
        ("the total is over all rows", "The total is over all rows."),
        ("p values take rows as independent", "P values take rows as independent."),
        ("省份 is missing", "省份 is missing."),
        ("ends well.", "ends well."),
    ],
)
def test_a_note_opens_with_a_capital_unless_it_opens_with_a_name(text: str, shown: str) -> None:
    assert sentence(text, ("gdp", "Open")) == shown


def test_names_of_effects_stay_as_the_data_have_them() -> None:
    effects = (("iso_code", 30), ("region2", 4), ("sector", 3))
    table = one_table((f.column(1, f.fit({"Open": (1.0, 1.0)}, effects=effects), "m"),))
    labels = [r.label for group in table.groups for r in group]
    assert {"iso_code effects", "region2 effects", "Sector effects"} <= set(labels)


def test_a_warning_that_opens_with_a_variable_keeps_its_name() -> None:
    fit = f.fit({"gdp": (1.0, 1.0)}, notices=(Notice("W501", "gdp is nearly collinear", "gdp"),))
    assert "gdp is nearly collinear." in one_table((f.column(1, fit, "m"),)).notes
