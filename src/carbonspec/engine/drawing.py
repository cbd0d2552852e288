"""A figure's numbers and what the spec calls them → a drawing."""

from __future__ import annotations

from dataclasses import replace

from carbonspec.diagnostics.model import ERROR, DataError, Diagnostic
from carbonspec.engine.paths import safe_path
from carbonspec.planner.task import DrawWork
from carbonspec.report.run import Drawing, FigureData


def drawn(data: FigureData, work: DrawWork, root: str, allowed: tuple[str, ...]) -> Drawing:
    """Draw a figure.

    Raises
    ------
    DataError: the file with boundaries cannot be read, or the figure cannot be drawn (E860 to E863).
    """
    from carbonspec.report.figures.draw import draw
    from carbonspec.report.figures.problems import FigureError

    figure = work.figure
    shapes = safe_path(figure.shapes, root, allowed, figure.span) if figure.shapes else None
    titles = dict(work.titles)
    named = replace(data, series=tuple(replace(s, title=titles.get(s.title, s.title)) for s in data.series))
    try:
        if figure.quantities:
            from carbonspec.report.figures.results import Manner, draw_results

            return draw_results(data, figure, Manner(titles, work.stars, work.parentheses), data.simulated)
        return draw(named, figure, work.label, work.unit, data.simulated, shapes)
    except FigureError as problem:
        helps = (problem.help,) if problem.help else ()
        raise DataError((Diagnostic(problem.code, ERROR, problem.message, figure.span, helps),)) from problem
