"""`carbonspec explain E210`: a code's title, why it is wrong, how to mend it, an example."""

from __future__ import annotations

from carbonspec.diagnostics.codes.model import Code


def explanation(code: Code) -> str:
    """The page of one code."""
    parts = [f"{code.id}: {code.title}", "", code.why, "", f"Fix: {code.fix}"]
    if code.example:
        parts += ["", "Example", *(f"    {line}".rstrip() for line in code.example.strip("\n").splitlines())]
    return "\n".join(parts) + "\n"
