"""What students touch: the drawing pad and the sliding filter, in JupyterLab, with a mouse.

A short notebook lies beside the student's files and uses their helpers. It runs once; each
test then does something with the mouse or the keyboard.
"""

from __future__ import annotations

import base64
import io
import json
import shutil
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import browser
import numpy as np
import pytest
from browser import until
from nbformat.v4 import new_code_cell, new_notebook, writes
from numpy.typing import NDArray
from PIL import Image
from playwright.sync_api import Locator, Page, Request, expect

STUDENT = Path(__file__).resolve().parents[2] / "student"
SIZE = 28  # cells on a side of the pad
LAST = 24  # the sliding filter's last step

# The network answers 1 for ink on the left half and 7 for ink on the right.
CELLS = (
    "import numpy as np\nimport torch\nfrom helpers import DrawingPad, visualize_convolution",
    """x = np.array([2] * 7 + [10] * 5 + [1] * 8 + [5] * 5)
h = np.array([-1, 0, 1])
visualize_convolution(x, h)""",
    """weights = torch.zeros(10, 28, 28)
weights[1, :, :14] = 1
weights[7, :, 14:] = 1
model = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(784, 10, bias=False))
model[1].weight.data = weights.flatten(1)
pad = DrawingPad((28, 28), model)""",
    "print((255 * pad.grid).astype(int).tolist())",
)

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@dataclass
class Lab:
    """JupyterLab with a notebook open, and the hosts that the browser has asked."""

    address: str
    page: Page
    asked: set[str | None] = field(default_factory=set)

    def open(self, name: str) -> None:
        """Open a notebook and wait until its kernel is ready to run a cell."""
        self.page.goto(self.address.replace("/lab?", f"/lab/tree/{name}?"))
        self.page.get_by_text("| Idle").wait_for()

    def choose(self, menu: str, entry: str) -> None:
        """Choose an entry of the menu bar."""
        self.page.get_by_role("menuitem", name=menu, exact=True).click()
        self.page.get_by_role("menuitem", name=entry, exact=True).click()

    def note(self, request: Request) -> None:
        """Write down the host of a request; a picture in the page's own memory has none."""
        if urlsplit(request.url).scheme not in ("blob", "data"):
            self.asked.add(urlsplit(request.url).hostname)


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """JupyterLab, in which the short notebook has run; at the end nothing remains of it.

    Not for the whole session: an open browser keeps an event loop, which other tests need.
    """
    home = tmp_path_factory.mktemp("lab")
    folder = shutil.copytree(STUDENT, home / "student")
    notebook = new_notebook(cells=[new_code_cell(cell) for cell in CELLS])
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
    (folder / "try.ipynb").write_text(writes(notebook), encoding="utf-8")
    with (
        browser.jupyter_lab(folder, home / "jupyter") as address,
        browser.window(home / "chromium") as window,
    ):
        opened = Lab(address, window.pages[0])
        opened.page.on("request", opened.note)
        opened.open("try.ipynb")
        opened.choose("Run", "Run All Cells")
        expect(opened.page.locator(".jp-OutputArea-output pre")).to_have_count(1)
        yield opened
    assert browser.living(home) == []
    shutil.rmtree(home)


