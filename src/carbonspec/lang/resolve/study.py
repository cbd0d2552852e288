"""The whole of a file: from syntax tree to resolved study, with every static mistake found."""

from __future__ import annotations

from collections.abc import Mapping

from carbonspec.diagnostics.model import Checked
from carbonspec.lang import ast
from carbonspec.lang.resolve.claims import Claims
from carbonspec.lang.resolve.covariances import Covariances
from carbonspec.lang.resolve.formulas import Formulas
from carbonspec.lang.resolve.later import refuse
from carbonspec.lang.resolve.models import ModelBuilder
from carbonspec.lang.resolve.names import Scope
from carbonspec.lang.resolve.outputs import Outputs
from carbonspec.lang.resolve.pieces import check_lets
from carbonspec.lang.resolve.problems import Problems
from carbonspec.lang.resolve.quantities import Quantities
from carbonspec.lang.resolve.settings import resolve_study
from carbonspec.lang.resolve.tables import Tables
from carbonspec.lang.resolve.terms import Terms
from carbonspec.lang.resolve.unused import report_hidden, report_unused
from carbonspec.lang.resolve.variables import Variables
from carbonspec.lang.spec import Spec
from carbonspec.signature import Catalogue


def resolve(
    file: ast.File,
    catalogue: Catalogue,
    columns: Mapping[str, tuple[str, ...] | None],
    *,
    outside: bool = False,
) -> Checked[Spec]:
    """What a file means.

    `columns` holds the header of each data table where it could be read, None where not; raw names are checked only
    when all headers in reach are known. With `outside`, data files may lie anywhere (the person at the keyboard
    allowed it). What is unsound is left out of the study and reported.
    """
    problems = Problems()
    scope = Scope(file, catalogue, columns, problems)
    refuse(scope)
    tables = Tables(scope, outside=outside)
    tables.read()
    variables = Variables(scope)
    variables.read_winsorizing()
    expressions = variables.expressions
    covariances = Covariances(scope, expressions)
    study = resolve_study(scope, covariances)
    data = tables.tables(expressions)
    panel = tables.panel(expressions)
    made = variables.all()
    variables.check_cycles()
    winsorizing = variables.winsorizing()
    requirements = variables.requirements()
    terms = Terms()
    formulas = Formulas(scope, expressions, terms)
    builder = ModelBuilder(scope, expressions, formulas, terms, covariances, study.covariance)
    check_lets(scope, formulas)
    models = builder.all()
    quantities = Quantities(scope, formulas, builder)
    claims = Claims(scope, expressions, quantities)
    hypotheses = claims.hypotheses()
    expectations = claims.expectations()
    outputs = Outputs(scope, expressions, formulas, quantities).tables()
    if panel is None:
        _without_panel(scope, tables)
    if not problems.found_errors:
        report_hidden(scope)
        report_unused(scope)
    spec = Spec(
        study,
        data,
        panel,
        made,
        winsorizing,
        requirements,
        models,
        hypotheses,
        expectations,
        outputs,
        span=file.span,
    )
    return Checked(spec, problems.sorted())


def _without_panel(scope: Scope, tables: Tables) -> None:
    """A file that estimates or describes needs a panel."""
    if tables.panel_statement is not None or scope.damaged:
        return
    needing = next((s for s in scope.file.statements if s.keyword in ("model", "table", "var", "winsorize")), None)
    if needing is not None:
        scope.problems.error(
            "E221",
            "there is no `panel`",
            needing.span.replace(end=needing.span.start + len(needing.keyword)),
            "name the table and its keys: `panel provinces`, with lines `id province` and `time year`",
        )
