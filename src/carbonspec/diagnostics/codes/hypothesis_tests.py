"""Codes of tests: what a test cannot do on a panel, and what a reader must know of its result."""

from __future__ import annotations

from carbonspec.diagnostics.codes.model import Code

CODES: tuple[Code, ...] = (
    Code(
        id="E520",
        title="no unit is left to test",
        why="A unit takes part only with a series that varies, has no gaps and is long enough for the lags. None is "
        "left, or fewer than the test needs.",
        fix="use fewer lags, or look at the reasons the message lists",
        example="",
    ),
    Code(
        id="E521",
        title="the test needs a balanced panel",
        why="Levin-Lin-Chu, Hadri and bootstrap p values rest on the same periods for every unit.",
        fix="test on the periods all units share, with a `where`, or take Im-Pesaran-Shin or a Fisher test",
        example="",
    ),
    Code(
        id="E522",
        title="too few periods for the test",
        why="The statistic or its table does not exist for so short a panel. Dumitrescu-Hurlin with K lags needs more "
        "than 5 + 3K periods, CIPS ten.",
        fix="use fewer lags; for very short panels Im-Pesaran-Shin without lags has exact moments from T = 7 on",
        example="",
    ),
    Code(
        id="E523",
        title="an option that the test does not have",
        why="Each test is tabulated for some deterministic parts, lags and bandwidths only.",
        fix="choose among those the message names",
        example="",
    ),
    Code(
        id="E524",
        title="infinite values in a test",
        why="A variable is infinite in some row, by a division by zero for instance.",
        fix="mend the variable's formula, or leave such rows out with a `where`",
        example="",
    ),
    Code(
        id="E525",
        title="nothing to compare",
        why="The test compares coefficients or groups, and none is left in common: a Hausman test needs regressors "
        "that vary within and between units, a test of effects needs effects, a difference needs two groups of units.",
        fix="check the regressors and the groups that the message names",
        example="",
    ),
    Code(
        id="E526",
        title="a unit in two groups",
        why="A difference between groups of units is tested by exchanging whole units, so a unit belongs to one group "
        "throughout.",
        fix="group by a variable that does not change within the unit",
        example="",
    ),
    Code(
        id="E527",
        title="a function of estimates that cannot be tested",
        why="A Wald test or the delta method needs coefficients of one estimated column, a value that exists at these "
        "estimates (no division by zero, no logarithm of a negative number), and one that depends on some of them.",
        fix="name coefficients that the column has, with `[…]` to say which column, and look at the formula",
        example="",
    ),
    Code(
        id="W520",
        title="units left out of a test",
        why="A unit with a constant series, with gaps or with too few periods has no regression of its own. The test "
        "is about the others, and its N is theirs; other programs drop such units without a word.",
        fix="name the units in the paper, as the table's note does",
        example="",
    ),
    Code(
        id="N521",
        title="rows without a value left out of a test",
        why="A missing value makes a gap in the unit's series, or shortens it at its ends.",
        fix="nothing to do; see which units were left out for their gaps",
        example="",
    ),
    Code(
        id="W521",
        title="draws without a statistic",
        why="In some bootstrap samples or permutations the regressions could not be estimated; the p value is over the "
        "others.",
        fix="with more than a few such draws, do not rely on the p value",
        example="",
    ),
    Code(
        id="N522",
        title="pairs of units left out",
        why="A correlation takes at least three periods in common and two series that vary.",
        fix="nothing to do; the statistic is over the other pairs",
        example="",
    ),
    Code(
        id="W522",
        title="outside the table",
        why="The moments or critical values of the test are tabulated from a certain T or N on. Below it, programs use "
        "the first entry without saying so, and sizes are no longer 5 %.",
        fix="report the test with this remark, or use one with exact moments (Im-Pesaran-Shin without lags)",
        example="",
    ),
    Code(
        id="W523",
        title="p values next to 0 or 1 were moved inside",
        why="MacKinnon's response surface ends; beyond it p is exactly 0 or 1, which would make Choi's Z and L* "
        "infinite. p values are held between 1e-16 and 1 - 1.1e-16. Where many are moved, Z and L* say little.",
        fix="read P and Pm, which hardly depend on p values near 1; look at the units with explosive series",
        example="",
    ),
    Code(
        id="N524",
        title="what the test assumes",
        why="The statistic is right under an assumption that panels often break, such as errors without "
        "autocorrelation or a long T.",
        fix="read the sentence with the result",
        example="",
    ),
    Code(
        id="W524",
        title="rows were shuffled",
        why="Exchanging rows instead of units breaks up the panel: the rows of a unit are alike, and the p value is "
        "too small.",
        fix="permute units",
        example="",
    ),
    Code(
        id="N525",
        title="how the critical values or the statistic were taken",
        why="The panel allows only a variant of the test, or an approximation of its critical values.",
        fix="say so where the result is reported",
        example="",
    ),
    Code(
        id="W525",
        title="a test that rejects too often in panels of this shape",
        why="Simulated with 30 units and 9, 20 and 50 periods, a test at 5 % rejects a true null this often. "
        "Levin-Lin-Chu with its usual bandwidth 96, 62 and 28 %, with bandwidth 0 65, 7 and 3 %; Fisher's P 52, 14 and "
        "9 %, with Phillips-Perron 55, 18 and 13 %; Dumitrescu-Hurlin's Z-bar 66, 21 and 10 %, Z-tilde 4, 8 and 5 %; "
        "modified Wald 98, 75 and 34 %; scaled LM of residuals 41, 13 and 5 %; Mundlak's clustered Wald test 12, 12 "
        "and 14 %, and 34 % with 10 units. Im-Pesaran-Shin without lags, CIPS, CD, corrected LM and Wooldridge's test "
        "stay between 3 and 6 %.",
        fix="take another test of the same null, a longer panel, or fewer lags in the bandwidth; and say so in print",
        example="",
    ),
    Code(
        id="W526",
        title="period means of two units",
        why="Taking period means out of two series leaves each the other's negative: they are one series.",
        fix="test without `demean`",
        example="",
    ),
    Code(
        id="W527",
        title="one unit is left",
        why="A panel test averages over units; with one it is the test of that series.",
        fix="see why the others were left out",
        example="",
    ),
    Code(
        id="W528",
        title="a Hausman statistic that is no chi-square",
        why="The difference of the two covariance matrices must be positive definite for the classic statistic to have "
        "a distribution. It is not, so the number is shown without a p value; some programs print its absolute value.",
        fix="read the form with one residual variance, or Mundlak's, which always exists and can be clustered",
        example="",
    ),
    Code(
        id="W529",
        title="the test has little power here",
        why="By construction the statistic is close to what the null says: correlations of residuals average to nearly "
        "zero once period effects are taken out.",
        fix="test the residuals of the model without period effects",
        example="",
    ),
)
