"""Content keys: a hash that changes exactly when a result can."""

from __future__ import annotations

from carbonspec.lang.spec import ESTIMATES, INFERENCE
from carbonspec.record import Record
from carbonspec.sha256 import sha256

NUMBERS = frozenset((ESTIMATES, INFERENCE))
"""The tags of all fields that can move a number."""


Memo = dict[int, tuple[Record, str]]
"""Records written out before, by identity: what many tasks have in common is walked through once."""


def fingerprint(value: object, tags: frozenset[str] = NUMBERS, memo: Memo | None = None) -> str:
    """SHA-256 (hex) of a record's fields that carry one of `tags`, down to the leaves; spans never count.

    A `memo` serves calls with the same tags.
    """
    pieces: list[str] = []
    _write(value, tags, pieces, {} if memo is None else memo)
    return str(sha256("\x1f".join(pieces).encode()).hexdigest())


def combine(*parts: str) -> str:
    """SHA-256 (hex) of several keys in order."""
    return str(sha256("\x1e".join(parts).encode()).hexdigest())


def _tagged(cls: type[Record], tags: frozenset[str]) -> tuple[str, ...]:
    key = (cls, tags)
    if key not in _NAMES:
        _NAMES[key] = tuple(name for name, known in cls._fields.items() if known.affects in tags)
    return _NAMES[key]


_NAMES: dict[tuple[type[Record], frozenset[str]], tuple[str, ...]] = {}


def _write(value: object, tags: frozenset[str], out: list[str], memo: Memo) -> None:
    if isinstance(value, Record):
        known = memo.get(id(value))
        if known is not None:
            out.append(known[1])
            return
        pieces = [type(value).__name__]
        values = value.__dict__
        for name in _tagged(type(value), tags):
            pieces.append(name)
            _write(values[name], tags, pieces, memo)
        pieces.append(")")
        text = "\x1f".join(pieces)
        memo[id(value)] = value, text
        out.append(text)
    elif isinstance(value, tuple):
        out.append("(")
        for item in value:
            _write(item, tags, out, memo)
        out.append(")")
    else:
        out.append(f"{type(value).__name__}:{value!r}")
