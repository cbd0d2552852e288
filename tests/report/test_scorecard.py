"""Printed figures against obtained ones."""

from __future__ import annotations

import pytest
from tests.report import factory as f

from carbonspec.lang.spec import CallItem, Heading, Ref, Table
from carbonspec.report.scorecard import ABSENT, AGREES, DIFFERS, MATCH, Figure, scorecard

HEADER = ("column", "outcome", "term", "estimate", "in_parentheses", "stars")


def scored(*rows: str, **changes: object) -> tuple[Figure, ...]:
    """The figures of table 5 against published rows given as CSV lines."""
    published = {"5": tuple(dict(zip(HEADER, line.split(","), strict=True)) for line in rows)}
    return scorecard(f.run(published=published, **changes)).tables[0].figures


def outcomes(*rows: str) -> list[str]:
    return [figure.outcome for figure in scored(*rows)]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("5,Ce,Open,-3641.121,-1.82,*", [MATCH, MATCH]),
        ("5,Ce,Open,-3641.1,-1.8,*", [MATCH, MATCH]),
        ("5,Ce,Open,-3641.2,-1.83,*", [AGREES, AGREES]),
        ("5,Ce,Open,-9999.9,-1.82,*", [AGREES, MATCH]),
        ("5,Ce,Open,-9999.9,-1.99,**", [DIFFERS, DIFFERS]),
        ("5,Ce,Open,3641.121,1.82,*", [DIFFERS, DIFFERS]),
        ("5,Ce,Level of opening up,-3641.121,,*", [MATCH]),
        ("5,Ce,Constant,-99147.792,-3.31,***", [MATCH, MATCH]),
        ("5,Ce,N,270,,", [MATCH]),
        ("5,Ce,R-squared,0.245,,", [MATCH]),
        ("5,Ce,R-squared,0.246,,", [DIFFERS]),
        ("5,Ce,Number of ids,30,,", [MATCH]),
        ("1,Ce,Ind,-1.0,-1.0,", [ABSENT, ABSENT]),
        ("9,Ce,Open,-1.0,,", [ABSENT]),
        ("5,Tech,Open,-1.0,,", [ABSENT]),
    ],
)
def test_a_printed_figure_matches_agrees_differs_or_is_not_there(line: str, expected: list[str]) -> None:
    assert outcomes(line) == expected


def test_what_stands_in_parentheses_is_compared_with_what_the_table_prints_there() -> None:
    spec = f.study_spec(tables=(f.result_table().replace(parentheses="se"),))
    error = 3641.121 / 1.82
    figures = scored(f"5,Ce,Open,-3641.121,{error:.2f},*", spec=spec)
    assert [figure.outcome for figure in figures] == [MATCH, MATCH]


def test_columns_are_known_by_what_is_printed_above_them() -> None:
    table = f.result_table("5").replace(columns=Heading(("6", "7", "8", "9", "10 All")))
    rows = ("10 All,Ce,Open,-3641.121,,*", "5,Ce,Open,-3641.121,,*")
    assert [x.outcome for x in scored(*rows, spec=f.study_spec(tables=(table,)))] == [MATCH, ABSENT]


def test_a_published_column_may_carry_the_value_of_split() -> None:
    split = {"split": "coastal", "split_value": 0.0, "split_label": "Inland"}
    models = {"benchmark": (f.column(1, f.fit({"Open": (-1.5, 1.0)}), **split),)}
    assert [x.outcome for x in scored("1 Inland,Ce,Open,-1.5,,", models=models)] == [MATCH]


def test_moments_are_matched_by_row_and_statistic() -> None:
    tables = (
        Table("3", "D", (CallItem("summary", (f.term("Ce"), f.term("Open"))),)),
        Table("2", "Y", (CallItem("summary", (f.term("Open"),)),), by=Ref("year")),
    )
    published = {
        "3": ({"variable": "Open", "n": "270", "mean": "0.384", "sd": "0.297", "min": "", "skewness": "1.0"},),
        "2": ({"year": "2012", "mean": "0.22"}, {"year": "total", "mean": "0.99"}, {"year": "2011", "mean": "0.1"}),
    }
    descriptions = {"table 3 item 0": f.summary(), "table 2 item 0": f.summary(by=True)}
    card = scorecard(f.run(f.study_spec(tables=tables), descriptions=descriptions, published=published))
    first, second = card.tables
    assert [(x.column, x.outcome) for x in first.figures] == [
        ("n", MATCH), ("mean", MATCH), ("sd", DIFFERS), ("skewness", ABSENT),
    ]  # fmt: skip
    assert [x.outcome for x in second.figures] == [MATCH, DIFFERS, ABSENT]
    assert (card.total, card.count(MATCH), card.count(ABSENT)) == (7, 3, 2)


def test_the_whole_published_table_of_the_benchmark_matches_its_own_numbers() -> None:
    rows = []
    for at in range(5):
        for term, values in f.PRINTED.items():
            if values[at] is not None:
                estimate, t = values[at]
                size = abs(t)
                stars = "*" * sum(size > limit for limit in (1.699, 2.045, 2.756))
                rows.append(f"{at + 1},Ce,{term},{estimate:.3f},{t:.2f},{stars}")
    assert set(outcomes(*rows)) == {MATCH}
    assert len(outcomes(*rows)) == 50
