"""What the data say of a study's tests before anything is estimated: which of them, or which parts, cannot be done."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from carbonspec.diagnostics.model import DataError, Diagnostic
from carbonspec.econometrics.design import FloatArray
from carbonspec.econometrics.hypothesis_tests.unit_roots import cips
from carbonspec.econometrics.hypothesis_tests.unit_roots.augmented_dickey_fuller import shortest
from carbonspec.engine import problems
from carbonspec.engine.design import split_values
from carbonspec.engine.frame import PanelData
from carbonspec.engine.table import Text
from carbonspec.engine.testing.series import PanelSeries, series
from carbonspec.engine.testing.settings import TestSettings
from carbonspec.engine.testing.unit_roots import DETERMINISTIC, chosen_lags
from carbonspec.engine.wording import value_text
from carbonspec.lang.spec import Spec, Test

CODE = "W438"
BALANCED = ("llc", "hadri")
REGRESSIONS = ("llc", "ips", "fisher_adf", "fisher_pp", "cips")


def check_tests(spec: Spec, data: PanelData) -> Iterator[Diagnostic]:
    """Text among the variables is an error; what only makes a test, or a part of it, impossible is a warning."""
    for test in spec.tests:
        try:
            text = [term for term in test.terms if isinstance(data.values(term.expression), Text)]
            if text:
                yield from (problems.text_as_number(term.name, 0, 0, (), term.span) for term in text)
            elif test.function == "granger":
                yield from _long_enough(test, series(data))
            elif test.function == "unitroot":
                yield from _balanced(test, series(data))
                yield from _long_enough_for_roots(test, series(data))
            elif test.function == "difference":
                yield from _two_groups(spec, data, test)
        except DataError as problem:
            yield from problem.diagnostics


def _long_enough(test: Test, panel: PanelSeries) -> Iterator[Diagnostic]:
    """Dumitrescu and Hurlin: T > 5 + 3K."""
    for cause, outcome in zip(test.terms[::2], test.terms[1::2], strict=True):
        values = np.where(np.isnan(panel.values(cause)), np.nan, panel.values(outcome))
        lags = chosen_lags(TestSettings(test), values, panel, 1).longest
        longest = int(_periods(values, panel).max(initial=0))
        if longest <= 5 + 3 * lags:
            counted = f"{lags} {'lag' if lags == 1 else 'lags'}"
            message = f"no unit has enough periods for `{cause.name} -> {outcome.name}` with {counted}: "
            message += f"the longest has T = {longest}, and T must exceed {5 + 3 * lags}"
            yield problems.warning(CODE, message, test.span, ("use fewer lags",) if lags > 1 else ())


def _balanced(test: Test, panel: PanelSeries) -> Iterator[Diagnostic]:
    methods = [name for name in TestSettings(test).words("using") if name in BALANCED]
    if not methods:
        return
    for term in test.terms:
        periods = _periods(panel.values(term), panel)
        periods = periods[periods > 0]
        if periods.size and periods.min() < periods.max():
            need = "needs" if len(methods) == 1 else "need"
            message = f"{problems.listed(methods)} {need} the same periods for every unit, and `{term.name}` has "
            message += f"{periods.min()} to {periods.max()}"
            help_ = "`ips` and `fisher_adf` take unbalanced panels; or test on common periods with a `where`"
            yield problems.warning(CODE, message, test.span, (help_,))


def _long_enough_for_roots(test: Test, panel: PanelSeries) -> Iterator[Diagnostic]:
    """The periods that the regressions of a method need, against the longest unit's."""
    said = TestSettings(test)
    trend = DETERMINISTIC[said.word("trend", "constant")]
    for term in test.terms:
        values = panel.values(term)
        longest = int(_periods(values, panel).max(initial=0))
        for method in said.words("using") or ("ips",):
            if method not in REGRESSIONS or not longest:
                continue
            lags = 0 if method == "fisher_pp" else chosen_lags(said, values, panel).longest
            needed = shortest(lags, trend, 2 + lags if method == "cips" else 0)
            needed = max(needed, cips.SHORTEST) if method == "cips" else needed
            if longest < needed:
                message = f"no unit has enough periods for `{method}` of `{term.name}`: the longest has T = {longest}, "
                message += f"and {needed} are needed"
                help_ = (
                    "use fewer lags" if lags and method != "cips" else "leave it out: `ips` and `fisher_adf` need fewer"
                )
                yield problems.warning(CODE, message, test.span, (help_,) if lags or method == "cips" else ())


def _periods(values: FloatArray, panel: PanelSeries) -> np.ndarray:
    return np.bincount(panel.unit.codes[~np.isnan(values)], minlength=panel.unit.count)


def _two_groups(spec: Spec, data: PanelData, test: Test) -> Iterator[Diagnostic]:
    model = next(model for model in spec.models if model.name == test.selections[0].model)
    values = [value_text(level.value) for level in split_values(data, model) if level is not None]
    if len(values) != 2 and model.split is not None:
        message = f"a difference is between two groups, and `{model.split.name}` has {len(values)} in `{model.name}`"
        help_ = "leave two with a `where`" if len(values) > 2 else ""
        yield problems.warning(CODE, message, test.span, (help_,) if help_ else (), (problems.listed(values),))
