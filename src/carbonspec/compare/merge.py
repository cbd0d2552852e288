"""Two versions of a spec and the one they come from → one, statement by statement.

Statements that one side alone changed are taken as it wrote them, comments and blank lines included. Where both
changed one statement, their changes are put together when they lie in different clauses; else both versions stand
between markers. What both sides meant must still hold: a result that does not parse is none, and one in which a name
has lost its declaration is reported.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from carbonspec.compare.fields import pair_clauses
from carbonspec.compare.statements import ONCE, bare, match, mentioned, name_of
from carbonspec.lang import ast
from carbonspec.lang.parse import clean, parse
from carbonspec.lang.unparse import unparse
from carbonspec.lang.variants.keys import NAMED
from carbonspec.record import Record
from carbonspec.source import Source

REPEATED = frozenset(("join", "fuel", "group", "add"))
"""Clauses that may stand several times in one statement."""


class Block(Record):
    """A statement as it stands in a text: the comments and blank lines above it, and its own lines."""

    before: tuple[str, ...]
    lines: tuple[str, ...]
    statement: ast.Statement  # as parsed
    plain: ast.Statement  # bare

    @property
    def said(self) -> tuple[str, ...]:
        """The lines above it that say something."""
        return tuple(line.strip() for line in self.before if line.strip())


class Entry(Record):
    """One statement in its three versions; None where a version does not have it."""

    base: Block | None
    ours: Block | None
    theirs: Block | None
    renamed: bool = False


class Merged(Record):
    """The text, how many statements conflict, and sentences on what no longer holds although nothing conflicts."""

    text: str
    conflicts: int
    troubles: tuple[str, ...] = ()


class _Text(Record):
    """A text taken apart."""

    tree: ast.File
    blocks: tuple[Block, ...]
    below: tuple[str, ...]


def merge(
    base: str, ours: str, theirs: str, *, size: int = 7, names: tuple[str, str] = ("ours", "theirs")
) -> Merged | None:
    """The merged text; None when one of the three, or the result, has syntax errors.

    `size` and `names` are those of git's conflict markers.
    """
    parts = [_apart(text) for text in (base, ours, theirs)]
    if None in parts:
        return None
    one, mine, other = (part for part in parts if part is not None)
    merging = _Merging(one, mine, other, size, names)
    found = merging.merged()
    if not found.conflicts:
        result = _apart(found.text)
        if result is None:
            return None
        found = found.replace(troubles=tuple(_troubles(one.tree, mine.tree, other.tree, result.tree)))
    return found


def _apart(text: str) -> _Text | None:
    """A text as blocks; None when it has syntax errors."""
    source = Source("merge", clean(text))
    parsed = parse(source)
    if not parsed.ok:
        return None
    rows = source.text.split("\n")
    if rows and rows[-1] == "":
        rows.pop()
    blocks: list[Block] = []
    at = 0
    for index, statement in enumerate(parsed.value.statements):
        first = statement.span.line - 1
        last = source.position(max(statement.span.start, statement.span.end - 1))[0]
        following = parsed.value.statements[index + 1 :]
        until = following[0].span.line - 1 if following else len(rows)
        last += _kept(rows[last:until])
        blocks.append(Block(tuple(rows[at:first]), tuple(rows[first:last]), statement, bare(statement)))
        at = last
    return _Text(parsed.value, tuple(blocks), tuple(rows[at:]))


def _kept(gap: Sequence[str]) -> int:
    """How many of the lines below a statement are its own: indented comments."""
    keep = 0
    for index, row in enumerate(gap):
        if row.strip() and not row.startswith(" "):
            break
        if row.strip():
            keep = index + 1
    return keep


class _Merging:
    def __init__(self, base: _Text, ours: _Text, theirs: _Text, size: int, names: tuple[str, str]) -> None:
        self.base, self.ours, self.theirs = base, ours, theirs
        self.size, self.names = size, names
        self.conflicts = 0

    def merged(self) -> Merged:
        rows: list[str] = []
        for entry in self._entries():
            rows += self._entry(entry)
        rows += self._below()
        while rows and not rows[0].strip():
            rows.pop(0)
        return Merged("".join(f"{row}\n" for row in rows), self.conflicts)

    # --- which is which, and in which order ---------------------------------------------------------

    def _entries(self) -> list[Entry]:
        """All statements in the order of the side that moved some; what the other side added stands where it put it."""
        ours, theirs = self._partners(self.ours), self._partners(self.theirs)
        entries: dict[int, Entry] = {}  # by the id of a block of ours or theirs
        for block in self.base.blocks:
            mine, renamed = ours.get(id(block.statement), (None, False))
            other, also = theirs.get(id(block.statement), (None, False))
            entry = Entry(block, mine, other, renamed or also)
            for side in (mine, other):
                if side is not None:
                    entries[id(side)] = entry
        new = [[b for b in text.blocks if id(b) not in entries] for text in (self.ours, self.theirs)]
        for mine in new[0]:
            other = next((b for b in new[1] if id(b) not in entries and _alike(mine, b)), None)
            entry = Entry(None, mine, other)
            entries[id(mine)] = entry
            if other is not None:
                entries[id(other)] = entry
        for other in new[1]:
            entries.setdefault(id(other), Entry(None, None, other))
        first, second = (self.theirs, self.ours) if self._in_order(self.ours, ours) else (self.ours, self.theirs)
        order = [entries[id(block)] for block in first.blocks]
        previous: Entry | None = None
        for block in second.blocks:
            entry = entries[id(block)]
            if not any(entry is one for one in order):
                at = next((i + 1 for i, one in enumerate(order) if one is previous), 0)
                order.insert(at, entry)
            previous = entry
        return order

    def _partners(self, side: _Text) -> dict[int, tuple[Block | None, bool]]:
        """By the id of a statement of the base: its block on a side, and whether it was renamed."""
        blocks = {id(block.statement): block for block in side.blocks}
        found: dict[int, tuple[Block | None, bool]] = {}
        for pair in match(self.base.tree, side.tree):
            if pair.old is not None and pair.new is not None:
                found[id(pair.old)] = (blocks[id(pair.new)], pair.renamed)
        return found

    def _in_order(self, side: _Text, partners: dict[int, tuple[Block | None, bool]]) -> bool:
        kept = [id(partners[id(b.statement)][0]) for b in self.base.blocks if id(b.statement) in partners]
        return kept == [id(block) for block in side.blocks if id(block) in set(kept)]

    # --- one statement ------------------------------------------------------------------------------

    def _entry(self, entry: Entry) -> list[str]:
        base, ours, theirs = entry.base, entry.ours, entry.theirs
        if ours is None or theirs is None:
            left = ours or theirs
            if left is None:
                return []
            if base is None:
                return _rows(left)
            if left.lines == base.lines or _same(left, base):
                return []
            return self._conflict([], _rows(ours), _rows(theirs))
        lines = _merged_lines(base, ours, theirs, entry.renamed)
        before = _three(base.before if base else None, ours.before, theirs.before)
        if before is None and ours.said == theirs.said:
            before = ours.before
        if before is None and base is not None and ours.said == base.said:
            before = theirs.before
        if before is None and base is not None and theirs.said == base.said:
            before = ours.before
        if lines is None:
            if before is None:
                return self._conflict([], _rows(ours), _rows(theirs))
            return self._conflict(before, ours.lines, theirs.lines)
        if before is None:
            return [*self._conflict([], ours.before, theirs.before), *lines]
        return [*before, *lines]

    def _conflict(self, before: Iterable[str], ours: Sequence[str], theirs: Sequence[str]) -> list[str]:
        self.conflicts += 1
        marks = [f"{sign * self.size}" for sign in "<=>"]
        return [*before, f"{marks[0]} {self.names[0]}", *ours, marks[1], *theirs, f"{marks[2]} {self.names[1]}"]

    def _below(self) -> list[str]:
        found = _three(self.base.below, self.ours.below, self.theirs.below)
        if found is None:
            return self._conflict([], self.ours.below, self.theirs.below)
        return list(found)


def _alike(one: Block, other: Block) -> bool:
    """Whether both sides added the same thing, or two things of one name."""
    if one.plain == other.plain:
        return True
    a, b = one.plain, other.plain
    if a.keyword != b.keyword:
        return False
    return a.keyword in ONCE or (a.name is not None and name_of(a) == name_of(b))


def _rows(block: Block | None) -> list[str]:
    return [*block.before, *block.lines] if block is not None else []


def _three(base: tuple[str, ...] | None, ours: tuple[str, ...], theirs: tuple[str, ...]) -> tuple[str, ...] | None:
    """The version of the side that changed something; None when both did, and differently."""
    if ours == theirs or theirs == base:
        return ours
    return theirs if ours == base else None


def _same(one: Block, other: Block) -> bool:
    """Whether two versions of a statement mean the same and carry the same comments."""
    return one.plain == other.plain and _comments(one.statement) == _comments(other.statement)


def _comments(statement: ast.Statement) -> list[str]:
    found = [statement.comment, *statement.after]
    for clause in statement.clauses:
        found += [*clause.before, clause.comment]
    return [text for text in found if text]


def _merged_lines(base: Block | None, ours: Block, theirs: Block, renamed: bool) -> Sequence[str] | None:
    """The lines of a statement that both sides have; None when their versions conflict."""
    if base is None:
        return ours.lines if ours.lines == theirs.lines or _same(ours, theirs) else None
    found = _three(base.lines, ours.lines, theirs.lines)
    if found is not None:
        return found
    if _same(ours, base):
        return theirs.lines
    if _same(theirs, base) or _same(ours, theirs):
        return ours.lines
    if renamed:
        return None
    statement = _by_clause(base.statement, ours.statement, theirs.statement)
    if statement is None:
        return None
    bare_lines = statement.replace(before=())
    return unparse(ast.File((bare_lines,))).rstrip("\n").split("\n")


# --- clause by clause -------------------------------------------------------------------------------------------


def _by_clause(base: ast.Statement, ours: ast.Statement, theirs: ast.Statement) -> ast.Statement | None:
    """Both sides' changes of one statement in one; None where they touch the same label, body or clause."""
    changes = {}
    for field in ("label", "body", "comment", "after"):
        one, mine, other = (getattr(s, field) for s in (base, ours, theirs))
        if bare(mine) == bare(other) or bare(other) == bare(one):
            changes[field] = mine
        elif bare(mine) == bare(one):
            changes[field] = other
        else:
            return None
    clauses = _clauses(base.clauses, ours.clauses, theirs.clauses)
    return None if clauses is None else ours.replace(clauses=clauses, **changes)


