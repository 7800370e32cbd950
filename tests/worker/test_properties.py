"""Between worker and kernel, anything gives a plain value within limits or our own error.

The codec, and the namespace as a check sees it. Noise is refused early, so most examples
are sound data that was damaged in a few places.
"""

from __future__ import annotations

import json
import sys
import tracemalloc
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from noise import JSON, always_the_same, damaged

from gradekit.worker.kernel import values
from gradekit.worker.kernel.environment import Environment, Reference, StudentError
from gradekit.worker.kernel.values import UnfitError, decode, encode

DTYPES = st.sampled_from(sorted(values.ARRAY_TYPES)).map(np.dtype)
ARRAYS = arrays.arrays(DTYPES, arrays.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=3))
VIEWS = [
    lambda a: a,
    lambda a: a.T,
    lambda a: a[..., ::-2] if a.ndim else a,
    lambda a: a.astype(a.dtype.newbyteorder(">")),
    lambda a: np.broadcast_to(a, (2, *a.shape)),
]
WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=6) | st.just("a\ud800z")
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(-(10**3999), 10**3999)
    | st.floats()
    | st.complex_numbers()
    | WORDS
    | st.binary(max_size=20)
)
KEYS = st.none() | st.booleans() | st.integers() | WORDS | st.tuples(st.integers(), WORDS)
PLAIN = st.recursive(
    LEAVES | ARRAYS,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.tuples(inner, inner)
        | st.dictionaries(KEYS, inner, max_size=4)
        | st.sets(KEYS, max_size=4)
        | st.frozensets(KEYS, max_size=4)
    ),
    max_leaves=15,
)
KINDS = ["dict", "tuple", "set", "frozenset", "array", "tensor", "scalar", "bytes", "float",
         "complex", "reference", "?"]  # fmt: skip
ARRAY_CLAIMS = st.tuples(
    st.sampled_from(["bool", "uint8", "float32", "complex64", "object", "O8"]),
    st.lists(st.sampled_from([0, 1, 2, 4, 8, -1, 10**7, 10**30, True, 2.0]), max_size=17),
    st.integers(-1, 4),
)
NOTATION = st.recursive(
    JSON | st.builds(lambda k, c: {k: list(c)}, st.sampled_from(KINDS), ARRAY_CLAIMS),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(KINDS), inner, max_size=2)
        | st.builds(lambda pairs: {"dict": pairs}, st.lists(st.tuples(inner, inner), max_size=3))
    ),
    max_leaves=15,
)


def refuse(value: Any) -> Any:
    raise TypeError(type(value))


def same(one: Any, other: Any) -> bool:
    """Return whether two plain values have equal types and contents, to the sign of a zero."""
    if type(one) is not type(other):
        return False
    if type(one) is np.ndarray:
        shape = (one.dtype.name, one.shape) == (other.dtype.name, other.shape)
        return shape and repr(one.tolist()) == repr(other.tolist())
    if type(one) in (list, tuple):
        return len(one) == len(other) and all(map(same, one, other))
    if type(one) is dict:
        return same(list(one), list(other)) and same(list(one.values()), list(other.values()))
    if type(one) in (float, complex):
        return repr(one) == repr(other)
    return bool(one == other)


@given(PLAIN)
@always_the_same
def test_every_plain_value_arrives_as_it_was(value: Any) -> None:
    """Not a number, signed zeros, empty arrays, long integers and lone surrogates included."""
    assert same(decode(encode(value, refuse), refuse), value)


@given(ARRAYS, st.sampled_from(VIEWS))
@always_the_same
def test_every_view_of_an_array_arrives_as_its_values(array: Any, view: Callable[..., Any]) -> None:
    """Transposed, reversed, foreign in its byte order, or repeated without a copy."""
    seen = view(array)
    arrived = decode(encode(seen, refuse), refuse)
    assert arrived.dtype == seen.dtype.newbyteorder("=")
    assert (arrived.shape, repr(arrived.tolist())) == (seen.shape, repr(seen.tolist()))


@given(ARRAYS, st.sampled_from([lambda t: t, lambda t: t.T, torch.conj, torch.nn.Parameter]))
@always_the_same
def test_every_tensor_arrives_as_its_values(array: Any, view: Callable[..., Any]) -> None:
    """Whatever its strides; types that NumPy has and torch has not are no plain tensors."""
    if array.dtype.name not in values.TENSOR_TYPES or array.ndim not in (0, 2):
        return
    tensor = torch.from_numpy(array.copy())
    if view is torch.nn.Parameter and not tensor.is_floating_point():
        return
    arrived = decode(encode(view(tensor), refuse), refuse)
    expected = view(tensor).detach().resolve_conj()
    assert type(arrived) is torch.Tensor
    assert (arrived.dtype, arrived.shape) == (expected.dtype, expected.shape)
    assert repr(arrived.tolist()) == repr(expected.tolist())


