"""Random tests draw by the seed and their own name: nothing else in the file, nor the number of jobs, moves them."""

from __future__ import annotations

from tests.engine.testing import grunfeld as g

DRAWN = """test gap: difference(small.value) permute 100, rows
test cause: granger(value -> invest, invest -> value) bootstrap 100
test random: placebo(m.value) permute value draws 100
"""


def draws(run: g.cs.api.Any) -> dict[str, list[float]]:
    return {
        f"{name}, {what}": list(values)
        for name, outcome in run.tests.items()
        for what, values in outcome.draws.items()
        if name in ("gap", "cause", "random")
    }


def test_neither_other_statements_nor_jobs_move_them(tmp_path: g.Path) -> None:
    alone = draws(g.run(tmp_path, DRAWN, jobs=1, fresh=True))
    more = "test z: difference(small.value) permute 50, rows\ntest h: hausman(m)\n"
    assert draws(g.run(tmp_path, more + DRAWN, jobs=2, fresh=True)) == alone
    assert len(alone) == 6


def test_the_name_and_the_seed_do(tmp_path: g.Path) -> None:
    alone = draws(g.run(tmp_path, DRAWN))
    renamed = g.run(tmp_path, DRAWN.replace("test random", "test chance"))
    assert list(renamed.tests["chance"].draws["placebo on m[1], value"]) != alone["random, placebo on m[1], value"]
    reseeded = draws(g.run(tmp_path, 'study "Again"\n  seed 7\n' + DRAWN))
    assert all(reseeded[name] != alone[name] for name in alone)


def test_a_test_that_draws_nothing_keeps_its_key_when_renamed(tmp_path: g.Path) -> None:
    g.run(tmp_path, "test h: hausman(m)\ntest r: placebo(m.value) permute value draws 20")
    again = g.run(tmp_path, 'test other "Label": hausman(m)\ntest r: placebo(m.value) permute value draws 20')
    assert again.provenance.tasks_run == 0
    assert again.tests["other"].rows[0].value > 0
    renamed = g.run(tmp_path, "test h: hausman(m)\ntest s: placebo(m.value) permute value draws 20")
    assert renamed.provenance.tasks_run == 1
