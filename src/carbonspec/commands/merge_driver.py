"""`carbonspec merge-driver`: git calls it with the base, ours (which it overwrites) and theirs."""

from __future__ import annotations

import sys
from argparse import Namespace

from carbonspec.compare.merge import merge
from carbonspec.exit_status import FAILED, FINE, USAGE

BOM = "\ufeff"


def main(options: Namespace) -> int:
    """Options → 0 merged, 1 conflicts."""
    name = options.path or options.ours
    texts = []
    try:
        for path in (options.base, options.ours, options.theirs):
            with open(path, "rb") as stream:
                texts.append(stream.read())
    except OSError as problem:
        print(f"carbonspec merge-driver: {problem.filename}: {problem.strerror}", file=sys.stderr)
        return USAGE
    try:
        base, ours, theirs = (text.decode("utf-8") for text in texts)
    except UnicodeDecodeError:
        return _by_lines(options)
    found = merge(base, ours, theirs, size=options.size)
    if found is None:
        print(f"{name}: a version has syntax errors, so its lines were merged", file=sys.stderr)
        return _by_lines(options)
    text = found.text.replace("\n", "\r\n") if "\r\n" in ours else found.text
    with open(options.ours, "wb") as stream:
        stream.write((BOM + text if ours.startswith(BOM) else text).encode())
    if found.conflicts:
        several = "s" if found.conflicts > 1 else ""
        print(f"{name}: {found.conflicts} statement{several} changed by both sides", file=sys.stderr)
    for trouble in found.troubles:
        print(f"{name}: merged, but {trouble}; mend it and `git add` the file", file=sys.stderr)
    return FAILED if found.conflicts or found.troubles else FINE


def _by_lines(options: Namespace) -> int:
    """git's own merge of lines, into `ours`."""
    from carbonspec.git.repository import merge_lines

    return FAILED if merge_lines(options.ours, options.base, options.theirs, options.size) else FINE
