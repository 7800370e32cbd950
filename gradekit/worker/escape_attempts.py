"""Attempts to get out of the isolation, made from where the students' code runs.

`self_check` sends this text to a kernel as an ordinary cell and reads back what `look`
returns. Each function tries one thing that the isolation should prevent and returns
what got through, in words; nothing, if the isolation holds. It stands alone, like `agent`, and
leaves nothing behind.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

NOWHERE = ("192.0.2.1", 9)  # an address for documentation; no machine has it
TEMPORARY = ("/tmp", "/dev/shm")  # noqa: S108 - the sandbox's own
SPARE = 4 << 20  # bytes beyond a limit that must not fit


def look(targets: dict[str, Any]) -> dict[str, str]:
    """Return what got through, by the name of what should have prevented it."""
    attempts = {
        "network": network(),
        "writing": written(targets["closed"]),
        "secrets": readable(targets["secret"]),
        "processes of others": reachable(targets["own init"]),
        "rights": rights(targets["uid"], targets["namespace"]),
        "memory": memory(targets["memory"]),
        "disk": disk(targets["disk"]),
        "processes": processes(targets["processes"]),
    }
    return {name: ", ".join(breaches)[:300] for name, breaches in attempts.items()}


def network() -> Iterator[str]:
    """Yield the ways that lead out."""
    yield from sorted({name for _, name in socket.if_nameindex()} - {"lo"})
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
        with contextlib.suppress(OSError), socket.socket(socket.AF_INET, kind) as connection:
            # Where packets are dropped, an attempt would wait for minutes.
            connection.settimeout(1)
            connection.connect(NOWHERE)
            yield f"a way to {NOWHERE[0]}"


def written(folders: list[str]) -> Iterator[str]:
    """Yield the folders in which a file could be made."""
    for folder in folders:
        path = Path(folder) / f".gradekit-{os.getpid()}"
        with contextlib.suppress(OSError):
            path.touch(exist_ok=False)
            path.unlink()
            yield folder


def readable(paths: list[str]) -> Iterator[str]:
    """Yield what could be listed, read or connected to."""
    for path in paths:
        with contextlib.suppress(OSError):
            if Path(path).is_dir():
                next(os.scandir(path), None)
            elif Path(path).is_socket():
                with socket.socket(socket.AF_UNIX) as connection:
                    connection.connect(path)
            else:
                Path(path).read_bytes()
            yield path


def reachable(own_init: bool) -> Iterator[str]:
    """Yield the processes beside this one that could be read or signalled."""
    own = {os.getpid()} | ({1} if own_init else set())
    for pid in (int(entry.name) for entry in os.scandir("/proc") if entry.name.isdigit()):
        if pid in own:
            continue
        for file in (f"/proc/{pid}/environ", f"/proc/{pid}/mem"):
            with contextlib.suppress(OSError), Path(file).open("rb"):
                yield file
        with contextlib.suppress(OSError):
            os.kill(pid, 0)
            yield f"signals to process {pid}"


def rights(uid: int, namespace: int) -> Iterator[str]:
    """Yield the rights that are left: capabilities, new privileges, the worker's own user."""
    lines = Path("/proc/self/status").read_text("ascii", "replace").splitlines()
    status = dict(line.split(":\t", 1) for line in lines if ":\t" in line)
    yield from (f"{cap} {status[cap]}" for cap in ("CapPrm", "CapEff") if int(status[cap], 16))
    if status.get("NoNewPrivs") != "1":
        yield "programs that give new privileges"
    if os.getuid() == uid and Path("/proc/self/ns/user").stat().st_ino == namespace:
        yield "the worker's own user"


def memory(limit: int) -> Iterator[str]:
    """Yield what was allocated beyond the limit; nothing of it is touched."""
    with contextlib.suppress(MemoryError):
        yield f"{len(bytearray(limit + SPARE)) >> 20} MiB of memory"


def disk(limit: int) -> Iterator[str]:
    """Yield the folders that took more than they may hold."""
    for folder in (Path.home(), *map(Path, TEMPORARY)):
        files = [folder / f".gradekit-{os.getpid()}-{n}" for n in range(4)]
        try:
            for file in files:
                file.write_bytes(bytes((limit + SPARE) // len(files)))
            yield f"{(limit + SPARE) >> 20} MiB in {folder}"
        except OSError:
            continue
        finally:
            for file in files:
                file.unlink(missing_ok=True)


def processes(limit: int) -> Iterator[str]:
    """Yield how many processes could be started beyond the limit."""
    children: list[int] = []
    try:
        # A few more than allowed: how many of the limit are left depends on what else runs.
        for _ in range(limit + 4):
            child = os.fork()
            if child == 0:
                signal.pause()
                os._exit(0)
            children.append(child)
        yield f"{len(children)} processes"
    except OSError:
        return
    finally:
        for child in children:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
