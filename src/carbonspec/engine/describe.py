"""`summary(…)` and `correlation(…)` of a table, from the panel's sample."""

from __future__ import annotations

import math

import numpy as np

from carbonspec.econometrics import descriptives
from carbonspec.engine.frame import PanelData
from carbonspec.lang.spec import Term
from carbonspec.planner.task import DescribeWork
from carbonspec.report.run import Description

STATISTICS = ("n", "mean", "sd", "median", "min", "max")
