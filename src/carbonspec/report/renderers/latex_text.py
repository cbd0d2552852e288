"""Text as LaTeX prints it, whatever signs are in it."""

from __future__ import annotations

import unicodedata

SPECIAL = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "%": r"\%",
    "#": r"\#",
    "_": r"\_",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    '"': r"\textquotedbl{}",
    "'": r"\textquotesingle{}",
    "`": r"\textasciigrave{}",
    "–": "--",
    "—": "---",
    "…": r"\ldots{}",
    "“": "``",
    "”": "''",
    "‘": "`",
    "’": "'",
    "×": r"$\times$",
    "·": r"$\cdot$",
    "−": "$-$",
    "±": r"$\pm$",
    "≤": r"$\leq$",
    "≥": r"$\geq$",
    "≠": r"$\neq$",
    "≈": r"$\approx$",
    "→": r"$\rightarrow$",
    "∞": r"$\infty$",
    "°": r"$^{\circ}$",
    "¹": r"$^{1}$",
    "²": r"$^{2}$",
    "³": r"$^{3}$",
    "✓": r"$\surd$",
    "✗": r"$\times$",
    "○": r"$\circ$",
    "\N{NO-BREAK SPACE}": "~",
}
GREEK = frozenset(
    (
        *("alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa", "lambda", "mu"),
        *("nu", "xi", "pi", "rho", "sigma", "tau", "upsilon", "phi", "chi", "psi", "omega"),
    )
)
CAPITALS = frozenset(("Gamma", "Delta", "Theta", "Lambda", "Xi", "Pi", "Sigma", "Upsilon", "Phi", "Psi", "Omega"))
HAN = (("\u2e80", "\u9fff"), ("\uf900", "\ufaff"), ("\uff00", "\uffef"))
"""Signs that a Chinese font has: ideographs, their punctuation, full-width forms."""


def escape(text: str) -> str:
    """Text that LaTeX prints as it is."""
    found: list[str] = []
    foreign, kind = "", ""
    for sign in unicodedata.normalize("NFC", " ".join(text.split())):
        known = _known(sign)
        here = "" if known is not None else "han" if any(low <= sign <= high for low, high in HAN) else "other"
        if foreign and here != kind:
            found.append(_glyphs(foreign, kind))
            foreign = ""
        kind = here
        if known is None:
            foreign += sign
        else:
            found.append(known)
    if foreign:
        found.append(_glyphs(foreign, kind))
    return "".join(found)


def _known(sign: str) -> str | None:
    if sign in SPECIAL:
        return SPECIAL[sign]
    if sign.isascii():
        return sign if sign.isprintable() else ""
    if sign <= "ſ" and sign.isalpha():  # Latin-1 and Latin Extended-A: every engine has them
        return sign
    name = unicodedata.name(sign, "")
    words = name.split()
    if name.startswith("GREEK ") and len(words) == 4 and words[2] == "LETTER":
        letter = words[3].lower().replace("lamda", "lambda")
        if words[1] == "SMALL" and letter in GREEK:
            return f"$\\{letter}$"
        if words[1] == "CAPITAL" and letter.capitalize() in CAPITALS:
            return f"$\\{letter.capitalize()}$"
    return None


def _glyphs(text: str, kind: str) -> str:
    command = "carbonspechan" if kind == "han" else "carbonspecsign"
    return f"\\{command}{{{text}}}{{{' '.join(f'U+{ord(sign):04X}' for sign in text)}}}"
