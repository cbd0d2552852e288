"""Runs built by hand: fits with chosen numbers, and a study around them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from carbonspec.econometrics.results import CovarianceReport, Fit
from carbonspec.lang.spec import (
    KEY,
    Apply,
    CallItem,
    Column,
    Covariance,
    DataTable,
    Dimension,
    Figure,
    Filter,
    Literal,
    Measure,
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
from carbonspec.report.claims import judge
from carbonspec.report.figures.provinces import PROVINCES
from carbonspec.report.run import (
    DataFile,
    Description,
    Drawing,
    FigureData,
    FigureSeries,
    Findings,
    LedgerEntry,
    MeasureReport,
    ModelColumn,
    PanelReport,
    Provenance,
    Run,
    Weight,
)

LABELS = {
    "Ce": "Total CO2 emissions",
    "Open": "Level of opening up",
    "Rpc": "Regional production capacity",
    "Ei": "Energy intensity",
}
R2 = {"r2_within": "1 - SSR/SST of the outcome without its fixed effects"}

# Table 5 of Yang, Yuan & Lu (2025) as printed: term → (estimate, t) by column.
PRINTED = {
    "Open": ((-4937.897, -2.43), (-4578.674, -2.48), (-4425.266, -2.41), (-4136.325, -2.14), (-3641.121, -1.82)),
    "Rpc": ((12502.278, 2.88), (12862.790, 3.06), (13700.884, 3.33), (14928.723, 3.75), (18179.833, 4.34)),
    "Ei": (None, (30082.499, 1.32), (26642.149, 1.17), (22054.919, 0.90), (9532.168, 0.33)),
    "Fin": (None, None, (-1311.652, -2.44), (-1286.014, -2.40), (-1171.796, -2.38)),
    "Gdp": (None, None, None, (-248.541, -0.70), (-175.711, -0.48)),
    "Ind": (None, None, None, None, (-16474.851, -1.78)),
    "Constant": (
        (-64848.367, -2.06),
        (-70787.002, -2.24),
        (-76300.318, -2.45),
        (-83649.353, -2.81),
        (-99147.792, -3.31),
    ),
}
R_SQUARED = (0.199, 0.218, 0.223, 0.225, 0.245)


def fit(numbers: Mapping[str, tuple[float, float]], outcome: str = "Ce", **changes: Any) -> Fit:
    """A two-way fixed-effects fit, clustered by 30 ids, from term → (estimate, standard error)."""
    errors = np.array([error for _, error in numbers.values()])
    made = Fit(
        estimator="fixed effects",
        outcome=outcome,
        terms=tuple(numbers),
        estimates=np.array([estimate for estimate, _ in numbers.values()]),
        vcov=np.diag(errors**2),
        reference="t",
        df_reference=29.0,
        df_resid=226.0,
        n=270,
        n_ids=30,
        n_periods=9,
        t_min=9,
        t_max=9,
        covariance=CovarianceReport("cluster", 1.07, "G/(G-1)*(n-1)/(n-K)", 9 + len(numbers) - 1, (("id", 30),)),
        effects=(("id", 30), ("year", 9)),
        statistics={"r2_within": 0.245, "r2": 0.978, "sigma": 1510.2},
        definitions=R2,
    )
    return replace(made, **changes)


def column(number: int, made: Fit | None, model: str = "benchmark", **changes: Any) -> ModelColumn:
    """A column of a model with everything in its place."""
    return replace(
        ModelColumn(model, number, made.outcome if made else "Ce", number, fit=made, rows_before=270), **changes
    )


def printed_columns(count: int = 5) -> tuple[ModelColumn, ...]:
    """The benchmark of the paper, estimates and t values as printed."""
    columns = []
    for at in range(count):
        numbers = {t: (v[at][0], abs(v[at][0] / v[at][1])) for t, v in PRINTED.items() if v[at] is not None}
        columns.append(column(at + 1, fit(numbers, statistics={"r2_within": R_SQUARED[at], "r2": 0.978})))
    return tuple(columns)


def term(name: str) -> Term:
    """A plain variable as a term."""
    return Term(Ref(name), name)


def model(
    name: str = "benchmark",
    steps: Sequence[Sequence[str]] = (("Open", "Rpc"),),
    outcome: str = "Ce",
    **changes: Any,
) -> Model:
    """A model with a column for each step, id and year effects, clustered by id."""
    effects = Structure("fe", (Dimension((Ref("id", KEY),), "id"), Dimension((Ref("time", KEY),), "year")))
    columns = tuple(Column(term(outcome), tuple(term(x) for x in step), structure=effects) for step in steps)
    return Model(name, columns, covariance=Covariance("cluster", (Ref("id", KEY),))).replace(**changes)


def result_table(number: str = "5", *names: str, **changes: Any) -> Table:
    """A table of whole models."""
    items = tuple(ResultItem(Selection(name)) for name in names or ("benchmark",))
    return Table(number, "Benchmark model", items).replace(**changes)


def quantity(model_name: str, name: str = "", part: str = "estimate", **where: Any) -> Quantity:
    """`model[filters, first].name.part`."""
    first = where.pop("first", None)
    filters = tuple(Filter(key, value) for key, value in where.items())
    text = f"{model_name}.{name or part}"
    return Quantity(Selection(model_name, filters, first, first), name, part, text)


def compare(left: Any, sign: str, right: Any) -> Apply:
    """A comparison; plain numbers become literals."""
    sides = tuple(Literal(side) if isinstance(side, int | float) else side for side in (left, right))
    return Apply(sign, sides)


def between(value: Any, low: float, high: float) -> Apply:
    """`value in low..high`."""
    return Apply("in", (value, Apply("range", (Literal(low), Literal(high)))))


def panel_report() -> PanelReport:
    return PanelReport("province", "year", 330, 270, 30, 9, 9, 9, True, 0)


def run(spec: Spec | None = None, models: Mapping[str, tuple[ModelColumn, ...]] | None = None, **changes: Any) -> Run:
    """A run; without more, the paper's benchmark in table 5."""
    if spec is None:
        spec = study_spec()
    made = Run(
        spec=spec,
        models=dict(models if models is not None else {"benchmark": printed_columns()}),
        descriptions={},
        failures=(),
        verdicts=tuple(
            judge(h, Findings(models or {"benchmark": printed_columns()}), spec.study) for h in spec.hypotheses
        ),
        expectations=(),
        ledger=(
            LedgerEntry("data provinces", 330, 330, "1 file read"),
            LedgerEntry("panel where year in 2012..2020", 330, 270, "60 rows outside"),
            LedgerEntry("winsorize Ce", 270, 270, "3 below 1699.2, 2 above 74482", "Ce", 5),
            LedgerEntry("winsorize Open", 270, 270, "2 below 0.0443, 3 above 0.977", "Open", 5),
        ),
        panel=panel_report(),
        provenance=Provenance(
            "paper.cspec",
            "9f" * 32,
            (DataFile("data/provinces.csv", "ab" * 32, 330, 41),),
            20250521,
            "2025-05-21T08:00:00Z",
            1.25,
            {"carbonspec": "0.1.0", "python": "3.12.1", "numpy": "2.4.0"},
            14,
            0,
        ),
        labels=LABELS,
    )
    return replace(made, **changes)


