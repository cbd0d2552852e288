"""What the checks of a study's data say, put together: those of this run and those that are stored."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from carbonspec.engine import problems
from carbonspec.lang.spec import Spec
from carbonspec.planner.lower import check_name
from carbonspec.report.run import Anchored, CheckReport, FewClusters, ModelCheck

FEW_CLUSTERS = 20
FEWEST_DRAWN = 4
FEW_MATTER = {
    "cluster": "clustered standard errors are too small",
    "bootstrap": "a bootstrap's draws are a coarse picture",
}


def few_clusters(found: Iterable[FewClusters]) -> Iterator[Anchored]:
    """W434, once for each `se` written and each variable clustered by, however many models share it."""
    groups: dict[tuple[object, ...], list[FewClusters]] = {}
    for few in found:
        written = (few.se.line_text, few.se.column) if few.written else ()
        groups.setdefault((few.kind, few.name, few.wild, *written), []).append(few)
    for group in groups.values():
        kind, name = group[0].kind, group[0].name
        counts = {place: count for few in group for place, count in few.counts}
        low, high = min(counts.values()), max(counts.values())
        size = problems.counted(high, "cluster") if low == high else f"{low} to {high} clusters"
        places = list(counts)
        who = ", ".join(places[:3]) + (f" and {len(places) - 3} more" if len(places) > 3 else "")
        verb = "has" if len(places) == 1 else "have"
        message = f"{who} {verb} {size} of `{name}`: with fewer than {FEW_CLUSTERS} {FEW_MATTER[kind]}"
        by = "" if name == "id" else f", cluster({name})"
        helps = [f"`se crv3({name})` is made for few clusters"]
        if group[0].wild:
            helps = [f"`se wild(9999{by})` and `se crv3({name})` are made for few clusters"]
        if kind == "bootstrap" and low < FEWEST_DRAWN:
            helps.insert(0, f"fewer than {FEWEST_DRAWN} cannot be drawn from: that column will fail (E555)")
        yield replace(group[0].se, message=message, helps=tuple(helps))


def warnings_of(spec: Spec, values: Mapping[str, Any]) -> tuple[Anchored, ...]:
    """What the finished checks of a study have to say."""
    study = values.get("check")
    kinds = (spec.models, spec.mediations)
    parts = [[p for m in kind if isinstance(p := values.get(check_name(m.name)), ModelCheck)] for kind in kinds]
    found = list(study.warnings) if isinstance(study, CheckReport) else []
    for checks in parts:
        found += [warning for check in checks for warning in check.warnings]
    for checks in parts:
        found += few_clusters(few for check in checks for few in check.few)
    return tuple(found)
