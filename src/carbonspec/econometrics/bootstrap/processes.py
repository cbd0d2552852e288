"""Refits by several processes: this one and others beside it, which are started where that pays.

Threads gain nothing here, since a refit is many short steps of Python. The others are fresh interpreters that run
`worker.serve` and nothing of the program that called the library, and hear from this process through pipes; so it does
not matter how that program was started, or which threads it runs. What they leave undone, for whatever reason, is done
here.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import CancelledError, Future
from queue import SimpleQueue
from threading import Lock, Thread
from typing import Any

from carbonspec.econometrics.bootstrap.worker import READY
from carbonspec.econometrics.design import FloatArray
from carbonspec.econometrics.kernels import limited

Solve = Callable[[FloatArray], FloatArray]
"""Draws (b, C) → values (b, m), each row from its own draw alone."""

WORTH = 2.0
"""Seconds of refits, of one column or of several, from which on others are asked to help."""
LEAST = 0.4
"""Seconds that a column must still take for them to be started, about what one takes to start."""
RUNNING_LEAST = 0.05
"""Seconds that a column must still take where they run already."""
AHEAD = 2
"""Batches that one of them is given at a time, so that it never waits."""
HELD = 1 << 30
"""Bytes of designs that all of them together may be sent."""
POLL = 0.5
"""Seconds between two looks for an interrupt while waiting."""

_START = (
    "import sys, pickle; sys.path[:] = pickle.load(sys.stdin.buffer); "
    "from carbonspec.econometrics.bootstrap.worker import serve; serve()"
)
_ONE_THREAD = (
    "OPENBLAS_NUM_THREADS",
    "OMP_NUM_THREADS",
    "MKL_NUM_THREADS",
    "BLIS_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
)


class Lost(Exception):
    """A process did not do what it was given."""


class Processes:
    """At most `count` processes beside this one. They live until `close`, from one column to the next."""

    def __init__(self, count: int) -> None:
        self.count = count
        self.spent = 0.0  # seconds of refits so far
        self._workers: list[_Worker] = []
        self._started = False
        self._problem: tuple[Solve, bytes] | None = None

    def __enter__(self) -> Processes:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def pay(self, seconds: float) -> bool:
        """Whether refits that take so long here are worth being shared."""
        if self.count < 1:
            return False
        if self._started:
            return bool(self._workers) and seconds > RUNNING_LEAST
        return seconds > LEAST and self.spent + seconds > WORTH

    def prepare(self, solve: Solve) -> bytes | None:
        """What they must know to solve draws; starts them. None where they cannot: all is then done here."""
        if self._problem is None or self._problem[0] is not solve:
            try:
                self._problem = (solve, pickle.dumps(solve, protocol=pickle.HIGHEST_PROTOCOL))
            except (pickle.PicklingError, TypeError, AttributeError):
                return None
        content = self._problem[1]
        fitting = min(self.count, HELD // len(content))
        if fitting and not self._started:
            self._started = True
            self._workers = [worker for _ in range(self.count) if (worker := _started()) is not None]
        return content if fitting and self._workers else None

    def free(self, content: bytes) -> _Worker | None:
        """The one with least to do, if any can be given more."""
        fitting = self._workers[: HELD // len(content)]
        ready = [worker for worker in fitting if worker.ready and worker.given < AHEAD]
        return min(ready, key=lambda worker: worker.given, default=None)

    def close(self) -> None:
        """End them, whatever they are doing."""
        workers, self._workers, self._problem = self._workers, [], None
        for worker in workers:
            worker.end()
        for worker in workers:
            worker.bury()


def refitted(
    solve: Solve, draws: Iterable[FloatArray], total: int, processes: Processes | None = None
) -> Iterator[FloatArray]:
    """What `solve` gives for each batch of draws, in their order, `total` draws in all.

    The first are refitted here, which shows how long they take. Values do not depend on who refits which.
    """
    waiting: deque[tuple[FloatArray, Future[FloatArray] | FloatArray]] = deque()
    content: bytes | None = None
    able = processes is not None
    alone, seconds, given = 0, 0.0, 0

    def here(batch: FloatArray) -> FloatArray:
        nonlocal alone, seconds
        started = time.perf_counter()
        if content is None:
            found = solve(batch)
        else:
            with limited(1):
                found = solve(batch)
        took = time.perf_counter() - started
        alone, seconds = alone + len(batch), seconds + took
        if processes is not None:
            processes.spent += took
        return found

    def value(batch: FloatArray, made: Future[FloatArray] | FloatArray) -> FloatArray:
        while isinstance(made, Future):
            try:
                made = made.result(POLL)
            except TimeoutError:
                continue
            except (Lost, CancelledError):
                made = here(batch)
        return made

    try:
        for batch in draws:
            if able and content is None and alone:
                assert processes is not None
                if processes.pay(seconds / alone * (total - given)):
                    content = processes.prepare(solve)
                    able = content is not None
            worker = processes.free(content) if processes is not None and content is not None else None
            future = worker.give(content, batch) if worker is not None and content is not None else None
            waiting.append((batch, here(batch) if future is None else future))
            given += len(batch)
            while waiting and (_done(waiting[0][1]) or len(waiting) > 4 * (processes.count + 1 if processes else 1)):
                yield value(*waiting.popleft())
        while waiting:
            if not _done(waiting[0][1]):
                _take_back(waiting, here)
            yield value(*waiting.popleft())
    finally:
        for _, made in waiting:
            if isinstance(made, Future):
                made.cancel()


def _done(made: Future[FloatArray] | FloatArray) -> bool:
    return not isinstance(made, Future) or made.done()


def _take_back(waiting: deque[tuple[FloatArray, Future[FloatArray] | FloatArray]], here: Solve) -> None:
    """Do the last batch that nobody has begun, rather than wait for the first."""
    for at in range(len(waiting) - 1, -1, -1):
        batch, made = waiting[at]
        if isinstance(made, Future) and made.cancel():
            waiting[at] = batch, here(batch)
            return


def _started() -> _Worker | None:
    if not sys.executable or getattr(sys, "frozen", False):
        return None
    apart: dict[str, Any] = {"start_new_session": True}  # an interrupt from the terminal is for this process
    if sys.platform == "win32":
        apart = {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW}
    try:
        process = subprocess.Popen(  # noqa: S603
            [sys.executable, "-P", "-c", _START],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, **dict.fromkeys(_ONE_THREAD, "1")},
            **apart,
        )
    except (OSError, ValueError):
        return None
    return _Worker(process)


class _Worker:
    """One process, and the thread here that speaks with it."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self.process = process
        self.ready = False
        self.given = 0
        self._content: bytes | None = None
        self._lock = Lock()
        self._queue: SimpleQueue[tuple[bytes, FloatArray, Future[FloatArray]] | None] = SimpleQueue()
        self._thread = Thread(target=self._speak, daemon=True)
        self._thread.start()

    def give(self, content: bytes, draws: FloatArray) -> Future[FloatArray] | None:
        """What will be the values of a batch; None where it can be given none."""
        future: Future[FloatArray] = Future()
        with self._lock:
            if not self.ready:
                return None
            self.given += 1
            self._queue.put((content, draws, future))
        return future

    def end(self) -> None:
        """End the process."""
        with self._lock:
            self.ready = False
        self.process.kill()
        self._queue.put(None)

    def bury(self) -> None:
        """Leave nothing behind of a process that was ended."""
        self.process.wait()
        self._thread.join()

    def _speak(self) -> None:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        future: Future[FloatArray] | None = None
        try:
            with self.process.stdin, self.process.stdout:
                self._send([os.path.abspath(place) for place in sys.path if isinstance(place, str)])
                if self._heard() != READY:
                    raise EOFError
                self.ready = True
                while (job := self._queue.get()) is not None:
                    content, draws, future = job
                    if future.set_running_or_notify_cancel():
                        self._send((None if content is self._content else content, draws))
                        self._content = content
                        _settle(future, self._heard())
                    with self._lock:
                        self.given -= 1
        except (OSError, EOFError, ValueError, pickle.UnpicklingError):
            self._give_up(future)

    def _send(self, value: Any) -> None:
        assert self.process.stdin is not None
        pickle.dump(value, self.process.stdin, protocol=pickle.HIGHEST_PROTOCOL)
        self.process.stdin.flush()

    def _heard(self) -> Any:
        return pickle.load(self.process.stdout)  # type: ignore[arg-type]  # noqa: S301  (from our own process)

    def _give_up(self, future: Future[FloatArray] | None) -> None:
        with self._lock:
            self.ready = False
        if future is not None and future.running():
            future.set_exception(Lost())
        while not self._queue.empty():
            job = self._queue.get()
            if job is not None and job[2].set_running_or_notify_cancel():
                job[2].set_exception(Lost())


def _settle(future: Future[FloatArray], found: Any) -> None:
    if found is None:
        future.set_exception(Lost())
    else:
        future.set_result(found)
