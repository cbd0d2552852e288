"""A small study made by hand, for the planner's tests."""

from carbonspec.lang.spec import (
    KEY,
    RAW,
    VARIABLE,
    Apply,
    CallItem,
    Column,
    Covariance,
    DataTable,
    Dimension,
    Expect,
    Hypothesis,
    Literal,
    Model,
    Panel,
    Quantity,
    Ref,
    ResultItem,
    Selection,
    Spec,
    Structure,
    Study,
    Table,
    Term,
    Variable,
    Winsorize,
)

ENTITY = Dimension((Ref("id", KEY),), "id")
YEAR = Dimension((Ref("time", KEY),), "year")
TWO_WAYS = Structure("fe", (ENTITY, YEAR))


def term(name, kind=VARIABLE):
    return Term(Ref(name, kind), name)


def column(*regressors, outcome="Ce", structure=TWO_WAYS):
    return Column(term(outcome), tuple(term(name) for name in regressors), structure=structure)


def study(**changes):
    variables = (
        Variable("Ei", "Energy intensity", Apply("/", (Ref("energy", RAW), Ref("gdp", RAW)))),
        Variable("Rpc", "Capacity", Apply("log", (Ref("electricity", RAW),))),
        Variable("Ce", "Emissions"),
        Variable("Open", "Openness"),
    )
    cluster = Covariance("cluster", (Ref("id", KEY),))
    benchmark = Model(
        "benchmark", (column("Open", "Rpc"), column("Open", "Rpc", "Ei")), "Benchmark", covariance=cluster
    )
    early = Model(
        "early",
        (column("Open", "Rpc"),),
        where=Apply("<=", (Ref("time", KEY), Literal(2018.0))),
        covariance=cluster,
    )
    values = {
        "study": Study("A study"),
        "data": (DataTable("provinces", "provinces.csv"),),
        "panel": Panel("provinces", ("province",), "year"),
        "variables": variables,
        "winsorizing": (Winsorize("winsorize", ("Ce",), 0.01, 0.99),),
        "models": (benchmark, early),
        "hypotheses": (
            Hypothesis("H1", Apply("<", (Quantity(Selection("benchmark", (), 2, 2), "Open"), Literal(0.0)))),
        ),
        "expectations": (Expect(None, "H1", "supported", text="H1 = supported"),),
        "tables": (
            Table("3", "Descriptives", (CallItem("summary", (term("Ce"), term("Ei"))),)),
            Table("5", "Benchmark", (ResultItem(Selection("benchmark")),)),
        ),
    }
    return Spec(**{**values, **changes})
