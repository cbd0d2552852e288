"""The clauses of a test: `using llc(bandwidth = 2), ips`, `lags aic, most = 3`, `permute 1000`."""

from __future__ import annotations

from carbonspec.lang import ast
from carbonspec.lang.resolve.calls import Calls, option, positional
from carbonspec.lang.resolve.clauses import Clauses, number, plain
from carbonspec.lang.resolve.expressions import Expressions
from carbonspec.lang.resolve.names import Scope
from carbonspec.lang.resolve.problems import listed, suggestion, written
from carbonspec.lang.resolve.terms import simple
from carbonspec.lang.spec import KEY, Expr, Literal, Ref, Setting, SettingValue
from carbonspec.signature import METHOD, Parameter, Signature

CRITERIA = ("aic", "bic", "hqic")
_HABITS = {
    "const": "constant",
    "intercept": "constant",
    "drift": "constant",
    "trend": "linear",
    "madwu": "fisher_adf",
    "levinlin": "llc",
    "fisher": "fisher_adf",
    "adf": "fisher_adf",
    "pp": "fisher_pp",
    "sic": "bic",
    "SIC": "bic",
    "AIC": "aic",
    "BIC": "bic",
    "sigmamore": "random",
    "sigmaless": "fixed",
}


class TestSettings:
    """Resolves the clauses of tests; what is wrong is reported and gives None."""

    __test__ = False

    def __init__(self, scope: Scope, expressions: Expressions) -> None:
        self.scope = scope
        self.problems = scope.problems
        self.expressions = expressions
        self.calls = Calls(scope)

    def read(self, statement: ast.Statement, clauses: Clauses, signature: Signature) -> tuple[Setting, ...] | None:
        """The settings in the order of the signature; an option of a method is called `llc.bandwidth`."""
        found: list[Setting] = []
        sound = True
        for parameter in signature.clauses:
            clause = next(iter(clauses.found.get(parameter.name, ())), None)
            if clause is None:
                if parameter.required:
                    message = f"`{signature.name}` needs `{parameter.name}`"
                    self.problems.error("E307", message, statement.span, f"for example `{signature.example}`")
                    sound = False
                continue
            made = self._clause(clause, parameter, signature)
            sound = sound and made is not None
            found += made or ()
        return tuple(found) if sound and self._together(found) else None

    def _together(self, settings: list[Setting]) -> bool:
        """CIPS has the period means in its regressions: a criterion, and `demean`, do not go with it."""
        said = {setting.word: setting for setting in settings}
        methods = said["using"].values if "using" in said else ()
        cips = next((value for value in methods if value.value == Literal("cips")), None)
        if cips is None:
            return True
        lags = said["lags"].values[0].value if "lags" in said else None
        if isinstance(lags, Literal) and isinstance(lags.value, str):
            message = "`cips` takes a fixed number of lags: the period means enter with the same ones"
            self.problems.error("E523", message, lags.span, "write `lags 1`, or a test of its own for `cips`")
            return False
        if "demean" in said:
            message = "`cips` takes no `demean`: the period means are in its regressions already"
            self.problems.error("E523", message, said["demean"].span, "write a test of its own for `cips`")
            return False
        return True

    def _clause(self, clause: ast.Clause, parameter: Parameter, signature: Signature) -> list[Setting] | None:
        if parameter.accepts == "method":
            return self._methods(clause)
        if parameter.accepts == "lags":
            return self._lags(clause, parameter)
        if parameter.accepts == "draws":
            return self._draws(clause, parameter)
        value = plain(clause.values[0], self.problems, f"`{parameter.name}`")
        if value.name is not None:
            return None
        expr = simple(value.value)
        if parameter.accepts == "variable":
            return self._variable(clause, expr, signature)
        if parameter.accepts == "period":
            return self._period(clause, expr)
        read = self._word if parameter.accepts == "word" else self._whole
        given = read(parameter, expr)
        return None if given is None else [_setting(parameter.name, clause, Literal(given, span=expr.span))]

    def _word(self, parameter: Parameter, expr: ast.Expr) -> str | None:
        given = written(expr)
        if given in parameter.words:
            return given
        habit = _HABITS.get(given, "")
        help_ = f"did you mean `{habit}`?" if habit in parameter.words else suggestion(given, parameter.words)
        message = f"`{parameter.name}` takes {'one of ' if len(parameter.words) > 1 else ''}{listed(parameter.words)}"
        self.problems.error("E303", message, expr.span, help_)
        return None

    def _whole(self, parameter: Parameter, expr: ast.Expr) -> float | None:
        given, least = number(expr), int(parameter.minimum or 0)
        if given is not None and given == int(given) and given >= least:
            return given
        message = f"`{parameter.name}` takes a whole number of at least {least}"
        self.problems.error("E303", message, expr.span)
        return None

    def _lags(self, clause: ast.Clause, parameter: Parameter) -> list[Setting] | None:
        """`lags 2`; `lags aic, most = 3`."""
        first, *others = clause.values
        expr = simple(first.value)
        least = int(parameter.minimum or 0)
        if isinstance(expr, ast.Name) and first.name is None:
            if expr.text not in CRITERIA:
                habit = _HABITS.get(expr.text, "")
                help_ = f"did you mean `{habit}`?" if habit in CRITERIA else suggestion(expr.text, CRITERIA)
                message = f"`lags` takes a number or one of {listed(CRITERIA)}"
                self.problems.error("E303", message, expr.span, help_)
                return None
            settings = [_setting("lags", clause, Literal(expr.text, span=expr.span))]
            if not others:
                return settings
            most = others[0]
            if len(others) > 1 or not isinstance(most.name, ast.Name) or most.name.text != "most":
                message = "after a criterion stands the largest number of lags"
                self.problems.error("E303", message, most.span, f"for example `lags {expr.text}, most = 3`")
                return None
            given = self._whole(Parameter("most", "integer", minimum=1), simple(most.value))
            return None if given is None else [*settings, _setting("lags.most", clause, Literal(given))]
        given = number(expr)
        if first.name is not None or given is None or given != int(given) or given < least:
            message = f"`lags` takes a whole number of at least {least}, or a criterion"
            self.problems.error("E303", message, first.span, "for example `lags 1` or `lags aic, most = 3`")
            return None
        if others:
            span = others[0].span.to(others[-1].span)
            help_ = "for several write a test each"
            if others[0].name is not None:
                help_ = "`most` limits a criterion: `lags aic, most = 3`"
            self.problems.error("E305", "`lags` takes one number", span, help_)
            return None
        return [_setting("lags", clause, Literal(given, span=expr.span))]

    def _draws(self, clause: ast.Clause, parameter: Parameter) -> list[Setting] | None:
        """`permute 1000`; `permute 1000, rows`."""
        first, *others = (plain(value, self.problems, f"`{parameter.name}`") for value in clause.values)
        draws = self._whole(parameter, simple(first.value))
        if draws is None or any(value.name is not None for value in (first, *others)):
            return None
        if len(others) > 1:
            self.problems.error("E305", f"`{parameter.name}` takes a number and what is drawn", others[1].span)
            return None
        settings = [_setting(parameter.name, clause, Literal(draws, span=first.span))]
        if others:
            what = self._word(Parameter(parameter.name, "word", words=parameter.words), simple(others[0].value))
            if what is None:
                return None
            settings.append(_setting(f"{parameter.name}.of", clause, Literal(what)))
        return settings

    def _variable(self, clause: ast.Clause, expr: ast.Expr, signature: Signature) -> list[Setting] | None:
        if number(expr) is not None:
            help_ = f"the number of draws is `draws {written(expr)}`; for example `{signature.example}`"
            self.problems.error("E303", f"`{clause.word.text}` takes a variable", expr.span, help_)
            return None
        found = self.expressions.value(expr)
        if found is None:
            return None
        if not isinstance(found, Ref) or found.kind == KEY:
            self.problems.error("E303", f"`{clause.word.text}` takes a variable", expr.span)
            return None
        return [_setting(clause.word.text, clause, found)]

    def _period(self, clause: ast.Clause, expr: ast.Expr) -> list[Setting] | None:
        panel = self.scope.panel
        if isinstance(expr, ast.Name) and self.scope.key(expr.text) == "time":
            return [_setting(clause.word.text, clause, Literal("time", span=expr.span))]
        time = panel.time if panel is not None else "time"
        message = f"`{clause.word.text}` takes the panel's time: the means of its periods are taken out"
        self.problems.error("E303", message, expr.span, f"write `{clause.word.text} {time}`")
        return None

    def _methods(self, clause: ast.Clause) -> list[Setting] | None:
        catalogue = self.scope.catalogue
        known = catalogue.names(METHOD)
        names: list[SettingValue] = []
        options: list[Setting] = []
        sound = True
        for value in clause.values:
            expr = simple(plain(value, self.problems, "`using`").value)
            name = expr.function if isinstance(expr, ast.Call) else expr
            method = catalogue.find(METHOD, name.text) if isinstance(name, ast.Name) else None
            if method is None:
                text = written(name)
                habit = _HABITS.get(text, "")
                help_ = f"did you mean `{habit}`?" if habit in known else suggestion(text, known)
                message = f"no panel unit root test called `{text}`"
                self.problems.error("E211", message, name.span, help_ or f"the tests are {listed(known)}")
                sound = False
                continue
            if any(v.value == Literal(method.name) for v in names):
                self.problems.error("E304", f"`{method.name}` stands twice", name.span, "keep one of them")
                sound = False
                continue
            names.append(SettingValue(Literal(method.name, span=name.span), span=value.span))
            if isinstance(expr, ast.Call):
                more = self._options(expr, method, clause)
                sound = sound and more is not None
                options += more or ()
        return [Setting(clause.word.text, tuple(names), span=clause.span), *options] if sound else None

    def _options(self, call: ast.Call, method: Signature, clause: ast.Clause) -> list[Setting] | None:
        if positional(call):
            help_ = f"options are named: `{method.example}`" if method.named else "leave the brackets away"
            self.problems.error("E301", f"`{method.name}` takes no argument", call.span, help_)
            return None
        if not self.calls.shape(call, method):
            return None
        found: list[Setting] = []
        for parameter in method.named:
            given = option(call, parameter.name)
            if given is None:
                continue
            read = self._word if parameter.accepts == "word" else self._whole
            value = read(parameter, simple(given.value))
            if value is None:
                return None
            found.append(_setting(f"{method.name}.{parameter.name}", clause, Literal(value)))
        return found


def _setting(word: str, clause: ast.Clause, value: Expr) -> Setting:
    return Setting(word, (SettingValue(value, span=value.span),), span=clause.span)
