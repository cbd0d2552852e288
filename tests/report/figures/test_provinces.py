"""The units of China by every name that data give them, and the grid they stand on."""

from __future__ import annotations

import pytest

from carbonspec.report.figures.provinces import COLUMNS, FURTHER, PROVINCES, ROWS, recognise


@pytest.mark.parametrize(
    ("names", "letters"),
    [
        (("Inner Mongolia", "Nei Mongol", "内蒙古", "内蒙古自治区", "Neimenggu", "150000", "15", "NM", "CN-NM"), "NM"),
        (("Beijing", "北京", "北京市", "beijing", "BEIJING", "Beijing Municipality", "Beijing Shi", "110000.0"), "BJ"),
        (("Shaanxi", "陕西", "陕西省", "Shaanxi Province", "Shǎnxī", "610000"), "SN"),
        (("Shanxi", "山西", "Shanxi Sheng", "Shānxī", "Shan Xi", "140000"), "SX"),
        (("Guangxi Zhuang Autonomous Region", "广西壮族自治区", "Guangxi Zhuangzu", "桂", "Guangxi"), "GX"),
        (("Ningxia Hui Autonomous Region", "宁夏回族自治区", "Ningxia Hui"), "NX"),
        (("Xinjiang Uygur Autonomous Region", "新疆维吾尔自治区", "Xinjiang Uyghur", "新疆"), "XJ"),
        (("Tibet", "Xizang", "西藏自治区", "Tibet Autonomous Region", " tibet "), "XZ"),
        (("Hebeisheng", "Hebei", "河北省"), "HE"),
        (("Hong Kong SAR", "Hongkong", "香港特别行政区"), "HK"),
    ],
)
def test_a_unit_is_known_by_all_its_names(names: tuple[str, ...], letters: str) -> None:
    for name in names:
        found = recognise(name)
        assert found is not None, name
        assert found.letters == letters, name


@pytest.mark.parametrize(
    "name", ["", "California", "12345", "110100", "99", "China", "全国", "Bei", "省", "sheng", "i"]
)
def test_other_texts_are_no_unit(name: str) -> None:
    assert recognise(name) is None


def test_every_unit_has_its_own_names_and_tile() -> None:
    units = (*PROVINCES, *FURTHER)
    assert len(PROVINCES) == 31
    for kind in ("code", "letters", "english", "chinese"):
        assert len({getattr(unit, kind) for unit in units}) == 34
    places = {(unit.row, unit.column) for unit in units}
    assert len(places) == 34
    assert all(0 <= row < ROWS and 0 <= column < COLUMNS for row, column in places)
    for unit in units:
        assert {recognise(n) for n in (unit.english, unit.chinese, unit.letters, unit.code, *unit.others)} == {unit}


def test_the_grid_keeps_the_compass() -> None:
    at = {unit.letters: unit for unit in PROVINCES}
    north_to_south = ("HL", "LN", "SD", "JS", "ZJ", "FJ", "HI")
    assert [at[a].row for a in north_to_south] == sorted({at[a].row for a in north_to_south})
    west_to_east = ("XZ", "SC", "CQ", "HB", "AH", "JS", "SH")
    assert [at[a].column for a in west_to_east] == sorted({at[a].column for a in west_to_east})
