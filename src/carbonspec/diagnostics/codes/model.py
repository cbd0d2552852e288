"""What `carbonspec explain` knows about a code."""

from __future__ import annotations

from carbonspec.record import Record


class Code(Record):
    """A kind of diagnostic: its id, a title, why it is wrong, how to mend it, and an example, bad and good."""

    id: str
    title: str
    why: str
    fix: str
    example: str = ""
