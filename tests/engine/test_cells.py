"""Cells as a person reads them."""

import numpy as np
import pytest

from carbonspec.engine.cells import number_in, parse
from carbonspec.engine.table import Text

NAN = float("nan")


def column(*cells, text=False, decimal_comma=False):
    place = {}
    codes = np.array([place.setdefault(cell, len(place)) for cell in cells], dtype=np.int64)
    return parse(codes, list(place), text=text, decimal_comma=decimal_comma)


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("12", 12.0),
        ("-1.5e3", -1500.0),
        (".5", 0.5),
        ("5.", 5.0),
        ("1,234.5", 1234.5),
        ("-12,345,678", -12345678.0),
        ("1,23", None),
        ("1_000", None),
        ("inf", None),
        ("1e400", None),
        ("0x1F", None),
        ("12 kg", None),
    ],
)
def test_what_counts_as_a_number(cell, number):
    assert number_in(cell) == number


def test_missing_spellings_are_counted():
    found, reading = column("1", "NA", "", ".", "…", "NA", "2")
    assert found.tolist() == pytest.approx([1, NAN, NAN, NAN, NAN, NAN, 2], nan_ok=True)
    assert reading.missing == {"NA": 2, "": 1, ".": 1, "…": 1}


def test_thousands_separators_and_full_width_signs_are_counted():
    found, reading = column("1,234.5", "12", "１２３", "１，２３４")
    assert found.tolist() == [1234.5, 12.0, 123.0, 1234.0]
    assert (reading.thousands, reading.full_width) == (2, 2)


def test_text_columns_keep_everything_but_empty_cells():
    found, _ = column("0101", "NA", "", text=True)
    assert isinstance(found, Text)
    assert found.objects().tolist() == ["0101", "NA", None]


def test_one_bad_cell_keeps_the_text():
    found, _ = column("1", "2", "n.a.", "3")
    assert isinstance(found, Text)
    assert found.objects().tolist() == ["1", "2", "n.a.", "3"]


def test_leading_zeros_are_reported():
    found, reading = column("0101", "20")
    assert found.tolist() == [101.0, 20.0]
    assert reading.leading_zeros == "0101"


def test_a_lone_zero_is_no_code():
    assert column("0", "0.5", "10")[1].leading_zeros == ""


def test_numbers_too_long_to_be_exact_stay_text():
    found, reading = column("91110000100000001", "91110000100000002")
    assert isinstance(found, Text)
    assert len(found.values) == 2
    assert reading.too_long


def test_true_and_false_become_one_and_zero():
    found, reading = column("TRUE", "FALSE", "NA", "TRUE")
    assert found.tolist() == pytest.approx([1, 0, NAN, 1], nan_ok=True)
    assert reading.truth == 3


def test_decimal_commas_only_where_the_file_uses_them():
    assert isinstance(column("1,5", "2,75")[0], Text)
    found, reading = column("1,5", "2,75", decimal_comma=True)
    assert found.tolist() == [1.5, 2.75]
    assert reading.decimal_commas == 2


def test_an_empty_column_is_missing_numbers():
    found, _ = column("", "")
    assert np.isnan(found).all()


def test_a_column_with_grouped_thousands_has_no_decimal_commas():
    found, reading = column("1,234", "1,234,567", decimal_comma=True)
    assert found.tolist() == [1234.0, 1234567.0]
    assert (reading.thousands, reading.decimal_commas) == (2, 0)
    found, reading = column("1,234", "5,6", decimal_comma=True)
    assert found.tolist() == [1.234, 5.6]
    assert (reading.thousands, reading.decimal_commas) == (0, 2)
