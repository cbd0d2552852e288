"""A spec and the specs it extends: read one after the other, and merged into one tree."""

from __future__ import annotations

import posixpath
from collections.abc import Callable

from carbonspec.diagnostics.model import ERROR, Checked, Diagnostic, Related
from carbonspec.lang import ast
from carbonspec.lang.parse import clean, parse
from carbonspec.record import Record
from carbonspec.source import Source, Span, from_folder

Reader = Callable[[str], bytes]
"""The bytes of a base by its name, which is a path seen from where the spec's own name is seen.

Raises OSError, or Unreadable where there is more to say.
"""

ENDING = ".cspec"
DEEPEST = 20
"""Levels of extending, above which something goes round in a way that names do not show."""


class Unreadable(Exception):
    """Why a base cannot be read, as the rest of a sentence, and what helps."""

    def __init__(self, why: str, *helps: str) -> None:
        super().__init__(why)
        self.why = why
        self.helps = helps


class Undecodable(Exception):
    """A file that is not UTF-8."""

    def __init__(self, byte: int, line: int) -> None:
        super().__init__(f"byte {byte} on line {line}")


def source_of(name: str, content: bytes, folder: str = "", level: int = 0) -> Source:
    """Bytes → text. Raises Undecodable."""
    try:
        return Source(name, clean(content.decode("utf-8-sig")), folder, level)
    except UnicodeDecodeError as problem:
        raise Undecodable(problem.start + 1, content[: problem.start].count(b"\n") + 1) from None


def parse_whole(source: Source, read: Reader) -> Checked[ast.File]:
    """The tree of a spec, the specs it extends merged in.

    A base that cannot be read is reported where it is named, and its `extends` stays in the tree.
    """
    parsed = parse(source)
    if "extends" not in source.text and "without" not in source.text:
        return parsed
    reading = _Reading(read)
    file = reading.whole(parsed, ())
    return Checked(file, tuple(reading.found))


class Link(Record):
    """A file on the way up, and the place where it names its base."""

    source: Source
    place: Span


class _Reading:
    def __init__(self, read: Reader) -> None:
        self.found: list[Diagnostic] = []
        self._read = read

    def whole(self, parsed: Checked[ast.File], below: tuple[Link, ...]) -> ast.File:
        """A file with its bases; `below` are the files that extend it, the nearest last."""
        self.found += parsed.diagnostics
        file = parsed.value
        statement = self._extends(file)
        if statement is None:
            return file
        before = len(self.found)
        base = self._base(statement, file.span.source, below)
        if base is None:
            return file
        sound = not any(d.severity == ERROR for d in self.found[before:])
        from carbonspec.lang.variants.merge import merge

        merged = merge(base, file, sound=sound)
        self.found += merged.diagnostics
        return merged.value

    # --- which base ---------------------------------------------------------------------------------

    def _extends(self, file: ast.File) -> ast.Statement | None:
        """The sound `extends` of a file."""
        found = [s for s in file.statements if s.keyword == "extends"]
        if not found:
            if not _lost(file, "extends"):
                for statement in file.statements:
                    if statement.keyword == "without":
                        self._error("E255", "`without` takes from a base, and this file extends none", statement.span)
            return None
        first = found[0]
        for extra in found[1:]:
            self._error(
                "E250",
                "a file extends one other file",
                extra.span,
                "a base may extend a further one itself",
                related=(Related(first.span, "the first one"),),
            )
        if first is not file.statements[0]:
            self._error(
                "E250",
                "`extends` stands below other statements",
                first.span,
                "make it the first statement: the base is read first",
            )
        for clause in first.clauses:
            self._error("E250", f"`extends` has no clause `{clause.word.text}`", clause.span)
        return first

    def _base(self, statement: ast.Statement, source: Source, below: tuple[Link, ...]) -> ast.File | None:
        value = statement.body[0].value
        span = value.span
        if not isinstance(value, ast.Text):
            shown = " ".join(span.text.split())
            helps = f'write `extends "{shown.removesuffix(ENDING)}{ENDING}"`'
            self._error("E250", "`extends` takes the path of a spec in double quotes", span, helps)
            return None
        given = value.value
        why = _wrong_path(given)
        if why:
            self._error("E250", why[0], span, why[1])
            return None
        name = posixpath.normpath(posixpath.join(posixpath.dirname(source.name), given))
        chain = (*below, Link(source, span))
        if self._goes_round(name, chain):
            return None
        try:
            text = source_of(name, self._read(name), _folder(source, given), len(chain))
        except Undecodable as problem:
            helps = "save it as UTF-8 (data files may have any encoding; a spec may not)"
            self._error("E251", f"`{name}` is not UTF-8 text: {problem}", span, helps)
            return None
        except Unreadable as problem:
            self._error("E251", f"cannot read `{name}`: {problem.why}", span, *problem.helps)
            return None
        except OSError as problem:
            missing = isinstance(problem, FileNotFoundError)
            why_not = "no such file" if missing else problem.strerror or str(problem)
            helps = f"the path starts at the folder of `{posixpath.basename(source.name)}`" if missing else ""
            self._error("E251", f"cannot read `{name}`: {why_not}", span, helps)
            return None
        return self.whole(parse(text), chain)

    def _goes_round(self, name: str, chain: tuple[Link, ...]) -> bool:
        names = [posixpath.normpath(link.source.name) for link in chain]
        last = chain[-1].place
        if name not in names and len(chain) <= DEEPEST:
            return False
        if name not in names:
            self._error("E252", f"more than {DEEPEST} files extend each other", last, "the chain has no end: cut it")
            return True
        ring = chain[names.index(name) :]
        if len(ring) == 1:
            self._error("E252", "a file cannot extend itself", last)
            return True
        shown = " → ".join(f"`{posixpath.basename(n)}`" for n in (*(link.source.name for link in ring), name))
        related = tuple(Related(link.place, "and here") for link in ring[:-1])
        self._error(
            "E252", f"files extend each other in a ring: {shown}", last, "one of them must stand alone", related=related
        )
        return True

    def _error(self, code: str, message: str, span: Span, *helps: str, related: tuple[Related, ...] = ()) -> None:
        self.found.append(Diagnostic(code, ERROR, message, span, tuple(h for h in helps if h), related))


def _wrong_path(given: str) -> tuple[str, str] | None:
    """What is wrong with the path of a base, and what helps."""
    if not given.strip():
        return "the path is empty", ""
    if given.startswith(("/", "\\", "~")) or (len(given) > 1 and given[1] == ":"):
        return (
            f"`{given}` is an absolute path",
            "write the path from this file's folder: a spec must work elsewhere too",
        )
    if "://" in given:
        return f"`{given}` is an address on the net", "download the file and give its path"
    if "\\" in given:
        forward = given.replace("\\", "/")
        return f"`{given}` has backslashes", f'folders are divided by `/`: `extends "{forward}"`'
    if not given.lower().endswith(ENDING) or "\0" in given:
        return f"`{given}` is no name for a spec", f"specs end in {ENDING}"
    return None


def _folder(source: Source, given: str) -> str:
    """Where the paths of a base start, seen from the spec's folder."""
    own = posixpath.dirname(given)
    folder = from_folder(source.folder, own) if own else source.folder
    folder = posixpath.normpath(folder) if folder else ""
    return "" if folder == "." else folder


def _lost(file: ast.File, keyword: str) -> bool:
    """Whether a statement of that keyword stands in the text and not in the tree, because of a syntax error."""
    return any(line.startswith(keyword) for line in file.span.source.text.splitlines())
