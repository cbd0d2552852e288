"""A text with a name, and places in it."""

from __future__ import annotations

import posixpath
from bisect import bisect_right

from carbonspec.record import Record, field


class Source:
    """The text of one `.cspec` file (BOM and CRLF already taken off) and the name people know it by.

    Of a spec that another one extends, `level` counts the steps from that one (0: the spec itself), and `folder` is
    where its relative paths start, as seen from that one's folder: ".." for `extends "../paper.cspec"`.
    """

    def __init__(self, name: str, text: str, folder: str = "", level: int = 0) -> None:
        self.name = name
        self.text = text
        self.folder = folder
        self.level = level
        starts = [0]
        position = text.find("\n")
        while position >= 0:
            starts.append(position + 1)
            position = text.find("\n", position + 1)
        self._starts = starts

    def position(self, offset: int) -> tuple[int, int]:
        """1-based line and column of a character offset."""
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1

    def line(self, number: int) -> str:
        """The text of a 1-based line, without its newline."""
        start = self._starts[number - 1]
        end = self._starts[number] - 1 if number < len(self._starts) else len(self.text)
        return self.text[start:end]

    @property
    def path(self) -> str:
        """The file as seen from the folder of the spec that is read: `paper.cspec`, `../paper.cspec` for a base."""
        return from_folder(self.folder, posixpath.basename(self.name))

    @property
    def line_count(self) -> int:
        return len(self._starts)

    def offset(self, line: int, column: int = 1) -> int:
        """The character offset of a 1-based line and column."""
        return self._starts[line - 1] + column - 1


def from_folder(folder: str, path: str) -> str:
    """A path written in a file of `folder`, as seen from where `folder` is seen."""
    return posixpath.normpath(posixpath.join(folder, path)) if folder and path else path


def as_written(folder: str, path: str) -> str:
    """The inverse of `from_folder`."""
    if not folder or posixpath.isabs(path):
        return path
    home, parts = folder.split("/"), path.split("/")
    while home and parts and home[0] == parts[0]:
        home, parts = home[1:], parts[1:]
    return "/".join((*(".." for _ in home), *parts))


class Span(Record):
    """Characters `start` to `end` (exclusive) of a source. Two spans are never part of anybody's equality."""

    source: Source
    start: int
    end: int

    def to(self, other: Span) -> Span:
        """The smallest span that covers this one and `other`."""
        return Span(self.source, min(self.start, other.start), max(self.end, other.end))

    @property
    def line(self) -> int:
        return self.source.position(self.start)[0]

    def holds(self, other: Span) -> bool:
        """Whether the other one lies in this one."""
        return self.source is other.source and self.start <= other.start and other.end <= self.end

    @property
    def order(self) -> tuple[int, int]:
        """By this, places are sorted: those of the spec itself first, then those of the one it extends."""
        return self.source.level, self.start

    @property
    def text(self) -> str:
        return self.source.text[self.start : self.end]


NOWHERE = Span(Source("", ""), 0, 0)


class Located(Record):
    """A record that knows where it was written. The place takes no part in equality."""

    span: Span = field(default=NOWHERE, compare=False, kw_only=True)
