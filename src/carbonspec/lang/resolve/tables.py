"""`data` and `panel`: tables, joins, keys."""

from __future__ import annotations

from carbonspec.diagnostics.model import Related
from carbonspec.lang import ast
from carbonspec.lang.resolve.clauses import Clauses, Plain, literal, path, plain
from carbonspec.lang.resolve.expressions import Expressions
from carbonspec.lang.resolve.names import DATA, LOST, PanelKeys, Scope, few
from carbonspec.lang.resolve.problems import Problems, suggestion, written
from carbonspec.lang.spec import Apply, DataTable, Expr, Join, Panel

FORMATS = ("csv", "tsv", "txt", "xlsx", "dta", "sav", "parquet", "feather")


def declared_tables(file: ast.File) -> tuple[DataTable, ...]:
    """The `data` statements of a file, as far as they can be read; mistakes are left to `resolve`."""
    problems = Problems()
    found: dict[str, DataTable] = {}
    for statement in file.statements:
        if statement.keyword == "data" and isinstance(statement.name, ast.Name):
            table = _source(statement, Clauses(statement, problems), problems, outside=True)
            if table is not None:
                found.setdefault(table.name, table)
    return tuple(found.values())


def _source(statement: ast.Statement, clauses: Clauses, problems: Problems, *, outside: bool) -> DataTable | None:
    """Where a table comes from and how it is read; without conditions and joins."""
    name = statement.name
    if not isinstance(name, ast.Name):
        problems.error("E307", "`data` needs a name", statement.span, 'for example `data firms from "data/firms.csv"`')
        return None
    value = clauses.one("from")
    if value is None and statement.broken:
        return None
    if value is None:
        problems.error(
            "E307",
            f"`data {name.text}` does not say where the data are",
            name.span,
            f'for example `data {name.text} from "data/{name.text}.csv"`',
        )
        return None
    plain_clauses = Plain(clauses, problems)
    location, package = "", False
    if isinstance(value.value, ast.Text):
        location = path(value.value, problems, outside=outside)
        _format(value.value, problems)
    elif isinstance(value.value, ast.Call) and value.value.function.text == "package":
        given = value.value.arguments
        if len(given) != 1 or not isinstance(given[0].value, ast.Text):
            problems.error(
                "E303", "`package` takes one text", value.span, 'for example `package("statsmodels:grunfeld")`'
            )
            return None
        location, package = given[0].value.value, True
        if ":" not in location:
            problems.error(
                "E303",
                f"`{location}` names no package",
                given[0].span,
                'write package and data set with a colon: `package("statsmodels:grunfeld")`',
            )
    else:
        problems.error(
            "E303",
            '`from` takes a path in double quotes or `package("…")`',
            value.span,
            f'write `"{written(value)}"`' if "." in written(value) else "",
        )
        return None
    sheet = clauses.one("sheet")
    return DataTable(
        name.text,
        location,
        package,
        tuple(v.value.text for v in clauses.values("text") if isinstance(v.value, ast.Name)),
        plain_clauses.text("encoding"),
        None if sheet is None else literal(sheet.value),
        span=statement.span,
    )


def _format(text: ast.Text, problems: Problems) -> None:
    """Whether the file name's ending is one that can be read."""
    name = text.value.replace("\\", "/").rsplit("/", 1)[-1]
    ending = name.rsplit(".", 1)[-1].lower() if "." in name else ""
    if text.value.strip() and ending not in FORMATS:
        shown = f"`.{ending}` files cannot be read" if ending else f"`{text.value}` does not say its format"
        known = ", ".join(f"`.{f}`" for f in FORMATS)
        help_ = {
            "xls": "save it as .xlsx",
            "rds": "write it from R with `arrow::write_parquet` or `haven::write_dta`",
            "rdata": "write it from R with `arrow::write_parquet` or `haven::write_dta`",
            "pkl": "write it from pandas with `to_parquet`",
        }.get(ending, "")
        problems.error("E231", shown, text.span, help_ or f"the formats are {known}")


