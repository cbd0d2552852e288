"""What is declared in a file, and what a name stands for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from carbonspec.diagnostics.model import Related
from carbonspec.lang import ast
from carbonspec.lang.resolve.problems import Problems, listed, suggestion
from carbonspec.lang.spec import KEY, RAW, VARIABLE, Level, Ref
from carbonspec.signature import Catalogue
from carbonspec.source import Located, Span

if TYPE_CHECKING:
    from carbonspec.lang.resolve.measuring.components import Component
    from carbonspec.lang.variants.leftovers import Leftover

DATA = "data table"
VAR = "variable"
MEASURE = "measure"
LET = "let"
MODEL = "model"
MEDIATION = "mediation"
TEST = "test"
HYPOTHESIS = "hypothesis"
MULTIVERSE = "multiverse"
LOST = "lost"  # its statement could not be read: the syntax error says why

DECLARES = {
    "data": DATA,
    "var": VAR,
    "measure": MEASURE,
    "let": LET,
    "model": MODEL,
    "mediate": MEDIATION,
    "test": TEST,
    "hypothesis": HYPOTHESIS,
    "multiverse": MULTIVERSE,
}
LATER = frozenset((MULTIVERSE,))
"""Kinds whose statements this version does not run: a reference to one is not a second mistake."""
KEYS = ("id", "time")
TIME_OPERATOR = re.compile(r"[LFDS]\d*\Z")
_STATEMENT = re.compile(r'^([^\W\d]\w*)(?:[ \t]+(?:"[^"\n]*"[ \t]*)?(?:([^\W\d]\w*)|`([^`\n]+)`))?', re.MULTILINE)


class Declaration(Located):
    """A declared name; `span` is the name's."""

    name: str
    kind: str
    statement: ast.Statement | None

    @property
    def described(self) -> str:
        """`measure, declared on line 27`; with the file's name when that is a base's."""
        place = f" of {self.span.source.name}" if self.span.source.level else ""
        return f"{self.kind}, declared on line {self.span.line}{place}"


class PanelKeys(Located):
    """The panel's table, keys and reachable tables, before anything else is resolved."""

    table: str
    id: tuple[str, ...]
    time: str
    joined: tuple[str, ...]


