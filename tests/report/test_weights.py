"""`weights(…)`: the table, its file, and the printed weights beside it."""

from __future__ import annotations

import csv
import math
from dataclasses import replace

from tests.report import factory as f

from carbonspec.report.compose.study import compose, compose_table
from carbonspec.report.document import FAILURE, Table
from carbonspec.report.renderers import csv as csv_renderer
from carbonspec.report.renderers import html, latex, markdown
from carbonspec.report.renderers.terminal import plain_table
from carbonspec.report.run import Failure, Run
from carbonspec.report.scorecard import ABSENT, DIFFERS, MATCH, scorecard

PAPER = tuple({"group": group, "indicator": name, "weight": f"{weight:.4f}"} for group, _, name, weight in f.WEIGHTS)


def table_of(run: Run) -> Table:
    return compose_table(run, run.spec.tables[0])[0]


def test_indicators_stand_in_their_groups_with_sums() -> None:
    table = table_of(f.measured())
    labels = [[row.label for row in group] for group in table.groups]
    assert labels[0] == ["foreign_firms", "registered_capital", "foreign_investment", "Sum"]
    assert labels[-1] == ["Sum of all"]
    headings = ["Group", "Weight", "Entropy", "Redundancy", "Within share", "r without"]
    assert [column.heading for column in table.columns] == headings
    texts = [[cell.text for cell in row.cells] for row in table.groups[0]]
    assert texts[0][:3] == ["Scale of foreign investment", "0.0497", "0.9834"]
    assert texts[1][:2] == ["", "0.0467"]
    assert texts[3] == ["", "0.1425", "", "", "0.0068", ""]
    assert table.groups[-1][0].cells[1].text == "0.9999"


def test_the_note_says_how_it_was_made_and_what_dominates() -> None:
    notes = table_of(f.measured()).notes
    assert notes[:2] == (
        "Entropy weights of 9 indicators over 270 rows of the sample.",
        "free_trade_zone has weight 0.5681, more than all other indicators together.",
    )
    assert any("0 ln 0 = 0" in note for note in notes)
    assert any("within units" in note for note in notes)


def test_labels_of_indicators_and_directions_are_shown_where_there_are_any() -> None:
    report = f.weights()
    turned = tuple(replace(w, direction=-1 if w.indicator == "labour_abroad" else 1) for w in report.weights)
    run = f.measured(measures={"Open": replace(report, weights=turned)}, labels={"labour_abroad": "Labour abroad"})
    table = table_of(run)
    assert table.columns[1].heading == "Direction"
    row = table.groups[1][0]
    assert row.label == "Labour abroad"
    assert [cell.text for cell in row.cells[:3]] == ["External communication", "−", "0.0800"]


def test_weights_without_entropies_have_no_such_columns() -> None:
    nan = math.nan
    plain = tuple(replace(w, entropy=nan, redundancy=nan, within_share=nan) for w in f.weights().weights)
    table = table_of(f.measured(measures={"Open": f.weights(weights=plain)}))
    assert [column.name for column in table.columns] == ["group", "weight", "without_correlation"]
    assert not any("Redundancy" in note for note in table.notes)


def test_a_single_group_has_one_sum() -> None:
    some = tuple(replace(w, group="A", group_label="") for w in f.weights().weights[:3])
    table = table_of(f.measured(measures={"Open": f.weights(weights=some)}))
    assert [row.label for group in table.groups for row in group][-2:] == ["foreign_investment", "Sum of all"]
    assert table.groups[0][0].cells[0].text == "A"


def test_the_file_has_a_row_an_indicator_and_no_sums() -> None:
    text = csv_renderer.render_table(table_of(f.measured(simulated="made up")))
    rows = list(csv.DictReader(text.splitlines()))
    header = "group,indicator,weight,entropy,redundancy,within_share,without_correlation,data"
    assert text.splitlines()[0] == header
    assert len(rows) == 9
    assert rows[8]["group"] == "ENV"
    assert rows[8]["indicator"] == "free_trade_zone"
    assert float(rows[8]["weight"]) == 0.5681


def test_the_file_round_trips_through_the_scorecard() -> None:
    run = f.measured()
    rows = tuple(csv.DictReader(csv_renderer.render_table(table_of(run)).splitlines()))
    card = scorecard(replace(run, published={"1": rows}))
    assert card.total == card.count(MATCH) == 45


def test_printed_weights_are_compared_by_name_label_or_group() -> None:
    labels = {"free_trade_zone": "Whether to set up a free trade zone"}
    printed = (
        {"group": "Business environment", "indicator": "whether to set up a free trade zone", "weight": "0.5681"},
        {"group": "SC", "indicator": "foreign_firms", "weight": "0.0498"},
        {"group": "SC", "indicator": "", "weight": "0.1425"},
        {"group": "COM", "indicator": "foreign_firms", "weight": "0.0497"},
        {"group": "SC", "indicator": "nobody", "weight": "0.1", "source": "Yearbook 2012"},
    )
    card = scorecard(f.measured(labels=labels, published={"1": printed}))
    assert [figure.outcome for figure in card.tables[0].figures] == [MATCH, DIFFERS, MATCH, ABSENT, ABSENT]
    assert scorecard(f.measured(published={"1": PAPER})).count(MATCH) == 9


def test_a_measure_that_failed_says_so_in_its_table() -> None:
    failure = Failure("table 1 item 0", "E830", "every indicator is constant")
    table = table_of(f.measured(measures={}, failures=(failure,)))
    assert table.groups[0][0].cells[0].kind == FAILURE
    assert "every indicator is constant (E830)" in table.groups[0][0].cells[0].text


def test_every_format_shows_the_weights_and_how_measures_were_made() -> None:
    run = f.measured()
    document = compose(run)
    for text in (html.render(document), markdown.render(document).replace("\\", ""), plain_table(table_of(run), 120)):
        assert "foreign_firms" in text
        assert "0.5681" in text
    assert "foreign\\_firms & Scale of foreign investment & 0.0497" in latex.render_table(table_of(run))
    assert "How the measures were made" in html.render(document)
    assert "index(entropy)" in html.render(document)
