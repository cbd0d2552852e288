"""Names: keys, hiding, joins, and what is left to the data when headers are unknown."""

from __future__ import annotations

from tests.lang.resolve.studies import HEAD, checked, codes, model, study

from carbonspec.lang.spec import KEY, RAW, VARIABLE, Apply, Literal, Ref

PAIRS = """data pairs from "data/pairs.csv"
data tariffs from "data/tariffs.csv"
panel pairs
  id exporter, importer
  time year
  join tariffs on importer = country, year
"""


def test_the_keys_have_two_names() -> None:
    found = study("model m: y ~ x | fe(firm, time) se cluster(firm)\n").models[0]
    assert [d.keys for d in found.columns[0].structure.dimensions] == [(Ref("id", KEY),), (Ref("time", KEY),)]
    assert [d.name for d in found.columns[0].structure.dimensions] == ["firm", "time"]
    assert found.covariance.clusters == (Ref("id", KEY),)


def test_one_column_of_a_pair_is_a_raw_column() -> None:
    spec = study("model m: y ~ x | fe(id, exporter^year)\ntable 1: m\n", PAIRS, None)
    first, second = spec.models[0].columns[0].structure.dimensions
    assert first.keys == (Ref("id", KEY),)
    assert second.keys == (Ref("exporter"), Ref("time", KEY))
    assert spec.panel is not None
    assert spec.panel.id == ("exporter", "importer")
    assert spec.panel.joins[0].keys == (("importer", "country"), ("year", "year"))


def test_a_declared_name_hides_the_column() -> None:
    spec = study("var x = log(firms.x)\nmodel m: y ~ x\ntable 1: m\n")
    assert spec.variables[0].expression == Apply("log", (Ref("x", RAW, "firms"),))
    assert spec.models[0].columns[0].regressors[0].expression == Ref("x", VARIABLE)
    assert codes("var x = log(firms.x)\nmodel m: y ~ x\ntable 1: m\n") == ["N241"]


def test_winsorizing_redefines_a_raw_column_everywhere() -> None:
    spec = study("var v = L.x\nwinsorize x at 1%, 99% by year\nmodel m: y ~ v + x:a\ntable 1: m\n")
    x = Ref("x", VARIABLE, "firms")
    assert spec.variables[0].expression == Apply("L", (x, Literal(1.0)))
    assert spec.models[0].columns[0].regressors[1].expression == Apply(":", (x, Ref("a", RAW, "firms")))
    (limits,) = spec.winsorizing
    assert (limits.variables, limits.lower, limits.upper, limits.by) == (("x",), 0.01, 0.99, (Ref("time", KEY),))


def test_a_let_in_winsorize_stands_for_its_terms() -> None:
    spec = study("let both = x + z\nwinsorize y, both at 5%, 95%\nmodel m: y ~ both\ntable 1: m\n")
    assert spec.winsorizing[0].variables == ("y", "x", "z")


def test_labels_do_not_redefine() -> None:
    spec = study('var x "Size" unit "tons"\nvar firm "Firm"\nmodel m: y ~ x | fe(firm)\ntable 1: m\n')
    assert [(v.name, v.label, v.unit, v.expression) for v in spec.variables] == [
        ("x", "Size", "tons", None),
        ("firm", "Firm", "", None),
    ]
    assert spec.models[0].columns[0].structure.dimensions[0].keys == (Ref("id", KEY),)


def test_unknown_headers_leave_names_to_the_data() -> None:
    assert codes("model m: anything ~ goes\ntable 1: m\n", columns=None) == []
    assert codes("model m: anything ~ x\ntable 1: m\n") == ["E210"]


def test_one_unknown_header_leaves_names_to_the_data() -> None:
    head = HEAD.replace("panel firms", 'data more from "data/more.csv"\npanel firms') + "  join more on firm\n"
    assert codes("model m: y ~ q\ntable 1: m\n", head, None) == []


def test_a_failed_join_makes_no_unknown_names() -> None:
    head = HEAD.replace("panel firms", 'data more from "data/more.csv"\npanel firms') + "  join more on nothing\n"
    found = checked("model m: y ~ q\ntable 1: m\n", head)
    (only,) = found.diagnostics  # and no word about q, which may be a column of `more`
    assert "`nothing`" in only.message


def test_where_on_data_reads_the_table_alone() -> None:
    head = (
        'data firms from "data/firms.csv"\n  where year in 2001..2013 and x > 0\npanel firms\n  id firm\n  time year\n'
    )
    (table,) = study("model m: y ~ x\ntable 1: m\n", head).data
    assert table.where is not None
    year = Ref("year", RAW, "firms")
    assert isinstance(table.where, Apply)
    assert table.where.arguments[0] == Apply("in", (year, Apply("range", (Literal(2001.0), Literal(2013.0)))))


def test_columns_with_odd_names() -> None:
    spec = study("model m: y ~ `GDP per capita` + L.`GDP(亿元)`\ntable 1: m\n", columns=None)
    assert [t.name for t in spec.models[0].columns[0].regressors] == ["`GDP per capita`", "L.`GDP(亿元)`"]


def test_several_rows_and_keys() -> None:
    spec = study("var v = sum(x, by = (industry, year)) - x\nmodel m: y ~ v\ntable 1: m\n")
    total = Apply(
        "sum", (Ref("x", RAW, "firms"),), (("by", Apply("set", (Ref("industry", RAW, "firms"), Ref("time", KEY)))),)
    )
    assert spec.variables[0].expression == Apply("-", (total, Ref("x", RAW, "firms")))


def test_a_lost_statement_is_no_unknown_name() -> None:
    from tests.lang.resolve.studies import CATALOGUE, COLUMNS

    from carbonspec.lang.parse import parse
    from carbonspec.lang.resolve.study import resolve
    from carbonspec.source import Source

    text = HEAD + 'let controls = a + + b\nvar "Late" late = year > 2015\nmodel m: y ~ x + controls + late\n'
    parsed = parse(Source("s.cspec", text))
    assert not parsed.ok
    assert resolve(parsed.value, CATALOGUE, {"firms": COLUMNS}).diagnostics == ()


def test_model_may_be_called_like_a_function() -> None:
    assert model("model log: y ~ log(x)\nmodel m: log + z\n").columns[0].regressors[0].name == "log(x)"


def test_rings_are_said_once_and_harm_nothing_else() -> None:
    body = "var p = q + 1\nvar q = first(p, by = id)\nmodel m: y ~ p + q where p > 2\n"
    body += "model n: y ~ x where first(q, by = id)\ntable 1: m\n"
    assert codes(body) == ["E203"]
