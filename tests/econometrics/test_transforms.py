"""Functions of the language, against numpy and pandas."""

import numpy as np
import pandas as pd
import pytest

from carbonspec.econometrics.catalogue import FUNCTIONS as WORDS
from carbonspec.econometrics.transforms import FUNCTIONS, GROUP_FUNCTIONS, center, log, scale

NAN = float("nan")


def test_every_available_word_of_several_or_one_row_is_implemented():
    built_elsewhere = {"lag", "unique", "i"}
    wanted = {word.name for word in WORDS if word.module == "transforms"} - built_elsewhere
    assert wanted <= set(FUNCTIONS)


@pytest.mark.parametrize("name", sorted(set(GROUP_FUNCTIONS)))
def test_groups_agree_with_pandas(name):
    rng = np.random.default_rng(3)
    x = rng.normal(1e6, 1.0, 300)
    x[rng.random(300) < 0.2] = NAN
    codes = rng.integers(0, 20, 300)
    if name == "sd":  # pandas loses digits at this level
        wanted = np.array([np.nanstd(x[codes == g], ddof=1) for g in range(20)])
    else:
        wanted = pd.DataFrame({"x": x, "g": codes}).groupby("g")["x"].agg(name).to_numpy(dtype=float)
    assert FUNCTIONS[name](x, codes, 20) == pytest.approx(wanted, rel=1e-12, nan_ok=True)


def test_a_group_without_values_is_missing_and_counts_zero():
    x, codes = np.array([1.0, NAN, NAN]), np.array([0, 1, -1])
    for name, function in GROUP_FUNCTIONS.items():
        found = function(x, codes, 3)
        if name == "count":
            assert found.tolist() == [1.0, 0.0, 0.0]
        else:
            assert np.isnan(found[1:]).all()


def test_sd_of_a_single_value_is_missing():
    assert np.isnan(GROUP_FUNCTIONS["sd"](np.array([5.0]), np.array([0]), 1)[0])


def test_log_outside_its_domain_is_missing_and_silent():
    assert np.isnan(log(np.array([0.0, -1.0]))).all()
    assert log(np.array([np.e])) == pytest.approx([1.0])


def test_round_takes_halves_away_from_zero():
    assert FUNCTIONS["round"](np.array([0.5, 1.5, 2.5, -0.5, -2.4])).tolist() == [1.0, 2.0, 3.0, -1.0, -2.0]


def test_asinh_is_its_textbook_formula():
    x = np.array([-3.0, 0.0, 12.5])
    assert FUNCTIONS["asinh"](x) == pytest.approx(np.log(x + np.sqrt(x**2 + 1)))


def test_center_and_scale_use_the_sample_and_apply_to_all_rows():
    x = np.array([1.0, 2.0, 3.0, 100.0])
    sample = np.array([True, True, True, False])
    assert center(x, sample).tolist() == [-1.0, 0.0, 1.0, 98.0]
    assert scale(x, sample).tolist() == [-1.0, 0.0, 1.0, 98.0]  # the sample's SD is 1
