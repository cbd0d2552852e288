"""What `diff` found, ready to be printed: statements, the fields of each, and the results they reach."""

from __future__ import annotations

from carbonspec.record import Record

ADDED, REMOVED, RENAMED, CHANGED = "added", "removed", "renamed", "changed"

NUMBERS = "numbers"  # its numbers can differ
PRINT = "print"  # only how it is printed
NEW, GONE = "new", "gone"


class FieldChange(Record):
    """One field of a statement: `where`, `se`, `csw0`, `fuel coal`; `name` is "" for the body as a whole.

    Lists and sums say which items went and came (`removed`, `added`), other fields the text `before` and `after`, ""
    where the field was not there. `order`: the same items in another order.
    """

    name: str
    before: str = ""
    after: str = ""
    removed: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    order: bool = False


class Output(Record):
    """A result that a change reaches: a table, a figure, a hypothesis, an expect, or a model printed nowhere.

    `how` is numbers, print, new or gone.
    """

    kind: str
    name: str
    how: str


class StatementChange(Record):
    """One statement. `affects` is estimates, inference or presentation, by itself, other changes put aside."""

    kind: str
    keyword: str
    name: str
    was: str = ""  # its name before, when it was renamed
    fields: tuple[FieldChange, ...] = ()
    affects: str = ""
    reaches: tuple[Output, ...] = ()
    before: str = ""  # canonical text, without comments
    after: str = ""
    line_before: int = 0
    line_after: int = 0


class DataChange(Record):
    """Files of a data table whose content differs."""

    table: str
    files: tuple[str, ...]
    affects: str
    reaches: tuple[Output, ...] = ()


class Changes(Record):
    """Everything in which two versions of a spec differ.

    `understood` is False when one of them has mistakes, so that only its statements could be compared; `notes` say
    what a reader must know about the comparison.
    """

    before: str
    after: str
    statements: tuple[StatementChange, ...] = ()
    data: tuple[DataChange, ...] = ()
    reaches: tuple[Output, ...] = ()
    understood: bool = True
    notes: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.statements or self.data)
