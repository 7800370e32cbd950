"""A control group holds all of a student's processes together, where one can be made."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from gradekit.worker.kernel import control_group
from gradekit.worker.kernel.control_group import ControlGroup

MEMORY, PROCESSES = 300 << 20, 40


@pytest.fixture
def group() -> Iterator[ControlGroup]:
    made = control_group.make(MEMORY, PROCESSES)
    if made is None:
        pytest.skip("CONTROL GROUPS ARE NOT TESTED: this user may not make one here")
    yield made
    made.close()


def run(group: ControlGroup, code: str) -> subprocess.CompletedProcess[str]:
    command = group.joining([sys.executable, "-c", code])
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


def test_the_system_enforces_what_was_asked_for(group: ControlGroup) -> None:
    """What is read back from the system is what was written."""
    assert group.in_force() == {"memory": MEMORY, "pids": PROCESSES}


def test_children_together_get_no_more_memory_than_one_may(group: ControlGroup) -> None:
    """Each child stays below the limit; all of them do not, and not all survive."""
    code = (
        "import os, time\n"
        "children = []\n"
        "for _ in range(4):\n"
        "    children.append(os.fork())\n"
        "    if not children[-1]:\n"
        "        block = b'1' * (120 << 20)\n"
        "        time.sleep(1)\n"
        "        os._exit(0)\n"
        "print(sum(os.waitpid(child, 0)[1] == 0 for child in children))\n"
    )
    told = run(group, code)
    assert told.stdout.strip() in ("", "0", "1", "2"), told


def test_no_more_processes_than_allowed_can_be_started(group: ControlGroup) -> None:
    """The system refuses the one too many."""
    code = (
        "import os, time\n"
        "for n in range(100):\n"
        "    try:\n"
        "        if not os.fork():\n"
        "            time.sleep(1)\n"
        "            os._exit(0)\n"
        "    except OSError:\n"
        "        break\n"
        "print(n)\n"
    )
    assert int(run(group, code).stdout) < PROCESSES


def test_a_group_is_gone_when_it_is_closed(group: ControlGroup) -> None:
    """No folder stays behind, though its last process has only just ended."""
    run(group, "pass")
    group.close()
    assert not [folder for folder in group.folders if folder.exists()]


def test_the_group_of_a_dead_maker_is_swept_away(group: ControlGroup) -> None:
    """A worker that was killed could not remove its own."""
    code = (
        "from gradekit.worker.kernel import control_group as c;print(*c.make(1 << 28, 9).folders)"
    )
    made = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.split()
    assert all(Path(folder).is_dir() for folder in made)
    control_group.sweep()
    assert not any(Path(folder).exists() for folder in made)
    assert all(folder.is_dir() for folder in group.folders), "a living maker keeps its own"


def test_a_version_2_tree_is_read_from_its_mount(tmp_path: Path) -> None:
    """Our group, and those above it in which a session manager may let us make one."""
    own = tmp_path / "user.slice" / "app.scope"
    own.mkdir(parents=True)
    (tmp_path / "cgroup.controllers").write_text("cpu memory pids\n", "ascii")
    mount = f"30 24 0:26 / {tmp_path} rw,nosuid - cgroup2 cgroup2 rw"
    found = control_group._hierarchy(mount, {"": "/user.slice/app.scope"})
    assert found is not None
    assert found.controllers == {"memory", "pids"}
    assert found.places == (own, own.parent, tmp_path)


def test_controllers_that_are_not_handed_down_make_no_group(tmp_path: Path) -> None:
    """Limits would stand in files that the system does not read."""
    (tmp_path / "cgroup.subtree_control").write_text("cpu\n", "ascii")
    controllers = frozenset({"memory", "pids"})
    assert not control_group._hands_down(tmp_path, controllers)
    (tmp_path / "cgroup.subtree_control").write_text("memory pids\n", "ascii")
    assert control_group._hands_down(tmp_path, controllers)


def test_where_nothing_is_mounted_there_is_no_group() -> None:
    """Other lines of mountinfo are passed over."""
    assert control_group._hierarchy("22 1 8:1 / / rw - ext4 /dev/sda1 rw", {"": "/"}) is None
