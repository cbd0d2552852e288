"""Doing tasks one after the other, or several at once, each after all that it needs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait

from carbonspec.planner.task import Task


def in_order(
    tasks: Sequence[Task],
    do: Callable[[Task], None],
    jobs: int,
    named: Mapping[str, Task],
    by_itself: Callable[[Task], bool],
) -> None:
    """Do tasks, given in an order in which each comes after its inputs, on so many threads; some `by_itself`, in the
    caller's thread while no other runs.

    An input that does the same as an earlier task waits for that one; inputs that are not among the tasks are there
    already. When a task raises, or the run is interrupted, what waits never starts.
    """
    if jobs <= 1:
        for task in tasks:
            do(task)
        return
    from carbonspec.econometrics.kernels import alone

    ours = {task.name for task in tasks}
    missing = {task.name: {named[i].same_as or i for i in task.inputs} & ours for task in tasks}
    waiting = list(tasks)
    running: dict[Future[None], str] = {}
    pool = ThreadPoolExecutor(jobs, initializer=alone)
    try:
        while waiting or running:
            ready = [task for task in waiting if not missing[task.name]]
            beside = [task for task in ready if not by_itself(task)]
            running.update({pool.submit(do, task): task.name for task in beside})
            begun = {task.name for task in beside}
            if running:
                done = _over(running)
            else:
                do(ready[0])
                done = {ready[0].name}
            waiting = [task for task in waiting if task.name not in begun | done]
            for needs in missing.values():
                needs -= done
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _over(running: dict[Future[None], str]) -> set[str]:
    """Wait for the first that is done; what it raised is raised."""
    done, _ = wait(running, return_when=FIRST_COMPLETED)
    for future in done:
        future.result()
    return {running.pop(future) for future in done}
