"""The scale of colours: even to the eye, in grey too; numbers and their ticks."""

from __future__ import annotations

import itertools
import math

import pytest

from carbonspec.report.figures.colours import LINES, ink_on, position, shade, shades
from carbonspec.report.figures.maps import columns, ticks, written
from carbonspec.report.figures.numerals import Numerals
from carbonspec.report.figures.scale import Scale


def luminance(colour: str) -> float:
    """Relative luminance of WCAG 2, 0..1."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def lightness(colour: str) -> float:
    """CIELAB L*."""
    y = luminance(colour)
    return 116 * y ** (1 / 3) - 16 if y > 0.008856 else 903.3 * y


def test_lightness_falls_evenly_so_that_grey_keeps_the_order() -> None:
    found = [lightness(colour) for colour in shades()[::15]]
    steps = [a - b for a, b in itertools.pairwise(found)]
    assert min(steps) > 0.85 * sum(steps) / len(steps)
    assert max(steps) < 1.15 * sum(steps) / len(steps)
    assert found[0] > 93
    assert found[-1] < 30


def test_text_on_every_colour_can_be_read() -> None:
    for step in range(101):
        t = step / 100
        light, dark = sorted((luminance(shade(t)), luminance(ink_on(t))), reverse=True)
        assert (light + 0.05) / (dark + 0.05) > 3.9, t


def test_lines_differ_without_colour() -> None:
    assert len({(str(dashes), marker) for _, dashes, marker in LINES}) == len(LINES)


def test_a_scale_of_one_value_has_one_colour() -> None:
    scale = Scale([2.0, math.nan, 2.0])
    assert scale.flat
    assert scale.colour(2.0) == shade(0.5)
    assert position(3.0, 2.0, 4.0) == 0.5


@pytest.mark.parametrize(
    ("values", "texts"),
    [
        ((0.04, 0.977), ["0.04", "0.98"]),
        ((-0.2, 12.34), ["−0.2", "12.3"]),
        ((1699.2, 74482.0), ["1,699", "74,482"]),
        ((2.5e6, 1.234e7), ["2.5M", "12.3M"]),
        ((1e-7, 2e-6), ["1.0e−07", "2.0e−06"]),
        ((0.0012, 0.034), ["0.001", "0.034"]),
        ((-0.001, 9.0), ["0.00", "9.00"]),
        ((0.0, 0.0), ["0.00", "0.00"]),
    ],
)
def test_numbers_of_a_figure_share_their_form(values: tuple[float, float], texts: list[str]) -> None:
    numerals = Numerals(values)
    assert [numerals.text(v) for v in values] == texts


def test_ticks_are_round_and_inside() -> None:
    marks, shown = ticks(0.04, 0.97)
    assert marks == pytest.approx([0.2, 0.4, 0.6, 0.8])
    assert shown == ["0.2", "0.4", "0.6", "0.8"]
    assert ticks(1699.0, 74482.0)[1] == ["20,000", "40,000", "60,000"]
    assert written([-0.5, 0.0, 0.5]) == ["−0.5", "0.0", "0.5"]
    assert written([1.25, 2.5]) == ["1.25", "2.50"]


def test_panels_side_by_side() -> None:
    assert [columns(n) for n in (1, 2, 3, 4, 5, 9, 10)] == [1, 2, 3, 2, 3, 3, 4]
