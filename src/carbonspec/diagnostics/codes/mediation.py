"""Codes of mediation and of the bootstrap."""

from __future__ import annotations

from carbonspec.diagnostics.codes.model import Code

CODES: tuple[Code, ...] = (
    Code(
        id="E550",
        title="a path that is none",
        why="A path goes from a treatment through mediators to an outcome, each of them another variable, none of "
        "them also a control.",
        fix="take the repeated variable out of the path or out of the controls",
        example="mediate Open -> Open -> Ce\nmediate Open -> Quality -> Ce",
    ),
    Code(
        id="E551",
        title="effects that cannot be told apart",
        why="A variable of the path is a linear function of others in its equation, of the controls, or of the fixed "
        "effects. A mediator that is the treatment under another name leaves nothing to separate.",
        fix="use another mediator, or take out the controls or effects that explain it",
        example="mediate Open -> Open_percent -> Ce\nmediate Open -> Quality -> Ce",
    ),
    Code(
        id="E552",
        title="a variable of the path does not vary",
        why="Treatment, mediator or outcome has a single value in the rows used, so that nothing can run through it.",
        fix="check the sample, and what missing values of other variables took from it",
        example="mediate Open -> Coastal -> Ce where Coastal == 1",
    ),
    Code(
        id="E554",
        title="no replications",
        why="The bootstrap's standard error is the standard deviation over replications: it needs at least two, and "
        "intervals need about a thousand.",
        fix="write `bootstrap 1000`, or leave the clause out for an analysis without a bootstrap; `se bootstrap(999)` "
        "for a model",
        example="mediate Open -> Quality -> Ce bootstrap 0\nmediate Open -> Quality -> Ce bootstrap 1000",
    ),
    Code(
        id="E555",
        title="too few clusters to draw from",
        why="A draw of C clusters out of C holds one cluster alone with probability C^(1 - C): half of the time for "
        "two clusters, one time in nine for three. Such draws say nothing.",
        fix="draw smaller units, or report standard errors without a bootstrap",
        example="mediate Open -> Quality -> Ce bootstrap 1000, cluster(coastal)\n"
        "mediate Open -> Quality -> Ce bootstrap 1000, cluster(id)",
    ),
    Code(
        id="E556",
        title="too many draws that cannot be estimated",
        why="In more than a tenth of the draws a variable of the equations does not vary, or controls and fixed "
        "effects explain it wholly. What remains is no longer the distribution of the estimate.",
        fix="look for a variable that varies in a few clusters only; use fewer controls or effects, or ask for draws "
        "to be replaced, which makes the distribution conditional",
    ),
    Code(
        id="E557",
        title="a bootstrap that there is not",
        why="Draws are of clusters, rows, blocks of periods, or wild; intervals are percentile, bca, normal or basic "
        "at a level between 0 and 1; a block is shorter than the panel. A wild bootstrap needs equations linear "
        "in what they explain, which a product with the mediator is not.",
        fix="choose among those the message names",
        example="interval bias_corrected\ninterval bca",
    ),
    Code(
        id="E558",
        title="effects too many for a wild bootstrap",
        why="Fixed effects that are not nested in the clusters become columns of every draw, up to some thousands of "
        "levels.",
        fix="draw the coarser unit, in which the effects are nested, or draw whole clusters, which can be refitted",
        example="mediate Open -> Quality -> Ce | fe(firm, year) bootstrap 1000, rows\n"
        "mediate Open -> Quality -> Ce | fe(firm, year) bootstrap 1000, cluster(firm)",
    ),
    Code(
        id="E559",
        title="total, direct and indirect effect do not add up",
        why="With least squares on one sample and the same controls, the total effect is the direct one plus the "
        "products along all routes, to rounding error. If not, variables are nearly collinear or far apart in size.",
        fix="rescale the variables, and look at how nearly mediator and treatment are collinear",
    ),
    Code(
        id="N558",
        title="every draw was refitted",
        why="Fixed effects that are not nested in what is drawn become columns of every draw. Beyond some thousands of "
        "levels it is faster to take them out of each draw anew. Random effects, first differences and other "
        "estimators that are not least squares on columns are refitted too. The numbers are the same, the time is not.",
        fix="draw the coarser unit, in which the effects are nested; or nothing, where the estimator wants it so",
        example="bootstrap 1000, rows\nbootstrap 1000, cluster(firm)",
    ),
    Code(
        id="W550",
        title="suppression",
        why="Indirect and direct effect have opposite signs and offset each other in the total effect. A share of the "
        "total has no meaning then; the ratio of their sizes has (MacKinnon, Krull and Lockwood 2000).",
        fix="report both effects with their signs, not a percentage mediated",
    ),
    Code(
        id="W551",
        title="the mediation is not the benchmark's model",
        why="Rows, fixed effects, controls or standard errors of the mediation differ from those of the benchmark "
        "regression, so that its total effect is another number than the benchmark's coefficient.",
        fix="give the mediation the benchmark's effects, controls and standard errors, or say why it differs",
        example="mediate Open -> Quality -> Ce with controls        # benchmark: fe(id, year)\n"
        "mediate Open -> Quality -> Ce | fe(id, year) with controls bootstrap 1000, cluster(id)",
    ),
    Code(
        id="W552",
        title="single rows of a panel are drawn",
        why="Rows of a unit are related over time. Drawing them one by one treats them as independent, which makes "
        "standard errors too small.",
        fix="draw units: `bootstrap 1000, cluster(id)`, or `se bootstrap(999)` for a model",
        example="mediate Open -> Quality -> Ce bootstrap 1000, rows\n"
        "mediate Open -> Quality -> Ce bootstrap 1000, cluster(id)",
    ),
    Code(
        id="W553",
        title="draws that could not be estimated",
        why="In more than one draw of a hundred a coefficient is not identified. They are left out (or, if asked for, "
        "replaced), so that the distribution is conditional on draws that can be estimated.",
        fix="look for a variable or an effect that rests on few clusters",
    ),
    Code(
        id="N553",
        title="a few draws could not be estimated",
        why="At most one draw of a hundred does not identify a coefficient; these are left out.",
        fix="nothing to do",
    ),
    Code(
        id="W554",
        title="few replications",
        why="The ends of a 95 % interval are the 2.5 % most extreme draws on each side: of 50 draws that is one.",
        fix="take 1000 draws; they cost milliseconds",
        example="mediate Open -> Quality -> Ce bootstrap 50\nmediate Open -> Quality -> Ce bootstrap 1000",
    ),
    Code(
        id="N554",
        title="few replications for a BCa interval",
        why="BCa moves the ends further into the tails, where draws are rarer.",
        fix="take 5000 draws",
        example="bootstrap 1000 interval bca\nbootstrap 5000 interval bca",
    ),
    Code(
        id="N555",
        title="few clusters for a bootstrap",
        why="With fewer than 20 clusters the distribution of draws is a coarse picture of the estimate's.",
        fix="compare with the jackknife standard error printed beside it, or with `se crv3(id)` and `se wild(9999)`",
    ),
    Code(
        id="N556",
        title="no share of the total effect",
        why="The total effect is zero beside the direct and the indirect one; dividing by it says nothing.",
        fix="report the two effects",
    ),
)
