"""Codes of revisions and of what is set in a repository."""

from __future__ import annotations

from carbonspec.diagnostics.codes.model import Code

CODES: tuple[Code, ...] = (
    Code(
        id="E631",
        title="not in a git repository",
        why="A revision (`HEAD~1`, `main`) is one of a git repository, and the folder you are in belongs to none. Two "
        "files can be compared anywhere.",
        fix="go to the repository's folder, or name two files",
        example="carbonspec diff old/paper.cspec paper.cspec",
    ),
    Code(
        id="E632",
        title="no such file or revision",
        why="Each side of `diff` is a file, a file of a revision (`REV:file`), or a revision. This is none of them.",
        fix="check the spelling; `git log --oneline` lists commits, `git branch` branches",
        example="carbonspec diff HEAD~1 paper.cspec",
    ),
    Code(
        id="E633",
        title="a revision has no such file",
        why="As in git, the path of `REV:file` starts at the top of the repository, wherever you are; `REV:./file` "
        "starts where you are. The file may have had another name then.",
        fix="write the path from the top of the repository",
        example="carbonspec diff HEAD~1:specs/paper.cspec HEAD:specs/paper.cspec",
    ),
    Code(
        id="E634",
        title="the repository's settings cannot be written",
        why="`carbonspec git install` writes to the repository's configuration, to .gitattributes and to its hooks. "
        "One of them could not be written.",
        fix="see the reason in the message: permissions, a full disk, a lock left behind",
        example="carbonspec git install --repo papers/opening-up",
    ),
)
