"""Verdicts: tested coefficients, equivalence, plain comparisons, conjunctions; expectations."""

from __future__ import annotations

import pytest
from tests.report import factory as f

from carbonspec.lang.spec import Apply, Expect, Hypothesis, Study
from carbonspec.report.claims import check_expectation, judge
from carbonspec.report.run import Failure, Findings

STUDY = Study(level=0.05)
FINDINGS = Findings(
    {
        "m": (f.column(1, f.fit({"Open": (-3641.121, 2000.0), "Rpc": (2.0, 0.5), "Gdp": (0.01, 0.02)}), "m"),),
        "n": (f.column(1, f.fit({"Open": (-1000.0, 5000.0)}), "n"),),
        "broken": (f.column(1, None, "broken", failure=Failure("b", "E502", "2 rows cannot estimate 3 parameters")),),
    }
)


def verdict(claim: Apply, level: float | None = None) -> str:
    return judge(Hypothesis("H", claim, level=level), FINDINGS, STUDY).verdict


@pytest.mark.parametrize(
    ("claim", "level", "expected"),
    [
        # t(29) = -1.82: two-sided p is 0.079
        (f.compare(f.quantity("m", "Open"), "<", 0), 0.10, "supported"),
        (f.compare(f.quantity("m", "Open"), "<", 0), None, "unsupported"),
        (f.compare(f.quantity("m", "Open"), ">", 0), 0.10, "contradicted"),
        (f.compare(f.quantity("m", "Open"), ">", 0), None, "unsupported"),
        (f.compare(0, ">", f.quantity("m", "Open")), 0.10, "supported"),
        # against a number other than zero: t = (2 - 0.5)/0.5 = 3
        (f.compare(f.quantity("m", "Rpc"), ">", 0.5), 0.01, "supported"),
        (f.compare(f.quantity("m", "Rpc"), ">", 1.9), 0.05, "unsupported"),
        (f.compare(f.quantity("m", "Rpc"), "<", 0.5), 0.01, "contradicted"),
        (f.compare(f.quantity("m", "Rpc"), "!=", 0), None, "supported"),
        (f.compare(f.quantity("m", "Rpc"), "==", 0), None, "contradicted"),
        (f.compare(f.quantity("m", "Rpc"), "==", 2), None, "unsupported"),
    ],
)
def test_a_coefficient_against_a_number_is_tested(claim: Apply, level: float | None, expected: str) -> None:
    assert verdict(claim, level) == expected


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (-0.1, 0.1, "supported"),  # 0.01 with error 0.02: both ends more than 4 errors away
        (-0.1, 0.02, "unsupported"),  # the upper end is half an error away
        (0.2, 0.3, "contradicted"),  # 9.5 errors below the range
        (0.02, 0.3, "unsupported"),  # below the range, not significantly
    ],
)
def test_a_range_is_an_equivalence_test(low: float, high: float, expected: str) -> None:
    assert verdict(f.between(f.quantity("m", "Gdp"), low, high)) == expected


def test_the_equivalence_p_is_the_larger_of_two_one_sided_tests() -> None:
    part = judge(Hypothesis("H", f.between(f.quantity("m", "Gdp"), -0.1, 0.05)), FINDINGS, STUDY).parts[0]
    assert part.p_value == pytest.approx(0.0549436 / 2, abs=1e-7)  # P(t(29) >= 2)


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        (f.compare(f.quantity("m", "Open"), "<", f.quantity("n", "Open")), "supported"),
        (f.compare(f.quantity("m", "Open"), ">", f.quantity("n", "Open")), "unsupported"),
        (f.compare(f.quantity("m", "Open", "p"), "<", 0.1), "supported"),
        (f.compare(f.quantity("m", part="N"), ">=", 271), "unsupported"),
        (f.between(f.quantity("m", part="N"), 200, 300), "supported"),
    ],
)
def test_everything_else_is_compared_plainly(claim: Apply, expected: str) -> None:
    found = judge(Hypothesis("H", claim), FINDINGS, STUDY)
    assert found.verdict == expected
    assert found.parts[0].p_value is None


