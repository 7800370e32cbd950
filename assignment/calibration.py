"""How the thresholds of this exercise are measured: `gradekit calibrate` runs this file.

A seed stands for a student: it draws the first weights and the order of the batches. The
grader seeds every cell alike, but whoever defines layers in another order, or runs one
cell more, draws other numbers from the same seed. All else is as in the notebook: batches
of 32, plain SGD at 0.1, five epochs for the perceptron and LeNet, three for the CNN, the
last of them at a tenth of the rate.

`gradekit.quality.calibration.experiment` says what the names at the end of this file mean.
Nothing here reaches a student.
"""

from __future__ import annotations

import contextlib
import copy
import functools
import hashlib
import json
import re
import warnings
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import digits
import numpy as np
import prepare
import torch
import training
from reference import (
    NETWORKS,
    gradients,
    images,
    shaken,
    share_right,
    steady_gradients,
)
from torch import nn

BATCH, RATE, LAST_RATE = 32, 0.1, 0.01
EPOCHS = {"fc": 5, "lenet": 5, "cnn": 3}
TEST_IMAGES = 1_000  # as many as the public check reads
FULL_SET = 60_000  # images of the real MNIST

Arrays = dict[str, tuple[digits.Images, digits.Labels]]
Make = Callable[[], nn.Module]
Change = Callable[[torch.Tensor, torch.Tensor], tuple[torch.Tensor, torch.Tensor]]


def real() -> bool:
    """Whether the four files of the real MNIST lie in data/MNIST/raw beside this file."""
    try:
        return len(digits.read_set(Path(__file__).parent / "data", "train")[1]) == FULL_SET
    except OSError:
        return False


@functools.cache
def sets() -> Arrays:
    """Return images, (N, 28, 28), and labels, (N,), of each set."""
    if real():
        folder = Path(__file__).parent / "data"
        train, test = digits.read_set(folder, "train"), digits.read_set(folder, "t10k")
        return {"train": train, "test": (test[0][:TEST_IMAGES], test[1][:TEST_IMAGES])}
    test = digits.made(digits.TEST_SCANS, digits.TEST_IMAGES, digits.TEST_SEED)
    return {
        "train": digits.made(digits.TRAIN_SCANS, digits.TRAIN_IMAGES, digits.TRAIN_SEED),
        "test": (test[0][:TEST_IMAGES], test[1][:TEST_IMAGES]),
        "holdout": digits.made(prepare.HOLDOUT_SCANS, prepare.HOLDOUT_IMAGES, prepare.HOLDOUT_SEED),
    }


@functools.cache
def training_set(kind: str) -> tuple[torch.Tensor, torch.Tensor]:
    """Return all training images in the shape that a network reads, and their labels."""
    images, labels = sets()["train"]
    pixels = torch.from_numpy(images.astype(np.float32) / 255)
    if kind == "fc":
        pixels = pixels.flatten(1)
    else:
        pixels = pixels[:, None].to(memory_format=torch.channels_last)
    return pixels, torch.from_numpy(labels.astype(np.int64))


def trained(
    kind: str, seed: int, *, rates: Sequence[float], make: Make, change: Change | None = None
) -> dict[str, float]:
    """Train a network from a seed, an epoch at each rate; return the accuracy on each set."""
    torch.set_num_threads(1)
    torch.manual_seed(seed)
    network = make().to(memory_format=torch.channels_last)  # the same numbers, a third faster
    x, y = training_set(kind)
    if change is not None:
        x, y = change(x, y)
    for rate in rates:
        optimizer = torch.optim.SGD(network.parameters(), lr=rate)
        for part in torch.randperm(len(y)).split(BATCH):
            loss = nn.functional.cross_entropy(network(x[part]), y[part])
            loss.backward()
            optimizer.step()
            optimizer.zero_grad()
    return {
        name: share_right(network, kind, *arrays)
        for name, arrays in sets().items()
        if name != "train"
    }


def rates(kind: str) -> list[float]:
    """Return the learning rate of each epoch."""
    return [RATE] * (EPOCHS[kind] - 1) + [LAST_RATE]


def linear() -> nn.Module:
    """Return the network without hidden layers."""
    return nn.Sequential(nn.Flatten(), nn.Linear(784, 10))


def without_activation(kind: str) -> nn.Module:
    """Return our network with every ReLU left out."""
    return nn.Sequential(*(part for part in NETWORKS[kind]() if not isinstance(part, nn.ReLU)))


