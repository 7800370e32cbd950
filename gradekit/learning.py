"""Checks of deep learning that judge what a network and a training function do.

An author calls these from checks; `docs/deep-learning-checks.md` shows each one at work.
They hold whatever the answer's code looks like: names of attributes, functional or
modular style and the order of definition are the student's. They assert, with a sentence
for the student, and they trust nothing: weights and outputs are fetched by value, so a
network that only claims is found out by a reference that computes.

The same text serves three places. In the worker it reaches the student's network through
`env`. In plain Otter `env` is the notebook's own dictionary. And what must run beside the
network (the last section) is sent to the student's process as this file's text; so this
module stands alone, and a copy of it beside a notebook works as well.
"""

from __future__ import annotations

import importlib
import itertools
import sys
import types
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

CLOSE = 2e-4  # float32 sums in another order differ by about 1e-5
MAX_MATCHES = 720  # ways to match layers of one shape
NUMBERS = (int, float, np.int32, np.int64, np.float32, np.float64)
LOADER = (  # what makes a module of text that was sent
    "lambda text: (lambda space: (exec(text, space), "
    "__import__('types').SimpleNamespace(**space))[1])({'__name__': 'beside'})"
)

State = dict[str, Any]  # a network's weights and statistics by name, as tensors
Batches = Sequence[tuple[Any, Any]]
Shape = tuple[int, ...]


# What came back, and the two sides


def value(found: Any, name: str) -> Any:
    """Return a number, array or tensor of the student's as an array of finite real numbers.

    Raises
    ------
    AssertionError
        If `found` is of another type (a subclass too), empty, not finite or not real.

    Examples
    --------
    >>> value([1, 2], "the loss")
    Traceback (most recent call last):
    AssertionError: the loss must be an array or a tensor, got list
    """
    kind = type(found).__name__
    if type(found).__module__.startswith("torch") and kind in ("Tensor", "Parameter"):
        found = found.detach().cpu().numpy()
    elif type(found) in NUMBERS:
        found = np.asarray(found)
    assert type(found) is np.ndarray, f"{name} must be an array or a tensor, got {kind}"
    assert found.dtype.kind in "biuf", f"{name} must hold real numbers, not {found.dtype}"
    assert found.size > 0, f"{name} is empty, its shape is {found.shape}"
    assert np.isfinite(found).all(), f"{name} holds NaN or infinity"
    return found


def same(got: Any, want: Any, name: str, close: float = CLOSE) -> None:
    """Assert type, shape and values; `close` is relative to values above 1 in size.

    Examples
    --------
    >>> same(np.array([[1.0, 2.0]]), [1, 2], "y")
    Traceback (most recent call last):
    AssertionError: y has shape (1, 2), expected (2,)
    """
    have, want = value(got, name), np.asarray(want, dtype=np.float64)
    assert have.shape == want.shape, f"{name} has shape {have.shape}, expected {want.shape}"
    error = np.abs(have.astype(np.float64) - want) / np.maximum(np.abs(want), 1.0)
    assert bool((error <= close).all()), f"{name}: the values are wrong"


def imported(env: Any, module: str) -> Any:
    """Return a module as the notebook's process has it: `imported(env, "torch")`."""
    if isinstance(env, dict):
        return importlib.import_module(module)
    return env["__import__"]("importlib").import_module(module)


def beside(env: Any) -> Any:
    """Return this very module as it runs in the notebook's process."""
    if isinstance(env, dict):
        return sys.modules[__name__]
    text = Path(__file__).read_text(encoding="utf-8")
    return imported(env, "builtins").eval(LOADER)(text)


def state(model: Any) -> State:
    """Return a network's weights and statistics by value, as tensors on the CPU.

    An entry that is not plain real numbers, or none at all, is an `AssertionError`.
    """
    found = model.state_dict()
    assert isinstance(found, dict), "state_dict() did not return a dictionary"
    assert found, "the network has no parameters (layers in a plain list are hidden)"
    for name, entry in found.items():
        assert type(name) is str, "state_dict() has a key that is not a text"
        value(entry, f"entry {name}")
    return {name: entry.detach().cpu().clone() for name, entry in found.items()}


# A network: what it computes, whatever it is made of


