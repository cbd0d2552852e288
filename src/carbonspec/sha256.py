"""SHA-256 for short texts. The interpreter's own code: loading OpenSSL for `hashlib` would cost 4 ms at every start."""

from __future__ import annotations

from typing import Any

try:
    from _sha2 import sha256 as _sha256  # type: ignore[import-not-found, unused-ignore]  # Python 3.12 and later
except ImportError:
    try:
        from _sha256 import sha256 as _sha256  # type: ignore[import-not-found, unused-ignore]  # Python 3.11
    except ImportError:
        from hashlib import sha256 as _sha256


def sha256(content: bytes = b"") -> Any:
    """A SHA-256 object, as hashlib's."""
    return _sha256(content)
