"""Keys, joins, labels, encodings and surprises, each in a table made for it."""

import numpy as np
import pandas as pd
import pyreadstat
import pytest

from carbonspec import api
from carbonspec.diagnostics.model import ERROR, DataError
from carbonspec.engine.proposal import finding, large
from carbonspec.engine.proposal.spelling import free_name, quoted, sayable


def panel(units=14, periods=6, seed=0):
    rng = np.random.default_rng(seed)
    n = units * periods
    return pd.DataFrame(
        {
            "firm": np.repeat([f"f{i}" for i in range(units)], periods),
            "year": np.tile(np.arange(2010, 2010 + periods), units),
            "sales": np.exp(3 * rng.normal(size=n)).round(3),
            "debt": rng.normal(size=n).round(3),
            "staff": rng.integers(10, 99, n) + 0.5,
            "state": np.repeat(np.arange(units) % 2, periods),
        }
    )


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def proposed(frame, name="firms.csv", *others, **options):
    frame.to_csv(name, index=False)
    return sound(api.init(name, *others, **options))


def sound(text):
    """The text, after checking it with the data."""
    with open("s.cspec", "w", encoding="utf-8") as stream:
        stream.write(text)
    study = api.check("s.cspec")
    assert not [d for d in (*study.diagnostics, *api.check_data(study)) if d.severity == ERROR]
    return text


def plain(text):
    """The comments as running text."""
    return " ".join(text.replace("#", " ").split())


def refused(*names, **options):
    with pytest.raises(DataError) as caught:
        api.init(*names, **options)
    return caught.value.diagnostics[0]


# --- the panel's keys ---------------------------------------------------------------------------------


def test_keys_shape_and_model(folder):
    text = proposed(panel())
    assert "\npanel firms\n  id firm\n  time year\n" in text
    assert "14 units, 6 periods from 2010 to 2015. Balanced" in plain(text)
    assert "\nmodel first: sales ~ debt + staff | fe(id, year)\n" in text
    assert "# var log_sales = log(sales)\n" in text
    assert '# var state levels 0 "not state", 1 "state"\n' in text
    assert "# model by_state: first split state\n" in text
    assert "absorb it: `state`" in plain(text)


def test_gaps_and_rows_without_keys_are_counted(folder):
    frame = panel().drop(index=[2, 3, 20])
    frame.loc[40, "firm"] = None
    text = plain(proposed(frame))
    assert "Not balanced: 4 to 6 periods a unit; 4 periods are missing inside the histories of 3 units" in text
    assert "1 row without one of these will be left out" in text


def test_a_second_name_of_the_units_is_told(folder):
    frame = panel().assign(code=lambda f: f.firm.str[1:].astype(int) + 100)
    text = proposed(frame)
    assert "same units under another name: `code`" in plain(text)
    assert "code" not in text.partition("model first")[2]


def test_other_units_are_possible_keys(folder):
    frame = panel().assign(plant=lambda f: f.firm.map(lambda v: f"p{(int(v[1:]) * 5) % 14}"))
    frame.loc[frame.year == 2012, "plant"] = frame.loc[frame.year == 2012, "plant"].to_numpy()[::-1]
    assert "possible keys too: `plant` and `year`" in plain(proposed(frame))


@pytest.mark.parametrize(
    ("unit", "time"),
    [("省份", "年份"), ("Country Code", "Year"), ("stkcd", "fyear"), ("gvkey", "datadate"), ("v", "w")],
)
def test_names_of_many_places(folder, unit, time):
    text = proposed(panel().rename(columns={"firm": unit, "year": time}))
    assert f"\n  id {quoted(unit)}\n  time {quoted(time)}\n" in text


def test_dates_are_a_time_and_words_are_not(folder):
    frame = panel()
    frame["year"] = frame.year.map(lambda y: f"2015-0{y - 2009}-28")
    assert "6 periods from 2015-01-28 to 2015-06-28" in plain(proposed(frame))
    frame["year"] = frame.year.map(lambda d: f"2015年{d[6]}月")
    text = plain(proposed(frame))
    assert "No panel found: no column is a time" in text
    assert "the clock cannot read `2015年1月`" in text


