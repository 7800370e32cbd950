"""The part of gradekit that lives in the student's kernel, and that nobody trusts.

The worker sends this text to a fresh process which is already another user, or
behind namespaces. `main` takes the limits upon itself, makes the home folder,
starts an ordinary IPython kernel, and answers probes about the namespace: read a
name, read an attribute, call, index, iterate. The student's code shares the
process and may change every line of what stands here while it runs; so an answer
is a claim, and the worker reads it as one.
"""

from __future__ import annotations

import builtins
import contextlib
import io
import os
import random
import resource
import sys
import types
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gradekit.worker.kernel import values
else:
    import gradekit_values as values  # the text of values.py, put there by the launcher

MAX_PRINTED = 1 << 16  # characters of one call's output that travel back
CELL_SEED = 0
POLITENESS = 10  # a crowd of the student's loops must not starve the worker beside it


def main(settings: dict[str, Any]) -> None:
    """Turn this process into the student's kernel; returns when the kernel ends."""
    _limit(settings["limits"])
    _furnish(Path(settings["home"]), Path(settings["files"]))
    sys.modules["otter"] = _quiet_otter()
    greeting = os.dup(1)
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, 1)  # ipykernel greets on standard output
    app = _kernel_app(settings)
    agent = Agent(app.shell)
    app.kernel.comm_manager.register_target(values.TARGET, agent.open)
    app.shell.events.register("pre_run_cell", lambda _info: seed(CELL_SEED))
    os.umask(0o022)
    os.write(greeting, b"ready\n")
    os.close(greeting)
    for descriptor in (0, 2):
        os.dup2(null, descriptor)
    app.start()


def _limit(limits: dict[str, Any]) -> None:
    """Take on the limits; a process cannot raise them again."""
    for kind, most in (
        (resource.RLIMIT_NPROC, int(limits["processes"])),
        (resource.RLIMIT_DATA, int(limits["memory_bytes"])),
        (resource.RLIMIT_FSIZE, int(limits["disk_bytes"])),
        (resource.RLIMIT_CORE, 0),
    ):
        with contextlib.suppress(ValueError, OSError):  # a lower limit is in force already
            resource.setrlimit(kind, (most, most))
    os.nice(POLITENESS)
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000")  # out of memory: this one goes first


def _furnish(home: Path, files: Path) -> None:
    """Make the home folder and lay the exercise's files into it, as links."""
    home.mkdir(parents=True, exist_ok=True)
    home.chmod(0o711)  # the worker reaches the sockets, and nobody else can look around
    os.chdir(home)
    (home / ".k").mkdir(exist_ok=True)
    for path in sorted(files.iterdir()) if files.is_dir() else []:
        if not (home / path.name).exists():
            (home / path.name).symlink_to(path)
    sys.path.insert(0, str(home))


def _kernel_app(settings: dict[str, Any]) -> Any:
    from ipykernel.kernelapp import IPKernelApp  # noqa: PLC0415 - after the limits are on
    from traitlets.config import Config  # noqa: PLC0415

    os.umask(0)  # the worker, another user, must be able to connect to the sockets
    ports = {f"{name}_port": n for n, name in enumerate(settings["channels"], start=1)}
    app = IPKernelApp.instance(
        config=Config(
            {
                "Session": {"key": settings["key"].encode()},
                "InlineBackend": {"figure_formats": set()},  # nobody looks at the pictures
            }
        ),
        transport="ipc",
        ip=settings["socket"],
        connection_file=str(Path(settings["home"]) / ".k" / "kernel.json"),
        capture_fd_output=False,
        **ports,
    )
    app.initialize([])  # type: ignore[no-untyped-call]
    return app


def _quiet_otter() -> types.ModuleType:
    """Return a stand-in for Otter, whose public checks the worker runs in its place."""

    class Notebook:
        def __init__(self, *_: Any, **__: Any) -> None:
            pass

        def __getattr__(self, name: str) -> Any:
            if name.startswith("_"):
                raise AttributeError(name)
            return lambda *_, **__: None

    module = types.ModuleType("otter")
    module.Notebook = Notebook  # type: ignore[attr-defined]
    return module


