"""Files written whole or not at all."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

MANIFEST = ".carbonspec-files"


class NotOurFolder(Exception):
    """The output folder holds files and none says that carbonspec made it."""


def write_whole(files: Mapping[str, str | bytes], folder: Path) -> None:
    """Put `files` (name → content) in `folder`, replacing what an earlier run wrote there.

    Everything is written beside it first and then renamed, so a reader sees the old folder or the new one. Files that
    carbonspec did not write are kept. Raises NotOurFolder rather than take over a folder of somebody else's.
    """
    foreign = _foreign(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}-"))
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
        if folder.exists():
            old = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}-old-"))
            folder.rename(old / "was")
            try:
                made.rename(folder)
            except BaseException:
                (old / "was").rename(folder)
                raise
            finally:
                shutil.rmtree(old, ignore_errors=True)
        else:
            made.rename(folder)
    except BaseException:
        shutil.rmtree(made, ignore_errors=True)
        raise


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
