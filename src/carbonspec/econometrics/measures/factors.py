"""What a fuel emits: named sets of calorific values, carbon contents and oxidised shares, and the user's own.

EF [t CO2/t] = NCV [kJ/kg] 1e-6 cc [kgC/GJ] o 44/12; for gases EF [t CO2/10^4 m3] = NCV [kJ/m3] 1e-5 cc o 44/12
(IPCC 2006, Vol. 2, Ch. 1-2).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from carbonspec.diagnostics.suggestions import did_you_mean
from carbonspec.econometrics.measures.factor_tables import CARBON_ONLY, FUELS, NDRC
from carbonspec.econometrics.measures.problems import MeasureError, chosen

RATIO = 44 / 12
"""t CO2 per t of carbon; 3.67 is common in print."""


@dataclass(frozen=True)
class FuelFactor:
    """What a fuel emits when it burns.

    `per` is "t" or "10^4 m3". `ncv` in kJ/kg or kJ/m3 and `carbon` in kgC/GJ (= tC/TJ), None where the source has
    none; `oxidised` is the share of the carbon that burns. A source that prints t CO2 per t (or per 10^4 m3) itself
    gives `direct`, which then goes before the others. `source` says whose numbers these are.
    """

    per: str
    ncv: float | None = None
    carbon: float | None = None
    oxidised: float = 1.0
    direct: float | None = None
    source: str = ""

    def __post_init__(self) -> None:
        if self.per not in ("t", "10^4 m3"):
            raise MeasureError("E802", f'a factor is per "t" or per "10^4 m3", not per {self.per!r}')
        for what, value in (("calorific value", self.ncv), ("carbon content", self.carbon)):
            if value is not None and not 0 < value < float("inf"):
                raise MeasureError("E810", f"a {what} of {value:g} is impossible: it is more than 0")
        if not 0 < self.oxidised <= 1:
            raise MeasureError(
                "E810", f"an oxidised share of {self.oxidised:g} is impossible: it is above 0, at most 1"
            )
        if self.direct is not None and not 0 <= self.direct < float("inf"):
            raise MeasureError("E810", f"an emission factor of {self.direct:g} is impossible")

    def energy_content(self) -> float | None:
        """GJ per t or per 10^4 m3."""
        return None if self.ncv is None else self.ncv * (1e-3 if self.per == "t" else 1e-2)

    def per_energy(self, ratio: float = RATIO) -> float | None:
        """t CO2 per GJ, None where it does not follow from what the source gives."""
        if self.direct is not None:
            content = self.energy_content()
            return None if content is None else self.direct / content
        return None if self.carbon is None else self.carbon * 1e-3 * self.oxidised * ratio

    def per_amount(self, ratio: float = RATIO) -> float | None:
        """t CO2 per t or per 10^4 m3, None where it does not follow from what the source gives."""
        if self.direct is not None:
            return self.direct
        content = self.energy_content()
        if content is None or self.carbon is None:
            return None
        return content * self.carbon * 1e-3 * self.oxidised * ratio


@dataclass(frozen=True)
class FactorSet:
    """Factors by fuel, under one name. `fuels` holds None for a fuel the source leaves open ("–")."""

    name: str
    provenance: str
    fuels: Mapping[str, FuelFactor | None] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)  # other names of a fuel, such as 原煤, -> key
    caution: str = ""

    def key(self, fuel: str) -> str:
        """The key of a fuel that may be called by its other name."""
        return self.names.get(fuel, fuel)

    def factor(self, fuel: str) -> FuelFactor:
        """The factor of a fuel by its key or its Chinese name.

        Raises MeasureError E801 for a fuel that is not known, E804 for one without a factor in this set.
        """
        key = self.key(fuel)
        if key not in self.fuels:
            near = did_you_mean(fuel, self.fuels)
            hint = f"; did you mean {near}?" if near else ""
            message = f"{self.name} has no fuel {fuel!r}{hint}; its fuels are {', '.join(self.fuels)}"
            raise MeasureError("E801", message, {"known": tuple(self.fuels), "suggestion": near, "subject": fuel})
        found = self.fuels[key]
        if found is None:
            message = f"{self.name} gives no factor for {fuel}; supply your own, no other set is taken for it"
            raise MeasureError("E804", message, {"subject": fuel, "known": self.given()})
        return found

    def given(self) -> tuple[str, ...]:
        """The fuels that have a factor."""
        return tuple(key for key, factor in self.fuels.items() if factor is not None)

    def supplied(self, own: Mapping[str, FuelFactor], source: str) -> FactorSet:
        """This set with the user's factors for some fuels, which the provenance then names."""
        fuels = {**self.fuels, **{self.key(k): replace(f, source=f.source or source) for k, f in own.items()}}
        provenance = f"{self.provenance}; {', '.join(own)} from {source}"
        return replace(self, name=f"{self.name} + own", provenance=provenance, fuels=fuels)

    def with_calorific(self, values: Mapping[str, float], source: str) -> FactorSet:
        """This set with other calorific values (kJ/kg, kJ/m3) for some fuels."""
        new = {self.key(key): replace(self.factor(key), ncv=value, source="") for key, value in values.items()}
        fuels = {**self.fuels, **new}
        provenance = f"{self.provenance}; calorific values of {', '.join(values)} from {source}"
        return replace(self, provenance=provenance, fuels=fuels)

    def with_oxidation(self, share: float | Mapping[str, float]) -> FactorSet:
        """This set with another oxidised share, for all fuels or for some."""
        shares = share if isinstance(share, Mapping) else dict.fromkeys(self.given(), share)
        new = {self.key(key): replace(self.factor(key), oxidised=value) for key, value in shares.items()}
        said = ", ".join(f"{key} {value:g}" for key, value in shares.items())
        if not isinstance(share, Mapping):
            said = f"{share:g} for all fuels"
        return replace(self, provenance=f"{self.provenance}; oxidised share {said}", fuels={**self.fuels, **new})


def _ipcc2006() -> FactorSet:
    fuels: dict[str, FuelFactor | None] = {f.key: FuelFactor(f.per, f.ncv, f.carbon) for f in FUELS}
    fuels.update({key: FuelFactor(per, None, carbon) for key, (per, carbon) in CARBON_ONLY.items()})
    return FactorSet(
        "ipcc2006",
        "carbon contents: IPCC 2006 Guidelines, Vol. 2, Ch. 1, Table 1.3 (not the 1996 values); calorific values: "
        "China Energy Statistical Yearbook, GB/T 2589-2008; all carbon oxidised",
        fuels,
        {f.chinese: f.key for f in FUELS},
    )


def _ndrc() -> FactorSet:
    fuels: dict[str, FuelFactor | None] = dict.fromkeys((f.key for f in FUELS), None)
    fuels.update({f.key: FuelFactor(f.per, f.ncv, *NDRC[f.key]) for f in FUELS if f.key in NDRC})
    return FactorSet(
        "ndrc",
        "carbon contents and oxidised shares as they circulate from the NDRC's 2011 guide to provincial inventories; "
        "calorific values: China Energy Statistical Yearbook, GB/T 2589-2008",
        fuels,
        {f.chinese: f.key for f in FUELS},
        "its values are second hand; check them against the guide before citing it",
    )


SETS = {"ipcc2006": _ipcc2006, "ndrc": _ndrc}


def factor_set(name: str) -> FactorSet:
    """A named set: `ipcc2006` or `ndrc`. Raises MeasureError E800 for another name."""
    chosen(name, tuple(SETS), "the set of factors")
    return SETS[name]()
