"""Everything one run produced, as the report reads it. No formatting, no arrays larger than a covariance matrix."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

from carbonspec.econometrics.dynamic_design import SubsetTest
from carbonspec.econometrics.hypothesis_tests.results import TestResult
from carbonspec.econometrics.results import Dropped, Fit, Notice
from carbonspec.lang.spec import Spec


@dataclass(frozen=True)
class Failure:
    """A task that could not be done: shown in its place, the rest finish."""

    task: str
    code: str
    message: str


@dataclass(frozen=True)
class ModelColumn:
    """One numbered column of a model. Exactly one of `fit` and `failure` is set.

    `dropped` is the column's own sample ledger, from the panel's sample to the rows used, in order. `first_stages` and
    `reduced_form` belong to two-stage least squares, `subsets` (difference-in-Hansen tests) to GMM.
    """

    model: str
    number: int
    outcome: str
    step: int
    split: str = ""  # the split variable, "" without
    split_value: float | str = ""
    split_label: str = ""
    fit: Fit | None = None
    failure: Failure | None = None
    rows_before: int = 0
    dropped: tuple[Dropped, ...] = ()
    reused: bool = False
    first_stages: tuple[Fit, ...] = ()
    reduced_form: Fit | None = None
    subsets: tuple[SubsetTest, ...] = ()


@dataclass(frozen=True)
class TestOutcome:
    """What a test gave: rows of statistics, those to print by default marked.

    `keys` say of each row what a bracket calls it: {"variable": "Ce", "test": "llc", "statistic": "t"}. `left_out`
    names the units that took no part, with the reason; `columns` says which columns of models were tested; `draws` are
    bootstrap or permutation draws by the name of what was drawn; `by_unit` has the numbers of single units. `failures`
    are parts that could not be done, by what they speak of.
    """

    __test__ = False

    name: str
    function: str
    rows: tuple[TestResult, ...] = ()
    keys: tuple[dict[str, str], ...] = ()
    left_out: tuple[tuple[str, str], ...] = ()
    columns: tuple[str, ...] = ()
    draws: dict[str, Any] = field(default_factory=dict)
    by_unit: dict[str, Any] = field(default_factory=dict)
    failures: tuple[Failure, ...] = ()


@dataclass(frozen=True)
class MediatedEffect:
    """One effect of a mediation. `kind`: indirect, direct, total, share, route, contrast or index.

    `std_error`, `z` and the normal `p_normal` are the bootstrap's, as Stata prints them; without one they are what
    `inference` names: "t" (the column's own), "Sobel" or "Monte Carlo". `p_value` belongs to the interval printed,
    `conf_low` to `conf_high`: it is at most the level exactly when that leaves out zero. `intervals` holds all of them
    by method. Of a moderated effect `level` names the moderator's value, `at` is it. Numbers that do not exist are NaN.
    """

    name: str
    kind: str
    estimate: float
    std_error: float = math.nan
    z: float = math.nan
    p_normal: float = math.nan
    p_value: float = math.nan
    conf_low: float = math.nan
    conf_high: float = math.nan
    inference: str = ""
    bias: float = math.nan
    jackknife_error: float = math.nan
    z0: float = math.nan
    acceleration: float = math.nan
    intervals: tuple[tuple[str, float, float], ...] = ()
    route: tuple[str, ...] = ()
    level: str = ""
    at: float = math.nan
    replications: int = 0


@dataclass(frozen=True)
class ProductLine:
    """Sobel's, Aroian's or Goodman's test of a route."""

    name: str
    route: tuple[str, ...]
    estimate: float
    std_error: float
    z: float
    p_value: float


@dataclass(frozen=True)
class JointLine:
    """Joint significance along a route: the largest p value of its arrows."""

    route: tuple[str, ...]
    p_value: float


@dataclass(frozen=True)
class MediationOutcome:
    """What a mediation gave on one sample: one for each value of its `split`.

    `effects` come first as they are reported; `products` and `joint` test routes; `facts` are identity_gap, ratio,
    rho_zero, r2_product and r2_total where they exist. `draws` are the bootstrap's by effect, ascending, thinned evenly
    beyond some thousands. `resampling` says what was drawn ("30 clusters (id)").
    """

    name: str
    kind: str
    treatment: str
    mediators: tuple[str, ...]
    outcome: str
    columns: tuple[ModelColumn, ...] = ()
    effects: tuple[MediatedEffect, ...] = ()
    products: tuple[ProductLine, ...] = ()
    joint: tuple[JointLine, ...] = ()
    interval: str = "percentile"
    level: float = 0.05
    replications: int = 0
    failed_draws: int = 0
    resampling: str = ""
    multiplier: str = ""
    suppression: bool = False
    verdict: str = ""
    draws: dict[str, Any] = field(default_factory=dict)
    facts: dict[str, float] = field(default_factory=dict)
    notices: tuple[Notice, ...] = ()
    moderator: str = ""
    split: str = ""
    split_value: float | str = ""
    split_label: str = ""
    rows_before: int = 0
    dropped: tuple[Dropped, ...] = ()
    failure: Failure | None = None
    reused: bool = False

    def effect(self, name: str) -> MediatedEffect | None:
        """The effect by its name."""
        return next((e for e in self.effects if e.name == name), None)


@dataclass(frozen=True)
class Findings:
    """Everything a claim or a table may cite, by name. `models` holds the columns of mediations too."""

    models: dict[str, tuple[ModelColumn, ...]] = field(default_factory=dict)
    tests: dict[str, TestOutcome] = field(default_factory=dict)
    mediations: dict[str, tuple[MediationOutcome, ...]] = field(default_factory=dict)


def findings_of(
    models: dict[str, tuple[ModelColumn, ...]],
    tests: dict[str, TestOutcome],
    mediations: dict[str, tuple[MediationOutcome, ...]],
) -> Findings:
    """All findings, the columns of mediations among those of models."""
    columns = {name: tuple(c for outcome in parts for c in outcome.columns) for name, parts in mediations.items()}
    return Findings({**models, **columns}, tests, mediations)


@dataclass(frozen=True)
class Description:
    """`summary(…)` or `correlation(…)`: a table of numbers before formatting.

    summary: rows = variables (or values of `by` for one variable, the total last), columns = n mean sd min median max.
    correlation: rows = columns = variables; `cells` hold r, `p_values` the p of each.
    Missing cells are NaN. `notes` are facts for the table's note.
    """

    kind: str
    row_names: tuple[str, ...]
    column_names: tuple[str, ...]
    cells: tuple[tuple[float, ...], ...]
    p_values: tuple[tuple[float, ...], ...] = ()
    n: int = 0
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Weight:
    """One indicator of a composite index.

    `entropy` and `redundancy` are NaN for weights that do not use them. `within_share` is the share of the index's
    within-unit variance that the indicator carries; `without_correlation` the correlation of the index with the one
    made without this indicator.
    """

    group: str
    group_label: str
    indicator: str
    weight: float
    entropy: float
    redundancy: float
    within_share: float
    without_correlation: float
    direction: int = 1  # -1 where less of the indicator is better


@dataclass(frozen=True)
class MeasureReport:
    """What making a measure found: facts for notes and ledger, and an index's weights."""

    name: str
    method: str
    notes: tuple[str, ...] = ()
    weights: tuple[Weight, ...] = ()


@dataclass(frozen=True)
class FigureSeries:
    """One line or one map panel: `names` of units or periods, their `values` (NaN missing), a band if there is one.

    Of a density the names are its grid, `marks` the estimate and the ends of its interval; of coefficients the names
    are terms, the band their intervals.
    """

    title: str
    names: tuple[str, ...]
    values: tuple[float, ...]
    low: tuple[float, ...] = ()
    high: tuple[float, ...] = ()
    marks: tuple[float, ...] = ()


@dataclass(frozen=True)
class PathArrow:
    """An arrow of a path diagram; `cause` of a moderated one is a product. `kind`: path, total, moderated."""

    cause: str
    effect: str
    kind: str
    estimate: float
    std_error: float
    statistic: float
    p_value: float


@dataclass(frozen=True)
class PathPanel:
    """One mediation on one sample: `indirect` are its indirect effects, `interval` is how theirs are made."""

    title: str
    treatment: str
    mediators: tuple[str, ...]
    outcome: str
    parallel: bool
    arrows: tuple[PathArrow, ...]
    indirect: tuple[MediatedEffect, ...] = ()
    moderator: str = ""
    n: int = 0
    interval: str = ""
    level: float = 0.05


@dataclass(frozen=True)
class FigureData:
    """The numbers of a figure before it is drawn. `kind`: map | trend | paths | density | coefficients."""

    kind: str
    variable: str
    series: tuple[FigureSeries, ...]
    notes: tuple[str, ...] = ()
    simulated: str = ""  # what the data say of themselves where they are simulated
    panels: tuple[PathPanel, ...] = ()


@dataclass(frozen=True)
class Drawing:
    """A drawn figure: file ending (svg, pdf, png) → content, base64. `notes` belong below it."""

    number: str
    files: dict[str, str]
    alternative: str = ""  # a sentence for readers who cannot see it
    notes: tuple[str, ...] = ()
    provisional: bool = False  # a font was missing: to be drawn anew when there is one


@dataclass(frozen=True)
class LedgerEntry:
    """One step of the sample ledger: how many rows went in and out, and why."""

    step: str  # "data provinces", "join energy", "panel where year in 2012..2020", "winsorize Ce"
    rows_before: int
    rows_after: int
    reason: str = ""
    column: str = ""  # the variable a winsorize/trim/var step speaks of
    changed: int = 0  # cells set to a limit or to missing


@dataclass(frozen=True)
class Part:
    """One comparison inside a claim: the estimate, its two-sided p (None for plain comparisons) and its verdict.

    Of an effect of a mediation `inference` says what p rests on (percentile, bca, Sobel, …), `draws` on how many draws.
    """

    text: str
    estimate: float
    p_value: float | None
    verdict: str  # supported | unsupported | contradicted
    inference: str = ""
    draws: int = 0


@dataclass(frozen=True)
class Verdict:
    """What the run says of a hypothesis."""

    name: str
    label: str
    text: str
    level: float
    verdict: str  # supported | unsupported | contradicted | failed
    parts: tuple[Part, ...] = ()
    reason: str = ""


@dataclass(frozen=True)
class Expectation:
    """An `expect` line: what was wanted and what came."""

    text: str
    wanted: str
    obtained: str
    met: bool
    line: int
    reason: str = ""


@dataclass(frozen=True)
class DataFile:
    """A file that was read: its name as written in the spec, SHA-256 of its bytes, rows and columns."""

    name: str
    sha256: str
    rows: int
    columns: int


@dataclass(frozen=True)
class Provenance:
    """Where the numbers come from."""

    spec: str
    spec_sha256: str
    data: tuple[DataFile, ...]
    seed: int
    started: str  # ISO 8601, UTC
    seconds: float
    versions: dict[str, str]
    tasks_run: int
    tasks_reused: int
    extends: tuple[tuple[str, str], ...] = ()  # (path, SHA-256) of each base, the nearest first


@dataclass(frozen=True)
class PanelReport:
    """The sample: N units, T periods."""

    id: str
    time: str
    rows: int
    rows_sample: int
    n_ids: int
    n_periods: int
    t_min: int
    t_max: int
    balanced: bool
    gaps: int  # periods missing between a unit's first and last


@dataclass(frozen=True)
class Anchored:
    """A diagnostic about the data, kept between runs: where it stood is found again by the text of its line."""

    code: str
    severity: str
    message: str
    helps: tuple[str, ...]
    facts: tuple[str, ...]
    line_text: str
    line: int
    column: int
    length: int


@dataclass(frozen=True)
class FewClusters:
    """Clusters of a model that are few: by place (model and part of its split) their number.

    `se` is where the standard errors are said, with no message; `written` whether they are: else they are a default.
    `wild`: whether a wild bootstrap would serve all of the model.
    """

    kind: str
    name: str
    wild: bool
    written: bool
    se: Anchored
    counts: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class ModelCheck:
    """What checking the data of one model or mediation found."""

    warnings: tuple[Anchored, ...]
    few: tuple[FewClusters, ...]


@dataclass(frozen=True)
class CheckReport:
    """What checking the data found: kept, so that a run that reuses everything need not read the data again."""

    panel: PanelReport
    ledger: tuple[LedgerEntry, ...]
    files: tuple[DataFile, ...]
    simulated: str
    warnings: tuple[Anchored, ...]
    value_labels: dict[str, dict[str, str]] = field(default_factory=dict)  # of labelled files: variable → value → label


@dataclass(frozen=True)
class Run:
    """A whole run. `simulated` is non-empty when any table read says that it is simulated: what it says."""

    spec: Spec
    models: dict[str, tuple[ModelColumn, ...]]
    descriptions: dict[str, Description]  # by "table <number> item <i>" (i from 0)
    failures: tuple[Failure, ...]
    verdicts: tuple[Verdict, ...]
    expectations: tuple[Expectation, ...]
    ledger: tuple[LedgerEntry, ...]
    panel: PanelReport | None
    provenance: Provenance
    simulated: str = ""
    published: dict[str, tuple[dict[str, str], ...]] = field(default_factory=dict)  # table number → rows of the file
    measures: dict[str, MeasureReport] = field(default_factory=dict)
    figures: dict[str, FigureData] = field(default_factory=dict)  # by number
    drawings: dict[str, Drawing] = field(default_factory=dict)  # by number
    labels: dict[str, str] = field(default_factory=dict)  # variable → label, for every labelled variable
    value_labels: dict[str, dict[str, str]] = field(default_factory=dict)  # what labelled files call values
    warnings: tuple[Any, ...] = ()  # Diagnostics of severity warning or note
    tests: dict[str, TestOutcome] = field(default_factory=dict)
    mediations: dict[str, tuple[MediationOutcome, ...]] = field(default_factory=dict)

    @property
    def findings(self) -> Findings:
        """What claims and tables cite."""
        return findings_of(self.models, self.tests, self.mediations)
