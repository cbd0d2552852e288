"""Results as JSON and back, exactly: floats by their shortest round-trip text, arrays with shape, dataclasses by name.

JSON and not pickle: a stored result comes from a folder that may have come from a stranger, and reading it must not
be able to run anything.
"""

from __future__ import annotations

import base64
import json
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np

from carbonspec.econometrics import results
from carbonspec.econometrics.hypothesis_tests import results as test_results
from carbonspec.report import run

_CLASSES: dict[str, type[Any]] = {
    cls.__name__: cls
    for module in (results, test_results, run)
    for cls in vars(module).values()
    if isinstance(cls, type) and is_dataclass(cls)
}

LONG = 256
"""Longer arrays (draws) are kept as the base64 of their bytes, little endian: a third of the size, and exact."""


def encode(value: object) -> str:
    """JSON text of a result."""
    return json.dumps(_plain(value), ensure_ascii=False, separators=(",", ":"))


def decode(text: str) -> Any:
    """The result a text was made from. Raises ValueError for anything else."""
    try:
        return _rebuild(json.loads(text))
    except (KeyError, TypeError, RecursionError) as problem:
        raise ValueError(f"not a stored result: {problem}") from problem


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return {"@": type(value).__name__, **{f.name: _plain(getattr(value, f.name)) for f in fields(value)}}
    if isinstance(value, np.ndarray):
        if value.size > LONG:
            content = base64.b64encode(np.ascontiguousarray(value, dtype="<f8").tobytes()).decode("ascii")
            return {"@": "array", "shape": list(value.shape), "base64": content}
        return {"@": "array", "shape": list(value.shape), "values": [float(v) for v in value.ravel()]}
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {"@": "dict", "items": [[_plain(k), _plain(v)] for k, v in value.items()]}
    if isinstance(value, np.integer):
        return int(value)
    if isinstance(value, np.floating):
        return float(value)
    if isinstance(value, np.bool_):
        return bool(value)
    if value is None or isinstance(value, str | int | float | bool):
        return value
    raise TypeError(f"a result holds a {type(value).__name__}, which cannot be stored")


def _rebuild(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(_rebuild(item) for item in value)
    if not isinstance(value, dict):
        return value
    kind = value["@"]
    if kind == "array" and "base64" in value:
        content = base64.b64decode(value["base64"], validate=True)
        return np.frombuffer(content, dtype="<f8").astype(np.float64).reshape(value["shape"])
    if kind == "array":
        return np.array(value["values"], dtype=np.float64).reshape(value["shape"])
    if kind == "dict":
        return {_rebuild(k): _rebuild(v) for k, v in value["items"]}
    cls = _CLASSES[kind]
    return cls(**{name: _rebuild(item) for name, item in value.items() if name != "@"})
