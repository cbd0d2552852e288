"""The whole of a file: from syntax tree to resolved study, with every static mistake found."""

from __future__ import annotations

from collections.abc import Mapping

from carbonspec.diagnostics.model import Checked
from carbonspec.lang import ast
from carbonspec.lang.resolve.claiming.claims import Claims
from carbonspec.lang.resolve.claiming.quantities import Quantities
from carbonspec.lang.resolve.expressions import Expressions
from carbonspec.lang.resolve.formulas import Formulas
from carbonspec.lang.resolve.later import refuse
from carbonspec.lang.resolve.modelling.covariances import Covariances
from carbonspec.lang.resolve.modelling.models import ModelBuilder
from carbonspec.lang.resolve.names import Scope
from carbonspec.lang.resolve.pieces import check_lets
from carbonspec.lang.resolve.printing.outputs import Outputs
from carbonspec.lang.resolve.problems import Problems
from carbonspec.lang.resolve.settings import resolve_study
from carbonspec.lang.resolve.tables import Tables
from carbonspec.lang.resolve.terms import Terms
from carbonspec.lang.resolve.unused import report_hidden, report_unused
from carbonspec.lang.resolve.variables import Variables, references
from carbonspec.lang.spec import VARIABLE, Figure, Measure, Mediation, Panel, Spec, Test, Variable, expressions_of
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
    scope = Scope(file, catalogue, columns, problems, outside=outside)
    refuse(scope)
    if scope.leftovers:
        from carbonspec.lang.resolve.withdrawn import report_withdrawn

        report_withdrawn(scope)
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
    measures = _measures(scope, expressions, panel)
    variables.check_cycles(needs_of(measures))
    winsorizing = variables.winsorizing()
    requirements = variables.requirements()
    terms = Terms()
    formulas = Formulas(scope, expressions, terms)
    builder = ModelBuilder(scope, expressions, formulas, terms, covariances, study.covariance)
    check_lets(scope, formulas)
    models = builder.all()
    quantities = Quantities(scope, formulas, builder)
    tables_of_study = Outputs(scope, expressions, formulas, quantities)
    mediations = _mediations(scope, builder, quantities)
    tests = _tests(scope, tables_of_study, quantities)
    claims = Claims(scope, expressions, quantities)
    hypotheses = claims.hypotheses()
    expectations = claims.expectations()
    outputs = tables_of_study.tables()
    figures = _figures(scope, tables_of_study)
    if panel is None:
        _without_panel(scope, tables)
    if not problems.found_errors:
        report_hidden(scope)
        report_unused(scope)
    spec = Spec(
        study,
        data,
        panel,
        (*made, *_components(scope, measures)),
        winsorizing,
        requirements,
        models,
        hypotheses,
        expectations,
        outputs,
        measures,
        figures,
        tests,
        mediations,
        span=file.span,
    )
    return Checked(spec, problems.sorted())


def _measures(scope: Scope, expressions: Expressions, panel: Panel | None) -> tuple[Measure, ...]:
    """The measures; what reads them is loaded only where there are some."""
    if not any(s.keyword == "measure" for s in scope.file.statements):
        return ()
    from carbonspec.lang.resolve.measuring.measures import Measures

    return Measures(scope, expressions, panel).all()


def _components(scope: Scope, measures: tuple[Measure, ...]) -> tuple[Variable, ...]:
    """Components of measures, where something uses them."""
    if not scope.components:
        return ()
    from carbonspec.lang.resolve.measuring.components import component_variables

    return component_variables(scope, measures)


def _figures(scope: Scope, outputs: Outputs) -> tuple[Figure, ...]:
    """The figures, likewise."""
    if not any(s.keyword == "figure" for s in scope.file.statements):
        return ()
    from carbonspec.lang.resolve.printing.figures import Figures

    return Figures(scope, outputs).all()


def _tests(scope: Scope, outputs: Outputs, quantities: Quantities) -> tuple[Test, ...]:
    """The tests, likewise."""
    if not any(s.keyword == "test" for s in scope.file.statements):
        return ()
    from carbonspec.lang.resolve.testing.tests import Tests

    return Tests(scope, outputs, quantities).all()


def _mediations(scope: Scope, builder: ModelBuilder, quantities: Quantities) -> tuple[Mediation, ...]:
    """The mediations, likewise."""
    if not any(s.keyword == "mediate" for s in scope.file.statements):
        return ()
    from carbonspec.lang.resolve.mediating.mediations import Mediations

    return Mediations(scope, builder, quantities).all()


def needs_of(measures: tuple[Measure, ...]) -> dict[str, list[str]]:
    """What each measure reads of the panel's variables."""
    found = {}
    for measure in measures:
        refs = [ref for expression in expressions_of(measure) for ref in references(expression)]
        found[measure.name] = list(dict.fromkeys(ref.name for ref in refs if ref.kind == VARIABLE))
    return found


def _without_panel(scope: Scope, tables: Tables) -> None:
    """A file that estimates or describes needs a panel."""
    if tables.panel_statement is not None or scope.damaged:
        return
    words = ("model", "test", "table", "var", "measure", "mediate", "figure", "winsorize")
    needing = next((s for s in scope.file.statements if s.keyword in words), None)
    if needing is not None:
        scope.problems.error(
            "E221",
            "there is no `panel`",
            needing.span.replace(end=needing.span.start + len(needing.keyword)),
            "name the table and its keys: `panel provinces`, with lines `id province` and `time year`",
        )
