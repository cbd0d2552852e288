"""The words of the report: tables and figures made by a call."""

from __future__ import annotations

from carbonspec.signature import FIGURE, TABLE, Parameter, Signature

TERMS = Parameter("x", "term", required=True, many=True)
RESULTS = Parameter("result", "result", required=True, many=True)
QUANTITIES = Parameter("term", "quantity", required=True, many=True)
BY = Parameter("by", "variable")
TOTAL = Parameter("total", "word", words=("pooled", "mean"))

TABLES = (
    Signature(
        "summary",
        TABLE,
        "N, mean, SD, median, minimum, maximum",
        (TERMS,),
        clauses=(BY, TOTAL),
        module="compose.summary",
        example="summary(Ce, Open)",
    ),
    Signature(
        "correlation",
        TABLE,
        "Pearson correlations with stars",
        (TERMS,),
        module="compose.correlation",
        example="correlation(Ce, Open)",
    ),
    Signature(
        "weights",
        TABLE,
        "weights of a composite index",
        (Parameter("measure", "variable", True),),
        module="compose.weights",
        example="weights(Open)",
    ),
    Signature(
        "mediation",
        TABLE,
        "bootstrap of mediation effects as Stata prints it",
        (RESULTS,),
        module="compose.mediation",
        example="mediation(via_tech)",
    ),
    Signature(
        "first_stage",
        TABLE,
        "first stages of models with instruments, as columns",
        (RESULTS,),
        module="placement",
        example="first_stage(m)",
    ),
    Signature(
        "reduced_form",
        TABLE,
        "the outcome on all instruments, as columns",
        (RESULTS,),
        module="placement",
        example="reduced_form(m)",
    ),
    Signature("choices", TABLE, "which choice of a multiverse matters", (RESULTS,), example="choices(curve)"),
)

FIGURES = (
    Signature(
        "map",
        FIGURE,
        "a map of a variable",
        (Parameter("x", "variable", True),),
        clauses=(Parameter("at", "any", many=True), Parameter("shapes", "path")),
        module="figures.map",
        example="map(Open)",
    ),
    Signature(
        "trend",
        FIGURE,
        "means of variables over time",
        (TERMS,),
        clauses=(Parameter("at", "any", many=True), BY),
        module="figures.trend",
        example="trend(Ce, Open)",
    ),
    Signature(
        "coefficients",
        FIGURE,
        "coefficients with intervals",
        (QUANTITIES,),
        clauses=(Parameter("interval", "share"),),
        module="figures.results",
        example="coefficients(via_tech, benchmark[last].Open)",
    ),
    Signature(
        "paths",
        FIGURE,
        "path diagram of mediations",
        (RESULTS,),
        module="figures.results",
        example="paths(via_tech)",
    ),
    Signature(
        "margins",
        FIGURE,
        "effect over the values of a moderator",
        (QUANTITIES,),
        clauses=(Parameter("over", "variable"),),
        example="margins(m.did)",
    ),
    Signature(
        "density",
        FIGURE,
        "density of the draws of an effect or a test",
        (RESULTS,),
        module="figures.results",
        example="density(via_tech)",
    ),
    Signature("specifications", FIGURE, "specification curve", (RESULTS,), example="specifications(curve)"),
)

ENTRIES: tuple[Signature, ...] = (*TABLES, *FIGURES)
