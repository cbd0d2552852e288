"""Column names without reading tables."""

import subprocess
import sys

import pandas as pd
from tests.engine.studies import join

from carbonspec.engine.headers import headers
from carbonspec.lang.spec import DataTable


def put(folder, name, text, encoding="utf-8"):
    (folder / name).write_bytes(text.encode(encoding))
    return DataTable(name.split(".")[0], name)


def test_text_tables(tmp_path):
    tables = (
        put(tmp_path, "a.csv", '"x","y, z", 省份\n1,2,3\n', "utf-8-sig"),
        put(tmp_path, "b.tsv", "x\ty\n1\t2\n"),
        put(tmp_path, "c.csv", "省份;年份\n1;2\n", "gb18030"),
    )
    assert headers(tables, str(tmp_path)) == {"a": ("x", "y, z", "省份"), "b": ("x", "y"), "c": ("省份", "年份")}


def test_a_character_cut_by_the_first_block_is_no_error(tmp_path):
    put(tmp_path, "a.csv", "x,y\n" + "地" * 60_000)
    assert headers((DataTable("a", "a.csv"),), str(tmp_path)) == {"a": ("x", "y")}


def test_unknown_until_the_data_are_read(tmp_path):
    pd.DataFrame({"x": [1]}).to_parquet(tmp_path / "p.parquet")
    tables = (DataTable("p", "p.parquet"), DataTable("gone", "gone.csv"), DataTable("out", "../out.csv"))
    assert headers(tables, str(tmp_path)) == {"p": None, "gone": None, "out": None}


def test_packaged_sets():
    tables = (
        DataTable("g", "statsmodels:grunfeld", package=True),
        DataTable("m", "linearmodels:munnell", package=True),
        DataTable("n", "statsmodels:none", package=True),
    )
    found = headers(tables, ".")
    assert found["g"] == ("invest", "value", "capital", "firm", "year")
    assert found["m"] is not None
    assert found["m"][:3] == ("STATE", "ST_ABB", "YR")
    assert found["n"] is None


def test_joins_add_columns_but_not_keys(tmp_path):
    robots = put(tmp_path, "robots.csv", "industry,year,stock\n")
    shares = put(tmp_path, "shares.csv", "city,industry,share\n").replace(joins=(join("robots", "industry"),))
    assert headers((shares, robots), str(tmp_path))["shares"] == ("city", "industry", "share", "year", "stock")
    binary = DataTable("robots", "robots.parquet")
    assert headers((shares, binary), str(tmp_path))["shares"] is None


def test_no_numerical_library_is_imported():
    code = (
        "import sys, carbonspec.engine.headers as h, carbonspec.engine.digest as d\n"
        "from carbonspec.lang.spec import DataTable\n"
        "t = DataTable('g', 'statsmodels:grunfeld', package=True)\n"
        "assert h.headers((t,), '.')['g'] and d.digest(t, '.')\n"
        "heavy = {'numpy', 'pandas', 'statsmodels', 'linearmodels', 'pyarrow', 'dataclasses'}\n"
        "bad = heavy & set(sys.modules)\n"
        "assert not bad, bad\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_an_empty_file_has_no_known_columns(tmp_path):
    assert headers((put(tmp_path, "a.csv", ""),), str(tmp_path)) == {"a": None}
