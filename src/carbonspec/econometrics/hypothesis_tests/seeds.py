"""Where the random numbers of a test come from."""

from __future__ import annotations

import numpy as np

from carbonspec.econometrics.bootstrap.resampling import stream

Seed = int | tuple[int, str]
"""A seed of numpy's PCG64, or a study's seed and the name of the task that draws."""


def generator(seed: Seed) -> np.random.Generator:
    """The random numbers of a seed."""
    return np.random.default_rng(seed) if isinstance(seed, int) else stream(*seed)


def told(seed: Seed) -> str:
    """A seed as a note gives it: `seed 1`."""
    return f"seed {seed if isinstance(seed, int) else seed[0]}"
