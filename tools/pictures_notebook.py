"""Make the README's pictures of the notebook: the drawing pad and the sliding filter.

    python tools/pictures_notebook.py [--into docs/img] [--all] [--look FOLDER]

The solved exercise runs from top to bottom in a real JupyterLab, in a copy of `student/`;
then the filter is slid, a digit is drawn and read. Only the network that reads it is
trained; with --all every one, and every check is run, which takes minutes. With --look,
pictures of the whole notebook in the light and the dark theme are left in a folder, to be
looked at by whoever changed it.
"""

from __future__ import annotations

import argparse
import io
import json
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

sys.path[:0] = [str(Path(__file__).parents[1] / part) for part in ("tests", "tests/exercise")]

import browser
from browser import until
from nbformat.v4 import new_code_cell
from PIL import Image
from playwright.sync_api import Locator, Page, expect
from test_jupyterlab import SIZE, STUDENT, Lab, Pad, window_in

SOLVED = STUDENT.parent / "solutions" / "cnn_mnist.ipynb"
ONE_THREAD = "import torch\n\ntorch.set_num_threads(1)"  # two that share a core take far longer
SPARED = ("fc_accuracy-train", "cnn_accuracy-train", "sizes")  # cells that only cost time
ERROR = "[data-mime-type*='error']"
PROMPT = ".jp-CodeCell .jp-InputPrompt"
RUNNING = 15 * 60  # seconds; a busy machine is no failure
STEP = 12  # of the sliding filter: it has passed the signal's first two jumps
FIRST, WIDTH = 0.158, 0.03  # where step 0 stands and how far one goes, in widths of the picture
DIGIT = ((9.5, 6.5), (17.5, 6.5), (13.5, 12.5), (17.5, 16.5), (15.5, 21.5), (9.5, 21.5))  # a 3
COLOURS = 128  # in a picture; a screenshot has few, and the repository keeps each for ever


@contextmanager
def solved_notebook(home: Path, whole: bool) -> Iterator[Lab]:
    """Open the solved exercise in JupyterLab; if not `whole`, without what the pad can spare."""
    folder = shutil.copytree(STUDENT, home / "student")
    notebook = json.loads(SOLVED.read_text(encoding="utf-8"))
    if not whole:
        notebook["cells"] = [cell for cell in notebook["cells"] if not _is_spared(cell)]
    notebook["cells"].insert(0, new_code_cell(ONE_THREAD))
    (folder / SOLVED.name).write_text(json.dumps(notebook), encoding="utf-8")
    with (
        browser.jupyter_lab(folder, home / "jupyter") as address,
        browser.window(home / "chromium") as window,
    ):
        lab = Lab(address, window.pages[0])
        lab.open(SOLVED.name)
        yield lab


def _is_spared(cell: dict[str, Any]) -> bool:
    return cell["id"] in SPARED or cell["id"].startswith("check-")


def run_all(lab: Lab) -> None:
    """Run every cell until the last one has its number, or one an error."""
    lab.choose("Run", "Run All Cells")
    lab.page.wait_for_function(
        f"""() => document.querySelector("{ERROR}") !== null ||
            /\\[\\d+\\]/.test([...document.querySelectorAll("{PROMPT}")].pop().textContent)""",
        timeout=1000 * RUNNING,
    )
    expect(lab.page.locator(ERROR)).to_have_count(0)


def cell_with(page: Page, source: str, part: str) -> Locator:
    """Return the cell with this source, in the window, as soon as a part of its output is there."""
    cell = page.locator(".jp-CodeCell").filter(has_text=source).last
    cell.scroll_into_view_if_needed()
    expect(cell.locator(part)).to_be_visible()
    cell.scroll_into_view_if_needed()  # its output has moved it
    return cell


def save(picture: bytes, path: Path) -> None:
    """Save a screenshot with few colours."""
    image = Image.open(io.BytesIO(picture)).convert("RGB")
    image.quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)
    print(f"{path}: {image.width} x {image.height}, {path.stat().st_size // 1000} kB")


def down_to(page: Page, cell: Locator, last: Locator) -> bytes:
    """Return a picture of a cell as far as the lower edge of a part of it."""
    whole, end = cell.bounding_box(), last.bounding_box()
    assert whole is not None
    assert end is not None
    height = end["y"] + end["height"] - whole["y"] + 6
    return page.screenshot(clip={**whole, "height": height})


def slider(page: Page) -> bytes:
    """Slide the filter to where the signal jumps, and return a picture of the cell."""
    cell = cell_with(page, "visualize_convolution(x, h)", ".noUi-base")
    handle = page.get_by_role("slider")
    handle.press("Home")
    for step in range(1, STEP + 1):
        handle.press("ArrowRight")
        expect(page.locator(".widget-readout")).to_have_text(str(step))
    picture = cell.locator("img.widget-image")
    until(lambda: window_in(picture), lambda place: place > FIRST + (STEP - 0.5) * WIDTH)
    return down_to(page, cell, picture)


def pad(page: Page) -> bytes:
    """Draw a digit, let the trained network read it, and return a picture of the cell."""
    cell = cell_with(page, "DrawingPad((28, 28)", f"canvas[width='{SIZE}']")
    drawing = Pad(page)
    drawing.press("reset")
    until(drawing.shown, lambda grid: not grid.any())
    drawing.stroke(*DIGIT)
    drawing.press("blur")
    drawing.press("predict")
    words = cell.locator(".widget-label", has_text="Prediction:")
    expect(words).to_be_visible()
    print(words.inner_text())
    return cell.screenshot()


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


def darken(lab: Lab, home: Path) -> None:
    """Show the notebook, its outputs included, in JupyterLab's dark theme."""
    lab.page.keyboard.press("Control+s")
    settings = home / "jupyter/config/lab/user-settings/@jupyterlab/apputils-extension"
    theme = '{"theme": "JupyterLab Dark", "adaptive-theme": false}'
    (settings / "themes.jupyterlab-settings").write_text(theme, encoding="utf-8")
    lab.page.wait_for_timeout(2000)  # until it is saved
    lab.page.reload()
    expect(lab.page.locator("body[data-jp-theme-light='false']")).to_have_count(1)
    lab.page.get_by_text("| Idle").wait_for()


def main() -> int:
    """Make the pictures."""
    arguments = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    arguments.add_argument("--into", type=Path, default=STUDENT.parent / "docs" / "img")
    arguments.add_argument("--all", action="store_true")
    arguments.add_argument("--look", type=Path)
    given = arguments.parse_args()
    if browser.chromium() is None:
        print("No chromium is on the path. Install one (Debian: chromium).", file=sys.stderr)
        return 1
    given.into.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name, solved_notebook(Path(name), given.all) as lab:
        run_all(lab)
        save(slider(lab.page), given.into / "slider.png")
        save(pad(lab.page), given.into / "pad.png")
        if given.look:
            look(lab.page, given.look, "light")
            darken(lab, Path(name))
            look(lab.page, given.look, "dark")
    return 0


if __name__ == "__main__":
    sys.exit(main())
