"""A fingerprint changes exactly when a result can."""

import inspect

import pytest

from carbonspec.lang import spec
from carbonspec.lang.spec import ESTIMATES, INFERENCE, PRESENTATION, Covariance, Literal, Model, Ref, Term
from carbonspec.planner import task
from carbonspec.planner.fingerprint import fingerprint
from carbonspec.record import Record, fields_of
from carbonspec.source import Source, Span


def records(module):
    return [
        cls
        for cls in vars(module).values()
        if inspect.isclass(cls) and issubclass(cls, Record) and cls.__module__ == module.__name__
    ]


@pytest.mark.parametrize("cls", records(spec), ids=lambda cls: cls.__name__)
def test_every_field_of_the_study_says_what_it_affects(cls):
    for name, known in fields_of(cls).items():
        assert name == "span" or known.affects in (ESTIMATES, INFERENCE, PRESENTATION), f"{cls.__name__}.{name}"


@pytest.mark.parametrize("cls", [c for c in records(task) if c.__name__.endswith("Work")], ids=lambda c: c.__name__)
def test_every_field_of_a_payload_says_what_it_affects(cls):
    assert all(name == "span" or known.affects for name, known in fields_of(cls).items())


def model(**changes):
    values = {
        "name": "m",
        "columns": (spec.Column(Term(Ref("Ce"), "Ce"), (Term(Ref("Open"), "Open"),)),),
        "label": "Benchmark",
    }
    return Model(**{**values, **changes})


def test_a_place_never_counts():
    somewhere = Span(Source("a.cspec", "model m"), 0, 5)
    assert fingerprint(model(span=somewhere)) == fingerprint(model())


@pytest.mark.parametrize("change", [{"label": "Other"}, {"name": "n"}, {"quoted_formula": "x"}])
def test_presentation_never_counts(change):
    assert fingerprint(model(**change)) == fingerprint(model())


@pytest.mark.parametrize(
    "change",
    [
        {"where": Ref("Open")},
        {"covariance": Covariance("iid")},
        {"common_sample": True},
        {"columns": ()},
        {"weights": Literal(1.0)},
    ],
)
def test_what_moves_a_number_counts(change):
    assert fingerprint(model(**change)) != fingerprint(model())


def test_inference_alone_can_be_left_out():
    tags = frozenset((ESTIMATES,))
    assert fingerprint(model(covariance=Covariance("iid")), tags) == fingerprint(model(), tags)


def test_structure_cannot_be_confused_with_content():
    assert fingerprint((("a",), "b")) != fingerprint((("a", "b"),))
    assert fingerprint(Literal(1.0)) != fingerprint(Literal("1.0"))