def shapes(model: Any, wanted: Mapping[Shape, Shape]) -> None:
    """Assert the shape of the output for each shape of input, and that it is float32.

    Examples
    --------
        shapes(model, {(5, 8): (5, 3), (1, 8): (1, 3)})
    """
    torch = importlib.import_module("torch")
    for given, expected in wanted.items():
        found = value(model(torch.randn(given)), f"the output for an input of shape {given}")
        text = f"an input of shape {given} gives {found.shape}, expected {expected}"
        assert found.shape == expected, text
        assert found.dtype == np.float32, f"the output is {found.dtype}, expected float32"


def computes(
    model: Any, reference: Any, x: Any, *, training: bool = True, close: float = CLOSE
) -> None:
    """Assert the architecture by behaviour: same weights, same outputs.

    The network is given random weights, large enough that every layer matters, and so is
    the reference; layers are matched by shape, and where several share one, in every
    order. Then both see `x`, shape (N, ...), its first row alone too, and in training mode
    as well unless `training` is false, as dropout needs. Nothing of the reference travels;
    the student's network is a fresh one, for its weights are overwritten.

    Examples
    --------
        computes(env["Net"](), net(), torch.randn(6, 8))
    """
    model(x[:2])  # layers that wait for their first input settle their sizes
    drawn = {name: _drawn(entry) for name, entry in state(model).items()}
    model.load_state_dict(drawn)
    model.eval()
    _fit(reference, drawn, model(x), x, close)
    _outputs_agree(model(x[:1]), reference, x[:1], "the output for a batch of one", close)
    if training:
        model.train()
        _outputs_agree(model(x), reference.train(), x, "the output in training mode", close)


def copied(env: Any, model: Any, reference: Any, x: Any, close: float = CLOSE) -> Any:
    """Return the reference with the student's weights, after both agreed on `x`.

    What a trained network can do is then measured here, on data that never leave.

    Examples
    --------
        ours = copied(env, env["model"], net(), torch.randn(16, 8))
        assert share_right(ours(hidden_x), hidden_y) >= bar
    """
    _fit(reference, state(model), beside(env).outputs(model, x), x, close)
    return reference


def gradients_reach(env: Any, model: Any, loss: str, x: Any, y: Any) -> None:
    """Assert that the loss of one batch has a gradient for every parameter, not all zero.

    `loss` names a function of `torch.nn.functional`, such as "cross_entropy".

    Examples
    --------
        gradients_reach(env, env["Net"](), "cross_entropy", x, y)
    """
    found = beside(env).gradients(model, loss, x, y)
    assert found, "the network has no parameters to train"
    for name, gradient in dict(found).items():
        assert gradient is not None, f"the loss does not reach {name}"
        assert value(gradient, f"the gradient of {name}").any(), f"the gradient of {name} is zero"


def rests_in_evaluation(model: Any, x: Any, *, random_in_training: bool = False) -> None:
    """Assert that evaluation mode is deterministic and does not mix the samples of a batch.

    With `random_in_training` two outputs in training mode must differ, as dropout's do.

    Examples
    --------
        rests_in_evaluation(env["Net"](), torch.randn(32, 8))
    """
    model.train()
    once, again = (value(model(x), "the output") for _ in range(2))
    if random_in_training:
        assert (once != again).any(), "in training mode nothing is random: is dropout missing?"
    model.eval()
    want = value(model(x), "the output")
    same(model(x), want, "a second output in evaluation mode", 0.0)
    same(model(x[:1]), want[:1], "the output for the first sample alone")


def overfits(
    env: Any, model: Any, loss: str, x: Any, y: Any, *, below: float,
    steps: int = 200, rate: float = 0.1,
) -> None:  # fmt: skip
    """Assert that a fresh network can learn one small batch by heart.

    `steps` of plain gradient descent run beside the network; the loss is recomputed here.

    Examples
    --------
        overfits(env, env["Net"](), "cross_entropy", x, y, below=0.05)
    """
    torch = importlib.import_module("torch")
    there = beside(env)
    there.fit(model, loss, x, y, steps=steps, rate=rate)
    outputs = torch.from_numpy(value(there.outputs(model, x), "the output").copy())
    left = float(getattr(torch.nn.functional, loss)(outputs, y))
    assert left <= below, f"after {steps} steps on one batch the loss is {left:.3f}, not {below}"


# Training: where it leads, and how it got there