class Scope:
    """Everything that names can stand for in one file."""

    def __init__(
        self,
        file: ast.File,
        catalogue: Catalogue,
        headers: Mapping[str, tuple[str, ...] | None],
        problems: Problems,
        *,
        outside: bool = False,
    ) -> None:
        self.file = file
        self.catalogue = catalogue
        self.headers = headers
        self.outside = outside  # whether files may lie outside the folder
        self.problems = problems
        self.declarations: dict[str, Declaration] = {}
        self.used: set[str] = set()
        self.panel: PanelKeys | None = None
        self.redefined: dict[str, Span] = {}  # variables that winsorize or trim redefines, and where
        self.levels: dict[str, tuple[Level, ...]] = {}
        self.components: dict[str, tuple[str, Component]] = {}  # `Ce.Electricity` -> (Ce, its component), where used
        self.table_columns: dict[str, tuple[str, ...] | None] = {}
        self.joined_by: dict[str, tuple[str, ...]] = {}  # the tables that each data table joins
        self.join_keys: dict[str, set[str]] = {}  # columns that a join of the panel shares with the panel's table
        self.rest_unknown = any(s.keyword == "extends" for s in file.statements)
        self.damaged = self.rest_unknown or any(s.broken for s in file.statements)
        """Whether something could not be read, so that what seems unused or missing may not be."""
        self.lost_keywords: set[str] = set()
        self.reach_unknown = any(s.broken and s.keyword in ("data", "panel") for s in file.statements)
        """Whether a table or join could not be read, so that columns in reach are not all known."""
        self.leftovers: dict[str, Leftover] = _leftovers(file)
        """Names that a variant takes out and still uses: said once, for all the places."""
        self._raw: dict[str, list[str]] | None = None
        self._declare()

    # --- declarations -------------------------------------------------------------------------------

    def _declare(self) -> None:
        for statement in self.file.statements:
            kind = DECLARES.get(statement.keyword)
            name = statement.name
            if kind is None or not isinstance(name, ast.Name):
                continue
            mine = Declaration(name.text, kind, statement, span=name.span)
            first = self.declarations.get(name.text)
            if first is not None:
                again = "declared twice" if first.kind == kind else f"a {kind} and a {first.kind}"
                self.problems.error(
                    "E201",
                    f"`{name.text}` is {again}",
                    name.span,
                    "everything declared shares one namespace: give one of them another name",
                    related=(Related(first.span, "first declared here"),),
                )
                continue
            self._check_name(mine)
            self.declarations[name.text] = mine
        for part in self.file.parts or (self.file,):
            for lost in self._lost(part):
                self.declarations.setdefault(lost.name, lost)
        if "extends" in self.lost_keywords:
            self.rest_unknown = True
        for gone, leftover in self.leftovers.items():
            self.declarations.setdefault(gone, Declaration(gone, LOST, None, span=leftover.change.span))
        if self.lost_keywords & {"data", "panel"}:
            self.reach_unknown = True

    def _check_name(self, mine: Declaration) -> None:
        if mine.name in KEYS:
            self.problems.error(
                "E202",
                f"`{mine.name}` is the panel's key and cannot be declared",
                mine.span,
                "choose another name; the `panel` statement says which columns are `id` and `time`",
            )
        elif TIME_OPERATOR.match(mine.name):
            meaning = {"L": "a lag", "F": "a lead", "D": "a difference", "S": "a seasonal difference"}[mine.name[0]]
            self.problems.error(
                "E202",
                f"`{mine.name}` is a time operator (`{mine.name}.x` is {meaning}) and cannot be declared",
                mine.span,
                "choose another name",
            )

    def _lost(self, file: ast.File) -> Iterator[Declaration]:
        """Names of statements that the parser had to give up: they are not unknown, only unreadable."""
        source = file.span.source
        covered = {s.span.start for s in file.statements}
        for found in _STATEMENT.finditer(source.text):
            if found.start() in covered:
                continue
            self.damaged = True
            self.lost_keywords.add(found[1])
            group = 2 if found[2] else 3
            if found[group]:
                yield Declaration(found[group], LOST, None, span=Span(source, found.start(group), found.end(group)))

    def of_kind(self, *kinds: str) -> list[str]:
        """Declared names of some kinds, in order."""
        return [name for name, d in self.declarations.items() if d.kind in kinds]

    # --- raw columns --------------------------------------------------------------------------------

    @property
    def reachable(self) -> tuple[str, ...]:
        """The panel's table and the tables it joins."""
        return (self.panel.table, *self.panel.joined) if self.panel is not None else ()

    @property
    def headers_known(self) -> bool:
        """Whether the columns of every reachable table are known."""
        return (
            not self.reach_unknown
            and bool(self.reachable)
            and all(self.table_columns.get(table) is not None for table in self.reachable)
        )

    def raw_tables(self, name: str) -> list[str]:
        """The reachable tables known to have a column of that name; a join's own keys count once."""
        if self._raw is None:
            self._raw = {}
            for table in self.reachable:
                shared = self.join_keys.get(table, set())
                for column in self.table_columns.get(table) or ():
                    if column in shared:
                        continue
                    self._raw.setdefault(column, []).append(table)
        return self._raw.get(name, [])

    def raw_names(self) -> list[str]:
        """All known raw columns."""
        self.raw_tables("")
        return list(self._raw or ())

    # --- lookup -------------------------------------------------------------------------------------

    def key(self, name: str) -> str:
        """ "id" or "time" when the name is one of the panel's keys or a key's own column, else ""."""
        panel = self.panel
        if name in KEYS:
            return name
        if panel is None:
            return ""
        if panel.time == name:
            return "time"
        return "id" if panel.id == (name,) else ""

    def column(self, name: ast.Name, what: str = "variable") -> Ref | None:
        """The column a name stands for; None after an error (or for what an earlier error already covers)."""
        text = name.text
        key = self.key(text)
        found = self.declarations.get(text)
        if key and (found is None or found.kind != VAR or self._only_labels(found)):
            self.used.add(text)
            return Ref(key, KEY, None, span=name.span)
        if found is not None:
            self.used.add(text)
            return self._declared(name, found)
        tables = self.raw_tables(text)
        if len(tables) > 1:
            choices = " or ".join(f"`{table}.{text}`" for table in tables)
            self.problems.error(
                "E204",
                f"`{text}` is a column of {len(tables)} tables: {', '.join(f'`{t}`' for t in tables)}",
                name.span,
                f"say which one: {choices}",
            )
            return None
        table = tables[0] if tables and self.headers_known else None
        if not tables and self.headers_known and not self.rest_unknown:
            self.unknown(name, what)
            return None
        if text in self.redefined:
            return Ref(text, VARIABLE, table, span=name.span)
        return Ref(text, RAW, table, span=name.span)

    def _only_labels(self, found: Declaration) -> bool:
        return found.statement is not None and not found.statement.body

    def _declared(self, name: ast.Name, found: Declaration) -> Ref | None:
        if found.kind == VAR:
            if found.statement is not None and not found.statement.body:
                return self._labelled(name)
            return Ref(name.text, VARIABLE, None, span=name.span)
        if found.kind == MEASURE:
            return Ref(name.text, VARIABLE, None, span=name.span)
        if found.kind == LOST:
            return None
        self.wrong_kind(name, found, "a variable")
        return None

    def _labelled(self, name: ast.Name) -> Ref:
        tables = self.raw_tables(name.text)
        return Ref(name.text, VARIABLE, tables[0] if len(tables) == 1 and self.headers_known else None, span=name.span)

    def qualified(self, table: ast.Name, column: ast.Name) -> Ref | None:
        """`provinces.gdp`, or a component of a measure: `Ce.Electricity`."""
        found = self.declarations.get(table.text)
        self.used.add(table.text)
        span = table.span.to(column.span)
        if found is None:
            if self.rest_unknown:
                return Ref(column.text, RAW, table.text, span=span)
            self.problems.error(
                "E210",
                f"no data table called `{table.text}`",
                table.span,
                suggestion(table.text, self.of_kind(DATA, MEASURE)),
                f"a column with a dot in its name goes in backquotes: `` `{table.text}.{column.text}` ``",
            )
            return None
        if found.kind == LOST:
            return None
        if found.kind == MEASURE:
            from carbonspec.lang.resolve.measuring.components import component

            return component(self, table, column, found)
        if found.kind != DATA:
            self.wrong_kind(table, found, "a data table")
            return None
        if self.panel is not None and table.text not in self.reachable and not self.reach_unknown:
            through = next(
                (t for t, joined in self.joined_by.items() if t in self.reachable and table.text in joined), ""
            )
            help_ = f"add `join {table.text} on …` to `panel {self.panel.table}`"
            if through:
                help_ = (
                    f"`{through}` joins it, so that its columns are columns of `{through}`: `{through}.{column.text}`"
                )
            self.problems.error(
                "E206",
                f"`{table.text}` is not joined to the panel, so its columns cannot be used",
                table.span,
                help_,
                related=(Related(found.span, "declared here"),),
            )
            return None
        known = self.table_columns.get(table.text)
        if known is not None and column.text not in known:
            self.problems.error(
                "E210",
                f"the table `{table.text}` has no column `{column.text}`",
                column.span,
                suggestion(column.text, known) or few(known),
            )
            return None
        return Ref(column.text, RAW, table.text, span=span)

    # --- messages -----------------------------------------------------------------------------------

    def unknown(self, name: ast.Name, what: str = "variable") -> None:
        """E210 over variables, lets and columns."""
        known = [*self.of_kind(VAR, MEASURE, LET, LOST), *self.raw_names(), *KEYS]
        help_ = self.close(name.text, known)
        if not help_ and self.headers_known:
            help_ = f"it is neither declared nor a column of {listed(self.reachable)}"
        self.problems.error("E210", f"no {what} called `{name.text}`", name.span, help_)

    def close(self, word: str, known: list[str]) -> str:
        """`did you mean …`, with what the suggestion is."""
        from carbonspec.diagnostics.suggestions import did_you_mean

        close = did_you_mean(word, known)
        if not close:
            return ""
        found = self.declarations.get(close)
        if found is not None and found.kind != LOST:
            return f"did you mean `{close}` ({found.described})?"
        tables = self.raw_tables(close)
        if tables:
            return f"did you mean `{close}` (a column of `{tables[0]}`)?"
        return f"did you mean `{close}`?"

    def wrong_kind(self, name: ast.Name, found: Declaration, wanted: str) -> None:
        """E205: a name of another kind than the place needs."""
        article = "an" if found.kind[0] in "aeiou" else "a"
        helps = []
        if found.kind == DATA and wanted == "a variable":
            column = self.raw_tables(name.text)
            if column:
                helps.append(f"the column is `{column[0]}.{name.text}`")
            else:
                helps.append(f"its columns are written `{name.text}.column`")
        self.problems.error(
            "E205",
            f"`{name.text}` is {article} {found.kind}, not {wanted}",
            name.span,
            *helps,
            related=(Related(found.span, "declared here"),),
        )

    def use(self, name: str) -> None:
        """Note that something refers to a declared name."""
        self.used.add(name)


def few(names: tuple[str, ...], limit: int = 10) -> str:
    """`it has: a, b, …`."""
    shown = ", ".join(f"`{name}`" for name in names[:limit])
    return f"it has: {shown}" + (", …" if len(names) > limit else "") if names else ""


def _leftovers(file: ast.File) -> dict[str, Leftover]:
    """What a variant takes out although it is used; how to find that is loaded only where a file extends another."""
    if not file.changes:
        return {}
    from carbonspec.lang.variants.leftovers import leftovers

    return leftovers(file)
