"""Whose line of the spec it was: problems and notices of the library, put where they were asked for."""

from __future__ import annotations

from collections.abc import Iterator

from carbonspec.diagnostics.model import ERROR, NOTE, WARNING, Diagnostic
from carbonspec.econometrics.measures.problems import MeasureError
from carbonspec.econometrics.results import Notice
from carbonspec.engine.measuring.settings import component, title
from carbonspec.lang.spec import Measure, Ref, SettingValue
from carbonspec.source import Span

CLAUSES: dict[str, tuple[str, ...]] = {
    "E802": ("factors",),
    "E804": ("factors", "fuel"),
    "E834": ("oxidation", "calorific"),
    "E808": ("electricity",),
    "E809": ("electricity",),
    "E811": ("apportion",),
    "E820": ("factors", "electricity"),
    "E810": ("initial", "oxidation", "calorific", "factors"),
    "E847": ("shift",),
    "E833": ("group",),
    "E850": ("product",),
    "E851": ("sigma",),
    "E852": ("sigma",),
    "E853": ("sigma",),
    "E854": ("value",),
    "E855": ("value",),
    "E857": ("weights",),
    "E872": ("deflator",),
    "E873": ("deflator",),
    "E874": ("deflator",),
    "E875": ("depreciation",),
    "E876": ("base",),
    "E883": ("growth",),
    "E884": ("growth",),
    "W817": ("factors",),
    "W839": ("scope",),
    "W850": ("effects",),
    "W851": ("sigma",),
    "W852": ("scale",),
    "W854": ("product",),
    "N880": ("initial",),
    "N882": ("base",),
}
"""The clause that a code speaks of, the first that is there; else the statement's first line."""

KEYS = ("product", "quantity", "value", "destination", "sigma")
"""Clauses that name a column of customs records."""

HELPS: dict[str, str] = {
    "W812": "if the fuels leave out what power and heat plants burn, say `base final`",
    "W813": "if the fuels leave out what vehicles burn, say `transport excluded`",
    "W815": "to count missing amounts as 0 write `na zero`",
    "E804": "supply your own: `factors` also takes a data table, `calorific` other calorific values",
    "E808": "complete the table, say `carry nearest`, or leave these rows out by a `where` on the table's `data`",
    "E809": "complete or correct the column, or leave these rows out by a `where` on the table's `data`",
    "E830": "an indicator must differ between rows of the sample",
    "E850": "add the amounts of one key up before, or say `repeats keep`",
    "E851": "add them to the table of elasticities, or say `unmatched median`",
    "E852": "correct the table of elasticities",
    "E854": "leave them out with `unusable drop`",
    "E873": "complete the price index",
    "E876": "start these units at their first later flow with `absent first`",
    "E883": "give `growth` as a number",
    "W877": "close gaps with `fill interpolate` or `fill zero`",
    "W850": "compare with `effects` of product and time, which keep the differences between units",
}


def first_line(span: Span) -> Span:
    """The part of a span that stands on its first line."""
    return span.replace(end=span.start + len(span.text.partition("\n")[0].rstrip()))


def refusal(problem: MeasureError, measure: Measure) -> Diagnostic:
    """The diagnostic of a measure that cannot be computed."""
    subject = problem.facts.get("subject")
    span = place(measure, problem.code, subject if isinstance(subject, str) else "")
    span = next((s.span for s in measure.settings if s.word == problem.facts.get("clause")), span)
    return Diagnostic(problem.code, ERROR, f"`{measure.name}`: {problem.message}", span, _helps(problem.code))


def diagnostic(notice: Notice, measure: Measure) -> Diagnostic:
    """A warning or note of a measure."""
    severity = NOTE if notice.kind.startswith("N") else WARNING
    span = place(measure, notice.kind, notice.subject)
    return Diagnostic(notice.kind, severity, f"`{measure.name}`: {notice.message}", span, _helps(notice.kind))


def place(measure: Measure, code: str, subject: str) -> Span:
    """The value or clause that a code and its subject speak of."""
    for value, called in _values(measure):
        if subject and subject in (value.name, component(value), called):
            return value.span
    for setting in measure.settings:
        first = setting.values[0].value if setting.values else None
        if subject and setting.word in KEYS and isinstance(first, Ref) and first.name == subject:
            return setting.span
    if code == "E822" and "first flow" in subject:
        code = "E810"
    for word in CLAUSES.get(code, ()):
        found = next((setting for setting in measure.settings if setting.word == word), None)
        if found is not None:
            return found.span
    if measure.argument is not None and code in ("E870", "E822", "E819", "W877", "W878", "W879"):
        return measure.argument.span
    return first_line(measure.span)


def _values(measure: Measure) -> Iterator[tuple[SettingValue, str]]:
    """The values that a problem may speak of, and what else they are called."""
    for setting in measure.settings:
        if setting.word in ("fuel", "add", "group"):
            yield from ((value, "") for value in setting.values)
        elif setting.word in ("electricity", "heat", "apportion"):
            yield setting.values[0], title(setting)
        elif setting.word == "transport":
            yield setting.values[0], "Transport"


def _helps(code: str) -> tuple[str, ...]:
    return (HELPS[code],) if code in HELPS else ()
