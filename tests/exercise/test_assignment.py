"""The exercise's own files: data, helpers, comparison, reference, and the master's cells."""

from __future__ import annotations

import ast
import contextlib
import hashlib
import importlib
import io
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import nbformat
import numpy as np
import pytest

FOLDER = Path(__file__).parents[2] / "assignment"
MASTER = nbformat.read(FOLDER / "cnn_mnist.ipynb", as_version=4)
CODE = {cell.id: cell.source for cell in MASTER.cells if cell.cell_type == "code"}

torch = pytest.importorskip("torch")


@pytest.fixture(scope="module", autouse=True)
def beside_the_notebook() -> Iterator[None]:
    """Import the support files as the notebook and the worker do, by plain name."""
    sys.path.insert(0, str(FOLDER))
    yield
    sys.path.remove(str(FOLDER))


def module(name: str) -> Any:
    return importlib.import_module(name)


def image_keys(images: np.ndarray) -> set[bytes]:
    return {image.tobytes() for image in images}


# The data set


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the small set."""
    pytest.importorskip("sklearn")
    folder = tmp_path_factory.mktemp("data")
    assert module("digits").prepare(folder)
    return folder


def test_the_digits_are_the_same_bytes_on_every_run(data: Path, tmp_path: Path) -> None:
    """A second process writes what the first one wrote, and never overwrites a file."""
    run = [sys.executable, str(FOLDER / "digits.py"), str(tmp_path)]
    subprocess.run(run, check=True, capture_output=True)
    raw = "MNIST/raw"
    digests = [
        {
            path.name: hashlib.sha256(path.read_bytes()).hexdigest()
            for path in (folder / raw).iterdir()
        }
        for folder in (data, tmp_path)
    ]
    assert digests[0] == digests[1]
    assert len(digests[0]) == 4
    (tmp_path / raw / "t10k-labels-idx1-ubyte").write_bytes(b"real")
    assert not module("digits").prepare(tmp_path)
    assert (tmp_path / raw / "t10k-labels-idx1-ubyte").read_bytes() == b"real"


def test_the_digits_are_what_they_were_when_the_bars_were_set(data: Path) -> None:
    """Thresholds belong to these bytes; other bytes ask for another calibration."""
    thresholds = json.loads((FOLDER / "thresholds.json").read_text())
    raw = data / "MNIST" / "raw"
    images = (raw / "train-images-idx3-ubyte").read_bytes()[16:]  # after magic number and sizes
    labels = (raw / "train-labels-idx1-ubyte").read_bytes()[8:]
    measured = thresholds["digits"]["setup"]["data_sha256"]["train"]
    assert hashlib.sha256(images + labels).hexdigest() == measured


def test_training_test_and_holdout_share_no_scan() -> None:
    """The three slices of scikit-learn's scans are disjoint, and so are the images."""
    pytest.importorskip("sklearn")
    digits, prepare = module("digits"), module("prepare")
    parts = [digits.TRAIN_SCANS, digits.TEST_SCANS, prepare.HOLDOUT_SCANS]
    indices = [set(range(1797)[part]) for part in parts]
    assert sum(map(len, indices)) == len(set().union(*indices))
    made = [image_keys(digits.made(part, 300, seed)[0]) for seed, part in enumerate(parts)]
    assert all(len(keys) == 300 for keys in made)
    assert len(set().union(*made)) == 900


def test_prepare_keeps_the_holdout_away_from_the_students_files(tmp_path: Path) -> None:
    """The holdout is written to hidden/, the training and test sets to files/."""
    pytest.importorskip("sklearn")
    module("prepare").main(str(tmp_path))
    written = {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()}
    assert {name for name in written if name.startswith("hidden/")} == {"hidden/holdout.npz"}
    assert sum(name.startswith("files/data/MNIST/raw/") for name in written) == len(written) - 1
    with np.load(tmp_path / "hidden/holdout.npz") as holdout:
        images, labels = holdout["images"], holdout["labels"]
    assert images.shape == (len(labels), 28, 28)
    assert np.bincount(labels, minlength=10).min() > 200
    for name in ("train", "t10k"):
        seen, _ = module("digits").read_set(tmp_path / "files/data", name)
        assert not image_keys(images) & image_keys(seen)


