"""Slips and habits that break the syntax, each with its own help: one function a habit.

Habits that parse (`c(1, 2)`, `i.year`, `ref -1`) are the resolver's.
"""

from __future__ import annotations

from collections.abc import Callable

from carbonspec.diagnostics.model import ERROR, Diagnostic
from carbonspec.diagnostics.suggestions import did_you_mean
from carbonspec.lang.lalr import Tables, Token, Unexpected
from carbonspec.lang.layout import GOES_ON, Line
from carbonspec.source import Source, Span

BODY_SIGNS = {"COLON": ":", "EQUAL": "=", "ARROW": "->"}
SIGN_OF = dict.fromkeys(("var", "let", "measure"), "=") | dict.fromkeys(
    ("model", "mediate", "test", "hypothesis", "multiverse", "table", "figure"), ":"
)
EXAMPLES = {
    "study": 'study "Title"',
    "data": 'data provinces from "provinces.csv"',
    "panel": "panel provinces",
    "var": 'var gdp_pc "GDP per capita" = gdp / population',
    "let": "let controls = size + age",
    "measure": "measure Tech = stock(spending)",
    "winsorize": "winsorize x, y at 1%, 99%",
    "trim": "trim x at 1%, 99%",
    "require": "require x >= 0",
    "model": "model m: y ~ x + controls | fe(id, year)",
    "mediate": "mediate x -> m -> y",
    "test": "test roots: unitroot(x)",
    "hypothesis": 'hypothesis H1 "…": m.x < 0',
    "expect": "expect m.x = 0.5 within 1%",
    "multiverse": "multiverse curve: m.x",
    "table": 'table 1 "Title": m',
    "figure": 'figure 1 "Title": map(x)',
    "extends": 'extends "paper.cspec"',
    "without": "without expect, table 12",
}
_FOREIGN_COMMANDS = {
    "model": "reg regress xtreg areg reghdfe ivregress ivreg2 xtabond xtabond2 xtdpdsys logit probit xtlogit poisson ppmlhdfe "
    "feols fepois feglm femlm felm lm glm plm pgmm ols fit estimate regression",
    "var": "gen generate egen replace mutate transform define variable col column recode encode",
    "data": "use import insheet load read_csv read read_dta read_excel library require_data dataset input sysuse webuse",
    "panel": "xtset tsset pdata pdataframe index",
    "winsorize": "winsor winsor2 winsorise",
    "table": "esttab outreg2 estout etable modelsummary stargazer summarize summarise sum tabstat describe tab print",
    "figure": "plot graph twoway coefplot iplot ggplot",
    "mediate": "sgmediation mediation sem",
    "let": "global local macro setFixest_fml",
    "test": "xtunitroot hausman estat lincom nlcom testparm",
    "study": "title paper",
    "extends": "include source inherit",
}
_COMMAND = {word: keyword for keyword, words in _FOREIGN_COMMANDS.items() for word in words.split()}
_LOOPS = frozenset(("for", "foreach", "forvalues", "while", "if", "else", "def", "function", "program", "return", "end"))
_NOTHING = frozenset(("clear", "set", "cd", "log", "capture", "quietly", "qui", "version", "from", "options", "run"))
_CLAUSES = frozenset(
    "from where join id time se by using at levels unit columns rows stats published seed cite level stars digits parentheses "
    "text encoding sheet split weights sample notes bootstrap with within lags permute group fuel factors add".split()
)
_OPERANDS = frozenset(("NAME", "NUMBER", "STRING", "QUOTED", "LAG", "LPAR"))
_ENDS_OPERAND = frozenset(("NAME", "NUMBER", "STRING", "QUOTED", "RPAR", "RSQB"))
_COMPARISONS = frozenset(("<", "<=", ">", ">=", "==", "!=", "in"))


