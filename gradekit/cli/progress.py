"""A progress bar, shown only on a terminal."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, Task
from rich.text import Text


class Tally(ProgressColumn):
    """How many run and failed, how fast it goes and how long it will take, in words."""

    def __init__(self, total: int) -> None:
        super().__init__()
        self._total = total
        self._lock = threading.Lock()
        self._started = self._finished = self._failed = self._cached = 0
        self._last_name = ""

    def start(self) -> None:
        """Count one that runs from now on; threads may."""
        with self._lock:
            self._started += 1

    def finish(self, name: str, *, failed: bool, cached: bool) -> None:
        """Count one that has finished."""
        with self._lock:
            self._last_name = name
            self._finished += 1
            self._failed += failed
            self._cached += cached

    def words(self, seconds: float) -> str:
        """Return the counts, the pace and the time left, after so many seconds."""
        running = max(self._started - self._finished, 0)
        parts = [f"{running} running"] if running else []
        parts += [f"{self._failed} ungraded"] if self._failed else []
        # Cached ones come at once and in front, so their pace would promise too much.
        fresh = self._finished - self._cached
        if fresh and seconds > 0:
            pace = 60 * fresh / seconds
            parts.append(f"{pace:.0f}/min" if pace >= 10 else f"{pace:.1f}/min")
            parts.append(f"{_roughly((self._total - self._finished) * seconds / fresh)} left")
        return "  ".join(parts)

    def render(self, task: Task) -> Text:
        """Return the words and the last name; rich asks for them several times a second."""
        words = f"{self.words(task.elapsed or 0.0)}  {self._last_name}"
        return Text(words, no_wrap=True, overflow="ellipsis")  # a long name is cut, not wrapped


class Bar:
    """How many of how many have finished, with the words of a tally; silent without a terminal."""

    def __init__(self, console: Console, total: int) -> None:
        self._tally = Tally(total)
        self._progress = Progress(
            BarColumn(bar_width=16),
            MofNCompleteColumn(),
            self._tally,
            console=console,
            transient=True,
            redirect_stdout=False,  # results go to a pipe as they are
            redirect_stderr=False,
            disable=not console.is_terminal,
        )
        self._task = self._progress.add_task("", total=total)

    def __enter__(self) -> Bar:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        """Take the bar away; a second time does nothing."""
        self._progress.stop()

    def begin(self) -> None:
        """Count one that runs from now on; threads may."""
        self._tally.start()

    def advance(self, name: str, *, failed: bool = False, cached: bool = False) -> None:
        """Count one more, whose name is shown until the next; a cached one took no time."""
        self._tally.finish(name, failed=failed, cached=cached)
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
