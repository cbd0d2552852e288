"""Every code is explained, in its own range, with an example where it helps."""

from __future__ import annotations

import re

import pytest

from carbonspec.diagnostics.codes.all import CODES
from carbonspec.diagnostics.codes.formulas import CODES as FORMULAS
from carbonspec.diagnostics.codes.lints import CODES as LINTS
from carbonspec.diagnostics.codes.model import Code
from carbonspec.diagnostics.codes.names import CODES as NAMES
from carbonspec.diagnostics.explanation import explanation

MINE = (*NAMES, *FORMULAS, *LINTS)


def test_ids_are_unique_and_in_order() -> None:
    for group, first in ((NAMES, "2"), (FORMULAS, "39"), (LINTS, "7")):
        ids = [code.id for code in group]
        assert len(set(ids)) == len(ids)
        assert all(code[0] in "EWN" and code[1] in first for code in ids)
    assert len(CODES) >= len(MINE)


@pytest.mark.parametrize("code", MINE, ids=lambda code: code.id)
def test_a_code_says_why_and_how(code: Code) -> None:
    assert re.fullmatch(r"[EWN]\d{3}", code.id)
    assert code.title
    assert not code.title.endswith(".")
    assert code.why.endswith(".")
    assert code.fix
    assert code.example
    page = explanation(code)
    assert page.startswith(f"{code.id}: {code.title}")
    assert max(map(len, page.splitlines()[4:])) < 250
