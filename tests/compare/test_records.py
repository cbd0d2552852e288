"""Laws of the exact difference of two studies, and that it sees every field of every record there is or will be."""

from __future__ import annotations

import typing
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.compare.comparing import STUDY
from tests.lang.resolve.studies import study

from carbonspec.compare.records import STRENGTH, Difference, apply, diff, mirrored, weaker
from carbonspec.lang import spec as language
from carbonspec.lang.spec import ESTIMATES, INFERENCE, PRESENTATION, Expr, Ref, Spec, Study, Term
from carbonspec.record import Record
from carbonspec.source import Located

EMPTY = Spec(Study())
PLACES = [name for name in Spec._fields if name != "span"]

# --- records of any class, made from their annotations ---------------------------------------------------------


def sample(cls: Any, mark: str, open_: tuple[Any, ...] = ()) -> Any:
    """A record with every field filled with something that is not its default."""
    hints = typing.get_type_hints(cls)
    values = {}
    for name, known in cls._fields.items():
        if name == "span":
            continue
        value = filled(hints[name], mark, (*open_, cls))
        values[name] = known.default if value is None else value
    return cls(**values)


def filled(hint: Any, mark: str, open_: tuple[Any, ...]) -> Any:
    """A value of a type; None where records would stand in themselves."""
    origin, parts = typing.get_origin(hint), typing.get_args(hint)
    if origin is tuple:
        if parts[-1] is Ellipsis:
            inner = filled(parts[0], mark, open_)
            return () if inner is None else (inner,)
        return tuple(filled(part, mark, open_) for part in parts)
    if parts:  # a union: its first kind
        return filled(next(part for part in parts if part is not type(None)), mark, open_)
    if hint in (Expr, Located):
        return Ref(f"x{mark}")
    if isinstance(hint, type) and issubclass(hint, Record):
        return None if hint in open_ else sample(hint, mark, open_)
    kinds: dict[Any, Any] = {str: f"s{mark}", float: 7.0 + len(mark), int: 7 + len(mark), bool: True}
    return kinds[hint]


def item_class(place: str) -> Any:
    hint = typing.get_type_hints(Spec)[place]
    parts = [part for part in typing.get_args(hint) if part not in (Ellipsis, type(None))]
    return parts[0] if parts else hint


def one_item(place: str, item: Any) -> Spec:
    held = isinstance(getattr(EMPTY, place), tuple)
    return EMPTY.replace(**{place: (item,) if held else item})


FIELDS = [(place, name) for place in PLACES for name in item_class(place)._fields if name != "span"]


@pytest.mark.parametrize(("place", "name"), FIELDS, ids=lambda value: value)
def test_every_field_of_every_statement_is_seen_and_classed_by_its_tag(place: str, name: str) -> None:
    cls = item_class(place)
    item = sample(cls, "")
    value = filled(typing.get_type_hints(cls)[name], "2", (cls,))
    if value is False or value == getattr(item, name):
        value = not value
    before, after = one_item(place, item), one_item(place, item.replace(**{name: value}))
    found = diff(before, after)
    assert found
    assert apply(found, before) == after
    if name in ("name", "number"):
        return  # one went and another came
    bound = weaker(Spec._fields[place].affects, cls._fields[name].affects)
    assert STRENGTH[found.affects] <= STRENGTH[bound]
    if isinstance(value, str | float | int):
        assert found.affects == bound


@pytest.mark.parametrize("place", PLACES)
def test_every_place_of_the_study_can_gain_and_lose_an_item(place: str) -> None:
    item = sample(item_class(place), "")
    after = one_item(place, item)
    found = diff(EMPTY, after)
    assert [d.place for d in found.items] == [place]
    assert found.affects in (ESTIMATES, INFERENCE, PRESENTATION)
    assert apply(found, EMPTY) == after
    assert mirrored(found) == diff(after, EMPTY)


def test_a_field_inside_another_affects_no_more_than_that_one() -> None:
    """The bound of a hypothesis is an expression, whose fields say `estimates`; it moves no estimate."""
    one, other = (study(STUDY.replace("> 0 at", f"> {n} at")) for n in (0, 1))
    assert diff(one, other).affects == INFERENCE


# --- laws on studies --------------------------------------------------------------------------------------------

CONTROLS = ("a", "b", "c", "w")


@st.composite
def texts(draw: st.DrawFn) -> str:
    """Versions of one study: terms, samples, labels, order of statements, outputs."""
    controls = draw(st.lists(st.sampled_from(CONTROLS), min_size=1, unique=True))
    lines = [
        f'study "{draw(st.sampled_from(["Growth", "Trade"]))}"\n  se {draw(st.sampled_from(["iid", "cluster(id)"]))}',
        f"let controls = {' + '.join(controls)}",
        f'var lx "{draw(st.sampled_from(["Log x", "Size"]))}" = log(x)',
        f"winsorize y, {', '.join(draw(st.permutations(['x', 'z'])))} at {draw(st.integers(1, 3))}%, 99%",
        f"model base: y ~ lx + {draw(st.sampled_from(['lx:z', 'z:lx', 'csw0(controls)']))} | fe(id, year)",
        f"model early: base where year <= {draw(st.integers(2016, 2018))}",
    ]
    extra = [
        'table 1 "A": base',
        'table 1 "B": early, base',
        "table 2: summary(y, x)",
        "require x > 0",
        "require z in 0..1",
        "expect base[1].N = 100",
        "expect base[1].N = 101",
        "hypothesis H1: base[1].lx > 0",
        "model other: y ~ x + z",
        "trim w at 2%, 98%",
    ]
    chosen = draw(st.lists(st.sampled_from(extra), unique_by=lambda text: text[:7] if "table" in text else text))
    return "".join(f"{line}\n" for line in draw(st.permutations([*lines, *chosen])))


@settings(max_examples=60, deadline=None)
@given(texts(), texts())
def test_applying_a_difference_gives_the_other_study_and_its_mirror_the_way_back(one: str, other: str) -> None:
    before, after = study(one), study(other)
    found = diff(before, after)
    assert apply(found, before) == after
    assert mirrored(found) == diff(after, before)
    assert apply(mirrored(found), after) == before
    assert bool(found) == any(set(_items(before, place)) != set(_items(after, place)) for place in PLACES)


def _items(spec: Spec, place: str) -> tuple[Any, ...]:
    value = getattr(spec, place)
    return value if isinstance(value, tuple) else (value,)


@settings(max_examples=30, deadline=None)
@given(texts())
def test_a_study_does_not_differ_from_itself(text: str) -> None:
    assert not diff(study(text), study(text))


@settings(max_examples=30, deadline=None)
@given(texts(), st.randoms())
def test_the_order_of_statements_is_no_difference_of_numbers(text: str, random: Any) -> None:
    shuffled = text.replace("\n  se", "\x00").splitlines()
    random.shuffle(shuffled)
    other = study("\n".join(shuffled).replace("\x00", "\n  se") + "\n")
    found = diff(study(text), other)
    assert found.affects in ("", PRESENTATION)  # `lx:z` is called as it is first written
    assert all(isinstance(d, Difference) for d in found.items)


def test_records_of_the_language_are_all_known() -> None:
    """What `sample` cannot fill would not be tested above."""
    for cls in vars(language).values():
        ours = isinstance(cls, type) and issubclass(cls, Record) and cls.__module__ == language.__name__
        if ours and cls not in (Expr, Spec):
            assert isinstance(sample(cls, ""), cls)
    assert sample(Term, "").name == "s"
