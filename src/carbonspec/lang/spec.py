"""The resolved study: what a file means, with nothing ambiguous left. The compiler's middle language.

Every field says what a change of it affects: ESTIMATES (numbers), INFERENCE (standard errors, verdicts) or
PRESENTATION (labels, order, layout). Fingerprints, the result store and `diff` read that tag; a test fails for a
field without one. Spans take no part in equality or fingerprints.
"""

from __future__ import annotations

from carbonspec.record import field
from carbonspec.source import Located

ESTIMATES = "estimates"
INFERENCE = "inference"
PRESENTATION = "presentation"


# --- expressions --------------------------------------------------------------------------------------

RAW = "raw"  # a column of a data table
VARIABLE = "variable"  # a declared var or measure, or a raw column redefined by winsorize/trim
KEY = "key"  # the panel's `id` or `time`
PARAMETER = "parameter"  # a setting of the measure it stands in: `growth`, `depreciation`
COMPONENT = "component"  # part of the measure `table`: name is its clause, `fuel coke`, `add 2`


class Expr(Located):
    """A resolved expression. `let`s and model names are gone; every name has a kind."""


class Ref(Expr):
    """A column. `table` is set where it was qualified (`provinces.gdp`) or could be found in one table only.

    kind KEY: name is "id" or "time" (also when the file wrote the key's own column name).
    """

    name: str = field(affects=ESTIMATES)
    kind: str = field(default=RAW, affects=ESTIMATES)
    table: str | None = field(default=None, affects=ESTIMATES)


class Literal(Expr):
    """A number or a text."""

    value: float | str = field(affects=ESTIMATES)


class Apply(Expr):
    """A function or operator on expressions.

    Operators use their sign: `+ - * / ^ : < <= > >= == != in and or not`, unary minus is `neg`.
    Time: `L`, `F`, `D`, `S` with arguments (x, Literal order). `in` has (x, Apply("set", …)) or
    (x, Apply("range", (a, b))).
    Catalogue functions use their name; `named` holds `by`, `ref` and so on (a tuple of keys is Apply("set", …)).
    """

    function: str = field(affects=ESTIMATES)
    arguments: tuple[Expr, ...] = field(default=(), affects=ESTIMATES)
    named: tuple[tuple[str, Expr], ...] = field(default=(), affects=ESTIMATES)


class Term(Located):
    """One regressor or outcome. `name` is its canonical text as a reader cites it: `Open`, `L.Ce`, `Open:coastal`."""

    expression: Expr = field(affects=ESTIMATES)
    name: str = field(affects=ESTIMATES)  # results carry it


# --- study and data -----------------------------------------------------------------------------------


class Covariance(Located):
    """How standard errors are made. `kind`: iid, hc0, hc1, hc2, hc3, cluster, crv3, driscoll_kraay, newey_west,
    bootstrap, wild.

    `clusters` are the cluster keys (each an Expr; `city^industry` is Apply("^", …)); `lags` for driscoll_kraay and
    newey_west (None: floor(4 (T/100)^(2/9))); `correction` is none | nested | full | hc0.

    bootstrap and wild: `draws` of them. A bootstrap draws `drawn` (clusters | rows | blocks | wild), blocks of `length`
    periods, with an `interval` (normal | percentile | basic | bca); `multiplier` (webb | rademacher | mammen) belongs
    to both kinds of wild.
    """

    kind: str = field(affects=INFERENCE)
    clusters: tuple[Expr, ...] = field(default=(), affects=INFERENCE)
    lags: int | None = field(default=None, affects=INFERENCE)
    correction: str = field(default="nested", affects=INFERENCE)
    draws: int = field(default=0, affects=INFERENCE)
    drawn: str = field(default="", affects=INFERENCE)
    length: int = field(default=0, affects=INFERENCE)
    interval: str = field(default="", affects=INFERENCE)
    multiplier: str = field(default="", affects=INFERENCE)

    @property
    def random(self) -> bool:
        """Whether it is made from random numbers."""
        return self.draws > 0


