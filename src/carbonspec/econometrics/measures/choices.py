"""How a composite index is made."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from carbonspec.econometrics.measures.problems import MeasureError, chosen

WEIGHTS = ("entropy", "declared", "equal", "pca", "critic", "topsis")


@dataclass(frozen=True)
class Choices:
    """How an index is made.

    `weights`: one of `WEIGHTS`. `scope`: "pooled" takes one set of limits and weights over all rows, "year" one a
    period; `yearly`: with "year", each period's "own" weights or their "mean". `structure`: "flat" weighs all
    indicators at once, "two_stage" those of each group, then the groups' scores. `shift` is added to z before the
    logarithms of the entropy. `score`: weighted "z" (0..1), or "p" = z over its column's sum. `norm` of topsis:
    "minmax" or "vector"; `distance_weights`: how topsis weighs. `components` of pca: "kaiser" or "share".
    """

    weights: str = "entropy"
    scope: str = "pooled"
    yearly: str = "own"
    structure: str = "flat"
    shift: float = 0.0
    score: str = "z"
    norm: str = "minmax"
    distance_weights: str = "entropy"
    components: str = "kaiser"

    @property
    def weighing(self) -> str:
        """What gives the weights: for topsis that of its distances."""
        return self.distance_weights if self.weights == "topsis" else self.weights

    def checked(self) -> None:
        """Raises MeasureError E800 for an unknown word, E834 for choices that do not go together, E847 for a shift."""
        for word, known, what in (
            (self.weights, WEIGHTS, "the weighting of an index"),
            (self.scope, ("pooled", "year"), "the scope of an index"),
            (self.yearly, ("own", "mean"), "what is done with yearly weights"),
            (self.structure, ("flat", "two_stage"), "the structure of an index"),
            (self.score, ("z", "p"), "the score of an index"),
            (self.norm, ("minmax", "vector"), "the norm of topsis"),
            (self.distance_weights, ("entropy", "declared", "equal", "critic"), "the weighting of topsis"),
            (self.components, ("kaiser", "share"), "which components are kept"),
        ):
            chosen(word, known, what)
        if not 0 <= self.shift < np.inf:
            raise MeasureError("E847", f"the shift is a number from 0 up, not {self.shift:g}")
        if self.structure == "two_stage" and self.weighing in ("declared", "pca"):
            raise MeasureError("E834", f"two stages weigh groups by their scores; {self.weighing} weights do not")
        if self.score == "p" and self.weights in ("pca", "topsis"):
            raise MeasureError("E834", f"{self.weights} has a score of its own; shares p do not enter it")
        if self.yearly == "mean" and self.weights == "pca":
            raise MeasureError("E834", "components of different years have no mean; take their own or pool the years")
