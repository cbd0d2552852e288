"""Immutable value classes that cost almost nothing to define.

`check`, `fmt`, `plan` and `diff` start in a few dozen milliseconds; importing `dataclasses` and generating
code for a hundred classes would take as long as all the rest. A `Record` behaves like a frozen dataclass
(positional or keyword construction, equality, hash, repr, `replace`) without generating code.
"""

from __future__ import annotations

from typing import Any, ClassVar, Self, dataclass_transform

_MISSING: Any = object()


class Field:
    """What a `Record` field knows beyond its name: default, whether it takes part in equality, and its tag."""

    __slots__ = ("affects", "compare", "default", "kw_only")

    def __init__(self, default: Any, compare: bool, kw_only: bool, affects: Any) -> None:
        self.default = default
        self.compare = compare
        self.kw_only = kw_only
        self.affects = affects


def field(*, default: Any = _MISSING, compare: bool = True, kw_only: bool = False, affects: Any = None) -> Any:
    """Declare a field with more than a plain default.

    `compare=False` leaves it out of equality and hash; `affects` is the tag that fingerprints and diffs read.
    """
    return Field(default, compare, kw_only, affects)


@dataclass_transform(frozen_default=True, eq_default=True, field_specifiers=(field,))
class Record:
    """Base of all value classes. Subclasses only declare annotated fields, in order, with optional defaults."""

    _fields: ClassVar[dict[str, Field]] = {}
    _positional: ClassVar[tuple[str, ...]] = ()
    _compared: ClassVar[tuple[str, ...]] = ()

    def __init_subclass__(cls) -> None:
        fields = dict(cls._fields)
        for name in cls.__dict__.get("__annotations__", {}):
            if name.startswith("_"):
                continue
            given = cls.__dict__.get(name, _MISSING)
            if not isinstance(given, Field):
                given = Field(given, True, False, None)
            fields[name] = given
            if given.default is not _MISSING:
                setattr(cls, name, given.default)
            elif name in cls.__dict__:
                delattr(cls, name)
        cls._fields = fields
        cls._positional = tuple(n for n, f in fields.items() if not f.kw_only)
        cls._compared = tuple(n for n, f in fields.items() if f.compare)
        setattr(cls, "__match_args__", cls._positional)  # noqa: B010

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        values = self.__dict__
        names = self._positional
        if len(args) > len(names):
            raise TypeError(f"{type(self).__name__} takes {len(names)} values, got {len(args)}")
        values.update(zip(names, args))  # noqa: B905
        if kwargs:
            for name in kwargs:
                if name not in self._fields or name in values:
                    raise TypeError(f"{type(self).__name__}: unexpected or repeated field {name!r}")
            values.update(kwargs)
        if len(values) < len(self._fields):
            for name, known in self._fields.items():
                if name not in values:
                    if known.default is _MISSING:
                        raise TypeError(f"{type(self).__name__}: field {name!r} is missing")
                    values[name] = known.default

    def __setattr__(self, name: str, value: Any) -> None:
        raise AttributeError(f"{type(self).__name__} is immutable")

    def __eq__(self, other: object) -> bool:
        if other is self:
            return True
        if type(other) is not type(self):
            return NotImplemented
        mine, theirs = self.__dict__, other.__dict__
        return all(mine[n] == theirs[n] for n in self._compared)

    def __hash__(self) -> int:
        return hash((type(self), *(self.__dict__[n] for n in self._compared)))

    def __repr__(self) -> str:
        shown = ", ".join(f"{n}={self.__dict__[n]!r}" for n in self._compared)
        return f"{type(self).__name__}({shown})"

    def replace(self, **changes: Any) -> Self:
        """A copy with some fields changed."""
        return type(self)(**{**self.__dict__, **changes})


def fields_of(record: Record | type[Record]) -> dict[str, Field]:
    """The declared fields of a record or record class, in order."""
    return dict(record._fields)


def outline(value: object, indent: int = 0) -> str:
    """A record as an indented text, a field a line, without fields at their defaults."""
    space = "  " * indent
    if isinstance(value, Record):
        lines = [type(value).__name__]
        for name in value._compared:
            item = value.__dict__[name]
            if item == value._fields[name].default:
                continue
            lines.append(f"{space}  {name}: {outline(item, indent + 1)}")
        return "\n".join(lines)
    if isinstance(value, tuple) and any(isinstance(item, Record) for item in value):
        return "".join(f"\n{space}  - {outline(item, indent + 2)}" for item in value)
    return repr(value)
