"""The paths of the R oracle through `.cspec`: single, chain, parallel, moderated, with effects and weights."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import carbonspec as cs

HERE = Path(__file__).parent
STRUCTURES = {"pooled": "", "oneway": " | fe(id)", "twoway": " | fe(id, year)"}
CITED = {
    "indirect": "single.indirect",
    "direct": "single.direct",
    "total": "single.total",
    "long": "chain[m -> n].indirect",
    "first": "chain[m].indirect",
    "second": "chain[n].indirect",
    "parallel2": "side[n].indirect",
    "index": "moderated.index",
}


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("kind", STRUCTURES)
def test_as_in_r(kind: str, weighted: bool, tmp_path: Path) -> None:
    known = dict(
        line.split(maxsplit=1)
        for line in (HERE / "boot_lm.txt").read_text(encoding="utf-8").splitlines()
        if not line.startswith("#") and len(line.split()) == 2
    )
    name = kind + (".weighted" if weighted else "")
    tail = f"{STRUCTURES[kind]} with c1, c2{' weights w' if weighted else ''}"
    lines = [
        'data d from "panel.csv"\n\npanel d\n  id id\n  time year\n',
        f"mediate single: x -> m -> y{tail}",
        f"mediate chain: x -> m -> n -> y{tail}",
        f"mediate side: x -> (m, n) -> y{tail}",
        f"mediate moderated: x -> m -> y{tail} moderator v stage first",
    ]
    lines += [f"expect {cited} = {known[f'{name}.{key}']} within 0.000001%" for key, cited in CITED.items()]
    Path(tmp_path, "s.cspec").write_text("\n".join(lines) + "\n", encoding="utf-8")
    frame = pd.read_csv(HERE / "panel.csv")
    run = cs.run(tmp_path / "s.cspec", frames={"d": frame}, out=tmp_path / "out").run
    assert [(e.text, e.obtained, e.reason) for e in run.expectations if not e.met] == []
    assert len(run.expectations) == len(CITED)
