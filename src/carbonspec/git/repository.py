"""What is asked of git: always by a list of arguments, never through a shell."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable, Mapping

from carbonspec.diagnostics.model import ERROR, Diagnostic, SpecError

INDEX = ""
"""The revision that stands for what is staged: `:paper.cspec`."""


class GitError(Exception):
    """git is not there or refused; `message` is its first line."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


def git(folder: str, *arguments: str, given: bytes | None = None) -> bytes:
    """The standard output of a git command in a folder. Raises GitError."""
    try:
        done = subprocess.run(  # noqa: S603
            ["git", "-C", folder or ".", *arguments],  # noqa: S607
            input=given,
            stdin=subprocess.DEVNULL if given is None else None,
            capture_output=True,
            check=False,
            env={**os.environ, "LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0"},
        )
    except OSError as problem:
        raise GitError(f"git could not be started: {problem.strerror}") from None
    if done.returncode:
        lines = done.stderr.decode("utf-8", "replace").strip().splitlines() or ["git failed"]
        raise GitError(lines[0].removeprefix("fatal: ").removeprefix("error: "))
    return done.stdout


def text(folder: str, *arguments: str) -> str:
    """The same as text, without the last line end."""
    return git(folder, *arguments).decode("utf-8", "surrogateescape").rstrip("\n")


_AROUND: dict[str, Repository] = {}


class Repository:
    """A repository with a work tree."""

    def __init__(self, top: str) -> None:
        self.top = top
        self._files: dict[str, Mapping[str, str]] = {}

    @classmethod
    def around(cls, folder: str) -> Repository:
        """The repository that a folder lies in; asked once a folder. Raises SpecError (E631)."""
        if folder not in _AROUND:
            _AROUND[folder] = cls._around(folder)
        return _AROUND[folder]

    @classmethod
    def _around(cls, folder: str) -> Repository:
        try:
            top = text(folder, "rev-parse", "--show-toplevel")
        except GitError as problem:
            message = f"`{folder or '.'}` is not in a git repository"
            if "not a git repository" not in problem.message:
                message += f": {problem.message}"
            raise SpecError((Diagnostic("E631", ERROR, message),)) from None
        return cls(top)

    def revision(self, name: str) -> str | None:
        """The commit or tree that a name means; None when it means none."""
        if not name or name.startswith("-"):
            return None
        try:
            return text(self.top, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{tree}}")
        except GitError:
            return None

    def inside(self, path: str) -> str:
        """A path of the file system as the repository calls it: from its top, with `/`."""
        absolute = os.path.join(os.path.realpath(os.path.dirname(os.path.abspath(path))), os.path.basename(path))
        return os.path.relpath(absolute, os.path.realpath(self.top)).replace(os.sep, "/")

    def files(self, revision: str) -> Mapping[str, str]:
        """Path → object of the files of a revision, asked once."""
        if revision not in self._files:
            self._files[revision] = self._listed(revision)
        return self._files[revision]

    def _listed(self, revision: str) -> Mapping[str, str]:
        staged = revision == INDEX
        command = ("ls-files", "-s", "-z") if staged else ("ls-tree", "-r", "-z", "--full-tree", revision)
        found = {}
        for row in git(self.top, *command).split(b"\0"):
            head, _, path = row.partition(b"\t")
            mode, *rest = head.split() or [b""]
            if path and mode != b"160000":  # a submodule is no file
                found[os.fsdecode(path)] = rest[0 if staged else 1].decode()
        return found

    def lines(self, revision: str | None, pattern: str, files: str) -> tuple[tuple[str, str], ...]:
        """(path, line) of the tracked files (`files` is a pattern) with a line that matches; None: in the work tree."""
        where = [] if revision is None else ["--cached"] if revision == INDEX else [revision]
        try:
            out = git(self.top, "grep", "-z", "--full-name", "--no-color", "-e", pattern, *where, "--", files)
        except GitError:
            return ()  # nothing matches
        found = []
        for row in out.split(b"\n"):
            path, _, line = row.partition(b"\0")
            if line:
                name = os.fsdecode(path)
                found.append((name.removeprefix(f"{revision}:") if revision else name, line.decode("utf-8", "replace")))
        return tuple(found)

    def content(self, revision: str, path: str) -> bytes | None:
        """The bytes of a file in a revision, as a checkout would write them; None when it is not there."""
        try:
            return git(self.top, "cat-file", "--filters", f"{revision}:{path}")
        except GitError:
            return None

    def differing(self, revision: str, paths: Iterable[str]) -> frozenset[str]:
        """Which tracked files of the work tree are not what they are in a revision."""
        wanted = tuple(paths)
        if not wanted:
            return frozenset()
        base = ["diff"] if revision == INDEX else ["diff", revision]
        out = git(self.top, *base, "--name-only", "-z", "--no-ext-diff", "--no-textconv", "--", *wanted)
        return frozenset(os.fsdecode(name) for name in out.split(b"\0") if name)

    def renames(self, before: str, after: str | None, pattern: str) -> tuple[tuple[str, str], ...]:
        """(old path, new path) of the files that differ between two revisions (None: the work tree).

        A path is "" where the file is not there.
        """
        sides = [before] if after is None else [before, after]
        out = git(
            self.top, "diff", "--name-status", "-M", "-z", "--no-ext-diff", "--no-textconv", *sides, "--", pattern
        )
        fields = [os.fsdecode(part) for part in out.split(b"\0") if part]
        found: list[tuple[str, str]] = []
        while fields:
            status = fields.pop(0)
            first = fields.pop(0)
            if status[0] in "RC":
                found.append((first, fields.pop(0)))
            else:
                found.append(("" if status[0] == "A" else first, "" if status[0] == "D" else first))
        return tuple(found)


def merge_lines(ours: str, base: str, theirs: str, size: int) -> bool:
    """Merge three files line by line into `ours`, as git does. Returns whether there were conflicts."""
    names = [part for name in ("ours", "base", "theirs") for part in ("-L", name)]
    done = subprocess.run(  # noqa: S603
        ["git", "merge-file", f"--marker-size={size}", *names, "--", ours, base, theirs],  # noqa: S607
        stdin=subprocess.DEVNULL,
        check=False,
    )
    return done.returncode != 0
