"""Codes of standard errors that are made by drawing, or by leaving clusters out."""

from __future__ import annotations

from carbonspec.diagnostics.codes.model import Code

CODES: tuple[Code, ...] = (
    Code(
        id="E560",
        title="a cluster that cannot be left out",
        why="The cluster jackknife (CRV3) estimates the model without each cluster in turn. Where a regressor varies "
        "in one cluster alone, the estimate without that cluster does not exist.",
        fix="cluster by something coarser, leave the regressor out, or use `se cluster(id)` or `se wild(9999)`",
        example="model a: y ~ x + dummy_of_one_region se crv3(region)\n"
        "model a: y ~ x + dummy_of_one_region se wild(9999, cluster(region))",
    ),
    Code(
        id="E561",
        title="draws that an estimator does not have",
        why="Wild bootstraps multiply residuals of least squares on columns, pooled or with fixed effects. First "
        "differences and GMM need a unit's periods in their order: units can be drawn for them, rows and blocks not.",
        fix="draw units: `se bootstrap(999)`",
        example="model a: y ~ x | fd(id) se bootstrap(999, rows)\nmodel a: y ~ x | fd(id) se bootstrap(999)",
    ),
    Code(
        id="W560",
        title="an interval without an end",
        why="The interval holds every value that the wild cluster bootstrap does not reject. With few clusters, or "
        "where one of them decides, the share of draws beyond the sample never gets down to the level on one side: "
        "with three clusters and signs there are eight draws, and no p value is below 1/4.",
        fix="use `weights = webb`, which has six numbers for two signs, or report the p value alone",
        example="model a: y ~ x se wild(999, cluster(region), weights = rademacher)\n"
        "model a: y ~ x se wild(9999, cluster(region))",
    ),
    Code(
        id="N560",
        title="an interval from part of the draws",
        why="The ends of the interval are searched among the first 100,000 draws, which are held; the p value counts "
        "all of them.",
        fix="nothing to do",
    ),
    Code(
        id="N561",
        title="the constant of a model with effects",
        why="It is a mean of the effects and not a parameter of the model, so that there is no null to impose.",
        fix="nothing to do",
    ),
)
