"""Codes of econometric advice: the spec can run, and a referee would ask."""

from __future__ import annotations

from carbonspec.diagnostics.codes.model import Code

CODES: tuple[Code, ...] = (
    Code(
        id="W701",
        title="a time-invariant regressor under unit effects",
        why="Unit effects and first differences remove everything that does not change over time, so the "
        "coefficient is "
        "not identified and the regressor is left out.",
        fix="take it out, interact it with something that varies, or use `re(id)`",
        example="model a: y ~ x + first(size, by = id) | fe(id)\nmodel a: y ~ x + x:first(size, by = id) | fe(id)",
    ),
    Code(
        id="W702",
        title="standard errors that ignore the panel",
        why="Errors of the same unit are correlated over time; classical and heteroskedasticity-robust standard errors "
        "are then too small (Bertrand, Duflo & Mullainathan 2004), and with fixed effects and few periods the robust "
        "ones are inconsistent (Stock & Watson 2008).",
        fix="`se cluster(id)`, which is the default, or `driscoll_kraay`",
        example="model a: y ~ x | fe(id) se iid\nmodel a: y ~ x | fe(id)",
    ),
    Code(
        id="W703",
        title="a mediator that is also a control",
        why="Controlling for the mediator removes the very path that the indirect effect measures.",
        fix="take the mediator out of the controls",
        example="mediate Open -> Tech -> Ce with Tech, Ind\nmediate Open -> Tech -> Ce with Ind",
    ),
    Code(
        id="W704",
        title="a regressor absorbed by the effects",
        why="It is the same for all rows of an effect's group, so the effects contain it and it is left out.",
        fix="take it out, or the effect that contains it",
        example="model a: y ~ x + i(year) | fe(id, year)\nmodel a: y ~ x | fe(id, year)",
    ),
    Code(
        id="W705",
        title="a regressor made of the outcome",
        why="It moves with the outcome by construction, whatever the other regressors do: a bad control (Angrist & "
        "Pischke 2009, section 3.2.3).",
        fix="take it out, or lag it",
        example="model a: Ce ~ Open + log(Ce)\nmodel a: Ce ~ Open",
    ),
    Code(
        id="W706",
        title="clusters that leave the unit's own correlation out",
        why="Clusters by period, or finer than the unit, treat two years of one unit as independent.",
        fix="cluster by the unit or by something that contains it; both ways is `cluster(id, year)`",
        example="model a: y ~ x | fe(id) se cluster(year)\nmodel a: y ~ x | fe(id) se cluster(id, year)",
    ),
    Code(
        id="W707",
        title="the split variable among the regressors",
        why="Within each part it is constant, so it and its interactions are left out or mean something else.",
        fix="take it out of the formula; `split` already lets every coefficient differ",
        example="model a: y ~ x + x:coastal split coastal\nmodel a: y ~ x split coastal",
    ),
    Code(
        id="W708",
        title="slopes for each unit without effects for each unit",
        why="`id[year]` alone forces the lines of all units through one point.",
        fix="add the effects: `fe(id, id[year])`",
        example="model a: y ~ x | fe(year, id[year])\nmodel a: y ~ x | fe(id, year, id[year])",
    ),
    Code(
        id="W709",
        title="winsorizing a 0/1 variable",
        why="A quantile of a 0/1 variable is 0 or 1: rare ones would all be set to 0.",
        fix="leave it out of `winsorize`",
        example='var soe levels 0 "Private", 1 "State"\nwinsorize sales, soe at 1%, 99%      # soe has two values\n'
        "winsorize sales at 1%, 99%",
    ),
    Code(
        id="W710",
        title="the lagged outcome under unit effects",
        why="Demeaning correlates the lagged outcome with the error: the bias is of order 1/T (Nickell 1981).",
        fix="with few periods use GMM; otherwise say how long the panel is",
        example="model a: y ~ L.y + x | fe(id)      # biased with few periods\n"
        "model a: y ~ L.y + x | gmm(y, lags = 2..last)",
    ),
    Code(
        id="W711",
        title="an interaction without its parts",
        why="Without the parts, the interaction's coefficient absorbs their effects too (Brambor, Clark & "
        "Golder 2006).",
        fix="`a * b` stands for `a + b + a:b`",
        example="model m: y ~ a:b\nmodel m: y ~ a * b",
    ),
    Code(
        id="W712",
        title="a square without the linear term",
        why="Then the turning point is forced to zero.",
        fix="add the linear term",
        example="model a: y ~ I(x^2)\nmodel a: y ~ x + I(x^2)",
    ),
    Code(
        id="W713",
        title="a split by a number",
        why="`split` estimates once for each value, and this variable is computed: it may have as many values as rows.",
        fix="split by groups: `var big = x > median(x)`",
        example="var size = log(assets)\nmodel a: y ~ x split size\nvar big = size > median(size)      # two groups",
    ),
    Code(
        id="N714",
        title="a common sample of one column",
        why="`sample common` gives all columns of a model the same rows; with one column there is nothing to share.",
        fix="leave it away",
        example="model a: y ~ x sample common\nmodel a: y ~ x + csw0(a, b) sample common",
    ),
    Code(
        id="W720",
        title="an instrument absorbed by the effects",
        why="It is the same for all rows of an effect's group, so nothing of it is left that could move the endogenous "
        "regressor.",
        fix="take it out, or use an instrument that varies within the effects",
        example="model a: y ~ x | fe(id) | iv(x ~ first(rain, by = id))\nmodel a: y ~ x | fe(id) | iv(x ~ rain)",
    ),
    Code(
        id="W721",
        title="a lagged outcome that is its own instrument",
        why="Once unit effects are taken out, y(t-1) less y(t-2) is correlated with the error of t-1: as its own "
        "instrument it makes GMM inconsistent.",
        fix="instrument it by its past: `gmm(y, lags = 2..last)`",
        example="model a: y ~ L.y + x | gmm(x, lags = 2..4)\nmodel a: y ~ L.y + x | gmm(y + x, lags = 2..4)",
    ),
    Code(
        id="W722",
        title="a GMM instrument dated too late",
        why="The outcome of t-1 holds the error of t-1, which is part of the differenced error of t. Its levels serve "
        "from t-2 on; those of an endogenous regressor too, of a predetermined one from t-1 on.",
        fix="start at lag 2",
        example="model a: y ~ L.y | gmm(y, lags = 1..3)\nmodel a: y ~ L.y | gmm(y, lags = 2..4)",
    ),
    Code(
        id="W723",
        title="a term made of an endogenous variable counts as exogenous",
        why="`gmm(w, …)` instruments w, its lags, leads and differences. A product or a function of w is another "
        "variable and stands for itself, as if it were exogenous.",
        fix="name it in `gmm(…)` too",
        example="model a: y ~ L.y + w + w:z | gmm(y + w, lags = 2..4)\n"
        "model a: y ~ L.y + w + w:z | gmm(y + w + w:z, lags = 2..4)",
    ),
    Code(
        id="W724",
        title="plain standard errors of GMM",
        why="They take errors as homoskedastic and uncorrelated but for what the transformation makes; after two steps "
        "they are also too small, often by half (Windmeijer 2005).",
        fix="leave `se iid` out: `cluster(id)` is robust, and Windmeijer's after two steps",
        example="model a: y ~ L.y | gmm(y, lags = 2..4) se iid\nmodel a: y ~ L.y | gmm(y, lags = 2..4)",
    ),
    Code(
        id="W725",
        title="a Poisson regression of a logarithm",
        why="Poisson regression has E[y|x] = exp(x'b): its coefficients are those of a logarithm already, and the "
        "outcome is the level (Santos Silva & Tenreyro 2006).",
        fix="take the level as the outcome, or leave `using ppml` out",
        example="model a: log(trade) ~ fta | fe(id, year) using ppml\nmodel a: trade ~ fta | fe(id, year) using ppml",
    ),
    Code(
        id="W726",
        title="past outcomes as instruments without a lagged outcome",
        why="Past levels of the outcome are made to instrument its lag. Without one the model is static, and they are "
        "valid only where its errors are not related over time.",
        fix="add `L.y` to the regressors, or instrument by the past of the endogenous regressors alone",
        example="model a: y ~ x | gmm(y, lags = 2..4)\nmodel a: y ~ L.y + x | gmm(y, lags = 2..4)",
    ),
)
