"""Build the Docker image that grades, offline and only when something changed.

Two images: the environment (gigabytes, changes with the packages) and on top of
it the grader (a few megabytes, changes with the bundle and with gradekit). The
name of each contains a digest of all that goes in, so "is it up to date" is the
question whether the name exists, and nothing is sent to the engine to find out.

The checks, the holdout and gradekit belong to root alone in the image. The only
thing of the bundle that students' code may read is `/autograder/files`.
"""

from __future__ import annotations

import fcntl
import hashlib
import io
import os
import re
import tarfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from tempfile import TemporaryFile
from typing import IO, Any

from docker import DockerClient
from docker.errors import APIError, DockerException, ImageNotFound
from requests.exceptions import RequestException

from gradekit.core import program
from gradekit.core.bundle import Bundle
from gradekit.core.errors import GraderError
from gradekit.sandbox.wheels import Say, WheelSet, collect

DEFAULT_BASE = "python:3.11-slim"
STAND_IN = "gradekit-base:bookworm"  # made by .ci/base-image where no registry is reached
ENVIRONMENT = "gradekit-environment"
LABEL = "gradekit.stage"
GRADER_STAGE = "FROM environment AS grader\n"

SECRET = 0o700, 0o600  # modes of folders and files that only root reads
OPEN = 0o755, 0o644

Entry = tuple[str, int, bytes | Path | None]  # name in the archive, mode, content; None: folder


def base_image() -> str:
    """Return the base image: `BASE_IMAGE` from the environment, or the official one."""
    return os.environ.get("BASE_IMAGE") or DEFAULT_BASE


def dockerfile() -> str:
    """Return the Dockerfile that every bundle is built with."""
    return Path(__file__).with_name("Dockerfile").read_text(encoding="utf-8")


def ensure_image(client: DockerClient, prepared: Path, *, base: str, cache: Path, say: Say) -> str:
    """Return the tag of the image that grades with `prepared`, built if it is missing.

    Raises
    ------
    GraderError
        If the base image cannot be had, a package has no wheel, or the build fails.
    """
    environment = _ensure_environment(client, prepared, base=base, cache=cache, say=say)
    image = grader_image(prepared, environment)
    if not _present(client, image.tag):
        say(f"building the image {image.tag}")
        _build(client, image.recipe, image.entries, tag=image.tag)
    return image.tag


@dataclass(frozen=True, slots=True)
class GraderImage:
    """All that goes into the image of one bundle, and the tag that says so."""

    recipe: str
    entries: tuple[Entry, ...]
    tag: str


def grader_image(prepared: Path, environment: str) -> GraderImage:
    """Return what the image that grades with `prepared` is made of, without making it."""
    recipe, entries = _grader_recipe(environment), tuple(_grader_entries(prepared))
    tag = f"gradekit-{_assignment(prepared)}:{_digest(recipe, entries)}"
    return GraderImage(recipe, entries, tag)


def planned(client: DockerClient, base: str) -> str | None:
    """Say in a sentence what an image would be built from, or None if that is not here."""
    if _present(client, base):
        return f"base image {base} is here"
    if base == DEFAULT_BASE and _present(client, STAND_IN):
        return f"base image {STAND_IN} is here and stands in for {base}"
    return None


def environments(client: DockerClient | None) -> int:
    """Return how many environments have been built, without which an image takes minutes."""
    return len(client.images.list(name=ENVIRONMENT)) if client is not None else 0


def _ensure_environment(
    client: DockerClient, prepared: Path, *, base: str, cache: Path, say: Say
) -> str:
    requirements = prepared / "requirements.txt"
    text = requirements.read_text(encoding="utf-8") if requirements.is_file() else ""
    origin = _base(client, base, say)
    with _alone(cache, say):
        wheels = collect(text, cache, _machine(origin.attrs["Architecture"]), say)
        recipe = dockerfile().partition(GRADER_STAGE)[0]
        # The base by its id: its name may mean another image tomorrow.
        tag = f"{ENVIRONMENT}:{_digest(recipe + origin.id + wheels.digest, [])}"
        if not _present(client, tag):
            say(f"building the environment image from {base}, two minutes and more")
            try:
                _build(client, recipe, _wheel_entries(wheels), tag=tag, base=origin.id)
            finally:
                _tidy(client)
    return tag


