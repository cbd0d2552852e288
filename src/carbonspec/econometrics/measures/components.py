"""What enters an account: fuels and other components, and the factors as used."""

from __future__ import annotations

from dataclasses import dataclass

from carbonspec.econometrics.design import FloatArray
from carbonspec.econometrics.results import Notice

SOURCES = ("electricity", "heat", "transport", "other")


@dataclass(frozen=True)
class Fuel:
    """A fuel and its `amount` (n,) in `unit`: mass or volume as the factor is, or energy.

    `excluded` (n,), in the same unit, is the part that is not burnt (feedstock, transformation). `name` is what the
    component is called: the key if "".
    """

    key: str
    amount: FloatArray
    unit: str
    name: str = ""
    excluded: FloatArray | None = None

    @property
    def title(self) -> str:
        return self.name or self.key


@dataclass(frozen=True)
class Added:
    """Another component: `values` (n,) of CO2 in `unit`, a mass. `source` is one of `SOURCES`.

    `provenance` and `notices` say how it was made, where carbonspec made it.
    """

    name: str
    values: FloatArray
    unit: str = "t"
    source: str = "other"
    provenance: tuple[str, ...] = ()
    notices: tuple[Notice, ...] = ()


@dataclass(frozen=True)
class Line:
    """The factor of a component as used: result = amount x `factor`, in result units per `unit`; `source` in words."""

    name: str
    fuel: str
    unit: str
    factor: float
    source: str
