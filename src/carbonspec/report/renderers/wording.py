"""Verdict words with a sign before them, so that they can be told apart without colour."""

from __future__ import annotations

from carbonspec.report.scorecard import ABSENT, AGREES, DIFFERS, MATCH

SIGNS = {
    "supported": "✓",
    "contradicted": "✗",
    "unsupported": "○",
    "failed": "!",
    "met": "✓",
    "missed": "✗",
    MATCH: "✓",
    AGREES: "≈",
    DIFFERS: "✗",
    ABSENT: "–",
}
TONES = {
    "supported": "good",
    "met": "good",
    MATCH: "good",
    AGREES: "fair",
    "unsupported": "open",
    DIFFERS: "open",
    ABSENT: "none",
    "contradicted": "bad",
    "missed": "bad",
    "failed": "bad",
}


def verdict_text(word: str) -> str:
    """ "✓ supported"."""
    return f"{SIGNS[word]} {word}" if word in SIGNS else word