def study_spec(**changes: Any) -> Spec:
    """The study around the benchmark: five steps, t in parentheses, winsorized outcome and regressor."""
    steps = [[name for name, values in PRINTED.items() if values[at] and name != "Constant"] for at in range(5)]
    spec = Spec(
        Study("Does China still need to deepen its opening up?", "doi:10.3389/fenvs.2025.1550493", parentheses="t"),
        data=(DataTable("provinces", "data/provinces.csv"),),
        panel=Panel("provinces", ("province",), "year"),
        variables=tuple(Variable(name, label) for name, label in LABELS.items()),
        winsorizing=(Winsorize("winsorize", ("Ce", "Open", "Tech"), 0.01, 0.99),),
        models=(model(steps=steps),),
        tables=(result_table(),),
    )
    return spec.replace(**changes)


def summary(by: bool = False) -> Description:
    """Moments as in the paper's Table 3, or by year as in Table 2."""
    names = ("n", "mean", "sd", "median", "min", "max")
    if by:
        rows = (
            (30, 0.22, 0.08, 0.2, 0.05, 0.36),
            (30, 0.24, 0.15, 0.21, 0.05, 0.91),
            (60, 0.23, 0.115, 0.2, 0.05, 0.91),
        )
        return Description("summary", ("2012", "2013", "Total"), names, rows)
    rows = ((270, 25824.2, 17649.4, 20113.7, 1699.1, 74482.0), (270, 0.38412, 0.29648, 0.2871, 0.04431, 0.97712))
    return Description("summary", ("Ce", "Open"), names, rows)


