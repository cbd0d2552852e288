"""Text tables before they are tables: encoding, separator, header. No numerical library."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterator

from carbonspec.record import Record

SEPARATORS = (",", ";", "\t", "|", " ")
HEAD = 1 << 16


class Decoded(Record):
    """Text of a file. `encoding` is what it was read as; `guessed` says that nobody asked for it."""

    text: str
    encoding: str
    guessed: bool = False


class UnreadableTextError(Exception):
    """Bytes that are not text in the encoding asked for, or in none tried. `encoding` names it."""

    def __init__(self, encoding: str, known: bool) -> None:
        super().__init__(encoding)
        self.encoding = encoding
        self.known = known


def decode(content: bytes, encoding: str | None, partial: bool = False) -> Decoded:
    """Bytes → text: a byte-order mark decides, then the encoding asked for, then UTF-8, then GB18030.

    With `partial` the bytes may stop inside a character.
    """
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return Decoded(_decoded(content, "utf-16", partial), "UTF-16")
    if content.startswith(b"\xef\xbb\xbf"):
        return Decoded(_decoded(content[3:], "utf-8", partial), "UTF-8")
    if encoding is not None:
        return Decoded(_decoded(content, encoding, partial), encoding)
    try:
        return Decoded(_decoded(content, "utf-8", partial), "UTF-8")
    except UnreadableTextError:
        return Decoded(_decoded(content, "gb18030", partial), "GB18030", guessed=True)


def _decoded(content: bytes, encoding: str, partial: bool) -> str:
    import codecs

    try:
        decoder = codecs.getincrementaldecoder(encoding)()
        return decoder.decode(content, not partial)
    except UnicodeError:
        raise UnreadableTextError(encoding, True) from None
    except LookupError:
        raise UnreadableTextError(encoding, False) from None


def separator(text: str) -> str:
    """The sign between cells: the one that stands most often in the first line, outside quotes."""
    line = next((line for line in io.StringIO(text) if line.strip()), "").rstrip("\r\n")
    outside = "".join(line.split('"')[::2])
    counts = [outside.count(sign) for sign in SEPARATORS[:-1]]
    best = max(range(len(counts)), key=counts.__getitem__)
    if counts[best]:
        return SEPARATORS[best]
    return " " if outside.strip().count(" ") and not any(q in line for q in '"') else ","


def rows(text: str, sign: str) -> list[list[str]]:
    """All lines as cells, header first; empty lines are left out."""
    return list(_rows(text, sign))


def _rows(text: str, sign: str) -> Iterator[list[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=sign, skipinitialspace=sign == " ")
    return (row for row in reader if row)


def header(cells: list[str]) -> tuple[str, ...]:
    """Column names: trimmed, NFC; a column without a name is called by its position."""
    names = (unicodedata.normalize("NFC", cell).strip().strip("﻿'") for cell in cells)
    return tuple(name or f"column {number}" for number, name in enumerate(names, 1))


def read_header(path: str, encoding: str | None, tab: bool) -> tuple[str, ...] | None:
    """Column names of a csv or tsv file (also .bz2), from its first bytes; None when it is not text."""
    try:
        if path.endswith(".bz2"):
            import bz2

            with bz2.open(path, "rb") as packed:
                content = packed.read(HEAD)
        else:
            with open(path, "rb") as stream:
                content = stream.read(HEAD)
        text = decode(content, encoding, partial=True).text
    except (OSError, UnreadableTextError):
        return None
    try:
        first = next(_rows(text, "\t" if tab else separator(text)), [])
    except csv.Error:
        return None
    return header(first)
