"""Diagnostics about data, built from facts. One constructor for each thing that can be wrong."""

from __future__ import annotations

from collections.abc import Iterable

from carbonspec.diagnostics.model import ERROR, NOTE, WARNING, Diagnostic
from carbonspec.diagnostics.suggestions import did_you_mean
from carbonspec.source import Span

SHOWN = 5


def counted(n: int, noun: str) -> str:
    """`1 row`, `3 rows`, `12,345 rows`."""
    return f"{n:,} {noun}" if n == 1 or noun.endswith("s") else f"{n:,} {noun}s"


def listed(items: Iterable[str], most: int = SHOWN) -> str:
    """`a, b, c, … (12 in all)`."""
    items = list(items)
    return ", ".join(items[:most]) + (f", … ({len(items)} in all)" if len(items) > most else "")


def _meant(wrong: str, known: Iterable[str]) -> tuple[str, ...]:
    close = did_you_mean(wrong, known)
    return (f"did you mean `{close}`?",) if close else ()


def _error(
    code: str, message: str, span: Span | None, helps: Iterable[str] = (), facts: Iterable[str] = ()
) -> Diagnostic:
    return Diagnostic(code, ERROR, message, span, tuple(helps), (), tuple(facts))


# --- files --------------------------------------------------------------------------------------------


def missing_file(location: str, others: tuple[str, ...], span: Span) -> Diagnostic:
    what = "no file matches" if set("*?[") & set(location) else "there is no file"
    helps = _meant(location.rsplit("/", 1)[-1], others)
    if not helps and others:
        helps = (f"its folder has {listed(others)}",)
    elif not helps:
        helps = ("paths are read from the spec's own folder",)
    return _error("E401", f'{what} "{location}"', span, helps)


def changed_meanwhile(names: Iterable[str], span: Span) -> Diagnostic:
    """A file was written between the moment the run looked at it and the moment it read it."""
    helps = ("wait until whatever writes it is done, and run again",)
    return _error("E432", f"{listed(names)} changed while the run was reading it", span, helps)


def outside_folder(location: str, plain: bool, span: Span) -> Diagnostic:
    why = "leads out of the spec's folder through a link" if plain else "lies outside the spec's folder"
    helps = ("put the file below the spec's folder", "or name its folder when you run: `--allow FOLDER`")
    return _error("E402", f'"{location}" {why}, and a spec may read only below its own folder', span, helps)


def unknown_format(name: str, span: Span) -> Diagnostic:
    known = "csv, tsv, txt, xlsx, dta, sav, parquet, feather"
    return _error("E403", f'"{name}" is of a kind that cannot be read', span, (f"kinds that can: {known}",))


def damaged(name: str, reason: str, span: Span) -> Diagnostic:
    return _error("E403", f'"{name}" cannot be read: {reason}', span)


def wrong_encoding(name: str, encoding: str, known: bool, span: Span) -> Diagnostic:
    if not known:
        return _error("E404", f'there is no encoding called "{encoding}"', span, ('for example "utf-8" or "gb18030"',))
    return _error("E404", f'"{name}" is not text in {encoding}', span, ('name its encoding: `encoding "gb18030"`',))


def different_columns(first: str, other: str, lost: list[str], more: list[str], span: Span) -> Diagnostic:
    facts = [f"{other} {verb} {listed(names)}" for verb, names in (("lacks", lost), ("also has", more)) if names]
    return _error("E405", f'"{other}" and "{first}" have different columns and cannot be stacked', span, (), facts)


def different_types(column: str, numbers: str, text: str, span: Span) -> Diagnostic:
    message = f"`{column}` holds numbers in {numbers} and text in {text}, so the files cannot be stacked"
    return _error("E405", message, span, (f"read it as text everywhere: `text {column}`",))


def ragged(name: str, line: int, found: int, wanted: int, span: Span) -> Diagnostic:
    message = f'line {line} of "{name}" has {counted(found, "cell")}, its header has {wanted}'
    return _error("E406", message, span, ("put cells that hold the separator into double quotes",))


