"""What a measure of export quality reports about itself."""

from __future__ import annotations

from dataclasses import dataclass

from carbonspec.econometrics.measures.problems import counted, listed
from carbonspec.econometrics.results import Dropped, Notice


@dataclass(frozen=True)
class Report:
    """What went into the measure, and what did not.

    `rows` in; `left_out` by reason; `used` in the demand equation; `alone` of these in a group of effects of their own
    (residual zero by construction); `lone_rows` alone in their group of standardising; `flat_groups` groups without
    spread and `flat_rows` their rows; `weighted` rows with a standardised residual. `repeated` rows beyond the first of
    their key, where kept. `empty` region-years that have records but no quality, `absent` ones without records.
    `value_share` of the value used that is weighted. `pairs` of groups of the effects that occur, `parts` how many
    connected parts they form. `largest_mean`: largest absolute mean of residuals in a group of the effects, zero but
    for rounding. `sigma`: smallest, median, largest over products; `unmatched` products took the median. With
    region-year effects: `absorbed`, the share they take of the variance that product and year effects leave;
    `absorbed_between`, the share they take of the variance between region-years of value-weighted log quality.
    """

    rows: int
    left_out: tuple[Dropped, ...]
    used: int
    alone: int
    lone_rows: int
    flat_groups: int
    flat_rows: int
    weighted: int
    repeated: int
    empty: int
    absent: int
    value_share: float
    products: int
    pairs: int
    parts: int
    largest_mean: float
    sigma: tuple[float, float, float]
    unmatched: tuple[str, ...]
    absorbed: float | None
    absorbed_between: float | None


def notices(report: Report, effects: str) -> tuple[Notice, ...]:
    """What the user must be told."""
    found = []
    if effects == "h + f^t":
        parts = []
        if report.absorbed_between is not None and report.absorbed_between > 0:
            parts.append(
                f"{report.absorbed_between:.0%} of the variance between region-years of value-weighted quality"
            )
        if report.absorbed is not None:
            parts.append(f"{report.absorbed:.1%} of that between records")
        message = "region-year effects make the residuals average to zero in every region and year, and so absorb the "
        message += "regional signal that is aggregated next, but for the weights"
        if parts:
            message += f": against product and year effects they take {' and '.join(parts)}"
        found.append(Notice("W850", message))
    if report.unmatched:
        names = listed(report.unmatched)
        message = f"{counted(len(report.unmatched), 'product')} without an elasticity took the median: {names}"
        found.append(Notice("W851", message))
    if report.lone_rows or report.flat_rows:
        message = (
            f"{counted(report.lone_rows, 'group')} of one row and {report.flat_groups} without spread "
            f"({counted(report.lone_rows + report.flat_rows, 'row')}) can't be standardised and have no weight"
        )
        found.append(Notice("W852", message))
    if report.empty:
        found.append(Notice("W853", f"{counted(report.empty, 'region-year')} with records have no quality"))
    if report.repeated:
        found.append(Notice("W854", f"{counted(report.repeated, 'row')} repeat the key of another and were kept"))
    if report.alone:
        message = f"{counted(report.alone, 'row')} stand alone in a group of the effects and have no weight"
        found.append(Notice("W855", message))
    if report.left_out:
        reasons = ", ".join(f"{d.reason} {d.rows}" for d in report.left_out)
        found.append(Notice("N856", f"of {counted(report.rows, 'customs record')} were left out: {reasons}"))
    return tuple(found)
