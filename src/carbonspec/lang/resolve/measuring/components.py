"""Components of a measure: `Ce.fuels`, `Ce.raw_coal`, `Ce.Electricity`."""

from __future__ import annotations

from carbonspec.diagnostics.model import Related
from carbonspec.lang import ast
from carbonspec.lang.resolve.names import Declaration, Scope
from carbonspec.lang.resolve.problems import listed, suggestion, written
from carbonspec.lang.spec import COMPONENT, VARIABLE, Measure, Ref, Variable
from carbonspec.source import Located, Span

TOTALS = {"fuel": "fuels", "electricity": "electricity", "transport": "transport", "heat": "heat"}
"""Clauses whose lines together are a component, and what that is called."""


class Component(Located):
    """A component. `key` is the clause it comes from, as the engine numbers it: `fuel coke`, `add 2`, `heat`."""

    key: str
    label: str = ""


def component(scope: Scope, measure: ast.Name, member: ast.Name, declared: Declaration) -> Ref | None:
    """`Ce.Electricity` as a variable; None after an error."""
    statement = declared.statement
    span = measure.span.to(member.span)
    method = method_of(statement) if statement is not None else ""
    if statement is None or not method:
        return None
    related = (Related(declared.span, "declared here"),)
    if method != "emissions":
        message = f"`{measure.text}` is one column: a measure by `{method}` keeps no components"
        scope.problems.error("E210", message, span, related=related)
        return None
    known = components(statement)
    if member.text not in known:
        message = f"`{measure.text}` has no component `{member.text}`"
        help_ = suggestion(member.text, known) or f"its components are {listed(known, 30)}"
        if not statement.broken:
            scope.problems.error("E210", message, member.span, help_, related=related)
        return None
    name = written(ast.Member(measure, member, span=span))
    if name in scope.declarations or scope.raw_tables(name):
        what = f"`{name}` is a component of `{measure.text}` and also a column"
        scope.problems.error("E204", what, span, "give the component another name: `add name = …`")
        return None
    scope.components.setdefault(name, (measure.text, known[member.text]))
    return Ref(name, VARIABLE, None, span=span)


def component_variables(scope: Scope, measures: tuple[Measure, ...]) -> tuple[Variable, ...]:
    """The components that the file uses, as variables."""
    by_name = {measure.name: measure for measure in measures}
    return tuple(
        Variable(name, part.label, Ref(part.key, COMPONENT, measure, span=part.span), by_name[measure].unit)
        for name, (measure, part) in scope.components.items()
        if measure in by_name
    )


def method_of(statement: ast.Statement) -> str:
    """The method of a measure, "" where there is none to read."""
    call = statement.body[0].value if len(statement.body) == 1 else None
    return call.function.text if isinstance(call, ast.Call) else ""


def components(statement: ast.Statement) -> dict[str, Component]:
    """The components by what they are called; the first of a name counts."""
    found: dict[str, Component] = {}
    for name, part in listing(statement):
        found.setdefault(name, part)
    return found


def listing(statement: ast.Statement) -> list[tuple[str, Component]]:
    """(name, component), a component also by its label, in the order of the file."""
    found: list[tuple[str, Component]] = []
    lines: dict[str, int] = {}
    words = [clause.word.text for clause in statement.clauses]
    for clause in statement.clauses:
        word = clause.word.text
        if word == "transport" and not any(value.name is not None for value in clause.values):
            continue  # `transport excluded`
        number = lines[word] = lines.get(word, 0) + 1
        if word in TOTALS and number == 1:
            span = clause.span if words.count(word) == 1 else clause.word.span
            found.append((TOTALS[word], Component(word, TOTALS[word].capitalize(), span=span)))
        if word == "fuel":
            for value in clause.values:
                key = key_of(value)
                found += _named(Component(f"fuel {key}", label_of(value), span=value.span), key)
        elif word in ("add", "electricity", "heat"):
            for value in clause.values[:1]:
                found += _named(Component(f"{word} {number}", label_of(value), span=value.span), name_of(value, word))
    return found


def _named(part: Component, name: str) -> list[tuple[str, Component]]:
    names = dict.fromkeys(text for text in (name, part.label) if text)
    return [(text, part) for text in names]


def key_of(value: ast.Value) -> str:
    """A fuel's key: the name before `=`, else the column's own."""
    at = value.name if value.name is not None else value.value
    return at.text if isinstance(at, ast.Name) else written(at)


def name_of(value: ast.Value, word: str) -> str:
    """What an added component is called without its label."""
    if isinstance(value.name, ast.Name):
        return value.name.text
    bare = word == "add" and value.label is None and isinstance(value.value, ast.Name)
    return written(value.value) if bare else ""


def label_of(value: ast.Value) -> str:
    """The label of a component, before or after its `=`."""
    label = value.name_label or value.label
    return label.value if label is not None else ""


def twice(statement: ast.Statement) -> list[tuple[str, Span, Span]]:
    """(name, place, first place) of components that share a name."""
    seen: dict[str, Component] = {}
    found = []
    for name, part in listing(statement):
        first = seen.setdefault(name, part)
        if first.span is not part.span:
            found.append((name, part.span, first.span))
    return found