class Study(Located):
    title: str = field(default="", affects=PRESENTATION)
    cite: str = field(default="", affects=PRESENTATION)
    seed: int = field(default=1, affects=ESTIMATES)
    covariance: Covariance | None = field(default=None, affects=INFERENCE)
    level: float = field(default=0.05, affects=INFERENCE)  # default of hypotheses; intervals are at 1 - level
    stars: tuple[float, ...] = field(default=(0.10, 0.05, 0.01), affects=PRESENTATION)
    digits: int | None = field(default=None, affects=PRESENTATION)
    parentheses: str = field(default="se", affects=PRESENTATION)  # se | t | p | interval


class Join(Located):
    """`join energy on province, year`, `join tariffs on importer = country`: (left column, right column) pairs."""

    table: str = field(affects=ESTIMATES)
    keys: tuple[tuple[str, str], ...] = field(affects=ESTIMATES)


class DataTable(Located):
    """A `data` statement. `location` is a path or glob relative to the spec's folder, or `package("…")`'s text."""

    name: str = field(affects=ESTIMATES)
    location: str = field(affects=ESTIMATES)
    package: bool = field(default=False, affects=ESTIMATES)
    text_columns: tuple[str, ...] = field(default=(), affects=ESTIMATES)
    encoding: str | None = field(default=None, affects=ESTIMATES)
    sheet: str | float | None = field(default=None, affects=ESTIMATES)
    where: Expr | None = field(default=None, affects=ESTIMATES)
    joins: tuple[Join, ...] = field(default=(), affects=ESTIMATES)


class Panel(Located):
    """The frame. `id` may be several columns (a pair)."""

    table: str = field(affects=ESTIMATES)
    id: tuple[str, ...] = field(affects=ESTIMATES)
    time: str = field(affects=ESTIMATES)
    joins: tuple[Join, ...] = field(default=(), affects=ESTIMATES)
    where: Expr | None = field(default=None, affects=ESTIMATES)


class Level(Located):
    """A value of a category and what it is called: `0 "Inland"`."""

    value: float | str = field(affects=ESTIMATES)
    label: str = field(affects=PRESENTATION)


class Variable(Located):
    """A `var`. Without `expression` it labels a raw column of its name (`levels` also fix the order of values)."""

    name: str = field(affects=ESTIMATES)
    label: str = field(default="", affects=PRESENTATION)
    expression: Expr | None = field(default=None, affects=ESTIMATES)
    unit: str = field(default="", affects=PRESENTATION)
    levels: tuple[Level, ...] = field(default=(), affects=ESTIMATES)


class SettingValue(Located):
    """One value of a measure's clause: `name = value "label"`; `name` is "" where none was written."""

    value: Expr = field(affects=ESTIMATES)
    name: str = field(default="", affects=ESTIMATES)
    label: str = field(default="", affects=PRESENTATION)
    name_label: str = field(default="", affects=PRESENTATION)


class Setting(Located):
    """A clause of a measure, resolved: `fuel coal, coke unit "10^4 t"` (`unit` is a qualifier)."""

    word: str = field(affects=ESTIMATES)
    values: tuple[SettingValue, ...] = field(affects=ESTIMATES)
    qualifiers: tuple[Located, ...] = field(default=(), affects=ESTIMATES)  # Settings


class Measure(Located):
    """A `measure`: a column by a method of the catalogue.

    `table` is the data table the method reads ("" when it works on the panel: index, stock), `argument` the
    expression of a stock's flow, `word` the method's own word (`entropy`). Expressions in `settings` are resolved where
    the method looks: Refs to columns of `table` (emissions, quality) or to the panel's variables (index, stock).
    """

    name: str = field(affects=ESTIMATES)
    method: str = field(affects=ESTIMATES)  # emissions | index | quality | stock
    label: str = field(default="", affects=PRESENTATION)
    table: str = field(default="", affects=ESTIMATES)
    argument: Expr | None = field(default=None, affects=ESTIMATES)
    word: str = field(default="", affects=ESTIMATES)
    unit: str = field(default="", affects=ESTIMATES)
    settings: tuple[Setting, ...] = field(default=(), affects=ESTIMATES)


