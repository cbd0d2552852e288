"""Elasticities of substitution, joined to products by the longest prefix of their HS code."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from carbonspec.econometrics.design import FloatArray
from carbonspec.econometrics.measures.problems import MeasureError, chosen, counted, listed


@dataclass(frozen=True)
class Matched:
    """Elasticities of products.

    `sigma` (products,), `digits` (products,) length of the prefix that matched (0: none did), `unmatched` the codes
    that took the median of those matched.
    """

    sigma: FloatArray
    digits: tuple[int, ...]
    unmatched: tuple[str, ...]


def hs_text(code: object) -> str:
    """An HS code as text. These have an even number of digits: a number with an odd one has lost its leading zero."""
    if isinstance(code, float) and code.is_integer():
        code = int(code)
    if isinstance(code, (int, np.integer)):
        digits = str(code)
        return digits.zfill(len(digits) + len(digits) % 2)
    return str(code).strip().replace(".", "")


def sigma_table(codes: Iterable[object], sigma: Iterable[float]) -> dict[str, float]:
    """The table {HS prefix: sigma} of two columns. Raises E853 where one code has two elasticities."""
    table: dict[str, float] = {}
    for code, value in zip(codes, sigma, strict=True):
        prefix = hs_text(code)
        if table.setdefault(prefix, float(value)) != float(value):
            raise MeasureError(
                "E853",
                f"the table of elasticities gives {prefix} both {table[prefix]:g} and {float(value):g}",
                {"subject": prefix},
            )
    return table


def match_sigma(codes: Sequence[object], table: Mapping[str, float], unmatched: str = "error") -> Matched:
    """Elasticity of each product by the longest prefix of its code that the table has.

    `unmatched` "error" refuses products without one (E851); "median" gives them the median over the products that
    have one. Elasticities that are used must exceed 1 (E852). Source: Broda & Weinstein (2006) give one for each good
    of a classification, often coarser than the customs records.
    """
    chosen(unmatched, ("error", "median"), "what happens to products without an elasticity")
    known = {hs_text(prefix): float(value) for prefix, value in table.items()}
    lengths = sorted({len(prefix) for prefix in known}, reverse=True)
    digits = []
    sigma = np.full(len(codes), np.nan)
    missing = []
    for i, code in enumerate(codes):
        text = hs_text(code)
        found = next((n for n in lengths if n <= len(text) and text[:n] in known), 0)
        digits.append(found)
        if found:
            sigma[i] = known[text[:found]]
        else:
            missing.append((i, text))
    names = tuple(text for _, text in missing)
    if missing and (unmatched == "error" or len(missing) == len(codes)):
        message = f"{len(missing)} of {counted(len(codes), 'product')} have no elasticity: {listed(names)}"
        raise MeasureError("E851", message, {"known": names, "count": len(missing)})
    checked(sigma, tuple(hs_text(code) for code in codes), np.array(digits) > 0)
    if missing:
        sigma[[i for i, _ in missing]] = np.median(sigma[np.array(digits) > 0])
    return Matched(sigma, tuple(digits), names)


def checked(sigma: FloatArray, codes: Sequence[str], known: NDArray[np.bool_]) -> None:
    """Raise E852 where an elasticity that is known is not a number above 1."""
    wrong = [i for i in np.flatnonzero(known).tolist() if not (np.isfinite(sigma[i]) and sigma[i] > 1)]
    if wrong:
        names = tuple(f"{codes[i]} ({sigma[i]:g})" for i in wrong)
        message = f"an elasticity of substitution must be above 1, which it is not for {listed(names)}"
        raise MeasureError("E852", message, {"known": names, "count": len(wrong)})