def correlation() -> Description:
    cells = ((1.0, -0.31, 0.62), (-0.31, 1.0, 0.05), (0.62, 0.05, 1.0))
    p = ((0.0, 0.0001, 0.0), (0.0001, 0.0, 0.41), (0.0, 0.41, 0.0))
    names = ("Ce", "Open", "Rpc")
    return Description("correlation", names, names, cells, p, 270, ("dependence within the panel is ignored",))


# --- measures and figures --------------------------------------------------------------------------------

WEIGHTS = (
    ("SC", "Scale of foreign investment", "foreign_firms", 0.0497),
    ("SC", "Scale of foreign investment", "registered_capital", 0.0467),
    ("SC", "Scale of foreign investment", "foreign_investment", 0.0461),
    ("COM", "External communication", "labour_abroad", 0.0800),
    ("COM", "External communication", "foreign_contracts", 0.0763),
    ("COM", "External communication", "tourism_revenue", 0.0310),
    ("ENV", "Business environment", "trade_dependence", 0.0380),
    ("ENV", "Business environment", "science_spending", 0.0640),
    ("ENV", "Business environment", "free_trade_zone", 0.5681),
)
"""Table 1 of the paper."""


def weights(**changes: Any) -> MeasureReport:
    """The index of the paper's Table 1."""
    lines = tuple(
        Weight(group, label, name, weight, 1 - weight / 3, weight / 3, weight**2, 0.99)
        for group, label, name, weight in WEIGHTS
    )
    notes = (
        "entropy weights of 9 indicators over 270 rows of the sample",
        "free_trade_zone has weight 0.5681, more than all other indicators together",
    )
    return replace(MeasureReport("Open", "index", notes, lines), **changes)


def measured(**changes: Any) -> Run:
    """A run with the index, its table of weights and nothing else."""
    spec = study_spec(
        measures=(Measure("Open", "index", "Level of opening up", word="entropy"),),
        tables=(Table("1", "Index system", (CallItem("weights", (term("Open"),)),)),),
        models=(),
    )
    return replace(run(spec, {}), **{"measures": {"Open": weights()}, **changes})


def map_data(titles: Sequence[str] = ("2012", "2020"), names: Sequence[str] = (), missing: int = 0) -> FigureData:
    """A map of rising numbers, a panel a title; the first `missing` values are NaN."""
    units = names or [unit.english for unit in PROVINCES]
    series = tuple(
        FigureSeries(
            title,
            tuple(units),
            tuple(float("nan") if i < missing else (i + 1) / 32 / (2 - at % 2) for i in range(len(units))),
        )
        for at, title in enumerate(titles)
    )
    return FigureData("map", "Open", series)


def trend_data(*titles: str, periods: Sequence[str] = ("2012", "2013", "2014")) -> FigureData:
    """Lines with bands, one a title."""
    series = []
    for at, title in enumerate(titles or ("",)):
        values = tuple(0.2 + 0.1 * at + 0.05 * i for i in range(len(periods)))
        low, high = tuple(v - 0.1 for v in values), tuple(v + 0.15 for v in values)
        series.append(FigureSeries(title, tuple(periods), values, low, high))
    return FigureData("trend", "Open", tuple(series))


def drawn(data: FigureData, drawing: Drawing | None, simulated: str = "", **changes: Any) -> Run:
    """A run with one figure, number 2."""
    figure = Figure("2", data.kind, "Regional opening up", (term("Open"),)).replace(**changes)
    drawings = {"2": drawing} if drawing is not None else {}
    spec = study_spec(figures=(figure,), tables=(), models=())
    return replace(run(spec, {}), figures={"2": data}, drawings=drawings, simulated=simulated)
