"""Where a command may write a spec."""

from __future__ import annotations

import os

from carbonspec.diagnostics.model import Diagnostic


def no_place(out: str, force: bool) -> Diagnostic | None:
    """Why a spec cannot be written to a path, None when it can."""
    folder = os.path.dirname(out) or os.curdir
    if not out.endswith(".cspec"):
        message, help_ = f"`{out}` is no name for a spec", f"specs end in .cspec: `-o {out}.cspec`"
    elif not os.path.isdir(folder):
        message, help_ = f"there is no folder `{folder}`", "make it first, or choose another with `-o`"
    elif os.path.exists(out) and not force:
        message, help_ = f"`{out}` exists already and was left alone", "choose another name with `-o`, or add `--force`"
    else:
        return None
    return Diagnostic("E622", "error", message, None, (help_,))