def test_and_needs_every_part() -> None:
    yes = f.compare(f.quantity("m", "Rpc"), ">", 0)
    no = f.compare(f.quantity("m", "Open"), "<", 0)
    against = f.compare(f.quantity("m", "Rpc"), "<", 0)
    assert verdict(Apply("and", (yes, yes))) == "supported"
    assert verdict(Apply("and", (yes, no))) == "unsupported"
    assert verdict(Apply("and", (yes, Apply("and", (no, against))))) == "contradicted"
    assert len(judge(Hypothesis("H", Apply("and", (yes, Apply("and", (no, against))))), FINDINGS, STUDY).parts) == 3


def test_a_claim_on_a_failed_column_fails_with_its_reason() -> None:
    found = judge(Hypothesis("H", f.compare(f.quantity("broken", "Open"), "<", 0)), FINDINGS, STUDY)
    assert found.verdict == "failed"
    assert "2 rows cannot estimate 3 parameters" in found.reason


def expectation(value: float, text: str, tolerance: float | None = None, relative: bool = False) -> bool:
    line = Expect(f.quantity("m", "Open"), value=value, tolerance=tolerance, relative=relative, text=text)
    return check_expectation(line, FINDINGS, ()).met


@pytest.mark.parametrize(
    ("value", "text", "tolerance", "relative", "met"),
    [
        (-3641.121, "m.Open = -3641.121", None, False, True),
        (-3641.1, "m.Open = -3641.1", None, False, True),
        (-3641.0, "m.Open = -3641", None, False, True),
        (-3641.0, "m.Open = -3641.0", None, False, False),
        (-3640.0, "m.Open = -3640", None, False, False),
        (-3600.0, "m.Open = -3.6e3", None, False, True),
        (-3624.0, "m.Open = -3624 within 0.5%", 0.005, True, True),
        (-3622.0, "m.Open = -3622 within 0.5%", 0.005, True, False),
        (-3641.126, "m.Open = -3641.126 within 0.005", 0.005, False, True),
        (-3641.127, "m.Open = -3641.127 within 0.005", 0.005, False, False),
    ],
)
def test_expectations(value: float, text: str, tolerance: float | None, relative: bool, met: bool) -> None:
    assert expectation(value, text, tolerance, relative) is met


def test_trailing_zeros_count_as_printed_digits() -> None:
    findings = Findings({"m": (f.column(1, f.fit({"x": (0.0104, 1.0)}), "m"),)})
    assert check_expectation(Expect(f.quantity("m", "x"), value=0.01, text="m.x = 0.01"), findings, ()).met
    assert not check_expectation(Expect(f.quantity("m", "x"), value=0.01, text="m.x = 0.0100"), findings, ()).met


def test_a_missed_expectation_says_what_came_and_by_how_much() -> None:
    line = Expect(f.quantity("m", part="N"), value=271.0, text="m.N = 271")
    found = check_expectation(line, FINDINGS, ())
    assert (found.wanted, found.obtained, found.met) == ("271", "270", False)
    assert found.reason == "off by -1 (-0.37%)"


def test_verdict_words() -> None:
    verdicts = [judge(Hypothesis("H1", f.compare(f.quantity("m", "Rpc"), ">", 0)), FINDINGS, STUDY)]
    good = check_expectation(Expect(None, "H1", "supported", text="H1 = supported"), FINDINGS, verdicts)
    bad = check_expectation(Expect(None, "H1", "contradicted", text="H1 = contradicted"), FINDINGS, verdicts)
    gone = check_expectation(Expect(None, "H9", "supported", text="H9 = supported"), FINDINGS, verdicts)
    assert (good.met, bad.met, bad.obtained, gone.met) == (True, False, "supported", False)


def test_an_expectation_on_something_missing_is_missed_with_the_reason() -> None:
    found = check_expectation(Expect(f.quantity("m", "Opne"), value=1.0, text="m.Opne = 1"), FINDINGS, ())
    assert not found.met
    assert found.reason == "m[1] has no term `Opne`; it has Open, Rpc, Gdp"
