"""What the last run of each spec did, kept beside the results, so that `plan --why` can say what changed since.

It decides nothing: what is reused hangs on keys alone. A record that is missing or damaged costs an explanation.
"""

from __future__ import annotations

import os
from collections.abc import Collection

from carbonspec.engine.store import LAST
from carbonspec.engine.wholefile import replace_file
from carbonspec.planner.reasons import Done, Past
from carbonspec.planner.task import WITHIN, Plan
from carbonspec.sha256 import sha256


def remember(store: str, spec: str, plan: Plan, failed: Collection[str], *, partial: bool = False) -> None:
    """Note what a run did. `failed` are the names of tasks without a result; a `partial` run leaves other tasks' notes.

    A store that cannot be written says so elsewhere.
    """
    tasks: dict[str, object] = {}
    if partial:
        past = recall(store, spec)
        if past is not None and past.engine == plan.engine:
            tasks.update({name: _row(done) for name, done in past.tasks.items()})
    for task in plan.tasks:
        if task.kind != WITHIN:
            tasks[task.name] = _row(Done(task.key, task.definition, task.files, task.name in failed))
    import json

    text = json.dumps({"spec": os.path.basename(spec), "engine": plan.engine, "tasks": tasks}, ensure_ascii=False)
    path = _path(store, spec)
    try:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        replace_file(path, text.encode())
    except OSError:
        return


def recall(store: str, spec: str) -> Past | None:
    """What the last run of a spec did; None when nothing is known."""
    import json

    try:
        with open(_path(store, spec), encoding="utf-8") as stream:
            content = json.load(stream)
        tasks = {
            str(name): Done(str(key), str(definition), tuple((str(n), str(sha)) for n, sha in files), bool(failed))
            for name, (key, definition, files, failed) in content["tasks"].items()
        }
        return Past(str(content["engine"]), tasks)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def _row(done: Done) -> list[object]:
    return [done.key, done.definition, done.files, done.failed]


def _path(store: str, spec: str) -> str:
    """Two specs of one name in different folders do not mix."""
    place = os.path.realpath(spec)
    stem = os.path.splitext(os.path.basename(place))[0]
    return os.path.join(store, LAST, f"{stem}-{sha256(place.encode()).hexdigest()[:8]}.json")
