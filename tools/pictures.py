"""The README's pictures of our pages, taken from a class that was really graded.

    python tools/pictures.py RESULTS [FOLDER]

makes the pages of RESULTS again, opens them in chromium, and writes feedback.png and
class.png into FOLDER (docs/img). RESULTS must have `moved-and-deleted` of
`tests/submissions`, a hand-in with a trained network and untrained ones; the pictures
show whatever it earned.
"""

from __future__ import annotations

import io
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))  # for what both share

import browser
from PIL import Image
from playwright.sync_api import Page

from gradekit.core.escape import file_names
from gradekit.grading.results import Results
from gradekit.pages.publish import publish_pages

SUBMISSION = "moved-and-deleted"
WIDTH, HEIGHT = 960, 1200  # CSS pixels of the window
MARGIN = 24
COLOURS = 128  # in a picture; the repository keeps each for ever
DOCS = Path(__file__).resolve().parent.parent / "docs" / "img"

Place = str | int  # what can be found on the page, or a height


def take(results: Path, folder: Path) -> list[Path]:
    """Return the pictures of one student's feedback and of the class, written anew."""
    reports = Results(results).reports()
    names = file_names(report.submission for report in reports)
    overview = publish_pages(results, reports, "cnn_mnist")
    student = results / "feedback" / f"{names[SUBMISSION]}.html"
    folder.mkdir(parents=True, exist_ok=True)
    question = "section:has(h3:text-is('{}'))".format
    trained = question("fc_accuracy "), question("lenet ")
    untrained = question("lenet_accuracy "), question("cnn ")
    columns: dict[Path, list[list[tuple[Place, Place]]]] = {
        student: [[(0, "#checks")], [trained, untrained]],
        overview: [[(0, "#questions")], [("#questions", "#mistakes")]],
    }
    with tempfile.TemporaryDirectory() as home, browser.window(Path(home) / "home") as window:
        page = window.pages[0]
        page.emulate_media(color_scheme="light")
        page.set_viewport_size({"width": WIDTH, "height": HEIGHT})
        return [
            _beside(_cut(page, source, parts), folder / f"{name}.png")
            for name, (source, parts) in zip(("feedback", "class"), columns.items(), strict=True)
        ]


def _cut(
    page: Page, source: Path, columns: list[list[tuple[Place, Place]]]
) -> list[list[Image.Image]]:
    """Return parts of a page, each from one place to another."""
    page.goto(source.resolve().as_uri())
    whole = Image.open(io.BytesIO(page.screenshot(full_page=True))).convert("RGB")

    def part(first: Place, last: Place) -> Image.Image:
        return whole.crop((0, _height(page, first), WIDTH, _height(page, last)))

    return [[part(*places) for places in column] for column in columns]


def _height(page: Page, place: Place) -> int:
    if isinstance(place, int):
        return place
    box = page.locator(place).bounding_box()
    assert box is not None
    return int(box["y"]) - MARGIN


def _beside(columns: list[list[Image.Image]], path: Path) -> Path:
    """Write pictures into one file: columns side by side, each from top to bottom."""
    high = max(sum(part.height for part in column) for column in columns)
    picture = Image.new("RGB", (WIDTH * len(columns), high + MARGIN), "white")
    for place, column in enumerate(columns):
        down = MARGIN * (place > 0)
        for part in column:
            picture.paste(part, (WIDTH * place, down))
            down += part.height
    picture.quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)
    return path


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit("usage: python tools/pictures.py RESULTS [FOLDER]")
    for written in take(Path(sys.argv[1]), Path(sys.argv[2]) if sys.argv[2:] else DOCS):
        print(f"{written}: {written.stat().st_size // 1000} kB")
