"""Find out whether this machine can grade, and what would hold students' code.

Everything is tried rather than looked up: the engine is asked, a namespace is made,
and the sandbox's promises are put to the same self-check that precedes every grading.
A finding that is not well says what to do. What no sandbox protects from is part of
the answer, because "can grade" means little without it.
"""

from __future__ import annotations

import os
import platform
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement

from gradekit.core.errors import GradekitError
from gradekit.core.job import Promise
from gradekit.sandbox import docker, docker_engine, image
from gradekit.sandbox.local import LocalSandbox
from gradekit.sandbox.prepare import cache_root, prepare_bundle
from gradekit.worker import self_check

OLDEST_PYTHON = (3, 11)
ROOMY = 8 << 30  # bytes of disk that a first image build needs

NOT_COVERED = {
    "docker": (
        "flaws of the Linux kernel, which containers share",
        "whoever may use the engine's socket is as good as root on this machine",
    ),
    "bubblewrap": (
        "flaws of the Linux kernel, which namespaces share",
        "the packages that students' code may read are this machine's own",
    ),
}
NO_GROUP = "a burst of memory by many processes: this user may not make a control group"
NO_IMAGE = 'the promises are tried as soon as there is an image: run "gradekit image"'


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at; `remedy` says what to do where it is not well."""

    subject: str
    ok: bool
    says: str
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """All findings, and the sandbox that `auto` would take, if there is one."""

    findings: tuple[Finding, ...]
    sandbox: str | None
    tried: tuple[Promise, ...] = ()  # the sandbox's promises
    untried: str = ""  # why they could not be tried

    @property
    def can_grade(self) -> bool:
        """Whether `gradekit grade` would find a sandbox and what it needs."""
        needed = (finding.ok for finding in self.findings if finding.subject in NEEDED)
        holds = all(promise.holds for promise in self.tried)
        return self.sandbox is not None and all(needed) and holds

    @property
    def not_covered(self) -> tuple[str, ...]:
        """What the sandbox does not protect from."""
        burst = self.sandbox == "bubblewrap" and self_check.TOGETHER not in (
            promise.promise for promise in self.tried
        )
        return (*NOT_COVERED.get(self.sandbox or "", ()), *([NO_GROUP] if burst else []))


NEEDED = ("python", "packages")


def examine(bundle: Path | None = None) -> Diagnosis:
    """Look at this machine and say what was found; Docker is tried with the image of a bundle."""
    docker, bubblewrap = list(_docker()), _bubblewrap()
    findings = (_python(), _packages(), *docker, bubblewrap, _user(), _disk())
    sandbox = "docker" if docker[0].ok else "bubblewrap" if bubblewrap.ok else None
    tried, untried = _tried(sandbox, bundle)
    return Diagnosis(findings, sandbox, tried, untried)


def _tried(sandbox: str | None, bundle: Path | None) -> tuple[tuple[Promise, ...], str]:
    """Put the sandbox to its self-check, if that needs no long build first."""
    try:
        if sandbox == "docker":
            if bundle is None or not image.environments(docker_engine.engine()):
                return (), NO_IMAGE
            return docker.DockerSandbox(prepare_bundle(bundle)).check(), ""
        if sandbox == "bubblewrap":
            with tempfile.TemporaryDirectory(prefix="gradekit-") as folder:
                for name in ("files", "tests", "hidden"):  # what a bundle has, to be kept apart
                    (Path(folder) / name).mkdir()
                return LocalSandbox(Path(folder), "bubblewrap").check(), ""
    except GradekitError as error:
        return (), str(error)
    return (), ""


def _python() -> Finding:
    oldest = ".".join(map(str, OLDEST_PYTHON))
    return Finding(
        "python",
        sys.version_info >= OLDEST_PYTHON,
        platform.python_version(),
        f"install Python {oldest} or later",
    )


def _packages() -> Finding:
    missing = list(_missing())
    if missing:
        remedy = f'run "{sys.executable} -m pip install {" ".join(map(shlex.quote, missing))}"'
        return Finding("packages", False, f"missing: {', '.join(missing)}", remedy)
    return Finding("packages", True, "all that gradekit asks for")


def _missing() -> Iterator[str]:
    for line in metadata.requires("gradekit") or []:
        need = Requirement(line)
        try:
            version = metadata.version(need.name)
        except metadata.PackageNotFoundError:
            yield need.name
        else:
            if not need.specifier.contains(version, prereleases=True):
                yield f"{need.name}{need.specifier}"


def _docker() -> Iterator[Finding]:
    """Yield whether the engine answers and, if so, what it can do."""
    answer = docker_engine.ask_engine()
    if answer.client is None:
        yield Finding("docker", False, answer.reason, "start it, or grade with bubblewrap")
        return
    facts = answer.client.info()
    yield Finding("docker", True, f"engine {facts['ServerVersion']} answers")
    yield _limits(facts)
    base = image.base_image()
    plan = image.planned(answer.client, base)
    says = plan or f"base image {base} is not here"
    remedy = "the first build pulls it; where no registry is reached, set BASE_IMAGE"
    yield Finding("image", plan is not None, says, remedy)


def _limits(facts: dict[str, Any]) -> Finding:
    """Return which of the limits the engine can enforce; some kernels lack some."""
    controllers = {
        "MemoryLimit": "memory",
        "PidsLimit": "processes",
        "CpuCfsQuota": "processor time",
    }
    lacking = [name for key, name in controllers.items() if not facts.get(key)]
    version = facts.get("CgroupVersion", "?")
    if lacking:
        says = f"cgroups {version} here cannot limit {', '.join(lacking)}"
        return Finding("limits", False, says, "use a kernel with these controllers")
    return Finding("limits", True, f"cgroups {version} limit {', '.join(controllers.values())}")


def _bubblewrap() -> Finding:
    """Return whether bubblewrap can make the namespaces that hold a notebook."""
    if shutil.which("bwrap") is None:
        remedy = "install it (Debian: apt-get install bubblewrap)"
        return Finding("bubblewrap", False, "not installed", remedy)
    command = ["bwrap", "--unshare-all", "--die-with-parent", "--ro-bind", "/", "/"]
    command += ["--proc", "/proc", "--dev", "/dev", "true"]
    try:
        tried = subprocess.run(command, capture_output=True, text=True, timeout=10, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        return Finding("bubblewrap", False, f"does not run ({error})", "reinstall it")
    if tried.returncode:
        says = f"cannot make namespaces ({tried.stderr.strip()[:200]})"
        remedy = "allow user namespaces (kernel.unprivileged_userns_clone, AppArmor) or use Docker"
        return Finding("bubblewrap", False, says, remedy)
    return Finding("bubblewrap", True, "makes its namespaces")


def _user() -> Finding:
    """Return who grades; both sandboxes work for root and for ordinary users."""
    uid = os.getuid()
    return Finding("user", True, "root" if uid == 0 else f"ordinary user (uid {uid})")


def _disk() -> Finding:
    folder = cache_root()
    while not folder.exists() and folder != Path(folder.root):
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    says = f"{free / (1 << 30):.0f} GiB free for packages and images"
    return Finding("disk", free >= ROOMY, says, "a first image build needs about 8 GiB")
