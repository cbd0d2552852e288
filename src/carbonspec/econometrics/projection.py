"""Fixed effects of a sample: which rows they leave, how many parameters they are, and columns without them.

One projection serves every regression on the same rows and effects: a column once demeaned is kept under its name.
"""

from __future__ import annotations

from functools import cached_property

import numpy as np

from carbonspec.econometrics.absorb import Block, Means, Slopes, leverage, orthonormal
from carbonspec.econometrics.design import Effect, FloatArray, Groups, IntArray
from carbonspec.econometrics.grouping import compact, components, group_mass, nested, same
from carbonspec.econometrics.results import Dropped, EstimationError
from carbonspec.econometrics.sample import scaled


class Projection:
    """The projection off fixed effects.

    Parameters
    ----------
    effects: the dimensions, in formula order; arrays of n rows each.
    weights: (n,) analytic weights or None.
    singletons: "drop" takes out rows that are alone in a level, again and again until none is left (Correia 2015);
        "keep" keeps them.

    Attributes
    ----------
    keep: indices of the rows used, None for all. All results have these rows, all inputs the rows of `effects`.
    dropped: how many rows left, and in which dimension they were alone.
    levels: (name, number of levels) of each dimension.
    """

    def __init__(
        self, effects: tuple[Effect, ...], weights: FloatArray | None = None, singletons: str = "drop"
    ) -> None:
        if not effects:
            raise ValueError("a projection needs at least one fixed effect")
        self.keep, self.dropped = _without_singletons(effects) if singletons == "drop" else (None, ())
        self.weights = scaled(weights, self.keep)
        self.effects = tuple(_kept(effect, self.keep) for effect in effects)
        self.n = len(self.effects[0].groups.codes)
        self._columns: dict[str, FloatArray] = {}

    @property
    def levels(self) -> tuple[tuple[str, int], ...]:
        return tuple((label(effect), effect.groups.count) for effect in self.effects)

    # --- columns --------------------------------------------------------------------------------------

    def within(self, name: str, values: FloatArray) -> FloatArray:
        """(n_used,) the column `values` (n,) without the effects; kept under `name` for the next caller."""
        return self.within_columns((name,), values[:, None][:, :0], values)[:, 0]

    def within_columns(self, names: tuple[str, ...], X: FloatArray, y: FloatArray) -> FloatArray:
        """(n_used, k + 1) the columns of X (n, k) and y (n,) without the effects, named in this order; those whose name
        is known are not computed again."""
        new = [j for j, name in enumerate(names) if name not in self._columns]
        if new:
            Z = np.empty((self.n, len(new)))
            for i, j in enumerate(new):
                column = X[:, j] if j < X.shape[1] else y
                Z[:, i] = column if self.keep is None else column[self.keep]
            self.demean(Z)
            self._columns.update((names[j], np.ascontiguousarray(Z[:, i])) for i, j in enumerate(new))
            if len(new) == len(names):
                return Z
        return np.column_stack([self._columns[name] for name in names])

    def demean(self, Z: FloatArray) -> FloatArray:
        """Take the effects out of Z (n_used, q; C-contiguous float64), in place and without keeping anything."""
        return self.solver.demean(Z)

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        """The dimensions as the solvers want them: those on the same groups become one. Slopes without any intercept
        leave the model its constant."""
        merged: list[tuple[Groups, list[FloatArray], bool]] = []
        for effect in self.effects:
            slopes = [] if effect.slopes is None else [effect.slopes]
            for i, (groups, columns, intercept) in enumerate(merged):
                if same(groups, effect.groups):
                    merged[i] = (groups, columns + slopes, intercept or effect.intercept)
                    break
            else:
                merged.append((effect.groups, slopes, effect.intercept))
        blocks = [self._block(*parts) for parts in merged]
        if not any(effect.intercept for effect in self.effects):
            blocks.append(Block(Groups("", np.zeros(self.n, dtype=np.int64), 1)))
        return tuple(blocks)

    def _block(self, groups: Groups, slopes: list[FloatArray], intercept: bool) -> Block:
        if not slopes:
            return Block(groups)
        columns = [np.ones((self.n, 1)), *slopes] if intercept else slopes
        basis = orthonormal(groups.codes, groups.count, np.hstack(columns), self.weights)
        return Block(groups, basis)

    @cached_property
    def solver(self) -> Means | Slopes:
        """What takes the effects out of columns."""
        plain = all(block.basis is None for block in self.blocks)
        return (Means if plain else Slopes)(self.blocks, self.weights)

    # --- facts ----------------------------------------------------------------------------------------

    @cached_property
    def leverage(self) -> FloatArray | None:
        """(n_used,) leverage of each row in the regression on the effects alone; None for too many levels."""
        return leverage(self.blocks, self.weights)

    @cached_property
    def parameters(self) -> int:
        """Parameters that the effects take up, the constant included."""
        return self.parameters_outside(())

    def parameters_outside(self, clusters: tuple[Groups, ...]) -> int:
        """The constant, and the parameters of the dimensions that are not nested in one of the `clusters`.

        A dimension counts its levels less those that earlier ones already explain: one for the constant, and for a
        second dimension the connected components it forms with the first; for a third and later ones the largest such
        number over the earlier dimensions, a lower bound (the "pairwise" rule of Stata's reghdfe). With varying slopes
        the exact rank is taken while the system is small enough to be factorised.
        """
        outside = [i for i in range(len(self.effects)) if not self._nested(i, clusters)]
        if self._has_slopes and len(outside) == len(self.effects) and isinstance(self.solver, Slopes):
            rank = self.solver.rank()
            if rank is not None:
                return rank
        order = [i for i in range(len(self.effects)) if i not in outside] + outside
        total = 1
        plain: list[int] = []
        for i in order:
            effect = self.effects[i]
            count = 0
            if effect.intercept:
                count = effect.groups.count - max([1, *(self._shared(i, j) for j in plain)])
                plain.append(i)
            count += self._slope_parameters[i]
            total += count if i in outside else 0
        return total

    @property
    def _has_slopes(self) -> bool:
        return any(effect.slopes is not None for effect in self.effects)

    @cached_property
    def _slope_parameters(self) -> tuple[int, ...]:
        """For each dimension, slopes that can be told apart from its own intercepts."""
        counts = []
        for effect in self.effects:
            count = 0
            if effect.slopes is not None:
                block = self._block(effect.groups, [effect.slopes], effect.intercept)
                assert block.basis is not None
                for j in range(1 if effect.intercept else 0, block.basis.shape[1]):
                    used = group_mass(block.groups, np.abs(block.basis[:, j])) > 0
                    count += int(np.count_nonzero(used))
            counts.append(count)
        return tuple(counts)

    def _shared(self, i: int, j: int) -> int:
        i, j = sorted((i, j))
        if (i, j) not in self._components:
            a, b = self.effects[i].groups, self.effects[j].groups
            self._components[i, j] = components(a.codes, a.count, b.codes, b.count)
        return self._components[i, j]

    @cached_property
    def _components(self) -> dict[tuple[int, int], int]:
        return {}

    def _nested(self, i: int, clusters: tuple[Groups, ...]) -> bool:
        groups = self.effects[i].groups
        return any(
            g.count <= groups.count and (same(g, groups) or nested(groups.codes, groups.count, g.codes))
            for g in clusters
        )

    def absorber(self, values: FloatArray) -> str:
        """Which effects explain a column of `values` (n_used,) wholly: "fe(id)", or all of them together."""
        for effect in self.effects:
            alone = Projection((effect,), self.weights, "keep")
            rest = alone.demean(np.array(values[:, None], order="C"))
            centred = values - values.mean()
            if np.linalg.norm(rest) <= 1e-9 * np.linalg.norm(centred) + 1e-13 * np.linalg.norm(values):
                return f"fe({label(effect)})"
        return f"fe({', '.join(label(effect) for effect in self.effects)})"


