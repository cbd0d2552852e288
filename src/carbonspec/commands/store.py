"""`carbonspec store`."""

from __future__ import annotations

import os
import sys
from argparse import Namespace

from carbonspec import api
from carbonspec.exit_status import FAILED, FINE, USAGE

UNITS = {"": 1, "K": 1 << 10, "M": 1 << 20, "G": 1 << 30, "T": 1 << 40}


def main(options: Namespace) -> int:
    """Options → exit status."""
    from carbonspec.engine.store import Store

    store = Store(os.path.join(options.out, api.STORE))
    if options.limit is not None:
        size = _bytes(options.limit)
        if size is None:
            print(f"carbonspec: `{options.limit}` is no size; write for example 500M or 2G", file=sys.stderr)
            return USAGE
        try:
            store.limit = size
        except OSError as problem:
            print(f"carbonspec: the limit cannot be kept in `{store.folder}`: {problem.strerror}", file=sys.stderr)
            return FAILED
        store.tidy()
    gone = store.clear() if options.clear else None
    entries = store.entries()
    size = sum(entry.size for entry in entries)
    if options.json:
        import json

        known = {"folder": store.folder, "results": len(entries), "bytes": size, "limit": store.limit}
        print(json.dumps(known if gone is None else {**known, "removed": gone}, ensure_ascii=False))
        return FINE
    if gone is not None:
        print(f"{store.folder}: {_results(gone)} removed")
        if entries:
            print(f"carbonspec: {_results(len(entries))} in `{store.folder}` cannot be removed", file=sys.stderr)
        return FAILED if entries else FINE
    print(f"{store.folder}: {_results(len(entries))}, {_size(size)} of at most {_size(store.limit)}")
    return FINE


def _results(count: int) -> str:
    return f"{count} result{'' if count == 1 else 's'}"


def _bytes(text: str) -> int | None:
    """ "500M", "2 GB", "1.5G" → bytes; None for anything else."""
    written = text.strip().upper().removesuffix("B").removesuffix("I").strip()
    unit = written[-1:] if written[-1:] in ("K", "M", "G", "T") else ""
    try:
        size = float(written.removesuffix(unit) if unit else written) * UNITS[unit]
    except ValueError:
        return None
    return int(size) if 0 <= size < 1 << 60 else None


def _size(count: int) -> str:
    """Bytes as people say them: "836 KB"."""
    size, unit = float(count), "bytes"
    for larger in ("KB", "MB", "GB", "TB"):
        if size < 1024:
            break
        size, unit = size / 1024, larger
    return f"{size:.3g} {unit}"
