"""The README's pictures of our pages, taken from a class that was really graded.

    python tests/pictures.py RESULTS [SUBMISSION] [FOLDER]

makes the pages of RESULTS again, opens them in chromium, and writes feedback.png, of
SUBMISSION (careless), and class.png into FOLDER (docs/img). Grade a small class of
`tests/submissions` first; the pictures show whatever it earned.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import browser
from PIL import Image
from playwright.sync_api import Page

from gradekit.gradebook import file_names
from gradekit.publish import publish, reports_of

WIDTH = 1000  # CSS pixels
COLOURS = 96  # of the file: text stays sharp, and no picture is large
DOCS = Path(__file__).resolve().parent.parent / "docs" / "img"


def take(results: Path, submission: str, folder: Path) -> list[Path]:
    """Return the pictures of one student's feedback and of the class, written anew."""
    reports = reports_of(results)
    names = file_names(report.submission for report in reports)
    page = publish(results, reports, "cnn_mnist")
    shots = {
        "feedback": (results / "feedback" / f"{names[submission]}.html", 1500),
        "class": (page, 2000),
    }
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as home, browser.window(Path(home) / "home") as window:
        for name, (path, height) in shots.items():
            _shoot(window.pages[0], path, folder / f"{name}.png", height)
    return [folder / f"{name}.png" for name in shots]


def _shoot(page: Page, source: Path, target: Path, height: int) -> None:
    """Take the top of a page, in few colours."""
    page.set_viewport_size({"width": WIDTH, "height": height})
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    page.goto(source.resolve().as_uri())
    page.screenshot(path=target, animations="disabled")
    with Image.open(target) as shot:
        few = shot.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    few.save(target, optimize=True)


if __name__ == "__main__":
    if not 2 <= len(sys.argv) <= 4:
        sys.exit("usage: python tests/pictures.py RESULTS [SUBMISSION] [FOLDER]")
    who = sys.argv[2] if len(sys.argv) > 2 else "careless"
    into = Path(sys.argv[3]) if len(sys.argv) > 3 else DOCS
    for written in take(Path(sys.argv[1]), who, into):
        print(f"{written}: {written.stat().st_size // 1000} kB")
