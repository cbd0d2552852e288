"""Colours of figures: an even scale from light to dark, and lines that differ without colour too."""

from __future__ import annotations

import math
from typing import Any

LIGHT, DARK = 95.0, 28.0
"""CIELAB lightness of the smallest and the largest value."""
SHADES = 256
INK = "#1b1f24"
SOFT = "#5b6570"
GRID = "#e3e6ea"
NO_DATA = "#f3f3f3"
HATCH = "#a9afb5"
STAMP, STAMP_INK = "#fff1b8", "#6b4e00"
LINES: tuple[tuple[str, Any, str], ...] = (
    ("#0b4f8a", "-", "o"),
    ("#c1571a", "--", "s"),
    ("#2e8b76", "-.", "^"),
    ("#8a3a7a", ":", "D"),
    ("#6b7680", (0, (5, 1, 1, 1, 1, 1)), "v"),
    ("#a88a00", (0, (1, 1)), "P"),
)
"""Colour, dashes and marker of the first, second, … line."""


def shade(t: float) -> str:
    """The colour at t in 0..1 as `#rrggbb`: lightness falls evenly from sand over green to blue."""
    t = min(1.0, max(0.0, t))
    hue = math.radians(100 + 172 * t**0.85)
    chroma = 16 + 6 * math.sin(math.pi * t) + 15 * t * t
    return _hex(LIGHT + (DARK - LIGHT) * t, chroma * math.cos(hue), chroma * math.sin(hue))


def shades() -> tuple[str, ...]:
    """The whole scale."""
    return tuple(shade(i / (SHADES - 1)) for i in range(SHADES))


def ink_on(t: float) -> str:
    """What is read best on the colour at t."""
    return INK if LIGHT + (DARK - LIGHT) * t > 53 else "#ffffff"


def position(value: float, low: float, high: float) -> float:
    """Where a value stands between the smallest and the largest; the middle where they are one."""
    return (value - low) / (high - low) if high > low else 0.5


def _hex(lightness: float, a: float, b: float) -> str:
    """CIELAB (D65) → sRGB, cut to what a screen shows."""
    fy = (lightness + 16) / 116
    x, y, z = (white * _cube(f) for white, f in ((0.95047, fy + a / 500), (1.0, fy), (1.08883, fy - b / 200)))
    linear = (
        3.2406 * x - 1.5372 * y - 0.4986 * z,
        -0.9689 * x + 1.8758 * y + 0.0415 * z,
        0.0557 * x - 0.2040 * y + 1.0570 * z,
    )
    return "#" + "".join(f"{round(255 * _encoded(min(1.0, max(0.0, c)))):02x}" for c in linear)


def _cube(f: float) -> float:
    return f**3 if f > 6 / 29 else 3 * (6 / 29) ** 2 * (f - 4 / 29)


def _encoded(c: float) -> float:
    return 12.92 * c if c <= 0.0031308 else 1.055 * float(c ** (1 / 2.4)) - 0.055
