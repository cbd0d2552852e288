"""The command line: arguments → api → console. No logic of its own."""

from __future__ import annotations

import argparse
import gc
import os
import sys
from collections.abc import Callable
from typing import Any

from carbonspec.exit_status import BROKEN, FINE, INTERRUPTED, USAGE, WRONG_SPEC

EPILOG = (
    "Exit status: 0 fine; 1 ran, but an expect or a task failed; 2 the spec is wrong; 3 the data are wrong; 4 usage."
)


class _Parser(argparse.ArgumentParser):
    """Usage errors end with status 4; 2 is kept for a wrong spec."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(formatter_class=_Help, **settings)

    def error(self, message: str) -> None:  # type: ignore[override]
        self.print_usage(sys.stderr)
        self.exit(USAGE, f"{self.prog}: {message}\n")


class _Help(argparse.HelpFormatter):
    """Help as wide as the terminal, without loading `shutil` at every start to learn its width."""

    def __init__(self, prog: str) -> None:
        try:
            columns = os.get_terminal_size().columns
        except OSError:
            columns = 80
        super().__init__(prog, width=min(columns, 110) - 2)


def _run(command: argparse.ArgumentParser) -> None:
    command.add_argument("spec", nargs="+", help="a spec; several, such as variants of one, are run side by side")
    command.add_argument("--out", default="out", metavar="DIR", help="output folder (default: out)")
    command.add_argument("--fresh", action="store_true", help="compute everything anew, ignoring stored results")
    command.add_argument("--jobs", type=int, default=0, metavar="N", help="cores to use (default: all, at most 8)")
    command.add_argument(
        "--allow", action="append", default=[], metavar="DIR", help="a further folder the spec may read"
    )
    command.add_argument(
        "--only", action="append", default=[], metavar="NAME", help="show only this table, model or claim"
    )
    command.add_argument("--compare", action="append", default=[], metavar="NUMBERS", help="what to put side by side")
    command.add_argument("--quiet", action="store_true", help="print problems and claims only, not the tables")
    command.add_argument("--json", action="store_true", help="print results.json instead of tables")


def _check(command: argparse.ArgumentParser) -> None:
    command.add_argument("spec", nargs="+")
    command.add_argument("--data", action="store_true", help="read the data too: keys, gaps, types, samples")
    command.add_argument(
        "--allow", action="append", default=[], metavar="DIR", help="a further folder the spec may read"
    )
    command.add_argument("--json", action="store_true", help="diagnostics as JSON")
    command.add_argument("--concise", action="store_true", help="one line a problem")
    command.add_argument("--show", choices=("file", "spec"), help="print what the file was understood as")


def _plan(command: argparse.ArgumentParser) -> None:
    command.add_argument("spec")
    command.add_argument(
        "--allow", action="append", default=[], metavar="DIR", help="a further folder the spec may read"
    )
    command.add_argument("--why", action="store_true", help="for each task whether it will run, and for which reason")
    command.add_argument("--json", action="store_true", help="the same as JSON")
    command.add_argument("--mermaid", action="store_true", help="as a mermaid diagram")
    command.add_argument("--out", default="out", metavar="DIR", help="output folder whose stored results count")


def _fmt(command: argparse.ArgumentParser) -> None:
    command.add_argument("spec", nargs="+", help="files, or - for standard input")
    command.add_argument("--check", action="store_true", help="change nothing; exit 1 when a file would change")


def _flatten(command: argparse.ArgumentParser) -> None:
    command.add_argument("spec")
    command.add_argument("-o", "--out", metavar="PATH", help="write it there; paths then start at that folder")
    command.add_argument("--force", action="store_true", help="replace a file that exists")
    command.add_argument("--allow", action="append", default=[], metavar="DIR", help="a further folder to read from")


def _diff(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "versions", nargs="*", metavar="VERSION", help="a file, REV:file, or a revision (two, one or none)"
    )
    command.add_argument("--results", action="store_true", help="the numbers side by side; runs only what is missing")
    shape = command.add_mutually_exclusive_group()
    shape.add_argument("--markdown", action="store_true", help="for a pull request")
    shape.add_argument("--json", action="store_true", help="for programs")
    command.add_argument("--exit-code", action="store_true", help="exit 1 when the meaning differs, 0 when it does not")
    command.add_argument(
        "--allow", action="append", default=[], metavar="DIR", help="a further folder the specs may read"
    )
    command.add_argument("--out", default="out", metavar="DIR", help="output folder whose stored results count")


def _git(command: argparse.ArgumentParser) -> None:
    actions = command.add_subparsers(dest="action", metavar="ACTION", parser_class=_Parser, required=True)
    for name, about in (
        ("install", "set the diff driver, the merge driver and the pre-commit hook"),
        ("uninstall", "take exactly that out"),
        ("pre-commit", "check the staged specs, as the hook does"),
    ):
        action = actions.add_parser(name, help=about)
        action.add_argument("--repo", default=".", metavar="DIR", help="a folder of the repository (default: this one)")
    actions.add_parser("textconv", help="a spec as lines of meaning (git calls it)").add_argument("file")
    driver = actions.add_parser("diff-driver", help="what `git diff` shows of a spec (git calls it)")
    driver.add_argument("given", nargs="+", metavar="ARGUMENT")


def _merge_driver(command: argparse.ArgumentParser) -> None:
    command.add_argument("base", help="the version both come from")
    command.add_argument("ours", help="our version; the result is written there")
    command.add_argument("theirs")
    command.add_argument("path", nargs="?", default="", help="what the spec is called in messages")
    command.add_argument("size", nargs="?", type=int, default=7, help="length of the conflict markers")


def _init(command: argparse.ArgumentParser) -> None:
    command.add_argument("data", nargs="+", help="the panel's file, then files to be joined to it")
    command.add_argument(
        "-o", "--out", metavar="PATH", help="write it there: a .cspec file, or a folder (default: print)"
    )
    command.add_argument("--force", action="store_true", help="replace a spec that exists")
    command.add_argument("--encoding", metavar="NAME", help="encoding of text files (default: UTF-8, else GB18030)")
    command.add_argument("--sheet", metavar="NAME", help="sheet of a workbook (default: the largest)")


def _store(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--out", default="out", metavar="DIR", help="output folder whose store is meant (default: out)"
    )
    command.add_argument("--clear", action="store_true", help="remove all stored results")
    command.add_argument("--limit", metavar="SIZE", help="what it may take from now on, such as 500M (at first 1G)")
    command.add_argument("--json", action="store_true", help="the same as JSON")


def _explain(command: argparse.ArgumentParser) -> None:
    command.add_argument("code", nargs="?", help="E210; without one, all codes are listed")


COMMANDS: dict[str, tuple[str, Callable[[argparse.ArgumentParser], None]]] = {
    "run": ("estimate everything a spec asks for and write its tables", _run),
    "check": ("find every mistake without estimating anything", _check),
    "plan": ("print what a run would do, and what it would reuse", _plan),
    "fmt": ("rewrite specs in the canonical form", _fmt),
    "flatten": ("print a variant and all it extends as one spec", _flatten),
    "diff": ("what a change of a spec means, and which results it reaches", _diff),
    "git": ("set specs up in a git repository: diffs, merges, a hook", _git),
    "merge-driver": ("merge two versions of a spec (git calls it)", _merge_driver),
    "init": ("propose a starter spec from data files", _init),
    "store": ("how much the stored results take, and their limit", _store),
    "explain": ("what a diagnostic code means, with an example", _explain),
}
"""Command → (help, its options)."""


def parser(only: str = "") -> argparse.ArgumentParser:
    """All commands and their options; with `only` the name of one, its options alone, which is quicker."""
    top = _Parser(
        prog="carbonspec", description="The empirical section of a panel-data paper as one text.", epilog=EPILOG
    )
    top.add_argument("--version", action="store_true", help="print the version and stop")
    commands = top.add_subparsers(dest="command", metavar="COMMAND", parser_class=_Parser, prog="carbonspec")
    for name in (only,) if only in COMMANDS else COMMANDS:
        help_, options = COMMANDS[name]
        options(commands.add_parser(name, help=help_, epilog=EPILOG))
    return top


def main(arguments: list[str] | None = None) -> int:
    """Run a command; returns the exit status."""
    given = sys.argv[1:] if arguments is None else arguments
    options = parser(given[0] if given else "").parse_args(given)
    if options.version:
        from carbonspec import __version__

        print(f"carbonspec {__version__}")
        return FINE
    if options.command is None:
        parser().print_help()
        return USAGE
    if options.command in ("run", "init") or getattr(options, "data", False) or getattr(options, "results", False):
        gc.enable()
    for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(variable, "1")  # threads inside small matrix products cost more than they save
    try:
        command = __import__(f"carbonspec.commands.{options.command.replace('-', '_')}", fromlist=["main"])
        return int(command.main(options))
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FINE
    except KeyboardInterrupt:
        print("carbonspec: interrupted; nothing was written", file=sys.stderr)
        return INTERRUPTED
    except RecursionError:
        if os.environ.get("CARBONSPEC_DEBUG"):
            raise
        print("error[E610]: definitions stand on each other too deep to follow; break the chain", file=sys.stderr)
        return WRONG_SPEC
    except Exception as problem:
        if os.environ.get("CARBONSPEC_DEBUG"):
            raise
        print(
            f"carbonspec: this is a mistake of carbonspec, not of yours ({type(problem).__name__}: {problem}); "
            "please report it. With CARBONSPEC_DEBUG=1 it shows where.",
            file=sys.stderr,
        )
        return BROKEN


def script() -> None:
    """The `carbonspec` command. A static command is over before collecting garbage would pay; a run turns it on."""
    gc.disable()
    sys.exit(main())


if __name__ == "__main__":
    script()