def expressions_of(measure: Measure) -> tuple[Expr, ...]:
    """Every expression of a measure: its argument, and the values of its clauses."""
    settings: list[Setting] = [*measure.settings]
    for setting in settings:
        settings += [q for q in setting.qualifiers if isinstance(q, Setting)]
    values = [value.value for setting in settings for value in setting.values]
    return (measure.argument, *values) if measure.argument is not None else tuple(values)


class Winsorize(Located):
    """`winsorize` (values beyond the limits are set to them) or `trim` (set to missing)."""

    kind: str = field(affects=ESTIMATES)  # winsorize | trim
    variables: tuple[str, ...] = field(affects=ESTIMATES)
    lower: float = field(affects=ESTIMATES)  # 0.01
    upper: float = field(affects=ESTIMATES)  # 0.99
    by: tuple[Expr, ...] = field(default=(), affects=ESTIMATES)
    quantile: int = field(default=2, affects=ESTIMATES)  # Hyndman-Fan type


class Require(Located):
    """A data contract. Refs in it see the values before winsorizing. `text` is how it was written."""

    condition: Expr = field(affects=ESTIMATES)
    text: str = field(default="", affects=PRESENTATION)


# --- models -------------------------------------------------------------------------------------------


class Dimension(Located):
    """One dimension of fixed effects: `year` → keys (year,); `industry^year` → two keys.

    `slopes` are the terms whose coefficient varies over the keys' values; `id[year]` is slopes only
    (`levels` False): the id effects themselves stand as their own dimension.
    """

    keys: tuple[Expr, ...] = field(affects=ESTIMATES)
    name: str = field(affects=PRESENTATION)
    slopes: tuple[Term, ...] = field(default=(), affects=ESTIMATES)
    levels: bool = field(default=True, affects=ESTIMATES)


class Instrumented(Located):
    """`iv(Open ~ L.Open + L2.Open)`: regressors that are endogenous, and the instruments that stand outside the model.
    Several such parts are one."""

    endogenous: tuple[Term, ...] = field(affects=ESTIMATES)
    instruments: tuple[Term, ...] = field(affects=ESTIMATES)


class LaggedLevels(Located):
    """`gmm(n, lags = 2..4)`: levels of a variable dated t - first to t - last; `last` None: as far as there are.

    `gmm(n + w, …)` makes one for each variable.
    """

    variable: Term = field(affects=ESTIMATES)
    first: int = field(affects=ESTIMATES)
    last: int | None = field(default=None, affects=ESTIMATES)


class Structure(Located):
    """What stands after `|`. `kind`: pooled, fe, re, be, fd, gmm; `dimensions` of fe. The unit of the others is the id.

    `instrumented` stands beside pooled, fe and gmm; `gmm` are the GMM instruments of kind gmm.
    """

    kind: str = field(default="pooled", affects=ESTIMATES)
    dimensions: tuple[Dimension, ...] = field(default=(), affects=ESTIMATES)
    instrumented: Instrumented | None = field(default=None, affects=ESTIMATES)
    gmm: tuple[LaggedLevels, ...] = field(default=(), affects=ESTIMATES)


class GmmOptions(Located):
    """How GMM is made: `using system, onestep, collapse, orthogonal`; the defaults are `difference, twostep`."""

    system: bool = field(default=False, affects=ESTIMATES)
    two_step: bool = field(default=True, affects=ESTIMATES)
    collapse: bool = field(default=False, affects=ESTIMATES)
    orthogonal: bool = field(default=False, affects=ESTIMATES)


class Column(Located):
    """One regression before `split`: outcomes vary slower than steps."""

    outcome: Term = field(affects=ESTIMATES)
    regressors: tuple[Term, ...] = field(affects=ESTIMATES)
    constant: bool = field(default=True, affects=ESTIMATES)
    structure: Structure = field(default=Structure(), affects=ESTIMATES)


