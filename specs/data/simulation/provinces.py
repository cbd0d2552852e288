"""The 30 provincial units of the paper (the mainland without Tibet) and rough levels around which the rest is drawn.

Facts: names, coast, power grid, year in which the free-trade zone was set up (State Council announcements; Zhejiang
2017, the year of its first zone). Levels are orders of magnitude of the mid-2010s, so that Guangdong comes out large
and Qinghai small; they are not statistics and must not be cited.

Belt and Road: the paper splits 15 to 15 and prints no list. Taken are the provinces that the "Vision and Actions" of
2015 names, without Tibet, Jilin and Zhejiang.
"""

from __future__ import annotations

from typing import NamedTuple


class Province(NamedTuple):
    name: str
    chinese: str
    grid: str
    coastal: int
    belt_road: int
    zone: int  # year of the free-trade zone, 0 for none by 2020
    electricity: float  # 10^8 kWh
    income: float  # GDP per head, 10^4 yuan
    people: float  # 10^4 persons
    carbon: float  # 10^6 t CO2
    service: float  # share of the tertiary sector
    budget: float  # budget expenditure / GDP
    intensity: float  # energy per GDP, kgce/yuan
    openness: float  # 0..1, common level of the indicators of opening up
    technology: float  # stock of imported technology, 10^8 yuan


PROVINCES = (
    Province("Beijing", "北京", "North", 0, 0, 2020, 950, 12.0, 2170, 93, 0.79, 0.22, 0.052, 0.80, 260),
    Province("Tianjin", "天津", "North", 1, 0, 2015, 800, 9.0, 1550, 152, 0.56, 0.21, 0.064, 0.72, 120),
    Province("Hebei", "河北", "North", 1, 0, 2019, 3180, 4.0, 7430, 734, 0.44, 0.20, 0.11, 0.50, 25),
    Province("Shanxi", "山西", "North", 0, 0, 0, 1740, 3.5, 3660, 441, 0.50, 0.27, 0.180, 0.24, 10),
    Province("Inner Mongolia", "内蒙古", "North", 0, 1, 0, 2540, 6.0, 2510, 585, 0.44, 0.27, 0.150, 0.20, 6),
    Province("Liaoning", "辽宁", "Northeast", 1, 1, 2017, 1980, 5.6, 4380, 475, 0.50, 0.21, 0.11, 0.66, 55),
    Province("Jilin", "吉林", "Northeast", 0, 0, 0, 650, 4.8, 2750, 208, 0.44, 0.26, 0.075, 0.32, 60),
    Province("Heilongjiang", "黑龙江", "Northeast", 0, 1, 2019, 870, 3.9, 3810, 268, 0.51, 0.32, 0.095, 0.36, 8),
    Province("Shanghai", "上海", "East", 1, 1, 2013, 1400, 12.0, 2420, 189, 0.68, 0.23, 0.054, 0.97, 420),
    Province("Jiangsu", "江苏", "East", 1, 0, 2019, 5110, 9.0, 7980, 757, 0.49, 0.18, 0.058, 0.90, 230),
    Province("Zhejiang", "浙江", "East", 1, 0, 2017, 3550, 7.7, 5540, 376, 0.52, 0.19, 0.06, 0.86, 90),
    Province("Anhui", "安徽", "East", 0, 0, 2020, 1640, 3.8, 6140, 355, 0.43, 0.21, 0.065, 0.50, 35),
    Province("Fujian", "福建", "East", 1, 1, 2015, 1850, 6.8, 3840, 230, 0.43, 0.19, 0.062, 0.80, 40),
    Province("Jiangxi", "江西", "Central", 0, 0, 0, 1090, 3.7, 4570, 217, 0.42, 0.25, 0.064, 0.40, 12),
    Province("Shandong", "山东", "North", 1, 0, 2019, 5120, 6.4, 9850, 824, 0.47, 0.18, 0.075, 0.82, 80),
    Province("Henan", "河南", "Central", 0, 0, 2017, 2880, 3.9, 9480, 518, 0.42, 0.2, 0.068, 0.52, 18),
    Province("Hubei", "湖北", "Central", 0, 0, 2017, 1665, 5.1, 5850, 309, 0.46, 0.20, 0.070, 0.56, 60),
    Province("Hunan", "湖南", "Central", 0, 0, 2020, 1450, 4.3, 6780, 289, 0.47, 0.20, 0.070, 0.48, 20),
    Province("Guangdong", "广东", "South", 1, 1, 2015, 5310, 6.8, 10850, 503, 0.53, 0.19, 0.056, 1.00, 330),
    Province("Guangxi", "广西", "South", 1, 1, 2019, 1330, 3.5, 4800, 196, 0.43, 0.26, 0.080, 0.42, 6),
    Province("Hainan", "海南", "South", 1, 1, 2018, 270, 4.1, 910, 48, 0.56, 0.4, 0.064, 0.40, 3),
    Province("Chongqing", "重庆", "Central", 0, 1, 2017, 875, 5.2, 3020, 159, 0.49, 0.23, 0.065, 0.55, 150),
    Province("Sichuan", "四川", "Central", 0, 0, 2017, 1990, 3.7, 8200, 307, 0.46, 0.23, 0.080, 0.58, 60),
    Province("Guizhou", "贵州", "South", 0, 0, 0, 1170, 3.2, 3530, 234, 0.47, 0.4, 0.130, 0.16, 3),
    Province("Yunnan", "云南", "South", 0, 1, 2019, 1440, 3.1, 4740, 174, 0.47, 0.33, 0.100, 0.38, 4),
    Province("Shaanxi", "陕西", "Northwest", 0, 1, 2017, 1220, 4.8, 3790, 277, 0.42, 0.24, 0.080, 0.46, 18),
    Province("Gansu", "甘肃", "Northwest", 0, 1, 0, 1100, 2.8, 2600, 158, 0.50, 0.62, 0.140, 0.12, 3),
    Province("Qinghai", "青海", "Northwest", 0, 1, 0, 660, 4.1, 590, 51, 0.45, 1.12, 0.28, 0.04, 0),
    Province("Ningxia", "宁夏", "Northwest", 0, 1, 0, 880, 4.4, 670, 140, 0.46, 0.72, 0.35, 0.08, 2),
    Province("Xinjiang", "新疆", "Northwest", 0, 1, 0, 2160, 4.0, 2360, 343, 0.46, 0.46, 0.22, 0.16, 1),
)

YEARS = tuple(range(2010, 2021))  # 2010 and 2011 only feed the technology stock
SAMPLE = tuple(range(2012, 2021))
N, T = len(PROVINCES), len(SAMPLE)
EARLY = len(YEARS) - T  # years before the sample
