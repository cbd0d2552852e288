"""Codes of instrumental variables, dynamic panels by GMM, and Poisson regression."""

from __future__ import annotations

from carbonspec.diagnostics.codes.model import Code

CODES: tuple[Code, ...] = (
    Code(
        id="E530",
        title="the instruments do not identify the model",
        why="Every endogenous regressor needs an instrument of its own that moves it apart from the others. "
        "Instruments that are collinear, absorbed by the fixed effects, or among the regressors do not count.",
        fix="add instruments, or treat fewer regressors as endogenous",
        example="model m: Ce ~ Open + Tech | fe(id) | iv(Open + Tech ~ L.Open)\n"
        "model m: Ce ~ Open + Tech | fe(id) | iv(Open + Tech ~ L.Open + L.Tech)",
    ),
    Code(
        id="W531",
        title="weak instruments",
        why="Instruments that explain little of the endogenous regressor bias two-stage least squares towards least "
        "squares and make its tests reject too often. With one endogenous regressor the effective F (Montiel Olea and "
        "Pflueger 2013) is held against its critical value; with several, Kleibergen-Paap or Cragg-Donald.",
        fix="read the Anderson-Rubin test, which is right with weak instruments too, or find stronger ones",
        example="",
    ),
    Code(
        id="W532",
        title="an instrument was left out",
        why="It is collinear with the exogenous regressors or with earlier instruments, absorbed by the fixed effects, "
        "zero in the rows used, or already a regressor, so that it adds nothing.",
        fix="take it out of `iv(...)`, or use one that varies within the fixed effects",
        example="",
    ),
    Code(
        id="E533",
        title="instruments that cannot be built",
        why="`iv(x ~ z)` names regressors of the model on its left and other variables on its right. `gmm(x, lags = "
        "a..b)` needs periods that reach that far back: with lags of the outcome among the regressors, a difference "
        "needs two more periods than there are lags.",
        fix="check the names, the lags, and how many periods a unit has without gaps",
        example="model m: n ~ L.n + w | gmm(n, lags = 9..last)   # nine periods\n"
        "model m: n ~ L.n + w | gmm(n, lags = 2..4)",
    ),
    Code(
        id="W534",
        title="many instruments for the number of units",
        why="GMM instruments grow with the square of the periods. When they are as many as the units, the two-step "
        "weights have no inverse, estimates move back towards fixed effects, and Hansen's test accepts anything: a p "
        "value near 1 is a sign of it (Roodman 2009).",
        fix="use `using collapse`, or fewer lags: `lags = 2..4`",
        example="",
    ),
    Code(
        id="W535",
        title="a specification test rejects",
        why="Sargan's and Hansen's tests ask whether the instruments are uncorrelated with the errors. AR(2) in "
        "differences asks whether the errors are free of serial correlation, without which second lags are no "
        "instruments; AR(1) is expected.",
        fix="start the instruments at deeper lags, add lags of the outcome, or drop the doubtful instruments",
        example="",
    ),
    Code(
        id="N536",
        title="rows that a Poisson regression cannot use",
        why="Where all outcomes of a fixed effect are zero its effect is minus infinity, and where a combination of "
        "regressors is positive only where the outcome is zero no finite coefficient is best (Correia, Guimarães and "
        "Zylkin 2019). Such rows say nothing about the others and are left out.",
        fix="nothing to do; look at the rows if they are many",
        example="",
    ),
    Code(
        id="N537",
        title="a statistic that does not exist here",
        why="An exactly identified model has no overidentifying restrictions to test, a covariance without an inverse "
        "gives no Wald statistic, and serial correlation of order m needs residuals m periods apart. R2 of two-stage "
        "least squares measures no fit and may be negative.",
        fix="nothing to do; say so in the paper where a reader expects the number",
        example="",
    ),
    Code(
        id="N538",
        title="the lagged outcome lies outside its bounds",
        why="Pooled OLS puts the coefficient of the lagged outcome too high and fixed effects puts it too low, so that "
        "a good estimate should lie between the two (Bond 2002).",
        fix="suspect weak instruments or missing dynamics; compare difference and system GMM",
        example="",
    ),
    Code(
        id="E539",
        title="a Poisson regression that cannot be fitted",
        why="The outcome of a Poisson regression is zero or positive, in levels and not in logs, and "
        "positive somewhere.",
        fix="use the level of the outcome; for an outcome in logs use `fe(...)`",
        example="model m: log(Ce) ~ Open | fe(id) using ppml\nmodel m: Ce ~ Open | fe(id) using ppml",
    ),
)
