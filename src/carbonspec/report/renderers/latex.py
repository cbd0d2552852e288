"""A report and its tables as LaTeX (booktabs, threeparttable).

`report.tex` compiles as it is with pdflatex, lualatex or xelatex. Signs that the engine or its fonts may lack go
through `\\carbonspechan{text}{code points}` (Chinese) and `\\carbonspecsign` (others): printed where a font is found,
else as code points.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from carbonspec.report.document import (
    DECIMAL,
    ESTIMATE,
    NUMBER,
    Cell,
    Document,
    Figure,
    Heading,
    Paragraph,
    Table,
)
from carbonspec.report.renderers.latex_text import escape
from carbonspec.report.renderers.layout import width
from carbonspec.report.renderers.wording import verdict_text

PREAMBLE = r"""% Made by carbonspec. Compiles as it is with pdflatex, lualatex or xelatex.
\documentclass[11pt]{article}
\usepackage{iftex}
\ifPDFTeX
  \usepackage[T1]{fontenc}
  \usepackage[utf8]{inputenc}
  \IfFileExists{lmodern.sty}{\usepackage{lmodern}}{}
\else
  \usepackage{fontspec}
\fi
\usepackage{textcomp}
\usepackage[a4paper,margin=2.2cm]{geometry}
\usepackage{graphicx}
\usepackage{booktabs}
\usepackage{threeparttable}
\usepackage{array}
\usepackage{longtable}
\usepackage{pdflscape}
\newcommand{\carbonspecstars}[1]{\rlap{$^{#1}$}}
\newcommand{\carbonspechan}[2]{#2}
\newcommand{\carbonspecsign}[2]{#2}
\newif\ifcarbonspecfound
\ifPDFTeX
  \IfFileExists{CJKutf8.sty}{\IfFileExists{c70gbsn.fd}{\carbonspecfoundtrue}{}}{}
  \ifcarbonspecfound
    \usepackage{CJKutf8}
    \renewcommand{\carbonspechan}[2]{\begin{CJK}{UTF8}{gbsn}#1\end{CJK}}
  \fi
\else
  \renewcommand{\carbonspecsign}[2]{#1}
  \newcommand{\carbonspecfont}[1]{\IfFontExistsTF{#1}{%
    \providecommand{\carbonspeccjk}{\fontspec{#1}}%
    \renewcommand{\carbonspechan}[2]{{\carbonspeccjk ##1}}}{}}
  \carbonspecfont{FandolSong-Regular.otf}
  \carbonspecfont{Noto Serif CJK SC}
  \carbonspecfont{Noto Sans CJK SC}
  \carbonspecfont{AR PL SungtiL GB}
\fi
\newsavebox{\carbonspecbox}
\newcommand{\carbonspecshrunk}[1]{\includegraphics[width=\linewidth,height=0.7\textheight,keepaspectratio]{#1}}
\newcommand{\carbonspecpicture}[1]{\sbox{\carbonspecbox}{\includegraphics{#1}}%
  \ifdim\wd\carbonspecbox>\linewidth\carbonspecshrunk{#1}\else
  \ifdim\ht\carbonspecbox>0.7\textheight\carbonspecshrunk{#1}\else\usebox{\carbonspecbox}\fi\fi}
\setlength{\LTleft}{0pt}
\setlength{\LTright}{\fill}
\begin{document}
"""
FRAGMENT = r"""% Needs \usepackage{booktabs,threeparttable,array,textcomp}; turned tables also pdflscape.
\providecommand{\carbonspecstars}[1]{\rlap{$^{#1}$}}
\providecommand{\carbonspechan}[2]{#1}
\providecommand{\carbonspecsign}[2]{#1}
"""
SIZES = (
    ("\\small", 95, False),
    ("\\footnotesize", 109, False),
    ("\\footnotesize", 168, True),
    ("\\scriptsize", 200, True),
)
"""Font size, characters that a line of a table takes in it, whether the page is turned."""
LINE = 106
"""Characters on a line of a table of running text."""
GAP = 4
NARROWEST = 8


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
            elif isinstance(block, Figure):
                parts.append(render_figure(block))
            elif not block.folded:
                parts.append(_floating(block) if block.number else _running(block))
        parts.append("\\clearpage\n" if section.anchor in ("tables", "figures") else "")
    parts.append(f"\n\\bigskip\\noindent{{\\footnotesize {escape(document.footer)}}}\n\\end{{document}}\n")
    return "".join(parts)


def render_table(table: Table) -> str:
    """A table environment to `\\input`; it says which packages it needs."""
    return FRAGMENT + _floating(table)


def render_figure(figure: Figure) -> str:
    """A figure environment; the picture is found below the folder of the report."""
    stamp = f" [{escape(figure.stamp)}]" if figure.stamp else ""
    picture = f"\\fbox{{failed: {escape(figure.failure)}}}"
    if "pdf" in figure.names:
        picture = f"\\carbonspecpicture{{{figure.names['pdf']}}}"
    lines = [
        "\\begin{figure}[!htbp]\\centering",
        f"\\renewcommand{{\\thefigure}}{{{escape(figure.number)}}}",
        f"\\caption{{{escape(figure.label)}{stamp}}}\\label{{{_reference(figure.number, 'fig')}}}",
        picture,
    ]
    if figure.notes:
        notes = " ".join(escape(note) for note in figure.notes)
        lines.append(
            f"\\par\\medskip\\begin{{minipage}}{{\\linewidth}}\\footnotesize\\textit{{Note.}} {notes}\\end{{minipage}}"
        )
    return "\n".join([*lines, "\\end{figure}"]) + "\n"


def _floating(table: Table) -> str:
    """A numbered table: it floats, and has its own number. Wide ones get a smaller font, then a page on its side."""
    natural = _natural(table)
    starred = any(cell.stars for cell in _cells(table))
    needed = sum(natural) + GAP * len(table.columns) + 4 * starred
    size, room, turned = next((s for s in SIZES if needed <= s[1]), SIZES[-1])
    stamp = f" [{escape(table.stamp)}]" if table.stamp else ""
    caption = escape(table.label) + stamp if table.label else stamp.strip()
    texts = any(column.wide for column in table.columns)
    stub = natural[0] if needed <= room and not texts else max(NARROWEST, natural[0] - (needed - room))
    if texts:
        columns = _paragraphs(table, LINE)
    else:
        first = "l" if stub == natural[0] else _ragged(stub / room)
        end = "@{\\hspace{1.3em}}" if starred else "@{}"
        columns = f"@{{}}{first}{''.join('c' if c.align == DECIMAL else 'l' for c in table.columns)}{end}"
    lines = ["\\begin{landscape}"] if turned else []
    lines += [
        "\\begin{table}[!htbp]\\centering",
        f"\\begin{{threeparttable}}{size}\\setlength{{\\tabcolsep}}{{{9 if starred else 6}pt}}",
        f"\\renewcommand{{\\thetable}}{{{escape(table.number)}}}",
        f"\\caption{{{caption}}}\\label{{{_reference(table.number)}}}",
        _tabular(table, "tabular", columns),
    ]
    if table.notes:
        lines.append("\\begin{tablenotes}[flushleft]\\footnotesize")
        lines += [f"\\item \\textit{{Note.}} {_notes(table)}", "\\end{tablenotes}"]
    lines += ["\\end{threeparttable}", "\\end{table}"]
    lines += ["\\end{landscape}"] if turned else []
    return "\n".join(lines) + "\n"


def _reference(number: str, kind: str = "tab") -> str:
    """ "5" → tab:5; what LaTeX could trip over is left out."""
    return f"{kind}:" + "".join(sign for sign in number if sign.isascii() and (sign.isalnum() or sign in ".-"))


def _running(table: Table) -> str:
    """A table without a number: it may break over pages."""
    stamp = f" [{escape(table.stamp)}]" if table.stamp else ""
    title = f"\\medskip\\noindent\\textbf{{{escape(table.title)}}}{stamp}\\nopagebreak\n"
    notes = f"\n{{\\noindent\\footnotesize {_notes(table)}\\par}}\n" if table.notes else ""
    grid = _tabular(table, "longtable", _paragraphs(table, LINE))
    return f"\n{title}{{\\footnotesize\n{grid}\n}}{notes}"


def _notes(table: Table) -> str:
    return " ".join(escape(note) for note in table.notes)


def _tabular(table: Table, environment: str, columns: str) -> str:
    lines = [f"\\begin{{{environment}}}{{{columns}}}", "\\toprule"]
    for spans in table.spans:
        lines.append(_span_line(table, spans))
        lines.append(" ".join(f"\\cmidrule(lr){{{s.start + 2}-{s.end + 1}}}" for s in spans))
    headings = [escape(table.stub), *(_heading(c.heading, c.align, environment) for c in table.columns)]
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


def _natural(table: Table) -> list[int]:
    """Characters that the stub and each column would take on one line; a heading may break at its spaces."""
    rows = [row for group in table.groups for row in group]
    found = [max((width(text) for text in (table.stub, *(row.label for row in rows))), default=0)]
    for index, column in enumerate(table.columns):
        word = max((width(part) for part in column.heading.split()), default=0)
        cells = (row.cells[index] for row in rows)
        texts = (max(_cell_width(cell), width(cell.below)) for cell in cells)
        found.append(max(word if column.wide or column.align == DECIMAL else width(column.heading), *texts))
    for span in (span for spans in table.spans for span in spans):
        inside = found[span.start + 1 : span.end + 1]
        missing = width(span.text) - sum(inside) - GAP * (len(inside) - 1)
        if missing > 0:
            found[span.end] += missing
    return found


def _cells(table: Table) -> Iterator[Cell]:
    for group in table.groups:
        for row in group:
            yield from row.cells


def _cell_width(cell: Cell) -> int:
    """Typewriter type is wider."""
    return round(1.2 * width(cell.text)) if cell.kind == "code" else width(cell.text) + 4 * (cell.kind == "verdict")


def _paragraphs(table: Table, room: int) -> str:
    """Columns of running text: each as wide as it needs, the widest narrowed until they fit the line."""
    widths = [taken + 1 for taken in _natural(table)]
    free = room - GAP * len(table.columns)
    narrow = [0, *(i + 1 for i, c in enumerate(table.columns) if c.align != DECIMAL)]
    while sum(widths) > free:
        index = max(narrow, key=lambda i: widths[i])
        if widths[index] <= NARROWEST:
            break
        widths[index] -= 1
    parts = [_ragged(widths[0] / room)]
    for column, taken in zip(table.columns, widths[1:], strict=True):
        parts.append(_ragged(taken / room, "left" if column.align == DECIMAL else "right"))
    return "@{}" + "".join(parts) + "@{}"


def _ragged(share: float, side: str = "right") -> str:
    return f">{{\\ragged{side}\\arraybackslash}}p{{{share:.3f}\\linewidth}}"


def _heading(text: str, align: str, environment: str) -> str:
    if align == DECIMAL and text and environment == "tabular":
        return f"\\multicolumn{{1}}{{c}}{{{escape(text)}}}"
    return escape(text)


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
    return (
        escape(text).replace("-", "$-$")
        if text and any(sign.isdigit() or sign == "∞" for sign in text)
        else escape(text)
    )


def _breakable(text: str) -> str:
    """Code that may break after a point, a bracket or a stroke; hashes after every 16 characters."""
    if len(text) > 40 and text.isalnum():
        return "\\allowbreak{}".join(escape(text[at : at + 16]) for at in range(0, len(text), 16))
    if len(text) <= NARROWEST:
        return escape(text)
    return "".join(escape(part) + "\\allowbreak{}" * (part in "._/[:^") for part in _words(text))


def _words(text: str) -> Sequence[str]:
    """The text cut before and after signs at which code may break; blanks stay with what stands before them."""
    parts = [""]
    for sign in text:
        if sign in "._/[:^":
            parts += [sign, ""]
        else:
            parts[-1] += sign
    return [part for part in parts if part]
