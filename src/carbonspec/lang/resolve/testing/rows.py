"""Numbers of tests: `roots[variable = Ce, test = llc].p`, `fe_or_re[statistic = wald_clustered].p`."""

from __future__ import annotations

from carbonspec.lang import ast
from carbonspec.lang.resolve.clauses import number, spell
from carbonspec.lang.resolve.names import Scope
from carbonspec.lang.resolve.problems import listed, suggestion, written
from carbonspec.lang.resolve.terms import simple
from carbonspec.lang.resolve.testing.subjects import RowKeys
from carbonspec.lang.spec import Filter, Literal, Quantity, Selection, Test
from carbonspec.lang.unparse import unparse_expression
from carbonspec.signature import METHOD, TEST

PARTS = ("p", "statistic", "estimate", "se", "df", "low", "high", "N", "groups", "lags", "bandwidth")
"""What a claim may cite of a row: `fe_or_re.p`."""

KEYS = {
    "unitroot": ("variable", "test"),
    "granger": ("cause", "outcome"),
    "difference": ("term",),
    "vif": ("column", "term"),
    "dependence": ("column", "variable"),
    "effects": ("column", "test"),
    "joint": (),
    "delta": (),
    "placebo": (),
}
"""What tells the rows of a test apart beside their statistic; of tests not named here the column does."""

ESTIMATED = ("delta", "difference", "placebo")
"""Tests of a number, which have it as `estimate`."""

_HABITS = {
    "pvalue": "p",
    "p_value": "p",
    "pval": "p",
    "stat": "statistic",
    "value": "statistic",
    "chi2": "statistic",
    "F": "statistic",
    "n": "N",
    "coef": "estimate",
    "std_error": "se",
}


