"""Where a worker runs: in Docker, behind bubblewrap, on other machines, or unprotected.

All of them keep one contract, `Sandbox`; `choose_sandbox` takes the best that is here.
"""

from gradekit.sandbox.choose import choose_sandbox, try_promises
from gradekit.sandbox.local import LocalSandbox, cores
from gradekit.sandbox.outcome import printable_notes, validated_outcome
from gradekit.sandbox.prepare import cache_root, prepare_bundle
from gradekit.sandbox.sandbox import Replaying, Sandbox, longest_run

__all__ = [
    "LocalSandbox",
    "Replaying",
    "Sandbox",
    "cache_root",
    "choose_sandbox",
    "cores",
    "dask",
    "docker",
    "docker_engine",
    "doctor",
    "image",
    "longest_run",
    "prepare_bundle",
    "printable_notes",
    "try_promises",
    "validated_outcome",
]
