"""The diff driver, the merge driver and the hook of a repository: set, and taken out again exactly."""

from __future__ import annotations

import os
import shlex
import sys

from carbonspec.diagnostics.model import ERROR, Diagnostic, SpecError
from carbonspec.git.repository import GitError, Repository, git, text
from carbonspec.record import Record

DRIVER = "carbonspec"
ATTRIBUTES = f"*.cspec diff={DRIVER} merge={DRIVER}"
SECTIONS = (f"diff.{DRIVER}", f"merge.{DRIVER}")
BEGIN = "# >>> carbonspec: `carbonspec git uninstall` takes these lines out >>>"
END = "# <<< carbonspec <<<"


class Done(Record):
    """What was written or taken out, a sentence each; `advice` is left to the person at the keyboard."""

    lines: tuple[str, ...]
    advice: tuple[str, ...] = ()


def settings() -> tuple[tuple[str, str], ...]:
    """The configuration, key by key. It names the Python that carbonspec runs in, so that it works in any shell."""
    command = f"{shlex.quote(sys.executable)} -m carbonspec"
    return (
        (f"diff.{DRIVER}.command", f"{command} git diff-driver"),
        (f"diff.{DRIVER}.textconv", f"{command} git textconv"),
        (f"diff.{DRIVER}.xfuncname", "^([a-z].*)$"),
        (f"merge.{DRIVER}.name", "statements of carbonspec"),
        (f"merge.{DRIVER}.driver", f"{command} merge-driver %O %A %B %P %L"),
    )


def hook_lines() -> list[str]:
    """What the pre-commit hook does."""
    return [BEGIN, f"{shlex.quote(sys.executable)} -m carbonspec git pre-commit || exit 1", END]


def install(folder: str) -> Done:
    """Set everything in the repository around a folder. What is there already stays; a hook of others is left alone."""
    repository = Repository.around(folder)
    lines: list[str] = []
    try:
        for key, value in settings():
            git(repository.top, "config", "--local", "--replace-all", key, value)
        lines.append(f"{_config(repository)}: diff driver and merge driver `{DRIVER}`")
        if _add_attributes(os.path.join(repository.top, ".gitattributes")):
            lines.append(f".gitattributes: {ATTRIBUTES}")
        else:
            lines.append(".gitattributes: had the line already")
        told, advice = _add_hook(_hook(repository))
    except (GitError, OSError) as problem:
        raise _unwritable(problem) from None
    return Done((*lines, told), advice)


def uninstall(folder: str) -> Done:
    """Take out what `install` wrote, and nothing else."""
    repository = Repository.around(folder)
    lines: list[str] = []
    try:
        for section in SECTIONS:
            if _has_section(repository, section):
                git(repository.top, "config", "--local", "--remove-section", section)
                lines.append(f"{_config(repository)}: [{section}] taken out")
        if _take_attributes(os.path.join(repository.top, ".gitattributes")):
            lines.append(".gitattributes: the line taken out")
        if _take_hook(_hook(repository)):
            lines.append(f"{_hook(repository)}: taken out")
    except (GitError, OSError) as problem:
        raise _unwritable(problem) from None
    return Done(tuple(lines) or ("there was nothing to take out",))


def _unwritable(problem: GitError | OSError) -> SpecError:
    why = problem.message if isinstance(problem, GitError) else f"{problem.filename}: {problem.strerror}"
    return SpecError((Diagnostic("E634", ERROR, f"the repository's settings cannot be written: {why}"),))


def _config(repository: Repository) -> str:
    return os.path.relpath(_inside(repository, "config"), repository.top)


def _inside(repository: Repository, name: str) -> str:
    """A path of the git directory, wherever it is."""
    return os.path.join(repository.top, text(repository.top, "rev-parse", "--git-path", name))


def _hook(repository: Repository) -> str:
    return _inside(repository, "hooks/pre-commit")


def _has_section(repository: Repository, section: str) -> bool:
    try:
        return bool(git(repository.top, "config", "--local", "--get-regexp", f"^{section.replace('.', '[.]')}[.]"))
    except GitError:
        return False


# --- .gitattributes -------------------------------------------------------------------------------------------


def _read(path: str) -> str:
    try:
        with open(path, encoding="utf-8", errors="surrogateescape", newline="") as stream:
            return stream.read()
    except FileNotFoundError:
        return ""


def _write(path: str, content: str) -> None:
    with open(path, "w", encoding="utf-8", errors="surrogateescape", newline="") as stream:
        stream.write(content)


def _add_attributes(path: str) -> bool:
    """Add the line below the others; a file without a last line end keeps none, so that it can be as before again."""
    content = _read(path)
    if ATTRIBUTES in content.splitlines():
        return False
    _write(path, f"{content}\n{ATTRIBUTES}" if content and not content.endswith("\n") else f"{content}{ATTRIBUTES}\n")
    return True


def _take_attributes(path: str) -> bool:
    lines = _read(path).split("\n")
    ours = next((line for line in lines if line.removesuffix("\r") == ATTRIBUTES), None)
    if ours is None:
        return False
    lines.remove(ours)  # with the line end that came with it, before it or behind
    left = "\n".join(lines)
    if left:
        _write(path, left)
    else:
        os.unlink(path)
    return True


# --- the hook -------------------------------------------------------------------------------------------------


def _add_hook(path: str) -> tuple[str, tuple[str, ...]]:
    """Write the hook where there is none; else say what to add to it."""
    content = _read(path)
    if BEGIN in content:
        return f"{path}: had the lines already", ()
    if content:
        return (
            f"{path}: is a hook of yours and was left alone",
            ("to check specs before each commit, add to it:", *(f"    {line}" for line in hook_lines())),
        )
    os.makedirs(os.path.dirname(path), exist_ok=True)
    _write(path, "\n".join(("#!/bin/sh", *hook_lines())) + "\n")
    os.chmod(path, 0o755)  # noqa: S103 - a hook is a program
    return f"{path}: check and fmt --check of staged specs", ()


def _take_hook(path: str) -> bool:
    """Take our lines out of the hook; a hook that has nothing else goes."""
    content = _read(path)
    start, end = content.find(BEGIN), content.find(END)
    if start < 0 or end < start:
        return False
    left = content[:start] + content[end + len(END) :].removeprefix("\n")
    if left.strip() in ("", "#!/bin/sh"):
        os.unlink(path)
    else:
        _write(path, left)
    return True
