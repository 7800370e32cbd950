"""Our own answers: what the hidden checks compare with. Only graders have this file.

A network is judged by what it computes. `agrees` takes the weights of the student's
network by value, puts them into ours and demands the same logits on fresh random
images; so neither attribute names nor declared counts matter, and a forward pass that
ignores its weights is found out. Accuracy is measured by our forward pass alone, here,
on images that never leave this process.
"""

from __future__ import annotations

import copy
import functools
import itertools
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from checking import listed, load, plain, same, usable, weights
from numpy.typing import NDArray
from torch import nn

HERE = Path(__file__).resolve().parent
BATCH = 256  # images whose activations stay in the cache: half the time of all at once
MEASURED: dict[str, float] = {}  # share of hidden images that each network reads, for staff
STEADY, DRAWS = 1e-5, 20  # how much rounding may decide of a draw, and how often to draw


def fc() -> nn.Module:
    """Return the multi-layer perceptron: 567,434 parameters."""
    sizes = (784, 512, 256, 128, 10)
    layers: list[nn.Module] = []
    for inputs, outputs in itertools.pairwise(sizes):
        layers += [nn.Linear(inputs, outputs), nn.ReLU()]
    return nn.Sequential(*layers[:-1])


def lenet() -> nn.Module:
    """Return the variant of LeNet-5: 106,154 parameters."""
    return nn.Sequential(
        *_stage(1, 6),
        *_stage(6, 16),
        nn.Flatten(),
        *(nn.Linear(7 * 7 * 16, 120), nn.ReLU()),
        *(nn.Linear(120, 84), nn.ReLU()),
        nn.Linear(84, 10),
    )


def cnn(filters: Sequence[int] = (16, 32, 64)) -> nn.Module:
    """Return the network of three convolutions: 98,442 parameters by default."""
    first, second, third = filters
    return nn.Sequential(
        *_stage(1, first),
        *_stage(first, second),
        *_stage(second, third),
        nn.Flatten(),
        *(nn.Linear(3 * 3 * third, 128), nn.ReLU()),
        nn.Linear(128, 10),
    )


def _stage(inputs: int, outputs: int) -> tuple[nn.Module, ...]:
    """Return convolution, ReLU and pooling: half the height and width."""
    return nn.Conv2d(inputs, outputs, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2)


NETWORKS: dict[str, Callable[[], nn.Module]] = {"fc": fc, "lenet": lenet, "cnn": cnn}


@functools.cache
def close(comparison: str) -> float:
    """Return how far apart two right results may be, as `gradekit calibrate` measured it."""
    measured = json.loads((HERE / "thresholds.json").read_text(encoding="utf-8"))["rounding"]
    return float(measured[comparison]["tolerance"])


def images(kind: str, count: int) -> torch.Tensor:
    """Return random images in the shape that network `kind` reads."""
    values = torch.rand(count, 784)
    return values if kind == "fc" else values.reshape(count, 1, 28, 28)


def shaken(network: nn.Module, strength: float = 1.0) -> nn.Module:
    """Give a network random weights large enough that every layer matters.

    Each layer multiplies the size of the values by about `strength`.
    """
    with torch.no_grad():
        for parameter in network.parameters():
            fan_in = parameter[0].numel()
            scale = 0.3 if parameter.ndim == 1 else (2 / fan_in) ** 0.5
            parameter.copy_(strength * scale * torch.randn(parameter.shape))
    return network


def by_shape(network: nn.Module) -> dict[tuple[int, ...], torch.Tensor]:
    """Return the parameters by shape; in our networks no two layers share one."""
    found = {tuple(p.shape): p.detach() for p in network.parameters()}
    assert len(found) == len(list(network.parameters())), "two parameters have the same shape"
    return found


def copied(model: Any, network: nn.Module) -> nn.Module:
    """Put the student's weights into our network, matched by shape, and return it."""
    values = weights(model, "your network")
    ours = by_shape(network)
    shapes = sorted(tuple(value.shape) for value in values)
    assert shapes == sorted(ours), f"layers of other sizes: {shapes}"
    with torch.no_grad():
        for value in values:
            ours[tuple(value.shape)].copy_(value)
    return network


def filled(model: Any, network: nn.Module) -> None:
    """Put our network's weights into the student's, matched by shape."""
    ours = by_shape(network)

    def value(shape: tuple[int, ...]) -> torch.Tensor:
        assert shape in ours, f"a layer has shape {shape}"
        return ours[shape].clone()

    load(model, value)


def same_logits(model: Any, network: nn.Module, x: torch.Tensor) -> None:
    """Assert that both networks give the same logits, in a batch and one by one."""
    with torch.no_grad():
        want = network.eval()(x).numpy()
    largest = max(1.0, float(np.abs(want).max()))  # rounding grows with it, for every logit
    tolerance = close("logits")
    same(model(x), want, "logits", tolerance, scale=largest)
    for k in range(2):
        one = model(x[k : k + 1])
        same(one, want[k : k + 1], "logits of a batch of one", tolerance, scale=largest)


