"""What trees mean with the columns and files of either of two versions."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from typing import Any

from carbonspec import api
from carbonspec.compare.study import Meaning
from carbonspec.diagnostics.model import ERROR, Checked, DataError
from carbonspec.lang import ast
from carbonspec.lang.spec import Spec
from carbonspec.versions.opened import Opened


class Reading:
    """Resolves and plans trees with the columns and files of either side. Files count by what they hold."""

    def __init__(self, before: Opened, after: Opened) -> None:
        from carbonspec.engine.headers import headers
        from carbonspec.lang.resolve.tables import declared_tables

        self.sides = (before, after)
        self.catalogue = api.catalogue()
        self.tables = [declared_tables(side.tree) for side in self.sides]
        known = [headers(t, side.folder, side.allowed) for t, side in zip(self.tables, self.sides, strict=True)]
        self.columns = [dict(one) for one in known]
        for name in known[0].keys() & known[1].keys():
            if None in (known[0][name], known[1][name]):
                self.columns[0][name] = self.columns[1][name] = None
        paths = [{real for table in t for _, real in self._files(table, side)} for t, side in self._zipped()]
        self._shared = paths[0] & paths[1]
        self._contents: dict[str, str] = {}
        self._known: dict[tuple[int, bool], tuple[ast.File, Checked[Spec]]] = {}

    def _zipped(self) -> Iterable[tuple[Any, Opened]]:
        return zip(self.tables, self.sides, strict=True)

    def mistakes(self) -> list[str]:
        """A sentence on each side that has some."""
        found = []
        for side, newer in zip(self.sides, (False, True), strict=True):
            errors = [d for d in self._resolved(side.tree, newer).diagnostics if d.severity == ERROR]
            if side.there and errors:
                first = errors[0]
                line = f" (line {first.span.line})" if first.span is not None else ""
                more = f", and {len(errors) - 1} more" if len(errors) > 1 else ""
                found.append(f"{side.label} has a mistake{line}: {first.code} {first.message}{more}")
        return found

    def meaning(self, tree: ast.File, newer: bool) -> Meaning | None:
        """What a tree means with the data of one side; None when it has mistakes."""
        from carbonspec.planner.lower import lower

        side = self.sides[newer]
        resolved = self._resolved(tree, newer)
        if not resolved.ok:
            return None
        spec = resolved.value
        spec = spec.replace(
            data=tuple(t.replace(location=self._table(t, side)) for t in spec.data),
            tables=tuple(t.replace(published=self._one(t.published, side, t.span)) for t in spec.tables),
            figures=tuple(f.replace(shapes=self._one(f.shapes, side, f.span)) for f in spec.figures),
        )
        return Meaning(spec, lower(spec, {}, ""))

    def _resolved(self, tree: ast.File, newer: bool) -> Checked[Spec]:
        from carbonspec.lang.resolve.study import resolve

        key = (id(tree), newer)
        if key not in self._known:  # the tree is kept with it, so that its id stays its own
            columns: Mapping[str, Any] = {t.name: None for t in self.tables[not newer]} | self.columns[newer]
            self._known[key] = (tree, resolve(tree, self.catalogue, columns, outside=True))
        return self._known[key][1]

    @property
    def data(self) -> dict[str, tuple[str, ...]]:
        """By table, the files that both sides name alike and that hold something else."""
        found: dict[str, tuple[str, ...]] = {}
        old = {table.name: table for table in self.tables[0]}
        for table in self.tables[1]:
            mine = old.get(table.name)
            if mine is None or mine.package or table.package:
                continue
            one = dict(self._files(mine, self.sides[0]))
            other = dict(self._files(table, self.sides[1]))
            if mine.location != table.location and one.keys() != other.keys():
                continue
            names = [
                name
                for name in dict.fromkeys((*other, *one))
                if (self._content(one[name]) if name in one else "")
                != (self._content(other[name]) if name in other else "")
            ]
            if names and one and other:
                found[table.name] = tuple(names)
        return found

    def _files(self, table: Any, side: Opened) -> tuple[tuple[str, str], ...]:
        from carbonspec.engine.paths import locate

        try:
            return tuple((name, os.path.realpath(path)) for name, path in locate(table, side.folder, side.allowed))
        except (DataError, OSError):
            return ()

    def _table(self, table: Any, side: Opened) -> str:
        files = self._files(table, side)
        return " ".join(self._content(path) for _, path in files) if files else str(table.location)

    def _one(self, location: str, side: Opened, span: Any) -> str:
        from carbonspec.engine.paths import safe_path

        try:
            return self._content(safe_path(location, side.folder, side.allowed, span)) if location else ""
        except (DataError, OSError):
            return location

    def _content(self, path: str) -> str:
        """What stands for the content of a file: its path while both sides read the same one, else its SHA-256."""
        from carbonspec.engine.digest import file_digest

        if path in self._shared:
            return path
        if path not in self._contents:
            self._contents[path] = file_digest(path)
        return self._contents[path]
