"""The provincial units of China: their names, codes and places on a grid of tiles."""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import NamedTuple


class Province(NamedTuple):
    """A unit: GB/T 2260 code and letters, names, and its tile (row from the north, column from the west)."""

    code: str
    letters: str
    english: str
    chinese: str
    row: int
    column: int
    others: tuple[str, ...] = ()


PROVINCES = (
    Province("110000", "BJ", "Beijing", "北京", 2, 4, ("京", "Peking")),
    Province("120000", "TJ", "Tianjin", "天津", 2, 5, ("津",)),
    Province("130000", "HE", "Hebei", "河北", 3, 4, ("冀",)),
    Province("140000", "SX", "Shanxi", "山西", 2, 3, ("晋",)),
    Province("150000", "NM", "Inner Mongolia", "内蒙古", 1, 5, ("蒙", "内蒙", "Nei Mongol", "Neimenggu")),
    Province("210000", "LN", "Liaoning", "辽宁", 2, 6, ("辽",)),
    Province("220000", "JL", "Jilin", "吉林", 1, 6, ("吉",)),
    Province("230000", "HL", "Heilongjiang", "黑龙江", 0, 6, ("黑",)),
    Province("310000", "SH", "Shanghai", "上海", 4, 6, ("沪", "申")),
    Province("320000", "JS", "Jiangsu", "江苏", 4, 5, ("苏",)),
    Province("330000", "ZJ", "Zhejiang", "浙江", 5, 5, ("浙",)),
    Province("340000", "AH", "Anhui", "安徽", 4, 4, ("皖",)),
    Province("350000", "FJ", "Fujian", "福建", 6, 5, ("闽",)),
    Province("360000", "JX", "Jiangxi", "江西", 5, 4, ("赣",)),
    Province("370000", "SD", "Shandong", "山东", 3, 5, ("鲁",)),
    Province("410000", "HA", "Henan", "河南", 3, 3, ("豫",)),
    Province("420000", "HB", "Hubei", "湖北", 4, 3, ("鄂",)),
    Province("430000", "HN", "Hunan", "湖南", 5, 3, ("湘",)),
    Province("440000", "GD", "Guangdong", "广东", 6, 4, ("粤", "Canton")),
    Province("450000", "GX", "Guangxi", "广西", 6, 3, ("桂",)),
    Province("460000", "HI", "Hainan", "海南", 7, 3, ("琼",)),
    Province("500000", "CQ", "Chongqing", "重庆", 4, 2, ("渝",)),
    Province("510000", "SC", "Sichuan", "四川", 4, 1, ("川", "蜀")),
    Province("520000", "GZ", "Guizhou", "贵州", 5, 2, ("贵", "黔")),
    Province("530000", "YN", "Yunnan", "云南", 5, 1, ("云", "滇")),
    Province("540000", "XZ", "Tibet", "西藏", 3, 0, ("藏", "Xizang")),
    Province("610000", "SN", "Shaanxi", "陕西", 3, 2, ("陕", "秦", "Shănxī", "Shǎnxī", "Shaan Xi")),
    Province("620000", "GS", "Gansu", "甘肃", 2, 1, ("甘", "陇")),
    Province("630000", "QH", "Qinghai", "青海", 3, 1, ("青",)),
    Province("640000", "NX", "Ningxia", "宁夏", 2, 2, ("宁",)),
    Province("650000", "XJ", "Xinjiang", "新疆", 2, 0, ("新",)),
)
"""The 31 units of the mainland's statistics: always on the grid."""
FURTHER = (
    Province("710000", "TW", "Taiwan", "台湾", 6, 6, ("台", "臺灣")),
    Province("810000", "HK", "Hong Kong", "香港", 7, 5, ("港", "Xianggang", "Hongkong")),
    Province("820000", "MO", "Macau", "澳门", 7, 4, ("澳", "Aomen", "Macao")),
)
"""On the grid when the data have them."""
ROWS = 8
COLUMNS = 7

_ENDINGS = (
    *("special administrative region", "sar", "autonomous region", "autonomous", "zizhiqu", "zhuangzu", "huizu"),
    *("weiwuer", "uygur", "uyghur", "uighur", "zhuang", "hui", "municipality", "province", "prov", "sheng", "shi"),
    *("city", "ar"),
)
_CHINESE_ENDINGS = ("特别行政区", "维吾尔自治区", "壮族自治区", "回族自治区", "自治区", "省", "市")


def recognise(name: str) -> Province | None:
    """The unit that a text names: English, Chinese, pinyin, short or long, letters or GB code; None for others."""
    text = unicodedata.normalize("NFC", name.strip())
    known = _names()
    if text in known:
        return known[text]
    for ending in _CHINESE_ENDINGS:
        if text.endswith(ending) and text.removesuffix(ending) in known:
            return known[text.removesuffix(ending)]
    digits = text.removeprefix("CN-").removesuffix(".0")
    if digits.isascii() and digits.isdigit() and len(digits) in (2, 6):
        return known.get(digits[:2]) if len(digits) == 2 or digits.endswith("0000") else None
    plain = _plain(text.removeprefix("CN-"))
    shorter = True
    while plain and plain not in known and shorter:
        shorter = False
        for ending in _ENDINGS:
            if plain.endswith(" " + ending):
                plain, shorter = plain.removesuffix(ending).rstrip(), True
    found = known.get(plain) or known.get(plain.replace(" ", ""))
    if found is None:  # "Beijingshi", "Hebeisheng"
        glued = plain.replace(" ", "")
        for ending in ("sheng", "shi", "zizhiqu"):
            if len(glued) > 2 + len(ending) and glued.endswith(ending):
                found = found or known.get(glued.removesuffix(ending))
    return found


def _plain(text: str) -> str:
    """Small letters without accents; everything else as single spaces."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    kept = "".join(sign for sign in letters if not unicodedata.combining(sign) and sign not in "'’")
    return " ".join("".join(sign if sign.isalnum() else " " for sign in kept).split())


@cache
def _names() -> dict[str, Province]:
    found: dict[str, Province] = {}
    for unit in (*PROVINCES, *FURTHER):
        for name in (unit.english, unit.chinese, unit.letters, *unit.others):
            exact = unicodedata.normalize("NFC", name)
            found.setdefault(exact, unit)
            if name.isascii():
                found.setdefault(_plain(name), unit)
                found.setdefault(_plain(name).replace(" ", ""), unit)
        found[unit.code[:2]] = unit
    # with tone marks the two provinces that look alike without them differ
    for name in ("Shǎnxī", "shǎnxī", "Shănxī", "shănxī"):
        found[unicodedata.normalize("NFC", name)] = found["SN"]
    return found
