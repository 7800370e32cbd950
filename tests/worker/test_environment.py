"""A check sees plain values and opaque references, never the student's own objects."""

import contextlib
import io
import sys
import types
from typing import Any

import numpy as np
import pytest

from gradekit.worker.kernel import values
from gradekit.worker.kernel.answering import Ended, UnansweredError
from gradekit.worker.kernel.environment import Environment, Stopped, StudentError

sys.modules["gradekit_values"] = values  # as the launcher does in the kernel
from gradekit.worker.kernel.agent import Agent  # noqa: E402


class LoopbackKernel:
    """A kernel at the seam: the real agent, asked in this process."""

    def __init__(self, code: str) -> None:
        self.namespace: dict[str, Any] = {}
        exec(code, self.namespace)
        self.agent = Agent(types.SimpleNamespace(user_ns=self.namespace))
        self.sent: list[list[bytes]] = []

    def probe(self, frames: list[bytes], seconds: float) -> list[bytes]:
        assert seconds > 0
        self.sent.append(frames)
        answer: list[bytes] = self.agent.answer(frames)
        return answer


def environment(code: str) -> Environment:
    made = Environment(LoopbackKernel(code), call_seconds=10)  # type: ignore[arg-type]
    made.begin(10, seed=1)
    return made


def test_a_function_of_the_students_is_called_with_values() -> None:
    """Arguments go there, the result comes back, both by value."""
    double = environment("def double(x): return 2 * x")["double"]
    assert np.array_equal(double(np.array([1.0, 2.0])), [2.0, 4.0])


def test_an_object_is_a_reference_whose_attributes_can_be_read() -> None:
    """Reading, calling, indexing and iterating are probes."""
    env = environment("class A:\n  n = 3\n  def rows(self): return iter([self, 2])\na = A()")
    assert env["a"].n == 3
    assert list(env["a"].rows())[1] == 2


def test_a_reference_may_be_an_argument() -> None:
    """The object itself is handed over there."""
    env = environment("class A: n = 3\ndef read(a): return a.n")
    assert env["read"](env["A"]()) == 3


EQUALS_ALL = """
class Y:
    def __eq__(self, other): seen.append(other); return True
    def __bool__(self): return True
    def __len__(self): return 3
    def __float__(self): return 1.0
    def __array__(self, *a): return [1.0]
    def __getattr__(self, name): return self
seen = []
y = Y()
"""


def test_a_reference_equals_nothing_but_itself() -> None:
    """The student's `__eq__` is not asked, and never sees the expected value."""
    env = environment(EQUALS_ALL)
    assert (env["y"] == [1.0, 2.0]) is False
    assert env["seen"] == []


@pytest.mark.parametrize(
    "use",
    [bool, len, float, int, abs, lambda r: r + 1, lambda r: 1 - r, lambda r: r < 1,
     lambda r: 1 in r, lambda r: np.asarray(r, dtype=float), lambda r: np.allclose(r, 1.0)],
    ids=range(11),
)  # fmt: skip
def test_a_reference_has_no_operators_and_no_conversions(use: Any) -> None:
    """What Python or NumPy would do by itself raises TypeError instead."""
    with pytest.raises(TypeError):
        use(environment(EQUALS_ALL)["y"])


def test_an_endless_iterator_is_cut_off() -> None:
    """A check that iterates over something of the student's ends."""
    forever = environment("import itertools\nforever = itertools.count()")["forever"]
    with pytest.raises(AssertionError, match="did not end"):
        list(forever)


def test_a_students_exception_arrives_as_text() -> None:
    """Its type's name and its message; never the object."""
    with pytest.raises(StudentError, match=r"^ValueError: no$"):
        environment("def f(): raise ValueError('no')")["f"]()


def test_an_exception_whose_text_raises_is_still_told() -> None:
    """`str(error)` is the student's code as well."""
    code = "class E(Exception):\n  def __str__(self): raise SystemExit\ndef f(): raise E"
    with pytest.raises(StudentError, match=r"^E$"):
        environment(code)["f"]()


def test_what_a_call_prints_can_be_captured() -> None:
    """As in plain Otter, where check and answer share a process."""
    env = environment("def f(): print('epoch 1')")
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        env["f"]()
    assert printed.getvalue() == "epoch 1\n"


def test_the_checks_own_objects_cannot_leave() -> None:
    """A check that hands over a function of its own would hand over our process."""
    env = environment("def f(x): return x")
    with pytest.raises(TypeError, match="cannot be handed"):
        env["f"](lambda: "secret")


def test_builtins_are_found_behind_the_students_names() -> None:
    """As in a notebook; a shadowed one is the student's."""
    env = environment("list = 4")
    assert env["list"] == 4
    assert env["sorted"]([2, 1]) == [1, 2]


def test_a_missing_name_is_missing() -> None:
    """`get` gives None and indexing KeyError, as the dictionary in Otter does."""
    env = environment("")
    assert env.get("FC") is None
    with pytest.raises(KeyError):
        env["FC"]


class Forger:
    """A kernel whose agent was replaced by the student's."""

    def __init__(self, answer: list[bytes]) -> None:
        self.answer = answer

    def probe(self, frames: list[bytes], seconds: float) -> list[bytes]:
        return self.answer


@pytest.mark.parametrize(
    "answer",
    [b"", b"[]", b"1", b'{"dict": []}', b'{"dict": [["value", {"reference": ["x", "y"]}]]}',
     b'{"dict": [["error", 3], ["printed", 5]]}', b"[" * 50_000],
    ids=range(7),
)  # fmt: skip
def test_a_forged_answer_is_the_students_error(answer: bytes) -> None:
    """It never shows as an error of ours, and never as a value."""
    env = Environment(Forger([answer]), call_seconds=10)  # type: ignore[arg-type]
    env.begin(10, seed=1)
    with pytest.raises((StudentError, KeyError)):
        env["anything"]


class Silent:
    def probe(self, frames: list[bytes], seconds: float) -> list[bytes]:
        raise UnansweredError(Ended.DIED)


def test_no_answer_stops_the_check_whatever_it_catches() -> None:
    """`Stopped` is no `Exception`, so an author's `except` does not swallow it."""
    env = Environment(Silent(), call_seconds=10)  # type: ignore[arg-type]
    with pytest.raises(Stopped):
        env.begin(10, seed=1)
    assert not issubclass(Stopped, Exception)


def test_time_that_is_used_up_stops_the_check_without_asking() -> None:
    """The deadline is the worker's."""
    env = environment("x = 1")
    env._deadline = 0.0
    with pytest.raises(Stopped):
        env["x"]