class Tables:
    """Resolves `data` and `panel` statements against each other."""

    def __init__(self, scope: Scope, *, outside: bool) -> None:
        self.scope = scope
        self.problems = scope.problems
        self.outside = outside
        self._clauses: dict[int, Clauses] = {}
        self._joins: dict[str, tuple[Join, ...]] = {}
        self._tables: dict[str, DataTable] = {}
        self._statements: dict[str, ast.Statement] = {}
        self.panel_statement: ast.Statement | None = None

    def read(self) -> None:
        """First pass: locations, joins, columns in reach, the panel's keys."""
        for statement in self.scope.file.statements:
            if statement.keyword == "data":
                clauses = self._clauses[id(statement)] = Clauses(statement, self.problems)
                table = _source(statement, clauses, self.problems, outside=self.outside)
                if table is not None and table.name not in self._tables:
                    self._tables[table.name] = table
                    self._statements[table.name] = statement
        for name in self._tables:
            self.scope.table_columns[name] = self.scope.headers.get(name)
        for name, statement in self._statements.items():
            self._joins[name] = self._read_joins(statement, name)
            self.scope.joined_by[name] = tuple(join.table for join in self._joins[name])
        for name in self._tables:
            self.scope.table_columns[name] = self._columns(name, ())
        for name, statement in self._statements.items():
            self._check_text(name, self._clauses[id(statement)])
        self._read_panel()

    def _columns(self, name: str, above: tuple[str, ...]) -> tuple[str, ...] | None:
        """The columns of a table after its joins; None when not known."""
        known = self.scope.headers.get(name)
        if known is None or name in above:
            return None
        columns = dict.fromkeys(known)
        for join in self._joins.get(name, ()):
            more = self._columns(join.table, (*above, name))
            if more is None:
                return None
            columns.update(dict.fromkeys(c for c in more if c not in {right for _, right in join.keys}))
        return tuple(columns)

    def _check_text(self, name: str, clauses: Clauses) -> None:
        known = self.scope.headers.get(name)
        for value in clauses.values("text"):
            if not isinstance(value.value, ast.Name):
                self.problems.error(
                    "E303", "`text` takes column names", value.span, "a name with spaces goes in backquotes"
                )
            elif known is not None and value.value.text not in known:
                self.problems.error(
                    "E210",
                    f"the table `{name}` has no column `{value.value.text}`",
                    value.span,
                    suggestion(value.value.text, known) or few(known),
                )

    # --- joins --------------------------------------------------------------------------------------

    def _read_joins(self, statement: ast.Statement, left: str) -> tuple[Join, ...]:
        joins: list[Join] = []
        for clause in self._clauses[id(statement)].found.get("join", ()):
            join = self._join(clause, left, joins)
            if join is not None:
                joins.append(join)
            else:
                self.scope.reach_unknown = True
        return tuple(joins)

    def _join(self, clause: ast.Clause, left: str, earlier: list[Join]) -> Join | None:
        name = clause.values[0].value if clause.values else None
        on = next((q for q in clause.qualifiers if q.word.text == "on"), None)
        if not isinstance(name, ast.Name) or len(clause.values) != 1:
            self.problems.error(
                "E303",
                "`join` takes one table",
                clause.span,
                "for example `join energy on province, year`, a line each",
            )
            return None
        if not self._is_table(name):
            return None
        if name.text == left:
            self.problems.error("E220", f"`{left}` cannot be joined to itself", name.span)
            return None
        twice = next((j for j in earlier if j.table == name.text), None)
        if twice is not None:
            self.problems.error(
                "E304", f"`{name.text}` is joined twice", name.span, related=(Related(twice.span, "first here"),)
            )
            return None
        if on is None or not on.values:
            self.problems.error(
                "E307",
                f"`join {name.text}` does not say on which columns",
                clause.span,
                f"for example `join {name.text} on province, year`",
            )
            return None
        keys = [self._join_key(value, left, name.text) for value in on.values]
        if any(key is None for key in keys):
            return None
        return Join(name.text, tuple(key for key in keys if key is not None), span=clause.span)

    def _join_key(self, value: ast.Value, left: str, right: str) -> tuple[str, str] | None:
        mine = value.name if value.name is not None else value.value
        other = value.value
        if not isinstance(mine, ast.Name) or not isinstance(other, ast.Name):
            self.problems.error(
                "E303", "`on` takes column names", value.span, "`on importer = country` for different names"
            )
            return None
        fine = True
        for table, column in ((left, mine), (right, other)):
            known = self._reach(table)
            if known is not None and column.text not in known:
                other_table = right if table == left else left
                help_ = suggestion(column.text, known)
                if value.name is None and not help_:
                    help_ = f"for columns of different names write `on {self._pair(column.text, table, left)}`"
                self.problems.error(
                    "E210",
                    f"the table `{table}` has no column `{column.text}` to join `{other_table}` on",
                    column.span,
                    help_,
                )
                fine = False
        return (mine.text, other.text) if fine else None

    @staticmethod
    def _pair(column: str, missing_in: str, left: str) -> str:
        return f"… = {column}" if missing_in == left else f"{column} = …"

    def _reach(self, table: str) -> tuple[str, ...] | None:
        """A table's columns, its own joins included where these are read already."""
        known = self.scope.headers.get(table)
        if known is None:
            return None
        more = self._columns(table, ())
        return more if more is not None else (None if self._joins.get(table) else known)

    def _is_table(self, name: ast.Name) -> bool:
        found = self.scope.declarations.get(name.text)
        self.scope.use(name.text)
        if found is None:
            if not self.scope.rest_unknown:
                help_ = suggestion(name.text, self.scope.of_kind(DATA))
                help_ = help_ or f'declare it: `data {name.text} from "data/{name.text}.csv"`'
                self.problems.error("E220", f"no data table called `{name.text}`", name.span, help_)
            return False
        if found.kind == LOST:
            return False
        if found.kind != DATA:
            self.scope.wrong_kind(name, found, "a data table")
            return False
        return True

    # --- the panel ----------------------------------------------------------------------------------

    def _read_panel(self) -> None:
        panels = [s for s in self.scope.file.statements if s.keyword == "panel"]
        for extra in panels[1:]:
            self.problems.error(
                "E221",
                "a file has one panel",
                extra.span,
                "join a table of products, and read it through an aggregate such as `sum(customs.value)`",
                related=(Related(panels[0].span, "the first panel"),),
            )
        if not panels:
            return
        statement = self.panel_statement = panels[0]
        clauses = self._clauses[id(statement)] = Clauses(statement, self.problems)
        name = panel_table(statement)
        if name is None:
            self.problems.error(
                "E307", "`panel` names the table it is made of", statement.span, "for example `panel provinces`"
            )
            return
        if not self._is_table(name):
            return
        ids = self._key_columns(statement, clauses, "id", name)
        times = self._key_columns(statement, clauses, "time", name)
        if not ids or not times:
            return
        repeated = next((i for i in ids if i in times), "") or (ids[0] if len(set(ids)) < len(ids) else "")
        if repeated:
            self.problems.error("E222", f"`{repeated}` stands twice among the panel's keys", statement.span)
            return
        joins = self._joins[""] = self._read_joins(statement, name.text)
        self.scope.panel = PanelKeys(name.text, ids, times[0], tuple(j.table for j in joins), span=statement.span)
        self._hide_join_keys(joins)

    def _key_columns(self, statement: ast.Statement, clauses: Clauses, word: str, table: ast.Name) -> tuple[str, ...]:
        values = clauses.values(word)
        if not values:
            if word not in clauses.found and not statement.broken:
                example = "id province" if word == "id" else "time year"
                self.problems.error(
                    "E222",
                    f"the panel does not say what its `{word}` is",
                    table.span,
                    f"add a line `{example}`",
                )
            return ()
        known = self._reach(table.text)
        names: list[str] = []
        for value in values:
            column = plain(value, self.problems).value
            if not isinstance(column, ast.Name):
                self.problems.error("E303", f"`{word}` takes a column name", value.span)
                return ()
            declared = self.scope.declarations.get(column.text)
            if declared is not None and declared.statement is not None and declared.statement.body:
                self.problems.error(
                    "E222",
                    f"`{word}` must be a column of `{table.text}`, and `{column.text}` is declared in this file",
                    column.span,
                    related=(Related(declared.span, "declared here"),),
                )
                return ()
            if known is not None and column.text not in known:
                self.problems.error(
                    "E210",
                    f"the table `{table.text}` has no column `{column.text}`",
                    column.span,
                    suggestion(column.text, known) or few(known),
                )
            self.scope.use(column.text)
            names.append(column.text)
        return tuple(names)

    def _hide_join_keys(self, joins: tuple[Join, ...]) -> None:
        """A key that both sides call the same is one column, the panel table's."""
        for join in joins:
            self.scope.join_keys[join.table] = {left for left, right in join.keys if left == right}

    # --- second pass --------------------------------------------------------------------------------

    def tables(self, expressions: Expressions) -> tuple[DataTable, ...]:
        """The data tables with their conditions and joins."""
        made: list[DataTable] = []
        for name, table in self._tables.items():
            where = self._where(self._statements[name], expressions, name)
            made.append(table.replace(where=where, joins=self._joins[name]))
        self._check_rings()
        return tuple(made)

    def panel(self, expressions: Expressions) -> Panel | None:
        """The panel with its condition."""
        keys, statement = self.scope.panel, self.panel_statement
        if keys is None or statement is None:
            return None
        where = self._where(statement, expressions, None)
        return Panel(keys.table, keys.id, keys.time, self._joins.get("", ()), where, span=statement.span)

    def _where(self, statement: ast.Statement, expressions: Expressions, table: str | None) -> Expr | None:
        where: Expr | None = None
        for value in self._clauses[id(statement)].values("where"):
            found = expressions.condition(value, table=table)
            if found is not None:
                where = found if where is None else Apply("and", (where, found), span=found.span)
        return where

    def _check_rings(self) -> None:
        for name in self._joins:
            ring = self._ring(name, (name,)) if name else ()
            if ring and min(ring) == name:
                shown = " → ".join(f"`{table}`" for table in (*ring, name))
                self.problems.error(
                    "E203",
                    f"tables join each other in a ring: {shown}",
                    self.scope.declarations[name].span,
                )

    def _ring(self, start: str, way: tuple[str, ...]) -> tuple[str, ...]:
        for join in self._joins.get(way[-1], ()):
            if join.table == start:
                return way
            if join.table not in way:
                found = self._ring(start, (*way, join.table))
                if found:
                    return found
        return ()


def panel_table(statement: ast.Statement) -> ast.Name | None:
    """The table a `panel` statement names."""
    if isinstance(statement.name, ast.Name):
        return statement.name
    if statement.body and isinstance(statement.body[0].value, ast.Name):
        return statement.body[0].value
    return None