def _clauses(
    base: Sequence[ast.Clause], ours: Sequence[ast.Clause], theirs: Sequence[ast.Clause]
) -> tuple[ast.Clause, ...] | None:
    mine, other = _clause_partners(base, ours), _clause_partners(base, theirs)
    kept: list[ast.Clause] = []
    for clause in base:
        a, b = mine.get(id(clause)), other.get(id(clause))
        if _equal(a, b) or _equal(b, clause):
            found = a
        elif _equal(a, clause):
            found = b
        else:
            return None
        if found is not None:
            kept.append(found)
    sides = ((ours, mine), (theirs, other))
    fresh = [[c for c in side if not any(c is p for p in partners.values())] for side, partners in sides]
    for clause in fresh[1]:
        twin = next((c for c in fresh[0] if c.word == clause.word), None)
        if twin is not None and not _equal(twin, clause) and clause.word.text not in REPEATED:
            return None
    added = [*fresh[0], *(c for c in fresh[1] if not any(_equal(c, twin) for twin in fresh[0]))]
    return (*kept, *added)


def _clause_partners(base: Sequence[ast.Clause], side: Sequence[ast.Clause]) -> dict[int, ast.Clause]:
    """By the id of a clause of the base: what a side made of it."""
    old, new = [bare(c) for c in base], [bare(c) for c in side]
    written = {id(plain): c for plain, c in zip((*old, *new), (*base, *side), strict=True)}
    pairs = pair_clauses(old, new)
    return {id(written[id(a)]): written[id(b)] for a, b in pairs if a is not None and b is not None}


def _equal(one: ast.Clause | None, other: ast.Clause | None) -> bool:
    """Whether two clauses say the same, with the same comments."""
    if one is None or other is None:
        return one is other
    return bare(one) == bare(other) and (one.before, one.comment) == (other.before, other.comment)


# --- what must still hold ---------------------------------------------------------------------------------------


def _troubles(base: ast.File, ours: ast.File, theirs: ast.File, result: ast.File) -> list[str]:
    """Names that one side declared no more and the other still uses; names declared twice."""
    known = _declared(result)
    found = []
    for name in dict.fromkeys((*_declared(base), *_declared(ours), *_declared(theirs))):
        if name not in known and name in mentioned(result):
            if any(name not in _declared(side) and name in mentioned(side) for side in (ours, theirs)):
                continue  # a side had it so already
            found.append(f"`{name}` is used by one side, and the other no longer declares it")
    for name in dict.fromkeys(known):
        if known.count(name) > max(_declared(side).count(name) for side in (ours, theirs)):
            found.append(f"`{name}` is declared by both sides")
    return found


def _declared(file: ast.File) -> list[str]:
    return [s.name.text for s in file.statements if s.keyword in NAMED and isinstance(s.name, ast.Name)]