class Place:
    """Where a line stopped making sense. `previous` is the token before, `token` the one that cannot stand there."""

    def __init__(self, source: Source, line: Line, problem: Unexpected, tables: Tables) -> None:
        self.line = line
        self.index = problem.index
        self.expected = tables.expected(line.tokens[: problem.index], "clause_line" if line.indent else "statement")
        self.keywords = tables.keywords
        self._source = source

    def at(self, offset: int) -> Token | None:
        """The token `offset` places from the one that cannot stand there."""
        index = self.index + offset
        return self.line.tokens[index] if 0 <= index < len(self.line.tokens) else None

    @property
    def token(self) -> Token | None:
        return self.at(0)

    @property
    def previous(self) -> Token | None:
        return self.at(-1)

    def text(self, offset: int) -> str:
        """The text of a token, "" where there is none."""
        token = self.at(offset)
        return token.text if token is not None else ""

    def kind(self, offset: int) -> str:
        token = self.at(offset)
        return token.kind if token is not None else ""

    def shown(self, offset: int) -> str:
        """The text of a token, cut when it is long."""
        text = self.text(offset)
        return text if len(text) <= 40 else text[:39] + "…"

    @property
    def keyword(self) -> str:
        """The statement's keyword; "" on a clause line."""
        return "" if self.line.indent else self.line.tokens[0].text

    @property
    def before(self) -> list[Token]:
        """The tokens that were fine."""
        return self.line.tokens[: self.index]

    @property
    def depth(self) -> int:
        """How many brackets are open."""
        opened = sum(token.text in ("(", "[") for token in self.before)
        return opened - sum(token.text in (")", "]") for token in self.before)

    @property
    def in_head(self) -> bool:
        """Whether the statement's `=` or `:` is still to come."""
        sign = SIGN_OF.get(self.keyword)
        return sign is not None and all(token.kind in ("NAME", "QUOTED", "STRING", "NUMBER") for token in self.before[1:])

    @property
    def wants_operand(self) -> bool:
        return "NUMBER" in self.expected and "STRING" in self.expected

    def error(self, code: str, message: str, *helps: str, at: int = 0, to: int | None = None) -> Diagnostic:
        """An error that underlines the tokens from `at` to `to`, counted from the one that cannot stand there."""
        first = self.at(at) or self.line.tokens[-1]
        last = (self.at(to) if to is not None else None) or first
        return Diagnostic(code, ERROR, message, Span(self._source, first.start, last.end), helps)


Habit = Callable[[Place], Diagnostic | None]


# --- the start of a line --------------------------------------------------------------------------------------


def comment_sign(place: Place) -> Diagnostic | None:
    """`// comment`, `* comment`, `/* … */`, `-- comment`."""
    for first in (0, -1):
        pair = place.text(first) + place.text(first + 1)
        if pair in ("//", "/*") or (pair == "--" and place.index == 0):
            return place.error("E103", f"`{pair}` does not start a comment", "comments start with `#`", at=first, to=first + 1)
    if place.index == 0 and place.text(0) == "*":
        return place.error("E103", "`*` does not start a comment", "comments start with `#`")
    return None


def row_starts_with_operator(place: Place) -> Diagnostic | None:
    if place.index > 0 or place.text(0) not in GOES_ON:
        return None
    sign = place.text(0)
    message = f"a line cannot start with `{sign}`"
    return place.error("E117", message, f"put the `{sign}` at the end of the line above: that line then goes on here")


def unknown_statement(place: Place) -> Diagnostic | None:
    if place.index > 0 or not place.keyword:
        return None
    word = place.text(0)
    if place.kind(0) not in ("NAME", "QUOTED"):
        helps = ("an indented line is a clause, or goes on where the line above ended in an operator or comma",)
        return place.error("E110", f"a statement starts with a word, not with `{place.shown(0)}`", *helps)
    message = f"no statement starts with `{word}`"
    close = did_you_mean(word, place.keywords)
    if place.text(1) == "~":
        return place.error("E110", message, f"a formula belongs to a model: `model m: {word} ~ …`")
    if place.text(1) == "=" or (place.text(1) + place.text(2)) in ("<-", ":="):
        return place.error("E110", message, f"a variable is declared by `var {word} = …`, a list of terms by `let {word} = …`")
    if word in _COMMAND:
        keyword = _COMMAND[word]
        if keyword == "model":
            return place.error("E110", message, f"write a `model` statement: `{_as_model(place)}`")
        return place.error("E110", message, f"write a `{keyword}` statement: `{EXAMPLES[keyword]}`")
    if word in _LOOPS:
        helps = ("a spec has no loops or conditions; several columns come from `csw0(…)`, `split` or `multiverse`",)
        return place.error("E110", message, *helps)
    if word in _NOTHING:
        return place.error("E110", message, "a spec needs nothing of this kind: take the line out")
    if word in _CLAUSES:
        return place.error("E110", message, f"`{word}` is a clause: indent it by two below its statement")
    if word in ("keep", "drop", "filter", "subset"):
        return place.error("E110", message, "rows are chosen by a `where` clause of `data`, `panel` or `model`")
    if close:
        return place.error("E110", message, f"did you mean `{close}`?")
    return place.error("E110", message, "the statements are: " + ", ".join(EXAMPLES))


