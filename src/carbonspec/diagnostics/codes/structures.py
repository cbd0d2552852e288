"""Codes of what stands after the bars of a formula, and of `using`."""

from __future__ import annotations

from carbonspec.diagnostics.codes.model import Code

CODES: tuple[Code, ...] = (
    Code(
        id="E340",
        title="an instrumented variable that is no regressor",
        why="The left side of `~` inside `iv(…)` says which regressors of the formula are endogenous; they stand in "
        "the formula too.",
        fix="add it to the formula, or name the regressor that is meant",
        example="model m: Ce ~ Tech | fe(id) | iv(Open ~ z)\nmodel m: Ce ~ Open + Tech | fe(id) | iv(Open ~ z)",
    ),
    Code(
        id="E341",
        title="a variable that cannot be an instrument",
        why="An instrument moves the endogenous regressor and stands outside the equation. The outcome and the "
        "endogenous regressor move with the error; a regressor of the formula is its own instrument already.",
        fix="take it off the right side of `iv(…)`, or out of the formula",
        example="model m: Ce ~ Open + z | iv(Open ~ z)\nmodel m: Ce ~ Open | iv(Open ~ z)",
    ),
    Code(
        id="E342",
        title="fewer instruments than endogenous regressors",
        why="Each endogenous regressor needs an instrument of its own.",
        fix="add instruments, or treat fewer regressors as endogenous",
        example="model m: Ce ~ Open + Tech | iv(Open + Tech ~ z)\n"
        "model m: Ce ~ Open + Tech | iv(Open + Tech ~ z + L.Tech)",
    ),
    Code(
        id="E343",
        title="options of `using` that do not go together",
        why="`ppml` is an estimator of its own, with fixed effects or none. `system`, `difference`, `onestep`, "
        "`twostep`, `collapse` and `orthogonal` say how GMM is made and need a `gmm(…)` after the bar; system and "
        "difference exclude each other, and so do one step and two.",
        fix="keep those that belong together",
        example="model m: Ce ~ L.Ce + Open using system, twostep\n"
        "model m: Ce ~ L.Ce + Open | gmm(Ce, lags = 2..4) using system, twostep",
    ),
)
