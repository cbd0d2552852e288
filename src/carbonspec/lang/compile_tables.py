"""Grammar → parse tables, with lark. Run by the build hook, so that a start needs no lark; and by `parse` when the
grammar has changed since.

lark reads the grammar, checks it (LALR(1), no conflicts) and computes the tables; `lalr.py` runs them. The tables hold
nothing but plain values, so they can be written down as a Python module.
"""

from __future__ import annotations

from typing import Any

STARTS = ("statement", "clause_line")
"""What a line can be."""


def compile_tables(grammar: str, strict: bool = False) -> dict[str, Any]:
    """The tables of a grammar, as keyword arguments of `lalr.Tables`.

    `strict` makes lark refuse any conflict between rules or between tokens (needs the package interegular).
    Raises lark.exceptions.LarkError when the grammar is wrong.
    """
    from lark import Lark
    from lark.grammar import Rule
    from lark.lexer import PatternStr, TerminalDef

    parser = Lark(
        grammar, parser="lalr", lexer="contextual", start=list(STARTS), strict=strict, maybe_placeholders=False
    )
    data, memo = parser.memo_serialize([TerminalDef, Rule])
    table = data["parser"]["parser"]
    names = table["tokens"]

    described = {key: _rule(entry) for key, entry in memo.items() if entry["__type__"] == "Rule"}
    rules = sorted(set(described.values()))
    numbers = {key: rules.index(rule) for key, rule in described.items()}

    # lark numbers the states anew in each process; counted from the starts, the same grammar gives the same tables.
    order = [table["start_states"][start] for start in STARTS]
    place = {number: index for index, number in enumerate(order)}
    states: list[dict[str, int]] = []
    for number in order:
        row: dict[str, int] = {}
        for symbol, (kind, target) in sorted((names[s], action) for s, action in table["states"][number].items()):
            if kind == 1:
                row[symbol] = -1 - numbers[target["@"]]
            else:
                if target not in place:
                    place[target] = len(order)
                    order.append(target)
                row[symbol] = place[target]
        states.append(row)

    patterns = sorted(
        (t for t in parser.terminals if not isinstance(t.pattern, PatternStr)),
        key=lambda t: (-t.priority, -t.pattern.max_width, -len(t.pattern.value), t.name),
    )
    return {
        "grammar": grammar,
        "patterns": tuple((t.name, t.pattern.to_regexp()) for t in patterns),
        "fixed": {t.pattern.value: t.name for t in parser.terminals if isinstance(t.pattern, PatternStr)},
        "ignored": tuple(parser.ignore_tokens),
        "rules": tuple(rules),
        "states": tuple(states),
        "starts": {start: place[table["start_states"][start]] for start in STARTS},
        "ends": {start: place[table["end_states"][start]] for start in STARTS},
    }


def _rule(entry: dict[str, Any]) -> tuple[str, int, str, tuple[int, ...], bool]:
    """(nonterminal, symbols, node to build or "", which symbols are kept, whether a lone child stands for itself).

    A rule whose node is "" hands its children to the rule above it: lark's `_rule` and the rules it makes for `*`.
    """
    origin = entry["origin"]["name"]
    options = entry["options"]
    kept = tuple(
        index
        for index, symbol in enumerate(entry["expansion"])
        if options["keep_all_tokens"] or not symbol.get("filter_out", False)
    )
    node = "" if origin.startswith("_") else entry["alias"] or origin
    return origin, len(entry["expansion"]), node, kept, bool(options["expand1"]) and not entry["alias"]


def as_module(tables: dict[str, Any]) -> str:
    """The tables as the text of a module with one name, TABLES."""
    return (
        '"""Made from grammar/cspec.lark by hatch_build.py; not to be edited."""\n\n'
        f"from typing import Any\n\nTABLES: dict[str, Any] = {tables!r}\n"
    )