def _as_model(place: Place) -> str:
    """`reg y x z, r` → `model m: y ~ x + z`."""
    names = []
    for token in place.line.tokens[1:]:
        if token.kind != "NAME":
            break
        names.append(token.text)
    if len(names) > 1 and len(names) + 1 in (len(place.line.tokens), _first_comma(place)):
        return f"model m: {names[0]} ~ {' + '.join(names[1:])}"
    return EXAMPLES["model"]


def _first_comma(place: Place) -> int:
    texts = [token.text for token in place.line.tokens]
    return texts.index(",") if "," in texts else -1


def clause_starts_with_no_word(place: Place) -> Diagnostic | None:
    if place.index > 0:
        return None
    helps = ["a clause is a word and its values: `where year <= 2018`"]
    if place.kind(0) in _OPERANDS:
        helps.append("to go on with the line above, end that one in an operator or a comma")
    return place.error("E101", f"a clause starts with a word, not with `{place.shown(0)}`", *helps)


# --- the head of a statement ----------------------------------------------------------------------------------


def name_missing(place: Place) -> Diagnostic | None:
    """`model: …`, `model "Label": …`, `model Ce ~ Open`, `study` without its title."""
    if place.index != 1 or not place.keyword:
        return None
    keyword, example = place.keyword, f"`{EXAMPLES[place.keyword]}`"
    if keyword == "study":
        return place.error("E111", "`study` needs a title in double quotes", example, at=0 if place.token else -1)
    if keyword not in SIGN_OF and keyword not in ("data", "panel"):
        if place.token is None:
            return place.error("E111", f"`{keyword}` stands alone", f"for example {example}", at=-1)
        return None
    if place.kind(0) == "STRING":
        if keyword in ("mediate", "test"):
            return place.error("E112", f"a label without a name: `{keyword}` has neither, or a name first", f"for example `{keyword} name {place.shown(0)}: …`")
        name = "1" if keyword in ("table", "figure") else "name"
        helps = (f"write the name first: `{keyword} {name} {place.shown(0)}{_sign(keyword)}`",)
        return place.error("E112", "the label stands after the name it labels", *helps)
    if place.text(0) in ("and", "or", "not", "in"):
        return place.error("E114", f"`{place.text(0)}` is a word of the language and cannot be a name", "choose another name")
    if place.kind(0) == "NUMBER":
        return place.error("E114", f"`{keyword}` needs a name; `{place.shown(0)}` is a number", f"for example {example}")
    if place.token is None or place.text(0) in (":", "=", "~"):
        return place.error("E111", f"`{keyword}` needs a name", f"for example {example}", at=0 if place.token else -1)
    return None


def _sign(keyword: str) -> str:
    return {"=": " = …", ":": ": …"}.get(SIGN_OF.get(keyword, ""), "")


def body_missing(place: Place) -> Diagnostic | None:
    """`model benchmark`, `let x =`."""
    keyword = place.keyword
    sign = SIGN_OF.get(keyword)
    if sign is None:
        return None
    example = f"for example `{EXAMPLES[keyword]}`"
    named = " ".join(token.text for token in place.before[:2])
    if place.in_head and (place.token is None or place.kind(0) == "NAME") and place.index >= 2 and "NUMBER" not in place.expected:
        if place.token is None:
            return place.error("E111", f"`{named}` has no body", f"{example}", at=-1)
        return place.error("E118", f"`{sign}` is missing after `{place.shown(-1)}`", example)
    if place.token is None and place.text(-1) == sign and all(
        token.kind in ("NAME", "QUOTED", "STRING", "NUMBER") for token in place.before[1:-1]
    ):
        helps = (example, "a body on the next line must be indented")
        return place.error("E111", f"nothing follows the `{sign}` of `{named}`", *helps, at=-1)
    return None


