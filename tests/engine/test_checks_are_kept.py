"""What the data have to say of each statement is kept by itself: a change of one asks only of that one again."""

from __future__ import annotations

from pathlib import Path

import pytest

import carbonspec as cs
from carbonspec import DataError

FIRMS = "firm,year,y,x,z\n" + "".join(
    f"{firm},{year},{(3 * firm + 7 * year) % 11},{(firm * year) % 5},{(firm + 2 * year) % 7}\n"
    for firm in range(1, 7)
    for year in range(2010, 2016)
)
HEAD = 'data firms from "firms.csv"\npanel firms\n  id firm\n  time year\n'
ONE = "model one: y ~ I(z / x) | fe(id)\n"
TWO = "model two: y ~ I(z / x) + z | fe(id)\n"
THREE = "model three: y ~ z se cluster(year)\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "firms.csv").write_text(FIRMS, encoding="utf-8")
    monkeypatch.chdir(tmp_path)


def told(body: str, **how: bool) -> list[tuple[str, str, int]]:
    """Code, message and line of what a run says of the data."""
    Path("s.cspec").write_text(HEAD + body, encoding="utf-8")
    found = cs.run("s.cspec", **how).run.warnings
    return [(d.code, d.message, d.span.line) for d in found if d.code in ("W434", "W446", "W433")]


@pytest.mark.parametrize("body", [ONE, TWO, THREE, TWO + THREE, THREE + ONE, "\n# moved\n" + TWO])
def test_a_run_on_stored_checks_says_what_a_fresh_one_says(body: str) -> None:
    told(ONE + TWO + THREE)
    assert told(body) == told(body, fresh=True)


def test_a_model_is_called_by_its_new_name() -> None:
    assert next(m for c, m, _ in told(THREE) if c == "W434").startswith("`three`")
    assert next(m for c, m, _ in told(THREE.replace("three", "four")) if c == "W434").startswith("`four`")


def test_few_clusters_are_told_once_for_the_default_of_several_models() -> None:
    told(ONE)
    (found,) = [message for code, message, _ in told(ONE + TWO) if code == "W434"]
    assert found.startswith("`one`, `two` have 5 clusters of `id`")


def test_a_variable_that_nothing_uses_is_asked_too_when_it_comes_later() -> None:
    told(ONE)
    with pytest.raises(DataError) as problem:
        told(ONE + "var unused = log(x)\n")
    assert [d.code for d in problem.value.diagnostics if d.severity == "error"] == ["E421"]


def test_mistakes_of_all_statements_come_at_once() -> None:
    with pytest.raises(DataError) as problem:
        told(ONE + "model a: y ~ log(x)\nmodel b: y ~ sqrt(x - 9)\nrequire z > 1\n")
    codes = [d.code for d in problem.value.diagnostics if d.severity == "error"]
    assert codes == ["E423", "E421", "E421"]
    assert "W446" in [d.code for d in problem.value.diagnostics]
