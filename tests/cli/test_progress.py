"""What the bar says while a class is graded."""

from __future__ import annotations

import io
import re

from rich.console import Console

from gradekit.cli.progress import Bar, Tally


def test_the_pace_is_that_of_what_was_graded_now() -> None:
    """A hundred known ones took no time, so they promise nothing for the others."""
    tally = Tally(total=200)
    for _ in range(110):
        tally.start()
    for number in range(105):
        tally.finish("alice", failed=number > 103, cached=number < 100)
    assert tally.words(60.0) == "5 running  1 ungraded  5.0/min  19 min left"


def test_nothing_is_promised_before_the_first_is_done() -> None:
    """What runs is all that is known."""
    tally = Tally(total=3)
    assert tally.words(1.0) == ""
    tally.start()
    assert tally.words(1.0) == "1 running"


def test_a_long_time_is_told_in_hours_and_a_short_one_in_seconds() -> None:
    """As exactly as a guess can be."""
    tally = Tally(total=601)
    tally.finish("alice", failed=False, cached=False)
    assert tally.words(60.0).endswith("10.0 h left")
    assert tally.words(0.1).endswith("600/min  60 s left")


def test_the_bar_fits_a_narrow_terminal() -> None:
    """One line of at most 80 columns, however much there is to say."""
    screen = io.StringIO()
    console = Console(file=screen, force_terminal=True, width=80, color_system=None)
    with Bar(console, 2000) as bar:
        for number in range(1500):
            bar.begin()
            bar.advance(f"a-long-name-of-somebody-{number}", failed=True)
        for _ in range(16):
            bar.begin()
    plain = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", screen.getvalue())
    frames = [frame for frame in re.split(r"[\r\n]", plain) if "1500/2000" in frame]
    assert all(len(frame) <= 80 for frame in frames)
    assert "1500/2000 16 running  1500 ungraded" in frames[-1]
    assert " left " in frames[-1]  # the name after it is cut
