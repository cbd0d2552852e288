"""Every code of the tests is explained, raised somewhere, and every code raised is explained."""

import re
from pathlib import Path

import carbonspec.econometrics.hypothesis_tests as package
from carbonspec.diagnostics.codes.all import CODES
from carbonspec.diagnostics.codes.hypothesis_tests import CODES as MINE


def test_codes_are_those_of_the_sources():
    text = "".join(path.read_text(encoding="utf-8") for path in Path(package.__path__[0]).rglob("*.py"))
    used = set(re.findall(r'"([EWN]\d{3})"', text))
    assert {code.id for code in MINE} <= used
    assert used <= set(CODES)
    assert len({code.id for code in MINE}) == len(MINE)


def test_codes_say_why_and_how():
    for code in MINE:
        assert re.fullmatch(r"[EWN]52\d", code.id)
        assert code.why.endswith(".")
        assert code.fix
        assert not code.fix.endswith(".")
        assert not code.title.endswith(".")