class Pad:
    """The drawing pad as the student sees it; positions are (column, row) in cells."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.canvas = page.locator(f"canvas[width='{SIZE}']")
        self.words = page.locator(".widget-label").last

    def press(self, name: str) -> None:
        """Press one of the buttons below the pad."""
        self.page.get_by_role("button", name=name, exact=True).click()

    def point(self, column: float, row: float) -> None:
        """Move the mouse there, in small steps as a hand does."""
        box = self.canvas.bounding_box()
        assert box is not None
        cell = box["width"] / SIZE
        self.page.mouse.move(box["x"] + cell * column, box["y"] + cell * row, steps=8)

    def stroke(self, *corners: tuple[float, float]) -> NDArray[np.uint8]:
        """Draw a line through the corners; return the pad when the last one has ink."""
        column, row = (int(position) for position in corners[-1])
        self.point(*corners[0])
        self.page.mouse.down()
        for corner in corners[1:]:
            self.point(*corner)
        self.page.mouse.up()
        return until(self.shown, lambda grid: bool(grid[row, column] > 200))

    def shown(self) -> NDArray[np.uint8]:
        """Return the grey values on the screen, shape (28, 28)."""
        read = "c => [...c.getContext('2d').getImageData(0, 0, c.width, c.height).data]"
        colours = np.array(self.canvas.evaluate(read), dtype=np.uint8).reshape(SIZE, SIZE, 4)
        return colours[:, :, 0]


@pytest.fixture
def pad(lab: Lab) -> Pad:
    """An empty pad in the middle of the window."""
    found = Pad(lab.page)
    found.canvas.scroll_into_view_if_needed()
    found.press("reset")
    until(found.shown, lambda grid: not grid.any())
    return found


def test_every_cell_of_the_short_notebook_runs(lab: Lab) -> None:
    """Numbered from the first to the last, without an error or a warning below any."""
    prompts = lab.page.locator(".jp-CodeCell .jp-InputPrompt")
    expect(prompts).to_have_text([f"[{n + 1}]:" for n in range(len(CELLS))])
    trouble = "[data-mime-type*='error'], [data-mime-type*='stderr']"
    expect(lab.page.locator(trouble)).to_have_count(0)


# The sliding filter


def window_in(picture: Locator) -> float:
    """Return where the orange window stands, as a share of the picture's width."""
    fetch = """async picture => {
        const bytes = new Uint8Array(await (await fetch(picture.src)).arrayBuffer());
        return btoa(String.fromCharCode(...bytes));
    }"""
    data = base64.b64decode(picture.evaluate(fetch))
    red, green, blue = np.asarray(Image.open(io.BytesIO(data)).convert("RGB"), dtype=int).T
    orange = (red > 240) & (abs(green - 229) < 9) & (abs(blue - 207) < 9)
    columns = np.flatnonzero(orange.any(axis=1))
    return float(columns.min() + columns.max()) / 2 / len(red)


@pytest.fixture
def picture(lab: Lab) -> Locator:
    """The picture below the slider, with both at step 0."""
    lab.page.get_by_role("slider").press("Home")
    found = lab.page.locator("img.widget-image")
    until(lambda: window_in(found), lambda place: place < 0.175)  # step 1 is at 0.19
    return found


def drag(page: Page, step: int) -> None:
    """Take the slider's handle with the mouse and let it go at a step."""
    start = page.get_by_role("slider").bounding_box()
    rail = page.locator(".noUi-base").bounding_box()
    assert start is not None
    assert rail is not None
    height = start["y"] + start["height"] / 2
    page.mouse.move(start["x"] + start["width"] / 2, height)
    page.mouse.down()
    page.mouse.move(rail["x"] + rail["width"] * step / LAST, height, steps=10)
    page.mouse.up()


