"""Base and variant → one file: a statement of a base's name replaces it in its place, and new ones follow."""

from __future__ import annotations

from carbonspec.diagnostics.model import WARNING, Checked, Diagnostic, Related
from carbonspec.lang import ast
from carbonspec.lang.variants.comments import below, in_place_of, left_behind, of_the_variant, together
from carbonspec.lang.variants.keys import called, head, key_of, like
from carbonspec.lang.variants.paths import rebased
from carbonspec.lang.variants.withdrawals import withdrawals
from carbonspec.source import Span

CLAUSE_BY_CLAUSE = frozenset(("study", "panel"))
"""Statements of which there is one: a clause replaces its like, the others stay."""


def merge(base: ast.File, variant: ast.File, *, sound: bool = True) -> Checked[ast.File]:
    """What a variant means: its base with the variant's statements put in.

    Of a base that is not `sound` statements are lost, so that what seems to be missing may not be.
    """
    taken = withdrawals(base, variant)
    if not sound:
        taken = Checked(taken.value)
    found = list(taken.diagnostics)
    own = [s for s in variant.statements if s.keyword not in ("extends", "without")]
    replacing: dict[int, ast.Statement] = {}
    following: list[ast.Statement] = []
    places = {id(change.old) for change in taken.value}
    by_key: dict[tuple[str, str], ast.Statement] = {}
    for statement in base.statements:
        key = key_of(statement)
        if key is not None and id(statement) not in places:
            by_key.setdefault(key, statement)
    changes: list[ast.Change] = list(taken.value)
    for statement in own:
        key = key_of(statement)
        old = by_key.get(key) if key is not None else None
        if old is None or id(old) in replacing:
            following.append(statement)
            found += _said_before(statement, base, places) if key is None else []
            continue
        replacing[id(old)] = statement
        changes.append(ast.Change(old, statement, span=head(statement)))
        found += _changes_nothing(old, statement)
    statements: list[ast.Statement] = []
    waiting: tuple[str, ...] = ()  # comments of sections whose first statement was withdrawn
    for statement in base.statements:
        first = statement is base.statements[0]
        if id(statement) in places:
            waiting = together(waiting, left_behind(statement, first))
            continue
        new = replacing.get(id(statement))
        if new is None:
            kept = statement
        elif statement.keyword in CLAUSE_BY_CLAUSE and new.keyword == statement.keyword:
            kept = _clause_by_clause(statement, new)
        else:
            kept = new.replace(before=in_place_of(statement, new, first))
        if waiting:
            kept = kept.replace(before=together(waiting, kept.before))
            waiting = ()
        statements.append(kept)
    return Checked(_file(base, variant, statements, following, waiting, tuple(changes)), tuple(found))


def _file(
    base: ast.File,
    variant: ast.File,
    statements: list[ast.Statement],
    following: list[ast.Statement],
    waiting: tuple[str, ...],
    changes: tuple[ast.Change, ...],
) -> ast.File:
    """The merged file, with the comments that belong to no statement."""
    after = together(waiting, base.after)
    if following:
        following[0] = following[0].replace(before=below(after, following[0].before, bool(statements)))
        after = ()
    statements = [*statements, *following]
    said = of_the_variant(variant)
    if said and statements:
        statements[0] = statements[0].replace(before=together(said, statements[0].before))
    elif said:
        after = together(said, after)
    after = together(after, variant.after)
    parts = (variant, *(base.parts or (base,)))
    return ast.File(tuple(statements), after, parts, (*base.changes, *changes), span=variant.span)


def _clause_by_clause(old: ast.Statement, new: ast.Statement) -> ast.Statement:
    """A `study` or `panel` with the clauses of both; the title or table is the variant's."""
    given: dict[tuple[str, str], list[ast.Clause]] = {}
    for clause in new.clauses:
        given.setdefault(like(clause), []).append(clause)
    clauses: list[ast.Clause] = []
    for clause in old.clauses:
        if like(clause) not in given:
            clauses.append(clause)
        else:  # where several take its place, all stay, so that they are reported
            clauses += [c for c in given[like(clause)] if not any(c is other for other in clauses)]
    clauses += [c for c in new.clauses if not any(c is other for other in clauses)]
    return new.replace(
        clauses=tuple(clauses),
        before=together(old.before, new.before[1:] if new.before[:1] == ("",) else new.before),
        comment=new.comment or old.comment,
        after=(*old.after, *new.after),
        broken=old.broken or new.broken,
    )


def _changes_nothing(old: ast.Statement, new: ast.Statement) -> list[Diagnostic]:
    """W256 for a statement, or a clause of `study` and `panel`, that says what the base says already."""
    if new.broken or old.broken:
        return []
    if old.keyword in CLAUSE_BY_CLAUSE and new.keyword == old.keyword:
        known = {like(clause): clause for clause in old.clauses}
        return [
            _same(f"the `{clause.word.text}` of `{new.keyword}`", clause.span, known[like(clause)].span)
            for clause in new.clauses
            if like(clause) in known and _bare_clause(known[like(clause)]) == _bare_clause(clause)
        ]
    if _bare(rebased(old)) == _bare(rebased(new)):
        return [_same(f"`{called(new)}`", head(new), head(old))]
    return []


def _said_before(statement: ast.Statement, base: ast.File, places: set[int]) -> list[Diagnostic]:
    """W256 for a statement without a name that the base has, too."""
    bare = _bare(rebased(statement))
    for old in base.statements:
        if old.keyword == statement.keyword and id(old) not in places and _bare(rebased(old)) == bare:
            return [_same(f"`{' '.join(statement.span.text.split())}`", head(statement), old.span)]
    return []


def _same(what: str, place: Span, before: Span) -> Diagnostic:
    message = f"{what} says what the base says already"
    related = (Related(before, "there"),)
    return Diagnostic("W256", WARNING, message, place, ("delete it here: nothing changes",), related)


def _bare(statement: ast.Statement) -> ast.Statement:
    """A statement without its comments."""
    clauses = tuple(map(_bare_clause, statement.clauses))
    return statement.replace(clauses=clauses, before=(), comment="", after=())


def _bare_clause(clause: ast.Clause) -> ast.Clause:
    return clause.replace(before=(), comment="")