class Model(Located):
    """A `model`: `columns` in order (outcome, step), each run once for every value of `split`.

    Columns are numbered from 1: split values slowest, then outcomes, then steps.
    """

    name: str = field(affects=PRESENTATION)
    columns: tuple[Column, ...] = field(affects=ESTIMATES)
    label: str = field(default="", affects=PRESENTATION)
    where: Expr | None = field(default=None, affects=ESTIMATES)
    split: Ref | None = field(default=None, affects=ESTIMATES)
    weights: Expr | None = field(default=None, affects=ESTIMATES)
    covariance: Covariance = field(default=Covariance("cluster"), affects=INFERENCE)
    estimator: str = field(default="", affects=ESTIMATES)  # "" what the structure says; ppml
    gmm: GmmOptions = field(default=GmmOptions(), affects=ESTIMATES)
    common_sample: bool = field(default=False, affects=ESTIMATES)
    quoted_formula: str = field(default="", affects=PRESENTATION)


# --- selections and quantities ------------------------------------------------------------------------


class Filter(Located):
    """`coastal = 1` or `outcome = Tech` inside a selection. `key` is "outcome" or the split variable's name."""

    key: str = field(affects=INFERENCE)
    value: float | str = field(affects=INFERENCE)


class Selection(Located):
    """`m[coastal = 1, 2]`: filters first, then positions among what is left.

    `model` names a model, a mediation or a test. `first`/`last` are 1-based, both None: all; -1 stands for `last`.
    """

    model: str = field(affects=INFERENCE)
    filters: tuple[Filter, ...] = field(default=(), affects=INFERENCE)
    first: int | None = field(default=None, affects=INFERENCE)
    last: int | None = field(default=None, affects=INFERENCE)


class Quantity(Expr):
    """A number a run produces: `benchmark[5].Open.se`, `via_tech.indirect`, `roots.p`.

    `term` is the canonical name of a term, or "" for a statistic of the column or test;
    `part` is estimate, se, t, p, low, high for a term, else the statistic's name (N, r2_within, …). A coefficient's own
    part is "estimate".

    `effect` names an effect of a mediation (indirect, direct, total, share, …) or one of its tests (sobel, …), then
    `term` is ""; `route` are the mediators it passes, where brackets say so, `level` the value of the moderator.
    """

    selection: Selection = field(affects=INFERENCE)
    term: str = field(default="", affects=INFERENCE)
    part: str = field(default="estimate", affects=INFERENCE)
    text: str = field(default="", affects=PRESENTATION)  # as written
    effect: str = field(default="", affects=INFERENCE)
    route: tuple[str, ...] = field(default=(), affects=INFERENCE)
    level: float | str | None = field(default=None, affects=INFERENCE)


# --- tests and mediations -----------------------------------------------------------------------------


class Test(Located):
    """A `test`. What its brackets hold goes by its signature's first argument.

    `terms`: variables (`unitroot(Ce, Open)`; of `granger(Open -> Ce)` the cause, then the effect). `selections`:
    columns of models (`hausman(benchmark[last])`), with `coefficients` those of them compared (`difference`; () all).
    `quantities`: expressions over results (`delta(m.a + 2 * m.b)`).
    `stream` names the random stream, "" for a test that draws nothing. An unnamed test is called by its `text`.
    """

    __test__ = False

    name: str = field(affects=PRESENTATION)
    function: str = field(affects=ESTIMATES)
    label: str = field(default="", affects=PRESENTATION)
    terms: tuple[Term, ...] = field(default=(), affects=ESTIMATES)
    selections: tuple[Selection, ...] = field(default=(), affects=ESTIMATES)
    coefficients: tuple[str, ...] = field(default=(), affects=ESTIMATES)
    quantities: tuple[Expr, ...] = field(default=(), affects=ESTIMATES)
    settings: tuple[Setting, ...] = field(default=(), affects=ESTIMATES)
    stream: str = field(default="", affects=ESTIMATES)
    text: str = field(default="", affects=PRESENTATION)


