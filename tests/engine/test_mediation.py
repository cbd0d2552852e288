"""`mediate` through a spec: Grunfeld's anchors, claims, streams, splits, moderation, failures."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import carbonspec as cs

HEAD = """data firms from package("statsmodels:grunfeld")
  where firm != "American Steel"

panel firms
  id firm
  time year

"""


def run(folder: Path, body: str, **options: object) -> cs.api.Any:
    Path(folder, "g.cspec").write_text(HEAD + body, encoding="utf-8")
    return cs.run(Path(folder, "g.cspec"), out=Path(folder, "out"), **options).run


SPEC = """mediate via "Through capital": value -> capital -> invest | fe(id) se iid bootstrap 1000, cluster(id)
mediate plain: value -> capital -> invest | fe(id) se iid
mediate value -> capital -> invest bootstrap 200, rows interval bca
hypothesis H "Capital mediates": via.indirect > 0 and via.sobel.p < 5% and via.indirect.low > 0
hypothesis H2 "By Sobel": plain.indirect > 0
hypothesis H3 "Direct": plain.direct > 0 and via.direct in 0..1
expect via[2].value = 0.257215971
expect via[2].value.se = 0.046039430
expect via.total = 0.189877562
expect via.direct = 0.110123804
expect via.indirect = 0.079753758
expect via.share = 0.420027290
expect via.sobel = 5.332246
expect via.aroian = 5.324654
expect via.goodman = 5.339870
expect via[3].N = 200
table 12 "Three steps": via
"""


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> cs.api.Any:
    return run(tmp_path_factory.mktemp("mediate"), SPEC)


def test_the_anchors_come_out(found: cs.api.Any) -> None:
    assert not [e for e in found.expectations if not e.met]
    assert found.mediations["via"][0].facts["identity_gap"] < 1e-10


def test_claims_say_what_they_rest_on(found: cs.api.Any) -> None:
    assert [v.verdict for v in found.verdicts] == ["supported"] * 3
    assert found.verdicts[0].parts[0].inference == "percentile"
    assert found.verdicts[1].parts[0].inference == "Sobel"
    assert found.verdicts[2].parts[0].inference == "t"


def test_p_belongs_to_the_interval(tmp_path: Path) -> None:
    lines = [
        f"mediate m_{method}: value -> capital -> invest bootstrap 400 interval {method}\n"
        for method in ("percentile", "bca", "basic", "normal")
    ]
    made = run(tmp_path, "".join(lines))
    for outcome in (o for parts in made.mediations.values() for o in parts):
        for effect in outcome.effects:
            outside = effect.conf_low > 0 or effect.conf_high < 0
            assert outside == (effect.p_value <= 0.05), (outcome.interval, effect.name)


def test_an_unnamed_mediation_is_called_by_its_path(found: cs.api.Any) -> None:
    assert "value -> capital -> invest" in found.mediations


def test_draws_hang_on_the_name_alone(tmp_path: Path, found: cs.api.Any) -> None:
    alone = run(tmp_path, SPEC.splitlines()[0] + "\n", jobs=3)
    mine, theirs = alone.mediations["via"][0].draws, found.mediations["via"][0].draws
    assert all(np.array_equal(mine[name], theirs[name]) for name in mine)
    other = run(tmp_path, 'study "S" seed 2\n' + SPEC.splitlines()[0] + "\n")
    assert not np.array_equal(other.mediations["via"][0].draws["indirect"], mine["indirect"])


def test_a_second_run_takes_it_from_the_store_to_the_last_bit(tmp_path: Path) -> None:
    body = SPEC.splitlines()[0] + "\n"
    first, second = run(tmp_path, body).mediations["via"][0], run(tmp_path, body)
    again = second.mediations["via"][0]
    assert second.provenance.tasks_run == 0
    assert repr(again.effects) == repr(first.effects)
    assert np.array_equal(again.draws["indirect"], first.draws["indirect"])


def test_chain_and_parallel_paths_add_up(tmp_path: Path) -> None:
    made = run(
        tmp_path,
        "var size = log(value)\nvar age = year - 1930\n"
        "mediate chain: value -> capital -> size -> invest bootstrap 50\n"
        "mediate side: value -> (capital, size) -> invest with age bootstrap 50\n"
        "hypothesis A: chain[capital -> size].indirect < 100 and chain[capital].indirect < 100\n"
        "hypothesis B: side.contrast < 100 and side[size].indirect < 100 and side[size].sobel.p < 2\n",
    )
    for name, routes in (("chain", 3), ("side", 2)):
        (outcome,) = made.mediations[name]
        parts = [e.estimate for e in outcome.effects if e.kind == "route"]
        assert len(parts) == routes
        assert sum(parts) == pytest.approx(outcome.effect("indirect").estimate, rel=1e-9)
        total, direct = outcome.effect("total").estimate, outcome.effect("direct").estimate
        assert total - direct == pytest.approx(sum(parts), rel=1e-8)
    assert all(v.verdict != "failed" for v in made.verdicts)


def test_moderated(tmp_path: Path) -> None:
    made = run(
        tmp_path,
        "var late = year > 1944\n"
        "mediate by: value -> capital -> invest | fe(id) moderator late stage first, direct bootstrap 100\n"
        "mediate sd: value -> capital -> invest moderator value stage second levels percentiles\n"
        "hypothesis A: by[late = 1].indirect > 0 and by[late = 0].direct > 0 and by.index > 0\n"
        'hypothesis B: sd["p84"].indirect > 0\n'.replace('sd["p84"]', 'sd[value = "p84"]'),
    )
    assert [v.verdict for v in made.verdicts if v.reason] == []
    (outcome,) = made.mediations["by"]
    low, high = (e for e in outcome.effects if e.kind == "indirect")
    contrast = next(e for e in outcome.effects if e.kind == "contrast")
    assert high.estimate - low.estimate == pytest.approx(contrast.estimate)


def test_a_split_makes_an_analysis_for_each_value(tmp_path: Path) -> None:
    made = run(
        tmp_path,
        'var late "Late" = year > 1944 levels 0 "Before", 1 "After"\n'
        "mediate by: value -> capital -> invest split late bootstrap 100\n"
        "hypothesis A: by[late = 1].indirect > 0\nhypothesis B: by.indirect > 0\n"
        "expect by[late = 1, 2].N = 100\ntable 1: by\n",
    )
    assert [c.number for o in made.mediations["by"] for c in o.columns] == [1, 2, 3, 4, 5, 6]
    assert made.expectations[0].met
    assert made.verdicts[0].verdict != "failed"
    assert "late = Before, late = After" in made.verdicts[1].reason


FAILURES = {
    "var twice = 2 * value\nmediate m: value -> twice -> invest": "E551",
    "var one = 1 + 0 * value\nmediate m: value -> one -> invest": "E552",
    'mediate m: value -> capital -> invest where firm in ("IBM", "Goodyear") bootstrap 1000, cluster(id)': "E555",
    "mediate m: value -> capital -> invest bootstrap 100, blocks = 40": "E557",
}


@pytest.mark.parametrize("body", FAILURES)
def test_what_fails_says_why_and_the_rest_finishes(body: str, tmp_path: Path) -> None:
    made = run(tmp_path, f"{body}\nmediate fine: value -> capital -> invest\nhypothesis H: m.indirect > 0\n")
    (outcome,) = made.mediations["m"]
    assert outcome.failure.code == FAILURES[body]
    assert made.verdicts[0].verdict == "failed"
    assert outcome.failure.message in made.verdicts[0].reason
    assert made.mediations["fine"][0].failure is None


def test_a_control_that_is_missing_everywhere_is_an_error_of_the_data(tmp_path: Path) -> None:
    with pytest.raises(cs.DataError) as problem:
        run(tmp_path, "var gone = L50.capital\nmediate m: value -> capital -> invest with gone\n")
    assert problem.value.diagnostics[0].code == "E430"


class Impatient:
    """Progress that interrupts after some draws."""

    def __init__(self) -> None:
        self.steps: list[tuple[int, int]] = []

    def begin(self, total: int, reused: int) -> None: ...

    def start(self, task: str) -> None: ...

    def finish(self, task: str, failed: bool) -> None: ...

    def part(self, task: str, done: int, asked: int) -> None:
        self.steps.append((done, asked))
        if done > 20_000:
            raise KeyboardInterrupt


@pytest.mark.parametrize("jobs", [1, 2])
def test_ten_million_draws_tell_how_far_they_are_and_can_be_interrupted(jobs: int, tmp_path: Path) -> None:
    impatient = Impatient()
    with pytest.raises(KeyboardInterrupt):
        run(tmp_path, "mediate m: value -> capital -> invest bootstrap 10_000_000\n", progress=impatient, jobs=jobs)
    assert impatient.steps[-1][1] == 10_000_000
    assert len(impatient.steps) > 2


def test_tables_json_and_python(tmp_path: Path) -> None:
    body = (
        SPEC.splitlines()[0]
        + '\nmediate plain: value -> capital -> invest | fe(id)\ntable 8 "B": mediation(via, plain)\n'
    )
    Path(tmp_path, "g.cspec").write_text(HEAD + body + "table 12: via\n", encoding="utf-8")
    result = cs.run(tmp_path / "g.cspec", out=tmp_path / "out", write=True)
    lines = Path(tmp_path, "out/g/tables/table_08.csv").read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith("row,path,bs,estimate,std_error,z,p,")
    assert lines[1].startswith("1,value -> capital -> invest,bs_1,0.0797537")
    assert lines[2].startswith("1,value -> capital -> invest,bs_2,0.11012380")
    note = Path(tmp_path, "out/g/tables/table_12.md").read_text(encoding="utf-8")
    assert "value affects invest through capital" in note
    report = Path(tmp_path, "out/g/report.md").read_text(encoding="utf-8")
    assert "Check: total less direct effect" in report
    assert "Sensitivity" in report
    frame = result["via"].tidy()
    assert list(frame["term"][:4]) == ["indirect", "direct", "total", "share"]
    assert list(frame["kind"][4:]) == ["Sobel", "Aroian", "Goodman"]
    assert len(result["via"].columns.tidy()) == 7
    assert result["via"].draws().shape == (1000, 4)
    import json

    content = json.loads(Path(tmp_path, "out/g/results.json").read_text(encoding="utf-8"))
    assert [m["mediation"] for m in content["mediations"]] == ["via", "plain"]
    assert "draws" not in content["mediations"][0]


def test_suppression_is_named_and_no_share_printed(tmp_path: Path) -> None:
    rng = np.random.default_rng(3)
    import pandas as pd

    x = rng.normal(size=600)
    m = x + rng.normal(size=600)
    frame = pd.DataFrame({"firm": np.arange(600) // 6, "year": np.arange(600) % 6, "x": x, "m": m})
    frame["y"] = 0.5 * frame["x"] - frame["m"] + rng.normal(size=600)
    spec = 'data d from "d.csv"\n\npanel d\n  id firm\n  time year\n\n'
    spec += "mediate via: x -> m -> y bootstrap 300\ntable 1: via\n"
    Path(tmp_path, "s.cspec").write_text(spec, encoding="utf-8")
    result = cs.run(tmp_path / "s.cspec", frames={"d": frame}, out=tmp_path / "out", write=True)
    (outcome,) = result.run.mediations["via"]
    assert outcome.suppression
    assert "This is suppression, not a share" in " ".join(str(result.table("1")).split())
    report = Path(tmp_path, "out/s/report.md").read_text(encoding="utf-8")
    assert "share of the total | suppression" in report
    assert "%" not in outcome.verdict.replace("95%", "")


def test_figures_of_mediations(tmp_path: Path) -> None:
    body = (
        SPEC.splitlines()[0]
        + "\n"
        + (
            "model m: invest ~ value + capital | fe(id)\n"
            'figure 1 "Mechanism": paths(via)\nfigure 2: density(via, via.direct)\n'
            "figure 3: coefficients(via, m, m.value) interval 90%\nfigure 4: density(m2)\n"
            "mediate m2: value -> capital -> invest\n"
        )
    )
    made = run(tmp_path, body)
    (panel,) = made.figures["1"].panels
    assert [(a.cause, a.effect, a.kind) for a in panel.arrows] == [
        ("value", "invest", "total"),
        ("value", "capital", "path"),
        ("value", "invest", "path"),
        ("capital", "invest", "path"),
    ]
    assert {"svg", "pdf", "png"} == set(made.drawings["1"].files)
    assert "Path diagram" in made.drawings["1"].alternative
    density = made.figures["2"].series[0]
    grid = np.array([float(x) for x in density.names])
    assert np.trapezoid(np.array(density.values), grid) == pytest.approx(1.0, abs=0.02)
    assert [s.title for s in made.figures["2"].series] == ["via: indirect", "via: direct"]
    wide, narrow = made.mediations["via"][0].effect("direct"), made.figures["3"].series[0]
    assert narrow.low[1] > wide.conf_low
    assert len(made.figures["3"].series[1].names) == 2
    assert "no draws" in next(f for f in made.failures if f.task == "figure 4").message


def test_a_figure_is_drawn_from_stored_results(tmp_path: Path) -> None:
    body = SPEC.splitlines()[0] + "\n"
    run(tmp_path, body)
    again = run(tmp_path, body + "figure 1: paths(via)\n")
    assert "1" in again.drawings
    assert again.mediations["via"][0].reused