def test_torchvision_reads_the_set_without_a_download(data: Path) -> None:
    """Torchvision's own MNIST class finds 12,000 and 2,000 images of 28 x 28."""
    module("helpers")
    mnist = module("torchvision.datasets").MNIST
    for train, count in ((True, 12_000), (False, 2_000)):
        found = mnist(data, train=train, download=True)
        assert tuple(found.data.shape) == (count, 28, 28)
        assert found.data.dtype == torch.uint8
        assert set(found.targets.tolist()) == set(range(10))


def test_no_image_is_fetched_one_by_one(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An epoch of N images costs as many fetches as batches, for both loaders."""
    helpers = module("helpers")
    mnist = module("torchvision.datasets").MNIST(data, train=False)
    fetched: list[int] = []
    whole = helpers.ImageBatches.__getitem__

    def counted(self: Any, index: Any) -> Any:
        fetched.append(len(index))
        return whole(self, index)

    monkeypatch.setattr(helpers.ImageBatches, "__getitem__", counted)
    monkeypatch.setattr(type(mnist), "__getitem__", lambda *_: pytest.fail("one image at a time"))
    loader = torch.utils.data.DataLoader(
        helpers.ImageBatches(mnist, flat=True), batch_size=300, collate_fn=helpers.as_it_is
    )
    batches = list(loader)
    assert fetched == [300] * 6 + [200]
    images, labels = batches[-1]
    assert images.shape == (200, 784)
    assert images.dtype == torch.float32
    assert torch.equal(images, mnist.data[-200:].flatten(1).float() / 255)
    assert torch.equal(labels, mnist.targets[-200:])


# The helpers


def test_accuracy_is_the_share_of_right_rows() -> None:
    """Two of three rows have their largest logit at the label."""
    logits = torch.tensor([[2.0, 1.0], [0.0, 3.0], [5.0, 4.0]])
    found = module("helpers").accuracy(logits, torch.tensor([0, 1, 1]))
    assert type(found) is float
    assert found == pytest.approx(2 / 3)


@pytest.mark.parametrize(("rows", "labels"), [(0, 0), (3, 2), (1, 3)])
def test_accuracy_refuses_batches_that_do_not_match(rows: int, labels: int) -> None:
    """Broadcasting must not invent an accuracy."""
    with pytest.raises(ValueError, match="accuracy needs"):
        module("helpers").accuracy(torch.zeros(rows, 4), torch.zeros(labels, dtype=torch.int64))


def test_the_picture_holds_whole_grey_values_and_leaves_no_tie() -> None:
    """Both Sobel results are exact, and none of their values is their mean."""
    convolve2d = pytest.importorskip("scipy.signal").convolve2d
    picture = module("helpers").load_blackwhite_image(FOLDER / "img/shapes.png")
    assert picture.dtype == np.float64
    assert np.array_equal(picture, np.round(picture))
    level = np.array([[-1, -2, -1], [0, 0, 0], [1, 2, 1]])
    for kernel in (level, level.T):
        result = convolve2d(picture, kernel, mode="same")
        assert not np.any(result == result.mean())
        assert result.mean() > 0.5
        assert 0.02 < module("reference").threshold(result).mean() < 0.2


def test_the_pictures_are_those_that_the_code_draws(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The committed pictures are small and equal a fresh drawing, pixel by pixel."""
    image = pytest.importorskip("PIL.Image")
    figures = module("figures")
    monkeypatch.setattr(figures, "FOLDER", tmp_path)
    figures.main()
    for path in sorted(tmp_path.iterdir()):
        committed = FOLDER / "img" / path.name
        assert committed.stat().st_size < 60_000
        with image.open(path) as new, image.open(committed) as old:
            assert np.array_equal(np.asarray(new.convert("RGB")), np.asarray(old.convert("RGB")))


def network_of_ones() -> Any:
    return torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(784, 10))