@contextmanager
def _alone(cache: Path, say: Say) -> Iterator[None]:
    """Let one gradekit at a time build an environment; the next one finds it built."""
    cache.mkdir(parents=True, exist_ok=True)
    with (cache / "environment.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("waiting for another gradekit that builds an environment image")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _tidy(client: DockerClient) -> None:
    """Remove the stage that held the wheels, and what interrupted builds left long ago."""
    for filters in ({"label": f"{LABEL}=wheels"}, {"label": LABEL, "until": "1h"}):
        with suppress(DockerException, RequestException):
            client.images.prune(filters={**filters, "dangling": True})


def _machine(architecture: str) -> str:
    """Return the engine's word for an architecture in the words of wheels."""
    return {"amd64": "x86_64", "arm64": "aarch64"}.get(architecture, architecture)


def _base(client: DockerClient, base: str, say: Say) -> Any:
    """Return the base image, or its stand-in, or pull it."""
    try:
        return client.images.get(base)
    except ImageNotFound:
        if base == DEFAULT_BASE and _present(client, STAND_IN):
            return client.images.get(STAND_IN)
    say(f"pulling the base image {base}")
    try:
        for event in client.api.pull(base, stream=True, decode=True):
            if "error" in event:
                raise GraderError(_no_base(base, event["error"]))
        return client.images.get(base)
    except DockerException as error:
        raise GraderError(
            _no_base(base, getattr(error, "explanation", None) or str(error))
        ) from None


def _no_base(base: str, why: str) -> str:
    return (
        f"The base image {base} is not on this machine and cannot be pulled ({why.strip()[:200]}). "
        "Name an image with Python 3.11 that is here with BASE_IMAGE=<image> "
        "(.ci/base-image makes one from Debian's packages), or use --sandbox bubblewrap."
    )


def _present(client: DockerClient, tag: str) -> bool:
    try:
        client.images.get(tag)
    except ImageNotFound:
        return False
    return True


def _assignment(prepared: Path) -> str:
    """Return the assignment's name as Docker allows it in an image's name."""
    assignment = Bundle.load(prepared).assignment
    return re.sub(r"[^a-z0-9]+", "-", assignment.lower()).strip("-") or "bundle"


def _grader_recipe(environment: str) -> str:
    """Return the last stage alone, on top of an environment that exists.

    The engine would otherwise ask for the wheels again to find its cached layers.
    """
    label = f"LABEL {ENVIRONMENT}={environment}\n"
    return f"FROM {environment}\n{label}{dockerfile().partition(GRADER_STAGE)[2]}"


def _wheel_entries(wheels: WheelSet) -> Iterator[Entry]:
    yield "wheels", OPEN[0], None
    for path in wheels.paths:
        yield f"wheels/{path.name}", OPEN[1], path


def _grader_entries(prepared: Path) -> Iterator[Entry]:
    """Yield what goes below /autograder: the bundle, what students see, gradekit."""
    yield "autograder", OPEN[0], None
    yield "autograder/submission", SECRET[0], None
    yield "autograder/results", SECRET[0], None
    yield from _tree(prepared, "autograder/source", SECRET)
    yield from _tree(prepared / "files", "autograder/files", OPEN)
    yield "autograder/program", SECRET[0], None
    yield from _program()


def _program() -> Iterator[Entry]:
    """Yield the part of gradekit that runs in there, which is what marks depend on."""
    home = "autograder/program/gradekit"
    yield home, SECRET[0], None
    yield f"{home}/__init__.py", SECRET[1], b""  # its version grades nobody again
    folders = {home}
    for name, path in program.files():
        for parent in reversed(PurePosixPath(home, name).parents):
            if str(parent).startswith(home) and str(parent) not in folders:
                folders.add(str(parent))
                yield str(parent), SECRET[0], None
        yield f"{home}/{name}", SECRET[1], path


def _tree(folder: Path, name: str, modes: tuple[int, int]) -> Iterator[Entry]:
    """Yield the regular files below `folder`; links could lead out of it."""
    yield name, modes[0], None
    for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
        inner = path.relative_to(folder)
        if "__pycache__" in inner.parts or path.is_symlink():
            continue
        if path.is_dir():
            yield f"{name}/{inner.as_posix()}", modes[0], None
        elif path.is_file():
            yield f"{name}/{inner.as_posix()}", modes[1], path


def _digest(recipe: str, entries: Iterable[Entry]) -> str:
    """Return a short digest of all that goes into an image."""
    total = hashlib.sha256(recipe.encode())
    for name, mode, content in entries:
        data = content.read_bytes() if isinstance(content, Path) else content or b""
        total.update(f"\0{name}\0{mode:o}\0{hashlib.sha256(data).hexdigest()}".encode())
    return total.hexdigest()[:16]


def _build(
    client: DockerClient, recipe: str, entries: Iterable[Entry], *, tag: str, base: str = ""
) -> None:
    """Build `tag`, or raise a `GraderError` that quotes the engine's last words."""
    last: list[str] = []
    try:
        with TemporaryFile() as context:
            _pack(context, [("Dockerfile", OPEN[1], recipe.encode()), *entries])
            context.seek(0)
            events = client.api.build(
                fileobj=context,
                custom_context=True,
                tag=tag,
                buildargs={"BASE_IMAGE": base} if base else {},
                network_mode="none",
                rm=True,
                forcerm=True,
                decode=True,
            )
            for event in events:
                last = [*last[-3:], event.get("stream", "").strip()]
                if "error" in event:
                    raise GraderError(_failed(tag, event["error"], last))
    except (APIError, DockerException, OSError) as error:
        raise GraderError(_failed(tag, str(error), last)) from None


def _failed(tag: str, error: str, last: list[str]) -> str:
    output = " ".join(line for line in last if line)
    return (
        f"Building the image {tag} failed: {error.strip()} (before that: {output[-400:]}). "
        'Check the disk with "docker system df", then run "gradekit image" again.'
    )


def _pack(context: IO[bytes], entries: Iterable[Entry]) -> None:
    """Write a tar archive without owners and dates, so equal content is equal bytes."""
    with tarfile.open(fileobj=context, mode="w") as archive:
        for name, mode, content in entries:
            info = tarfile.TarInfo(name)
            info.mode = mode
            if content is None:
                info.type = tarfile.DIRTYPE
                archive.addfile(info)
            elif isinstance(content, Path):
                info.size = content.stat().st_size
                with content.open("rb") as stream:
                    archive.addfile(info, stream)
            else:
                info.size = len(content)
                archive.addfile(info, io.BytesIO(content))
