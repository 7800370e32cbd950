"""Which sandbox this machine has, and whether it holds what it promises."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from gradekit.core.errors import GraderError
from gradekit.sandbox.local import LocalSandbox
from gradekit.sandbox.sandbox import Replaying


def try_promises(sandbox: Replaying, say: Callable[[str], None]) -> Replaying:
    """Return the sandbox after its promises were tried; they are counted, so that all can see it.

    Raises
    ------
    GraderError
        If one of them does not hold, with what got through.
    """
    promises = sandbox.check()
    broken = [
        f"{promise.promise} (what got through: {promise.through})"
        for promise in promises
        if not promise.holds
    ]
    if broken:
        raise GraderError(
            f"Nothing was graded: {sandbox.name} does not hold what it promises here: "
            f'{"; ".join(broken)}. "gradekit doctor" shows the whole list.'
        )
    say(f"sandbox: {sandbox.name}; all its {len(promises)} promises were tried, and hold")
    return sandbox


def choose_sandbox(
    name: str,
    prepared_bundle: Path,
    say: Callable[[str], None] = lambda _: None,
    trial: Callable[[Replaying, Callable[[str], None]], Replaying] = try_promises,
) -> Replaying:
    """Return the sandbox of that name; `auto` is Docker, else bubblewrap, never none.

    `trial` stands between the sandbox and its use, and tries what it promises.
    Where an engine answers but cannot make the image (no registry, no base image),
    `auto` says so and goes on to bubblewrap.

    Raises
    ------
    GraderError
        If the sandbox is not to be had on this machine.
    """
    if name in ("auto", "docker"):
        from gradekit.sandbox.docker import DockerSandbox  # noqa: PLC0415 - slow to import
        from gradekit.sandbox.docker_engine import engine  # noqa: PLC0415

        try:
            if name == "docker" or engine() is not None:
                return trial(DockerSandbox(prepared_bundle, say=say), say)
        except GraderError as error:
            if name == "docker" or shutil.which("bwrap") is None:
                raise
            say(f"Docker answers, but cannot grade: {error} Grading behind bubblewrap instead.")
    if name == "none":
        return LocalSandbox(prepared_bundle, "none")
    if shutil.which("bwrap") is None:
        raise GraderError(
            "No sandbox: no Docker engine answers and bubblewrap is not installed. Start Docker, "
            'or install the package bubblewrap; "gradekit doctor" shows what is missing.'
        )
    return trial(LocalSandbox(prepared_bundle, "bubblewrap"), say)
