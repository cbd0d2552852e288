"""Mistakes below the grammar: characters that start no token, brackets, odd spaces."""

from __future__ import annotations

import re

from carbonspec.diagnostics.model import ERROR, Diagnostic, Related
from carbonspec.lang.lalr import Token
from carbonspec.lang.layout import CLOSING, ODD_SPACES, OPENING, Line
from carbonspec.source import Source, Span

FULL_WIDTH = dict(
    zip("，。、；：？！（）［］【】｛｝＝＋－＊／＾＜＞～｜％＂＃．", ',.,;:?!()[][]{}=+-*/^<>~|%"#.', strict=True)
) | {chr(0xFF10 + digit): str(digit) for digit in range(10)}
"""Full-width sign → the half-width one."""
LOOK_ALIKE = {
    "−": "-", "–": "-", "—": "-", "‐": "-", "×": "*", "·": "*", "÷": "/", "≤": "<=", "≥": ">=", "≠": "!=", "→": "->",
    "∼": "~", "˜": "~", "〜": "~", "…": "..", "‘": '"', "’": '"', "“": '"', "”": '"', "„": '"', "«": '"', "»": '"',
    "「": '"', "」": '"', "∈": "in", "∧": "and", "∨": "or", "¬": "not", "∣": "|", "¦": "|", "´": "`",
}  # fmt: skip
"""Signs that word processors and input methods put in → what the language has."""

_BACKQUOTES = "put a name with such a sign in backquotes"
_PATTERNS: tuple[tuple[re.Pattern[str], str, str, tuple[str, ...]], ...] = tuple(
    (re.compile(pattern), code, message, tuple(helps))
    for pattern, code, message, *helps in (
        (r'"[^\n]*', "E105", 'this text is never closed: its second `"` is missing',
         "a text ends on its own line; a quote inside is written twice"),
        (r"``", "E106", "a name in backquotes is empty"),
        (r"`[^\n]*", "E106", "this name is never closed: its second backquote is missing"),
        (r"'[^'\n]*'?", "E103", "texts stand in double quotes, not in single ones", 'write `"…"`'),
        (r"##+", "E104", "`##` is not an operator here",
         "main effects and interaction are `a * b`, the interaction alone `a:b`"),
        (r"#", "E104", "`#` opens a comment only at a line's start or after a space",
         "the interaction of two variables is `a:b`", "before a comment, leave a space"),
        (r"[0-9][0-9_.]*%%", "E108", "one `%` is enough"),
        (r"[0-9][\w.]*%?\w*", "E108", "`{}` is neither a number nor a name",
         "leave a space after a number; a column of this name stands in backquotes: `` `{}` ``"),
        (r"%[iI][nN]%", "E103", "`%in%` is written `in` here", 'write `x in ("a", "b")`'),
        (r"%[^%\s]*%", "E103", "`{}` is not an operator here",
         "the operators are `+ - * / ^ : .. < <= > >= == != in and or not`"),
        (r"%", "E103", "`%` stands right after a number", "write `5%`"),
        (r"&&?", "E103", "`{}` is written `and` here", "write `and`"),
        (r"!", "E103", "`!` is written `not` here", "write `not x`"),
        (r"\$", "E103", "`$` has no meaning here", "a column of a table is `table.column`"),
        (r";", "E103", "`;` has no meaning here", "each statement stands on a line of its own, in column 0"),
        (r"\\", "E103", "`\\` has no meaning here",
         "a line that ends in an operator or comma, or inside brackets, goes on in the next"),
        (r"[{}]", "E103", "curly brackets have no meaning here", "a set is `(1, 2)`; a list of columns is `[1, 2]`"),
        (r"@", "E103", "`@` has no meaning here", _BACKQUOTES),
    )
)  # fmt: skip

_SPACE_NAMES = {"\xa0": "a no-break space", "\u3000": "a full-width space"}