def seed(number: int) -> None:
    """Seed every generator that is loaded, so that equal submissions train equally."""
    random.seed(number)
    with contextlib.suppress(Exception):  # the student may have put anything in their place
        if "numpy" in sys.modules:
            sys.modules["numpy"].random.seed(number)
        if "torch" in sys.modules:
            sys.modules["torch"].manual_seed(number)


class Agent:
    """Answers the worker's probes about one namespace."""

    def __init__(self, shell: Any) -> None:
        self._shell = shell
        self._objects: dict[int, Any] = {}
        self._numbers: dict[int, int] = {}  # id of an object -> its number
        self._last = 0

    def open(self, comm: Any, _message: Any) -> None:
        """Begin a conversation: every message that follows is one probe."""

        def answer(message: dict[str, Any]) -> None:
            number = message["content"]["data"]["probe"]
            comm.send(data={"probe": number}, buffers=self.answer(message["buffers"]))

        comm.on_msg(answer)

    def answer(self, frames: list[Any]) -> Any:
        """Return the frames of {"value" or "error", "printed"}."""
        printed = _Printed()
        try:
            with contextlib.redirect_stdout(printed):
                probe = values.decode(frames, self._resolve)
                result = {"value": getattr(self, "_" + probe.pop("do"))(**probe)}
            return values.encode({**result, "printed": printed.text()}, self._refer)
        except BaseException as error:  # noqa: BLE001 - an interrupt, SystemExit: answers as well
            text = {"error": _description(error), "printed": printed.text()}
            return values.encode(text, self._refer)

    def _name(self, name: str) -> Any:
        namespace = self._shell.user_ns
        return namespace[name] if name in namespace else getattr(builtins, name)

    def _has(self, name: str) -> bool:
        return name in self._shell.user_ns or hasattr(builtins, name)

    def _attribute(self, of: Any, name: str) -> Any:
        return getattr(of, name)

    def _item(self, of: Any, key: Any) -> Any:
        return of[key]

    def _call(self, of: Any, arguments: list[Any], named: dict[str, Any]) -> Any:
        return of(*arguments, **named)

    def _iterate(self, of: Any) -> Any:
        return _Iterator(iter(of))

    def _next(self, of: Any) -> list[Any]:
        try:
            return [next(of.iterator)]
        except StopIteration:
            return []

    def _forget(self, number: int) -> None:
        """Let go of what the last check held, and seed for the next one."""
        self._objects.clear()
        self._numbers.clear()
        seed(number)

    def _refer(self, value: Any) -> list[Any]:
        number = self._numbers.get(id(value))
        if number is None or self._objects.get(number) is not value:
            self._last += 1
            number = self._last
            self._objects[number] = value
            self._numbers[id(value)] = number
        return [number, str(type(value).__name__)[: values.MAX_KIND]]

    def _resolve(self, content: Any) -> Any:
        return self._objects[content]


class _Iterator:
    """An iterator, kept apart from what it yields so that it travels as a reference."""

    def __init__(self, iterator: Any) -> None:
        self.iterator = iterator


class _Printed(io.TextIOBase):
    """Keeps the first part of what a call prints."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._room = MAX_PRINTED

    def write(self, text: str) -> int:
        excerpt = str(text)[: self._room]
        if excerpt:
            self._parts.append(excerpt)
            self._room -= len(excerpt)
        return len(text)

    def text(self) -> str:
        return "".join(self._parts).encode("utf-8", "replace").decode()


def _description(error: BaseException) -> list[str]:
    """Return the name of the exception's type and its text."""
    try:
        text = str(error)[: values.MAX_RAISED].encode("utf-8", "replace").decode()
    except BaseException:  # noqa: BLE001 - whatever the student's __str__ does
        text = ""
    return [type(error).__name__[: values.MAX_KIND], text]