def repeated_names(name: str, columns: Iterable[str], span: Span) -> Diagnostic:
    return _error("E406", f'"{name}" has several columns called {listed(columns)}', span, ("rename them in the file",))


def no_rows(name: str, span: Span) -> Diagnostic:
    return _error("E406", f'"{name}" has no header and no rows', span)


def unknown_set(text: str, known: tuple[str, ...], absent: str, span: Span) -> Diagnostic:
    if absent:
        message = f"`{text}` lies in the package {absent}, which is not installed"
        return _error("E407", message, span, (f"install it: `pip install {absent}`",))
    helps = _meant(text, known) or (f"sets there are: {listed(known, 12)}",)
    return _error("E407", f'there is no packaged data set "{text}"', span, helps)


def unknown_sheet(sheet: str, known: Iterable[str], span: Span) -> Diagnostic:
    return _error("E409", f"the workbook has no sheet {sheet}", span, (f"its sheets are {listed(known, 12)}",))


def reading_note(code: str, message: str, span: Span, helps: Iterable[str] = ()) -> Diagnostic:
    return Diagnostic(code, NOTE, message, span, tuple(helps))


# --- columns and keys ---------------------------------------------------------------------------------


def unknown_column(name: str, table: str, known: Iterable[str], span: Span) -> Diagnostic:
    known = list(known)
    helps = _meant(name, known) or (f"its columns are {listed(known, 12)}",)
    return _error("E408", f"`{table}` has no column called `{name}`", span, helps)


def no_such_column(name: str, tables: Iterable[str], known: Iterable[str], span: Span) -> Diagnostic:
    return _error("E408", f"there is no column called `{name}` in {listed(tables)}", span, _meant(name, known))


def ambiguous_column(name: str, tables: list[str], span: Span) -> Diagnostic:
    message = f"`{name}` stands in several tables: {listed(tables)}"
    return _error("E414", message, span, (f"say which: `{tables[0]}.{name}`",))


def duplicate_keys(keys: str, rows: int, groups: int, facts: Iterable[str], span: Span) -> Diagnostic:
    message = f"{counted(rows, 'row')} share their {keys} with another ({counted(groups, 'combination')})"
    helps = (
        "a panel has one row a unit and period: name all columns that tell rows apart after `id`",
        "or leave rows out with `where` on the `data` statement",
        "or join the detailed table to the panel and read it through `sum(…)` or `mean(…)`",
    )
    return _error("E410", message, span, helps, facts)


def unusable_time(column: str, values: Iterable[str], span: Span) -> Diagnostic:
    message = f"`{column}` cannot be the time: {listed(values)}"
    helps = ("time is a whole number such as a year, or a date such as 2012-01-31, 2012-01 or 2012Q1",)
    return _error("E411", message, span, helps)


def key_types(left: str, right: str, left_text: bool, span: Span) -> Diagnostic:
    message = f"`{left}` is {_kind(left_text)} but `{right}` is {_kind(not left_text)}, so they cannot be matched"
    numbers = right if left_text else left
    table, _, column = numbers.rpartition(".")
    return _error("E412", message, span, (f"read both as text: add `text {column}` to `data {table}`",))


def _kind(text: bool) -> str:
    return "text" if text else "numbers"


def many_rows(name: str, table: str, most: int, span: Span) -> Diagnostic:
    message = f"`{table}` has up to {counted(most, 'row')} for one row of the panel, so `{name}` has no single value"
    return _error("E413", message, span, (f"say how to put them together: `sum({name})`, `mean({name})`",))


def missing_keys(columns: str, rows: int, span: Span) -> Diagnostic:
    return Diagnostic("W415", WARNING, f"{counted(rows, 'row')} without {columns} left out of the panel", span)


def empty_sample(what: str, facts: Iterable[str], span: Span) -> Diagnostic:
    return _error("E416", f"{what} has no rows left", span, (), facts)