def test_the_drawing_pad_is_harmless_without_a_browser() -> None:
    """Mouse, blur, predict and reset work on the plain grid."""
    pad = module("helpers").DrawingPad((28, 28), network_of_ones(), "cpu")
    assert pad.grid.shape == (28, 28)
    assert pad.grid.dtype == np.float32
    pad.move(3, 3)
    assert pad.grid.max() == 0  # the pen is up
    pad.press(5.5, 5.5)
    pad.move(20.5, 12.5)
    pad.release()
    assert pad.grid[5, 5] == 1
    assert pad.grid[12, 20] == 1
    assert 0 <= pad.grid.min() < pad.grid.max() <= 1
    line = pad.grid.copy()
    pad.blur()
    assert pad.grid.max() < 1
    assert pad.grid.sum() == pytest.approx(line.sum(), rel=1e-4)
    assert pad.predict() in range(10)
    pad.reset()
    assert pad.grid.max() == 0


def test_the_drawing_pad_reads_what_the_network_reads() -> None:
    """The prediction is the network's largest logit, and the network's mode stays."""
    model = network_of_ones()
    with torch.no_grad():
        model[1].weight.zero_()
        model[1].bias.copy_(torch.arange(10.0) % 8)
    model.train()
    assert module("helpers").DrawingPad((28, 28), model).predict() == 7
    assert model.training


