"""`index(entropy)`: weights from the sample, scores for all rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from carbonspec.econometrics.measures.choices import Choices
from carbonspec.econometrics.measures.index import composite_index
from carbonspec.econometrics.measures.indicators import Indicator
from carbonspec.econometrics.measures.keys import Keys
from carbonspec.econometrics.measures.sensitivity import sensitivity
from carbonspec.engine.measuring.measured import Made
from carbonspec.engine.measuring.rows import Names, keys_of, panel_values, periods
from carbonspec.engine.measuring.settings import all_of, component, indicator, number, word
from carbonspec.lang.spec import Measure
from carbonspec.report.run import Weight

if TYPE_CHECKING:
    from carbonspec.engine.frame import PanelData


def make(data: PanelData, measure: Measure) -> Made:
    """The index on all rows of the panel, with its weights and what each indicator does to it."""
    values = [value for setting in all_of(measure, "group") for value in setting.values]
    indicators, columns = [], []
    for value in values:
        expression, direction, weight = indicator(value)
        indicators.append(Indicator(component(value), direction, value.name, weight))
        columns.append(panel_values(data, expression))
    X = np.column_stack(columns)
    choices = choices_of(measure)
    years = periods(data)
    names = Names(data.rows, lambda row: data.shown(row).replace(", ", " "))
    found = composite_index(X, indicators, choices, periods=years, sample=data.sample, labels=names)
    keys, rows = keys_of(data), found.sample
    inside = Keys(keys.unit[rows], keys.tick[rows], keys.unit_names, keys.period_names)
    influence = sensitivity(X[rows], indicators, inside, choices)
    labels = {value.name: value.name_label for value in values}
    weights = tuple(
        Weight(
            line.group,
            labels.get(line.group, ""),
            line.indicator,
            line.weight,
            line.entropy,
            line.redundancy,
            effect.within_share,
            effect.correlation,
            line.direction,
        )
        for line, effect in zip(found.weights, influence.lines, strict=True)
    )
    facts = [f"{_SAID[choices.weights]} of {len(indicators)} indicators over {found.rows} rows of the sample"]
    if choices.scope == "year":
        facts.append(f"limits and weights by year ({'their mean' if choices.yearly == 'mean' else 'each its own'})")
    if choices.structure == "two_stage":
        facts.append("weighted in two stages: indicators within groups, then the groups' scores")
    if choices.shift:
        facts.append(f"a shift of {choices.shift:g} before logarithms")
    why = facts[0]
    if found.left_out:
        why += f"; {found.left_out} rows miss an indicator"
    size = int(data.sample.sum())
    return Made(found.values, (*found.notices, *influence.notices), tuple(facts), weights, size, size, why)


_SAID = {
    "entropy": "entropy weights",
    "declared": "declared weights",
    "equal": "equal weights",
    "pca": "principal components",
    "critic": "CRITIC weights",
    "topsis": "TOPSIS",
}


def choices_of(measure: Measure) -> Choices:
    """The choices that the clauses make."""
    return Choices(
        weights=measure.word,
        scope=word(measure, "scope", "pooled"),
        yearly=word(measure, "yearly", "own"),
        structure="two_stage" if word(measure, "stage", "one") == "two" else "flat",
        shift=number(measure, "shift") or 0.0,
        score=word(measure, "score", "z"),
        norm=word(measure, "norm", "minmax"),
        distance_weights=word(measure, "distances", "entropy"),
        components=word(measure, "components", "kaiser"),
    )
