"""Which columns look like a panel's unit, and which like its time: by name, kind and values."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from carbonspec.econometrics.clock import TimeError, number_ticks, text_ticks
from carbonspec.engine.proposal.facts import Facts
from carbonspec.engine.table import Column, Text

_TIMES = """
year years yr fyear time date day month quarter qtr week period wave t round fiscal datadate
jahr annee année ano año anno
"""
_UNITS = """
id code nr ort pays unit entity group individual person household hhid pid worker patient
firm company corp corporation plant bank school hospital store fund
stock stkcd symbol ticker gvkey permno permco cusip isin
country nation province prov state city county district region island village prefecture municipality
iso iso2 iso3 fips nuts geo exporter importer origin destination reporter partner
industry sector product hs hs2 hs4 hs6 hs8 sic naics nace
"""
TIME_WORDS = frozenset(_TIMES.split())
TIME_SIGNS = ("年份", "年度", "年", "日期", "时间", "月份", "季度", "时期", "期间")
UNIT_WORDS = frozenset(_UNITS.split())
CODE_SIGNS = ("代码", "编号", "编码")
UNIT_SIGNS = ("省", "城市", "市", "县", "区", "企业", "公司", "国家", "行业", "产品", "名称", *CODE_SIGNS)
CODE_WORDS = frozenset(["id", "code", "cd", "no", "nr", "number", "index", "row", "obs", "rank", "serial"])
NOT_UNITS = frozenset(["rank", "row", "obs", "n", "count", "number", "total", "age", "index"])
EXACT, PART, CONTAINED = 5, 3, 2
STRONG = 2
"""From this score on a column may be a unit without the company of another."""
YEARS = (1900, 2100)


@dataclass(frozen=True)
class Candidate:
    """A column that may be a key; the higher the score, the likelier."""

    name: str
    score: float
    distinct: int


def words(name: str) -> list[str]:
    """`isoCode_3` → iso, code, 3."""
    parted = re.sub(r"(?<=[^\W\d_])(?=\d)|(?<=[a-zà-ÿ])(?=[A-Z])", " ", name.replace("_", " "))
    return re.findall(r"\w+", parted.lower())


def _named(name: str, known: frozenset[str], signs: tuple[str, ...]) -> int:
    plain = name.strip().lower()
    if plain in known or plain in signs:
        return EXACT
    found = words(name)
    if any(word in known for word in found):
        return PART
    endings = (*(word for word in known if len(word) > 3), *(["id", "code"] if known is UNIT_WORDS else []))
    if any(sign in name for sign in signs) or any(w.endswith(endings) and len(w) < 14 for w in found):
        return CONTAINED
    return 0


def is_code(facts: Facts, labelled: bool = False) -> bool:
    """Whether whole numbers stand for names rather than amounts."""
    found = words(facts.name)
    named = bool(found) and (found[-1] in CODE_WORDS or facts.name.strip().lower() in UNIT_WORDS)
    return labelled or (facts.whole and (named or any(sign in facts.name for sign in CODE_SIGNS)))


def is_year(facts: Facts) -> bool:
    """Whole numbers that are all years."""
    return not facts.text and facts.whole and YEARS[0] <= facts.low and facts.high <= YEARS[1]


def is_time(column: Column, facts: Facts) -> bool:
    """Whether a column is a time, however often its values occur."""
    if facts.text:
        return readable_time(column)
    return is_year(facts) or (facts.whole and _named(facts.name, TIME_WORDS, TIME_SIGNS) == EXACT)


def is_unit(facts: Facts) -> bool:
    """Whether a column is called a unit."""
    return (facts.text or facts.whole) and _named(facts.name, UNIT_WORDS, UNIT_SIGNS) >= PART


def time_candidates(columns: Mapping[str, Column], facts: Mapping[str, Facts]) -> tuple[Candidate, ...]:
    """Columns that the panel's clock can read and that a name or their values make look like time, best first."""
    found = []
    for name, one in facts.items():
        if one.distinct < 2 or one.distinct > max(one.rows / 2, 2) or one.share_missing > 0.5:
            continue
        named = _named(name, TIME_WORDS, TIME_SIGNS)
        score = float(named)
        if one.text:
            if not readable_time(columns[name]):
                continue
            score += 4
        elif is_year(one):
            score += 3
        elif not named or not one.whole or not readable_time(columns[name]):
            continue
        found.append(Candidate(name, score - 5 * one.share_missing, one.distinct))
    return tuple(sorted(found, key=lambda c: -c.score))


def readable_time(column: Column) -> bool:
    """Whether the panel's clock can read every value."""
    try:
        if isinstance(column, Text):
            used = np.unique(column.codes[column.codes >= 0])
            text_ticks(np.arange(used.size), tuple(column.values[code] for code in used))
        else:
            number_ticks(column[~np.isnan(column)])
    except TimeError:
        return False
    return True


def unreadable_times(columns: Mapping[str, Column], facts: Mapping[str, Facts]) -> tuple[tuple[str, str], ...]:
    """(column, a value) of columns that a name calls time and that the clock cannot read."""
    found = []
    for name, one in facts.items():
        column = columns[name]
        if one.distinct > 1 and one.text and _named(name, TIME_WORDS, TIME_SIGNS) and not readable_time(column):
            assert isinstance(column, Text)
            found.append((name, column.values[int(column.codes[column.codes >= 0][0])]))
    return tuple(found)


def unit_candidates(
    columns: Mapping[str, Column], facts: Mapping[str, Facts], labelled: Mapping[str, object]
) -> tuple[Candidate, ...]:
    """Columns whose values could name units, best first; of equals the first in the file."""
    found = []
    for name, one in facts.items():
        if one.distinct < 2 or not (one.text or one.whole) or one.share_missing > 0.5:
            continue
        named = _named(name, UNIT_WORDS, UNIT_SIGNS)
        if one.distinct >= one.rows - one.missing or (one.distinct > 0.8 * one.rows and not named):
            continue
        score = float(named)
        if one.text:
            score += 2 if not one.mostly_numbers or named else -3
            if readable_time(columns[name]) and not named:
                continue
        elif (is_year(one) or one.binary) and not named:
            continue
        elif name in labelled:
            score += 2
        if NOT_UNITS & set(words(name)) and not one.text:
            score -= 4
        found.append(Candidate(name, score - 5 * one.share_missing, one.distinct))
    return tuple(sorted(found, key=lambda c: -c.score))
