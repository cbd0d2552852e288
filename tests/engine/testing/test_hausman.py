"""`test h: hausman(m)` through a spec, against the library's anchors (methods.md D1: GRUN)."""

from __future__ import annotations

from pathlib import Path

import pytest

import carbonspec as cs

SPEC = """data firms from package("statsmodels:grunfeld")
  where firm != "American Steel"

panel firms
  id firm
  time year

model m: invest ~ value + csw0(capital) | fe(id)
test h "Hausman": hausman(m[last])
test hausman(m[1])
hypothesis T "Random effects will do": h.p > 5%
table 1 "Hausman": h
"""


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> cs.api.Any:
    folder = tmp_path_factory.mktemp("hausman")
    Path(folder, "g.cspec").write_text(SPEC, encoding="utf-8")
    return cs.run(Path(folder, "g.cspec"), out=Path(folder, "out"))


def test_the_classic_statistic(result: cs.api.Any) -> None:
    row = result.run.tests["h"].rows[0]
    assert row.value == pytest.approx(2.330367, abs=1e-6)
    assert row.p_value == pytest.approx(0.311865, abs=1e-6)


def test_an_unnamed_test_is_called_by_its_text(result: cs.api.Any) -> None:
    assert set(result.run.tests) == {"h", "hausman(m[1])"}
    assert result.run.tests["hausman(m[1])"].columns == ("m[1]",)


def test_a_claim_cites_it_and_a_table_prints_it(result: cs.api.Any) -> None:
    assert result.run.verdicts[0].verdict == "supported"
    assert "H0: unit effects are uncorrelated" in str(result.table("1"))


def test_a_second_run_takes_it_from_the_store(tmp_path: Path) -> None:
    Path(tmp_path, "g.cspec").write_text(SPEC, encoding="utf-8")
    first = cs.run(tmp_path / "g.cspec", out=tmp_path / "out").run
    second = cs.run(tmp_path / "g.cspec", out=tmp_path / "out").run
    assert second.provenance.tasks_run == 0
    assert second.tests == first.tests
