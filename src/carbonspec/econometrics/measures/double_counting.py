"""Fuels that are counted once as fuels and once more behind electricity, heat or transport."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from carbonspec.econometrics.design import FloatArray
from carbonspec.econometrics.measures.components import Added, Fuel
from carbonspec.econometrics.measures.factors import FactorSet
from carbonspec.econometrics.measures.problems import places, where
from carbonspec.econometrics.results import Notice

IN_PLANTS = frozenset(
    (
        "raw_coal",
        "cleaned_coal",
        "other_washed_coal",
        "briquette",
        "coke_oven_gas",
        "blast_furnace_gas",
        "converter_gas",
        "other_gas",
        "anthracite",
        "coking_coal",
        "other_bituminous_coal",
        "sub_bituminous_coal",
        "lignite",
        "patent_fuel",
        "natural_gas",
        "fuel_oil",
    )
)
"""What power and heat plants burn."""
IN_VEHICLES = frozenset(("gasoline", "kerosene", "jet_kerosene", "diesel", "fuel_oil"))
"""What vehicles, ships and aircraft burn."""


def double_counting(
    fuels: Sequence[Fuel],
    added: Sequence[Added],
    amounts: Sequence[FloatArray],
    base: str,
    transport_excluded: bool,
    factors: FactorSet,
    labels: Sequence[str],
) -> list[Notice]:
    """W812 for fuels of plants beside electricity or heat, W813 for fuels of vehicles beside transport, with the rows.

    `amounts` holds the n amounts of the fuels, then of the added components.
    """
    found: list[Notice] = []
    for code, burnt, sources, told in (
        ("W812", IN_PLANTS, ("electricity", "heat"), base == "final"),
        ("W813", IN_VEHICLES, ("transport",), transport_excluded),
    ):
        first = [at for at, fuel in enumerate(fuels) if factors.key(fuel.key) in burnt]
        second = [len(fuels) + at for at, part in enumerate(added) if part.source in sources]
        if told or not first or not second:
            continue
        both = _any(amounts, first) & _any(amounts, second)
        if not both.any():
            continue
        names = ", ".join(fuels[at].title for at in first)
        others = ", ".join(added[at - len(fuels)].name for at in second)
        by = "power and heat plants" if code == "W812" else "vehicles"
        message = f"what {by} burn may count twice in {places(where(both), labels)}: in {names}, and behind {others}"
        found.append(Notice(code, message, others))
    return found


def _any(amounts: Sequence[FloatArray], at: Sequence[int]) -> NDArray[np.bool_]:
    found: NDArray[np.bool_] = np.any(np.vstack([amounts[i] for i in at]) > 0, axis=0)
    return found
