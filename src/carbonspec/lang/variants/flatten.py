"""A variant as one file that stands alone."""

from __future__ import annotations

from carbonspec.lang import ast
from carbonspec.lang.unparse import unparse
from carbonspec.lang.variants.paths import rebased


def flatten(file: ast.File, seen_from: str = "") -> str:
    """The canonical text of a spec with everything it extends.

    Its paths start at the spec's own folder, or at another one that sees that folder as `seen_from`.
    """
    return unparse(file.replace(statements=tuple(rebased(s, seen_from) for s in file.statements)))
