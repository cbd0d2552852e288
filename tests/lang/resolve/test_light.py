"""Resolving a long study works, and imports nothing heavy."""

from __future__ import annotations

import subprocess
import sys

from tests.lang.resolve.studies import CATALOGUE, HEAD

from carbonspec.lang.parse import parse
from carbonspec.lang.resolve.study import resolve
from carbonspec.source import Source


def long_study() -> str:
    lines = [HEAD.rstrip()]
    lines += [f"var v{i} = log(x{i}) / (1 + mean(x{i + 1}, by = year))" for i in range(60)]
    lines += [f"let part{i} = v{i} + L.v{i + 1} + v{i + 2}:v{i + 3}" for i in range(20)]
    lines += ["model m0: y ~ x + csw0(part0, part4, part8, part12) | fe(id, year)"]
    lines += [f"model m{i}: m{i // 10}[last] + z{i} where year > {2000 + i}" for i in range(1, 50)]
    lines += [f"expect m{i}[last].x = {i} within 1%" for i in range(50)]
    lines += [f'table {i} "Table": m{i}' for i in range(50)]
    return "\n".join(lines) + "\n"


def test_a_long_study_resolves() -> None:
    text = long_study()
    assert text.count("\n") > 200
    assert resolve(parse(Source("s.cspec", text)).value, CATALOGUE, {}).ok


def test_only_light_modules() -> None:
    program = (
        "import sys; from carbonspec.lang.resolve import study; from carbonspec.lang.rules import lint; "
        "from carbonspec.diagnostics.renderers import full; "
        "from carbonspec.econometrics import catalogue; from carbonspec.report import catalogue as report; "
        "heavy = {'numpy', 'pandas', 'rich', 'dataclasses', 'inspect', 'logging', 'pathlib', 'asyncio'}; "
        "print(sorted(heavy & set(sys.modules)))"
    )
    shown = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "[]"
