"""Build hook: makes the parse tables from grammar/cspec.lark, so that starting carbonspec needs no lark.

Runs for wheels and for editable installs. The tables carry the grammar they were made from; where it has changed since,
the parser makes new ones by itself.
"""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ROOT = Path(__file__).parent
TABLES = "src/carbonspec/lang/_tables.py"


class TablesHook(BuildHookInterface[Any]):
    """Writes `_tables.py` before anything is packed."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002
        """Make the tables and have them packed although git ignores them."""
        if self.target_name == "wheel":
            write_tables()
            build_data["artifacts"].append("/" + TABLES)


def write_tables() -> Path:
    """Write the tables of the grammar as it is now. Returns where."""
    compiler = _load(ROOT / "src" / "carbonspec" / "lang" / "compile_tables.py")
    grammar = (ROOT / "grammar" / "cspec.lark").read_text(encoding="utf-8")
    path = ROOT / TABLES
    path.write_text(compiler.as_module(compiler.compile_tables(grammar, strict=True)), encoding="utf-8")
    return path


def _load(path: Path) -> ModuleType:
    """A module by its file: the package itself is not installed yet, and its dependencies need not be."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
