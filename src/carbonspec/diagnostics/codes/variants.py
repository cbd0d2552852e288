"""Codes of variants: `extends` and `without`."""

from __future__ import annotations

from carbonspec.diagnostics.codes.model import Code

CODES: tuple[Code, ...] = (
    Code(
        id="E250",
        title="`extends` is not written as it must be",
        why="A variant is read on top of its base, so a reader of the file must know first which spec that is. "
        "It is one spec, named by its path from the variant's folder.",
        fix='make `extends "paper.cspec"` the first statement, with the path in double quotes',
        example='study "Without winsorizing"\nextends "paper.cspec"      # stands second\n\nextends "paper.cspec"\n'
        "without winsorize",
    ),
    Code(
        id="E251",
        title="the base cannot be read",
        why="The spec that a variant extends is missing, is no UTF-8 text, or lies where a spec may not read. A base "
        "may lie below the variant's folder, in the same git repository, or in a folder allowed by `--allow`.",
        fix="correct the path, which starts at the folder of the file that extends; or allow the folder",
        example='extends "papr.cspec"      # no such file\nextends "paper.cspec"',
    ),
    Code(
        id="E252",
        title="specs that extend each other in a ring",
        why="The base is read first. In a ring none comes first.",
        fix="let one of the files stand alone",
        example='extends "b.cspec"      # and b.cspec extends this file',
    ),
    Code(
        id="E253",
        title="`without` takes out what the base does not have",
        why="A withdrawal that hits nothing is a slip, or a leftover of a base that has changed. `without` speaks of "
        "the base alone: a declared name, `table 12`, `figure 2`, `study`, `panel`, or a kind of statement that may go "
        "without a name (`winsorize`, `trim`, `require`, `expect`, `mediate`, `test`), which means all of those "
        "that have none.",
        fix="correct the name, or delete the word",
        example="without winsorise, table 12      # a slip\nwithout winsorize, table 12",
    ),
    Code(
        id="E254",
        title="what is withdrawn is still used",
        why="Without its definition a name would mean nothing, or quietly a column of the data.",
        fix="withdraw or replace the statements that use it too, or declare the name anew in the variant",
        example="without Fin      # and `let controls` names it\n\nwithout Fin\nlet controls = Rpc + Ei + Gdp + Ind",
    ),
    Code(
        id="E255",
        title="`without` in a file that extends nothing",
        why="`without` takes statements out of a base. In a file of its own a statement that is not wanted is deleted.",
        fix='add `extends "base.cspec"` at the top, or delete the line',
        example='without winsorize\n\nextends "paper.cspec"\nwithout winsorize',
    ),
    Code(
        id="W256",
        title="a variant repeats its base",
        why="A statement that says what the base says already changes nothing today, and would hide a later change of "
        "the base.",
        fix="delete it from the variant",
        example="let controls = Rpc + Ei      # as in the base",
    ),
)
