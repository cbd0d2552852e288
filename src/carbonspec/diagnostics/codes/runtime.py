"""Codes of files, folders and the run itself."""

from __future__ import annotations

from carbonspec.diagnostics.codes.model import Code

CODES: tuple[Code, ...] = (
    Code(
        id="E601",
        title="a file cannot be read",
        why="The spec named on the command line is not there, is a folder, or you may not read it.",
        fix="check the spelling of the path, and that you are in the folder you think you are",
        example="carbonspec run specs/papr.cspec        # no such file\ncarbonspec run specs/paper.cspec",
    ),
    Code(
        id="E602",
        title="a spec is not UTF-8",
        why="A spec is UTF-8 text, so that it reads the same on every machine and in git. Data files may have any "
        "encoding; the `encoding` clause of `data` names it.",
        fix="save the spec as UTF-8 in your editor",
        example='data cities from "cities.csv"\n  encoding "gb18030"    # the data file, not the spec',
    ),
    Code(
        id="E603",
        title="the output folder is somebody else's",
        why="The tables of a run replace those of the run before, so the folder must be carbonspec's own. This one has "
        "files in it that no run of carbonspec wrote.",
        fix="choose another folder with --out, or move the files away",
        example="carbonspec run paper.cspec --out results",
    ),
    Code(
        id="E604",
        title="the printed figures are not there",
        why="A table's `published` clause names a file with the figures as printed; the file does not exist.",
        fix="correct the path (it starts in the spec's folder), or take the clause out",
        example='table 5 "Benchmark": benchmark\n  published "published/table_05.csv"',
    ),
    Code(
        id="E605",
        title="--only names nothing",
        why="`--only` takes the name of a table (`table 5`), a model or a hypothesis of the study.",
        fix="`carbonspec plan` lists the names",
        example='carbonspec run paper.cspec --only "table 5"',
    ),
    Code(
        id="E606",
        title="a task failed in a way that is not the user's",
        why="Something went wrong inside carbonspec. The other results stand; this one is not there.",
        fix="please report it with the spec and, if you can, the data; the message holds the place in the program",
        example="",
    ),
    Code(
        id="N607",
        title="data that are not there",
        why="`check` reads the headers of text files to see whether the columns a spec names exist. This cannot be "
        "read, so names that only it could explain are taken on trust. A run needs the file.",
        fix="put the file in its place, or correct the path",
        example='data provinces from "data/provinces.csv"',
    ),
)
