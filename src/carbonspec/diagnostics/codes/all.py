"""Every code by its id."""

from __future__ import annotations

from carbonspec.diagnostics.codes import (
    bootstrap,
    data,
    estimation,
    figures,
    formulas,
    git,
    hypothesis_tests,
    instruments,
    lints,
    measures,
    mediation,
    names,
    quality,
    runtime,
    structures,
    syntax,
    variants,
)
from carbonspec.diagnostics.codes.model import Code

CODES: dict[str, Code] = {
    code.id: code
    for module in (
        syntax,
        names,
        formulas,
        structures,
        data,
        estimation,
        hypothesis_tests,
        instruments,
        runtime,
        lints,
        measures,
        mediation,
        bootstrap,
        quality,
        figures,
        variants,
        git,
    )
    for code in module.CODES
}
