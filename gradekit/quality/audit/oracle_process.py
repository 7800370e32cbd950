"""The process in which the author's answers are run and the author's oracle judges them.

    python -m gradekit.quality.audit.oracle_process ORACLE

reads {"paths": [...], "seconds": 30, "steps": [...]} from standard input and prints a
line of JSON for each answer. A step is {"run": source} or {"question": name,
"answers": [[source, ...], ...]}. The notebook is run once, from step to step; for every
answer this process forks, and the child runs the answer and the oracle and exits. So no
answer can change what the next one sees, and none can delay it. Only files that an
author wrote are run here, never a student's: they run with the rights of whoever builds.
"""

from __future__ import annotations

import contextlib
import importlib.util
import json
import os
import random
import resource
import select
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import Any, NoReturn

MEMORY_BYTES = 6 << 30  # a mutant may ask for all there is
MAX_REASON = 400  # characters
MODULE = "__main__"  # the name that cells see, as in a notebook


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the steps on standard input."""
    task = json.loads(sys.stdin.read())
    # An answer may print and may read. Results go to a copy of standard output, and the
    # descriptors that the answer knows lead nowhere.
    results = os.fdopen(os.dup(1), "w", encoding="utf-8")
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, 0)
    os.dup2(null, 1)
    sys.path[:0] = task["paths"]
    namespace: dict[str, Any] = {"__name__": MODULE}
    path = Path((sys.argv[1:] if arguments is None else arguments)[0])
    oracle = None
    for step in task["steps"]:
        if "run" in step:
            _run(step["run"], namespace)
            continue
        # The oracle is loaded late, after the given cells have set up the libraries it imports.
        oracle = oracle or _load(path)
        for number, cells in enumerate(step["answers"]):
            why = _objection(oracle, step["question"], cells, namespace, task["seconds"])
            answer = {"question": step["question"], "number": number, "why": why}
            results.write(json.dumps(answer) + "\n")
            results.flush()
    return 0


def _run(source: str, namespace: dict[str, Any]) -> None:
    """Run one cell, seeded as in the student's kernel."""
    _seed()
    exec(compile(_without_magics(source), "<cell>", "exec"), namespace)  # noqa: S102 - the author's


def _without_magics(source: str) -> str:
    """Return a cell as plain Python, in which IPython's `%` and `!` lines do nothing."""
    lines = source.split("\n")
    return "\n".join("pass" if line.startswith(("%", "!")) else line for line in lines)


def _seed() -> None:
    random.seed(0)
    for name, seed in (("numpy", "random.seed"), ("torch", "manual_seed")):
        if name in sys.modules:
            function: Any = sys.modules[name]
            for attribute in seed.split("."):
                function = getattr(function, attribute)
            function(0)


def _load(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("oracle", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.path.insert(0, str(path.parent))
    spec.loader.exec_module(module)
    return module


def _objection(
    oracle: ModuleType, question: str, cells: Sequence[str], namespace: dict[str, Any], limit: float
) -> str:
    """Return why an answer is wrong, or "" if the oracle finds nothing wrong with it."""
    judge = getattr(oracle, question, None)
    if judge is None:
        raise LookupError(f"oracle.py has no function {question}(namespace)")
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(read)
        _run_child(write, judge, cells, namespace)
    os.close(write)
    with os.fdopen(read, "rb") as pipe:
        readable, _, _ = select.select([pipe], [], [], limit)
        reply = pipe.read(4 * MAX_REASON).decode(errors="replace") if readable else ""
    # It may have replied and go on all the same: an answer can start threads, or never end.
    with contextlib.suppress(ProcessLookupError):
        os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    if not readable:
        return f"it did not come to an end within {limit:g} s"
    return reply.removeprefix("!") if reply else "it ended the process"


def _run_child(pipe: int, judge: Any, cells: Sequence[str], namespace: dict[str, Any]) -> NoReturn:
    """Run the answer and the oracle in the forked child, send the reason, and exit.

    The reply begins with "!", so that an empty reason (a right answer) differs from the
    silence of a process that ended early.
    """
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY_BYTES, MEMORY_BYTES))
    why = ""
    try:
        for cell in cells:
            _run(cell, namespace)
        _seed()
        judge(namespace)
    except BaseException as error:  # noqa: BLE001 - whatever a wrong answer does
        kind = "" if type(error) is AssertionError else f"{type(error).__name__}: "
        why = (kind + str(error)).strip() or "an assertion of the oracle's does not hold"
    # os._exit runs no handlers: an answer may have registered some, and buffers are the parent's.
    os.write(pipe, ("!" + " ".join(why.split())[:MAX_REASON]).encode(errors="replace"))
    os._exit(0)


if __name__ == "__main__":
    sys.exit(main())