def wrong_sign(place: Place) -> Diagnostic | None:
    """`let x: a`, `model m = y ~ x`, `var x == 1`, `var x <- 1`, `model y ~ x`."""
    keyword = place.keyword
    sign = SIGN_OF.get(keyword)
    if sign is None or not place.in_head or place.index < 2 or place.token is None:
        return None
    written = place.text(0)
    pair = written + place.text(1)
    if pair in ("<-", ":=") or (written == ":" and place.text(1) == "="):
        return place.error("E118", f"`{pair}` is written `{sign}` here", f"write `{sign}`", to=1)
    if written == "~":
        return place.error("E118", f"`{keyword}` needs a name before the formula", f"for example `{keyword} m: {place.text(-1)} ~ …`")
    if written in ("=", "==", ":") and written != sign:
        return place.error("E118", f"after the name of a `{keyword}` stands `{sign}`, not `{written}`", f"write `{sign}`")
    if written == ".":
        return place.error("E114", "a declared name has no dot", "use `_`, or put the name in backquotes", at=-1, to=1)
    if place.kind(0) == "STRING":
        return place.error("E112", "one label is enough", f"after it stands `{sign}`")
    return None


# --- operators ------------------------------------------------------------------------------------------------

_PAIRS = {
    "**": ("`**` is written `^` here", "write `^`"),
    "||": ("`||` is written `or` here", "write `or`"),
    "|>": ("there are no pipes here", "name the steps: each is a `var` or a `model` of its own"),
    "<>": ("`<>` is written `!=` here", "write `!=`"),
    "~=": ("`~=` is written `!=` here", "write `!=`"),
    "=<": ("`=<` is written `<=` here", "write `<=`"),
    "=>": ("`=>` is written `>=` here", "write `>=`"),
    "=~": ("there are no patterns here", 'compare with a set: `x in ("a", "b")`'),
    "===": ("`===` is written `==` here", "write `==`"),
    ":=": ("`:=` is written `=` here", "write `=`"),
    "::": ("functions have no package here", "write the function's name alone"),
    "<-": ("`<-` is written `=` here", "write `=`"),
    "++": ("one `+` is enough", "take the other out"),
    "...": ("a range has two dots", "write `2012..2020`"),
}


def operator_pair(place: Place) -> Diagnostic | None:
    """Two signs that together mean something elsewhere."""
    for first in (-1, 0):
        one, two = place.at(first), place.at(first + 1)
        if one is None or two is None or one.end != two.start:
            continue
        found = _PAIRS.get(one.text + two.text)
        if found is not None:
            return place.error("E103", found[0], found[1], at=first, to=first + 1)
    return None


def bar_as_or(place: Place) -> Diagnostic | None:
    """`a | b` for "or"; `| id + year` for fixed effects."""
    bar = next((offset for offset in (0, -1, -2) if place.text(offset) == "|"), None)
    if bar is None:
        return None
    formula = place.keyword in ("model", "mediate") and place.depth == 0 and not _clause_words(place)
    if not formula:
        return place.error("E119", "`|` is not \"or\": it sets off the structure of a model", "write `or`", at=bar)
    words: list[str] = []
    for token in place.line.tokens[place.index + bar + 1 :]:
        if token.text in _CLAUSES - {"id", "time"} or token.kind not in ("NAME", "PLUS"):
            break
        if token.kind == "NAME":
            words.append(token.text)
    message = "after `|` stands a structure such as `fe(…)`"
    helps = (f"write `| fe({', '.join(words)})`" if words else "for example `| fe(id, year)`",)
    return place.error("E119", message, *helps, at=min(bar + 1, 0) if place.token else -1)


def _clause_words(place: Place) -> bool:
    """Whether a clause has begun: a name right after the end of an operand."""
    pairs = zip(place.before[2:], place.before[3:], strict=False)
    return any(two.kind == "NAME" and one.kind in _ENDS_OPERAND for one, two in pairs)


def open_range(place: Place) -> Diagnostic | None:
    if place.text(-1) == ".." and place.wants_operand:
        return place.error("E113", "a range has two ends", f"write `{place.text(-2)}..last`", at=-1)
    if place.text(0) == ".." and place.wants_operand:
        return place.error("E113", "a range has two ends", f"write `1..{place.text(1)}`")
    if place.text(0) == ".." and ".." in (token.text for token in place.before):
        return place.error("E113", "a range has two ends and no step", "write `2012..2020`, or a set: `(2012, 2015, 2018)`")
    return None