def test_the_slider_dragged_to_a_step_shows_that_step(lab: Lab, picture: Locator) -> None:
    """Half way along the slider, number and filter are half way between first and last."""
    first = window_in(picture)
    drag(lab.page, LAST)
    last = until(lambda: window_in(picture), lambda place: place > 0.9)  # step 23 is at 0.89
    drag(lab.page, LAST // 2)
    expect(lab.page.locator(".widget-readout")).to_have_text(str(LAST // 2))
    middle = pytest.approx((first + last) / 2, abs=0.005)  # a step is 0.03 wide
    until(lambda: window_in(picture), lambda place: place == middle)


def test_an_arrow_key_moves_the_filter_by_one_step(lab: Lab, picture: Locator) -> None:
    """Steps can be looked at one after the other, also by those who use no mouse."""
    places = [window_in(picture)]
    for step in (1, 2):
        lab.page.get_by_role("slider").press("ArrowRight")
        expect(lab.page.locator(".widget-readout")).to_have_text(str(step))
        places.append(until(lambda: window_in(picture), lambda place: place > places[-1] + 0.01))
    assert places[2] - places[1] == pytest.approx(places[1] - places[0], abs=0.005)


# The drawing pad


def test_what_the_pad_is_and_says_are_words(pad: Pad) -> None:
    """For those who cannot see a canvas, and nothing else can say it: ipycanvas gives no name."""
    expect(pad.words).to_have_text("Drawing pad: draw a digit with the mouse.")


def test_a_stroke_of_the_mouse_is_a_white_line_without_gaps(pad: Pad) -> None:
    """Nothing is drawn away from the line, nor where the mouse only passes over the pad."""
    pad.point(20.5, 4.5)
    grid = pad.stroke((6.5, 4.5), (6.5, 22.5))
    assert (grid[5:22, 6] > 200).all()
    assert not grid[:, :4].any()
    assert not grid[:, 9:].any()


def test_a_prediction_reads_what_was_drawn(pad: Pad) -> None:
    """The network of the test says 1 for a line on the left, and 7 for one on the right."""
    for digit, column in ((1, 6.5), (7, 20.5)):
        pad.press("reset")
        pad.stroke((column, 4.5), (column, 22.5))
        pad.press("predict")
        expect(pad.words).to_have_text(f"Prediction: {digit} (softmax 100%)")


def test_blur_softens_the_line(pad: Pad) -> None:
    """It becomes wider and darker, and keeps its amount of ink but for rounding."""
    sharp = pad.stroke((13.5, 6.5), (13.5, 20.5)).astype(int)
    pad.press("blur")
    soft = until(pad.shown, lambda grid: bool((grid != sharp).any())).astype(int)
    assert np.count_nonzero(soft) > np.count_nonzero(sharp)
    assert soft[13].max() < sharp[13].max()
    assert abs(soft.sum() - sharp.sum()) < np.count_nonzero(soft)


def test_reset_leaves_an_empty_pad_and_no_prediction(pad: Pad) -> None:
    """On the screen as in the notebook."""
    pad.stroke((6.5, 6.5), (20.5, 20.5))
    pad.press("predict")
    expect(pad.words).to_contain_text("Prediction")
    pad.press("reset")
    assert not until(pad.shown, lambda grid: not grid.any()).any()
    expect(pad.words).not_to_contain_text("Prediction")


def test_the_pen_is_lifted_where_the_mouse_leaves_the_pad(pad: Pad) -> None:
    """Coming back with the button still down draws nothing, so no line jumps across."""
    pad.point(20.5, 8.5)
    pad.page.mouse.down()
    pad.point(SIZE + 3, 8.5)
    pad.point(SIZE + 3, 20.5)
    pad.point(4.5, 20.5)
    pad.page.mouse.up()
    grid = pad.stroke((4.5, 25.5), (6.5, 25.5))  # seen only after all that went before
    assert grid[8, 20:].min() > 200
    assert not grid[12:23].any()


def test_the_notebook_has_what_the_screen_shows(lab: Lab, pad: Pad) -> None:
    """`pad.grid`, printed by a cell that is run from the keyboard, is the picture, cell by cell."""
    grid = pad.stroke((8.5, 6.5), (19.5, 6.5), (12.5, 22.5))
    printed = lab.page.locator(".jp-OutputArea-output pre")
    before = printed.inner_text()
    lab.page.locator(".jp-CodeCell .cm-content").last.click()
    lab.page.keyboard.press("Shift+Enter")
    text = until(printed.inner_text, lambda text: text.endswith("]\n") and text != before)
    assert np.array_equal(json.loads(text), grid)


# Around them


def test_the_students_notebook_opens_with_its_pictures(lab: Lab) -> None:
    """In a tab of its own, every figure that the text names is loaded, every formula set."""
    page = lab.page.context.new_page()
    page.on("request", lab.note)
    Lab(lab.address, page).open("cnn_mnist.ipynb")
    named = (STUDENT / "cnn_mnist.ipynb").read_text(encoding="utf-8").count("](img/")
    widths = "pictures => pictures.map(picture => picture.naturalWidth)"
    pictures = page.locator(".jp-RenderedMarkdown img")
    until(lambda: pictures.evaluate_all(widths), lambda seen: len(seen) == named and all(seen))
    expect(page.locator("mjx-container")).not_to_have_count(0)
    expect(page.locator("mjx-merror")).to_have_count(0)
    page.close()


def test_nothing_beyond_this_machine_is_asked_for(lab: Lab) -> None:
    """Pages, scripts, fonts and widgets all come from the server on the loopback."""
    assert lab.asked == {"127.0.0.1"}


def start_a_kernel_and_fail(home: Path) -> None:
    with browser.jupyter_lab(home.parent, home) as address:
        urllib.request.urlopen(address.replace("/lab?", "/api/kernels?"), data=b"{}").close()
        until(lambda: browser.living(home), lambda family: len(family) > 1)
        raise ZeroDivisionError


def test_a_server_ends_with_its_kernels_when_a_test_fails(tmp_path: Path) -> None:
    """The way out through an exception is the usual one."""
    with pytest.raises(ZeroDivisionError):
        start_a_kernel_and_fail(tmp_path / "jupyter")
    assert browser.living(tmp_path) == []
