"""Derived models: what is taken over, replaced, added, and-ed."""

from __future__ import annotations

import pytest
from tests.lang.resolve.studies import columns, model

from carbonspec.lang.spec import KEY, Apply, Covariance, Literal, Ref

BASE = """var coastal "Coast" levels 0 "Inland", 1 "Coast"
model base: y ~ x + csw0(a, b) | fe(id, year) where year >= 2012 weights w se hc1
model cut: y ~ x + csw0(a) split coastal
model both: (y, z) ~ x + a | fe(id)
"""
DERIVED = {
    "base[3]": ["y ~ x + a + b | fe(id, year)"],
    "base[2..last]": ["y ~ x + a | fe(id, year)", "y ~ x + a + b | fe(id, year)"],
    "base + z": ["y ~ x + z | fe(id, year)", "y ~ x + a + z | fe(id, year)", "y ~ x + a + b + z | fe(id, year)"],
    "base - a": ["y ~ x | fe(id, year)", "y ~ x | fe(id, year)", "y ~ x + b | fe(id, year)"],
    "base[last] - a + L.x": ["y ~ x + b + L.x | fe(id, year)"],
    "base[last] - 1": ["y ~ x + a + b - 1 | fe(id, year)"],
    "base[1] + csw0(z, c)": ["y ~ x | fe(id, year)", "y ~ x + z | fe(id, year)", "y ~ x + z + c | fe(id, year)"],
    "base[1] | fe(id)": ["y ~ x | fe(id)"],
    "base[1] | be(id)": ["y ~ x | be(id)"],
    "base[1] | fe(sw(id, year))": ["y ~ x | fe(id)", "y ~ x | fe(year)"],
    "log(y) ~ base[2]": ["log(y) ~ x + a | fe(id, year)"],
    "(z, c) ~ base[1..2]": [
        "z ~ x | fe(id, year)",
        "z ~ x + a | fe(id, year)",
        "c ~ x | fe(id, year)",
        "c ~ x + a | fe(id, year)",
    ],
    "log(y) ~ both": ["log(y) ~ x + a | fe(id)"],
    "both[outcome = z] + b": ["z ~ x + a + b | fe(id)"],
    "both + b": ["y ~ x + a + b | fe(id)", "z ~ x + a + b | fe(id)"],
}


@pytest.mark.parametrize("formula", DERIVED)
def test_derived(formula: str) -> None:
    assert columns(f"{BASE}model m: {formula}\n") == DERIVED[formula]


def test_clauses_are_taken_over() -> None:
    found = model(f"{BASE}model m: base[1] where x > 0\n")
    year = Apply(">=", (Ref("time", KEY), Literal(2012.0)))
    assert found.where == Apply("and", (year, Apply(">", (Ref("x", "raw", "firms"), Literal(0.0)))))
    assert found.weights == Ref("w", "raw", "firms")
    assert found.covariance == Covariance("hc1")


def test_a_clause_replaces_its_like() -> None:
    found = model(f"{BASE}model m: base[1] se iid weights x\n")
    assert found.covariance == Covariance("iid")
    assert found.weights == Ref("x", "raw", "firms")


@pytest.mark.parametrize(
    ("study_se", "base_se", "own_se", "expected"),
    [
        ("", "", "", Covariance("cluster", (Ref("id", KEY),))),
        ("iid", "", "", Covariance("iid")),
        ("iid", "hc1", "", Covariance("hc1")),
        ("iid", "hc1", "hc3", Covariance("hc3")),
        (
            "cluster(region, correction = full)",
            "",
            "",
            Covariance("cluster", (Ref("region", "raw", "firms"),), None, "full"),
        ),
        ("driscoll_kraay(lags = 2)", "", "", Covariance("driscoll_kraay", (), 2)),
    ],
)
def test_standard_errors_come_from_model_base_study(
    study_se: str, base_se: str, own_se: str, expected: Covariance
) -> None:
    text = f'study "S"\n  se {study_se}\n' if study_se else ""
    text += f"model base: y ~ x{f' se {base_se}' if base_se else ''}\n"
    text += f"model m: base{f' se {own_se}' if own_se else ''}\n"
    assert model(text).covariance == expected


def test_a_split_is_taken_over_or_becomes_a_condition() -> None:
    assert model(f"{BASE}model m: cut + z\n").split == Ref("coastal", "variable", "firms")
    found = model(f"{BASE}model m: cut[coastal = 1] + z\n")
    assert found.split is None
    assert found.where == Apply("==", (Ref("coastal", "variable", "firms"), Literal(1.0)))


def test_a_position_counts_split_values_slowest() -> None:
    found = model(f"{BASE}model m: cut[4] + z\n")
    assert found.where == Apply("==", (Ref("coastal", "variable", "firms"), Literal(1.0)))
    assert [t.name for t in found.columns[0].regressors] == ["x", "a", "z"]


def test_statements_stand_in_any_order() -> None:
    assert columns("model m: base + z\nmodel base: y ~ x\n") == ["y ~ x + z"]


def test_terms_of_a_base_can_be_crossed() -> None:
    assert columns("model base: y ~ x + a:b\nmodel m: y ~ c:base\n") == ["y ~ c:x + c:a:b"]
