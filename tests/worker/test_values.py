"""Plain values cross to the other side unchanged, and nothing a stranger sends breaks us."""

import contextlib
import json
import math
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from gradekit.worker.kernel.values import MAX_DEPTH, UnfitError, decode, encode

PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text()
    | st.binary(max_size=50),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.tuples(inner, inner)
        | st.dictionaries(st.text(max_size=5), inner, max_size=4)
    ),
    max_leaves=20,
)


def refuse(value: Any) -> Any:
    raise TypeError(type(value))


def there_and_back(value: Any) -> Any:
    return decode(encode(value, refuse), refuse)


@given(PLAIN)
def test_plain_values_arrive_as_they_were(value: Any) -> None:
    """Equal value, equal type."""
    arrived = there_and_back(value)
    assert arrived == value
    assert type(arrived) is type(value)


@pytest.mark.parametrize("value", [math.inf, -math.inf, 3 + 4j, {1, 2}, frozenset("ab"), 10**900])
def test_values_that_json_lacks_arrive_too(value: Any) -> None:
    """Infinity, complex numbers, sets and long integers have a notation of their own."""
    assert there_and_back(value) == value


def test_nan_arrives_as_nan() -> None:
    """NaN differs from itself, so it needs a test of its own."""
    assert math.isnan(there_and_back(math.nan))


@pytest.mark.parametrize("dtype", ["bool", "int8", "uint64", "float16", "float32", "complex128"])
@pytest.mark.parametrize("shape", [(), (0, 3), (2, 3), (2, 1, 4)])
def test_an_array_keeps_dtype_and_shape(dtype: str, shape: tuple[int, ...]) -> None:
    """Not only its numbers: broadcasting would forgive a lost axis."""
    array = np.arange(math.prod(shape)).reshape(shape).astype(dtype)
    arrived = there_and_back(array)
    assert (arrived.dtype, arrived.shape) == (array.dtype, array.shape)
    assert np.array_equal(arrived, array)


def test_a_view_with_strides_arrives_as_its_values() -> None:
    """The bytes that travel are those of the view, not of what lies under it."""
    array = np.arange(12).reshape(3, 4).T[::2]
    assert np.array_equal(there_and_back(array), array)


def test_a_parameter_arrives_as_a_plain_tensor() -> None:
    """Without its graph, and as `torch.Tensor` exactly."""
    arrived = there_and_back(torch.nn.Parameter(torch.ones(2, 3)))
    assert type(arrived) is torch.Tensor
    assert torch.equal(arrived, torch.ones(2, 3))


def test_a_numpy_scalar_keeps_its_type() -> None:
    """`np.float32(2)` is not a Python float; checks may tell them apart."""
    assert type(there_and_back(np.float32(2))) is np.float32


class Everything(float):
    def __eq__(self, other: object) -> bool:
        return True

    __hash__ = float.__hash__


class Impostor(np.ndarray[Any, Any]):
    pass


@pytest.mark.parametrize(
    "value",
    [Everything(1), np.zeros(2).view(Impostor), np.ma.masked_array([1.0], [True]), object(),
     np.array([object()]), np.matrix([[1]])],
    ids=lambda v: type(v).__name__,
)  # fmt: skip
def test_a_subclass_never_travels_as_plain_data(value: Any) -> None:
    """Only exact types are plain; the rest becomes a reference."""
    assert encode(value, lambda _: [7, "x"]) == [b'{"reference": [7, "x"]}']


def test_a_cycle_is_refused_instead_of_followed() -> None:
    """A list that contains itself has no end."""
    endless: list[Any] = []
    endless.append(endless)
    with pytest.raises(UnfitError):
        encode(endless, refuse)


@given(st.lists(st.binary(max_size=200), max_size=4))
@settings(max_examples=300)
def test_any_bytes_give_a_value_or_our_error(frames: list[bytes]) -> None:
    """Whatever a kernel sends, decoding ends and raises nothing else."""
    with contextlib.suppress(UnfitError):
        decode(frames, lambda content: content)


SHAPES = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.text(max_size=8) | st.floats(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["dict", "tuple", "set", "array", "tensor", "scalar", "bytes",
                             "float", "complex", "reference", "?"]),
            inner, max_size=2,
        )
    ),
)  # fmt: skip


@given(SHAPES, st.binary(max_size=40))
@settings(max_examples=500)
def test_any_json_in_our_notation_gives_a_value_or_our_error(shape: Any, data: bytes) -> None:
    """Well-formed JSON with nonsense in it is no better than noise."""
    with contextlib.suppress(UnfitError):
        decode([json.dumps(shape).encode(), data], lambda content: content)


@pytest.mark.parametrize(
    "frames",
    [
        [b"[" * 100_000 + b"]" * 100_000],
        [b"[" * (MAX_DEPTH + 2) + b"]" * (MAX_DEPTH + 2)],
        [b"9" * 10_000],
        [b'{"array": ["float64", [1000000000], 1]}', b""],
        [b'{"array": ["float64", [-1], 1]}', b""],
        [b'{"array": ["object", [1], 1]}', b"12345678"],
        [b'{"array": ["float64", [1], 0]}', b"12345678"],
        [b'{"array": ["float64", [1], 5]}', b"12345678"],
        [b'{"bytes": -1}', b"x"],
        [b'{"dict": [[[], 1]]}'],
        [b"[" + b"0," * 300_000 + b"0]"],
        [],
    ],
    ids=range(12),
)
def test_a_lie_about_size_or_depth_is_refused(frames: list[bytes]) -> None:
    """No memory is asked for on a stranger's word."""
    with pytest.raises(UnfitError):
        decode(frames, lambda content: content)
