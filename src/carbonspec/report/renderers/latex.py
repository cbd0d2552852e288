"""A report and its tables as LaTeX (booktabs, threeparttable).

`report.tex` compiles as it is with pdflatex, lualatex or xelatex. Characters that the engine or its fonts may lack
(CJK, for one) go through `\\carbonspecglyphs{text}{code points}`: printed where a font is found, as code points
elsewhere.
"""

from __future__ import annotations

import unicodedata

from carbonspec.report.document import DECIMAL, ESTIMATE, NUMBER, Cell, Document, Heading, Paragraph, Table
from carbonspec.report.renderers.wording import verdict_text

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

PREAMBLE = r"""% Made by carbonspec. Compiles as it is with pdflatex, lualatex or xelatex.
\documentclass[11pt]{article}
\usepackage{iftex}
\ifPDFTeX
  \usepackage[T1]{fontenc}
  \usepackage[utf8]{inputenc}
  \usepackage{lmodern}
\else
  \usepackage{fontspec}
\fi
\usepackage{textcomp}
\usepackage[a4paper,margin=2.2cm]{geometry}
\usepackage{booktabs}
\usepackage{threeparttable}
\usepackage{array}
\usepackage{longtable}
\usepackage{pdflscape}
\providecommand{\carbonspecstars}[1]{\rlap{$^{#1}$}}
\providecommand{\carbonspecglyphs}[2]{#2}
\ifPDFTeX
  \IfFileExists{CJKutf8.sty}{\IfFileExists{c70gbsn.fd}{%
    \usepackage{CJKutf8}%
    \renewcommand{\carbonspecglyphs}[2]{\begin{CJK}{UTF8}{gbsn}#1\end{CJK}}}{}}{}
\else
  \def\carbonspecfont#1{\IfFontExistsTF{#1}{\newfontfamily\carbonspeccjk{#1}%
    \renewcommand{\carbonspecglyphs}[2]{{\carbonspeccjk ##1}}}{}}
  \carbonspecfont{FandolSong-Regular.otf}
  \carbonspecfont{Noto Sans CJK SC}
  \carbonspecfont{Noto Serif CJK SC}
\fi
\begin{document}
"""
FRAGMENT = r"""% Needs \usepackage{booktabs,threeparttable,array,textcomp}; wide tables also pdflscape.
\providecommand{\carbonspecstars}[1]{\rlap{$^{#1}$}}
\providecommand{\carbonspecglyphs}[2]{#1}
"""
LANDSCAPE = 7
"""From this many columns of numbers on a table is turned."""
TEXT_WIDTH = 0.86
"""Share of the line that columns of running text divide between them."""


def escape(text: str) -> str:
    """Text that LaTeX prints as it is."""
    found: list[str] = []
    foreign = ""
    for sign in unicodedata.normalize("NFC", " ".join(text.split())):
        known = _known(sign)
        if known is None:
            foreign += sign
            continue
        if foreign:
            found.append(_glyphs(foreign))
            foreign = ""
        found.append(known)
    if foreign:
        found.append(_glyphs(foreign))
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


def _glyphs(text: str) -> str:
    return f"\\carbonspecglyphs{{{text}}}{{{' '.join(f'U+{ord(sign):04X}' for sign in text)}}}"


def render(document: Document) -> str:
    """A whole LaTeX document."""
    parts = [PREAMBLE, f"\\begin{{center}}\n{{\\Large\\bfseries {escape(document.title)}}}\\\\[4pt]\n"]
    if document.subtitle:
        parts.append(f"{escape(document.subtitle)}\\\\\n")
    if document.stamp:
        parts.append(f"\\fbox{{\\bfseries {escape(document.stamp)}}}\\\\\n{{\\small {escape(document.simulated)}}}\n")
    parts.append("\\end{center}\n")
    for section in document.sections:
        parts.append(f"\n\\section*{{{escape(section.title)}}}\n")
        for block in section.blocks:
            if isinstance(block, Paragraph):
                parts.append(f"{escape(block.text)}\n")
            elif not block.folded:
                parts.append(_floating(block) if block.number else _running(block))
        parts.append("\\clearpage\n" if section.anchor == "tables" else "")
    parts.append(f"\n\\bigskip\\noindent{{\\footnotesize {escape(document.footer)}}}\n\\end{{document}}\n")
    return "".join(parts)


def render_table(table: Table) -> str:
    """A table environment to `\\input`; it says which packages it needs."""
    return FRAGMENT + _floating(table)


