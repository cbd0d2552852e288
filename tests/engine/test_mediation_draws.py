"""Every draw that a run keeps is what refitting with dummies on the drawn rows gives, to 1e-8."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import carbonspec as cs
from carbonspec.econometrics.bootstrap import resampling
from carbonspec.econometrics.design import Groups

DRAWS = 25
PANELS = {"balanced": 0.0, "unbalanced": 0.25}


def panel(missing: float) -> pd.DataFrame:
    rng = np.random.default_rng(5)
    unit, year = np.repeat(np.arange(14), 7), np.tile(np.arange(7), 14)
    x, z = rng.normal(size=98) + 0.1 * unit, rng.normal(size=98)
    m = 0.5 * x + 0.3 * z + 0.2 * year + rng.normal(size=98)
    y = 0.4 * m - 0.3 * x + 0.1 * unit + rng.normal(size=98)
    frame = pd.DataFrame({"u": unit, "t": 2000 + year, "x": x, "m": m, "y": y, "z": z})
    return frame[rng.random(98) >= missing].reset_index(drop=True)


def refit(frame: pd.DataFrame, counts: np.ndarray, effects: bool, single_rows: bool) -> list[float]:
    """Indirect, direct and total effect on the drawn rows, copies of a unit being units of their own."""
    parts = []
    for group, times in enumerate(counts.astype(int)):
        for copy in range(times):
            rows = frame.iloc[[group]] if single_rows else frame[frame["code"] == group]
            parts.append(rows.assign(copy=f"{group}.{copy}"))
    drawn = pd.concat(parts)
    extra = [np.ones((len(drawn), 1)), drawn[["z"]].to_numpy()]
    if effects:
        extra += [pd.get_dummies(drawn[key]).to_numpy(dtype=float) for key in ("copy", "t")]
    W = np.column_stack(extra)

    def ols(y: str, *xs: str) -> np.ndarray:
        X = np.column_stack([drawn[list(xs)].to_numpy(), W])
        return np.linalg.lstsq(X, drawn[y].to_numpy(), rcond=None)[0]

    a, (direct, b), total = ols("m", "x")[0], ols("y", "x", "m")[:2], ols("y", "x")[0]
    return [a * b, direct, total]


CASES = (
    ("balanced", " | fe(id, year)", "cluster(id)"),
    ("unbalanced", " | fe(id, year)", "cluster(id)"),
    ("unbalanced", "", "rows"),
    ("unbalanced", "", "cluster(id)"),
)


@pytest.mark.parametrize(("shape", "structure", "drawn"), CASES)
def test_draws_are_refits(shape: str, structure: str, drawn: str, tmp_path: Path) -> None:
    frame = panel(PANELS[shape])
    structure = structure.replace("year", "t")
    spec = 'data d from "d.csv"\n\npanel d\n  id u\n  time t\n\n'
    spec += f"mediate via: x -> m -> y{structure} with z bootstrap {DRAWS}, {drawn}\n"
    Path(tmp_path, "s.cspec").write_text(spec, encoding="utf-8")
    run = cs.run(tmp_path / "s.cspec", frames={"d": frame}, out=tmp_path / "out").run
    (outcome,) = run.mediations["via"]
    assert outcome.failure is None
    frame["code"] = np.unique(frame["u"], return_inverse=True)[1]
    single_rows = drawn == "rows"
    way = resampling.rows(len(frame))
    if not single_rows:
        way = resampling.clusters(Groups("id", frame["code"].to_numpy(), int(frame["code"].max()) + 1))
    counts = way.draw(resampling.stream(1, "mediate via"), DRAWS)
    expected = np.array([refit(frame, count, bool(structure), single_rows) for count in counts])
    for j, name in enumerate(("indirect", "direct", "total")):
        assert outcome.draws[name] == pytest.approx(np.sort(expected[:, j]), rel=1e-8, abs=1e-10)
