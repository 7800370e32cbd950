"""The image: built offline, found again by its digest, and closed to students."""

from __future__ import annotations

import json
import os
import shutil
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from gradekit.core.errors import GraderError
from gradekit.sandbox import image, wheels
from gradekit.sandbox.prepare import cache_root

if TYPE_CHECKING:
    from collections.abc import Callable

    from docker import DockerClient

NEEDED = (
    "ipykernel ipywidgets jupyter_client matplotlib nbformat numpy otter.test_files scipy torch zmq"
)


@pytest.fixture(scope="module")
def build(docker_client: DockerClient) -> Callable[[Path], tuple[str, list[str]]]:
    """A function that builds the image of a bundle and returns its tag and what was said."""

    def ensure(bundle: Path) -> tuple[str, list[str]]:
        said: list[str] = []
        cache = cache_root()
        tag = image.ensure_image(
            docker_client, bundle, base=image.base_image(), cache=cache, say=said.append
        )
        return tag, said

    return ensure


@pytest.fixture
def copy(secret_bundle: Path, tmp_path: Path) -> Path:
    """A copy of the bundle, with other dates."""
    return Path(shutil.copytree(secret_bundle, tmp_path / "copy", copy_function=shutil.copyfile))


def inside(client: DockerClient, tag: str, code: str) -> Any:
    """Return what a piece of Python prints as JSON in the image."""
    command = ["python", "-c", code]
    return json.loads(client.containers.run(tag, command, network_mode="none", remove=True))


@pytest.mark.docker
def test_the_second_build_takes_seconds_and_says_nothing(build: Any, secret_bundle: Path) -> None:
    """Nothing is sent to the engine where nothing changed."""
    first, _ = build(secret_bundle)
    start = time.monotonic()
    second, said = build(secret_bundle)
    assert (second, said) == (first, [])
    assert time.monotonic() - start < 5


@pytest.mark.docker
def test_equal_content_has_the_same_image_whatever_its_dates(
    build: Any, secret_bundle: Path, copy: Path
) -> None:
    """The tag is a digest of contents, not of a folder or its dates."""
    assert build(copy)[0] == build(secret_bundle)[0]


@pytest.mark.docker
def test_a_changed_check_builds_only_the_last_layers(
    build: Any, secret_bundle: Path, copy: Path, docker_client: DockerClient
) -> None:
    """A new bundle on the old environment is a matter of seconds."""
    old, _ = build(secret_bundle)
    (copy / "tests" / "question.py").write_text("CHANGED = 1\n", encoding="utf-8")
    start = time.monotonic()
    new, said = build(copy)
    seconds = time.monotonic() - start
    docker_client.images.remove(new)
    assert new != old
    assert said == [f"building the image {new}"]
    assert seconds < 20


@pytest.mark.docker
def test_only_the_files_of_a_bundle_are_open(
    build: Any, secret_bundle: Path, docker_client: DockerClient
) -> None:
    """Folders of root's own shut the rest, and nobody else may write anywhere."""
    code = (
        "import json, os; root = '/autograder';"
        "print(json.dumps({name: [oct(os.stat(f'{root}/{name}').st_mode & 0o777),"
        " os.stat(f'{root}/{name}').st_uid] for name in os.listdir(root)}))"
    )
    assert inside(docker_client, build(secret_bundle)[0], code) == {
        "files": ["0o755", 0],
        "program": ["0o700", 0],
        "results": ["0o700", 0],
        "source": ["0o700", 0],
        "submission": ["0o700", 0],
    }


@pytest.mark.docker
def test_the_image_has_what_notebooks_need(
    build: Any, secret_bundle: Path, docker_client: DockerClient
) -> None:
    """Every package of the worker and of the exercise can be imported, without a network."""
    code = (
        "import importlib, json\n"
        f"for name in {NEEDED.split()}: importlib.import_module(name)\n"
        "import importlib.metadata; print(json.dumps(importlib.metadata.version('torchvision')))"
    )
    assert inside(docker_client, build(secret_bundle)[0], code) == "0.28.0"


@pytest.mark.docker
def test_the_origin_of_the_holdout_is_not_in_the_image(
    build: Any, secret_bundle: Path, docker_client: DockerClient
) -> None:
    """The digits were made from scikit-learn's, so the image goes without it."""
    code = "import importlib.util, json; print(json.dumps(importlib.util.find_spec('sklearn')))"
    assert inside(docker_client, build(secret_bundle)[0], code) is None


