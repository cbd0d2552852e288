"""A set of factors from the columns of the user's own table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from carbonspec.econometrics.measures.factors import FactorSet, FuelFactor
from carbonspec.econometrics.measures.problems import MeasureError, chosen, column

NUMBERS = ("ncv", "carbon", "oxidised", "direct")


def factor_table(
    name: str, source: str, fuels: Sequence[str], per: Sequence[str], numbers: Mapping[str, object]
) -> FactorSet:
    """A set from a table with a row a fuel: its key, "t" or "10^4 m3", and some columns of `NUMBERS`.

    ncv in kJ/kg or kJ/m3, carbon in kgC/GJ, oxidised a share (1 where missing), direct in t CO2 per t or per 10^4 m3.
    Missing cells (NaN) stay open: nothing is filled from another set.

    Raises MeasureError E800 for another column, E820 for a fuel with several rows, E810 for impossible numbers,
    E819 for columns of different length.
    """
    for word in numbers:
        chosen(word, NUMBERS, "a column of factors")
    if len(per) != len(fuels):
        raise MeasureError("E819", f"`per` has {len(per)} values for {len(fuels)} fuels")
    twice = sorted({fuel for fuel in fuels if list(fuels).count(fuel) > 1})
    if twice:
        raise MeasureError("E820", f"{name} has several rows for {', '.join(twice)}", {"subject": twice[0]})
    columns = {word: column(values, len(fuels), f"{name}.{word}") for word, values in numbers.items()}
    found: dict[str, FuelFactor | None] = {}
    for row, fuel in enumerate(fuels):
        cells = {word: float(values[row]) for word, values in columns.items() if not np.isnan(values[row])}
        known = "direct" in cells or "carbon" in cells
        found[fuel] = FuelFactor(per[row], source=source, **cells) if known else None
    return FactorSet(name, source, found)
