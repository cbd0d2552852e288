"""Whether effects, instruments, estimator, standard errors and weights of a model fit one another."""

from __future__ import annotations

from carbonspec.diagnostics.model import Related
from carbonspec.lang import ast
from carbonspec.lang.resolve.modelling.clauses import Settings
from carbonspec.lang.resolve.modelling.estimators import PPML
from carbonspec.lang.resolve.names import Scope
from carbonspec.lang.resolve.problems import listed, plural, suggestion, written
from carbonspec.lang.resolve.terms import canonical, has_category
from carbonspec.lang.spec import KEY, Column, Covariance, Ref, Term
from carbonspec.source import NOWHERE

_COMMON = ("iid", "hc0", "hc1", "cluster", "bootstrap", "crv3")
TAKES: dict[str, tuple[str, tuple[str, ...]]] = {
    "re": ("random effects", ("iid", "cluster", "bootstrap", "crv3")),
    "be": ("the between estimator (one row a unit)", (*_COMMON, "hc2", "hc3")),
    "fd": ("first differences", (*_COMMON, "hc2", "hc3", "driscoll_kraay", "newey_west")),
    "iv": ("two-stage least squares", (*_COMMON, "driscoll_kraay", "newey_west")),
    PPML: ("Poisson regression", (*_COMMON, "driscoll_kraay", "newey_west")),
}
"""Standard errors that an estimator has, for those that lack some; and what it is called."""

ONE_ID = (Ref("id", KEY),)


