"""Kernels that share their imports with the worker, and nothing else."""

import json
from pathlib import Path

import pytest

from gradekit.author.manifest import imports
from gradekit.core.job import Job, Limits
from gradekit.sandbox.docker import DockerSandbox
from gradekit.sandbox.prepare import cache_root

LOOK = """
import json, os, socket, stat, sys
def kind(number):
    try:
        if stat.S_ISSOCK(os.fstat(number).st_mode):
            return socket.socket(fileno=os.dup(number)).type
    except OSError:
        pass
ours = [name for name in sys.modules if name.split(".")[0] == "gradekit"]
seen = json.dumps({
    "command": open("/proc/self/cmdline").read().split("\\0")[2],
    "environment": sorted(os.environ), "modules": ours,
    "ways": [n for n in range(1024) if kind(n) == socket.SOCK_SEQPACKET],
    "group": os.getpgrp() == os.getsid(0), "uids": list(set(os.getresuid())),
})
"""
ENVIRONMENT = {
    "HOME", "IPYTHONDIR", "JUPYTER_RUNTIME_DIR", "LANG", "LOGNAME", "MKL_NUM_THREADS",
    "MPLCONFIGDIR", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "PATH", "PYTHONDONTWRITEBYTECODE",
    "PYTHONHASHSEED", "TMPDIR", "USER",
}  # fmt: skip
OWN = {"CLICOLOR", "CLICOLOR_FORCE", "FORCE_COLOR", "GIT_PAGER", "MPLBACKEND", "PAGER", "TERM",
       "PYDEVD_USE_FRAME_EVAL", "JPY_SESSION_NAME"}  # fmt: skip  # of ipykernel


@pytest.mark.docker
def test_the_kernel_after_a_dead_one_is_forked_as_clean_as_the_first(secret_bundle: Path) -> None:
    """No module, descriptor or variable of the worker's is in it, though it was never executed."""
    cells = [
        {"id": name, "cell_type": "code", "source": source}
        for name, source in {"dies": "import os; os._exit(3)", "look": LOOK}.items()
    ]
    job = Job(notebook=json.dumps({"cells": cells}).encode(), seed="5eed", limits=Limits())
    outcome = DockerSandbox(secret_bundle, cache=cache_root()).grade(job)
    assert outcome.notes == ("cell 1 ended the kernel (it exited).",)
    (mark,) = outcome.questions[0].checks
    seen = json.loads(mark.message.rstrip("."))
    assert seen["command"] == "gradekit.worker"  # which shows that it was forked from there
    assert set(seen["environment"]) - OWN == ENVIRONMENT
    assert (seen["modules"], seen["ways"], seen["group"]) == ([], [], True)
    (user,) = seen["uids"]
    assert user >= 20_000


def test_the_imports_of_a_notebook_are_its_modules_in_their_order() -> None:
    """Otter stays out, magics and half-written answers do no harm, text is not read."""
    sources = ["import otter\nimport numpy as np, os.path", "%matplotlib inline", "x = (",
               "from torch import nn\nimport numpy\nif True:\n    import later"]  # fmt: skip
    cells = [{"cell_type": "code", "source": [source]} for source in sources]
    cells.append({"cell_type": "markdown", "source": ["import this"]})
    assert imports({"cells": cells}) == ["numpy", "os.path", "torch"]
