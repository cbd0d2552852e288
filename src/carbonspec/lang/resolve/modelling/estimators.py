"""`using`: the estimator of a model and its options, and whether it fits what stands after `|`."""

from __future__ import annotations

from carbonspec.lang import ast
from carbonspec.lang.resolve.names import Scope
from carbonspec.lang.resolve.problems import suggestion, written
from carbonspec.lang.spec import GmmOptions
from carbonspec.record import Record
from carbonspec.signature import ESTIMATOR, STRUCTURE

PPML = "ppml"
OPTIONS = {
    "difference": ("equations", "system", False),
    "system": ("equations", "system", True),
    "onestep": ("steps", "two_step", False),
    "twostep": ("steps", "two_step", True),
    "collapse": ("instruments", "collapse", True),
    "orthogonal": ("transformation", "orthogonal", True),
}
"""Word → what it decides, the field of `GmmOptions`, its value. Two words that decide one thing exclude each other."""

_HABITS = {
    "twosteps": "twostep",
    "two_step": "twostep",
    "two_steps": "twostep",
    "one_step": "onestep",
    "onesteps": "onestep",
    "sys": "system",
    "diff": "difference",
    "fod": "orthogonal",
    "ppmlhdfe": "ppml",
    "poisson": "ppml",
    "fepois": "ppml",
}
_ELSEWHERE = {
    "iv": "instruments stand after `|`: `| fe(id) | iv(Open ~ z)`",
    "tsls": "instruments stand after `|`: `| fe(id) | iv(Open ~ z)`",
    "ivreg2": "instruments stand after `|`: `| fe(id) | iv(Open ~ z)`",
    "ivreg": "instruments stand after `|`: `| fe(id) | iv(Open ~ z)`",
    "gmm": "GMM instruments stand after `|`: `| gmm(y, lags = 2..4)`; `using` takes `system, twostep`, …",
    "xtabond2": "GMM instruments stand after `|`: `| gmm(y, lags = 2..4)`; `using` takes `system, twostep`, …",
    "robust": "standard errors are `se cluster(id)`",
    "windmeijer": "two-step standard errors are Windmeijer's unless `se iid` is asked for",
}


class Using(Record):
    """What `using` says. `word` is where: None when nothing was said."""

    estimator: str = ""
    gmm: GmmOptions = GmmOptions()
    word: ast.Value | None = None

    @property
    def for_gmm(self) -> bool:
        """Whether options of GMM were named."""
        return self.word is not None and self.estimator != PPML


class Estimators:
    """Resolves `using` clauses."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.problems = scope.problems

    def resolve(self, values: tuple[ast.Value, ...]) -> Using | None:
        """The estimator and its options; None after an error."""
        said: dict[str, tuple[str, ast.Value]] = {}
        gmm = GmmOptions()
        fine = True
        for value in values:
            word = self._word(value)
            if word is None:
                fine = False
                continue
            topic, field, chosen = OPTIONS.get(word, ("estimator", "", True))
            if topic in said:
                self._twice(word, value, said[topic][0])
                fine = False
            said[topic] = (word, value)
            if field:
                gmm = gmm.replace(**{field: chosen})
        if not fine:
            return None
        options = [word for word, _ in said.values() if word != PPML]
        if "estimator" in said and options:
            value = said["estimator"][1]
            self.problems.error(
                "E343", f"`ppml` and `{options[0]}` do not go together", value.span, f"`{options[0]}` is for GMM"
            )
            return None
        return Using(PPML if "estimator" in said else "", gmm, values[0] if values else None)

    def _word(self, value: ast.Value) -> str | None:
        name = value.value.function if isinstance(value.value, ast.Call) else value.value
        word = written(name)
        signature = self.scope.catalogue.find(ESTIMATOR, word)
        if signature is None:
            known = self.scope.catalogue.names(ESTIMATOR)
            help_ = f"did you mean `{_HABITS[word]}`?" if word in _HABITS else _ELSEWHERE.get(word, "")
            if not help_ and self.scope.catalogue.find(STRUCTURE, word) is not None:
                help_ = f"`{word}(…)` stands after `|`"
            help_ = help_ or suggestion(word, known)
            help_ = help_ or "without `using`, a model is least squares with the effects after `|`"
            self.problems.error("E211", f"no estimator called `{word}`", value.span, help_)
            return None
        if not signature.available:
            self.problems.later(f"using {word}", value.span)
            return None
        if isinstance(value.value, ast.Call) or value.name is not None:
            self.problems.error("E303", f"`{word}` takes no values", value.span, f"write `using {word}`")
            return None
        return word

    def _twice(self, word: str, value: ast.Value, earlier: str) -> None:
        if word == earlier:
            self.problems.error("E304", f"`{word}` stands twice", value.span, "keep one of them")
        else:
            self.problems.error("E343", f"`{word}` and `{earlier}` exclude each other", value.span, "keep one of them")
