"""A task of the plan: one thing to do, what it needs, and a key that says whether it was done before."""

from __future__ import annotations

from carbonspec.record import Record
from carbonspec.source import Located

READ = "read"
PANEL = "panel"
COLUMN = "column"
SAMPLE = "sample"
WITHIN = "within"
ESTIMATE = "estimate"
DESCRIBE = "describe"
CLAIM = "claim"
COMPOSE = "compose"


class Task(Record):
    """`name` is unique in the plan ("estimate benchmark[3]"); `payload` is the spec record it carries out.

    `key` is a content hash of what it does and of its inputs' keys, data included. `stored` says whether its result
    is kept between runs.
    """

    name: str
    kind: str
    payload: Located
    inputs: tuple[str, ...] = ()
    key: str = ""
    stored: bool = False


class Plan(Record):
    """Tasks in an order in which each comes after its inputs."""

    tasks: tuple[Task, ...]

    def task(self, name: str) -> Task:
        for task in self.tasks:
            if task.name == name:
                return task
        raise KeyError(name)
