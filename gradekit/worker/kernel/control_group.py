"""Limits for all of a student's processes together, where this user may set them.

The system's limits on a process hold for each process alone, so a burst of many
could take more memory than one may. A control group holds them all. Linux has two
versions of these, and who may make one differs: root on most machines, an ordinary
user where the session manager hands a part of the tree over. So a group is tried
rather than looked for; where none can be made `make` returns None, and the limits on
each process and the look at all of them have to do.

A group is a folder named after the process that made it. Whoever comes next removes
those whose maker is gone.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil

PREFIX = "gradekit-"
WANTED = ("memory", "pids")
# Put this very process into each group named before the "--", then become the command.
JOIN = """\
while [ "$1" != -- ]; do echo $$ > "$1/cgroup.procs" || exit 125; shift; done
shift
exec "$@"
"""
UNLIMITED = 1 << 60  # version 1 says "no limit" with a number near the largest
REMOVAL_SECONDS = 2.0  # a killed process leaves its group a moment later
_numbers = itertools.count()


@dataclass(frozen=True, slots=True)
class Hierarchy:
    """One mounted tree of groups, and the groups below which we might make ours."""

    version: int
    controllers: frozenset[str]
    places: tuple[Path, ...]  # this process's own group first, then those above it


@dataclass(frozen=True, slots=True)
class ControlGroup:
    """A group that was made: one folder, or one for each controller in version 1."""

    folders: tuple[Path, ...]

    def joining(self, command: list[str]) -> list[str]:
        """Return a command that joins the group and then becomes `command`."""
        return ["sh", "-c", JOIN, "sh", *map(str, self.folders), "--", *command]

    def in_force(self) -> dict[str, int]:
        """Return what the system says it enforces, by controller."""
        names = {"memory": ("memory.max", "memory.limit_in_bytes"), "pids": ("pids.max",)}
        limits = {}
        for (kind, files), folder in itertools.product(names.items(), self.folders):
            for path in (folder / file for file in files):
                with contextlib.suppress(OSError, ValueError):
                    limits[kind] = int(path.read_text("ascii"))
        return {kind: limit for kind, limit in limits.items() if limit < UNLIMITED}

    def used(self) -> int | None:
        """Return the bytes that its processes hold, each page once; None where nobody counts."""
        for folder in self.folders:
            with contextlib.suppress(OSError, ValueError):
                lines = (folder / "memory.stat").read_text("ascii").splitlines()
                held = {name: int(size) for name, size in (line.split() for line in lines)}
                return held.get("total_rss", held.get("anon", 0)) + held.get(
                    "total_shmem", held.get("shmem", 0)
                )
        return None

    def close(self) -> None:
        """Remove the group, whose processes have been killed."""
        deadline = time.monotonic() + REMOVAL_SECONDS
        for folder in self.folders:
            while not _removed(folder) and time.monotonic() < deadline:
                time.sleep(0.01)


def make(memory_bytes: int, processes: int) -> ControlGroup | None:
    """Return a new group with these limits, or None where this user may not make one."""
    sweep()
    folders: list[Path] = []
    for hierarchy in hierarchies():
        folder = _made(hierarchy, memory_bytes, processes)
        folders += [folder] if folder is not None else []
    group = ControlGroup(tuple(folders))
    with contextlib.suppress(OSError, subprocess.SubprocessError):
        limits = {"memory": memory_bytes, "pids": processes}
        if (
            _near(group.in_force(), limits)
            and not subprocess.run(
                group.joining(["true"]), check=False, capture_output=True, timeout=10
            ).returncode
        ):
            return group
    group.close()
    return None


def own() -> ControlGroup:
    """Return the group that this process is in."""
    return ControlGroup(tuple(hierarchy.places[0] for hierarchy in hierarchies()))


def sweep() -> None:
    """Remove the groups of processes that no longer live."""
    for hierarchy in hierarchies():
        for folder in (folder for group in hierarchy.places for folder in _ours(group)):
            if not _maker_lives(folder.name):
                _removed(folder)


def hierarchies() -> list[Hierarchy]:
    """Return the mounted trees of groups that can limit memory or processes."""
    try:
        lines = Path("/proc/self/cgroup").read_text("utf-8").splitlines()
        mounts = Path("/proc/self/mountinfo").read_text("utf-8").splitlines()
    except OSError:
        return []  # not Linux
    own: dict[str, str] = {}
    for line in lines:
        _, names, path = line.split(":", 2)
        own |= dict.fromkeys(names.split(","), path)
    return [hierarchy for mount in mounts if (hierarchy := _hierarchy(mount, own)) is not None]


def _hierarchy(mount: str, own: dict[str, str]) -> Hierarchy | None:
    """Return the tree that a line of mountinfo speaks of, if it is of use."""
    before, _, after = mount.partition(" - ")
    root, point = before.split()[3:5]
    kind, _, options = [*after.split(), "", ""][:3]
    if kind == "cgroup2":
        controllers = _words(Path(point) / "cgroup.controllers") & set(WANTED)
        return (
            Hierarchy(2, controllers, _places(Path(point), root, own.get("", "/")))
            if controllers
            else None
        )
    controllers = frozenset(options.split(",")) & set(WANTED) if kind == "cgroup" else frozenset()
    if not controllers:
        return None
    return Hierarchy(1, controllers, _places(Path(point), root, own.get(min(controllers), "/"))[:1])


def _places(point: Path, root: str, path: str) -> tuple[Path, ...]:
    """Return this process's own group and those above it, as far as they are mounted."""
    try:
        below = Path(path).relative_to(root)
    except ValueError:
        below = Path()
    if ".." in below.parts or not (point / below).is_dir():
        below = Path()
    return tuple(point / group for group in (below, *below.parents))


