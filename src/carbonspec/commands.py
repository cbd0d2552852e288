"""One function a command: options → api → what is printed, and the exit status."""

from __future__ import annotations

import os
import shlex
import sys
from argparse import Namespace
from collections.abc import Callable

from carbonspec import api
from carbonspec.console import ShownProgress, counted, show_run, tell
from carbonspec.diagnostics.model import DataError, Diagnostic, SpecError
from carbonspec.exit_status import FAILED, FINE, USAGE, WRONG_DATA, WRONG_SPEC


def run(options: Namespace) -> int:
    """`carbonspec run`."""
    from carbonspec.engine.write import NotOurFolder

    try:
        with ShownProgress(quiet=options.quiet or options.json) as progress:
            result = api.run(
                options.spec,
                out=options.out,
                fresh=options.fresh,
                jobs=options.jobs,
                allowed=tuple(options.allow),
                only=tuple(options.only),
                progress=progress,
            )
    except SpecError as problem:
        tell(problem.diagnostics)
        print(f"{options.spec}: {counted(problem.diagnostics)}; nothing was estimated", file=sys.stderr)
        return WRONG_SPEC
    except DataError as problem:
        tell(problem.diagnostics)
        print(f"{options.spec}: {counted(problem.diagnostics)} in the data; nothing was estimated", file=sys.stderr)
        return WRONG_DATA
    try:
        folder = None if options.only else result.write(options.out)
    except NotOurFolder as problem:
        helps = ("choose another folder with --out, or move the files away",)
        message = f"`{problem}` holds files and none says that carbonspec made it; nothing was written"
        tell((Diagnostic("E603", "error", message, None, helps),))
        return FAILED
    except OSError as problem:
        print(f"carbonspec: the results could not be written: {problem}", file=sys.stderr)
        return FAILED
    if options.json:
        from carbonspec.report.renderers.json import render

        print(render(result.run), end="")
    else:
        show_run(result, folder, quiet=options.quiet)
    return FINE if result.ok else FAILED


def check(options: Namespace) -> int:
    """`carbonspec check`."""
    status = FINE
    everything: list[Diagnostic] = []
    for path in options.spec:
        try:
            study = api.check(path, allowed=tuple(options.allow))
            found = list(study.diagnostics)
            if study.ok and options.data:
                found += api.check_data(study, allowed=tuple(options.allow))
        except (SpecError, DataError) as problem:
            study, found = None, list(problem.diagnostics)
        wrong = [d for d in found if d.severity == "error"]
        if wrong:
            in_data = all(d.code.startswith("E4") for d in wrong)
            status = max(status, WRONG_DATA) if in_data and status != WRONG_SPEC else WRONG_SPEC
        everything += found
        if not options.json:
            tell(found, concise=options.concise)
            print(f"{path}: {counted(found)}")
        if options.show and study is not None:
            from carbonspec.record import outline

            print(outline(study.tree if options.show == "file" else study.spec))
    if options.json:
        from carbonspec.diagnostics.renderers.json import render

        print(render(tuple(everything)), end="")
    return status


def plan(options: Namespace) -> int:
    """`carbonspec plan`."""
    from carbonspec.planner.show import mermaid, outline

    try:
        study = api.check(options.spec, allowed=tuple(options.allow))
        if not study.ok:
            raise SpecError(study.diagnostics)
        made = api.plan(study, allowed=tuple(options.allow))
    except SpecError as problem:
        tell(problem.diagnostics)
        return WRONG_SPEC
    if options.mermaid:
        print(mermaid(made), end="")
    else:
        known = api.stored_keys(made, options.out)
        print(outline(made, known), end="")
    return FINE


def fmt(options: Namespace) -> int:
    """`carbonspec fmt`."""
    if options.spec == ["-"]:
        text, parsed = api.format_text(sys.stdin.read())
        tell(parsed.diagnostics)
        if parsed.ok:
            print(text, end="")
        return FINE if parsed.ok else WRONG_SPEC
    status, changed = FINE, 0
    for path in options.spec:
        try:
            text, parsed = api.fmt(path)
        except SpecError as problem:
            tell(problem.diagnostics)
            status = WRONG_SPEC
            continue
        if not parsed.ok:
            tell(parsed.diagnostics)
            print(f"{path}: {counted(parsed.diagnostics)}; not formatted", file=sys.stderr)
            status = WRONG_SPEC
        elif text != api.read_text(path):
            changed += 1
            if options.check:
                print(f"{path}: would be rewritten")
            else:
                api.write_text(path, text)
                print(f"{path}: rewritten")
    if options.check and changed and status == FINE:
        return FAILED
    return status


def init(options: Namespace) -> int:
    """`carbonspec init`."""
    out = options.out
    if out is not None:
        if os.path.isdir(out) or out.endswith(os.sep):
            named = (
                os.path.splitext(os.path.basename(options.data[0]))[0] if os.path.exists(options.data[0]) else "study"
            )
            out = os.path.join(out, named + ".cspec")
        problem = _no_place(out, options.force)
        if problem is not None:
            tell((problem,))
            return FAILED
    folder = None if out is None else os.path.dirname(out) or os.curdir
    try:
        text = api.init(*options.data, folder=folder, encoding=options.encoding, sheet=options.sheet)
    except DataError as failure:
        tell(failure.diagnostics)
        return WRONG_DATA
    if out is None:
        print(text, end="")
        if sys.stdout.isatty():
            print("carbonspec: nothing was written; `-o study.cspec` keeps this text", file=sys.stderr)
        return FINE
    api.write_text(out, text)
    print(f"{out}: written; now edit it, then `carbonspec check --data {shlex.quote(out)}`")
    return FINE


def _no_place(out: str, force: bool) -> Diagnostic | None:
    """Why a starter spec cannot be written to a path, None when it can."""
    folder = os.path.dirname(out) or os.curdir
    if not out.endswith(".cspec"):
        message, help_ = f"`{out}` is no name for a spec", f"specs end in .cspec: `-o {out}.cspec`"
    elif not os.path.isdir(folder):
        message, help_ = f"there is no folder `{folder}`", "make it first, or choose another with `-o`"
    elif os.path.exists(out) and not force:
        message, help_ = f"`{out}` exists already and was left alone", "choose another name with `-o`, or add `--force`"
    else:
        return None
    return Diagnostic("E622", "error", message, None, (help_,))


def explain(options: Namespace) -> int:
    """`carbonspec explain`."""
    from carbonspec.diagnostics.codes.all import CODES
    from carbonspec.diagnostics.explanation import explanation

    if options.code is None:
        for code in sorted(CODES):
            print(f"{code}  {CODES[code].title}")
        return FINE
    found = CODES.get(options.code.upper())
    if found is None:
        from carbonspec.diagnostics.suggestions import did_you_mean

        close = did_you_mean(options.code.upper(), CODES)
        hint = f"; did you mean {close}?" if close else "; `carbonspec explain` lists all"
        print(f"carbonspec: there is no code {options.code}{hint}", file=sys.stderr)
        return USAGE
    print(explanation(found), end="")
    return FINE


COMMANDS: dict[str, Callable[[Namespace], int]] = {
    "run": run,
    "check": check,
    "plan": plan,
    "fmt": fmt,
    "init": init,
    "explain": explain,
}
