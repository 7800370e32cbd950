"""Collect the packages of the grading image on the host, as wheels.

The image is built without a network, so that it is the same everywhere and
needs no registry beyond the one that served this machine. Versions are those
of the environment gradekit itself runs in, unless the assignment asks for
others; what students' code meets in the grader is then what was tested here.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from tempfile import TemporaryDirectory

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from gradekit.core.errors import GraderError
from gradekit.core.files import replace_file

PYTHON = "3.11.2"  # the oldest that the image may have
NEWEST_GLIBC = 36  # 2.36 is Debian 12's; a newer base takes older wheels too

# A remark in requirements.txt: students install this package, the image goes without,
# because it is for a screen or would give the holdout away.
NOT_HERE = "not in the grader"

# Never in an image, marked or not: an exercise may have cut its holdout from the scans
# in here. `isolation` hides the same from kernels behind bubblewrap.
HOLDOUT_ORIGINS = frozenset({"scikit-learn"})

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class WheelSet:
    """Wheels in a folder shared with other sets."""

    folder: Path
    names: tuple[str, ...]

    @property
    def paths(self) -> list[Path]:
        """One path for each wheel, sorted."""
        return [self.folder / name for name in self.names]

    @property
    def digest(self) -> str:
        """Digest of the names; a published wheel never changes under its name."""
        return hashlib.sha256("\n".join(self.names).encode()).hexdigest()


def collect(requirements: str, cache: Path, machine: str, say: Say) -> WheelSet:
    """Return the wheels that `requirements` and gradekit need on Linux `machine`.

    What was collected once for the same packages is taken from `cache`.

    Raises
    ------
    GraderError
        If pip finds no wheel for a package.
    """
    needed = _wanted(requirements)
    pins = _pins(needed)
    key = hashlib.sha256(json.dumps([machine, needed, pins]).encode()).hexdigest()[:16]
    folder, listing = cache / "wheels", cache / "wheels" / f"{key}.json"
    if listing.is_file():
        collected = WheelSet(folder, tuple(json.loads(listing.read_text(encoding="utf-8"))))
        if all(path.is_file() for path in collected.paths):
            return collected
    say("collecting the image's packages as wheels, minutes the first time")
    folder.mkdir(parents=True, exist_ok=True)
    names = _download(needed, pins, folder, machine)
    replace_file(listing, json.dumps(names))
    return WheelSet(folder, tuple(names))


def _wanted(requirements: str) -> list[str]:
    """Return what the assignment and gradekit ask for, one requirement each."""
    lines = (line.partition("#") for line in requirements.splitlines())
    lines_asked = {line.strip() for line, _, remark in lines if remark.strip() != NOT_HERE}
    lines_asked.discard("")
    lines_asked = {
        line for line in lines_asked if canonicalize_name(_parse(line).name) not in HOLDOUT_ORIGINS
    }
    own = [need for need in metadata.requires("gradekit") or [] if "extra ==" not in need]
    return sorted(lines_asked | set(own))


def _parse(line: str) -> Requirement:
    try:
        return Requirement(line)
    except InvalidRequirement as error:
        raise GraderError(
            f"requirements.txt of the bundle: {line!r} is no requirement ({error}). "
            'Write one package a line, like "numpy==2.4.6".'
        ) from None


def _pins(needed: Iterable[str]) -> list[str]:
    """Return the versions installed here, but for packages wanted in another one."""
    wishes = {canonicalize_name(need.name): need for need in map(Requirement, needed)}
    pins = set()
    for distribution in metadata.distributions():
        name = canonicalize_name(distribution.metadata["Name"])
        version = distribution.version.partition("+")[0]  # 2.13.0+cpu is 2.13.0 elsewhere
        wish = wishes.get(name)
        if name != "gradekit" and (wish is None or wish.specifier.contains(version, True)):
            pins.add(f"{name}=={version}")
    return sorted(pins)


def _download(needed: list[str], pins: list[str], folder: Path, machine: str) -> list[str]:
    """Bring the wheels into `folder` and return their names."""
    # Beside its target: `replace` works within one file system only.
    with TemporaryDirectory(dir=folder) as scratch:
        scratch_folder = Path(scratch)
        (scratch_folder / "wanted.txt").write_text("\n".join(needed), encoding="utf-8")
        (scratch_folder / "pins.txt").write_text("\n".join(pins), encoding="utf-8")
        command = [sys.executable, "-m", "pip", "download", "--no-input", "--no-color"]
        command += ["--disable-pip-version-check", "--only-binary=:all:"]
        command += ["--implementation=cp", f"--python-version={PYTHON}"]
        command += [f"--platform={tag}" for tag in _platforms(machine)]
        command += [f"--find-links={folder}", f"--dest={scratch_folder / 'new'}"]
        command += [
            f"--requirement={scratch_folder / 'wanted.txt'}",
            f"--constraint={scratch_folder / 'pins.txt'}",
        ]
        download = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
        )
        if download.returncode:
            raise GraderError(_explain(download.stdout + download.stderr))
        wheels = sorted((scratch_folder / "new").glob("*.whl"))
        for wheel in wheels:
            wheel.replace(folder / wheel.name)
        return [wheel.name for wheel in wheels]


def _platforms(machine: str) -> list[str]:
    """Return the tags of wheels that run on glibc up to `NEWEST_GLIBC`, best first."""
    modern = [f"manylinux_2_{minor}_{machine}" for minor in range(NEWEST_GLIBC, 4, -1)]
    return [*modern, f"manylinux2014_{machine}", f"manylinux1_{machine}", f"linux_{machine}"]


def _explain(log: str) -> str:
    """Return a sentence with what pip gave as the cause."""
    conflict = log.partition("The conflict is caused by:")[2].partition("\n\n")[0].split("\n")
    errors = [line for line in log.splitlines() if line.startswith("ERROR: ")]
    cause = "; ".join(line.strip() for line in conflict if line.strip()) or " ".join(errors[-2:])
    return (
        f"Collecting the image's packages: pip found no fitting wheels ({cause or log[-300:]}). "
        "Check the network and the assignment's requirements.txt, then try again."
    )
