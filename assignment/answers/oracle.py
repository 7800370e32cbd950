"""What the text of each question demands, said a second time and in another way.

`oracle.<question>(namespace)` raises an `AssertionError` with the reason where an answer
is wrong. `namespace` holds the notebook's names after the given cells, the solutions of
the questions before, and the answer. What the text leaves open is right.

Nothing here is shared with the checks that this judges: networks are written out as
sums over shifted images, the filter goes through NumPy's convolution, means are exact
fractions. An answer runs in this process, so only trusted answers are for it.
"""

from __future__ import annotations

import contextlib
import copy
import functools
import io
import itertools
import math
import re
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from typing import Any

import numpy as np
import scipy.ndimage
import scipy.signal
import torch
from numpy.typing import NDArray

Names = dict[str, Any]
Weights = dict[tuple[int, ...], torch.Tensor]  # by shape: no two layers share one
Forward = Callable[[Weights, torch.Tensor], torch.Tensor]

FLOAT32 = 2e-5  # relative to the largest value of a result
STRENGTHS = (0.0, 1.0, 4.0)  # of random weights; 0: judge a network with its own


def question(judge: Callable[[Names], None]) -> Callable[[Names], None]:
    """Seed what is random, and take every exception of the answer's for a wrong answer."""

    @functools.wraps(judge)
    def judged(namespace: Names) -> None:
        torch.manual_seed(20_261)
        try:
            judge(namespace)
        except AssertionError:
            raise
        except Exception as error:
            raise AssertionError(f"raised {type(error).__name__}: {error}") from error

    return judged


def close(got: Any, want: torch.Tensor, what: str, tolerance: float = FLOAT32) -> None:
    """Assert that `got` is a float32 tensor with the shape and the values of `want`."""
    assert isinstance(got, torch.Tensor), f"{what}: a {type(got).__name__}, not a tensor"
    assert got.dtype == torch.float32, f"{what}: {got.dtype}"
    assert got.shape == want.shape, f"{what}: shape {tuple(got.shape)}, not {tuple(want.shape)}"
    scale = max(1.0, float(want.abs().max()))
    error = float((got.detach().double() - want.detach().double()).abs().max()) / scale
    assert error <= tolerance, f"{what}: off by {error:.2e}"


# Networks. Shapes of layers: (outputs, inputs) and (channels out, channels in, 3, 3).


def rectified(x: torch.Tensor) -> torch.Tensor:
    """Return x where it is positive, else 0."""
    return x * (x > 0)


def dense(w: Weights, x: torch.Tensor, inputs: int, outputs: int) -> torch.Tensor:
    """Return W x + b for each row of x."""
    return x @ w[outputs, inputs].T + w[(outputs,)]