def _made(hierarchy: Hierarchy, memory_bytes: int, processes: int) -> Path | None:
    """Make our folder below the first group that lets us limit what is in it."""
    name = f"{PREFIX}{os.getpid()}-{_born(os.getpid()):.0f}-{next(_numbers)}"
    for parent in hierarchy.places:
        with contextlib.suppress(OSError):
            if hierarchy.version == 2 and not _hands_down(parent, hierarchy.controllers):
                continue
            folder = parent / name
            folder.mkdir()
            _set(folder, memory_bytes, processes)
            return folder
    return None


def _hands_down(group: Path, controllers: frozenset[str]) -> bool:
    """Return whether groups below this one can have the controllers; ask for it where allowed."""
    file = group / "cgroup.subtree_control"
    if not controllers <= _words(file) and os.access(file, os.W_OK):
        with contextlib.suppress(OSError):  # refused wherever processes are in the group itself
            file.write_text(" ".join(f"+{name}" for name in sorted(controllers)), "ascii")
    return controllers <= _words(file)


def _set(folder: Path, memory_bytes: int, processes: int) -> None:
    values = {
        "memory.max": memory_bytes,
        # Swap would be memory without a limit, and slow for everybody.
        "memory.swap.max": 0,
        "memory.limit_in_bytes": memory_bytes,
        "memory.memsw.limit_in_bytes": memory_bytes,  # the same number: no swap
        "pids.max": processes,
    }
    for name, value in values.items():
        if (folder / name).exists():
            (folder / name).write_text(str(value), "ascii")


def _near(enforced: dict[str, int], limits: dict[str, int]) -> bool:
    """Return whether all is in force; memory is counted in pages."""
    return all(
        name in enforced and abs(enforced[name] - value) < 1 << 16 for name, value in limits.items()
    )


def _ours(group: Path) -> Iterator[Path]:
    with contextlib.suppress(OSError):
        yield from group.glob(f"{PREFIX}*-*-*")


def _removed(folder: Path) -> bool:
    try:
        folder.rmdir()
    except FileNotFoundError:
        return True
    except OSError:
        return False
    return True


def _maker_lives(name: str) -> bool:
    """Return whether the process that made a group lives, told apart from later ones."""
    try:
        pid, born = name.removeprefix(PREFIX).split("-")[:2]
        # The name has whole seconds only.
        return abs(_born(int(pid)) - float(born)) < 2
    except psutil.NoSuchProcess:
        return False
    # When in doubt it lives: to remove the group of a living process would cost its limits.
    except (ValueError, psutil.Error):
        return True


def _born(pid: int) -> float:
    return float(psutil.Process(pid).create_time())


def _words(file: Path) -> frozenset[str]:
    try:
        return frozenset(file.read_text("ascii").split())
    except OSError:
        return frozenset()
