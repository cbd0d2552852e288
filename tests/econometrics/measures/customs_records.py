"""Small customs records, and the measure by explicit dummies to hold it against."""

from __future__ import annotations

import numpy as np

from carbonspec.econometrics.measures.customs import in_memory


class Records:
    """Rows with unique keys; columns `product`, `region`, `destination`, `year` (codes), `x`, `v`."""

    def __init__(self, seed=0, products=6, regions=4, years=3, destinations=0, share=0.7, zeros=0):
        rng = np.random.default_rng(seed)
        sizes = (products, regions, max(destinations, 1), years)
        keys = np.flatnonzero(rng.random(int(np.prod(sizes))) < share)
        keys = rng.permutation(keys if len(keys) else np.arange(min(4, int(np.prod(sizes)))))
        self.product, self.region, self.destination, self.year = np.unravel_index(keys, sizes)
        self.destinations = destinations
        self.names = np.array([f"{10 + h}0100" for h in range(products)])
        self.sigmas = 1.5 + 4 * rng.random(products)
        self.x, self.v = np.exp(rng.normal(2, 1.5, len(keys))), np.exp(rng.normal(3, 1.5, len(keys)))
        self.x[:zeros] = 0.0

    @property
    def table(self):
        return {name: float(s) for name, s in zip(self.names, self.sigmas, strict=True)}

    def customs(self, order=slice(None), **changed):
        columns = {
            "product": self.names[self.product],
            "region": np.array([f"r{f}" for f in self.region], dtype=object),
            "year": self.year + 2012,
            "quantity": self.x,
            "value": self.v,
        }
        if self.destinations:
            columns["destination"] = self.destination
        columns.update(changed)
        return in_memory(**{name: np.asarray(column)[order] for name, column in columns.items()})

    def lhs(self):
        return np.log(self.x) + self.sigmas[self.product] * np.log(self.v / self.x)

    def groups(self, effects):
        years = self.year
        return {
            "h + f^t": (self.product, self.region * 100 + years),
            "h + t": (self.product, years),
            "h^t": (self.product * 100 + years,),
            "h + c^t": (self.product, self.destination * 100 + years),
        }[effects]


def dummies(codes):
    return (codes[:, None] == np.unique(codes)).astype(float)


def by_dummies(y, *groups):
    """Residuals of least squares on a dummy for each level."""
    X = np.hstack([dummies(codes) for codes in groups])
    return y - X @ np.linalg.lstsq(X, y, rcond=None)[0]


def alone(*groups):
    """Rows that are alone in a group, found one round after the other."""
    live = np.ones(len(groups[0]), dtype=bool)
    while True:
        size = np.min([[np.sum(live & (codes == code)) for code in codes] for codes in groups], axis=0)
        if not (live & (size == 1)).any():
            return ~live
        live &= size != 1


def quality_by_hand(records, effects, within="h^t", base=()):
    """(region, year) -> quality, row by row."""
    groups = records.groups(effects)
    nu = by_dummies(records.lhs(), *groups)
    nu[alone(*groups)] = np.nan
    cell = records.product * 100 + (records.year if within == "h^t" else 0)
    r = np.full(len(nu), np.nan)
    for code in np.unique(cell):
        rows = (cell == code) & ~np.isnan(nu)
        if rows.sum() > 1 and np.ptp(nu[rows]) > 1e-9:
            r[rows] = (nu[rows] - nu[rows].min()) / np.ptp(nu[rows])
    found = {}
    for f, t in {(int(f), int(t)) for f, t in zip(records.region, records.year, strict=True)}:
        rows = (records.region == f) & (records.year == t) & ~np.isnan(r)
        if base:
            score = {
                h: np.average(r[rows & (records.product == h)], weights=records.v[rows & (records.product == h)])
                for h in np.unique(records.product[rows])
            }
            then = (records.region == f) & np.isin(records.year + 2012, base)
            weight = {h: records.v[then & (records.product == h)].sum() for h in score}
            total = sum(weight.values())
            found[f, t] = sum(weight[h] * score[h] for h in score) / total if total else np.nan
        else:
            found[f, t] = np.average(r[rows], weights=records.v[rows]) if rows.any() else np.nan
    return found
