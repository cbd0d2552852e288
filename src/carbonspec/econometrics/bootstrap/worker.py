"""The other side of `processes`: refits the draws it is sent, until the process that started it is gone."""

from __future__ import annotations

import os
import pickle
import signal
import sys
from queue import SimpleQueue
from threading import Thread
from typing import Any

READY = "ready"


def serve() -> None:
    """Read what is to be refitted, and then draws of it, from standard input; answer each batch with its coefficients.

    None is the answer where something unforeseen happened: whoever asked then finds out by refitting it. Standard
    input ends when that process does, however it does, and so does this one, in the middle of a refit too.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever started this one decides
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    with open(os.devnull, "wb") as nowhere:
        os.dup2(nowhere.fileno(), sys.stdout.fileno())
    from carbonspec.econometrics.kernels import limited  # and numpy, before another thread reads arrays

    _answer(answers, READY)
    asked: SimpleQueue[tuple[bytes | None, Any]] = SimpleQueue()
    Thread(target=_listen, args=(asked,), daemon=True).start()
    solve: Any = None
    with limited(1):
        while True:
            content, draws = asked.get()
            found = None
            try:
                if content is not None:
                    solve = pickle.loads(content)  # noqa: S301  (from the process that started this one)
                found = solve(draws)
            except Exception:
                solve = solve if content is None else _never
            _answer(answers, found)


def _never(_: Any) -> None:
    """What stands for a problem that could not be read."""


def _listen(asked: SimpleQueue[tuple[bytes | None, Any]]) -> None:
    try:
        while True:
            asked.put(pickle.load(sys.stdin.buffer))  # noqa: S301
    finally:
        os._exit(0)


def _answer(answers: Any, value: Any) -> None:
    try:
        pickle.dump(value, answers, protocol=pickle.HIGHEST_PROTOCOL)
        answers.flush()
    except OSError:
        os._exit(0)
