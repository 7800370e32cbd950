"""Where a worker runs: in Docker, behind bubblewrap, on other machines, or unprotected.

All of them keep one contract, `Sandbox`; `choose_sandbox` takes the best that is here.
"""

from gradekit.sandbox.choose import choose_sandbox, try_promises
from gradekit.sandbox.local import LocalSandbox, cores
from gradekit.sandbox.outcome import MAX_MESSAGE, MAX_NOTE, MAX_NOTES, believed
from gradekit.sandbox.prepare import cache_root, prepare_bundle
from gradekit.sandbox.sandbox import GRACE_SECONDS, Replaying, Sandbox

__all__ = [
    "GRACE_SECONDS",
    "MAX_MESSAGE",
    "MAX_NOTE",
    "MAX_NOTES",
    "LocalSandbox",
    "Replaying",
    "Sandbox",
    "believed",
    "cache_root",
    "choose_sandbox",
    "cores",
    "dask",
    "docker",
    "docker_engine",
    "doctor",
    "image",
    "prepare_bundle",
    "try_promises",
]