def twins(env: Any, build: Callable[[Any], Any]) -> tuple[Any, Any]:
    """Return two networks with the same weights: one in the student's process, one here.

    Examples
    --------
        theirs, ours = twins(env, lambda torch: torch.nn.Linear(4, 3))
    """
    theirs = build(imported(env, "torch"))
    ours = build(importlib.import_module("torch"))
    theirs.load_state_dict(ours.state_dict())
    return theirs, ours


def loader(env: Any, x: Any, y: Any, size: int) -> Any:
    """Return a DataLoader of the student's torch over `x` and `y`, in order."""
    data = imported(env, "torch.utils.data")
    return data.DataLoader(data.TensorDataset(x, y), batch_size=size)


def descend(model: Any, optimizer: Any, loss: Callable[..., Any], batches: Batches) -> None:
    """Train the reference network in place, once over the batches, for a comparison."""
    for x, y in batches:
        optimizer.zero_grad()
        loss(model(x), y).backward()
        optimizer.step()


def same_state(theirs: Any, ours: Any, close: float = 1e-3) -> None:
    """Assert that a training function led to the expected weights and running statistics.

    Examples
    --------
        theirs, ours = twins(env, tiny)
        env["train"](theirs, loader(env, x, y, 4))
        descend(ours, optimizer, cross_entropy, zip(x.split(4), y.split(4)))
        same_state(theirs, ours)
    """
    got, want = state(theirs), ours.state_dict()
    assert set(got) == set(want), "the network has other weights after training than before"
    for name, entry in want.items():
        same(got[name], entry.detach().numpy(), f"{name} after training", close)


def watched(env: Any, model: Any) -> Any:
    """Return a log of the calls that `model` gets from now on, for `modes_are_right`."""
    return beside(env).watch(model)


def modes_are_right(log: Any, *, learning: set[int], measuring: set[int]) -> None:
    """Assert training mode and gradients while learning, neither while measuring.

    The sets hold the sizes of the batches of either kind, which tell them apart.

    Examples
    --------
        log = watched(env, theirs)
        env["train"](theirs, loader(env, x, y, 5), loader(env, u, v, 4))
        modes_are_right(log, learning={5}, measuring={4})
    """
    assert not learning & measuring, "batch sizes must tell learning from measuring"
    seen = value(log.calls(), "the log of calls").reshape(-1, 3).tolist()
    for mode, grad, size in seen:
        assert size in learning | measuring, (
            f"the network was called with {size} samples, which is no batch of the loaders"
        )
        wanted, what = (1, "learning") if size in learning else (0, "measuring")
        assert mode == wanted, f"while {what} the network is in the wrong mode"
        assert grad == wanted, f"while {what} gradients are {'off' if wanted else 'on'}"
    missing = (learning | measuring) - {size for _, _, size in seen}
    assert not missing, f"no batch of {sorted(missing)} samples was seen"


def ignores_test_set(env: Any, train: Callable[[Any], Any], test_sets: Sequence[Any]) -> None:
    """Assert that training ends with the same weights whatever the test set is.

    `train(test_set)` makes a network of one start, lets the student's function train it, and
    returns it.

    Examples
    --------
        ignores_test_set(env, train, [(u, v), (u + 1, 1 - v)])
    """
    first: State = {}
    for test_set in test_sets:
        imported(env, "torch").manual_seed(0)
        end = state(train(test_set))
        for name, entry in first.items():
            same(end[name], entry.numpy(), f"{name} after training with another test set", 1e-6)
        first = first or end


def share_right(outputs: Any, labels: Any) -> float:
    """Return the share of rows whose largest entry is at the label.

    Examples
    --------
    >>> share_right(np.array([[1.0, 0.0], [1.0, 0.0]]), np.array([0, 1]))
    0.5
    """
    found, wanted = value(outputs, "the output"), value(labels, "the labels")
    text = f"outputs of shape {found.shape} for labels of shape {wanted.shape}"
    assert (found.ndim, wanted.shape) == (2, found.shape[:1]), text
    return float((found.argmax(axis=1) == wanted).mean())


