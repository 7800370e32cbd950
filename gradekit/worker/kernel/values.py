"""Plain data between the worker and the student's kernel, in both directions.

Numbers, text, containers, arrays and tensors travel by value: JSON for the shape
of the value, raw bytes for arrays. Nothing is ever pickled. Whatever is not plain
is left to the two callables: `refer` turns an object into a number, `resolve` a
number into what stands for the object on the other side.

The same text runs on both sides (the kernel gets it as source, so this module
imports nothing of gradekit); so what both sides have to agree on is written here too.
`decode` trusts nothing: its input may come from a student's process that lies about
every length and every type.
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Callable, Sequence
from typing import Any

MAX_TEXT_BYTES = 16 << 20  # of JSON
MAX_ARRAY_BYTES = 64 << 20  # of all arrays in one value
MAX_ITEMS = 200_000  # of one value, counted through all containers
MAX_KEYS = 10_000  # of all sets and dictionaries: keys that collide cost the square of their number
MAX_NUMBERS = 8 << 20  # in all arrays: small integers are few bytes there, gigabytes as a list
MAX_DEPTH = 24
MAX_AXES = 16
MAX_INTEGER = 10**4000  # Python itself reads 4,300 digits
MAX_KIND = 80  # characters of the name of a type
MAX_RAISED = 2_000  # characters of the text of an exception
TARGET = "gradekit"  # the name that the worker calls to open its conversation with the agent

WHOLE = {f"{sign}int{bits}" for sign in ("", "u") for bits in (8, 16, 32, 64)}
ARRAY_TYPES = WHOLE | {"bool", "float16", "float32", "float64", "complex64", "complex128"}
TENSOR_TYPES = ARRAY_TYPES - {"uint16", "uint32", "uint64"}
CONTAINERS: dict[str, Callable[[list[Any]], Any]] = {
    "tuple": tuple, "set": set, "frozenset": frozenset, "dict": dict,
}  # fmt: skip


class UnfitError(Exception):
    """The value cannot travel: too large, too deep, or not what it claims to be."""


def encode(value: Any, refer: Callable[[Any], Any]) -> list[bytes]:
    """Return a value as frames: JSON first, then the bytes of each array.

    Raises
    ------
    UnfitError
        If the value is larger or deeper than the limits above.
    """
    frames: list[bytes] = [b""]
    shape = _Encoder(refer, frames).shape(value, 0)
    frames[0] = json.dumps(shape).encode()
    if len(frames[0]) > MAX_TEXT_BYTES:
        raise UnfitError("the value is too large to be looked at")
    return frames


def decode(frames: Sequence[bytes | memoryview], resolve: Callable[[Any], Any]) -> Any:
    """Return the value that frames stand for.

    Raises
    ------
    UnfitError
        If the frames are no value within the limits; never anything else.
    """
    if not frames or len(frames[0]) > MAX_TEXT_BYTES:
        raise UnfitError("the answer has no text or too much of it")
    if sum(len(frame) for frame in frames[1:]) > MAX_ARRAY_BYTES:
        raise UnfitError("the answer holds too many numbers")
    try:
        shape = json.loads(bytes(frames[0]))
        return _Decoder(resolve, frames).value(shape, 0)
    except (ValueError, TypeError, KeyError, IndexError, RecursionError, OverflowError) as error:
        raise UnfitError(f"the answer is not well formed ({type(error).__name__})") from None


class _Encoder:
    def __init__(self, refer: Callable[[Any], Any], frames: list[bytes]) -> None:
        self._refer, self._frames = refer, frames
        self._items = self._keys = self._numbers = self._bytes = 0

    def shape(self, value: Any, depth: int) -> Any:
        """Return the JSON that represents a value; only exact types travel by value."""
        self._items += 1
        if self._items > MAX_ITEMS or depth > MAX_DEPTH:
            raise UnfitError("the value is too large or too deeply nested to be looked at")
        kind = type(value)
        if value is None or kind in (bool, str):
            return value
        if kind is int and abs(value) < MAX_INTEGER:
            return value
        if kind is float:
            return value if math.isfinite(value) else {"float": repr(value)}
        if kind is list:
            return [self.shape(item, depth + 1) for item in value]
        return self._tagged(value, kind, depth)

    def _tagged(self, value: Any, kind: type, depth: int) -> Any:
        if kind.__name__ == "OrderedDict" and kind.__module__ == "collections":
            kind = dict  # what state_dict() returns
        if kind in (dict, set, frozenset):
            self._keys += len(value)
            if self._keys > MAX_KEYS:
                raise UnfitError("the value has too many keys to be looked at")
        if kind is dict:
            pairs = [[self.shape(k, depth + 1), self.shape(v, depth + 1)] for k, v in value.items()]
            return {"dict": pairs}
        if kind in (tuple, set, frozenset):
            return {kind.__name__: [self.shape(item, depth + 1) for item in value]}
        if kind is bytes:
            return {"bytes": self._frame(value)}
        if kind is complex:
            return {"complex": [self.shape(value.real, depth), self.shape(value.imag, depth)]}
        return self._numeric(value, kind)

    def _numeric(self, value: Any, kind: type) -> Any:
        numpy, torch = sys.modules.get("numpy"), sys.modules.get("torch")
        if numpy is not None and kind is numpy.ndarray and value.dtype.name in ARRAY_TYPES:
            return {"array": self._array(value)}
        if numpy is not None and kind in _scalars(numpy):
            return {"scalar": self._array(numpy.asarray(value))}
        if (
            torch is not None
            and kind in (torch.Tensor, torch.nn.Parameter)
            and _dense(torch, value)
        ):
            _refuse_large(value)  # before a view on one number becomes as many as it says
            plain = value.detach().cpu().resolve_conj().resolve_neg().contiguous()
            return {"tensor": self._array(plain.numpy())}
        return {"reference": self._refer(value)}

    def _array(self, array: Any) -> list[Any]:
        _refuse_large(array)
        little = array.astype(array.dtype.newbyteorder("<"), copy=False)
        return [array.dtype.name, list(array.shape), self._frame(little.tobytes(), array.size)]

    def _frame(self, data: bytes, numbers: int = 0) -> int:
        self._bytes += len(data)
        self._numbers += max(numbers, len(data) // 8)
        if self._bytes > MAX_ARRAY_BYTES or self._numbers > MAX_NUMBERS:
            raise UnfitError("the value holds too many numbers to be looked at")
        self._frames.append(data)
        return len(self._frames) - 1


class _Decoder:
    def __init__(self, resolve: Callable[[Any], Any], frames: Sequence[bytes | memoryview]) -> None:
        self._resolve, self._frames = resolve, frames
        self._items = self._keys = self._numbers = 0

    def value(self, shape: Any, depth: int) -> Any:
        self._items += 1
        if self._items > MAX_ITEMS or depth > MAX_DEPTH:
            raise UnfitError("the answer is too large or too deeply nested")
        if type(shape) is list:
            return [self.value(item, depth + 1) for item in shape]
        if type(shape) is not dict:
            return shape  # None, bool, int, float or str: JSON has nothing else
        if len(shape) != 1:
            raise UnfitError("the answer is not well formed")
        ((kind, content),) = shape.items()
        return self._tagged(kind, content, depth)

    def _tagged(self, kind: str, content: Any, depth: int) -> Any:
        if kind in CONTAINERS:
            return CONTAINERS[kind](self._members(kind, content, depth + 1))
        match kind:
            case "float":
                return {"nan": math.nan, "inf": math.inf, "-inf": -math.inf}[content]
            case "complex":
                real, imaginary = (self.value(part, depth) for part in content)
                if type(real) is float and type(imaginary) is float:
                    return complex(real, imaginary)
            case "bytes":
                return bytes(self._counted(self._frame(content)))
            case "array" | "scalar" | "tensor":
                return self._array(kind, *content)
            case "reference":
                return self._resolve(content)
        raise UnfitError("the answer is of an unknown kind")

    def _members(self, kind: str, content: Any, depth: int) -> list[Any]:
        """Return what is in a container; nothing that was resolved is iterated over here."""
        if type(content) is not list:
            raise UnfitError("the answer is not well formed")
        self._keys += 0 if kind == "tuple" else len(content)
        if self._keys > MAX_KEYS:
            raise UnfitError("the answer has too many keys")
        if kind != "dict":
            return [self.value(item, depth) for item in content]
        if any(type(pair) is not list or len(pair) != 2 for pair in content):
            raise UnfitError("the answer is not well formed")
        return [(self.value(key, depth), self.value(item, depth)) for key, item in content]

    def _frame(self, index: Any) -> bytes | memoryview:
        if type(index) is not int or index < 1:
            raise UnfitError("the answer points nowhere")
        return self._frames[index]

    def _counted(self, frame: bytes | memoryview, numbers: int = 0) -> bytes | memoryview:
        """Count what a frame becomes; any number of arrays may point to the same one."""
        self._numbers += max(numbers, len(frame) // 8)
        if self._numbers > MAX_NUMBERS:
            raise UnfitError("the answer holds too many numbers")
        return frame

    def _array(self, kind: str, dtype: Any, axes: Any, index: Any) -> Any:
        import numpy as np  # noqa: PLC0415 - a kernel without arrays never pays for NumPy

        allowed = TENSOR_TYPES if kind == "tensor" else ARRAY_TYPES
        is_allowed = type(dtype) is str and dtype in allowed
        if not is_allowed or not _is_shape(axes) or (kind == "scalar" and axes):
            raise UnfitError("the answer holds an array of an unknown type")
        frame = self._counted(self._frame(index), math.prod(axes))
        item = np.dtype(dtype).newbyteorder("<")
        if math.prod(axes) * item.itemsize != len(frame):
            raise UnfitError("the answer holds an array of another size than it says")
        if dtype == "bool" and bytes(frame).strip(b"\0\1"):  # neither true nor false
            raise UnfitError("the answer holds truth values that are none")
        # A copy, which can be written to as the student's own array can.
        array = np.frombuffer(bytearray(frame), item).astype(dtype, copy=False).reshape(axes)
        if kind == "tensor":
            return _tensor(array)
        return array[()] if kind == "scalar" else array


def _tensor(array: Any) -> Any:
    try:
        import torch  # noqa: PLC0415 - a kernel without tensors never pays for torch
    except ImportError:  # a stranger names it, where it was never installed
        raise UnfitError("the answer holds a tensor, but torch is not installed here") from None
    return torch.from_numpy(array)


def _dense(torch: Any, tensor: Any) -> bool:
    """Return whether a tensor is plain numbers in memory: not sparse, nested or only a shape."""
    return (
        tensor.layout is torch.strided
        and not tensor.is_nested
        and tensor.device.type != "meta"
        and str(tensor.dtype).removeprefix("torch.") in TENSOR_TYPES
    )


def _refuse_large(array: Any) -> None:
    if array.ndim > MAX_AXES or array.nbytes > MAX_ARRAY_BYTES:
        raise UnfitError("the array is too large to be looked at")


def _scalars(numpy: Any) -> set[type]:
    """Return NumPy's own scalar types; a subclass of one is not plain."""
    return {numpy.dtype(name).type for name in ARRAY_TYPES}


def _is_shape(axes: Any) -> bool:
    return (
        type(axes) is list
        and len(axes) <= MAX_AXES
        and all(type(n) is int and 0 <= n <= MAX_ARRAY_BYTES for n in axes)
    )