def label(effect: Effect) -> str:
    """What a formula calls the dimension: `id`, `industry^year`, `id[year]`."""
    name = effect.groups.name
    return name if effect.slopes is None else f"{name}[{', '.join(effect.slope_names)}]"


def _kept(effect: Effect, keep: IntArray | None) -> Effect:
    groups = compact(effect.groups, keep)
    slopes = effect.slopes
    if slopes is not None:
        slopes = np.asarray(slopes if keep is None else slopes[keep], dtype=np.float64).reshape(len(groups.codes), -1)
    if groups is effect.groups and slopes is effect.slopes:
        return effect
    return Effect(groups, slopes, effect.slope_names, effect.intercept)


def _without_singletons(effects: tuple[Effect, ...]) -> tuple[IntArray | None, tuple[Dropped, ...]]:
    alive: IntArray | None = None
    lost = dict.fromkeys(range(len(effects)), 0)
    searching = True
    while searching:
        searching = False
        for i, effect in enumerate(effects):
            if not effect.intercept:
                continue
            codes = effect.groups.codes if alive is None else effect.groups.codes[alive]
            size = effect.groups.sizes if alive is None else np.bincount(codes, minlength=effect.groups.count)
            if not (size == 1).any():
                continue
            several = size[codes] > 1
            lost[i] += int(np.count_nonzero(~several))
            alive = np.flatnonzero(several) if alive is None else alive[several]
            searching = True
            if not len(alive):
                raise EstimationError("E507", f"every row is alone in a level of {', '.join(map(label, effects))}")
    dropped = tuple(Dropped(f"singleton in {label(effects[i])}", rows) for i, rows in lost.items() if rows)
    return alive, dropped
