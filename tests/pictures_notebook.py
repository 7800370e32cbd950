"""Make the README's pictures of the notebook: the drawing pad and the sliding filter.

    python tests/pictures_notebook.py [--into docs/img] [--look FOLDER]

The solved exercise runs from top to bottom in a real JupyterLab, in a copy of `student/`;
then the filter is slid, a digit is drawn and read. Some minutes, most of them training.
With --look, pictures of the whole notebook in the light and the dark theme are left in a
folder, to be looked at by whoever changed it.
"""

from __future__ import annotations

import argparse
import io
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import browser
from browser import until
from PIL import Image
from playwright.sync_api import Locator, Page, expect
from test_browser import STUDENT, Lab, Pad

SOLVED = STUDENT.parent / "solutions" / "cnn_mnist.ipynb"
RUNNING = 15 * 60  # seconds; a busy machine is no failure
STEP = 9  # of the sliding filter: it stands where the signal jumps
DIGIT = ((9.5, 6.5), (17.5, 6.5), (13.5, 12.5), (17.5, 16.5), (15.5, 21.5), (9.5, 21.5))  # a 3
COLOURS = 128  # in a picture; a screenshot has few, and the repository keeps each for ever


@contextmanager
def solved_notebook(home: Path) -> Iterator[Lab]:
    """Open the solved exercise in JupyterLab."""
    folder = shutil.copytree(STUDENT, home / "student")
    shutil.copyfile(SOLVED, folder / SOLVED.name)
    with (
        browser.jupyter_lab(folder, home / "jupyter") as address,
        browser.window(home / "chromium") as window,
    ):
        lab = Lab(address, window.pages[0])
        lab.open(SOLVED.name)
        yield lab


def run_all(lab: Lab) -> None:
    """Run every cell; the last one has run when the kernel is idle with its number in place."""
    lab.choose("Run", "Run All Cells")
    lab.page.get_by_text("| Busy").wait_for()
    lab.page.get_by_text("| Idle").wait_for(timeout=1000 * RUNNING)
    expect(lab.page.locator("[data-mime-type*='error']")).to_have_count(0)


def cell_with(page: Page, part: str) -> Locator:
    """Return the code cell whose output holds what a selector finds, in the window."""
    cell = page.locator(".jp-CodeCell", has=page.locator(part)).first
    cell.scroll_into_view_if_needed()
    return cell


def save(picture: bytes, path: Path) -> None:
    """Save a screenshot with few colours."""
    image = Image.open(io.BytesIO(picture)).convert("RGB")
    image.quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)
    print(f"{path}: {image.width} x {image.height}, {path.stat().st_size // 1000} kB")


def slider(page: Page) -> bytes:
    """Slide the filter to where the signal jumps, and return a picture of the cell."""
    goto(page, "part 3", ".noUi-base")
    cell = cell_with(page, ".noUi-base")
    handle = page.get_by_role("slider")
    handle.press("Home")
    for step in range(1, STEP + 1):
        handle.press("ArrowRight")
        expect(page.locator(".widget-readout")).to_have_text(str(step))
    page.wait_for_timeout(500)  # the last picture is drawn after the number
    return cell.screenshot()


def pad(page: Page) -> bytes:
    """Draw a digit, let the trained network read it, and return a picture of the cell."""
    goto(page, "part 2", "canvas[width='28']")
    cell = cell_with(page, "canvas[width='28']")
    drawing = Pad(page)
    drawing.press("reset")
    until(drawing.shown, lambda grid: not grid.any())
    drawing.stroke(*DIGIT)
    drawing.press("blur")
    drawing.press("predict")
    words = page.get_by_text("Prediction:")
    expect(words).to_be_visible()
    print(words.inner_text())
    return cell.screenshot()


def goto(page: Page, where: str, part: str) -> None:
    """Scroll down until a part of the notebook is there; JupyterLab keeps only what is near."""
    page.evaluate("document.querySelector('.jp-WindowedPanel-outer').scrollTop = 0")
    for _ in range(200):
        if page.locator(part).first.is_visible():
            return
        page.evaluate("document.querySelector('.jp-WindowedPanel-outer').scrollBy(0, 500)")
        page.wait_for_timeout(100)
    raise RuntimeError(f"{where} of the notebook does not show {part}")


def look(page: Page, folder: Path, theme: str) -> None:
    """Leave a picture of each screenful of the notebook."""
    folder.mkdir(parents=True, exist_ok=True)
    scroll = "document.querySelector('.jp-WindowedPanel-outer')"
    page.evaluate(f"{scroll}.scrollTop = 0")
    for number in range(100):
        page.wait_for_timeout(400)
        page.screenshot(path=folder / f"{theme}-{number:02}.png")
        before = page.evaluate(f"{scroll}.scrollTop")
        page.evaluate(f"{scroll}.scrollBy(0, 850)")
        page.wait_for_timeout(100)
        if page.evaluate(f"{scroll}.scrollTop") == before:
            return


def main() -> int:
    """Make the pictures."""
    arguments = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    arguments.add_argument("--into", type=Path, default=STUDENT.parent / "docs" / "img")
    arguments.add_argument("--look", type=Path)
    given = arguments.parse_args()
    if browser.chromium() is None:
        print("No chromium is on the path. Install one (Debian: chromium).", file=sys.stderr)
        return 1
    given.into.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name, solved_notebook(Path(name)) as lab:
        run_all(lab)
        save(slider(lab.page), given.into / "slider.png")
        save(pad(lab.page), given.into / "pad.png")
        if given.look:
            look(lab.page, given.look, "light")
            lab.page.get_by_role("menuitem", name="Settings", exact=True).click()
            lab.page.get_by_role("menuitem", name="Theme", exact=True).click()
            lab.page.get_by_role("menuitem", name="JupyterLab Dark", exact=True).click()
            lab.page.wait_for_timeout(2000)
            look(lab.page, given.look, "dark")
    return 0


if __name__ == "__main__":
    sys.exit(main())
