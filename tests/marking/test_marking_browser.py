"""Marking in a real browser: keys, saving, a killed server, and what comes of it."""

from __future__ import annotations

import csv
import io
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import browser
import marking_class
import pytest
from axe_playwright_python.sync_playwright import Axe
from marking_class import grade, report, rows
from playwright.sync_api import BrowserContext, Page, expect

from gradekit.platforms.export import export_grades

pytestmark = [pytest.mark.browser]


@contextmanager
def written(folder: Path) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """Start `gradekit written` there; yield the page's address and the process."""
    command = [sys.executable, "-m", "gradekit", "written", "--no-browser", "--who", "tess"]
    process = subprocess.Popen(
        [*browser.WITH_US, *command],
        cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        yield process.stdout.readline().strip(), process
    finally:
        process.kill()
        process.communicate()


@pytest.fixture(scope="module")
def window(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BrowserContext]:
    """One browser for all of these."""
    with browser.window(tmp_path_factory.mktemp("marking") / "chromium") as found:
        yield found


@pytest.fixture
def page(window: BrowserContext, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Page]:
    """A graded class in the working folder, and an empty tab."""
    monkeypatch.chdir(tmp_path)
    marking_class.fill(tmp_path)
    assert grade() == 0
    found = window.new_page()
    yield found
    found.close()


def saved(page: Page, number: int) -> None:
    expect(page.locator("article .saved").nth(number - 1)).to_have_text("saved")


def test_nothing_is_lost_when_the_server_is_killed(page: Page) -> None:
    """Three answers are marked, the server is killed, a new one goes on; all points count."""
    folder = Path.cwd()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    with written(folder) as (address, process):
        page.goto(address)
        page.get_by_role("link", name="findings").click()
        expect(page.get_by_role("status").first).to_have_text("0 of 4 answers marked")
        assert page.title() == "findings: written answers"  # no answer's script has run
        keys = page.keyboard
        keys.press("3")
        saved(page, 1)
        keys.press("j")
        keys.press("2")
        keys.press(".")
        saved(page, 2)
        expect(page.locator(".points").nth(1)).to_have_value("2.5")
        keys.press("j")
        keys.press("/")
        keys.type("Half of it, 3 of 4.")
        keys.press("Escape")
        keys.press("1")
        saved(page, 3)
        assert complaints == []
        process.send_signal(signal.SIGKILL)
        process.wait()
        keys.press("j")
        keys.press("4")
        expect(page.locator("article .saved").nth(3)).to_contain_text("NOT SAVED")
        page.once("dialog", lambda dialog: dialog.accept())  # the page warns of what is not saved
    with written(folder) as (address, process):
        page.goto(address + "q/findings")
        values = [page.locator(".points").nth(n).input_value() for n in range(4)]
        assert values == ["3", "2.5", "1", ""]
        expect(page.get_by_role("status").first).to_have_text("3 of 4 answers marked")
        page.keyboard.press("n")
        page.keyboard.press("4")
        saved(page, 4)
        process.send_signal(signal.SIGTERM)
        said = process.communicate()[1]
        assert "findings  4 of 4 marked" in said
    given = {name: row["findings"] for name, row in rows().items()}
    assert sorted(given.values()) == ["1.0", "2.5", "3.0", "4.0"]
    with_comment = next(name for name, points in given.items() if points == "1.0")
    found = report(with_comment)["questions"][1]
    assert (found["points"], found["checks"][0]["message"]) == (1.0, "Half of it, 3 of 4.")
    data = export_grades("canvas", Path("results"), column="Exercise 9").data.decode("utf-8-sig")
    scores = sorted(row[-1] for row in list(csv.reader(io.StringIO(data)))[2:])
    assert scores == ["3", "4.5", "5", "6"]  # two points each from the check


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_can_be_used_by_everybody(page: Page, scheme: str) -> None:
    """axe-core finds nothing; names are hidden until asked for; a button gives 0 in bulk."""
    page.emulate_media(color_scheme=scheme)
    with written(Path.cwd()) as (address, _):
        page.goto(address)
        seen = [Axe().run(page).response["violations"]]
        page.goto(address + "q/findings")
        seen.append(Axe().run(page).response["violations"])
        page.keyboard.press("?")
        expect(page.get_by_role("dialog")).to_be_visible()
        seen.append(Axe().run(page).response["violations"])
        page.keyboard.press("Escape")
        assert seen == [[], [], []]
        assert not re.search("alice|chen", page.inner_text("main"))
        page.keyboard.press("i")
        expect(page.locator("main")).to_contain_text("alice")
        page.get_by_role("button", name="Give 0 to all empty answers (1)").click()
        expect(page.get_by_role("status").first).to_have_text("1 of 4 answers marked")
        page.keyboard.press("u")
        expect(page.locator("article:visible")).to_have_count(3)
        page.locator(".points:visible").first.fill("7")
        expect(page.locator("article:visible .saved").first).to_have_text(
            "NOT SAVED: at most 4 points"
        )


def test_a_page_that_is_left_at_once_loses_nothing(page: Page) -> None:
    """What was typed a moment ago is sent while the page goes."""
    with written(Path.cwd()) as (address, _):
        page.goto(address + "q/findings")
        page.on("dialog", lambda dialog: dialog.accept())
        page.locator(".comment").nth(1).fill("Typed, and gone.")
        page.goto(address)
        page.go_back()
        expect(page.locator(".comment").nth(1)).to_have_value("Typed, and gone.")
        page.reload()
        expect(page.locator(".comment").nth(1)).to_have_value("Typed, and gone.")