@pytest.mark.parametrize(
    "make",
    [
        lambda: torch.eye(2).to_sparse(),
        lambda: torch.eye(2).to_mkldnn(),
        lambda: torch.empty(2, device="meta"),
        lambda: torch.ones(2, dtype=torch.bfloat16),
    ],
    ids=["sparse", "mkldnn", "meta", "bfloat16"],
)
def test_a_tensor_that_is_no_plain_numbers_is_referred_to(make: Callable[[], Any]) -> None:
    """It is an honest value, so looking at it is no error."""
    assert encode(make(), lambda _: [7, "Tensor"]) == [b'{"reference": [7, "Tensor"]}']


@given(st.lists(st.sampled_from([list, tuple, dict]), max_size=30))
@always_the_same
def test_what_may_be_sent_may_be_read(nest: list[type]) -> None:
    """The two sides count depth alike, so nothing is lost between one limit and the other."""
    value: Any = 1
    for kind in nest:
        value = {"key": value} if kind is dict else kind([value])
    if len(nest) > values.MAX_DEPTH:
        with pytest.raises(UnfitError):
            encode(value, refuse)
    else:
        assert decode(encode(value, refuse), refuse) == value


@pytest.mark.parametrize(
    "value",
    [
        dict.fromkeys(range(values.MAX_KEYS + 1)),
        [set(range(values.MAX_KEYS)), {1}],
        np.zeros(values.MAX_NUMBERS + 1, dtype=np.uint8),
        [b"x" * (values.MAX_ARRAY_BYTES // 2 + 8)] * 2,
        [0] * values.MAX_ITEMS,
        torch.zeros(1).expand(10**12),
    ],
    ids=["keys", "keys of two", "numbers", "bytes", "items", "a view on one number"],
)
def test_what_cannot_be_read_is_not_sent(value: Any) -> None:
    """Nor is it built first: the last one would be four terabytes."""
    with pytest.raises(UnfitError):
        encode(value, refuse)


def held(value: Any) -> Iterator[Any]:
    """Yield a value and all that it holds."""
    yield value
    if type(value) in (list, tuple, set, frozenset):
        for item in value:
            yield from held(item)
    elif type(value) is dict:
        for pair in value.items():
            yield from held(pair[0])
            yield from held(pair[1])


FRAMES = st.lists(damaged(st.binary(max_size=16)), max_size=4)
PLAIN_TYPES = {type(None), bool, int, float, complex, str, bytes, list, tuple, set, frozenset,
               dict, np.ndarray, torch.Tensor, *values._scalars(np), object}  # fmt: skip


def assert_fit_or_refused(frames: list[bytes]) -> None:
    """Decode hostile frames: a plain value whose memory the frames pay for, or our error."""
    tracemalloc.start()
    try:
        everything = list(held(decode(frames, lambda _: object())))
    except UnfitError:
        everything = []
    finally:
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert {type(part) for part in everything} <= PLAIN_TYPES
    assert len(everything) <= values.MAX_ITEMS
    assert peak <= most_memory(frames)


def most_memory(frames: list[bytes]) -> int:
    """Return the bytes that frames may cost: 48 for each of text, 8 for each number allowed."""
    text, rest = len(frames[0]) if frames else 0, sum(len(frame) for frame in frames[1:])
    return 48 * text + 2 * rest + min(8 * values.MAX_NUMBERS, 8 * text * (rest + 1)) + (1 << 18)


@given(st.lists(st.binary(max_size=100), max_size=4))
@always_the_same
def test_any_frames_give_a_fit_value_or_our_error(frames: list[bytes]) -> None:
    """Noise, or no frames at all."""
    assert_fit_or_refused(frames)


@given(NOTATION, FRAMES)
@always_the_same
def test_any_nonsense_in_our_notation_gives_a_fit_value_or_our_error(
    shape: Any, frames: list[bytes]
) -> None:
    """Every kind of value in the place of every other."""
    assert_fit_or_refused([json.dumps(shape).encode(), *frames])


@given(st.data())
@always_the_same
def test_a_damaged_encoding_gives_a_fit_value_or_our_error(data: st.DataObject) -> None:
    """Text and arrays overwritten, cut, stuffed, and in another order."""
    frames = encode(data.draw(PLAIN), refuse)
    text = data.draw(damaged(st.just(frames[0])))
    rest = [data.draw(damaged(st.just(frame))) for frame in data.draw(st.permutations(frames[1:]))]
    assert_fit_or_refused([text, *rest])


SIZE = 1 << 18
BOMBS = {
    "empty lists": [b"[" + b"[]," * (SIZE // 3) + b"0]"],
    "empty objects": [b"[" + b"{}," * (SIZE // 3) + b"0]"],
    "small objects": [b"[" + b'{"":0},' * (SIZE // 7) + b"0]"],
    "floats": [b"[" + b"1.5," * (SIZE // 4) + b"0]"],
    "keys": [b"{" + b",".join(b'"%x":0' % n for n in range(SIZE // 8)) + b"}"],
    "brackets": [b"[" * SIZE],
    "digits": [b"9" * SIZE],
    "one frame as a thousand arrays": [
        json.dumps([{"array": ["int8", [SIZE], 1]}] * 1000).encode(), bytes(SIZE),
    ],
    "one frame as a thousand byte strings": [
        json.dumps([{"bytes": 1}] * 1000).encode(), bytes(SIZE * 4),
    ],
    "arrays of one number": [
        json.dumps([{"array": ["float64", [], 1]}] * (SIZE // 32)).encode(), bytes(8),
    ],
    "empty tensors": [json.dumps([{"tensor": ["int8", [0], 1]}] * (SIZE // 32)).encode(), b""],
    "an array of the largest shape": [
        json.dumps({"array": ["int8", [values.MAX_ARRAY_BYTES] * 16, 1]}).encode(), b"",
    ],
    "keys that collide": [
        json.dumps({"set": [n * (2**61 - 1) for n in range(values.MAX_KEYS + 1)]}).encode(),
    ],
}  # fmt: skip


@pytest.mark.parametrize("frames", BOMBS.values(), ids=BOMBS)
def test_a_bomb_costs_no_more_memory_than_its_size_allows(frames: list[bytes]) -> None:
    """What little text could ask for is counted before it is made."""
    assert_fit_or_refused(frames)


LIES = {
    "complex from tensors": [
        b'{"complex": [{"tensor": ["float32", [1], 1]}, {"tensor": ["complex64", [], 2]}]}',
        bytes(4), bytes(8),
    ],
    "pairs from a reference": [b'{"dict": [{"reference": [1, "x"]}]}'],
    "pairs from a text": [b'{"dict": ["ab"]}'],
    "truth values beyond one": [b'{"array": ["bool", [4], 1]}', b"\2\3\xff\1"],
    "a scalar with axes": [b'{"scalar": ["float64", [1], 1]}', bytes(8)],
}  # fmt: skip


@pytest.mark.parametrize("frames", LIES.values(), ids=LIES)
def test_a_value_made_of_the_wrong_parts_is_refused(frames: list[bytes]) -> None:
    """Nothing is converted, and nothing that stays on the other side is iterated over."""
    with pytest.raises(UnfitError):
        decode(frames, lambda _: iter(["key", "value"]))


def test_a_tensor_where_torch_is_not_installed_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """An import that fails would be taken for a failure of ours, and leave a check unmarked."""
    monkeypatch.setitem(sys.modules, "torch", None)
    with pytest.raises(UnfitError):
        decode([b'{"tensor": ["float32", [1], 1]}', bytes(4)], refuse)


class Liar:
    """A kernel whose agent answers the same frames to everything."""

    def __init__(self, frames: list[bytes]) -> None:
        self.frames = frames

    def probe(self, frames: list[bytes], seconds: float) -> list[bytes]:
        return self.frames


ANSWERS = st.builds(
    lambda value, printed, error: json.dumps(
        {"dict": [["value", value], ["printed", printed], ["error", error]]}
    ).encode(),
    NOTATION, JSON | st.just("\ud800"), JSON,
)  # fmt: skip
ERRORS = st.builds(
    lambda error: json.dumps({"dict": [["error", error]]}).encode(),
    JSON | st.lists(WORDS, min_size=2, max_size=2),
)
ASKED: list[Callable[[Environment], Any]] = [
    lambda env: env["x"],
    lambda env: env.get("x"),
    lambda env: env["x"].y,
    lambda env: env["x"](1, [2.0], k="v"),
    lambda env: env["x"][0],
    lambda env: next(iter(env["x"])),
]


@given(damaged(ANSWERS | ERRORS), FRAMES, st.sampled_from(ASKED))
@always_the_same
def test_any_answer_is_plain_or_the_students_error(
    text: bytes, frames: list[bytes], ask: Callable[[Environment], Any]
) -> None:
    """The worker lives on, and what a check gets hold of has one of the known types."""
    environment = Environment(Liar([text, *frames]), call_seconds=60)  # type: ignore[arg-type]
    environment.begin(60, seed=1)
    try:
        value = ask(environment)
    except (StudentError, KeyError):
        return
    except (AttributeError, TypeError, LookupError, StopIteration):
        return  # a plain value has no attribute y, cannot be called, is empty
    assert {type(part) for part in held(value)} <= (PLAIN_TYPES | {Reference}) - {object}
