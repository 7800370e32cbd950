"""Run answers of the author's own and ask the author's oracle about each.

    python -m gradekit.quality.audit.oracle_process ORACLE

reads {"paths": [...], "seconds": 30, "steps": [...]} from standard input and prints a
line of JSON for each answer. A step is {"run": source} or {"question": name,
"answers": [[source, ...], ...]}. The notebook is run once, from step to step; for every
answer this process makes a copy of itself, which runs the answer and the oracle and is
gone. So no answer can change what the next one meets, and none can hold it up. Only
files that an author wrote come here, never a student's: they run with the rights of
whoever builds.
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

MEMORY_BYTES = 6 << 30
MOST = 400  # characters of a reason
STAND_IN = "__main__"


def main(arguments: Sequence[str] | None = None) -> int:
    """Walk through the steps on standard input."""
    given = json.loads(sys.stdin.read())
    results = os.fdopen(os.dup(1), "w", encoding="utf-8")
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, 0)
    os.dup2(nowhere, 1)
    sys.path[:0] = given["paths"]
    namespace: dict[str, Any] = {"__name__": STAND_IN}
    path = Path((sys.argv[1:] if arguments is None else arguments)[0])
    oracle = None
    for step in given["steps"]:
        if "run" in step:
            _run(step["run"], namespace)
            continue
        oracle = oracle or _loaded(path)
        for number, cells in enumerate(step["answers"]):
            why = _asked(oracle, step["question"], cells, namespace, given["seconds"])
            answer = {"question": step["question"], "number": number, "why": why}
            results.write(json.dumps(answer) + "\n")
            results.flush()
    return 0


def _run(source: str, namespace: dict[str, Any]) -> None:
    """Run one cell, seeded as in the student's kernel."""
    _seed()
    exec(compile(_without_magics(source), "<cell>", "exec"), namespace)  # noqa: S102 - the author's


def _without_magics(source: str) -> str:
    lines = source.split("\n")
    return "\n".join("pass" if line.startswith(("%", "!")) else line for line in lines)


def _seed() -> None:
    random.seed(0)
    for name, seed in (("numpy", "random.seed"), ("torch", "manual_seed")):
        if name in sys.modules:
            found: Any = sys.modules[name]
            for part in seed.split("."):
                found = getattr(found, part)
            found(0)


def _loaded(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("oracle", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.path.insert(0, str(path.parent))
    spec.loader.exec_module(module)
    return module


def _asked(
    oracle: ModuleType, question: str, cells: Sequence[str], namespace: dict[str, Any], limit: float
) -> str:
    """Return why an answer is wrong, or "" if the oracle finds nothing wrong with it."""
    ask = getattr(oracle, question, None)
    if ask is None:
        raise LookupError(f"oracle.py has no function {question}(namespace)")
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(read)
        _in_copy(write, ask, cells, namespace)
    os.close(write)
    with os.fdopen(read, "rb") as pipe:
        ready, _, _ = select.select([pipe], [], [], limit)
        said = pipe.read(4 * MOST).decode(errors="replace") if ready else ""
    with contextlib.suppress(ProcessLookupError):
        os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    if not ready:
        return f"it did not come to an end within {limit:g} s"
    return said.removeprefix("!") if said else "it ended the process"


def _in_copy(pipe: int, ask: Any, cells: Sequence[str], namespace: dict[str, Any]) -> NoReturn:
    """Run the answer and the oracle, send the reason, and be gone; "!" comes first."""
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY_BYTES, MEMORY_BYTES))
    why = ""
    try:
        for cell in cells:
            _run(cell, namespace)
        _seed()
        ask(namespace)
    except BaseException as error:  # noqa: BLE001 - whatever a wrong answer does
        kind = "" if type(error) is AssertionError else f"{type(error).__name__}: "
        why = (kind + str(error)).strip() or "an assertion of the oracle's does not hold"
    os.write(pipe, ("!" + " ".join(why.split())[:MOST]).encode(errors="replace"))
    os._exit(0)


if __name__ == "__main__":
    sys.exit(main())
