"""Every code that emissions, index and stock use is explained, and every explained one is used."""

import re
from pathlib import Path

import carbonspec.econometrics.measures as package
from carbonspec.diagnostics.codes.all import CODES
from carbonspec.diagnostics.codes.measures import CODES as OWN

TEXT = "\n".join(path.read_text(encoding="utf-8") for path in Path(package.__file__).parent.glob("*.py"))
QUALITY = ("85", "86")
USED = set(re.findall(r'"([EWN]8[0-47-9]\d)"', TEXT))


def test_codes():
    explained = {code.id for code in OWN}
    assert len(explained) == len(OWN)
    assert {code for code in explained if code[1:3] not in QUALITY} == USED
    assert explained <= set(CODES)


def test_a_number_belongs_to_one_code():
    numbers = [code.id[1:] for code in OWN]
    assert len(set(numbers)) == len(numbers)
