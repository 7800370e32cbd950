"""A bar for people who wait; nothing at all where nobody watches."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, Task
from rich.text import Text


class Tally(ProgressColumn):
    """How many run and failed, how fast it goes and how long it will take, in words.

    What was known before costs no time, so it does not count for the pace.
    """

    def __init__(self, total: int) -> None:
        super().__init__()
        self._total, self._lock = total, threading.Lock()
        self._begun = self._done = self._failed = self._known = 0
        self._last = ""

    def begin(self) -> None:
        """Count one that runs from now on; threads may."""
        with self._lock:
            self._begun += 1

    def end(self, name: str, *, failed: bool, known: bool) -> None:
        """Count one that is done."""
        with self._lock:
            self._last = name
            self._done += 1
            self._failed += failed
            self._known += known

    def words(self, seconds: float) -> str:
        """Return what is to be said after so many seconds."""
        fresh = self._done - self._known
        running = max(self._begun - self._done, 0)
        parts = [f"{running} running"] if running else []
        parts += [f"{self._failed} ungraded"] if self._failed else []
        if fresh and seconds > 0:
            pace = 60 * fresh / seconds
            parts.append(f"{pace:.0f}/min" if pace >= 10 else f"{pace:.1f}/min")
            parts.append(f"{_roughly((self._total - self._done) * seconds / fresh)} left")
        return "  ".join(parts)

    def render(self, task: Task) -> Text:
        """Say it for rich, several times a second."""
        words = f"{self.words(task.elapsed or 0.0)}  {self._last}"  # a name is cut where room ends
        return Text(words, no_wrap=True, overflow="ellipsis")


class Bar:
    """Done, total, what runs and failed, pace and time left, and who was last; on a terminal.

    It is silent elsewhere.
    """

    def __init__(self, console: Console, total: int) -> None:
        self._tally = Tally(total)
        self._progress = Progress(
            BarColumn(bar_width=16),
            MofNCompleteColumn(),
            self._tally,
            console=console,
            transient=True,
            redirect_stdout=False,
            redirect_stderr=False,
            disable=not console.is_terminal,
        )
        self._task = self._progress.add_task("", total=total)

    def __enter__(self) -> Bar:
        self._progress.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._progress.stop()

    def begin(self) -> None:
        """Count one that runs from now on; threads may."""
        self._tally.begin()

    def advance(self, name: str, *, failed: bool = False, known: bool = False) -> None:
        """Count one more, whose name is shown until the next; `known`: it took no time."""
        self._tally.end(name, failed=failed, known=known)
        self._progress.update(self._task, advance=1)

    @contextmanager
    def hidden(self) -> Iterator[None]:
        """Take the bar away while something else is printed."""
        self._progress.stop()
        try:
            yield
        finally:
            self._progress.start()


def _roughly(seconds: float) -> str:
    """Return a time as exactly as a guess can be."""
    if seconds < 100:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 100 else f"{minutes / 60:.1f} h"