def stage(w: Weights, x: torch.Tensor, inputs: int, outputs: int) -> torch.Tensor:
    """Return a 3 x 3 convolution with zeros outside, ReLU, and the maxima of 2 x 2 pixels."""
    n, _, rows, columns = x.shape
    kernel = w[outputs, inputs, 3, 3]
    wide = torch.zeros(n, inputs, rows + 2, columns + 2, dtype=x.dtype)
    wide[:, :, 1:-1, 1:-1] = x
    y = w[(outputs,)][None, :, None, None]
    for i, j in itertools.product(range(3), repeat=2):
        shifted = wide[:, :, i : i + rows, j : j + columns]
        y = y + torch.einsum("ncij,oc->noij", shifted, kernel[:, :, i, j])
    y = rectified(y)[:, :, : rows // 2 * 2, : columns // 2 * 2]
    return y.reshape(n, outputs, rows // 2, 2, columns // 2, 2).amax((3, 5))


def perceptron(w: Weights, x: torch.Tensor) -> torch.Tensor:
    """784-512-256-128-10."""
    for inputs, outputs in ((784, 512), (512, 256), (256, 128)):
        x = rectified(dense(w, x, inputs, outputs))
    return dense(w, x, 128, 10)


def le_cun(w: Weights, x: torch.Tensor) -> torch.Tensor:
    """Two stages, then 784-120-84-10."""
    x = stage(w, stage(w, x, 1, 6), 6, 16).flatten(1)
    return dense(w, rectified(dense(w, rectified(dense(w, x, 784, 120)), 120, 84)), 84, 10)


def three_stages(filters: Sequence[int]) -> Forward:
    """Three stages with these numbers of channels, then 128 and 10 units."""
    a, b, c = filters

    def forward(w: Weights, x: torch.Tensor) -> torch.Tensor:
        x = stage(w, stage(w, stage(w, x, 1, a), a, b), b, c).flatten(1)
        return dense(w, rectified(dense(w, x, 9 * c, 128)), 128, 10)

    return forward


def shapes(layers: Sequence[tuple[int, ...]]) -> list[tuple[int, ...]]:
    """Return the shapes of weights and biases, sorted."""
    return sorted([*layers, *((layer[0],) for layer in layers)])


def network(make: Callable[[], Any], layers: Sequence[tuple[int, ...]], forward: Forward,
            image: tuple[int, ...], strengths: Sequence[float]) -> None:  # fmt: skip
    """Assert that a fresh network has these layers and computes `forward` with any weights."""
    for strength in strengths:
        model = make()
        model(torch.rand(2, *image))  # layers that wait for their first input get their sizes
        parameters = list(model.parameters())
        found = sorted(tuple(p.shape) for p in parameters)
        assert found == shapes(layers), f"parameters of the shapes {found}"
        assert all(p.requires_grad for p in parameters), "a parameter is frozen"
        if strength:  # else it is judged with the weights it starts with
            for p in parameters:
                scale = strength * (2 / math.prod(p.shape[1:])) ** 0.5 if p.ndim > 1 else strength
                p.data = scale * torch.randn(p.shape)
        w = {tuple(p.shape): p.detach().double().requires_grad_() for p in parameters}
        for training, size in ((True, 1), (True, 33), (False, 5), (False, 1)):
            model.train(training)
            x = torch.rand(size, *image)
            close(model(x), forward(w, x.double()), f"logits of {size} images")
        same_slopes(model, w, forward, torch.rand(3, *image))


def same_slopes(model: Any, w: Weights, forward: Forward, x: torch.Tensor) -> None:
    """Assert the gradient of a random sum of the logits, in training mode."""
    model.train()
    sums = torch.randn(len(x), 10)
    (model(x) * sums).sum().backward()
    (forward(w, x.double()) * sums).sum().backward()
    for p in model.parameters():
        want = w[tuple(p.shape)].grad
        assert p.grad is not None, f"no gradient reaches the parameter {tuple(p.shape)}"
        assert want is not None
        close(p.grad, want, f"gradient of the parameter {tuple(p.shape)}", 1e-4)


@question
def fc(namespace: Names) -> None:
    """Four linear layers, ReLU between them."""
    layers = [(512, 784), (256, 512), (128, 256), (10, 128)]
    network(namespace["FC"], layers, perceptron, (784,), STRENGTHS)


@question
def lenet(namespace: Names) -> None:
    """Two stages and three linear layers."""
    layers = [(6, 1, 3, 3), (16, 6, 3, 3), (120, 784), (84, 120), (10, 84)]
    network(namespace["CNN_LeNet"], layers, le_cun, (1, 28, 28), STRENGTHS)


@question
def cnn(namespace: Names) -> None:
    """Three stages whose channels are an argument, and two linear layers."""
    make = namespace["CNN"]
    calls: list[tuple[tuple[int, ...], Callable[[], Any]]] = [((16, 32, 64), make)]
    for filters in ((3, 5, 7), (12, 9, 4), (20, 6, 8)):
        calls.append((filters, functools.partial(make, filters)))
        calls.append((filters, lambda filters=filters: make(filters=list(filters))))
    for (a, b, c), call in calls:
        layers = [(a, 1, 3, 3), (b, a, 3, 3), (c, b, 3, 3), (128, 9 * c), (10, 128)]
        strengths = STRENGTHS if call is make else STRENGTHS[1:2]
        network(call, layers, three_stages((a, b, c)), (1, 28, 28), strengths)


# Numbers.


def whole_number(value: Any, want: int) -> None:
    assert type(value) in (int, np.int64), f"a {type(value).__name__}, not a whole number"
    assert value == want, f"{value} is not {want}"


@question
def parameters_fc(namespace: Names) -> None:
    """Weights and biases of the perceptron."""
    sizes = (784, 512, 256, 128, 10)
    want = sum(a * b + b for a, b in itertools.pairwise(sizes))
    whole_number(namespace["parameters_fc"], want)


@question
def parameters_lenet(namespace: Names) -> None:
    """Weights and biases of LeNet."""
    linear = sum(a * b + b for a, b in itertools.pairwise((784, 120, 84, 10)))
    whole_number(namespace["parameters_lenet"], 6 * 9 + 6 + 16 * 6 * 9 + 16 + linear)


@question
def y_by_hand(namespace: Names) -> None:
    """The first values of the convolution, with zeros wherever the signal is not."""
    given = namespace["y_by_hand"]
    assert isinstance(given, list | tuple | np.ndarray), f"a {type(given).__name__}, not a list"
    got = list(given)
    assert len(got) >= 3, f"{len(got)} values"
    signal = {**dict.fromkeys(range(7), 2), **dict.fromkeys(range(7, 12), 10)}
    signal |= {**dict.fromkeys(range(12, 20), 1), **dict.fromkeys(range(20, 25), 5)}
    for i, value in enumerate(got):
        number = int | float | np.integer | np.floating
        assert isinstance(value, number), f"y[{i}] is a {type(value).__name__}"
        want = sum(v * {-1: -1, 0: 0, 1: 1}.get(i - m, 0) for m, v in signal.items())
        assert value == want, f"y[{i}] is {value}, not {want}"


# Loss and optimizer.


@question
def criterion(namespace: Names) -> None:
    """The mean of -log softmax at the label, for any number of classes."""
    loss = namespace["criterion"]
    for n, classes, scale in itertools.product((1, 2, 6, 40), (2, 3, 10, 17), (0.1, 2.0, 12.0)):
        logits = (scale * torch.randn(n, classes)).requires_grad_()
        labels = torch.randint(classes, (n,))
        got = loss(logits, labels)
        z = logits.detach().double()
        rows = [
            math.log(sum(math.exp(v) for v in row)) - row[label]
            for row, label in zip(z.tolist(), labels.tolist(), strict=True)
        ]
        close(got, torch.tensor(sum(rows) / n, dtype=torch.float64), "loss")
        got.backward()
        share = z.exp() / z.exp().sum(1, keepdim=True)
        share[torch.arange(n), labels] -= 1
        assert logits.grad is not None, "no gradient"
        close(logits.grad, share / n, "gradient", 1e-5)


@question
def optimizer(namespace: Names) -> None:
    """Steps of plain SGD for every parameter, and nothing else, also for large weights."""
    opt, rate = namespace["opt"], namespace["learning_rate"]
    assert type(rate) is float, "learning_rate is no float"
    assert rate == 0.1, f"learning_rate is {rate}"
    assert isinstance(opt, torch.optim.Optimizer), f"opt is a {type(opt).__name__}"
    parameters = list(namespace["model_fc"].parameters())
    with torch.no_grad():
        for p in parameters:
            p.copy_(3 * torch.randn(p.shape))
    for strength in (1.0, 0.1, 5.0, 0.0, 0.0, 1.0):
        before = [p.detach().double().clone() for p in parameters]
        slopes = [strength * torch.randn(p.shape) for p in parameters]
        for p, slope in zip(parameters, slopes, strict=True):
            p.grad = slope.clone()
        opt.step()
        for p, old, slope in zip(parameters, before, slopes, strict=True):
            error = float((p.detach().double() - (old - 0.1 * slope.double())).abs().max())
            bound = 3e-6 if strength else 0.0
            assert error <= bound, f"a step with gradients of size {strength} is off by {error}"


# The training loop.


class Watched(torch.nn.Module):
    """A network that notes how it is called."""

    def __init__(self, inner: torch.nn.Module) -> None:
        super().__init__()
        self.inner, self.notes = inner, []

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Note mode, gradients and the batch; return the logits."""
        self.notes.append((self.training, torch.is_grad_enabled(), x.clone()))
        return self.inner(x)


def small_networks() -> Iterator[tuple[Callable[[], torch.nn.Module], tuple[int, ...]]]:
    """Yield a linear, a normalised and a convolutional network, with the shape of a sample."""
    nn = torch.nn
    yield lambda: nn.Linear(5, 3), (5,)
    yield (
        lambda: nn.Sequential(nn.Linear(5, 7), nn.BatchNorm1d(7), nn.ReLU(), nn.Linear(7, 3)),
        (5,),
    )
    conv = nn.Conv2d(2, 4, 3, padding=1)
    yield lambda: nn.Sequential(conv, nn.Tanh(), nn.Flatten(), nn.Linear(36, 3)), (2, 3, 3)


OPTIMIZERS: list[Callable[[Any], torch.optim.Optimizer]] = [
    lambda p: torch.optim.SGD(p, lr=0.3),
    lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9, weight_decay=0.01),
    lambda p: torch.optim.RMSprop(p, lr=0.02, eps=1e-2),
    lambda p: torch.optim.AdamW(p, lr=0.05, eps=1e-2),
]
LOSSES: list[Callable[..., torch.Tensor]] = [
    torch.nn.CrossEntropyLoss(),
    torch.nn.MultiMarginLoss(),
    lambda logits, labels, /: 4 * torch.nn.functional.cross_entropy(logits, labels),
]


def by_the_book(
    model: torch.nn.Module,
    loss: Any,
    opt: torch.optim.Optimizer,
    loaders: tuple[Any, Any],
    epochs: int,
) -> tuple[list[Any], list[float]]:
    """Train; return the calls that are due and the accuracies after each epoch."""
    due, shares = [], []
    for _ in range(epochs):
        model.train()
        for x, y in loaders[0]:
            due.append((True, True, x))
            for p in model.parameters():
                p.grad = None
            loss(model(x), y).backward()
            opt.step()
        model.eval()
        hits = []
        for x, y in loaders[1]:
            due.append((False, False, x))
            hits += [
                int(row.argmax()) == int(label) for row, label in zip(model(x), y, strict=True)
            ]
        shares.append(sum(hits) / len(hits))
    return due, shares


@question
def train_model(namespace: Names) -> None:
    """Each call, each weight at the end and each printed accuracy, for 3 x 4 cases."""
    for n, (make, shape) in enumerate(small_networks()):
        for k, optimizer_ in enumerate(OPTIMIZERS):
            loss = LOSSES[(n + k) % 3]
            alone = (7, 2) if n == 1 else (1, 1)  # one sample cannot be normalised
            sizes = [(4, 3), (5, 4), alone, (6, 32)][k]
            case = {"optimizer_": optimizer_, "loss": loss, "sizes": sizes}
            training_case(namespace["train_model"], make(), shape, **case)


def training_case(train_model_: Any, ours: torch.nn.Module, shape: tuple[int, ...],
                  *, optimizer_: Any, loss: Any, sizes: tuple[int, int]) -> None:  # fmt: skip
    """Train two equal networks, one by the answer, and compare."""
    theirs = Watched(state_copy(ours))
    x, y = 2 * torch.randn(18, *shape), torch.randint(3, (18,))
    x_test, y_test = torch.randn(11, *shape), torch.randint(3, (11,))
    data, epochs = torch.utils.data, 3
    test = data.DataLoader(data.TensorDataset(x_test, y_test), batch_size=sizes[1])

    def train() -> Any:
        order = torch.Generator().manual_seed(sizes[0])
        return data.DataLoader(data.TensorDataset(x, y), sizes[0], shuffle=True, generator=order)

    due, shares = by_the_book(ours, loss, optimizer_(ours.parameters()), (train(), test), epochs)
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        train_model_(theirs, loss, optimizer_(theirs.parameters()), train(), test, epochs)
    assert len(theirs.notes) == len(due), f"{len(theirs.notes)} calls of the model, not {len(due)}"
    for (mode, grad, seen), (want_mode, want_grad, batch) in zip(theirs.notes, due, strict=True):
        assert torch.equal(seen, batch), "the model is called with something else than the batch"
        assert mode == want_mode, "a call in the wrong mode"
        assert grad == want_grad, "a call with gradients where none belong, or without"
    for (name, got), want in zip(
        theirs.inner.state_dict().items(), ours.state_dict().values(), strict=True
    ):
        assert torch.allclose(got, want, rtol=1e-3, atol=1e-4), f"{name} is not what it should be"
    text = printed.getvalue()
    ends = re.findall(r"test accuracy:? *([0-9]*\.?[0-9]+)\s*$", text, re.MULTILINE)
    assert len(ends) == epochs == text.count("test accuracy"), f"{len(ends)} lines with accuracies"
    for end, share in zip(ends, shares, strict=True):
        assert abs(float(end) - share) <= 0.0051, f"accuracy {end}, not {share:.3f}"


def state_copy(model: torch.nn.Module) -> torch.nn.Module:
    """Return a network of the same kind with the same weights."""
    return copy.deepcopy(model)


# Arrays.


LIBRARY: list[tuple[Any, str]] = [
    *((np, name) for name in ("convolve", "correlate", "polymul")),
    *((scipy.signal, name) for name in ("convolve", "correlate", "fftconvolve", "oaconvolve",
                                        "convolve2d", "correlate2d", "lfilter")),
    *((scipy.ndimage, name) for name in ("convolve", "correlate", "convolve1d", "correlate1d")),
    *((torch.nn.functional, name) for name in ("conv1d", "conv2d", "conv_transpose1d",
                                               "conv_transpose2d")),
    *((torch, name) for name in ("conv1d", "conv2d", "conv_transpose1d", "conv_transpose2d")),
]  # fmt: skip


@contextlib.contextmanager
def no_library(namespace: Names) -> Iterator[None]:
    """Let the convolutions of the libraries fail, by whatever name the notebook calls them."""
    kept = [(owner, name, getattr(owner, name)) for owner, name in LIBRARY]
    there = [(name, value) for name, value in namespace.items()
             if any(value is function for _, _, function in kept)]  # fmt: skip

    def refuse(*_: Any, **__: Any) -> None:
        raise AssertionError("a library does the work")

    try:
        for owner, name, _ in kept:
            setattr(owner, name, refuse)
        namespace.update(dict.fromkeys([name for name, _ in there], refuse))
        yield
    finally:
        for owner, name, function in kept:
            setattr(owner, name, function)
        namespace.update(there)


def signals(random: np.random.Generator) -> Iterator[tuple[NDArray[Any], NDArray[Any]]]:
    """Yield signals and filters, whole numbers and floats in all four combinations."""
    for n, k in itertools.product((1, 2, 3, 4, 5, 8, 13, 40), (1, 2, 3, 4, 5, 6, 7, 12)):
        whole = [random.integers(-20, 21, size) for size in (n, k)]
        real = [random.normal(size=size) for size in (n, k)]
        yield from itertools.product((whole[0], real[0]), (whole[1], real[1]))


@question
def conv1d(namespace: Names) -> None:
    """The middle of NumPy's full convolution, as new floats, with no help of a library."""
    function = namespace["convolution_one_dimensional"]
    for x, h in signals(np.random.default_rng(5)):
        n, k = len(x), len(h)
        first = k - 1 - k // 2
        want = np.convolve(x.astype(float), h.astype(float))[first : first + n]
        given = x.copy(), h.copy()
        with no_library(namespace):
            got = function(*given)
        where = f"N = {n}, K = {k}, {x.dtype} and {h.dtype}"
        assert type(got) is np.ndarray, f"{where}: a {type(got).__name__}, not an array"
        assert got.dtype.kind == "f", f"{where}: {got.dtype}"
        assert got.shape == (n,), f"{where}: shape {got.shape}"
        error = np.abs(got - want).max() / max(1.0, np.abs(want).max())
        assert error <= 1e-6, f"{where}: off by {error}"
        unchanged(given, (x, h))
        assert not any(np.shares_memory(got, one) for one in given), f"{where}: not a new array"


def unchanged(after: Sequence[NDArray[Any]], before: Sequence[NDArray[Any]]) -> None:
    """Assert that the inputs are what they were."""
    for new, old in zip(after, before, strict=True):
        assert new.dtype == old.dtype, "an input changed its dtype"
        assert np.array_equal(new, old), "an input was changed"


def arrays(random: np.random.Generator) -> Iterator[NDArray[Any]]:
    """Yield whole numbers and floats with one axis or two, with and without ties."""
    for shape in ((1,), (2,), (9,), (30,), (1, 6), (6, 1), (3, 4), (7, 7), (12, 5)):
        for centre in (-7, 0, 4, 200):
            yield centre + random.integers(-9, 10, shape)
            yield centre + random.normal(size=shape)
            yield np.full(shape, centre)
            yield np.full(shape, float(centre))
            away = random.integers(1, 9, shape)
            pairs = np.stack([centre + away, np.full(shape, centre), centre - away])
            flat = random.permutation(pairs.ravel())
            yield flat.reshape(3, -1)
            yield flat.astype(float)


@question
def threshold(namespace: Names) -> None:
    """Each value beside the exact mean, a fraction, of all values."""
    function = namespace["threshold_at_mean"]
    for values in arrays(np.random.default_rng(6)):
        exact = [Fraction(value) for value in values.ravel().tolist()]
        mean = sum(exact) / len(exact)
        if any(0 < abs(value - mean) < Fraction(1, 10**9) for value in exact):
            continue  # rounding decides
        given = values.copy()
        got = function(given)
        assert type(got) is np.ndarray, f"a {type(got).__name__}, not an array"
        assert got.shape == values.shape, f"shape {got.shape}, not {values.shape}"
        assert got.dtype.kind in "biuf", f"{got.dtype}"
        want = [value > mean for value in exact]
        assert got.ravel().tolist() == want, f"{values.tolist()} gave {got.tolist()}"
        unchanged([given], [values])
        assert not np.shares_memory(got, given), "not a new array"
