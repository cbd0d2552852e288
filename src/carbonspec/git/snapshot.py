"""A revision's specs and data as files of a temporary folder, so that everything that reads files can read them.

A data file is the revision's own where it is tracked there; where it is not, the work tree's is used, and that is said.
What is unchanged since is linked, not copied.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from fnmatch import fnmatchcase

from carbonspec.git.repository import Repository


class Snapshot:
    """A folder that looks like the repository at a revision, as far as specs and what they read go. Use with `with`.

    Without a revision it looks like the work tree; a text put there by `write` stands in for the file.
    """

    def __init__(self, repository: Repository, revision: str | None) -> None:
        self.repository = repository
        self.revision = revision
        self.folder = ""
        self.untracked: list[str] = []
        """Files that the revision does not have, so that the work tree's are read."""
        self.linked: list[str] = []
        """Files of the work tree that stand for those here: a spec that lies here may read them."""
        self._objects: dict[str, str] = {}

    def __enter__(self) -> Snapshot:
        self.folder = new_folder()
        if self.revision is not None:
            self._objects = dict(self.repository.files(self.revision))
        return self

    def __exit__(self, *_: object) -> None:
        remove_folder(self.folder)

    def path(self, name: str) -> str:
        """Where a file of the repository lies here."""
        return os.path.join(self.folder, *name.split("/"))

    def write(self, name: str, content: bytes) -> None:
        """Put a file here."""
        path = self.path(name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        if os.path.islink(path):
            os.unlink(path)
        with open(path, "wb") as stream:
            stream.write(content)

    def bring_spec(self, name: str) -> str:
        """Put a spec here, and those that it extends. Returns where it lies."""
        waiting = [name]
        while waiting:
            one = waiting.pop()
            if os.path.lexists(self.path(one)):
                content: bytes | None = _read(self.path(one))
            else:
                content = self._content(one)
                if content is not None:
                    self.write(one, content)
            if content is None:
                continue
            base = base_of(one, content.decode("utf-8", "replace"))
            if base and not os.path.lexists(self.path(base)):
                waiting.append(base)
        return self.path(name)

    def _content(self, name: str) -> bytes | None:
        if self.revision is not None:
            return self.repository.content(self.revision, name)
        path = os.path.join(self.repository.top, name)
        return _read(path) if os.path.isfile(path) else None

    def bring(self, spec: str, files: Iterable[tuple[str, str]], allowed: tuple[str, ...] = ()) -> None:
        """Put the files that a spec reads here.

        `files` are folders, as seen from the spec's, with the paths or patterns that are written there. What the spec
        could not read by itself is left out: what lies outside these folders, and outside the `allowed` ones.
        """
        wanted: dict[str, str] = {}
        for folder, written in files:
            home = os.path.normpath(os.path.join(os.path.dirname(spec), folder)).replace(os.sep, "/")
            whole = os.path.normpath(os.path.join(home, written)).replace(os.sep, "/")
            plain = not os.path.isabs(written) and ".." not in written.replace("\\", "/").split("/")
            if "\0" in written or os.path.isabs(whole) or whole.startswith("../") or not (plain or allowed):
                continue
            for name in self._matching(whole):
                wanted.setdefault(name, home if plain else "")
        tracked = [name for name in wanted if name in self._objects]
        changed = self.repository.differing(self.revision, tracked) if self.revision is not None else frozenset()
        for name, home in wanted.items():
            there = os.path.realpath(os.path.join(self.repository.top, name))
            folders = [os.path.join(self.repository.top, home)] if home else []
            readable = any(_below(there, os.path.realpath(folder)) for folder in (*folders, *allowed))
            if os.path.lexists(self.path(name)) or not readable:
                continue
            if name not in self._objects:
                if os.path.isfile(there):
                    self._link(name, there)
                    self.untracked.append(name)
            elif self.revision is not None and (name in changed or not os.path.isfile(there)):
                self.write(name, self.repository.content(self.revision, name) or b"")
            else:
                self._link(name, there)

    def _link(self, name: str, there: str) -> None:
        os.makedirs(os.path.dirname(self.path(name)), exist_ok=True)
        os.symlink(there, self.path(name))
        self.linked.append(there)

    def _matching(self, pattern: str) -> list[str]:
        """The files of a pattern: those of the revision, else the work tree's."""
        if not set("*?[") & set(pattern):
            return [pattern]
        found = [name for name in self._objects if fnmatchcase(name, pattern)]
        if found:
            return sorted(found)
        import glob

        names = glob.glob(pattern, root_dir=self.repository.top, recursive=True)
        return sorted(name.replace(os.sep, "/") for name in names)


def base_of(name: str, text: str) -> str:
    """The path, from the top of the repository, of the spec that one extends; "" without one."""
    for line in text.splitlines():
        if line.startswith("extends") and line.count('"') >= 2:
            path = os.path.normpath(os.path.join(os.path.dirname(name), line.split('"')[1])).replace(os.sep, "/")
            return "" if path.startswith("../") or os.path.isabs(path) else path
    return ""


def _read(path: str) -> bytes:
    with open(path, "rb") as stream:
        return stream.read()


def _below(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)


def new_folder() -> str:
    """A new folder that only this user can enter, below the system's folder for temporary files."""
    top = next((os.environ[n] for n in ("TMPDIR", "TEMP", "TMP") if os.environ.get(n)), "/tmp")  # noqa: S108
    if not os.path.isdir(top):
        import tempfile

        top = tempfile.gettempdir()
    while True:
        path = os.path.join(os.path.realpath(top), f"carbonspec-{os.urandom(8).hex()}")
        try:
            os.mkdir(path, 0o700)
        except FileExistsError:
            continue
        return path


def remove_folder(path: str) -> None:
    """Take a folder away; links in it are taken away, never what they lead to."""
    for folder, below, names in os.walk(path, topdown=False):
        for name in names:
            os.unlink(os.path.join(folder, name))
        for name in below:
            inner = os.path.join(folder, name)
            if os.path.islink(inner):
                os.unlink(inner)
            else:
                os.rmdir(inner)
    os.rmdir(path)
