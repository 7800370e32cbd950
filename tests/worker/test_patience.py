"""A cell's time is its own: what it waits for a core on a busy machine is given back."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from gradekit.core.job import Limits
from gradekit.worker.kernel.answering import Ended
from gradekit.worker.kernel.kernel import Kernel

SLEEP = "import time; time.sleep({})"


@pytest.fixture(scope="module")
def kernel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kernel]:
    """A real kernel without isolation."""
    with Kernel("none", tmp_path_factory.mktemp("files"), Limits()) as started:
        yield started


def busy(kernel: Kernel, share: float) -> None:
    """Make the kernel's machine seem so busy that the kernel waits for this share of the time."""
    start = time.monotonic()
    kernel.isolation.seconds_without_core = lambda: share * (time.monotonic() - start)  # type: ignore[method-assign]


def test_a_real_kernel_says_how_long_it_waited(kernel: Kernel) -> None:
    """The system counts it, and it only grows."""
    first = kernel.isolation.seconds_without_core()
    assert kernel.run("sum(range(10**6))", 30) is Ended.FINE
    assert kernel.isolation.seconds_without_core() >= first >= 0


@pytest.mark.parametrize(("share", "ended"), [(0.0, Ended.TIME), (0.9, Ended.FINE)])
def test_waiting_for_a_core_does_not_count(kernel: Kernel, share: float, ended: Ended) -> None:
    """The same cell with the same limit is stopped where it had the machine to itself."""
    busy(kernel, share)
    assert kernel.run(SLEEP.format(3), seconds=1.0) is ended


def test_patience_ends(kernel: Kernel) -> None:
    """A crowd of the student's own making prolongs its cell by so much and no more."""
    busy(kernel, 1.0)
    assert kernel.run(SLEEP.format(60), seconds=0.5) is Ended.TIME


def test_the_time_of_the_whole_notebook_is_not_prolonged(kernel: Kernel) -> None:
    """Or the host would end the worker, and work that was to be stopped would have no marks."""
    busy(kernel, 0.9)
    assert kernel.run(SLEEP.format(3), seconds=1.0, longest=1.0) is Ended.TIME