def chained_comparison(place: Place) -> Diagnostic | None:
    if place.text(0) not in _COMPARISONS | {"not"} or "PLUS" not in place.expected:
        return None
    earlier = [token.text for token in place.before if token.text in _COMPARISONS]
    if not earlier:
        return None
    low, one, x, two, high = (place.text(offset) for offset in range(-3, 2))
    if place.index < 3 or not all(place.kind(offset) in ("NAME", "NUMBER") for offset in (-3, -1, 1)):
        low, one, x, two, high = "1", "<", "x", "<", "2"
    helps = [f"write `{low} {one} {x} and {x} {two} {high}`"]
    if one == two == "<=":
        helps.append(f"or `{x} in {low}..{high}`")
    return place.error("E115", "comparisons cannot be chained", *helps)


def names_or_compares(place: Place) -> Diagnostic | None:
    """`=` inside a condition."""
    if place.text(0) != "=":
        return None
    if place.depth == 0 and place.kind(-1) == "NAME" and _after_word(place):
        return place.error("E120", f"a clause has no `=`: `{place.text(-1)}` is followed by its value", f"write `{place.text(-1)} …` without it")
    if "PLUS" in place.expected or place.expected & {"EQUAL"}:
        return place.error("E121", "`=` names a value; it does not compare", "write `==`")
    return None


def missing_value_dot(place: Place) -> Diagnostic | None:
    """`x != .`, `.5`."""
    if place.text(0) != "." or not place.wants_operand:
        return None
    if place.kind(1) == "NUMBER":
        return place.error("E108", "a number starts with a digit", f"write `0.{place.text(1)}`", to=1)
    return place.error("E103", "`.` is not a value", "a missing value is found by `missing(x)`; comparisons with it are missing too")


def lag_of_nothing(place: Place) -> Diagnostic | None:
    """`L.2`, `L.`."""
    if place.kind(-1) != "LAG":
        return None
    sign = place.text(-1)
    found = f", found `{place.shown(0)}`" if place.token is not None else ""
    helps = (f"write `{sign[0]}2.x` for an order of two, or `{sign}(a / b)`",)
    return place.error("E101", f"expected a variable after `{sign}`{found}", *helps, at=-1)


def not_without_in(place: Place) -> Diagnostic | None:
    """`a not b`."""
    if place.text(-1) != "not" or place.wants_operand:
        return None
    return place.error("E101", "expected `in` after `not`", "write `x not in (1, 2)`", at=-1)


def dot_of_nothing(place: Place) -> Diagnostic | None:
    if place.text(-1) != "." or place.wants_operand:
        return None
    helps = ["a model's columns are counted in brackets: `m[5]`", "a column with a dot in its name stands in backquotes"]
    return place.error("E101", "expected a name after `.`", *helps, at=-1 if place.token is None else 0)


def two_formulas(place: Place) -> Diagnostic | None:
    if place.text(0) != "~":
        return None
    if "~" in (token.text for token in place.before):
        helps = ("instruments are named after a bar: `| iv(x ~ z)`",)
        return place.error("E101", "a formula has one `~`", *helps)
    if place.wants_operand:
        return place.error("E101", "a formula needs an outcome before the `~`", "write `y ~ x`")
    return place.error("E101", "a formula cannot stand here", "formulas belong to `model` and to `iv(x ~ z)`")


def path_of_expressions(place: Place) -> Diagnostic | None:
    if place.text(0) != "->" and place.text(-1) != "->" and not (place.keyword == "mediate" and "ARROW" in place.expected):
        return None
    if place.keyword == "mediate" and place.text(0) == "~":
        return place.error("E101", "mediation is a path, not a formula", "write `mediate x -> m -> y with controls`")
    helps = ("a path is `x -> m -> y`; several mediators are `x -> (m1, m2) -> y`; other terms are `with controls`",)
    return place.error("E101", "a step of a path is one variable", *helps)


def comma(place: Place) -> Diagnostic | None:
    """`y ~ x, cluster(id)`; a comma without a value before it."""
    if place.text(0) != "," or place.depth > 0:
        return None
    if place.kind(-1) == place.kind(1) == "NUMBER" and len(place.text(1)) == 3:
        whole = place.text(-1) + place.text(1)
        return place.error("E108", "a number has no comma inside", f"write `{whole}` or `{int(whole):_}`", at=-1, to=1)
    if "PLUS" in place.expected and place.keyword:
        helps = ("clauses follow without a comma: `se cluster(id)`", "terms are added by `+`")
        return place.error("E101", f"the body of `{place.keyword}` ends here: no comma can follow", *helps)
    return None