def test_years_and_months_in_one_number_are_told(folder):
    frame = panel(periods=18)
    frame["year"] = frame.year.map(lambda y: (2011 + (y - 2010) // 12) * 100 + (y - 2010) % 12 + 1)
    assert "looks like year and month in one number" in plain(proposed(frame))


def test_a_pair_of_columns_can_be_the_unit(folder):
    frame = pd.concat([panel(seed=i).rename(columns={"firm": "exporter"}).assign(importer=f"c{i}") for i in range(3)])
    assert "\n  id exporter, importer\n  time year\n" in proposed(frame)


def test_numbers_that_happen_to_be_unique_are_no_unit(folder):
    frame = panel()
    frame["rank"] = frame.groupby("year").sales.rank().astype(int)
    frame = frame[["rank", "sales", "debt", "staff", "year", "firm"]]
    assert "\n  id firm\n  time year\n" in proposed(frame)


def test_duplicates_are_counted_and_shown(folder):
    frame = panel()
    again = frame.iloc[:3].assign(sales=1.0)
    text = proposed(pd.concat([frame, again, frame.iloc[[5]]]))
    assert "8 of 88 rows share theirs with another row (4 combinations)" in plain(text)
    assert "f0, 2010 stands in 2 rows: 1, 85" in plain(text)
    assert "1 row repeats another in every column" in plain(text)
    assert "\n# panel firms\n#   id firm\n#   time year\n" in text
    assert "\n# model first: sales ~ debt + staff | fe(id, year)\n" in text


def test_a_cross_section_and_a_series_are_called_so(folder):
    assert "cross-section" in plain(proposed(panel(60, 1)))
    assert "single series" in plain(proposed(panel(1, 60)))


# --- columns ------------------------------------------------------------------------------------------


def test_numbers_stored_as_text(folder):
    frame = panel().astype({"debt": object})
    frame.loc[[1, 7], "debt"], frame.loc[9, "debt"] = "n.k.", "约3"
    text = proposed(frame)
    assert "`debt` is text: 81 of its 84 cells are numbers, others are `n.k.` (2), `约3` (1)" in plain(text)
    assert "model first: sales ~ staff |" in text


def test_missing_constant_and_empty_columns(folder):
    frame = panel().assign(empty=np.nan, always=3, few=lambda f: f.debt.where(f.year == 2011), gdp=lambda f: f.year**2)
    text = plain(proposed(frame))
    assert "Often missing: `few` 83%." in text
    assert "Empty: `empty`." in text
    assert "The same in every row: `always`." in text
    assert "period effects absorb it: `gdp`" in text


def test_leading_zeros_are_kept(folder):
    frame = panel()
    frame["firm"] = frame.firm.map(lambda v: f"{int(v[1:]):06d}")
    assert '\ndata firms from "firms.csv"\n  text firm\n' in proposed(frame)


def test_names_that_clash_or_cannot_be_written(folder):
    frame = panel().assign(
        id=range(84), first=lambda f: f.debt**2, firms=1.5, **{"a`b": 2.5, "and": lambda f: f.staff**2}
    )
    text = proposed(frame[["firm", "year", "and", "first", "debt", "id", "firms", "a`b"]])
    assert '\ndata firms_data from "firms.csv"\n' in text
    assert "\nmodel first_model: `and` ~ first + debt | fe(id, year)\n" in text
    assert "the column of that name is firms_data.id" in plain(text)
    assert "cannot write these names; rename the columns in the file to use them: `a`b`" in plain(text)


def test_free_names():
    assert free_name("GDP per capita", ()) == "GDP_per_capita"
    assert free_name("x", {"x"}) == "x_data"
    assert free_name("x", {"x", "x_data"}) == "x_data2"
    assert free_name("2012", ()) == "data_2012"
    assert free_name("L", ()) == "L_data"
    assert not sayable("a`b")
    assert sayable("（亿元）")


# --- kinds of files -----------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["csv", "tsv", "txt", "xlsx", "dta", "sav", "parquet", "feather"])
def test_every_kind_of_file(folder, kind):
    frame, name = panel(), f"firms.{kind}"
    if kind in ("csv", "tsv", "txt"):
        frame.to_csv(name, index=False, sep={"csv": ",", "tsv": "\t", "txt": ";"}[kind])
    elif kind in ("dta", "sav"):
        {"dta": pyreadstat.write_dta, "sav": pyreadstat.write_sav}[kind](frame, name)
    else:
        {"xlsx": frame.to_excel, "parquet": frame.to_parquet, "feather": frame.to_feather}[kind](
            name, **({"index": False} if kind == "xlsx" else {})
        )
    text = sound(api.init(name))
    assert f'data firms from "{name}"' in text
    assert "\n  id firm\n  time year\n" in text
    assert "model first: sales ~ debt + staff | fe(id, year)" in text


@pytest.mark.parametrize(("kind", "write"), [("dta", pyreadstat.write_dta), ("sav", pyreadstat.write_sav)])
def test_labels_of_stata_and_spss(folder, kind, write):
    frame = panel().assign(branch=lambda f: f.staff.astype(int) % 4 + 1.0)
    labels = ["Firm", "Year", 'Sales, "net"', "", "", "Owned by the state"]
    values = {"state": {0: "Private", 1: "State"}, "branch": {1: "Steel", 2: "Cars", 3: "Steel", 9: "None"}}
    write(frame, f"f.{kind}", column_labels=[*labels, ""], variable_value_labels=values)
    text = sound(api.init(f"f.{kind}"))
    assert '\nvar sales "Sales, ""net"""\n' in text
    assert '\nvar state "Owned by the state" levels 0 "Private", 1 "State"\n' in text
    assert '\nvar branch levels 1 "Steel", 2 "Cars", 3, 4\n' in text
    assert "var firm" not in text


def test_encodings_are_named(folder):
    frame = panel().rename(columns={"firm": "企业", "sales": "销售额"}).assign(地区="北京")
    frame.to_csv("gb.csv", index=False, encoding="gb18030")
    text = sound(api.init("gb.csv"))
    assert '\n  encoding "gb18030"\n' in text
    assert "model first: 销售额 ~" in text
    panel().assign(ort="Köln").to_csv("latin.csv", index=False, encoding="latin1")
    assert '\n  encoding "latin1"\n' in sound(api.init("latin.csv", encoding="latin1"))
    assert refused("gb.csv", encoding="ascii").code == "E404"


def test_the_largest_sheet_is_read_and_named(folder):
    with pd.ExcelWriter("book.xlsx") as book:
        pd.DataFrame({"about": ["figures of firms"]}).to_excel(book, sheet_name="Read me", index=False)
        panel().to_excel(book, sheet_name="Data", index=False)
        panel(15, 2).to_excel(book, sheet_name="Old", index=False)
    text = sound(api.init("book.xlsx"))
    assert '\n  sheet "Data"\n' in text
    assert 'has 3 sheets: "Data" is read, not "Read me", "Old"' in plain(text)
    assert '\n  sheet "Old"\n' in sound(api.init("book.xlsx", sheet="Old"))
    assert refused("book.xlsx", sheet="New").code == "E409"


def test_files_of_one_form_are_stacked(folder):
    (folder / "years").mkdir()
    for year, part in panel().groupby("year"):
        part.to_csv(f"years/firms_{year}.csv", index=False)
    names = [f"years/firms_{year}.csv" for year in range(2010, 2016)]
    text = sound(api.init(*names))
    assert '\ndata firms from "years/firms_201*.csv"\n' in text
    assert "(6 files of one form, stacked): 84 rows" in plain(text)
    assert sound(api.init("years/*.csv")).count("\ndata ") == 1
    assert len(sound(api.init(*names[:5])).split("\ndata ")) > 1  # a pattern would take the sixth too


def test_a_large_file_is_looked_at_in_part_and_its_keys_in_whole(folder, monkeypatch):
    frame = panel(800, 6)
    monkeypatch.setattr(large, "LARGE_BYTES", 20_000)
    monkeypatch.setattr(large, "STRETCH_BYTES", 6_000)
    monkeypatch.setattr(large, "LARGE_CELLS", 10_000)
    monkeypatch.setattr(large, "STRETCH_ROWS", 200)
    frame.to_parquet("p.parquet", row_group_size=1000)
    frame.to_feather("f.feather")
    frame.to_csv("c.csv", index=False)
    frame.rename(columns={"firm": "企业"}).to_csv("g.csv", index=False, encoding="gb18030")
    for name in ("p.parquet", "f.feather", "c.csv", "g.csv"):
        text = sound(api.init(name))
        assert "4,800 rows, 6 columns. A large file: keys were looked for in all rows" in plain(text), name
        assert "800 units, 6 periods from 2010 to 2015. Balanced" in plain(text), name
    twice = pd.concat([frame, frame.iloc[[2000]]]).sort_values(["firm", "year"])
    assert "No panel found: `firm` and `year` come nearest, but 2 of 4,801 rows" in plain(proposed(twice, "d.csv"))


def test_large_tables_are_judged_on_whole_units(folder, monkeypatch):
    monkeypatch.setattr(finding, "JUDGED", 100)
    text = proposed(panel(100, 6).sample(frac=1, random_state=1))
    assert "judged on the first 16 units (96 rows)" in plain(text)
    assert "absorb it: `state`" in plain(text)


# --- joins --------------------------------------------------------------------------------------------


def test_joins_by_shared_keys_and_their_cardinality(folder):
    main = panel()
    main[["firm", "year"]].assign(energy=lambda f: np.arange(len(f)) ** 0.5).iloc[4:].to_csv("use.csv", index=False)
    pd.DataFrame({"Year": range(2000, 2020), "cpi": np.arange(20.0)}).to_csv("prices.csv", index=False)
    pd.concat([main[["firm", "year"]].assign(good=g, value=1.5 * g) for g in (1, 2)]).to_csv("goods.csv", index=False)
    main[["firm"]].drop_duplicates().assign(founded=1950.0).to_csv("firmlist.csv", index=False)
    pd.DataFrame({"other": [1, 2]}).to_csv("apart.csv", index=False)
    text = proposed(main, "firms.csv", "use.csv", "prices.csv", "goods.csv", "firmlist.csv", "apart.csv")
    for line in ("use on firm, year", "prices on year = Year", "goods on firm, year", "firmlist on firm"):
        assert f"\n  join {line}\n" in text
    assert "Joined on `firm` and `year`, one row of the panel to one here: 80 of 84 find a row." in plain(text)
    assert "many rows of the panel to one here: 84 of 84 find a row; 14 rows here are not used." in plain(text)
    assert "one row of the panel to up to 2 here: 84 of 84" in plain(text)
    assert "\n# var value_sum = sum(goods.value)\n" in text
    assert '\n# data apart from "apart.csv"\n' in text
    assert "no column has the name of a column of firms.csv" in plain(text)


def test_keys_of_two_kinds_are_matched_as_text(folder):
    main = panel().assign(firm=lambda f: f.firm.str[1:].astype(int).map(lambda i: f"{i:03d}"))
    main[["firm", "year"]].assign(use=np.arange(84) ** 0.5).to_parquet("use.parquet")
    assert "\n  join use_data on firm, year\n" in proposed(main, "firms.csv", "use.parquet")
    pd.DataFrame({"firm": ["北京"], "use": [1]}).to_csv("words.csv", index=False)
    text = proposed(main, "firms.csv", "words.csv")
    assert "no value of `firm` is the same as in firms.csv (`000` there, `北京` here)" in plain(text)
    assert "join" not in text.partition("\npanel firms")[2].partition("# ---")[0]


def test_names_in_two_tables_must_be_qualified(folder):
    main = panel()
    main[["firm", "year", "sales"]].assign(use=np.arange(84) ** 0.5).to_csv("more.csv", index=False)
    text = proposed(main, "firms.csv", "more.csv")
    assert "as in firms.sales: `sales`" in plain(text)
    assert "model first: debt ~ staff + use | fe(id, year)" in text


# --- what cannot be done ------------------------------------------------------------------------------


def test_refusals(folder):
    panel().to_csv("firms.csv", index=False)
    (folder / "empty.csv").write_text("")
    (folder / "header.csv").write_text("a,b\n")
    (folder / "words.csv").write_text("a,b\nx,1\ny,one\n")
    (folder / "broken.xlsx").write_text("this is no workbook")
    (folder / "ragged.csv").write_text("a,b\n1\n")
    assert refused("frims.csv").helps == ("did you mean `firms.csv`?",)
    assert [refused(name).code for name in ("none*.csv", ".", "firms.rds", "empty.csv", "header.csv")] == [
        "E401", "E401", "E401", "E406", "E406"
    ]  # fmt: skip
    assert refused("broken.xlsx").code == "E403"
    assert refused("ragged.csv").code == "E406"
    numbers = refused("words.csv")
    assert numbers.code == "E623"
    assert numbers.facts == ("b: 1 of 2 cells are numbers, others `one` (1)",)
    (folder / "f.rds").write_text("x")
    assert refused("f.rds").code == "E403"


def test_the_spec_lies_above_its_data(folder):
    (folder / "data").mkdir()
    (folder / "specs").mkdir()
    panel().to_csv("data/firms.csv", index=False)
    assert 'from "data/firms.csv"' in api.init("data/firms.csv")
    assert 'from "firms.csv"' in api.init("data/firms.csv", folder="data")
    outside = refused("data/firms.csv", folder="specs")
    assert outside.code == "E621"
    assert outside.helps[0] == "write it beside the data: `-o data/`"


def test_data_elsewhere_say_where_to_save_the_spec(folder, monkeypatch):
    panel().to_csv("firms.csv", index=False)
    (folder / "here").mkdir()
    monkeypatch.chdir(folder / "here")
    text = api.init("../firms.csv")
    assert 'from "firms.csv"' in text
    assert f"Save it in {folder}: a spec reads only files below its own folder" in plain(text)
