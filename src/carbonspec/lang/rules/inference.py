"""Rules on standard errors."""

from __future__ import annotations

from collections.abc import Iterator

from carbonspec.diagnostics.model import WARNING, Diagnostic
from carbonspec.lang.rules.reading import Study, identity
from carbonspec.lang.spec import KEY, Apply, Covariance, Expr, Model, Ref
from carbonspec.source import NOWHERE, Source, Span

PANEL = frozenset(("fe", "re", "fd"))
_NAMES = {"iid": "classical", "hc0": "robust", "hc1": "robust", "hc2": "robust", "hc3": "robust"}


def not_clustered(study: Study) -> Iterator[Diagnostic]:
    """W702: iid or robust errors where the model itself says that units repeat; once for each `se` written."""
    found: dict[tuple[Source, int, int], tuple[Span, Covariance, list[str]]] = {}
    for model in (*study.spec.models, *(mediation.model for mediation in study.spec.mediations)):
        covariance = model.covariance
        if covariance.kind not in _NAMES or not _is_panel(model):
            continue
        span = covariance.span if covariance.span is not NOWHERE else model.span
        found.setdefault((span.source, span.start, span.end), (span, covariance, []))[2].append(model.name)
    for span, covariance, models in found.values():
        shown = ", ".join(f"`{name}`" for name in models[:4]) + (
            f" and {len(models) - 4} more" if len(models) > 4 else ""
        )
        message = (
            f"`se {covariance.kind}` treats the periods of a unit as independent, and {shown} "
            f"{'has' if len(models) == 1 else 'have'} panel effects"
        )
        help_ = "`se cluster(id)` allows for correlation within units"
        if covariance.kind != "iid":
            help_ += "; robust errors are inconsistent with fixed effects and few periods (Stock & Watson 2008)"
        yield Diagnostic("W702", WARNING, message, span, (help_,))


def clusters_without_unit(study: Study) -> Iterator[Diagnostic]:
    """W706: clustered by period alone, or finer than the unit."""
    seen: set[tuple[Source, int, int]] = set()
    for model in study.spec.models:
        covariance = model.covariance
        place = (covariance.span.source, covariance.span.start, covariance.span.end)
        if not covariance.clusters or not _is_panel(model) or place in seen:
            continue
        keys = [_keys(cluster) for cluster in covariance.clusters]
        if keys and all((KEY, "time") in key for key in keys):
            seen.add(place)
            finer = any(len(key) > 1 for key in keys)
            what = "finer than the unit" if finer else "by period alone"
            message = f"`{model.name}` clusters {what}: the periods of a unit count as independent"
            yield Diagnostic(
                "W706", WARNING, message, covariance.span, ("write `cluster(id)`, or `cluster(id, time)` for both",)
            )


def single_rows(study: Study) -> Iterator[Diagnostic]:
    """W552: a bootstrap that draws the rows of a panel one by one; once for each `se` written."""
    seen: set[tuple[Source, int, int]] = set()
    for model in study.spec.models:
        covariance = model.covariance
        place = (covariance.span.source, covariance.span.start, covariance.span.end)
        if covariance.drawn == "rows" and place not in seen:
            seen.add(place)
            message = f"`{model.name}` draws single rows: the periods of a unit count as independent"
            help_ = f"`se bootstrap({covariance.draws})` draws whole units"
            yield Diagnostic("W552", WARNING, message, covariance.span, (help_,))


def _is_panel(model: Model) -> bool:
    for column in model.columns:
        structure = column.structure
        if structure.kind in ("re", "fd"):
            return True
        if any(_keys_of(d.keys) == {(KEY, "id")} for d in structure.dimensions):
            return True
    return False


def _keys_of(keys: tuple[Expr, ...]) -> set[tuple[str, str]]:
    return {identity(key) for key in keys if isinstance(key, Ref)}


def _keys(cluster: Expr) -> set[tuple[str, str]]:
    parts = cluster.arguments if isinstance(cluster, Apply) and cluster.function == "^" else (cluster,)
    return _keys_of(parts)
