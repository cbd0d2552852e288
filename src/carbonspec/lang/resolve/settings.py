"""`study`: the title and the defaults of the whole file."""

from __future__ import annotations

from carbonspec.diagnostics.model import Related
from carbonspec.lang import ast
from carbonspec.lang.resolve.clauses import Clauses, Plain, number
from carbonspec.lang.resolve.modelling.covariances import Covariances
from carbonspec.lang.resolve.names import Scope
from carbonspec.lang.resolve.problems import plural
from carbonspec.lang.spec import Study
from carbonspec.source import Span

PARENTHESES = ("se", "t", "p", "interval")


def resolve_study(scope: Scope, covariances: Covariances) -> Study:
    """The `study` statement, or the defaults."""
    found = [s for s in scope.file.statements if s.keyword == "study"]
    for extra in found[1:]:
        scope.problems.error(
            "E201",
            "a file has one `study`",
            extra.span,
            related=(Related(found[0].span, "the first one"),),
        )
    if not found:
        return Study(span=Span(scope.file.span.source, 0, 0))
    statement = found[0]
    clauses = Clauses(statement, scope.problems)
    plain = Plain(clauses, scope.problems)
    seed = plain.integer("seed")
    level = plain.share("level")
    if level is not None and level > 0.5:
        value = clauses.one("level")
        assert value is not None
        scope.problems.error(
            "E306",
            f"a level of {level:.0%} would call nearly everything significant",
            value.span,
            f"`level` is the probability of an error: write `{1 - level:.0%}`",
        )
        level = None
    se = clauses.one("se")
    return Study(
        _title(statement, scope),
        plain.text("cite") or "",
        1 if seed is None else seed,
        None if se is None else covariances.resolve(se),
        0.05 if level is None else level,
        _stars(clauses, plain, scope),
        plain.integer("digits", 0, 15),
        plain.choice("parentheses", PARENTHESES) or "se",
        span=statement.span,
    )


def _title(statement: ast.Statement, scope: Scope) -> str:
    values = statement.body
    if statement.label is not None:
        return statement.label.value
    if values and isinstance(values[0].value, ast.Text):
        return values[0].value.value
    if values:
        scope.problems.error("E303", "`study` takes a title in double quotes", values[0].span)
    return ""


def _stars(clauses: Clauses, plain: Plain, scope: Scope) -> tuple[float, ...]:
    values = clauses.values("stars")
    if not values:
        return (0.10, 0.05, 0.01)
    shares = []
    for value in values:
        given = plain.share("stars", value)
        if given is None:
            return (0.10, 0.05, 0.01)
        shares.append(given)
    span = values[0].span.to(values[-1].span)
    if len(shares) > 3 or len(set(shares)) < len(shares):
        why = plural(len(shares), "level") if len(shares) > 3 else "a level twice"
        scope.problems.error(
            "E306", f"`stars` takes up to three different levels, not {why}", span, "for example `stars 10%, 5%, 1%`"
        )
        return (0.10, 0.05, 0.01)
    high = next((v for v, s in zip(values, shares, strict=True) if s > 0.5), None)
    if high is not None:
        given = number(high.value) or 0.0
        scope.problems.error(
            "E306",
            f"a star at {given:.0%} would mark nearly everything",
            high.span,
            f"a level is the probability of an error: write `{1 - given:.0%}`",
        )
    return tuple(sorted(shares, reverse=True))