class Combinations:
    """Checks the columns of a model, each against what the model says of its estimator."""

    def __init__(self, scope: Scope) -> None:
        self.problems = scope.problems

    def sound(
        self, columns: list[Column], settings: Settings, covariance: Covariance, statement: ast.Statement
    ) -> bool:
        """Whether every column can be estimated as the model says."""
        fine = self._using(columns[0], settings, statement) if columns else True
        for column in columns:
            fine = fine and self._structure(column) and self._instruments(column)
        return fine and (not columns or self._inference(columns[0], settings, covariance, statement))

    # --- the estimator ------------------------------------------------------------------------------

    def _using(self, column: Column, settings: Settings, statement: ast.Statement) -> bool:
        using, structure = settings.using, column.structure
        span = using.word.span if using.word is not None else statement.span
        if using.estimator == PPML:
            kind = "gmm" if structure.gmm else "iv" if structure.instrumented is not None else structure.kind
            if kind in ("pooled", "fe"):
                return True
            help_ = "Poisson regression takes fixed effects alone: `| fe(id, year)`"
            self.problems.error("E343", f"`using ppml` and `{kind}` do not go together", span, help_)
            return False
        if not using.for_gmm or structure.gmm:
            return True
        assert using.word is not None
        word = written(using.word)
        outcome = column.outcome.name
        self.problems.error(
            "E343",
            f"`{word}` is an option of GMM, and this model has no `gmm(…)`",
            span,
            f"name the GMM instruments after a bar: `| gmm({outcome}, lags = 2..4)`",
        )
        return False

    # --- what stands after the bars -----------------------------------------------------------------

    def _structure(self, column: Column) -> bool:
        structure = column.structure
        if structure.gmm and structure.kind != "gmm":
            self.problems.error(
                "E319",
                f"`{structure.kind}` cannot be combined with `gmm`",
                structure.gmm[0].span,
                "GMM takes the unit effects out itself; period effects stand in the formula: `+ i(year)`",
            )
            return False
        if structure.instrumented is not None and structure.kind in ("re", "be", "fd"):
            self.problems.error(
                "E319",
                f"`iv` cannot be combined with `{structure.kind}`",
                structure.instrumented.span,
                "two-stage least squares stands alone or beside fixed effects: `| fe(id) | iv(x ~ z)`",
            )
            return False
        return True

    def _instruments(self, column: Column) -> bool:
        """The two sides of `iv`: regressors of the column, and variables that are not."""
        instrumented = column.structure.instrumented
        if instrumented is None:
            return True
        regressors = {canonical(term.expression): term for term in column.regressors}
        endogenous = {canonical(term.expression) for term in instrumented.endogenous}
        for term in instrumented.endogenous:
            if canonical(term.expression) not in regressors:
                names = [t.name for t in column.regressors]
                help_ = suggestion(term.name, names) or (
                    f"the regressors are {listed(names)}; what stands left of `~` inside `iv` is one of them"
                )
                message = f"`{term.name}` is instrumented, and it is no regressor of `{column.outcome.name}`"
                self.problems.error("E340", message, term.span, help_)
                return False
        for term in instrumented.instruments:
            key = canonical(term.expression)
            if key == canonical(column.outcome.expression):
                message = f"the outcome `{term.name}` cannot be an instrument: it moves with the error by definition"
                self.problems.error("E341", message, term.span, f"its past can, perhaps: `L2.{term.name}`")
                return False
            if key in regressors and key not in endogenous:
                self.problems.error(
                    "E341",
                    f"`{term.name}` is a regressor already, and as such its own instrument",
                    term.span,
                    "an instrument for another regressor stands outside the formula: take it from one of the two",
                    related=(Related(regressors[key].span, "the regressor"),),
                )
                return False
        return column.structure.kind == "gmm" or self._enough(instrumented.endogenous, instrumented.instruments)

    def _enough(self, endogenous: tuple[Term, ...], instruments: tuple[Term, ...]) -> bool:
        if len(instruments) >= len(endogenous) or any(has_category(term) for term in instruments):
            return True
        message = (
            f"{plural(len(endogenous), 'regressor')} {'is' if len(endogenous) == 1 else 'are'} instrumented by "
            f"{plural(len(instruments), 'variable')}"
        )
        names = listed(term.name for term in endogenous)
        help_ = f"each of {names} needs an instrument of its own"
        self.problems.error("E342", message, endogenous[0].span.to(instruments[-1].span), help_)
        return False

    # --- standard errors and weights ----------------------------------------------------------------

    def _inference(self, column: Column, settings: Settings, covariance: Covariance, statement: ast.Statement) -> bool:
        structure = column.structure
        model = f"`{statement.name.text}`" if isinstance(statement.name, ast.Name) else "the model"
        span = covariance.span if covariance.span is not NOWHERE else statement.span
        if structure.gmm:
            if settings.weights is not None:
                message = f"{model} is estimated by GMM, which takes no weights"
                self.problems.error("E513", message, settings.weights.span, "take the `weights` clause out")
                return False
            plain = covariance.kind == "iid"
            by_unit = covariance.kind == "cluster" and covariance.clusters == ONE_ID
            again = covariance.kind in ("bootstrap", "crv3") and covariance.clusters == ONE_ID
            drawn = again and covariance.drawn in ("", "clusters")
            if plain or drawn or (by_unit and covariance.correction in ("nested", "hc0")):
                return True
            told = "clusters other than the panel's unit"
            if by_unit:
                told = f"`correction = {covariance.correction}`: there is no small-sample factor"
            elif covariance.kind != "cluster":
                told = f"`{covariance.kind}`"
            self.problems.error(
                "E505",
                f"{model} is estimated by GMM, which has no {told}",
                span,
                "write `se cluster(id)` on the model: errors may then correlate within units; two-step ones are "
                "Windmeijer's",
            )
            return False
        estimator = PPML if settings.using.estimator == PPML else structure.kind
        if structure.instrumented is not None:
            estimator = "iv"
        if estimator in ("re", "fd") and settings.weights is not None:
            message = f"{model} is estimated by {TAKES[estimator][0]}, which takes no weights"
            self.problems.error("E513", message, settings.weights.span, "take the `weights` clause out")
            return False
        what, kinds = TAKES.get(estimator, ("", (covariance.kind,)))
        if covariance.kind not in kinds:
            usual = "`iid` or `cluster(id)`" if estimator == "re" else "`hc1` or `cluster(id)`"
            message = f"{model} is estimated by {what}, which has no `{covariance.kind}`"
            self.problems.error("E505", message, span, f"{usual} are usual")
            return False
        return True
