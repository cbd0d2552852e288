"""Spec × Spec → the exact difference of what two files mean, field by field; and back again.

Generic over the records of `lang/spec.py`: a new kind of statement needs nothing here. Three laws hold it:
`apply(diff(a, b), a) == b`, `diff(a, a)` is empty, `mirrored(diff(a, b)) == diff(b, a)`.
"""

from __future__ import annotations

from typing import Any

from carbonspec.lang.resolve.terms import canonical
from carbonspec.lang.spec import ESTIMATES, INFERENCE, PRESENTATION, Spec, Term
from carbonspec.planner.fingerprint import fingerprint
from carbonspec.record import Record, field

STRENGTH = {"": 0, PRESENTATION: 1, INFERENCE: 2, ESTIMATES: 3}
EVERYTHING = frozenset((ESTIMATES, INFERENCE, PRESENTATION))
ADDED, REMOVED, CHANGED = "added", "removed", "changed"
MISSING = ""


class Edit(Record):
    """One field that differs: `path` leads to it through records ("structure", "kind"); the values are its own."""

    path: tuple[str, ...]
    before: Any
    after: Any
    affects: str


class Difference(Record):
    """One item of the study (a model, a table, the panel) that was added, removed or changed.

    `place` is the field of `Spec` it stands in. `key` and `key_after` are what it is known by before and after: its
    name or number, or a hash of what it says where it has none.
    """

    kind: str
    place: str
    key: str
    key_after: str
    affects: str
    item: Any = None  # the whole item when it was added or removed
    edits: tuple[Edit, ...] = ()


class Order(Record):
    """The keys of a place's items before and after, where they are not the same sequence."""

    place: str
    before: tuple[str, ...]
    after: tuple[str, ...]


class SpecDifference(Record):
    """Everything in which two studies differ. The order of statements is kept, and is no difference."""

    items: tuple[Difference, ...] = ()
    orders: tuple[Order, ...] = field(default=(), compare=False)

    @property
    def affects(self) -> str:
        """The strongest of what the differences affect; "" when there are none."""
        return strongest(item.affects for item in self.items)

    def __bool__(self) -> bool:
        return bool(self.items)


def strongest(tags: Any) -> str:
    """The tag that says most: estimates before inference before presentation; "" for none."""
    return max(tags, key=STRENGTH.__getitem__, default="")


def weaker(one: str, other: str) -> str:
    """What a field inside another can affect: no more than either says."""
    return min(one, other, key=STRENGTH.__getitem__)


# --- what changed ---------------------------------------------------------------------------------------------


def diff(before: Spec, after: Spec) -> SpecDifference:
    """The differences of two studies, in the order of the fields of `Spec`."""
    items: list[Difference] = []
    orders: list[Order] = []
    for place, known in Spec._fields.items():
        if known.compare and getattr(before, place) != getattr(after, place):
            one, other = getattr(before, place), getattr(after, place)
            if isinstance(one, tuple):
                _items(place, known.affects, one, other, items, orders)
            else:
                edits = _edits((), one, other, known.affects)
                items.append(Difference(CHANGED, place, "", "", strongest(e.affects for e in edits), edits=edits))
    return SpecDifference(tuple(items), tuple(orders))


def _items(
    place: str, tag: str, before: tuple[Any, ...], after: tuple[Any, ...], items: list[Difference], orders: list[Order]
) -> None:
    old, new = keyed(before), keyed(after)
    partners = {key: key for key in old if key in new}
    lost = [key for key in old if key not in new]
    fresh = [key for key in new if key not in old]
    if before and after and not _named(before[0]):  # nameless ones that were edited are taken in pairs
        partners |= dict(zip(lost, fresh, strict=False))
    taken = set(partners.values())
    found: list[Difference] = []
    for key, item in old.items():
        if key not in partners:
            found.append(Difference(REMOVED, place, key, MISSING, weight(item, tag, outer=True), item))
        elif item != new[partners[key]]:
            edits = _edits((), item, new[partners[key]], tag)
            affects = strongest(e.affects for e in edits)
            found.append(Difference(CHANGED, place, key, partners[key], affects, edits=edits))
    for key, item in new.items():
        if key not in taken:
            found.append(Difference(ADDED, place, MISSING, key, weight(item, tag, outer=True), item))
    items += sorted(found, key=lambda d: max((d.key, d.key_after), (d.key_after, d.key)))
    if tuple(old) != tuple(new):
        orders.append(Order(place, tuple(old), tuple(new)))


def _named(item: Any) -> bool:
    return "name" in item._fields or "number" in item._fields


def keyed(items: tuple[Any, ...]) -> dict[str, Any]:
    """The items of a place by what they are known by, in order; of two alike the second is counted."""
    found: dict[str, Any] = {}
    for item in items:
        key = item.__dict__.get("name") or item.__dict__.get("number") or "#" + fingerprint(item, EVERYTHING)
        number = 2
        whole = key
        while whole in found:
            whole, number = f"{key}~{number}", number + 1
        found[whole] = item
    return found