def shuffled(x: torch.Tensor, y: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Return the images with the labels of others."""
    return x, y[torch.randperm(len(y))]


def tenth(x: torch.Tensor, y: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Return the first tenth of the images; each scan is in it once."""
    return x[: len(y) // 10], y[: len(y) // 10]


def weak(kind: str) -> dict[str, Callable[[int], dict[str, float]]]:
    """Return the baselines that a network of this kind has to beat."""
    run, all_epochs = functools.partial(trained, kind), rates(kind)
    ours = NETWORKS[kind]
    return {
        "untrained": functools.partial(run, rates=[], make=ours),
        "one epoch": functools.partial(run, rates=[RATE], make=ours),
        "linear model": functools.partial(run, rates=all_epochs, make=linear),
        "labels shuffled": functools.partial(run, rates=all_epochs, make=ours, change=shuffled),
        "no activation": functools.partial(
            run, rates=all_epochs, make=functools.partial(without_activation, kind)
        ),
        "a tenth of the data": functools.partial(run, rates=all_epochs, make=ours, change=tenth),
    }


def error(got: torch.Tensor, want: torch.Tensor) -> float:
    """Return the largest error as the checks measure it: relative to values above 1."""
    got, want = got.detach().double(), want.detach().double()
    return float(((got - want).abs() / want.abs().clamp(min=1)).max())


@contextlib.contextmanager
def threads(count: int) -> Iterator[None]:
    """Compute with that many threads."""
    before = torch.get_num_threads()
    torch.set_num_threads(count)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def other_ways(
    compute: Callable[[nn.Module, torch.Tensor], list[torch.Tensor]],
    network: nn.Module,
    x: torch.Tensor,
) -> dict[str, float]:
    """Return the error of one computation done in other right ways, by what differs."""
    with threads(1):
        want = compute(network, x)
        layout = copy.deepcopy(network).to(memory_format=torch.channels_last)
        found = {
            "double precision": compute(copy.deepcopy(network).double(), x.double()),
            "memory layout": compute(layout, x),
        }
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about graphics cards that are not here
            with torch.backends.mkldnn.flags(enabled=False):
                found["another library"] = compute(network, x)
    with threads(2):
        found["threads"] = compute(network, x)
    return {
        name: max(error(a, b) for a, b in zip(results, want, strict=True))
        for name, results in found.items()
    }


def worst(results: list[dict[str, float]]) -> dict[str, float]:
    """Return the largest of several errors of each kind."""
    return {name: max(result[name] for result in results) for name in results[0]}


def logits_differ(seed: int) -> dict[str, float]:
    """Return how far right logits are apart, with weights as `reference.computes` draws them."""
    torch.manual_seed(seed)
    return worst(
        [
            other_ways(lambda net, x: [net(x)], network, images(kind, 6))
            for kind in NETWORKS
            for network in (NETWORKS[kind](), shaken(NETWORKS[kind]()))
        ]
    )


def gradients_differ(seed: int) -> dict[str, float]:
    """Return how far right gradients are apart, with weights as `reference` draws them."""
    torch.manual_seed(seed)
    y = torch.randint(10, (6,))
    found = []
    for kind in NETWORKS:
        network, x = NETWORKS[kind](), images(kind, 6)
        steady_gradients(network, x, y)
        found.append(other_ways(lambda net, x: gradients(net, x, y), network, x))
    return worst(found)


def trajectories_differ(seed: int) -> dict[str, float]:
    """Return how far apart right training loops end, as `training.follows` runs them."""
    torch.manual_seed(seed)
    found = []
    for kind, normalised in (("sgd", False), ("sgd", True), ("momentum", False), ("adam", False)):
        start = training.tiny(torch, normalised)
        train, test = training.steady_samples(start, kind, (4, 4))
        parts = training.batches(*train, 4), training.batches(*test, 4)
        with threads(1):
            want = training.end(start, kind, torch.float32, parts)
            ways = {"double precision": training.end(start, kind, torch.float64, parts)}
        with threads(2):
            ways["threads"] = training.end(start, kind, torch.float32, parts)
        found.append(
            {
                name: max(error(a, b) for a, b in zip(end, want, strict=True))
                for name, end in ways.items()
            }
        )
    return worst(found)


SECTION = "mnist" if real() else "digits"
RIGHT = {
    kind: functools.partial(trained, kind, rates=rates(kind), make=NETWORKS[kind])
    for kind in NETWORKS
}
WEAK = {kind: weak(kind) for kind in NETWORKS}
ROUNDING = {
    "logits": logits_differ,
    "gradients": gradients_differ,
    "weights after training": trajectories_differ,
}


def write_bars_into_the_notebook() -> None:
    """Put the bars of thresholds.json where students read them: in text and public checks."""
    folder = Path(__file__).parent
    bars = json.loads((folder / "thresholds.json").read_text(encoding="utf-8"))
    path = folder / "cnn_mnist.ipynb"
    text = path.read_text(encoding="utf-8")
    for kind in NETWORKS:
        test, real_test = (bars[name][kind]["test"]["bar"] for name in ("digits", "mnist"))
        holdout = bars["digits"][kind]["holdout"]["bar"]
        text = re.sub(
            rf"(`model_{kind}`[^\n]*? at least )[\d.]+"
            r"( of the first[^\n]*? MNIST )[\d.]+(\), and )[\d.]+",
            rf"\g<1>{test:.2f}\g<2>{real_test:.2f}\g<3>{holdout:.2f}",
            text,
        )
        text = re.sub(
            rf'(model_{kind}, \\"{kind}\\", {{)[^}}]*}}',
            rf'\g<1>\\"digits\\": {test:.2f}, \\"mnist\\": {real_test:.2f}}}',
            text,
        )
    path.write_text(text, encoding="utf-8")


PUBLISH = write_bars_into_the_notebook


def setup() -> dict[str, object]:
    """Return what the numbers depend on, beside the seeds."""
    return {
        "data_sha256": {
            name: hashlib.sha256(images.tobytes() + labels.tobytes()).hexdigest()
            for name, (images, labels) in sets().items()
        },
        "images": {name: len(labels) for name, (_, labels) in sets().items()},
        "networks": {kind: str(make()) for kind, make in NETWORKS.items()},
        "batch": BATCH,
        "rates": {kind: rates(kind) for kind in NETWORKS},
        "threads": 1,
        "torch": torch.__version__.partition("+")[0],
    }
