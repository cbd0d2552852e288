"""Each mistake: the code, the place, and the fix. The whole messages stand in tests/golden/bad."""

from __future__ import annotations

import pytest

from carbonspec.diagnostics.codes.syntax import CODES
from carbonspec.diagnostics.model import ERROR, Diagnostic
from carbonspec.lang.parse import clean, parse
from carbonspec.source import Source

MISTAKES = (
    # text, code, what is underlined, what message or help says
    ("<<<<<<< a\nlet x = y\n=======\nlet x = z\n>>>>>>> b\n", "E123", "<<<<<<< a", "keep one of the versions"),
    (f"var x = {'-' * 600}y", "E122", f"var x = {'-' * 600}y", "name its pieces"),
    ("model m: y ~ x，z", "E102", "，", "half-width `,`"),
    ("model m: y ~ fe（id，year）", "E102", "（", "`（` `，` `）` are full-width signs"),
    ("var x ＝ 1", "E102", "＝", "half-width `=`"),
    ("model m： y ~ x", "E102", "：", "half-width `:`"),
    ("table 1 “Title”: m", "E102", "“", '`"`'),
    ("var x = a − b", "E102", "−", "`-`"),
    ("require x ≥ 3", "E102", "≥", "`>=`"),
    ("require x > 1 & x < 2", "E103", "&", "`and`"),
    ("require x > 1 && x < 2", "E103", "&&", "`and`"),
    ("require x > 1 || x < 2", "E103", "||", "`or`"),
    ("require !x", "E103", "!", "`not x`"),
    ("var x = a**2", "E103", "**", "`^`"),
    ("require x <> 2", "E103", "<>", "`!=`"),
    ("require x ~= 2", "E103", "~=", "`!=`"),
    ("require x => 2", "E103", "=>", "`>=`"),
    ("require x %in% (1, 2)", "E103", "%in%", "`in`"),
    ("var x = a %% b", "E103", "%%", "not an operator"),
    ("var x = df$y", "E103", "$", "`table.column`"),
    ("data d from 'a.csv'", "E103", "'a.csv'", 'write `"…"`'),
    ("var x = a; var y = b", "E103", ";", "line of its own"),
    ("let c = a + \\\n  b", "E103", "\\", "goes on in the next"),
    ("var x = {1, 2}", "E103", "{", "curly"),
    ("var x = a @ b", "E103", "@", "backquotes"),
    ("var x = a // b", "E103", "//", "comments start with `#`"),
    ("// a comment", "E103", "//", "comments start with `#`"),
    ("* a comment", "E103", "*", "comments start with `#`"),
    ("var x = 1 /* one */", "E103", "/*", "comments start with `#`"),
    ("require x != .", "E103", ".", "missing(x)"),
    ("model m: y ~ Open#coastal", "E104", "#", "`a:b`"),
    ("model m: y ~ a##b", "E104", "##", "`a * b`"),
    ('table 1 "Title: m', "E105", '"Title: m', "never closed"),
    ("model m: `GDP ~ x", "E106", "`GDP ~ x", "never closed"),
    ("var x = `` + 1", "E106", "``", "empty"),
    ("var x = log(1 + y", "E107", "(", "add `)`"),
    ("var x = (a + b]", "E107", "]", "write `)`"),
    ("var x = a + b)", "E107", ")", "there is no `(`"),
    ("var x = 2y", "E108", "2y", "neither a number nor a name"),
    ("require x < 1,000", "E108", "1,000", "`1_000`"),
    ("var x = .5 * y", "E108", ".5", "`0.5`"),
    ("modle m: y ~ x", "E110", "modle", "did you mean `model`?"),
    ("Model m: y ~ x", "E110", "Model", "did you mean `model`?"),
    ("reg y x z, robust", "E110", "reg", "model m: y ~ x + z"),
    ("xtreg y x, fe", "E110", "xtreg", "model m: y ~ x"),
    ("xtset id year", "E110", "xtset", "`panel`"),
    ("gen x = log(y)", "E110", "gen", "`var`"),
    ("x <- log(y)", "E110", "x", "`var x = …`"),
    ("x = log(y)", "E110", "x", "`var x = …`"),
    ("y ~ x + z", "E110", "y", "`model m: y ~ …`"),
    ("where x == 1", "E110", "where", "indent it by two"),
    ("foreach x in a b", "E110", "foreach", "no loops"),
    ("(a + b)", "E110", "(", "starts with a word"),
    ("model benchmark", "E111", "benchmark", "has no body"),
    ("let x =", "E111", "=", "nothing follows the `=`"),
    ("model: y ~ x", "E111", ":", "needs a name"),
    ("study", "E111", "study", "title"),
    ("winsorize", "E111", "winsorize", "stands alone"),
    ('var "Label" x = 1', "E112", '"Label"', "`var name \"Label\" = …`"),
    ('table "Title": m', "E112", '"Title"', '`table 1 "Title": …`'),
    ('model m "a" "b": y ~ x', "E112", '"b"', "one label"),
    ("require x in 2..", "E113", "..", "`2..last`"),
    ("require x in ..5", "E113", "..", "`1..5`"),
    ("require x in 1..2..9", "E113", "..", "no step"),
    ("model in: y ~ x", "E114", "in", "word of the language"),
    ("model 5: y ~ x", "E114", "5", "is a number"),
    ("model a.b: y ~ x", "E114", "a.b", "no dot"),
    ("require 1 < x < 2", "E115", "<", "`1 < x and x < 2`"),
    ("require 1 <= x <= 2", "E115", "<=", "`x in 1..2`"),
    ("  model m: y ~ x", "E116", "model", "column 0"),
    ("panel p\n  id a\n  time b\n  model m: y ~ x", "E116", "model", "column 0"),
    ("  se iid\nvar x = 1", "E116", "se iid", "no statement stands above"),
    ("let c = a\n  + b", "E117", "+", "end of the line above"),
    ("let x: a", "E118", ":", "write `=`"),
    ("model m = y ~ x", "E118", "=", "write `:`"),
    ("var x == 1", "E118", "==", "write `=`"),
    ("var x <- 1", "E118", "<-", "write `=`"),
    ("var x := 1", "E118", ":=", "write `=`"),
    ("model y ~ x", "E118", "~", "needs a name"),
    ("require a == 1 | b == 2", "E119", "|", "write `or`"),
    ("require (a | b)", "E119", "|", "write `or`"),
    ("data d from \"a\"\n  where a == 1 | b", "E119", "|", "write `or`"),
    ("model m: y ~ x | id + year", "E119", "id", "write `| fe(id, year)`"),
    ("model m: y ~ x |", "E119", "|", "| fe(id, year)"),
    ("model m: y ~ x using system twostep", "E120", "twostep", "`using system, twostep`"),
    ("test r: unitroot(Ce, lags 1)", "E120", "lags 1", "`lags = 1`"),
    ("panel p\n  id\n  time year", "E120", "id", "needs a value"),
    ("model m: y ~ x z", "E120", "z", "`x + z`"),
    ("var x = log y", "E120", "log y", "`log(y)`"),
    ("model m: y ~ x se = iid", "E120", "=", "`se …`"),
    ("var x levels 0 Inland", "E120", "Inland", '`0 "Inland"`'),
    ("model m: y ~ x where (year = 2018)", "E121", "=", "write `==`"),
    ("require a = 1 and b = 2", "E121", "=", "write `==`"),
    ("model m: y ~ x +", "E101", "+", "goes on in the next, which must be indented"),
    ("model m: y ~ x, cluster(id)", "E101", ",", "without a comma"),
    ("winsorize x, at 1%", "E101", ",", "clause `at`"),
    ("model m: y ~ x ~ z", "E101", "~", "iv(x ~ z)"),
    ("model m: ~ x", "E101", "~", "outcome"),
    ("mediate y ~ x", "E101", "~", "mediation is a path"),
    ("mediate x + z -> m -> y", "E101", "+", "one variable"),
    ("var x = ()", "E101", "()", "nothing stands between"),
    ("var x = f(a,)", "E101", ",", "take the comma out"),
    ("model m: y ~ fe(id year)", "E101", "year", "`id, year`"),
    ("var x = L.2", "E101", "L.", "L2.x"),
    ("var x = 3 not 4", "E101", "not", "`in`"),
    ("expect m.5 = 3", "E101", "5", "`m[5]`"),
    ("let c = a + * b", "E101", "*", "expected an expression after `+`, found `*`"),
)  # fmt: skip


