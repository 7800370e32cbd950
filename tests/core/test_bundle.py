"""A bundle is read whole or refused, and made ready once."""

import hashlib
import json
import shutil
from pathlib import Path

import pytest

from gradekit.author.build import Built
from gradekit.core.bundle import Bundle
from gradekit.core.errors import AuthorError
from gradekit.sandbox.prepare import prepare_bundle

COMMITTED = Path(__file__).parents[2] / "autograder"


@pytest.fixture
def bundle(averages: Built, tmp_path: Path) -> Path:
    """A bundle of the test's own, to be changed."""
    return shutil.copytree(averages.autograder, tmp_path / "built" / "autograder")


def test_a_bundle_knows_its_questions_and_points(bundle: Path) -> None:
    """As its manifest says."""
    loaded = Bundle.load(bundle)
    assert [(q.name, q.out_of) for q in loaded.questions if q.checks] == [
        ("moving_average", 6.0),
        ("peak", 4.0),
    ]


def test_a_bundle_is_written_as_it_was_read() -> None:
    """To the byte, and so is its digest: the committed manifest, not one of this very run."""
    manifest = (COMMITTED / "manifest.json").read_bytes()
    committed = Bundle.load(COMMITTED)
    assert committed.text().encode() == manifest
    assert committed.digest == hashlib.sha256(manifest).hexdigest()


def test_a_manifest_in_another_layout_grades_nobody_anew(bundle: Path) -> None:
    """The digest is that of the content; a changed point changes it."""
    digest, path = Bundle.load(bundle).digest, bundle / "manifest.json"
    manifest = json.loads(path.read_text("utf-8"))
    path.write_text(json.dumps(manifest))
    assert Bundle.load(bundle).digest == digest
    manifest["questions"][0]["checks"][0]["points"] += 1
    path.write_text(json.dumps(manifest))
    assert Bundle.load(bundle).digest != digest


def test_a_folder_without_manifest_says_what_to_do(tmp_path: Path) -> None:
    """The author may have named another folder, or not built yet."""
    with pytest.raises(AuthorError, match="gradekit build"):
        Bundle.load(tmp_path)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"questions": 3}', "\udcff"])
def test_a_damaged_manifest_is_the_authors_error(tmp_path: Path, text: str) -> None:
    """Never a traceback."""
    (tmp_path / "manifest.json").write_text(text, errors="surrogateescape")
    with pytest.raises(AuthorError, match="no manifest"):
        Bundle.load(tmp_path)


def test_a_changed_file_is_refused(bundle: Path, tmp_path: Path) -> None:
    """What grades is what was built, tried and promised."""
    (bundle / "tests" / "peak.py").write_text("name = 'peak'")
    with pytest.raises(AuthorError, match=r"peak\.py: missing or changed"):
        prepare_bundle(bundle, tmp_path / "cache")


def with_recipe(bundle: Path, recipe: str) -> Path:
    """Add a recipe, and its digest to the manifest."""
    (bundle / "hidden" / "prepare.py").write_text(recipe)
    manifest = json.loads((bundle / "manifest.json").read_text())
    manifest["files"]["hidden/prepare.py"] = hashlib.sha256(recipe.encode()).hexdigest()
    (bundle / "manifest.json").write_text(json.dumps(manifest))
    return bundle


RECIPE = """
import pathlib, sys, helpers, reference
target = pathlib.Path(sys.argv[1])
(target / "files" / "data.txt").write_text("made")
count = target.parents[1] / "count"
count.write_text(count.read_text() + "x" if count.exists() else "x")
"""


def test_a_recipe_is_run_once(bundle: Path, tmp_path: Path) -> None:
    """It sees the bundle's modules; the second time the result is there."""
    with_recipe(bundle, RECIPE)
    for _ in range(2):
        ready = prepare_bundle(bundle, tmp_path / "cache")
    assert (ready / "files" / "data.txt").read_text() == "made"
    assert (tmp_path / "cache" / "bundles" / "count").read_text() == "x"
    assert not (bundle / "files" / "data.txt").exists()


def test_a_recipe_that_fails_leaves_nothing_behind(bundle: Path, tmp_path: Path) -> None:
    """And is named with its last words."""
    with_recipe(bundle, "raise SystemExit('no images')")
    with pytest.raises(AuthorError, match="no images"):
        prepare_bundle(bundle, tmp_path / "cache")
    assert list((tmp_path / "cache" / "bundles").iterdir()) == []
