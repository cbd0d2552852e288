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
    Code(
        id="E608",
        title="a frame that nothing reads",
        why="`frames=` takes data frames by the names of the spec's `data` statements. This is none of them, or its "
        "value is no data frame; the file would have been read instead without a word.",
        fix="use the name of the `data` statement",
        example='cs.run("paper.cspec", frames={"provinces": df})',
    ),
    Code(
        id="N609",
        title="a spec that asks for nothing",
        why="A run makes tables from models and descriptives. This spec has neither.",
        fix="add a model and a table",
        example='model m: y ~ x | fe(id, year)\ntable 1 "Results": m',
    ),
    Code(
        id="E610",
        title="too deep to follow",
        why="Definitions stand on each other, or brackets inside each other, more levels deep than can be followed.",
        fix="break the chain: fewer variables or models that each stand on the one before",
        example="var a1 = x + 1\nvar a2 = a1 + 1    # and so on, thousands of times",
    ),
    Code(
        id="N611",
        title="stored results were damaged",
        why="Every stored result carries a hash of itself. One that was cut short or altered, by a crash, a full disk "
        "or a hand, is not used: its task is done again and the result stored anew. The numbers of the run are right.",
        fix="nothing to do; when it happens again and again, look after the disk",
        example="",
    ),
    Code(
        id="N612",
        title="results cannot be kept between runs",
        why="Results are stored below the output folder, so that the next run computes only what changed. The disk is "
        "full or the folder may not be written. The run is complete, but the next one starts from nothing.",
        fix="free some space, or choose another folder with --out; `carbonspec store` says how much the store takes",
        example="carbonspec run paper.cspec --out /scratch/paper",
    ),
    Code(
        id="E613",
        title="the outputs cannot be written",
        why="Outputs are written beside the old ones and then take their place. That was not possible: the disk "
        "is full or the folder may not be written. The outputs of the run before are as they were.",
        fix="free some space, or choose another folder with --out, and run again",
        example="carbonspec run paper.cspec --out /scratch/paper",
    ),
    Code(
        id="E614",
        title="two specs with one output folder",
        why="Specs that are run side by side each write to a folder of their own name below the output folder. Two of "
        "one name would overwrite each other, and the table that compares them could not tell them apart.",
        fix="name each spec once, and give specs in different folders different names",
        example="carbonspec run paper.cspec variants/to_2018.cspec",
    ),
    Code(
        id="E615",
        title="--compare names no number of a run",
        why="`--compare` takes hypotheses, and numbers as `expect` names them: a model's column and then a term or a "
        "statistic. At least one of the specs must have it.",
        fix="write it as in an `expect` line, for example `--compare benchmark[last].Open`",
        example="carbonspec run a.cspec b.cspec --compare H1,benchmark[last].Open,benchmark[last].N",
    ),
    Code(
        id="E621",
        title="a starter spec would not reach its data",
        why="A spec reads only files below its own folder, so `carbonspec init` writes none that lies elsewhere. The "
        "name of a file must also be one that a line of text can hold.",
        fix="write the spec beside the data, or in a folder above them",
        example="carbonspec init ../data/firms.csv -o study.cspec     # the data lie outside\n"
        "carbonspec init ../data/firms.csv -o ../study.cspec",
    ),
    Code(
        id="E622",
        title="a spec cannot be written there",
        why="`carbonspec init` and `carbonspec flatten` never replace a file that exists, unless `--force` says so, "
        "make no folders, and write only files that end in .cspec.",
        fix="choose another path with -o, or add --force",
        example="carbonspec init firms.csv -o firms.cspec --force",
    ),
    Code(
        id="E623",
        title="no numbers to start from",
        why="A starter spec describes and estimates columns of numbers. This table has only text, keys and codes. A "
        "column is text as soon as one of its cells is neither a number nor a sign for missing.",
        fix="correct or empty the cells that are shown, or name the file that has the numbers first",
        example="carbonspec init firms.csv",
    ),
)
