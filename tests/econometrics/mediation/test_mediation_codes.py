"""Every code that mediation and the bootstrap use is explained, and every explained one is used."""

from __future__ import annotations

import re
from pathlib import Path

import carbonspec.econometrics.bootstrap as bootstrap
import carbonspec.econometrics.mediation as mediation
from carbonspec.diagnostics.codes.all import CODES
from carbonspec.diagnostics.codes.mediation import CODES as OWN

FILES = [path for package in (bootstrap, mediation) for path in Path(package.__file__).parent.glob("*.py")]
USED = set(re.findall(r'"([EWN]5\d\d)"', "\n".join(path.read_text(encoding="utf-8") for path in FILES)))


def test_codes():
    own = {code.id for code in OWN}
    assert len(own) == len(OWN)
    assert own == {code for code in USED if code[2] == "5"}
    assert set(CODES) >= USED
    assert all(code.why.endswith(".") and code.fix and not code.title.endswith(".") for code in OWN)
