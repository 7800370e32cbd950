"""What a Dask worker does for us: grade the notebook at a path, and answer with a report.

Dask calls `introduce` and `grade`, each with one string and for one string, JSON both
ways. What goes there are paths, digests, the seed and the limits; what comes back is
what the sandbox found out, or a sentence that says why there is nothing. Errors are
sentences too, so no exception of ours, and no object at all, travels.

A worker process makes one sandbox for each run over a class, tries its promises before
anything is graded in it, and keeps it. It believes no path: what lies there must have
the digest that it was told, and its sandbox the version that all the others have.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

from gradekit.core.bundle import Bundle
from gradekit.core.errors import GradekitError, GraderError
from gradekit.core.job import Job, Limits
from gradekit.sandbox.choose import choose_sandbox
from gradekit.sandbox.prepare import prepare_bundle
from gradekit.sandbox.sandbox import Sandbox

MAX_KEPT = 4  # sandboxes of runs that may still be going on

_sandboxes: dict[str, Sandbox] = {}  # by run: one for all threads of this process
_making = threading.Lock()


def introduce(order: str) -> str:
    """Make this process's sandbox for a run, and return what it says of itself."""
    return _answered(order, lambda order_data: _described(_sandbox(order_data)))


def grade(order: str) -> str:
    """Grade one notebook and return its outcome."""
    return _answered(order, _graded)


def stop(run: str) -> None:
    """End what is graded here for a run: somebody pressed Ctrl-C twice."""
    if run in _sandboxes:
        getattr(_sandboxes[run], "close", lambda: None)()


def _answered(order: str, answer: Callable[[dict[str, Any]], dict[str, Any]]) -> str:
    try:
        return json.dumps(answer(json.loads(order)))
    except GradekitError as error:
        return json.dumps({"error": str(error)})
    except Exception as error:  # noqa: BLE001 - the other side gets a sentence, whatever it was
        return json.dumps({"error": f"The Dask worker failed ({type(error).__name__}: {error})."})


def _described(sandbox: Sandbox) -> dict[str, Any]:
    return {
        "name": sandbox.name,
        "version": sandbox.version,
        "environment": sandbox.environment,
    }


def _graded(order: dict[str, Any]) -> dict[str, Any]:
    sandbox = _sandbox(order)
    if sandbox.version != order["version"]:
        raise GraderError(
            "A Dask worker that came later has another sandbox than those that the run began "
            "with. Give all workers the same image or the same packages, then grade again."
        )
    notebook = _read(Path(order["notebook"]), order["digest"])
    limits = Limits.from_json(order["limits"])
    job = Job(
        notebook=notebook, seed=order["seed"], limits=limits, recording=str(order["recording"])
    )
    return {"outcome": json.dumps(sandbox.grade(job).to_json())}


def _sandbox(order: dict[str, Any]) -> Sandbox:
    """Return the sandbox of a run, made by the first thread that asks."""
    run = order["run"]
    with _making:
        if run not in _sandboxes:
            folder = Path(order["bundle"])
            if Bundle.load(folder).digest != order["bundle_digest"]:
                raise GraderError(
                    f"{folder}: another bundle lies here on this machine. Copy the one that "
                    "the class is graded with, or share its folder."
                )
            _sandboxes[run] = choose_sandbox(order["sandbox"], prepare_bundle(folder))
            # The oldest first; a run that is still going on makes its sandbox anew.
            while len(_sandboxes) > MAX_KEPT:
                del _sandboxes[next(iter(_sandboxes))]
        return _sandboxes[run]


def _read(path: Path, digest: str) -> bytes:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise GraderError(
            f"{path}: cannot be read on this machine ({error.strerror}). The results folder must "
            "be shared with all Dask workers, under the same path."
        ) from None
    if sha256(data).hexdigest() != digest:
        raise GraderError(f"{path}: holds something else on this machine. Share the folder.")
    return data