class Bootstrap(Located):
    """`bootstrap 1000, cluster(id)`. `resampling`: clusters, rows, blocks, wild; `clusters` is what is drawn whole.

    `length` counts the periods of a block; `multiplier` says what residuals are multiplied by (webb, rademacher,
    mammen); `redraw` replaces draws that cannot be estimated.
    """

    replications: int = field(affects=INFERENCE)
    resampling: str = field(default="clusters", affects=INFERENCE)
    clusters: tuple[Expr, ...] = field(default=(), affects=INFERENCE)
    length: int = field(default=0, affects=INFERENCE)
    multiplier: str = field(default="webb", affects=INFERENCE)
    redraw: bool = field(default=False, affects=INFERENCE)


class Moderation(Located):
    """`moderator coastal` with `stage first`: which arrows it moves (first, second, both), and whether the direct one
    too; `levels` (sd | percentiles) says where effects are computed."""

    moderator: Term = field(affects=ESTIMATES)
    stage: str = field(default="first", affects=ESTIMATES)
    direct: bool = field(default=False, affects=ESTIMATES)
    levels: str = field(default="sd", affects=ESTIMATES)


class Mediation(Located):
    """A `mediate` statement.

    `model` holds its regressions as columns: total (outcome on treatment), each mediator, outcome; with the sample,
    the effects, the controls and the covariance they share. `kind` is single, chain, parallel or moderated.
    `stream` names the random stream; an unnamed mediation is called by its path as `fmt` prints it.
    """

    name: str = field(affects=PRESENTATION)
    treatment: Term = field(affects=ESTIMATES)
    mediators: tuple[Term, ...] = field(affects=ESTIMATES)
    outcome: Term = field(affects=ESTIMATES)
    model: Model = field(affects=ESTIMATES)
    kind: str = field(default="single", affects=ESTIMATES)
    label: str = field(default="", affects=PRESENTATION)
    controls: tuple[Term, ...] = field(default=(), affects=ESTIMATES)
    moderation: Moderation | None = field(default=None, affects=ESTIMATES)
    bootstrap: Bootstrap | None = field(default=None, affects=INFERENCE)
    interval: str = field(default="percentile", affects=INFERENCE)
    stream: str = field(default="", affects=INFERENCE)
    text: str = field(default="", affects=PRESENTATION)


# --- claims -------------------------------------------------------------------------------------------


class Hypothesis(Located):
    """`claim` is an Expr over Quantity and Literal with comparison operators, `in` a range, and `and`."""

    name: str = field(affects=PRESENTATION)
    claim: Expr = field(affects=INFERENCE)
    label: str = field(default="", affects=PRESENTATION)
    level: float | None = field(default=None, affects=INFERENCE)  # None: the study's
    text: str = field(default="", affects=PRESENTATION)


class Expect(Located):
    """`expect quantity = value within tolerance`, or `expect H1 = supported`.

    `tolerance` None: exact at the printed digits (half a unit of the last digit written). `relative`: tolerance is a
    share of value.
    """

    quantity: Expr | None = field(affects=INFERENCE)  # None when `hypothesis` is set
    hypothesis: str = field(default="", affects=INFERENCE)
    value: float | str = field(default="", affects=INFERENCE)
    tolerance: float | None = field(default=None, affects=INFERENCE)
    relative: bool = field(default=False, affects=INFERENCE)
    text: str = field(default="", affects=PRESENTATION)


# --- outputs ------------------------------------------------------------------------------------------


class ResultItem(Located):
    """Columns of a model in a table: `robust[5] "Driscoll–Kraay"`.

    `part`: "" the models themselves; first_stage, reduced_form: those regressions of models with instruments.
    """

    selection: Selection = field(affects=PRESENTATION)  # which are printed; no number moves
    label: str = field(default="", affects=PRESENTATION)
    part: str = field(default="", affects=ESTIMATES)


