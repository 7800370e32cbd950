"""What the checks have in common: one way to compare, and one way to look inside.

`same` is the only comparison the checks use. It settles type, kind, shape and
finiteness before it looks at a number, because NumPy's broadcasting, empty arrays and
NaN make nonsense look equal. `numbers` does the same for lists written by hand.

What has to run beside the answer, in the notebook's own process, is in `inside.py`.
"""

from __future__ import annotations

import contextlib
import importlib
import itertools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import digits
import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from torch import nn

Shape = tuple[int, ...]

LARGE = 1000.0  # weights of a network that learns stay far below
KINDS = {"b": "truth values", "i": "whole numbers", "u": "whole numbers", "f": "floats"}


PLAIN = (bool, int, float, complex, str, bytes, list, tuple, dict, set)
PLAIN += (np.ndarray, np.generic, torch.Tensor)
NUMBERS = (int, float, np.int32, np.int64, np.float32, np.float64)


def plain(value: Any, name: str) -> NDArray[Any]:
    """Return a plain array or tensor as an array; anything else fails the check.

    Raises
    ------
    AssertionError
        If `value` is of another type (a subclass too), empty, masked, not finite,
        or not of real numbers.
    """
    if type(value) in (torch.Tensor, nn.Parameter):
        value = value.detach().cpu().numpy()
    elif type(value) in NUMBERS:
        value = np.asarray(value)
    assert type(value) is np.ndarray, f"{name} must be an array or a tensor, got {_kind(value)}"
    assert value.dtype.kind in KINDS, (
        f"{name} must hold real numbers, but its dtype is {value.dtype}"
    )
    assert value.size > 0, f"{name} is empty, its shape is {value.shape}"
    assert np.isfinite(value).all(), f"{name} holds NaN or infinity"
    return value


def same(
    got: Any,
    expected: ArrayLike,
    name: str,
    tolerance: float = 0.0,
    kinds: str = "f",
    *,
    scale: float = 1.0,
) -> None:
    """Assert that `got` has a dtype of `kinds`, the shape of `expected` and its values.

    `tolerance` is the largest error allowed, relative to values above `scale` in size.
    """
    want = np.asarray(expected, dtype=np.float64)
    have = plain(got, name)
    allowed = " or ".join(sorted({KINDS[kind] for kind in kinds}))
    assert have.dtype.kind in kinds, f"{name} must hold {allowed}, but its dtype is {have.dtype}"
    assert have.shape == want.shape, f"{name} has shape {have.shape}, expected {want.shape}"
    error = np.abs(have.astype(np.float64) - want) / np.maximum(np.abs(want), scale)
    text = f"{name}: got {_short(have)}, expected {_short(want)}"
    assert bool((error <= tolerance).all()), text


def numbers(value: Any, name: str) -> list[float]:
    """Return a list, tuple or one-dimensional array of plain numbers as a list of floats."""
    if type(value) in (torch.Tensor, np.ndarray):
        value = plain(value, name).tolist()
    assert type(value) in (list, tuple), f"{name} must be a list of numbers, got {_kind(value)}"
    for item in value:
        assert type(item) in NUMBERS, f"{name} holds {_kind(item)}"
        assert np.isfinite(item), f"{name} holds NaN or infinity"
    return [float(item) for item in value]


def whole(value: Any, name: str) -> int:
    """Return a plain int; anything else, a float or a bool too, fails the check."""
    assert type(value) in (int, np.int64), (
        f"{name} must be a whole number (int), got {_kind(value)}"
    )
    return int(value)


def defined(value: Any, name: str) -> None:
    """Assert that the notebook has a value called `name`."""
    assert value is not None, f"{name} is not defined yet: run the cells above, without an error"


def usable(value: Any, name: str) -> None:
    """Assert that `name` is a function, a class or another object, and not plain data."""
    defined(value, name)
    assert not isinstance(value, PLAIN), f"{name} is {_kind(value)}, which cannot be used here"


def listed(value: Any, length: int, name: str) -> list[Any]:
    """Return a plain list of that many items; anything else fails the check."""
    assert type(value) in (list, tuple), f"{name} must be a list, got {_kind(value)}"
    assert len(value) == length, f"{name} has {len(value)} items, expected {length}"
    return list(value)


def _kind(value: Any) -> str:
    """Return the type's name, never the value: a stranger's `repr` may do anything."""
    name = type(value).__name__
    if name == "Reference":  # how the grader sees what is no plain data
        return "an object of another kind"
    return "nothing (None)" if value is None else f"an object of type {name}"