def _edits(path: tuple[str, ...], before: Any, after: Any, tag: str) -> tuple[Edit, ...]:
    """The fields in which two values differ; records of one class are followed inwards."""
    if before == after:
        return ()
    if isinstance(before, Record) and type(before) is type(after) and not isinstance(before, Term):
        found: list[Edit] = []
        for name in before._compared:
            inner = weaker(tag, before._fields[name].affects)
            found += _edits((*path, name), before.__dict__[name], after.__dict__[name], inner)
        return tuple(found)
    return (Edit(path, before, after, _moved(before, after, tag)),)


def _moved(before: Any, after: Any, tag: str) -> str:
    """What a difference of two values affects, looking into them."""
    if before == after:
        return ""
    if (
        isinstance(before, Term)
        and isinstance(after, Term)
        and canonical(before.expression) == canonical(after.expression)
    ):
        return PRESENTATION  # `a:b` for `b:a`
    if isinstance(before, Record) and type(before) is type(after):
        names = before._compared
        return strongest(
            _moved(before.__dict__[n], after.__dict__[n], weaker(tag, before._fields[n].affects)) for n in names
        )
    if isinstance(before, tuple) and isinstance(after, tuple):
        return _tuples(before, after, tag)
    return tag


def _tuples(before: tuple[Any, ...], after: tuple[Any, ...], tag: str) -> str:
    """Like items are put aside; what is left is compared in pairs, and the rest counts whole."""
    rest = list(after)
    lost = []
    for item in before:
        if item in rest:
            rest.remove(item)
        else:
            lost.append(item)
    if not lost and not rest:
        return _order(before, tag)
    pairs = [_moved(one, other, tag) for one, other in zip(lost, rest, strict=False)]
    more = lost[len(rest) :] or rest[len(lost) :]
    return strongest([*pairs, *(weight(item, tag) for item in more)])


def _order(items: tuple[Any, ...], tag: str) -> str:
    """What the order of like items can move: of terms and keys it is that of the rows a table prints."""
    return PRESENTATION if all(isinstance(item, Record) and type(item).__name__ in FREE for item in items) else tag


FREE = frozenset(("Term", "Ref", "Dimension", "ResultItem"))
"""Classes of which several in another order move no number, only the rows or columns printed."""


def weight(value: Any, tag: str, *, outer: bool = False) -> str:
    """What adding or removing a value affects: the strongest of its fields that are not at their defaults.

    The name of a whole item (`outer`) says nothing by itself.
    """
    if isinstance(value, Record):
        found = []
        for name in value._compared:
            known = value._fields[name]
            if value.__dict__[name] != known.default and not (outer and name in ("name", "number")):
                found.append(weight(value.__dict__[name], weaker(tag, known.affects)))
        return strongest([weaker(tag, PRESENTATION), *found])
    if isinstance(value, tuple) and any(isinstance(item, Record) for item in value):
        return strongest(weight(item, tag) for item in value)
    return tag


# --- and back -------------------------------------------------------------------------------------------------


def apply(difference: SpecDifference, before: Spec) -> Spec:
    """The study after the differences."""
    changes: dict[str, Any] = {}
    for place in dict.fromkeys((*(d.place for d in difference.items), *(o.place for o in difference.orders))):
        here = [d for d in difference.items if d.place == place]
        value = getattr(before, place)
        if not isinstance(value, tuple):
            for one in here:
                value = _edited(value, one.edits)
            changes[place] = value
            continue
        found = keyed(value)
        for one in here:
            if one.kind != ADDED:
                item = found.pop(one.key)
                if one.kind == CHANGED:
                    found[one.key_after] = _edited(item, one.edits)
            else:
                found[one.key_after] = one.item
        order = next((o.after for o in difference.orders if o.place == place), tuple(keyed(value)))
        changes[place] = tuple(found[key] for key in order)
    return before.replace(**changes)


def _edited(value: Any, edits: tuple[Edit, ...]) -> Any:
    for edit in edits:
        value = _put(value, edit.path, edit.after)
    return value


def _put(value: Any, path: tuple[str, ...], new: Any) -> Any:
    if not path:
        return new
    return value.replace(**{path[0]: _put(value.__dict__[path[0]], path[1:], new)})


def mirrored(difference: SpecDifference) -> SpecDifference:
    """The way back."""
    turned = {ADDED: REMOVED, REMOVED: ADDED, CHANGED: CHANGED}
    items = tuple(
        d.replace(
            kind=turned[d.kind],
            key=d.key_after,
            key_after=d.key,
            edits=tuple(e.replace(before=e.after, after=e.before) for e in d.edits),
        )
        for d in difference.items
    )
    return SpecDifference(items, tuple(o.replace(before=o.after, after=o.before) for o in difference.orders))
