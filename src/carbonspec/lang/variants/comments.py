"""Where comments go when statements are replaced or withdrawn.

A comment right above a statement speaks of it and goes with it. What stands above that, up to a blank line or a ruler
(`# --- models ---`), speaks of the section and stays; so does all that stands above a file's first statement.
"""

from __future__ import annotations

import re

from carbonspec.lang import ast

Comments = tuple[str, ...]

_RULER = re.compile(r"#+ *([-=*~─═#])\1")


def together(above: Comments, below: Comments) -> Comments:
    """Two stretches of comments, with no two blank lines in a row."""
    return (*above, *(below[1:] if above[-1:] == ("",) and below[:1] == ("",) else below))


def left_behind(old: ast.Statement, first: bool) -> Comments:
    """What stays of the comments above a statement that is withdrawn or replaced."""
    if first:
        return old.before
    dividing = [n for n, line in enumerate(old.before, 1) if not line or _RULER.match(line)]
    return old.before[: dividing[-1]] if dividing else ()


def in_place_of(old: ast.Statement, new: ast.Statement, first: bool) -> Comments:
    """The comments above a statement that replaces another."""
    return together(left_behind(old, first), _closer(new.before))


def below(after: Comments, before: Comments, something: bool) -> Comments:
    """The comments above the first statement that follows the base's; `after` ended the base."""
    blank = ("",) if something or after else ()
    return together(together(after, blank), before)


def of_the_variant(variant: ast.File) -> Comments:
    """What the variant says above `extends` and `without`: why it exists."""
    said: Comments = ()
    for statement in variant.statements:
        if statement.keyword in ("extends", "without"):
            said += tuple(line for line in (*statement.before, statement.comment, *statement.after) if line)
    return (*said, "") if said else ()


def _closer(before: Comments) -> Comments:
    return before[1:] if before[:1] == ("",) else before