def computes(make: Callable[[], Any], network: nn.Module, x: torch.Tensor) -> None:
    """Assert that a fresh network computes ours: its own weights, then ours, in both modes."""
    model = make()
    usable(model, "your network")
    model(x[:2])  # lets layers that wait for their first input settle their sizes
    same_logits(model, copied(model, network), x)
    filled(model, shaken(network))
    model.train()
    same_logits(model, network, x)
    filled(model, shaken(network, 4.0))  # large values: an activation that saturates shows
    model.eval()
    same_logits(model, network, x)


def same_gradients(inside: Any, make: Callable[[], Any], network: nn.Module, x: Any) -> None:
    """Assert that the loss reaches every parameter, with our gradient."""
    model = make()
    usable(model, "your network")
    model(x[:2])
    labels = torch.randint(10, (len(x),))
    found = steady_gradients(network, x, labels)
    filled(model, network)
    want = {tuple(gradient.shape): gradient.numpy() for gradient in found}
    pairs = inside.gradients(model, x, labels)
    got = {}
    for pair in listed(pairs, len(want), "parameters that the loss reaches"):
        parameter, gradient = listed(pair, 2, "parameter and gradient")
        got[plain(parameter, "parameter").shape] = gradient
    assert set(got) == set(want), "the loss misses some parameters"
    for shape, gradient in want.items():
        same(
            got[shape], gradient, f"gradient of the parameter of shape {shape}", close("gradients")
        )


def steady_gradients(
    network: nn.Module, x: torch.Tensor, labels: torch.Tensor
) -> list[torch.Tensor]:
    """Shake a network until its gradients do not hang on the last digit; return them.

    Where a ReLU or a pooling is decided by rounding, right gradients differ by a hundredth:
    one draw in a hundred. Single and double precision must agree.
    """
    for _ in range(DRAWS):
        found = gradients(shaken(network), x, labels)
        exact = gradients(copy.deepcopy(network).double(), x.double(), labels)
        errors = [(a - b).abs() / b.abs().clamp(min=1) for a, b in zip(found, exact, strict=True)]
        if max(float(error.max()) for error in errors) <= STEADY:
            break
    return found


def gradients(network: nn.Module, x: torch.Tensor, labels: torch.Tensor) -> list[torch.Tensor]:
    """Return the gradients of the mean cross-entropy, in the order of the parameters."""
    loss = nn.functional.cross_entropy(network(x), labels)
    return list(torch.autograd.grad(loss, list(network.parameters())))


def trained(inside: Any, model: Any, kind: str) -> nn.Module:
    """Return our network with the trained weights, after the student's agreed with it."""
    network = copied(model, NETWORKS[kind]()).eval()
    x = images(kind, 16)
    with torch.no_grad():
        want = network(x).numpy()
    largest = max(1.0, float(np.abs(want).max()))
    same(inside.logits(model, x), want, "logits", close("logits"), scale=largest)
    return network


def share_right(network: nn.Module, kind: str, x: NDArray[Any], labels: NDArray[Any]) -> float:
    """Return the share of 28 x 28 images that our forward pass reads as their labels."""
    pixels = torch.from_numpy(x.astype(np.float32) / 255)
    pixels = pixels.reshape(-1, 784) if kind == "fc" else pixels[:, None]
    with torch.no_grad():
        network.eval()
        parts = pixels.split(BATCH)
        read = torch.cat([network(part).argmax(dim=1) for part in parts]).numpy()  # (N,)
    return float((read == labels).mean())


def reads_holdout(inside: Any, model: Any, kind: str) -> None:
    """Assert that the trained network reads enough of the images no student has."""
    with np.load(HERE / "holdout.npz", allow_pickle=False) as holdout:
        x, labels = holdout["images"], holdout["labels"]
    right = share_right(trained(inside, model, kind), kind, x, labels)
    MEASURED[kind] = right
    bar = json.loads((HERE / "thresholds.json").read_text())["digits"][kind]["holdout"]["bar"]
    assert right >= bar, f"{right:.3f} of the hidden images are right, {bar} are needed"


def convolution(x: NDArray[Any], h: NDArray[Any]) -> NDArray[np.float64]:
    """Return y[i] = sum over k of h[k] xp[i + K - 1 - k], i = 0 ... N - 1.

    xp is x with K // 2 zeros on both sides.
    """
    padded = np.pad(x.astype(np.float64), len(h) // 2)
    y = np.zeros(len(x))
    for i in range(len(x)):
        for k in range(len(h)):
            y[i] += h[k] * padded[i + len(h) - 1 - k]
    return y


def threshold(values: NDArray[Any]) -> NDArray[np.int64]:
    """Return 1 where a value is larger than the mean of all, else 0."""
    return (values > values.sum() / values.size).astype(np.int64)
