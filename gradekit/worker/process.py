"""How each of the worker's programs begins: grading, judging recordings, the self-check.

What one prints is read by the host as its report. So the report goes to a descriptor
that no other process can inherit, and whatever else is printed goes to the log for staff.
"""

from __future__ import annotations

import argparse
import contextlib
import gc
import importlib
import json
import os
import re
import resource
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

from gradekit.core.bundle import Bundle
from gradekit.core.job import Job

OWN_MEMORY_BYTES = 4 << 30  # what torch and a few large messages never need


def worker_arguments(
    job: Job, bundle: str, submission: str, isolation: str, *, recording: str = "",
    attached: bool = False,
) -> str:  # fmt: skip
    """Return what `options` reads, one argument a line, for a file that only the worker reads.

    Everybody may read the arguments of a process, and the seed is one of them.
    """
    lines = [
        f"--bundle={bundle}",
        f"--submission={submission}",
        f"--seed={job.seed}",
        f"--limits={json.dumps(job.limits.to_json())}",
        f"--isolation={isolation}",
        *(["--attached"] if attached else []),
        *([f"--recording={recording}"] if recording else []),
    ]
    return "\n".join(lines) + "\n"


def options(arguments: Sequence[str] | None) -> argparse.Namespace:
    """Return what the host asks for."""
    parser = argparse.ArgumentParser(prog="gradekit.worker", fromfile_prefix_chars="@")
    parser.add_argument("--bundle", type=Path, required=True)
    parser.add_argument("--submission", type=Path, required=True)
    parser.add_argument("--seed", required=True)
    parser.add_argument("--limits", required=True)
    parser.add_argument("--isolation", choices=("user", "bubblewrap", "none"), required=True)
    parser.add_argument(
        "--attached", action="store_true", help="end when standard input does, with the host"
    )
    parser.add_argument("--recording", type=Path, help="where probes and answers are kept")
    return parser.parse_args(arguments)


def attach() -> None:
    """End this process, and its kernel with it, as soon as the host is gone.

    The host holds the other end of standard input and writes nothing to it.
    """

    def wait() -> None:
        while os.read(0, 1):
            pass
        os._exit(1)

    threading.Thread(target=wait, daemon=True).start()


def private_output() -> TextIO:
    """Return standard output as a file that no other process can inherit; print goes to staff."""
    # `dup` makes a descriptor that is closed in every process that is started from here.
    report = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    return report


def begin(chosen: argparse.Namespace) -> Bundle:
    """Apply the worker's own limits, import what checks use, and return the bundle."""
    if chosen.attached:
        attach()
    # A limit lower than this one may be in force already, and cannot be raised.
    with contextlib.suppress(ValueError):
        resource.setrlimit(resource.RLIMIT_DATA, (OWN_MEMORY_BYTES, OWN_MEMORY_BYTES))
    bundle = Bundle.load(chosen.bundle)
    sys.path[:0] = [str(bundle.folder / folder) for folder in ("files", "hidden")]
    _import_what_checks_draw_from(bundle.folder)
    return bundle


def _import_what_checks_draw_from(bundle: Path) -> None:
    """Import NumPy and torch where checks use them: only what is loaded can be seeded.

    Then the bundle's own modules that checks name: what one draws while it is imported
    would otherwise depend on which check is the first.
    """
    files = [*bundle.glob("tests/*.py"), *bundle.glob("hidden/*.py"), *bundle.glob("files/*.py")]
    text = "\n".join(path.read_text(encoding="utf-8") for path in files)
    gc.disable()  # looking for garbage is a fifth of the time that imports take
    for name in ("numpy", "torch"):
        if re.search(rf"^\s*(import|from) {name}\b", text, re.MULTILINE):
            importlib.import_module(name)
    gc.enable()
    checks = "\n".join(path.read_text(encoding="utf-8") for path in bundle.glob("tests/*.py"))
    own_modules = {
        path.stem for folder in ("files", "hidden") for path in bundle.glob(f"{folder}/*.py")
    }
    imported = set(re.findall(r"^\s*(?:import|from) (\w+)", checks, re.MULTILINE))
    for name in sorted(imported & own_modules):
        with contextlib.suppress(Exception):  # the check will meet the same, and say so
            importlib.import_module(name)
