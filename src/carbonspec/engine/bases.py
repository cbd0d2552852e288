"""Which specs a spec may extend.

A base lies below the spec's own folder, in the git repository that holds the spec, or in a folder that the person at
the keyboard allows. Its own paths then start, and end, at its own folder. So a spec that came from a stranger reaches
nothing outside the repository it lies in, and inside it only what a spec there reads already.
"""

from __future__ import annotations

import os

from carbonspec.engine.paths import below
from carbonspec.lang.variants.chain import ENDING, Reader, Unreadable


def base_reader(spec: str, allowed: tuple[str, ...] = ()) -> Reader:
    """Reads the bases of the spec at a path, and nothing else."""
    home = os.path.realpath(os.path.dirname(os.path.abspath(spec)))

    def read(name: str) -> bytes:
        real = os.path.realpath(name)
        folders = [home, *(os.path.realpath(folder) for folder in allowed)]
        repository = enclosing_repository(home)
        if repository:
            folders.append(repository)
        if not any(below(real, folder) for folder in folders):
            raise Unreadable(
                f"it lies outside {'the git repository' if repository else 'the folder'} of `{os.path.basename(spec)}`",
                "move it there, or name its folder: `--allow FOLDER`",
            )
        if not real.lower().endswith(ENDING):
            raise Unreadable("it is a link to a file that is no spec")
        if not os.path.isfile(real):
            raise Unreadable("no such file", *_others(real, spec))
        with open(real, "rb") as stream:
            return stream.read()

    return read


def enclosing_repository(folder: str) -> str:
    """The nearest folder above (or the folder itself) that is a git repository; "" when there is none."""
    while not os.path.exists(os.path.join(folder, ".git")):
        above = os.path.dirname(folder)
        if above == folder:
            return ""
        folder = above
    return folder


def _others(real: str, spec: str) -> tuple[str, ...]:
    """The specs that lie where a base was looked for, but for the one that looks; or its name a folder up."""
    from carbonspec.diagnostics.suggestions import did_you_mean
    from carbonspec.engine.paths import neighbours

    folder, name = os.path.split(real)
    above = os.path.join(os.path.dirname(folder), name)
    if os.path.isfile(above):
        return (f"there is one a folder above: `{os.path.relpath(above, folder)}`",)
    own = os.path.basename(spec) if os.path.dirname(os.path.realpath(spec)) == folder else ""
    specs = [other for other in neighbours(real) if other.endswith(ENDING) and other != own]
    close = did_you_mean(name, specs)
    if close:
        return (f"did you mean `{close}`?",)
    if specs:
        return (f"the specs in that folder are {', '.join(f'`{other}`' for other in specs[:8])}",)
    return ("that folder has no specs; paths start at the folder of the file that extends",)
