"""The list of what was found, and the messages that several places share."""

from __future__ import annotations

from collections.abc import Iterable

from carbonspec.diagnostics.model import ERROR, NOTE, WARNING, Diagnostic, Related
from carbonspec.source import Located, Source, Span


class Problems:
    """Collects diagnostics. The same code at the same place is said once."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, Source, int, int], Diagnostic] = {}
        self._silent = 0

    def error(
        self,
        code: str,
        message: str,
        span: Span,
        *helps: str,
        related: tuple[Related, ...] = (),
        facts: tuple[str, ...] = (),
    ) -> None:
        """Add an error."""
        self.add(Diagnostic(code, ERROR, message, span, tuple(h for h in helps if h), related, facts))

    def warning(self, code: str, message: str, span: Span, *helps: str, related: tuple[Related, ...] = ()) -> None:
        """Add a warning."""
        self.add(Diagnostic(code, WARNING, message, span, tuple(h for h in helps if h), related))

    def note(self, code: str, message: str, span: Span, *helps: str) -> None:
        """Add a note."""
        self.add(Diagnostic(code, NOTE, message, span, tuple(h for h in helps if h)))

    def later(self, word: str, span: Span) -> None:
        """Add "not in this version"."""
        self.error("E900", f"`{word}` is not in this version", span)

    def quietly(self) -> Quiet:
        """A block in which nothing is added: for trying a reading."""
        return Quiet(self)

    def add(self, diagnostic: Diagnostic) -> None:
        """Add a diagnostic, unless in a quiet block or said already."""
        span = diagnostic.span
        if not self._silent and span is not None:
            self._found.setdefault((diagnostic.code, span.source, span.start, span.end), diagnostic)

    @property
    def found_errors(self) -> bool:
        """Whether any error was added."""
        return any(d.severity == ERROR for d in self._found.values())

    def sorted(self) -> tuple[Diagnostic, ...]:
        """Everything found, in the order of the file."""
        return tuple(sorted(self._found.values(), key=lambda d: d.span.order if d.span is not None else (0, 0)))


class Quiet:
    """See `Problems.quietly`."""

    def __init__(self, problems: Problems) -> None:
        self._problems = problems

    def __enter__(self) -> None:
        self._problems._silent += 1

    def __exit__(self, *_: object) -> None:
        self._problems._silent -= 1


def suggestion(word: str, known: Iterable[str], what: str = "") -> str:
    """`did you mean …`, or "" when nothing known is close. `what` adds a few words on the suggestion."""
    from carbonspec.diagnostics.suggestions import did_you_mean

    close = did_you_mean(word, known)
    return f"did you mean `{close}`{what}?" if close else ""


def listed(words: Iterable[str], limit: int = 12) -> str:
    """`a`, `b` and `c`; a long list ends in "…"."""
    shown = [f"`{word}`" for word in words]
    if len(shown) > limit:
        return ", ".join(shown[:limit]) + ", …"
    if len(shown) > 1:
        return ", ".join(shown[:-1]) + " and " + shown[-1]
    return "".join(shown)


def written(node: Located) -> str:
    """The text of a node as it stands in the file, on one line."""
    return " ".join(node.span.text.split())


def plural(number: int, noun: str) -> str:
    """`1 column`, `3 columns`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
