"""Options of the whole test suite."""

import os

import pytest
from hypothesis import settings

settings.register_profile("suite", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.load_profile("suite")
"""No example is timed: a busy machine is no mistake of the code. CI draws the same examples each time."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="rewrite the expected files of tests/golden")
