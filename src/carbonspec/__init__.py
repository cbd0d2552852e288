"""carbonspec: the empirical section of a panel-data paper as one text.

`run`, `run_all`, `check`, `plan`, `diff`, `fmt` and `init` are loaded when first used, so that importing the package
costs nothing.
"""

from __future__ import annotations

from typing import Any

__version__ = "0.1.0"
__all__ = ["DataError", "SpecError", "__version__", "check", "diff", "fmt", "init", "plan", "run", "run_all"]


def __getattr__(name: str) -> Any:
    if name == "run_all":
        from carbonspec.side_by_side import run_all

        return run_all
    if name == "diff":
        from carbonspec.versions.comparing import diff

        return diff
    if name in __all__:
        from carbonspec import api

        return getattr(api, name)
    raise AttributeError(f"module 'carbonspec' has no attribute {name!r}")