def reported(
    env: Any, claimed: Any, model: Any, x: Any, y: Any, *, places: int = 2,
    metric: Callable[[Any, Any], float] = share_right,
) -> float:  # fmt: skip
    """Assert that a number the student reports is what their network's outputs give.

    The outputs come by value, the metric is ours. Returns the metric.

    Examples
    --------
        reported(env, env["accuracy"], env["model"], x, y)
    """
    right = metric(beside(env).outputs(model, x), y)
    number = value(claimed, "the reported number")
    assert number.shape == (), "report a single number, not an array"
    text = f"reported {float(number):.3g}, but the network's outputs give {right:.3g}"
    assert abs(float(number) - right) <= 0.5 * 10.0**-places + 1e-6, text
    return right


# What runs beside the network, in the student's process


def outputs(model: Any, x: Any) -> Any:
    """Return the outputs in evaluation mode, without gradients; the mode is put back."""
    torch = importlib.import_module("torch")
    mode = model.training
    model.eval()
    with torch.no_grad():
        found = model(x)
    model.train(mode)
    return found


def gradients(model: Any, loss: str, x: Any, y: Any) -> State:
    """Return the gradient of each trainable parameter by name, None where there is none."""
    functional = importlib.import_module("torch.nn.functional")
    model.zero_grad()
    getattr(functional, loss)(model(x), y).backward()
    return {name: p.grad for name, p in model.named_parameters() if p.requires_grad}


def fit(model: Any, loss: str, x: Any, y: Any, *, steps: int, rate: float) -> None:
    """Train on one batch by plain gradient descent."""
    torch = importlib.import_module("torch")
    optimizer = torch.optim.SGD(model.parameters(), lr=rate)
    model.train()
    for _ in range(steps):
        descend(model, optimizer, getattr(torch.nn.functional, loss), [(x, y)])


def watch(model: Any) -> Any:
    """Note each call of a network: training mode, gradients on, number of samples."""
    torch = importlib.import_module("torch")
    calls: list[list[int]] = []
    forward = model.forward

    def noted(x: Any, *rest: Any, **named: Any) -> Any:
        calls.append([int(model.training), int(torch.is_grad_enabled()), len(x)])
        return forward(x, *rest, **named)

    model.forward = noted
    return types.SimpleNamespace(calls=lambda: torch.tensor(calls))


# Weights of one network in another


def _drawn(entry: Any) -> Any:
    """Return random weights in the shape of `entry`; what counts batches stays."""
    torch = importlib.import_module("torch")
    if not entry.is_floating_point():
        return entry
    if entry.ndim < 2:  # biases, and variances, which are positive
        return 0.1 + 0.4 * torch.rand(entry.shape)
    return torch.randn(entry.shape) * (2 / entry[0].numel()) ** 0.5


def _fit(reference: Any, theirs: State, want: Any, x: Any, close: float) -> None:
    """Put the student's weights into the reference, in the order that gives their outputs."""
    torch = importlib.import_module("torch")
    got = value(want, "the output")
    for filled in itertools.islice(_matches(theirs, reference.state_dict()), MAX_MATCHES):
        reference.load_state_dict(filled)
        with torch.no_grad():
            ours = reference.eval()(x).numpy()
        assert got.shape == ours.shape, f"the output has shape {got.shape}, expected {ours.shape}"
        if float((np.abs(got - ours) / np.maximum(np.abs(ours), 1)).max()) <= close:
            return
    raise AssertionError("with the same weights the network computes other outputs")


def _matches(theirs: State, ours: State) -> Iterator[State]:
    """Yield every way to give our entries their values: of the same shape, in any order."""
    found: dict[Shape, list[Any]] = defaultdict(list)
    wanted: dict[Shape, list[str]] = defaultdict(list)
    for entry in theirs.values():
        found[tuple(entry.shape)].append(entry)
    for name, entry in ours.items():
        wanted[tuple(entry.shape)].append(name)
    have = sorted((shape, len(entries)) for shape, entries in found.items())
    want = sorted((shape, len(names)) for shape, names in wanted.items())
    assert have == want, (
        f"the weights have the shapes {[shape for shape, _ in have]}, which are wrong"
    )
    for orders in itertools.product(*(itertools.permutations(found[s]) for s in wanted)):
        yield {
            name: entry
            for names, order in zip(wanted.values(), orders, strict=True)
            for name, entry in zip(names, order, strict=True)
        }


def _outputs_agree(got: Any, reference: Any, x: Any, name: str, close: float) -> None:
    torch = importlib.import_module("torch")
    with torch.no_grad():
        same(got, reference(x).numpy(), name, close)
