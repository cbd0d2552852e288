"""A task of the plan: one thing to do, what it needs, and a key that says whether it was done before."""

from __future__ import annotations

from carbonspec.lang.spec import (
    ESTIMATES,
    INFERENCE,
    PRESENTATION,
    CallItem,
    Expr,
    Figure,
    Measure,
    Mediation,
    Model,
    Ref,
    Require,
    Term,
    Test,
    Variable,
)
from carbonspec.record import Record, field
from carbonspec.source import Located

READ = "read"
PANEL = "panel"
COLUMN = "column"
CHECK = "check"
WITHIN = "within"
ESTIMATE = "estimate"
TEST = "test"
MEDIATE = "mediate"
DESCRIBE = "describe"
MEASURE = "measure"
FIGURE = "figure"
DRAW = "draw"
CLAIM = "claim"
COMPOSE = "compose"

# What the store has under a key
STORED = "stored"
DAMAGED = "damaged"
MISSING = "missing"


class ColumnWork(Located):
    """Make one variable: its formula or measure (None for a raw column that is only winsorized), then its limits.

    `whole` is the measure that the variable is a component of.
    """

    name: str = field(affects=ESTIMATES)
    definition: Located | None = field(default=None, affects=ESTIMATES)
    limits: tuple[Located, ...] = field(default=(), affects=ESTIMATES)
    whole: Measure | None = field(default=None, affects=ESTIMATES)


class CheckWork(Located):
    """Check the data against what the study asks of them beside its models; `models` are those that tests speak of."""

    variables: tuple[Variable, ...] = field(default=(), affects=ESTIMATES)
    models: tuple[Model, ...] = field(default=(), affects=ESTIMATES)
    requirements: tuple[Require, ...] = field(default=(), affects=ESTIMATES)
    described: tuple[CallItem, ...] = field(default=(), affects=ESTIMATES)
    tests: tuple[Test, ...] = field(default=(), affects=ESTIMATES)


class CheckModelWork(Located):
    """Check the data against one model, or against the equation of a mediation's outcome."""

    model: Model = field(affects=ESTIMATES)


class WithinWork(Located):
    """Remove fixed effects from the variables of several columns, once for all of them."""

    effects: tuple[Located, ...] = field(affects=ESTIMATES)
    terms: tuple[Term, ...] = field(affects=ESTIMATES)
    where: Expr | None = field(default=None, affects=ESTIMATES)
    split: Ref | None = field(default=None, affects=ESTIMATES)
    weights: Expr | None = field(default=None, affects=ESTIMATES)


class EstimateWork(Located):
    """Estimate column `index` (from 0) of a model, for every value of its `split`.

    `model` has only that column, save with `sample common`, where the other columns decide the rows. Where standard
    errors are drawn, `stream` names the column's random numbers, `seed` is the study's and `level` that of its
    intervals.
    """

    model: Model = field(affects=ESTIMATES)
    index: int = field(default=0, affects=ESTIMATES)
    stream: str = field(default="", affects=ESTIMATES)
    seed: int = field(default=0, affects=ESTIMATES)
    level: float = field(default=0.0, affects=INFERENCE)


class TestWork(Located):
    """Carry out a test.

    `columns` are the columns of models it speaks of, in the order of its selections, then of its quantities. `seed` is
    the study's, 0 for a test that draws nothing; `level` is that of intervals, 0 for a test without.
    """

    __test__ = False

    test: Test = field(affects=ESTIMATES)
    columns: tuple[EstimateWork, ...] = field(default=(), affects=ESTIMATES)
    seed: int = field(default=0, affects=ESTIMATES)
    level: float = field(default=0.0, affects=INFERENCE)


class MediateWork(Located):
    """Estimate a mediation: its columns and its effects."""

    mediation: Mediation = field(affects=ESTIMATES)


class DescribeWork(Located):
    """Compute `summary(…)` or `correlation(…)` of a table."""

    call: CallItem = field(affects=ESTIMATES)
    by: Ref | None = field(default=None, affects=ESTIMATES)
    total: str = field(default="pooled", affects=ESTIMATES)


class MeasureWork(Located):
    """Say what making a measure found."""

    definition: Measure = field(affects=ESTIMATES)


class FigureWork(Located):
    """Compute the numbers of a figure."""

    figure: Figure = field(affects=ESTIMATES)


class DrawWork(Located):
    """Draw a figure; all of it is presentation and part of its key.

    `label` and `unit` are the variable's; `titles` says what is printed for the name of a series or a variable; `stars`
    and `parentheses` are the study's.
    """

    figure: Figure = field(affects=PRESENTATION)
    label: str = field(default="", affects=PRESENTATION)
    unit: str = field(default="", affects=PRESENTATION)
    titles: tuple[tuple[str, str], ...] = field(default=(), affects=PRESENTATION)
    stars: tuple[float, ...] = field(default=(), affects=PRESENTATION)
    parentheses: str = field(default="se", affects=PRESENTATION)


class Task(Record):
    """`name` is unique in the plan ("estimate benchmark[3]").

    `key` is a content hash of what the task does and of its inputs' keys, data included. `stored` says whether its
    result is kept between runs; `same_as` names an earlier task with the same key, whose result it takes. `definition`
    hashes what the task itself does, and `files` are the (name, SHA-256) of those it reads: both are in the key.
    """

    name: str
    kind: str
    payload: Located
    inputs: tuple[str, ...] = ()
    key: str = ""
    stored: bool = False
    same_as: str = ""
    definition: str = ""
    files: tuple[tuple[str, str], ...] = ()


class Plan(Record):
    """Tasks in an order in which each comes after its inputs. `engine` identifies the code that will run them."""

    tasks: tuple[Task, ...]
    engine: str = ""

    def named(self) -> dict[str, Task]:
        """The tasks by name."""
        return {task.name: task for task in self.tasks}
