"""Codes of estimation: what a regression cannot do, and what it had to do."""

from __future__ import annotations

from carbonspec.diagnostics.codes.model import Code

CODES: tuple[Code, ...] = (
    Code(
        id="E501",
        title="no regressor is left",
        why="Every regressor of the column is explained by the fixed effects, by others, or does not vary, so that "
        "there is no coefficient to estimate. A variable that is constant within each unit cannot stay beside "
        "fixed effects of the unit.",
        fix="use regressors that vary within the fixed effects, or take out the effects that absorb them",
        example="model m: Ce ~ Coastal | fe(id)            # never changes\nmodel m: Ce ~ Coastal:Open | fe(id)",
    ),
    Code(
        id="E502",
        title="too few rows",
        why="A model needs more rows than parameters. Every level of a fixed effect is a parameter.",
        fix="look at the sample ledger: a missing variable or a `where` may take more rows than meant",
        example="model m: Ce ~ Open | fe(id, year) where year == 2015   # one row an id",
    ),
    Code(
        id="E503",
        title="the outcome does not vary",
        why="In these rows, or within the fixed effects, the variable to explain has a single value.",
        fix="check the sample, and whether the outcome varies over time",
        example="model m: Coastal ~ Open | fe(id)\nmodel m: Ce ~ Open | fe(id)",
    ),
    Code(
        id="E504",
        title="one cluster",
        why="Clustered standard errors compare clusters; here all rows belong to one.",
        fix="cluster by a variable with several values in this sample, or use `se hc1`",
        example="model m: Ce ~ Open where id == 1 se cluster(id)\nmodel m: Ce ~ Open where id == 1 se hc1",
    ),
    Code(
        id="E505",
        title="standard errors that this estimator does not have",
        why="Random effects has iid and clustered standard errors; the between estimator has one row a unit, so "
        "nothing over time.",
        fix="choose among those the message names",
        example="model m: Ce ~ Open | re(id) se driscoll_kraay\nmodel m: Ce ~ Open | re(id) se cluster(id)",
    ),
    Code(
        id="E506",
        title="clusters that cannot be used",
        why="Standard errors are clustered one or two ways, by a variable each; for the between estimator a unit "
        "must lie in one cluster.",
        fix="name one or two variables",
        example="model m: Ce ~ Open se cluster(id, year, region)\nmodel m: Ce ~ Open se cluster(id, year)",
    ),
    Code(
        id="E507",
        title="no rows",
        why="After missing values, `where`, `split` and singletons nothing is left to estimate on.",
        fix="the sample ledger says which step took the rows",
        example="model m: Ce ~ L9.Open | fe(id)            # nine years, nine lags",
    ),
    Code(
        id="E508",
        title="values that are not finite",
        why="A variable of the regression is infinite in some row, by a division by zero for instance.",
        fix="mend the variable's formula, or leave such rows out with a `where`",
        example="var share = exports / gdp\nvar share = exports / gdp where gdp > 0",
    ),
    Code(
        id="E509",
        title="weights that are not positive",
        why="Analytic weights stand for how much a row knows; zero, negative and missing ones have no meaning.",
        fix="leave such rows out with a `where`",
        example="model m: Ce ~ Open weights pop\nmodel m: Ce ~ Open weights pop where pop > 0",
    ),
    Code(
        id="E510",
        title="fixed effects that could not be separated",
        why="Two large dimensions of fixed effects are linked by so few rows that the system has no accurate solution.",
        fix="use coarser groups, or keep the largest connected part of the data",
        example="model m: wage ~ tenure | fe(worker, firm)",
    ),
    Code(
        id="E511",
        title="leverages that are too many to compute",
        why="HC2 and HC3 need each row's leverage in the full dummy regression, which takes the inverse of a system "
        "with a row for each level of all fixed effects but the largest. Beyond 5000 levels it is not computed.",
        fix="use `se hc1` or `se cluster(…)`, which hardly differ in samples of that size",
        example="model m: wage ~ tenure | fe(worker, firm) se hc3\nmodel m: wage ~ tenure | fe(worker, firm) se hc1",
    ),
    Code(
        id="E512",
        title="lags that the sample does not have",
        why="Driscoll–Kraay and Newey–West weigh correlations over time: they need several periods, and fewer lags "
        "than periods.",
        fix="ask for fewer lags, or none: floor(4 (T/100)^(2/9)) is the default",
        example="model m: Ce ~ Open se driscoll_kraay lags 12\nmodel m: Ce ~ Open se driscoll_kraay lags 2",
    ),
    Code(
        id="E513",
        title="weights where the estimator has none",
        why="Analytic weights are for pooled OLS and fixed effects.",
        fix="take the `weights` clause out, or use `fe(…)`",
        example="model m: Ce ~ Open | re(id) weights pop\nmodel m: Ce ~ Open | fe(id) weights pop",
    ),
    Code(
        id="E514",
        title="no two periods in a row",
        why="First differences are changes from one period to the next on the panel's clock, and no unit has two "
        "such periods in this sample.",
        fix="check the panel's time variable: two-yearly data must not be read as yearly",
        example="model m: D.Ce ~ D.Open | fd(id)",
    ),
    Code(
        id="E515",
        title="random effects of a kind that is not there",
        why="Random effects takes one dimension, no varying slopes, and a constant. Hausman's and Wooldridge's tests "
        "take no varying slopes either.",
        fix="write `re(id)`; put other dimensions in as categories: `i(year)`",
        example="model m: Ce ~ Open | re(id, year)\nmodel m: Ce ~ Open + i(year) | re(id)",
    ),
    Code(
        id="E516",
        title="too few units for Swamy and Arora",
        why="The variance of the unit effects comes from a regression on unit means, one row a unit; there are fewer "
        "units than that regression has parameters.",
        fix="use fewer regressors, or fixed effects",
        example="model m: Ce ~ Open + Rpc + Ei | re(region)   # 4 regions\nmodel m: Ce ~ Open + Rpc + Ei | fe(region)",
    ),
    Code(
        id="W501",
        title="very few clusters",
        why="Clustered standard errors are right for many clusters. With fewer than 12 they are too small on "
        "average, and the t distribution with G - 1 degrees of freedom mends only part of it (Cameron and Miller "
        "2015).",
        fix="read p values near the threshold as weak; `se wild(9999)` or `se crv3(id)` is the usual check",
        example="",
    ),
    Code(
        id="N502",
        title="not many clusters",
        why="Below 40 clusters, clustered standard errors begin to be too small. Often nothing can be done: China "
        "has 31 provinces.",
        fix="say how many clusters there are, as the table's note does",
        example="",
    ),
    Code(
        id="W503",
        title="a two-way clustered covariance was mended",
        why="V1 + V2 - V12 need not be a covariance matrix. Its negative eigenvalues were set to zero, as Cameron, "
        "Gelbach and Miller (2011) propose.",
        fix="compare with clustering by the dimension with fewer clusters alone",
        example="",
    ),
    Code(
        id="N504",
        title="singletons left out",
        why="A row that is alone in a level of a fixed effect is fitted exactly and says nothing about the "
        "coefficients, but would make standard errors too small (Correia 2015). Such rows are left out until "
        "none is left.",
        fix="nothing to do; coefficients are the same with them",
        example="",
    ),
    Code(
        id="N505",
        title="Driscoll–Kraay with few periods",
        why="These standard errors average over periods and are right for many of them; below about 20 they tend to "
        "be too small.",
        fix="compare with `se cluster(id)`",
        example="",
    ),
    Code(
        id="W506",
        title="rows with leverage 1 left out of HC2 or HC3",
        why="A row that the model fits exactly has no residual to learn from, and dividing by 1 - h is impossible.",
        fix="look at the row: a dummy or a fixed effect may belong to it alone",
        example="",
    ),
    Code(
        id="N507",
        title="no joint test of the slopes",
        why="With as many slopes as clusters or more, or with slopes that are linear combinations in the covariance, "
        "the covariance matrix has no inverse and the F test does not exist.",
        fix="test fewer coefficients, or use other standard errors",
        example="",
    ),
    Code(
        id="W508",
        title="random effects became pooled OLS",
        why="Unit means vary less than the errors alone would make them vary, so that the estimated variance of the "
        "unit effects is zero (it would be negative).",
        fix="check the model; pooled OLS with clustered standard errors gives the same coefficients",
        example="",
    ),
)