@pytest.mark.docker
def test_the_image_has_the_versions_that_are_installed_here(
    build: Any, secret_bundle: Path, docker_client: DockerClient
) -> None:
    """What was tested on this machine is what grades."""
    code = "import json, numpy, zmq; print(json.dumps([numpy.__version__, zmq.__version__]))"
    import numpy as np
    import zmq

    here = [np.__version__, zmq.__version__]
    assert inside(docker_client, build(secret_bundle)[0], code) == here


@pytest.mark.docker
def test_a_base_image_that_cannot_be_had_is_a_sentence_with_the_remedy(
    docker_client: DockerClient, secret_bundle: Path, tmp_path: Path
) -> None:
    """A machine without a registry needs BASE_IMAGE, and is told so."""
    with pytest.raises(GraderError, match=r"cannot be pulled.*BASE_IMAGE=<image>"):
        image.ensure_image(
            docker_client,
            secret_bundle,
            base="localhost:1/nobody/nothing:never",
            cache=tmp_path,
            say=lambda _: None,
        )


def test_base_image_is_taken_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """BASE_IMAGE is honoured, and the official slim Python is the default."""
    monkeypatch.setenv("BASE_IMAGE", "mine:1")
    assert image.base_image() == "mine:1"
    monkeypatch.delenv("BASE_IMAGE")
    assert image.base_image() == "python:3.11-slim"


def test_a_link_in_a_bundle_does_not_lead_out_of_it(tmp_path: Path) -> None:
    """Only regular files of the bundle itself go into an image."""
    (tmp_path / "outside").write_text("secret", encoding="utf-8")
    (tmp_path / "bundle").mkdir()
    (tmp_path / "bundle" / "link").symlink_to(tmp_path / "outside")
    entries = image._tree(tmp_path / "bundle", "x", image.OPEN)
    assert [name for name, _, _ in entries] == ["x"]


def test_the_last_stage_needs_no_wheels() -> None:
    """What changes often is built without sending the gigabyte that does not."""
    recipe = image._grader_recipe("environment:1")
    assert recipe.startswith("FROM environment:1\n")
    assert "wheels" not in recipe


def test_a_requirement_that_is_none_is_a_sentence(tmp_path: Path) -> None:
    """An author's slip in requirements.txt is named, with an example of a right line."""
    with pytest.raises(GraderError, match="no requirement"):
        wheels.collect("numpy=2\n", tmp_path, "x86_64", lambda _: None)


def test_the_wish_of_an_assignment_goes_before_the_version_here() -> None:
    """A package asked for in another version is not pinned to the one installed."""
    pinned = {pin.partition("==")[0] for pin in wheels._pins(["numpy<1"])}
    assert "numpy" not in pinned
    assert "scipy" in pinned


def test_a_package_marked_so_stays_out_of_the_image() -> None:
    """A package may be needed at home and be of no use in the grader."""
    wanted = wheels._wanted("numpy\njupyterlab==4.6.6  # not in the grader\n# a remark\n")
    assert "numpy" in wanted
    assert not [need for need in wanted if need.startswith("jupyterlab")]


def test_the_origin_of_the_holdout_stays_out_unmarked() -> None:
    """A remark that somebody forgot gives no holdout away."""
    wanted = wheels._wanted("numpy\nScikit_Learn==1.9.1\n")
    assert not [need for need in wanted if "learn" in need.lower()]


def test_pins_hold_on_other_machines() -> None:
    """A local version, as in 2.13.0+cpu, exists on this machine alone."""
    assert not [pin for pin in wheels._pins([]) if "+" in pin]


@pytest.mark.slow
def test_a_package_without_a_wheel_is_a_sentence_with_the_cause(tmp_path: Path) -> None:
    """The cause that pip named is kept, its pages of output are not."""
    with pytest.raises(GraderError, match="no fitting wheels") as caught:
        wheels.collect("numpy==0.0.1\n", tmp_path, "x86_64", lambda _: None)
    assert "numpy==0.0.1" in str(caught.value)
    assert len(str(caught.value)) < 2000


@pytest.mark.skipif(os.name != "posix", reason="modes")
def test_an_archive_is_the_same_bytes_twice(tmp_path: Path) -> None:
    """No owner and no date gets into a build context."""
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "a").write_text("a", encoding="utf-8")
    packed = []
    for stamp in (1, 2):
        os.utime(folder / "a", (stamp, stamp))
        target = tmp_path / f"{stamp}.tar"
        with target.open("wb") as stream:
            image._pack(stream, image._tree(folder, "x", image.SECRET))
        packed.append(target.read_bytes())
    assert packed[0] == packed[1]