class CallItem(Located):
    """A table made by a call of the catalogue: `summary(Ce, Open)`, `mediation(via_tech)`.

    `arguments` are variables, `selections` results by name.
    """

    function: str = field(affects=ESTIMATES)
    arguments: tuple[Term, ...] = field(default=(), affects=ESTIMATES)
    label: str = field(default="", affects=PRESENTATION)
    selections: tuple[Selection, ...] = field(default=(), affects=ESTIMATES)


class Heading(Located):
    """A `columns` clause: what is printed above each column, already expanded (`6..10` → "6", "7", …)."""

    texts: tuple[str, ...] = field(affects=PRESENTATION)


class Table(Located):
    number: str = field(affects=PRESENTATION)
    label: str = field(default="", affects=PRESENTATION)
    items: tuple[ResultItem | CallItem, ...] = field(default=(), affects=ESTIMATES)
    rows: tuple[str, ...] = field(default=(), affects=PRESENTATION)  # canonical term names; () all
    statistics: tuple[str, ...] = field(default=(), affects=PRESENTATION)
    columns: Heading | None = field(default=None, affects=PRESENTATION)
    by: Ref | None = field(default=None, affects=ESTIMATES)
    total: str = field(default="pooled", affects=ESTIMATES)  # pooled | mean
    parentheses: str = field(default="", affects=PRESENTATION)  # "": the study's
    digits: int | None = field(default=None, affects=PRESENTATION)
    notes: tuple[str, ...] = field(default=(), affects=PRESENTATION)
    published: str = field(default="", affects=PRESENTATION)  # path of the printed figures


class Figure(Located):
    """A `figure` made by a call of the catalogue: `map(Open) at 2012, 2020`, `paths(via_tech)`.

    `arguments` are variables (map, trend); `quantities` are what others show of results: a whole result has neither
    term, effect nor part ("").
    """

    number: str = field(affects=PRESENTATION)
    function: str = field(affects=ESTIMATES)
    label: str = field(default="", affects=PRESENTATION)
    arguments: tuple[Term, ...] = field(default=(), affects=ESTIMATES)
    at: tuple[float | str, ...] = field(default=(), affects=ESTIMATES)  # periods; () all or the last
    by: Ref | None = field(default=None, affects=ESTIMATES)
    shapes: str = field(default="", affects=PRESENTATION)  # GeoJSON below the spec's folder; "": the tile grid
    notes: tuple[str, ...] = field(default=(), affects=PRESENTATION)
    quantities: tuple[Quantity, ...] = field(default=(), affects=ESTIMATES)
    interval: float | None = field(default=None, affects=INFERENCE)  # coverage; None: 1 less the study's level


class Spec(Located):
    """A whole study, ready to be lowered into a plan."""

    study: Study = field(affects=ESTIMATES)
    data: tuple[DataTable, ...] = field(default=(), affects=ESTIMATES)
    panel: Panel | None = field(default=None, affects=ESTIMATES)
    variables: tuple[Variable, ...] = field(default=(), affects=ESTIMATES)
    winsorizing: tuple[Winsorize, ...] = field(default=(), affects=ESTIMATES)
    requirements: tuple[Require, ...] = field(default=(), affects=ESTIMATES)
    models: tuple[Model, ...] = field(default=(), affects=ESTIMATES)
    hypotheses: tuple[Hypothesis, ...] = field(default=(), affects=INFERENCE)
    expectations: tuple[Expect, ...] = field(default=(), affects=INFERENCE)
    tables: tuple[Table, ...] = field(default=(), affects=ESTIMATES)
    measures: tuple[Measure, ...] = field(default=(), affects=ESTIMATES)
    figures: tuple[Figure, ...] = field(default=(), affects=ESTIMATES)
    tests: tuple[Test, ...] = field(default=(), affects=ESTIMATES)
    mediations: tuple[Mediation, ...] = field(default=(), affects=ESTIMATES)