def _floating(table: Table) -> str:
    """A numbered table: it floats, and has its own number."""
    wide = len(table.columns) >= LANDSCAPE and all(column.align == DECIMAL for column in table.columns)
    stamp = f" [{escape(table.stamp)}]" if table.stamp else ""
    caption = escape(table.label) + stamp if table.label else stamp.strip()
    lines = ["\\begin{landscape}"] if wide else []
    lines += [
        "\\begin{table}[htbp]\\centering",
        "\\begin{threeparttable}",
        "\\small" if len(table.columns) < LANDSCAPE - 1 else "\\footnotesize",
        f"\\renewcommand{{\\thetable}}{{{escape(table.number)}}}",
        f"\\caption{{{caption}}}\\label{{{_reference(table.number)}}}",
        _tabular(table, "tabular"),
    ]
    if table.notes:
        lines.append("\\begin{tablenotes}[flushleft]\\footnotesize")
        lines += [f"\\item \\textit{{Note.}} {_notes(table)}", "\\end{tablenotes}"]
    lines += ["\\end{threeparttable}", "\\end{table}"]
    lines += ["\\end{landscape}"] if wide else []
    return "\n".join(lines) + "\n"


def _reference(number: str) -> str:
    """ "5" → tab:5; what LaTeX could trip over is left out."""
    return "tab:" + "".join(sign for sign in number if sign.isascii() and (sign.isalnum() or sign in ".-"))


def _running(table: Table) -> str:
    """A table without a number: it may break over pages."""
    title = f"\\noindent\\textbf{{{escape(table.title)}}}\n" if table.title else ""
    notes = f"\n{{\\footnotesize {_notes(table)}\\par}}\n" if table.notes else ""
    return f"\n{title}{{\\footnotesize\n{_tabular(table, 'longtable')}\n}}{notes}"


def _notes(table: Table) -> str:
    return " ".join(escape(note) for note in table.notes)


def _tabular(table: Table, environment: str) -> str:
    lines = [f"\\begin{{{environment}}}{{{_columns(table, environment)}}}", "\\toprule"]
    for spans in table.spans:
        lines.append(_span_line(table, spans))
        lines.append(" ".join(f"\\cmidrule(lr){{{s.start + 2}-{s.end + 1}}}" for s in spans))
    headings = [escape(table.stub), *(_heading(c.heading, c.align) for c in table.columns)]
    if any(headings):
        lines += [" & ".join(headings) + " \\\\", "\\midrule"]
    if environment == "longtable":
        lines.append("\\endhead")
    for index, group in enumerate(table.groups):
        if index:
            lines.append("\\midrule")
        for row in group:
            lines.append(" & ".join([escape(row.label), *(_cell(cell) for cell in row.cells)]) + " \\\\")
            if any(cell.below for cell in row.cells):
                lines.append(" & ".join(["", *(_signed(cell.below) for cell in row.cells)]) + " \\\\")
    lines += ["\\bottomrule", f"\\end{{{environment}}}"]
    return "\n".join(lines)


def _columns(table: Table, environment: str) -> str:
    wide = [column for column in table.columns if column.wide]
    if environment == "tabular" and not wide:
        return "@{}l" + "".join("c" if c.align == DECIMAL else "l" for c in table.columns) + "@{}"
    # room for running text: what the stub and the numbers leave
    stub = 0.26 if any(len(row.label) > 16 for group in table.groups for row in group) else 0.14
    numbers = sum(c.align == DECIMAL for c in table.columns)
    short = sum(c.align != DECIMAL and not c.wide for c in table.columns)
    texts = max(TEXT_WIDTH - stub - 0.085 * numbers - 0.12 * short, 0.2)
    share = texts / max(len(wide), 1)
    parts = [_ragged(stub)]
    for column in table.columns:
        width = share if column.wide else 0.12
        parts.append("r" if column.align == DECIMAL else _ragged(width))
    return "@{}" + "".join(parts) + "@{}"


def _ragged(width: float) -> str:
    return f">{{\\raggedright\\arraybackslash}}p{{{width:.3f}\\linewidth}}"


def _heading(text: str, align: str) -> str:
    return f"\\multicolumn{{1}}{{c}}{{{escape(text)}}}" if align == DECIMAL and text else escape(text)


def _span_line(table: Table, spans: tuple[Heading, ...]) -> str:
    cells = [""]
    at = 0
    for span in spans:
        start, end, text = span.start, span.end, span.text
        cells += [""] * (start - at)
        cells.append(f"\\multicolumn{{{end - start}}}{{c}}{{{escape(text)}}}")
        at = end
    cells += [""] * (len(table.columns) - at)
    return " & ".join(cells) + " \\\\"


def _cell(cell: Cell) -> str:
    if cell.kind in (ESTIMATE, NUMBER):
        stars = f"\\carbonspecstars{{{cell.stars}}}" if cell.stars else ""
        return _signed(cell.text) + stars
    if cell.kind == "verdict":
        return escape(verdict_text(cell.text))
    if cell.kind == "code":
        return f"\\texttt{{{_breakable(cell.text)}}}" if cell.text else ""
    return escape(cell.text)


def _signed(text: str) -> str:
    """A number with a minus and not a hyphen."""
    return escape(text).replace("-", "$-$") if text and any(sign.isdigit() for sign in text) else escape(text)


def _breakable(text: str) -> str:
    """Code that may break after every 16 characters and after a point."""
    if len(text) > 40 and " " not in text:
        return "\\allowbreak{}".join(escape(text[at : at + 16]) for at in range(0, len(text), 16))
    return escape(text)