def test_the_sliding_filter_shows_a_strip_without_a_kernel(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Outside Jupyter there is a picture and the sums in words, and nobody is asked anything."""
    monkeypatch.setattr("builtins.input", lambda *_: pytest.fail("input() was called"))
    shown: list[tuple[Any, str]] = []
    monkeypatch.setattr(module("sliding"), "show", lambda *pair: shown.append(pair))
    module("helpers").visualize_convolution()
    ((figure, text),) = shown
    assert len(figure.axes) == 6  # three frames, signal above and output below
    assert module("pictures").png(figure).startswith(b"\x89PNG")
    assert text.splitlines()[0] == "y[0] = 0*1 + 2*0 + 2*(-1) = -2"


def test_a_figure_outside_a_notebook_becomes_its_description(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Nothing is shown, nothing is left open, the words are printed."""
    plt = pytest.importorskip("matplotlib.pyplot")
    module("helpers").show(plt.figure(), "An empty figure.")
    assert capsys.readouterr().out == "An empty figure.\n"
    assert plt.get_fignums() == []


# The comparison

Wrong = Callable[[], Any]

NONSENSE: dict[str, Wrong] = {
    "another shape that broadcasts": lambda: np.ones((3, 1)),
    "a scalar": lambda: 1.0,
    "NaN": lambda: np.array([1.0, np.nan, 1.0]),
    "infinity": lambda: np.array([1.0, np.inf, 1.0]),
    "nothing": lambda: np.array([]),
    "objects": lambda: np.array([1.0, 1.0, 1.0], dtype=object),
    "texts": lambda: np.array(["1", "1", "1"]),
    "complex numbers": lambda: np.ones(3, dtype=complex),
    "a masked array": lambda: np.ma.masked_array(np.ones(3), mask=True),
    "a matrix": lambda: np.ones((1, 3)),
    "a list": lambda: [1.0, 1.0, 1.0],
    "None": lambda: None,
    "integers where floats are wanted": lambda: np.ones(3, dtype=int),
    "truth values": lambda: np.ones(3, dtype=bool),
    "an object that equals everything": type("Yes", (), {"__eq__": lambda *_: True}),
    "an array that equals everything": lambda: np.ones(3).view(
        type("Always", (np.ndarray,), {"__eq__": lambda *_: True})
    ),
    "a value just outside": lambda: np.array([1.0, 1.0, 1.0011]),
}


@pytest.mark.parametrize("kind", NONSENSE)
def test_the_comparison_refuses(kind: str) -> None:
    """Type, kind, shape and finiteness are settled before any number is looked at."""
    with pytest.raises(AssertionError):
        module("checking").same(NONSENSE[kind](), np.ones(3), "y", 1e-3)


def test_the_comparison_accepts_arrays_and_tensors_within_tolerance() -> None:
    """A tensor with a gradient, a float32 array and a parameter are plain values."""
    same = module("checking").same
    same(np.array([1, 1, 1.0009], dtype=np.float32), np.ones(3), "y", 1e-3)
    same(torch.ones(3, requires_grad=True), np.ones(3), "y")
    same(torch.nn.Parameter(torch.ones(3)), torch.ones(3), "y")
    same(np.ones(3, dtype=bool), np.ones(3), "y", kinds="biuf")


def test_a_message_never_asks_the_strangers_object_for_its_text() -> None:
    """A hostile `repr` or `__class__` is not run."""

    class Loud:
        def __repr__(self) -> str:
            pytest.fail("repr was called")

    with pytest.raises(AssertionError, match="type Loud"):
        module("checking").same(Loud(), [1.0], "y")


@pytest.mark.parametrize("value", [None, 3, "network", [1], {}, np.ones(2), torch.ones(2)])
def test_plain_data_is_no_network(value: Any) -> None:
    """What should be called or trained must not be a number or a list."""
    with pytest.raises(AssertionError):
        module("checking").usable(value, "FC")


@pytest.mark.parametrize("value", [True, 3.0, "3", None, [3], np.array(3)])
def test_a_count_is_a_whole_number(value: Any) -> None:
    """Floats, booleans and texts are no counts, equal or not."""
    with pytest.raises(AssertionError):
        module("checking").whole(value, "parameters_fc")


def test_a_network_without_parameters_passes_nothing() -> None:
    """Layers in a plain list are hidden from the optimizer, and an empty list agrees with all."""
    model = torch.nn.Module()
    model.layers = [torch.nn.Linear(2, 2)]
    with pytest.raises(AssertionError, match="no parameters"):
        module("checking").weights(model, "model_fc")


# The reference


@pytest.mark.parametrize(("kind", "count"), [("fc", 567434), ("lenet", 106154), ("cnn", 98442)])
def test_our_networks_have_the_parameters_of_the_exercise(kind: str, count: int) -> None:
    """The numbers that students work out are those of the reference."""
    network = module("reference").NETWORKS[kind]()
    assert sum(p.numel() for p in network.parameters()) == count
    assert network(module("reference").images(kind, 1)).shape == (1, 10)


def test_our_perceptron_is_the_formula() -> None:
    """Four matrix products with ReLU between them, in NumPy and in double precision."""
    reference = module("reference")
    network, x = reference.shaken(reference.fc()), reference.images("fc", 4)
    values = x.double().numpy()
    parameters = [p.detach().double().numpy() for p in network.parameters()]
    for layer in range(4):
        values = values @ parameters[2 * layer].T + parameters[2 * layer + 1]
        values = np.maximum(values, 0) if layer < 3 else values
    module("checking").same(network(x), values, "logits", 1e-4)


def test_our_stage_is_correlation_relu_and_maximum() -> None:
    """A convolutional stage, worked out with explicit loops."""
    reference = module("reference")
    stage = torch.nn.Sequential(*reference._stage(2, 3))
    x = torch.randn(1, 2, 6, 6)
    weight, bias = (p.detach().numpy() for p in stage.parameters())
    padded = np.pad(x[0].numpy(), ((0, 0), (1, 1), (1, 1)))
    maps = np.zeros((3, 6, 6))
    for c, i, j in np.ndindex(3, 6, 6):
        maps[c, i, j] = (padded[:, i : i + 3, j : j + 3] * weight[c]).sum() + bias[c]
    pooled = np.maximum(maps, 0).reshape(3, 3, 2, 3, 2).max(axis=(2, 4))
    module("checking").same(stage(x), pooled[None], "maps", 1e-5)


def test_our_convolution_is_numpys() -> None:
    """Where NumPy's "same" keeps the signal's length, both agree."""
    random = np.random.default_rng(0)
    for n, k in ((1, 1), (7, 1), (7, 2), (7, 3), (12, 5), (12, 6), (9, 9)):
        x, h = random.normal(size=n), random.normal(size=k)
        ours = module("reference").convolution(x, h)
        np.testing.assert_allclose(ours, np.convolve(x, h, mode="same"), atol=1e-12)
    np.testing.assert_array_equal(
        module("reference").convolution(np.array([1, 2]), np.array([3, 4, 5, 6])), [10, 13]
    )


def test_our_threshold_leaves_ties_at_zero() -> None:
    """Larger than the mean, not equal to it."""
    found = module("reference").threshold(np.array([[1, 2], [3, 2]]))
    np.testing.assert_array_equal(found, [[0, 0], [1, 0]])


def test_a_network_with_other_layers_is_no_copy_of_ours() -> None:
    """Equal counts are not enough: the shapes must be ours, each once."""
    reference = module("reference")
    twisted = torch.nn.Sequential(torch.nn.Linear(784, 10), torch.nn.Linear(10, 10))
    for model in (twisted, reference.lenet(), torch.nn.Linear(784, 10)):
        with pytest.raises(AssertionError, match="other sizes"):
            reference.copied(model, reference.fc())


def test_a_forward_that_ignores_its_weights_is_found_out() -> None:
    """Right layers beside a network that computes something else agree with nothing."""
    reference = module("reference")

    class Pretender(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.shown = reference.fc()
            self.used = [reference.fc()]  # a list hides it from `parameters`

        def forward(self, x: Any) -> Any:
            return self.used[0](x)

    with pytest.raises(AssertionError, match="logits"):
        reference.computes(Pretender, reference.fc(), reference.images("fc", 4))
    with pytest.raises(AssertionError, match="logits"):
        reference.trained(module("inside"), Pretender(), "fc")


def test_one_step_of_our_loop_is_the_gradient_step() -> None:
    """Zero weights, one sample, rate 1: the weights become plus and minus one half."""
    model = torch.nn.Linear(1, 2)
    module("checking").load(model, torch.zeros)
    batch = [(torch.ones(1, 1), torch.zeros(1, dtype=torch.int64))]
    training = module("training")
    opt = torch.optim.SGD(model.parameters(), lr=1.0)
    right = training.trajectory(model, torch.nn.CrossEntropyLoss(), opt, batch, batch)
    assert right == [1.0] * training.EPOCHS
    step, weight = 0.0, 0.0
    for _ in range(training.EPOCHS):  # weight and bias move alike, so the logits are 2 w, -2 w
        step = 1 / (1 + np.exp(4 * weight))
        weight += step
    module("checking").same(model.weight, [[weight], [-weight]], "weight", 1e-4)


def test_library_convolutions_are_seen_by_any_name() -> None:
    """An alias, SciPy and PyTorch are noticed; an own loop is not."""
    library_calls = module("inside").library_calls
    x, h = np.arange(4.0), np.ones(3)
    alias = np.convolve
    assert library_calls(lambda x, h: alias(x, h, "same"), x, h)
    assert library_calls(lambda x, h: np.correlate(x, h, "same"), x, h)
    assert library_calls(
        lambda x, h: torch.nn.functional.conv1d(torch.tensor(x)[None], torch.tensor(h)[None, None]),
        x,
        h,
    )
    assert library_calls(module("reference").convolution, x, h) == []
    assert sys.getprofile() is None


# The master


@pytest.mark.parametrize("cell", CODE)
def test_every_code_cell_of_the_master_parses(cell: str) -> None:
    """No cell needs IPython's own syntax, so any tool can read it."""
    ast.parse(CODE[cell])


def test_every_figure_has_alternative_text_and_exists() -> None:
    """A picture in the text says what it shows, and its file is beside the notebook."""
    text = "\n".join(cell.source for cell in MASTER.cells if cell.cell_type == "markdown")
    pictures = [part.partition("](") for part in text.split("![")[1:]]
    assert len(pictures) == 4
    for words, _, rest in pictures:
        assert len(words.split()) >= 10
        assert (FOLDER / rest.split(")")[0]).exists()


def test_the_text_names_the_bars_that_are_measured() -> None:
    """Students read the numbers of thresholds.json, for both sets."""
    thresholds = json.loads((FOLDER / "thresholds.json").read_text())
    text = {cell.id: cell.source for cell in MASTER.cells if cell.cell_type == "markdown"}
    for kind in ("fc", "lenet", "cnn"):
        digits, mnist = thresholds["digits"][kind], thresholds["mnist"][kind]
        bars = (digits["test"]["bar"], mnist["test"]["bar"], digits["holdout"]["bar"])
        for bar in bars:
            assert f"{bar:.2f}" in text[f"{kind}_accuracy-text"], (kind, bar)
        check = CODE[f"{kind}_accuracy-check-reads-the-test-images"]
        assert f"'digits': {bars[0]:.2f}, 'mnist': {bars[1]:.2f}" in check.replace('"', "'")


@pytest.mark.parametrize("kind", ["fc", "lenet", "cnn"])
@pytest.mark.parametrize("part", ["test", "holdout"])
def test_every_bar_is_safe_and_catches_a_network_that_learnt_nothing(kind: str, part: str) -> None:
    """Under both models a right answer fails once in 10,000; no untrained network passes."""
    measured = json.loads((FOLDER / "thresholds.json").read_text())["digits"][kind][part]
    assert measured["seeds"] >= 100
    assert measured["bar"] < measured["min"]
    for model in measured["false_fail"].values():
        assert model["estimate"] <= 1e-4
    for baseline in ("untrained", "labels shuffled"):
        power = measured["power"][baseline]
        assert power["below"] == power["of"]
        assert power["max"] < measured["bar"] - 0.1


def test_tolerances_lie_between_rounding_and_the_smallest_mistake() -> None:
    """Ten times what threads, layouts and libraries change, and far below a wrong step."""
    measured = json.loads((FOLDER / "thresholds.json").read_text())["rounding"]
    for entry in measured.values():
        assert 10 * max(entry["largest"].values()) <= entry["tolerance"] <= 2e-3


def test_the_checks_are_worth_sixty_points() -> None:
    """Automatic points add up to 60, and no check is free."""
    points = [
        float(line.removeprefix("points: "))
        for name, source in CODE.items()
        if "-check-" in name
        for line in source.splitlines()
        if line.startswith("points: ")
    ]
    assert sum(points) == 60
    assert min(points) >= 1


def test_no_answer_has_an_output() -> None:
    """The master is a source: no outputs, no execution counts, nothing in the metadata."""
    for cell in MASTER.cells:
        assert cell.metadata == {}
        assert not cell.get("outputs")
        assert cell.get("execution_count") is None


def test_the_command_line_of_digits_says_what_it_did(data: Path) -> None:
    """A second run leaves the files alone and says so."""
    run = [sys.executable, str(FOLDER / "digits.py"), str(data)]
    done = subprocess.run(run, check=True, capture_output=True, text=True)
    assert "already there" in done.stdout


def test_importing_the_helpers_prints_nothing() -> None:
    """The shim for torchvision works in silence, and only where it is needed."""
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        importlib.reload(module("helpers"))
    assert printed.getvalue() == ""


def test_the_points_named_at_the_top_are_those_of_the_questions() -> None:
    """Students plan by them."""
    manifest = json.loads(
        (FOLDER.parent / "autograder" / "manifest.json").read_text(encoding="utf-8")
    )
    by_hand = sum(q["out_of"] for q in manifest["questions"] if q["manual"])
    master = json.loads((FOLDER / "cnn_mnist.ipynb").read_text(encoding="utf-8"))
    [text] = ["".join(c["source"]) for c in master["cells"] if c["id"] == "how-to"]
    assert f"{manifest['out_of']:g} in all, and {by_hand:g} for the answers that a person" in text