def odd_spaces(source: Source, found: list[Diagnostic]) -> str:
    """The text with odd spaces replaced by spaces, save in texts and comments; one error for each kind of space."""
    odd = f"[{re.escape(ODD_SPACES)}]"
    pattern = rf'"(?:[^"\n]|"")*"|`[^`\n]*`|(?:^|(?<= )|(?<={odd}))#[^\n]*|({odd})'
    places: dict[str, list[int]] = {}

    def replaced(match: re.Match[str]) -> str:
        if match[1] is None:
            return match[0]
        places.setdefault(match[1], []).append(match.start())
        return " "

    text = re.sub(pattern, replaced, source.text, flags=re.MULTILINE)
    for sign, starts in places.items():
        rows = len({source.position(start)[0] for start in starts})
        where = "" if rows == 1 else f", here and on {rows - 1} more line{'s' if rows > 2 else ''}"
        span = Span(source, starts[0], starts[0] + 1)
        if sign == "\t":
            helps = ("indent by two spaces", "in most editors: convert tabs to spaces")
            found.append(Diagnostic("E109", ERROR, f"a tab{where}", span, helps))
        else:
            name = _SPACE_NAMES.get(sign, f"a space of another kind (U+{ord(sign):04X})")
            found.append(Diagnostic("E109", ERROR, f"{name}{where}", span, ("write a plain space",)))
    return text


def wrong_tokens(source: Source, line: Line) -> list[Diagnostic]:
    """What is wrong with the tokens of a line. While a sign is wrong, nothing is said about brackets."""
    if line.bad:
        return _wrong_signs(source, line)
    found = []
    for token, opened in line.stray:
        span = Span(source, token.start, token.end)
        if opened is None:
            message = f"there is no `{CLOSING[token.text]}` for this `{token.text}`"
            found.append(Diagnostic("E107", ERROR, message, span, (f"take the `{token.text}` out",)))
        else:
            message = f"`{opened.text}` is closed by `{token.text}`"
            related = (Related(Span(source, opened.start, opened.end), "opened here"),)
            found.append(Diagnostic("E107", ERROR, message, span, (f"write `{OPENING[opened.text]}`",), related))
    if line.unclosed and not line.stray:
        opened = line.unclosed[0]
        helps = [f"add `{OPENING[opened.text]}`"]
        last = source.position(line.tokens[-1].start)[0]
        if last > source.position(opened.start)[0]:
            helps.append(f"everything up to line {last} was read as inside the brackets")
        span = Span(source, opened.start, opened.end)
        found.append(Diagnostic("E107", ERROR, f"`{opened.text}` is never closed", span, tuple(helps)))
    return found


def _wrong_signs(source: Source, line: Line) -> list[Diagnostic]:
    found: list[Diagnostic] = []
    foreign: list[Token] = []
    done = 0
    for token in line.bad:
        if token.start < done:
            continue
        if token.text in FULL_WIDTH or token.text in LOOK_ALIKE:
            foreign.append(token)
            if token.text in "“‘«「":  # what stands between typographic quotes is text
                row_end = source.text.find("\n", token.start)
                row = source.text[token.start : row_end if row_end >= 0 else len(source.text)]
                closing = max(row.find(sign) for sign in "”’»」")
                done = token.start + closing if closing > 0 else 0
            continue
        for pattern, code, message, helps in _PATTERNS:
            match = pattern.match(source.text, token.start)
            if match:
                written = match[0].rstrip()
                done = token.start + len(written)
                span = Span(source, token.start, done)
                helps = tuple(help_.replace("{}", written) for help_ in helps)
                message = message.replace("{}", written)
                if all(earlier.message != message for earlier in found):
                    found.append(Diagnostic(code, ERROR, message, span, helps))
                break
        else:
            span = Span(source, token.start, token.end)
            shown = f"`{token.text}`" if token.text.isprintable() else f"the character U+{ord(token.text):04X}"
            found.append(Diagnostic("E103", ERROR, f"{shown} has no meaning here", span, (_BACKQUOTES,)))
    if foreign:
        found.insert(0, _foreign_signs(source, foreign))
    return found


def _foreign_signs(source: Source, tokens: list[Token]) -> Diagnostic:
    """One error for all full-width or typographic signs of a line."""
    pairs = {token.text: FULL_WIDTH.get(token.text) or LOOK_ALIKE[token.text] for token in tokens}
    wide = all(sign in FULL_WIDTH or sign in "“”‘’" for sign in pairs)
    kind = "full-width" if wide else "typographic"
    signs = " ".join(f"`{sign}`" for sign in pairs)
    message = f"{signs} is a {kind} sign" if len(pairs) == 1 else f"{signs} are {kind} signs"
    plain = " ".join(dict.fromkeys(f"`{sign}`" for sign in pairs.values()))
    half = "the half-width " if wide else ""
    span = Span(source, tokens[0].start, tokens[0].end)
    return Diagnostic("E102", ERROR, message, span, (f"write {half}{plain}",))