def bracket_without_content(place: Place) -> Diagnostic | None:
    if place.text(0) not in (")", "]") or not place.wants_operand:
        return None
    if place.text(-1) in ("(", "["):
        return place.error("E101", f"nothing stands between `{place.text(-1)}` and `{place.text(0)}`", at=-1, to=0)
    if place.text(-1) == ",":
        return place.error("E101", f"expected an expression between `,` and `{place.text(0)}`", "take the comma out", at=-1)
    return None


# --- clauses and options --------------------------------------------------------------------------------------


def _after_word(place: Place) -> bool:
    """Whether the token before is a clause's word."""
    if place.kind(-1) != "NAME":
        return False
    if place.index == 1:
        return bool(place.line.indent)
    return place.kind(-2) in _ENDS_OPERAND and place.index > 2 or (place.index == 2 and place.keyword == "study")


def clause_without_value(place: Place) -> Diagnostic | None:
    """`using system twostep`; also a term without its operator."""
    if place.depth > 0 or not _after_word(place) or place.kind(0) in _OPERANDS:
        return None
    word, before = place.text(-1), place.text(-2)
    if place.kind(-2) == "NUMBER" and any(token.text == "levels" for token in place.before):
        return place.error("E120", "a label stands in double quotes", f'write `{before} "{word}"`', at=-1)
    if any(token.text == "using" for token in place.before[:-1]):
        helps: tuple[str, ...] = (f"options follow `using` after a comma: `using {before}, {word}`",)
        return place.error("E120", f"`{word}` would be a clause, and a clause has a value", *helps, at=-1)
    if word in _CLAUSES or place.line.indent or place.index == 1:
        found = f", found `{place.shown(0)}`" if place.token is not None else ""
        return place.error("E120", f"`{word}` needs a value{found}", "there is no clause without a value", at=-1)
    helps = (f"an operator or a comma may be missing: `{before} + {word}`", f"or, if `{word}` is a clause, its value")
    return place.error("E120", f"`{word}` stands after `{before}` without an operator", *helps, at=-1)


def option_without_sign(place: Place) -> Diagnostic | None:
    """`unitroot(Ce, lags 1)`, `fe(id year)`."""
    if place.depth == 0 or place.kind(0) not in _OPERANDS or place.kind(-1) not in _ENDS_OPERAND:
        return None
    one, two = place.shown(-1), place.shown(0)
    if place.kind(-1) == "NAME" and place.kind(0) in ("NUMBER", "STRING"):
        return place.error("E120", "inside brackets an option is named with `=`", f"write `{one} = {two}`", at=-1, to=0)
    helps = (f"write `{one}, {two}`", f"inside brackets an option is named: `{one} = …`")
    return place.error("E101", f"a comma or an operator is missing between `{one}` and `{two}`", *helps)


def reserved_word(place: Place) -> Diagnostic | None:
    word = place.text(0)
    if word not in ("and", "or", "in") or not (place.wants_operand or "NAME" in place.expected and "PLUS" not in place.expected):
        return None
    if place.previous is not None and place.previous.text in GOES_ON | {"(", "["} | place.keywords:
        return place.error("E101", f"expected an expression before `{word}`", "a column of this name stands in backquotes")
    return None


def two_operands(place: Place) -> Diagnostic | None:
    """`Ce ~ 2 Open`, `x "a" "b"`."""
    if place.depth > 0 or place.kind(0) not in ("NUMBER", "STRING", "QUOTED", "LPAR", "LAG") or "PLUS" not in place.expected:
        return None
    if place.kind(-1) not in _ENDS_OPERAND:
        return None
    one, two = place.shown(-1), place.shown(0)
    if one in _CLAUSES and place.text(-2) == ",":
        return place.error("E101", f"no comma stands before the clause `{one}`", "take the comma out", at=-2)
    return place.error("E101", f"an operator or a comma is missing between `{one}` and `{two}`")


HABITS: tuple[Habit, ...] = (
    comment_sign,
    row_starts_with_operator,
    unknown_statement,
    clause_starts_with_no_word,
    name_missing,
    wrong_sign,
    body_missing,
    operator_pair,
    open_range,
    bar_as_or,
    missing_value_dot,
    lag_of_nothing,
    not_without_in,
    dot_of_nothing,
    two_formulas,
    path_of_expressions,
    chained_comparison,
    names_or_compares,
    comma,
    bracket_without_content,
    clause_without_value,
    option_without_sign,
    reserved_word,
    two_operands,
)
"""In this order; the first that speaks is heard."""