class TestRows:
    """Resolves a number of a test; what is wrong is reported and gives None."""

    __test__ = False

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.problems = scope.problems

    def quantity(
        self, test: Test, rows: tuple[RowKeys, ...] | None, head: ast.Expr, members: list[ast.Expr], whole: ast.Expr
    ) -> Quantity | None:
        """`rows` are what the default rows are told apart by, None where only the data know."""
        items = head.items if isinstance(head, ast.Index) else ()
        filters = self._filters(test, items)
        if filters is None:
            return None
        part = self._part(test, members, whole)
        if part is None:
            return None
        left = self._left(test, rows, filters)
        shown = written(head)
        if left is not None and not left:
            found = listed(_address(test, keys) for keys in rows or ())
            self.problems.error("E219", f"no row of the test is `{shown}`", head.span, f"its rows are {found}")
            return None
        if left is not None and len(left) > 1:
            lines = tuple(f"{_address(test, keys)}.{part}" for keys in left)
            lines = lines if len(lines) <= 12 else (*lines[:11], f"… {len(lines) - 11} more")
            message = f"`{written(whole)}` is {len(left)} numbers, one a row of the test, and one is needed"
            self.problems.error("E217", message, whole.span, f"say which row, for example `{lines[0]}`", facts=lines)
            return None
        selection = Selection(test.name, filters, span=head.span)
        return Quantity(selection, "", part, written(whole), span=whole.span)

    def _part(self, test: Test, members: list[ast.Expr], whole: ast.Expr) -> str | None:
        if len(members) != 1 or not isinstance(members[0], ast.Name):
            help_ = f"name the part: `{written(whole)}.p`" if not members else f"for example `{test.name}.p`"
            self.problems.error("E327", f"`{written(whole)}` is no number of a test", whole.span, help_)
            return None
        part = members[0].text
        if part in ("estimate", "se", "low", "high") and test.function not in ESTIMATED:
            message = f"`{test.function}` has no `{part}`: it tests no single number"
            known = [name for name in PARTS if name not in ("estimate", "se", "low", "high")]
            self.problems.error("E218", message, members[0].span, f"its parts are {listed(known)}")
            return None
        if part in PARTS:
            return part
        help_ = f"did you mean `{_HABITS[part]}`?" if part in _HABITS else suggestion(part, PARTS)
        if part in self._statistics(test, ()):
            help_ = f"a statistic is picked by a bracket: `{test.name}[statistic = {part}].statistic`"
        message = f"a test has no part `{part}`"
        self.problems.error("E218", message, members[0].span, help_ or f"its parts are {listed(PARTS)}")
        return None

    # --- brackets -----------------------------------------------------------------------------------

    def _filters(self, test: Test, items: tuple[ast.Value, ...]) -> tuple[Filter, ...] | None:
        keys = (*KEYS.get(test.function, ("column",)), "statistic")
        filters: list[Filter] = []
        for item in items:
            key = item.name.text if isinstance(item.name, ast.Name) else ""
            if key not in keys:
                shown = written(item.name if item.name is not None else item)
                help_ = suggestion(shown, keys) or f"a bracket after this test can name {listed(keys)}"
                span = (item.name or item).span
                message = f"rows of `{test.function}` are not told apart by `{shown}`"
                if item.name is None:
                    message = f"a row of a test is named, and `{shown}` has no `=`"
                self.problems.error("E219", message, span, help_)
                return None
            if any(key == f.key for f in filters):
                self.problems.error("E304", f"`{key}` stands twice", item.span)
                return None
            value = _value(item.value)
            if key == "statistic":
                known = self._statistics(test, tuple(filters))
                by_effect = test.function == "effects" and value.startswith("f_")
                if value not in known and not by_effect:
                    help_ = suggestion(value, known) or f"its statistics are {listed(known)}"
                    self.problems.error("E219", f"the test has no statistic `{value}`", item.value.span, help_)
                    return None
            filters.append(Filter(key, value, span=item.span))
        return tuple(filters)

    def _statistics(self, test: Test, filters: tuple[Filter, ...]) -> tuple[str, ...]:
        """What the statistics of a test are called, of one method where the bracket names it."""
        catalogue = self.scope.catalogue
        if test.function != "unitroot":
            signature = catalogue.find(TEST, test.function)
            more = ("f",) if test.function == "effects" else ()
            return (*more, *(signature.statistics if signature is not None else ()))
        chosen = [str(f.value) for f in filters if f.key == "test"] or list(methods(test))
        found = [catalogue.find(METHOD, name) for name in chosen]
        return tuple(dict.fromkeys(word for method in found if method is not None for word in method.statistics))

    def _left(self, test: Test, rows: tuple[RowKeys, ...] | None, filters: tuple[Filter, ...]) -> list[RowKeys] | None:
        """The rows that a bracket leaves, the default one of each; None where only the data know."""
        if rows is None:
            return None
        left = [keys for keys in rows if all(dict(keys).get(f.key) == f.value for f in filters if f.key != "statistic")]
        word = next((str(f.value) for f in filters if f.key == "statistic"), "")
        if word and test.function == "unitroot":
            found = [(keys, self.scope.catalogue.find(METHOD, dict(keys)["test"])) for keys in left]
            left = [keys for keys, method in found if method is not None and word in method.statistics]
        elif word and test.function == "effects":
            wanted = "f" if word == "f" or word.startswith("f_") else "breusch_pagan"
            left = [keys for keys in left if dict(keys)["test"] == wanted]
        return left


def methods(test: Test) -> tuple[str, ...]:
    """The methods a unit root test uses."""
    values = [value.value for setting in test.settings if setting.word == "using" for value in setting.values]
    return tuple(str(value.value) for value in values if isinstance(value, Literal)) or ("ips",)


def _value(expr: ast.Expr) -> str:
    inner = simple(expr)
    if isinstance(inner, ast.Text):
        return inner.value
    if isinstance(inner, ast.Name):
        return inner.text
    given = number(inner)
    return spell(given) if given is not None else unparse_expression(inner)


def _address(test: Test, keys: RowKeys) -> str:
    inside = ", ".join(f"{key} = {_quoted(value)}" for key, value in keys)
    return f"{test.name}[{inside}]" if inside else test.name


def _quoted(value: str) -> str:
    return value if value.replace("_", "").isalnum() else f'"{value}"'