def _short(values: NDArray[Any]) -> str:
    """Return at most 12 values, as a list."""
    flat = [round(float(value), 4) for value in values.ravel()[:12]]
    return f"{flat}" if values.size <= 12 else f"{str(flat)[:-1]}, ...]"


def student_side(env: Any, module: str) -> Any:
    """Return a support module as the notebook's process has it.

    The grader runs checks in another process and reaches the notebook through `env`;
    in the notebook itself both are one process, and `env` is its dictionary of names.
    """
    if isinstance(env, dict):
        return importlib.import_module(module)
    return env["__import__"](module)


def weights(model: Any, name: str, most: int = 40) -> list[torch.Tensor]:
    """Return a model's parameters by value, each one once."""
    usable(model, name)
    found = []
    for parameter in model.parameters():
        plain(parameter, f"a parameter of {name}")
        assert parameter.dtype == torch.float32, f"{name} has a parameter of {parameter.dtype}"
        largest = float(parameter.detach().abs().max()) if parameter.numel() else 0.0
        assert largest <= LARGE, f"{name} has a weight of {largest:.0f}, which hides small steps"
        found.append(parameter.detach().cpu().clone())
        assert len(found) <= most, f"{name} has more than {most} parameters"
    assert found, f"{name} has no parameters (layers in a plain list are hidden: use nn.ModuleList)"
    return found


def settled(model: Any, image: torch.Tensor) -> Any:
    """Return the model after one call, in which lazy layers find out their sizes.

    Whether the call goes well is for other checks to say.
    """
    with contextlib.suppress(Exception):
        model(image)
    return model


def load(model: Any, values: Callable[[Shape], torch.Tensor]) -> None:
    """Give each entry of the model's state the value for its shape."""
    usable(model, "the network")
    state = model.state_dict()
    assert isinstance(state, dict), f"state_dict() gave {_kind(state)}"
    shapes = {str(key): plain(state[key], f"entry {key}").shape for key in state}
    model.load_state_dict({key: values(shape) for key, shape in shapes.items()})


def by_hand(shape: Shape, sign: float = 1.0) -> torch.Tensor:
    """Return weights that make a layer pass on the mean of its inputs, and biases of 0.

    Of a convolution's kernel only the centre counts, so each output pixel is the
    mean over the channels of the input pixel in the same place.
    """
    filled = torch.zeros(shape)
    if len(shape) == 2:
        filled[:] = sign / shape[1]
    elif len(shape) == 4:
        filled[:, :, shape[2] // 2, shape[3] // 2] = sign / shape[1]
    return filled


def relu_between(model: Any, layers: list[Shape], image: torch.Tensor) -> None:
    """Assert ReLU after each layer but the last, by changing the sign of some weights.

    `layers` are the shapes of the weights in order. Two changes of sign in a row cancel,
    unless a ReLU between them stops the negative value: then the logits are 0.
    """
    settled(model, image)
    for first, second in itertools.pairwise(layers):
        load(model, lambda s, pair=(first, second): by_hand(s, -1.0 if s in pair else 1.0))
        text = f"logits with a negative value after the layer of shape {first}"
        same(model(image), np.zeros((1, 10)), text, 1e-4)
    load(model, lambda s: by_hand(s, -1.0 if s == layers[-1] else 1.0))
    same(model(image), -np.ones((1, 10)), "logits with negative weights in the last layer", 1e-4)


def reads_test_set(env: Any, model: Any, kind: str, bars: dict[str, float]) -> None:
    """Assert that a trained model reads enough of the first 1,000 test images.

    `bars` has a bar for the small set, "digits", and one for the real "mnist".
    """
    defined(model, f"model_{kind}")
    folder = Path(digits.__file__).resolve().parent / "data"
    images, labels = digits.read_set(folder, "t10k")
    bar = bars["mnist" if len(labels) == 10_000 else "digits"]
    x = torch.from_numpy(images[:1000].astype(np.float32) / 255)
    inside = student_side(env, "inside")
    logits = plain(inside.logits(model, x.flatten(1) if kind == "fc" else x[:, None]), "logits")
    assert logits.shape == (1000, 10), f"logits have shape {logits.shape}, expected (1000, 10)"
    right = float((logits.argmax(axis=1) == labels[:1000]).mean())
    assert right >= bar, f"{right:.1%} of 1,000 test images are read right, {bar:.1%} are needed"
    with contextlib.suppress(ModuleNotFoundError):  # graders have a network of their own
        importlib.import_module("reference").trained(inside, model, kind)
