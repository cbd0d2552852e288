"""`carbonspec git`: what is set in a repository, and what git then calls."""

from __future__ import annotations

import os
import sys
from argparse import Namespace
from collections.abc import Callable

from carbonspec.console import counted, said, tell
from carbonspec.diagnostics.model import Diagnostic, SpecError
from carbonspec.exit_status import FAILED, FINE, WRONG_SPEC
from carbonspec.git.repository import GitError


def main(options: Namespace) -> int:
    """Options → exit status."""
    try:
        return ACTIONS[options.action](options)
    except SpecError as problem:
        tell(problem.diagnostics)
        return WRONG_SPEC
    except BrokenPipeError:
        raise
    except (GitError, OSError) as problem:
        print(f"carbonspec git {options.action}: {problem}", file=sys.stderr)
        return FAILED


def install(options: Namespace) -> int:
    """Set drivers and hook, and say what was written."""
    from carbonspec.git.install import install as set_up

    done = set_up(options.repo)
    print("\n".join((*done.lines, *done.advice)))
    return FINE


def uninstall(options: Namespace) -> int:
    """Take them out."""
    from carbonspec.git.install import uninstall as take_out

    print("\n".join(take_out(options.repo).lines))
    return FINE


def textconv(options: Namespace) -> int:
    """A spec as lines of meaning; one with syntax errors as it is, one in conflict as both sides."""
    from carbonspec.compare.flat import both_sides, flat
    from carbonspec.lang.conflicts import has_conflicts, sides
    from carbonspec.lang.parse import clean, parse
    from carbonspec.source import Source

    with open(options.file, encoding="utf-8", errors="replace") as stream:
        text = stream.read()
    plain = clean(text)
    parsed = [parse(Source(options.file, side)) for side in (sides(plain) if has_conflicts(plain) else (plain,))]
    if not all(one.ok for one in parsed):
        print(text, end="")
    elif len(parsed) == 1:
        print(flat(parsed[0].value), end="")
    else:
        print(both_sides(*(flat(one.value) for one in parsed)), end="")
    return FINE


def diff_driver(options: Namespace) -> int:
    """What `git diff` shows of a spec.

    git hands over path, old file, its hash and mode, new file, its hash and mode; after a renaming the new path too.
    """
    from carbonspec.commands.diff import colours
    from carbonspec.compare.renderers.terminal import render
    from carbonspec.git.repository import Repository
    from carbonspec.versions.comparing import compare_texts

    given = options.given
    if os.environ.get("GIT_EXTERNAL_DIFF", "").endswith("git-difftool--helper"):
        return _in_a_tool(given)
    if len(given) < 7:
        print(f"* Unmerged path {given[0]}")
        return FINE
    path, old, new = given[0], given[1], given[4]
    name = given[7] if len(given) > 7 else path
    texts = [None if side == os.devnull else _bytes(side) for side in (old, new)]
    colour = colours()
    head = f"diff --carbonspec a/{path} b/{name}"
    print(f"\x1b[1m{head}\x1b[0m" if colour else head)
    try:
        changes = compare_texts(texts[0], texts[1], name, Repository.around("."))
    except SpecError as problem:
        print(f"# {counted(problem.diagnostics)} of syntax, so the lines are shown")
        sys.stdout.flush()
        return _lines(old, new)
    width = os.environ.get("COLUMNS", "")
    print(render(changes, width=int(width) if width.isdigit() else 80, colour=colour, heading=False))
    return FINE


def _in_a_tool(given: list[str]) -> int:
    """`git difftool`: the person asked for a program of theirs, which git gives up for ours."""
    import subprocess

    return subprocess.run(["git", "difftool--helper", *given], check=False).returncode  # noqa: S603, S607


def _bytes(path: str) -> bytes:
    with open(path, "rb") as stream:
        return stream.read()


def _lines(old: str, new: str) -> int:
    """The plain diff of two files, as git would show it."""
    import subprocess

    command = ["git", "diff", "--no-index", "--no-ext-diff", "--no-textconv", "--", old, new]
    env = {k: v for k, v in os.environ.items() if not k.startswith(("GIT_DIFF", "GIT_EXTERNAL"))}
    subprocess.run(command, check=False, env=env)  # noqa: S603
    return FINE


def pre_commit(options: Namespace) -> int:
    """`check` and `fmt --check` of what is staged, `check` of the variants that stand on it.

    Exits with 1 where a spec is wrong or not in canonical form.
    """
    from carbonspec import api
    from carbonspec.git.repository import INDEX, Repository, git
    from carbonspec.git.snapshot import Snapshot
    from carbonspec.versions.opened import checked
    from carbonspec.versions.places import extending

    repository = Repository.around(options.repo)
    listed = git(repository.top, "diff", "--cached", "--name-only", "--no-renames", "-z", "--", "*.cspec")
    changed = [os.fsdecode(name) for name in listed.split(b"\0") if name]
    names = [name for name in changed if name in repository.files(INDEX)]
    wrong = 0
    told: set[tuple[object, ...]] = set()  # a mistake of a base is its variants', too
    for name in (*names, *extending(repository, INDEX, set(changed))):
        with Snapshot(repository, INDEX) as snapshot:
            found: tuple[Diagnostic, ...]
            text = ""
            try:
                found = checked(snapshot, name)
                text, _ = api.fmt(snapshot.path(name))
                plain = api.read_text(snapshot.path(name))
            except SpecError as problem:
                found, plain = problem.diagnostics, text
            errors = [d for d in found if d.severity == "error"]
            tell([error for error in errors if said(error) not in told])
            told.update(map(said, errors))
            if errors:
                print(f"{name}: {counted(errors)}", file=sys.stderr)
            elif text != plain and name in names:
                print(f"{name}: not in canonical form; `carbonspec fmt {name}`, then `git add {name}`", file=sys.stderr)
            wrong += bool(errors) or (text != plain and name in names)
    if wrong:
        print("nothing was committed; `git commit --no-verify` commits all the same", file=sys.stderr)
    return FAILED if wrong else FINE


ACTIONS: dict[str, Callable[[Namespace], int]] = {
    "install": install,
    "uninstall": uninstall,
    "textconv": textconv,
    "diff-driver": diff_driver,
    "pre-commit": pre_commit,
}