# --- values -------------------------------------------------------------------------------------------


def text_as_number(name: str, numeric: int, cells: int, facts: Iterable[str], span: Span) -> Diagnostic:
    if numeric:
        message = f"`{name}` is not a number in {cells - numeric} of its {counted(cells, 'cell')}"
        helps = ("correct these cells in the data, or leave them empty",)
    else:
        message = f"`{name}` is text and cannot be used as a number"
        helps = (f'for categories write `i({name})` in a formula, `{name} == "…"` in a condition',)
    return _error("E420", message, span, helps, facts)


def outside_domain(call: str, values: str, rows: int, facts: Iterable[str], span: Span) -> Diagnostic:
    helps: tuple[str, ...] = ("leave these rows out with `where`, or correct the data",)
    if call.startswith("log("):
        helps = (*helps, "or use `log1p(x)` or `asinh(x)`, and say so: their slopes depend on the unit of x")
    return _error("E421", f"`{call}` meets {values} in {counted(rows, 'row')}", span, helps, facts)


def mixed_comparison(text: str, number: str, example: str, span: Span) -> Diagnostic:
    return _error("E422", f"`{text}` is text and `{number}` a number: they cannot be compared", span, (example,))


def broken_requirement(text: str, failing: int, missing: int, facts: Iterable[str], span: Span) -> Diagnostic:
    parts = [f"does not hold in {counted(failing, 'row')}"] * bool(failing)
    parts += [f"is missing in {counted(missing, 'row')}"] * bool(missing)
    helps = ("to let missing values pass, add `or missing(x)`",) if missing else ()
    return _error("E423", f"`{text}` {' and '.join(parts)}", span, helps, facts)


def not_winsorized(kind: str, name: str, why: str, span: Span) -> Diagnostic:
    return _error("E424", f"`{kind}` cannot be used on `{name}`: {why}", span, (f"take `{name}` off the list",))


def unknown_level(name: str, value: str, known: Iterable[str], span: Span) -> Diagnostic:
    known = list(known)
    helps = _meant(value, known) or (f"its values are {listed(known, 12)}",)
    return _error("E425", f"`{name}` is never {value} in these rows", span, helps)


def text_regressor(name: str, span: Span) -> Diagnostic:
    helps = (f"write `i({name})` for a coefficient a category, or absorb it: `| fe({name})`",)
    return _error("E426", f"`{name}` is text: it has categories, no slope", span, helps)


def too_many_categories(name: str, count: int, span: Span) -> Diagnostic:
    message = f"`i({name})` would make {counted(count, 'column')}"
    return _error("E427", message, span, (f"absorb them instead: `| fe({name})`",))


def too_many_splits(name: str, count: int, span: Span) -> Diagnostic:
    message = f"`split {name}` would estimate {counted(count, 'time')}, once for each value of `{name}`"
    return _error("E427", message, span, ("split by a category: `var large = x > 100`, then `split large`",))


def bad_weights(name: str, rows: int, facts: Iterable[str], span: Span) -> Diagnostic:
    return _error("E428", f"the weight `{name}` is negative in {counted(rows, 'row')}", span, (), facts)


def mixed_aggregate(call: str, why: str, helps: Iterable[str], span: Span) -> Diagnostic:
    return _error("E429", f"`{call}` {why}", span, helps)


def cannot_compute(function: str, span: Span) -> Diagnostic:
    return _error("E431", f"`{function}` cannot be computed in this version", span)


# --- models -------------------------------------------------------------------------------------------


def empty_column(what: str, facts: Iterable[str], span: Span) -> Diagnostic:
    return _error("E430", f"no complete row is left for {what}", span, ("the list shows where the rows went",), facts)


def warning(code: str, message: str, span: Span, helps: Iterable[str] = (), facts: Iterable[str] = ()) -> Diagnostic:
    return Diagnostic(code, WARNING, message, span, tuple(helps), (), tuple(facts))
