"""The pages in a real browser: they work from the disk, for everybody, and stay what we wrote."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import browser
import pytest
from axe_playwright_python.sync_playwright import Axe
from made_class import HOSTILE, made_class
from playwright.sync_api import Locator, Page, expect

from gradekit.core.escape import file_names
from gradekit.pages.publish import publish_pages

COUNT = 32
PLAIN = "feedback/student-006.html"  # with points
KINDS = {
    "class": "report/index.html",
    "feedback": PLAIN,
    "hostile": "",  # its name is not known beforehand
    "ungraded": "feedback/student-001.html",
}

pytestmark = pytest.mark.browser


@dataclass
class Reader:
    """Somebody who opens pages from the disk; what the browser complains about, and asks for."""

    page: Page
    folder: Path
    complaints: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def open(self, name: str) -> Page:
        """Open a page by its name below the results folder."""
        self.page.goto((self.folder / name).as_uri())
        return self.page


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    """One browser for all tests here, with the pages of a class that never was."""
    home = tmp_path_factory.mktemp("pages")
    reports = made_class(COUNT)
    publish_pages(home / "results", reports, "averages")
    KINDS["hostile"] = f"feedback/{file_names([r.submission for r in reports])[HOSTILE[:60]]}.html"
    with browser.window(home / "chromium") as window:
        opened = Reader(window.pages[0], home / "results")
        opened.page.on("console", lambda message: opened.complaints.append(message.text))
        opened.page.on("pageerror", lambda error: opened.complaints.append(str(error)))
        opened.page.on("request", lambda request: opened.asked.append(request.url))
        yield opened
    shutil.rmtree(home)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_violation(reader: Reader, kind: str, scheme: str) -> None:
    """Contrast, names, headings, landmarks: on every kind of page, in both themes."""
    reader.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page = reader.open(KINDS[kind])
    for details in page.locator("details").all()[:3]:
        details.evaluate("node => node.open = true")
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_opens_from_the_disk_without_a_word_or_a_request(reader: Reader, kind: str) -> None:
    """Nothing on the console, no request but for the page and what is in it."""
    reader.complaints.clear()
    reader.asked.clear()
    page = reader.open(KINDS[kind])
    assert reader.complaints == []
    assert [url for url in reader.asked if not url.startswith(("data:", page.url))] == []


@pytest.mark.parametrize("kind", KINDS)
def test_what_a_student_wrote_stays_text(reader: Reader, kind: str) -> None:
    """A name, a note and a message that would change the title or load a picture."""
    page = reader.open(KINDS[kind])
    assert page.title() != "hacked"
    assert page.locator("img[src='x'], img[onerror]").count() == 0
    if kind != "feedback":
        assert HOSTILE[:30] in page.locator("main").inner_text()


def test_a_script_that_slipped_through_would_not_run(reader: Reader) -> None:
    """The page forbids all but its own, whoever puts it there."""
    page = reader.open(KINDS["class"])
    reader.complaints.clear()
    page.evaluate("""() => {
        const script = document.createElement("script");
        script.textContent = "document.title = 'hacked'";
        document.body.append(script);
        document.body.insertAdjacentHTML("beforeend", "<img src='nowhere.png'>");
    }""")
    assert page.title() != "hacked"
    assert any("Content Security Policy" in said for said in reader.complaints)


@pytest.mark.parametrize("kind", ["class", "feedback"])
def test_a_page_fits_a_phone(reader: Reader, kind: str) -> None:
    """Only wide tables scroll sideways, within themselves."""
    page = reader.open(KINDS[kind])
    before = page.viewport_size
    assert before is not None
    page.set_viewport_size({"width": 360, "height": 740})
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    page.set_viewport_size(before)


# The table of all


@pytest.fixture
def table(reader: Reader) -> Locator:
    """The table, as it is when the page has just been opened."""
    return reader.open(KINDS["class"]).locator("table.sortable")


def column(table: Locator, number: int) -> list[str]:
    """Return what can be read in a column, from top to bottom."""
    return table.locator(f"tbody tr:visible > :nth-child({number})").all_inner_texts()


def test_a_click_sorts_by_points_and_another_one_the_other_way(table: Locator) -> None:
    """As numbers; who has none stands below zero, and a screen reader is told."""
    header = table.get_by_role("columnheader", name="Points")
    for direction in ("ascending", "descending"):
        header.get_by_role("button").click()
        expect(header).to_have_attribute("aria-sort", direction)
        seen = [-1 if text == "ungraded" else float(text) for text in column(table, 2)]
        assert seen == sorted(seen, reverse=direction == "descending")
        assert len(set(seen)) > 5


def test_the_keyboard_sorts_too(reader: Reader, table: Locator) -> None:
    """Tab to a heading, then Enter; one heading at a time is the sorted one."""
    table.get_by_role("button", name="Points").focus()
    reader.page.keyboard.press("Enter")
    reader.page.keyboard.press("Shift+Tab")
    reader.page.keyboard.press("Space")
    assert table.locator("[aria-sort]").all_inner_texts() == ["Submission"]
    names = column(table, 1)
    assert names[1:] == sorted(names[1:])


def test_the_filter_keeps_the_rows_that_have_all_its_words(reader: Reader, table: Locator) -> None:
    """It has a label, and says how many are left."""
    reader.page.get_by_label("Show only rows with").fill("ungraded student-0")
    assert column(table, 1) == ["student-001", "student-030"]
    expect(reader.page.locator("output")).to_have_text(f"2 of {COUNT} shown")
    reader.page.get_by_label("Show only rows with").fill("")
    assert len(column(table, 1)) == COUNT


def test_a_name_leads_to_the_page_of_that_student(reader: Reader, table: Locator) -> None:
    """Also a name that could be no file's."""
    for name, heading in (("student-006", "student-006"), ("<script>", HOSTILE[:60])):
        reader.open(KINDS["class"])
        table.get_by_role("link", name=name).click()
        expect(reader.page.get_by_role("heading", level=1)).to_have_text(heading)
