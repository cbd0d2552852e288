"""Results kept between runs, by content key. A damaged entry is taken for a missing one."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path


class Store:
    """A folder of results. Entries are written whole (a temporary file, then a rename) and carry their own hash."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def get(self, key: str) -> str | None:
        """The text stored under a key; None when there is none or it is damaged."""
        try:
            content = self._path(key).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            return None
        digest, _, text = content.partition("\n")
        return text if hashlib.sha256(text.encode()).hexdigest() == digest else None

    def put(self, key: str, text: str) -> None:
        """Keep a text. Two runs may do so at once: the last rename wins, both wrote the same."""
        path = self._path(key)
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".new-")
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as stream:
                stream.write(hashlib.sha256(text.encode()).hexdigest() + "\n" + text)
            Path(temporary).replace(path)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise

    def __contains__(self, key: object) -> bool:
        return isinstance(key, str) and self._path(key).is_file()

    def _path(self, key: str) -> Path:
        return self.folder / key[:2] / f"{key}.json"
