"""Several studies in one run, such as variants of one, and the same numbers side by side."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import TYPE_CHECKING

from carbonspec.api import STORE, Clock, How, Study, carry_out, catalogue, check, outputs_of, part_of
from carbonspec.diagnostics.model import ERROR, DataError, Diagnostic, SpecError

if TYPE_CHECKING:
    from carbonspec.engine.progress import Progress
    from carbonspec.lang.spec import Quantity
    from carbonspec.results import Comparison


def run_all(
    paths: Iterable[str | os.PathLike[str]],
    *,
    compare: Iterable[str] = (),
    out: str | os.PathLike[str] | None = None,
    write: bool = False,
    fresh: bool = False,
    jobs: int = 0,
    allowed: tuple[str, ...] = (),
    only: tuple[str, ...] = (),
    progress: Progress | None = None,
) -> Comparison:
    """Run several studies, such as variants of one, and put the same numbers side by side.

    What they have in common is done once: they share the store, and tables that were read. One that fails does not
    stop the others. `compare` names quantities (`benchmark[last].Open`) and hypotheses; without it all hypotheses are
    compared, and where there are none, the first regressor of each model's last column. The rest is as in `run`.

    Raises
    ------
    SpecError: two specs would be written to one folder (E614), or no spec has a quantity that is asked for.
    """
    from carbonspec.engine.store import Store
    from carbonspec.results import Comparison, Outcome

    named = [os.fspath(path) for path in paths]
    _no_clash(named)
    outputs = outputs_of(out)
    how = How(Store(os.path.join(outputs, STORE)), None, fresh, jobs, allowed, progress, partial=bool(only), tables={})
    wanted = tuple(text.strip() for text in compare)
    checked = {path: _sound(path, allowed, only) for path in named}
    asked = _asked([study for study in checked.values() if isinstance(study, Study)], wanted)
    outcomes = []
    for path, study in checked.items():
        try:
            if isinstance(study, SpecError):
                raise study
            outcomes.append(Outcome(path, carry_out(study, Clock(), how)))
        except (SpecError, DataError) as problem:
            outcomes.append(Outcome(path, None, problem.diagnostics, in_data=isinstance(problem, DataError)))
        except Exception as problem:
            from carbonspec.engine.execute import place_of

            if os.environ.get("CARBONSPEC_DEBUG"):
                raise
            outcomes.append(Outcome(path, None, (Diagnostic("E606", ERROR, place_of(problem)),)))
    finished = Comparison(tuple(outcomes), wanted, asked)
    if write:
        finished.write(outputs)
    return finished


def _sound(path: str, allowed: tuple[str, ...], only: tuple[str, ...]) -> Study | SpecError:
    """A study that can be run, or what is wrong with it."""
    try:
        study = check(path, None, allowed)
        if study.ok:
            return part_of(study, only) if only else study
        return SpecError(study.diagnostics)
    except SpecError as problem:
        return problem


def _no_clash(paths: list[str]) -> None:
    """Refuse specs whose outputs would lie in one folder."""
    first: dict[str, str] = {}
    for path in paths:
        stem = os.path.splitext(os.path.basename(path))[0]
        if stem in first:
            message = f"`{first[stem]}` and `{path}` would both be written to the folder `{stem}`"
            helps = ("name a spec once; rename one of two that are called the same",)
            raise SpecError((Diagnostic("E614", ERROR, message, None, helps),))
        first[stem] = path


def _asked(studies: list[Study], wanted: tuple[str, ...]) -> dict[str, dict[str, Quantity]]:
    """What the quantities asked for are in each study that has them, by its path and their text."""
    from carbonspec.lang.resolve.claiming.asked import asked

    found: dict[str, dict[str, Quantity]] = {study.source.name: {} for study in studies}
    for text in wanted:
        if any(h.name == text for study in studies for h in study.spec.hypotheses):
            continue
        problems: tuple[Diagnostic, ...] = ()
        for study in studies:
            meant = asked(text, study.tree, catalogue(), "--compare")
            if meant.value is not None:
                found[study.source.name][text] = meant.value
            problems = problems or meant.diagnostics
        if studies and not any(text in known for known in found.values()):
            raise SpecError(problems or (Diagnostic("E615", ERROR, f"--compare: `{text}` is no number of a run"),))
    return found
