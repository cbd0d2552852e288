"""The anatomy of a diagnostic, and a value that comes with diagnostics."""

from __future__ import annotations

from typing import Generic, TypeVar

from carbonspec.record import Record
from carbonspec.source import Span

ERROR = "error"
WARNING = "warning"
NOTE = "note"

T = TypeVar("T")


class Related(Record):
    """Another place that explains the problem: `first declared here`."""

    span: Span
    message: str


class Diagnostic(Record):
    """One problem, in the user's terms.

    `code` is a key of `diagnostics.codes.CODES`; `message` is one sentence without a full stop that names the
    facts; `helps` name the fix; `facts` are lines of data shown below the source (duplicate rows, counts).
    """

    code: str
    severity: str
    message: str
    span: Span | None = None
    helps: tuple[str, ...] = ()
    related: tuple[Related, ...] = ()
    facts: tuple[str, ...] = ()


class Checked(Generic[T]):
    """A value and what was found wrong on the way to it. `value` is None only when nothing could be saved."""

    __slots__ = ("diagnostics", "value")

    def __init__(self, value: T, diagnostics: tuple[Diagnostic, ...] = ()) -> None:
        self.value = value
        self.diagnostics = diagnostics

    @property
    def ok(self) -> bool:
        return not any(d.severity == ERROR for d in self.diagnostics)


class SpecError(Exception):
    """A spec that cannot be run (exit status 2). Carries every diagnostic found."""

    def __init__(self, diagnostics: tuple[Diagnostic, ...]) -> None:
        super().__init__("; ".join(f"{d.code} {d.message}" for d in diagnostics if d.severity == ERROR))
        self.diagnostics = diagnostics


class DataError(Exception):
    """Data that do not fit the spec (exit status 3). Carries every diagnostic found."""

    def __init__(self, diagnostics: tuple[Diagnostic, ...]) -> None:
        super().__init__("; ".join(f"{d.code} {d.message}" for d in diagnostics if d.severity == ERROR))
        self.diagnostics = diagnostics
