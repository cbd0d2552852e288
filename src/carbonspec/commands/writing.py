"""The outputs of a run, written; what stands in the way is told."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING

from carbonspec.diagnostics.model import Diagnostic

if TYPE_CHECKING:
    from pathlib import Path

    from carbonspec.results import StudyResult


def written(result: StudyResult, options: Namespace) -> tuple[Path | None, Diagnostic | None]:
    """Where the outputs were written, and why they could not be."""
    from carbonspec.engine.write import NotOurFolder

    if options.only:
        return None, None
    try:
        return result.write(options.out), None
    except NotOurFolder as problem:
        helps = ("choose another folder with --out, or move the files away",)
        message = f"`{problem}` holds files and none says that carbonspec made it; nothing was written"
        return None, Diagnostic("E603", "error", message, None, helps)
    except OSError as problem:
        helps = ("free some space or choose another folder with --out; the results are stored, if that was possible",)
        message = f"the outputs cannot be written below `{options.out}` ({problem.strerror}); what was there stays"
        return None, Diagnostic("E613", "error", message, None, helps)