def found(text: str) -> tuple[Diagnostic, ...]:
    return parse(Source("test.cspec", clean(text))).diagnostics


@pytest.mark.parametrize(("text", "code", "place", "says"), MISTAKES, ids=[text for text, *_ in MISTAKES])
def test_mistake(text: str, code: str, place: str, says: str) -> None:
    (diagnostic,) = found(text)
    assert diagnostic.code == code
    assert diagnostic.severity == ERROR
    assert diagnostic.span is not None
    assert diagnostic.span.text == place
    assert says in "\n".join((diagnostic.message, *diagnostic.helps))


def test_every_code_is_tested() -> None:
    tested = {code for _, code, *_ in MISTAKES} | {"E109"}
    assert tested == {code.id for code in CODES}


def test_tabs_are_one_error_and_read_as_spaces() -> None:
    checked = parse(Source("t", 'panel p\n\tid a\n\ttime "x\ty" # a\tcomment\n'))
    (diagnostic,) = checked.diagnostics
    assert diagnostic.code == "E109"
    assert diagnostic.message == "a tab, here and on 1 more line"
    assert [clause.word.text for clause in checked.value.statements[0].clauses] == ["id", "time"]


def test_odd_spaces_are_named() -> None:
    assert [d.message for d in found("var x =\u00a01\nvar\u3000y = 2\n")] == ["a no-break space", "a full-width space"]
    assert found('var x "a\u00a0b" = 1 # c\u00a0d\n') == ()


def test_one_mistake_is_told_once() -> None:
    assert len(found("model m: y ~ x +\nz + w\nvar y = 1\n")) == 1
    assert len(found('var x = "a\n  + b\n')) == 1
    assert len(found("model m: fe（id，year） | fe(id\n")) == 1


def test_the_first_unclosed_bracket_is_shown_with_what_it_swallowed() -> None:
    (diagnostic,) = found("var x = log(1 + f(y)\n  unit 3\n  levels 4\nvar z = 1\n")
    assert diagnostic.helps == ("add `)`", "everything up to line 3 was read as inside the brackets")
