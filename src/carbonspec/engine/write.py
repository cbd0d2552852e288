"""A folder of outputs written whole or not at all."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from carbonspec.engine.exchange import exchange
from carbonspec.engine.wholefile import UNFINISHED, abandoned

MANIFEST = ".carbonspec-files"
OLD = ".carbonspec-old-"
"""What the name of a folder begins with that was moved aside to make room: it holds the folder under its own name."""


class NotOurFolder(Exception):
    """The output folder holds files and none says that carbonspec made it."""


def write_whole(files: Mapping[str, str | bytes], folder: Path) -> None:
    """Put `files` (name → content) in `folder`, replacing what an earlier run wrote there.

    Everything is written beside it first and then takes its place, so a reader sees the old folder or the new one, also
    when the process is killed or the disk is full on the way. Files that carbonspec did not write are kept.

    Raises
    ------
    NotOurFolder: rather than take over a folder of somebody else's.
    OSError: it cannot be written; what was there before is untouched.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    mend(folder.parent)
    foreign = _foreign(folder)
    made = Path(tempfile.mkdtemp(dir=folder.parent, prefix=UNFINISHED))
    try:
        for name, content in files.items():
            path = made / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
        (made / MANIFEST).write_text("\n".join(sorted(files)) + "\n", encoding="utf-8")
        for name in foreign:
            if not (made / name).exists():
                (made / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(folder / name, made / name)
        made.chmod(0o755)
        _take_place(made, folder)
    finally:
        shutil.rmtree(made, ignore_errors=True)  # what was written, or what it replaced


def mend(outputs: Path) -> None:
    """Clean an output folder of what killed runs left: a folder that was moved aside comes back, unfinished ones go."""
    with os.scandir(outputs) as listed:
        entries = list(listed)
    for entry in entries:
        if entry.name.startswith(OLD):
            for was in list(Path(entry.path).iterdir()):
                if not (outputs / was.name).exists():
                    was.rename(outputs / was.name)
            shutil.rmtree(entry.path, ignore_errors=True)
        elif abandoned(entry) and entry.is_dir():
            shutil.rmtree(entry.path, ignore_errors=True)
        elif abandoned(entry):
            Path(entry.path).unlink(missing_ok=True)


def _take_place(made: Path, folder: Path) -> None:
    """Give a folder its name; what bore it before is then called as the new one was, or is gone."""
    if not folder.exists():
        try:
            made.rename(folder)
            return
        except OSError:  # another run was faster
            if not folder.exists():
                raise
    if exchange(str(made), str(folder)):
        return
    aside = Path(tempfile.mkdtemp(dir=folder.parent, prefix=OLD))
    folder.rename(aside / folder.name)
    try:
        made.rename(folder)
    except BaseException:
        if not folder.exists():
            (aside / folder.name).rename(folder)
        raise
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _foreign(folder: Path) -> list[str]:
    """Files below `folder` that carbonspec did not write."""
    if not folder.exists():
        return []
    present = [path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()]
    try:
        written = set((folder / MANIFEST).read_text(encoding="utf-8").splitlines())
    except OSError:
        if present:
            raise NotOurFolder(str(folder)) from None
        return []
    return [name for name in present if name not in written and name != MANIFEST]
