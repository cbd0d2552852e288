"""Calls: whether a word is known, and whether it has the arguments and options its signature says."""

from __future__ import annotations

from carbonspec.lang import ast
from carbonspec.lang.resolve import habits
from carbonspec.lang.resolve.clauses import arguments
from carbonspec.lang.resolve.names import Scope
from carbonspec.lang.resolve.problems import listed, suggestion, written
from carbonspec.signature import FUNCTION, METHOD, Signature


class Calls:
    """Checks calls against the catalogue."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.problems = scope.problems

    def unknown_function(self, expr: ast.Call) -> None:
        """E211, with help for what other programs call it."""
        name = expr.function.text
        known = self.scope.catalogue.names(FUNCTION)
        help_ = habits.function(expr) or suggestion(name, known)
        if not help_ and self.scope.declarations.get(name) is not None:
            help_ = f"`{name}` is a {self.scope.declarations[name].kind}; to multiply write `{name} * (…)`"
        self.problems.error("E211", f"no function called `{name}`", expr.function.span, help_)

    def shape(self, expr: ast.Call, signature: Signature) -> bool:
        """Whether a call has as many arguments as its signature says, and only its named ones."""
        name = expr.function.text
        given = positional(expr)
        needed = sum(p.required for p in signature.arguments)
        most = None if any(p.many for p in signature.arguments) else len(signature.arguments)
        example = f"for example `{signature.example}`" if signature.example else ""
        if not signature.named and any(value.name is not None for value in expr.arguments):
            return self._no_options(expr)
        if len(given) < needed or (most is not None and len(given) > most):
            wanted = (
                arguments(needed)
                if most == needed
                else (f"at least {arguments(needed)}" if most is None else f"{needed} or {most} arguments")
            )
            has = f"has {len(given)}" if given else "has none"
            self.problems.error("E301", f"`{name}` takes {wanted} and {has}", expr.span, example)
            return False
        fine = True
        options = {p.name: p for p in signature.named}
        for value in expr.arguments:
            if value.label is not None:
                self.problems.error("E305", "a label cannot stand inside a call", value.label.span)
                fine = False
            if value.name is None:
                continue
            word = value.name.text if isinstance(value.name, ast.Name) else written(value.name)
            if word not in options:
                help_ = suggestion(word, options)
                if not help_ and options:
                    help_ = f"its {'options are' if len(options) > 1 else 'option is'} {listed(options)}"
                self.problems.error(
                    "E302", f"`{name}` has no option `{word}`", value.name.span, help_ or "to compare write `==`"
                )
                fine = False
            elif sum(option_name(v) == word for v in expr.arguments) > 1:
                self.problems.error("E304", f"`{word}` stands twice", value.name.span, "keep one of them")
                fine = False
        return fine

    def _no_options(self, expr: ast.Call) -> bool:
        """`I(year = 2015)`: a call without options was given one."""
        value = next(v for v in expr.arguments if v.name is not None)
        assert value.name is not None
        help_ = f"to compare write `{written(value.name)} == {written(value.value)}`"
        if expr.function.text == "iv":
            help_ = f"instruments follow a `~`: `iv({written(value.name)} ~ {written(value.value)})`"
        if self.scope.catalogue.find(METHOD, expr.function.text) is not None:
            word = written(value.name)
            help_ = "leave the brackets away"
            if word in ("lags", "trend", "demean"):
                help_ = f"`{word}` is a clause of the test: `{word} {written(value.value)}`"
        if expr.function.text in ("joint", "delta"):
            help_ = "what is tested is zero under the null: "
            help_ += f"`{expr.function.text}({written(value.name)} - {written(value.value)})`"
        self.problems.error("E330", f"`=` names an option, and `{expr.function.text}` has none", value.span, help_)
        return False


def positional(expr: ast.Call) -> list[ast.Value]:
    """The unnamed arguments."""
    return [value for value in expr.arguments if value.name is None]


def option_name(value: ast.Value) -> str:
    """The name of a named argument."""
    return value.name.text if isinstance(value.name, ast.Name) else ""


def option(expr: ast.Call, word: str) -> ast.Value | None:
    """A named argument by its name."""
    return next((value for value in expr.arguments if option_name(value) == word), None)
