"""Whatever stands in a file and whatever a study asks of it: diagnostics, never a traceback or a warning of numpy."""

import random
import warnings

import pytest
from tests.engine.studies import ID, TIME, call, made, model, raw, study, term, texts, var

from carbonspec.diagnostics.model import DataError
from carbonspec.engine.checks import check_model, check_study
from carbonspec.engine.frame import assemble
from carbonspec.engine.read import read
from carbonspec.lang.spec import Apply, DataTable, Expr, Literal, Require, Winsorize

CELLS = [*"x-0é\0", "", "NA", "1e308", "1e400", "１２", '"a,b"', "2001", "01", "TRUE", "inf", "9" * 20]
ONE = ("log", "exp", "sqrt", "not", "missing", "center", "scale", "neg", "abs", "round", "asinh", "log1p", "I")
TWO = ("+", "-", "*", "/", "^", "==", "<", "and", "or")
GROUPS = ("mean", "sum", "count", "first", "median", "max", "sd")


def expression(rng: random.Random, depth: int = 3) -> Expr:
    if depth == 0 or rng.random() < 0.3:
        leaves = [raw(name) for name in "abcut"] + [ID, TIME, Literal(2.0), Literal(0.0), Literal("x")]
        return rng.choice(leaves)
    inner = expression(rng, depth - 1)
    kind = rng.randrange(5)
    if kind == 0:
        return call(rng.choice(ONE), inner)
    if kind == 1:
        return call(rng.choice(TWO), inner, expression(rng, depth - 1))
    if kind == 2:
        return call(rng.choice("LFDS"), inner, rng.choice([1, 2]))
    if kind == 3:
        by = rng.choice([{}, {"by": ID}, {"by": raw("a")}, {"by": Apply("set", (raw("b"), TIME))}])
        return call(rng.choice(GROUPS), inner, **by)
    return call("in", inner, rng.choice([call("range", 0, 2), texts("x", "1"), Apply("set", (Literal(1.0),))]))


def table_text(rng: random.Random) -> str:
    lines = ["u,t,a,b,c"]
    for row in range(rng.choice([0, 1, 4, 12])):
        cells = [rng.choice("pqr"), str(2000 + row), *(rng.choice("0123") for _ in "abc")]
        lines.append(",".join(rng.choice(CELLS) if rng.random() < 0.1 else cell for cell in cells))
    return "\n".join(lines)


@pytest.mark.parametrize("seed", range(200))
def test_no_traceback(tmp_path, seed):
    rng = random.Random(seed)
    (tmp_path / "m.csv").write_text(table_text(rng), encoding="utf-8")
    maybe = lambda value: value if rng.random() < 0.3 else None  # noqa: E731
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            main = read(DataTable("m", "m.csv", where=maybe(expression(rng))), str(tmp_path))
            one = model(
                term(made("v")),
                term(made("w")),
                term(call("i", rng.choice("ab")), "i(a)"),
                term(call(":", expression(rng), made("w")), "x:w"),
                fe=rng.choice([(), ("id",), ("id", "time"), ("a^time",)]),
                where=maybe(expression(rng)),
                split=maybe(raw("c")),
                weights=maybe(raw("b")),
            )
            spec, tables = study(
                main,
                id=("u",),
                time="t",
                where=maybe(expression(rng)),
                variables=(var("v", expression(rng)), var("w", expression(rng))),
                requirements=(Require(expression(rng)),),
                winsorizing=(Winsorize("trim", ("v",), 0.05, 0.9, maybe((TIME,)) or ()),),
                models=(one,),
            )
            data = assemble(spec, tables)
            said = (*check_study(spec, data), *(d for model in spec.models for d in check_model(model, data)[0]))
            assert data.report().rows_sample == data.sample.sum()
        except DataError as problem:
            said = problem.diagnostics
    assert all(diagnostic.message for diagnostic in said)
