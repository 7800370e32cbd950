"""Draw the notebook's pictures: three architectures and a picture to filter.

    python figures.py      writes img/*.png, the same bytes on every run

The files are committed; run this after a change here and look at the result.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Polygon, Rectangle
from PIL import Image, ImageDraw

FOLDER = Path(__file__).resolve().parent / "img"
BLUE, ORANGE, GREEN, INK = "#4C78A8", "#F2A65A", "#72B7A1", "#333333"
DEPTH = 0.35  # how far a stack leans back for each unit of its thickness


def canvas(width: float, height: float) -> tuple[Figure, Any]:
    """Return an empty figure measured in tenths of an inch."""
    figure = Figure(figsize=(width / 10, height / 10))
    axis = figure.add_axes((0, 0, 1, 1))
    axis.set(xlim=(0, width), ylim=(0, height), aspect="equal")
    axis.axis("off")
    return figure, axis


def label(axis: Any, x: float, y: float, text: str, size: float = 9.5, **how: Any) -> None:
    """Write centred text."""
    axis.text(x, y, text, fontsize=size, color=INK, **{"ha": "center", "va": "center", **how})


def stack(axis: Any, x: float, side: float, thick: float, colour: str) -> float:
    """Draw `thick` maps of height `side` from x on; return where the block ends."""
    y, lean = 19 - side / 2, DEPTH * thick
    front = [(x, y), (x + thick, y), (x + thick, y + side), (x, y + side)]
    top = [(x, y + side), (x + lean, y + side + lean)]
    top += [(x + thick + lean, y + side + lean), (x + thick, y + side)]
    right = [(x + thick, y), (x + thick + lean, y + lean)]
    right += [(x + thick + lean, y + side + lean), (x + thick, y + side)]
    for corners, shade in ((front, 1.0), (top, 0.6), (right, 0.8)):
        axis.add_patch(Polygon(corners, facecolor=colour, alpha=shade, edgecolor=INK, lw=0.8))
    return x + thick + lean


def column(axis: Any, x: float, height: float, colour: str, text: str) -> float:
    """Draw a layer of units as a thin column; return where it ends."""
    axis.add_patch(Rectangle((x, 19 - height / 2), 2, height, fc=colour, ec=INK, lw=0.8))
    label(axis, x + 1, 19 - height / 2 - 1.8, text)
    return x + 2


def arrow(axis: Any, start: float, end: float, text: str) -> None:
    """Draw an arrow in the middle with the operation written above it."""
    style = {"arrowstyle": "-|>", "color": INK, "lw": 1.0}
    axis.annotate("", (end, 19), (start, 19), arrowprops=style)
    label(axis, (start + end) / 2, 19.8, text, 7.5, linespacing=1.3, va="bottom")


def fully_connected() -> Figure:
    """Draw FC: 784-512-256-128-10."""
    figure, axis = canvas(78, 40)
    sizes = (("784", 30.0), ("512", 24.0), ("256", 17.0), ("128", 12.0), ("10", 5.0))
    x = 4.0
    for k, (text, height) in enumerate(sizes):
        colour = BLUE if k == 0 else GREEN if k == 4 else ORANGE
        end = column(axis, x, height, colour, text)
        if k < 4:
            arrow(axis, end + 0.7, end + 13.3, "linear\n+ ReLU" if k < 3 else "linear")
        x = end + 14
    label(axis, 5, 37, "pixels")
    label(axis, 69, 37, "logits")
    return figure


def convolutional(filters: Sequence[int], units: Sequence[int], width: float) -> Figure:
    """Draw a network of convolution stages and fully connected layers."""
    figure, axis = canvas(width, 40)
    side, maps, x = 28, 1, 5.0
    end = stack(axis, x, 20, 1.0, BLUE)
    label(axis, x + 0.7, 6.4, "1 × 28 × 28")
    for count in filters:
        arrow(axis, end + 0.6, end + 9.4, "conv 3×3\npad 1\nReLU\nmax-pool 2")
        side, maps, x = side // 2, count, end + 10
        thick = 1.5 + maps**0.5 / 1.6
        end = stack(axis, x, 20 * side / 28 + 1.5, thick, ORANGE)
        label(axis, x + thick / 2 + 0.6, 6.4, f"{maps} × {side} × {side}")
    arrow(axis, end + 0.6, end + 6.4, "flatten")
    end = column(axis, end + 7, 24, BLUE, f"{maps * side * side}")
    for k, unit in enumerate(units):
        last = k == len(units) - 1
        arrow(axis, end + 0.6, end + 7.4, "linear" if last else "linear\n+ ReLU")
        end = column(axis, end + 8, max(5.0, unit / 8), GREEN if last else ORANGE, f"{unit}")
    label(axis, end - 1, 33, "logits")
    return figure


def shapes() -> Image.Image:
    """Draw a picture with edges in many directions, as whole grey values on a flat ground.

    The bottom and the right are darker than the top and the left, so both Sobel results
    have a mean above zero: flat areas stay below the threshold of section 3.2.
    """
    large = Image.new("L", (640, 640), 70)
    draw = ImageDraw.Draw(large)
    draw.rectangle((0, 520, 640, 640), fill=20)  # ground: one long horizontal edge
    draw.rectangle((600, 0, 640, 640), fill=25)  # wall: one long vertical edge
    draw.ellipse((60, 50, 220, 210), fill=230)  # sun: edges in every direction
    draw.ellipse((100, 90, 180, 170), fill=190)
    draw.rectangle((110, 330, 330, 520), fill=200)  # house
    draw.polygon([(80, 330), (220, 220), (360, 330)], fill=90)  # roof: two diagonals
    draw.rectangle((190, 420, 250, 520), fill=30)  # door
    for k in range(5):  # fence: fine vertical lines
        draw.rectangle((400 + 36 * k, 440, 412 + 36 * k, 540), fill=220)
    draw.rectangle((390, 470, 570, 482), fill=220)
    draw.line([(420, 380), (540, 120)], fill=240, width=14)  # a kite on its string
    draw.polygon([(540, 60), (575, 130), (540, 190), (505, 130)], fill=250)
    return large.resize((160, 160), Image.Resampling.BOX)


def save(figure: Figure, name: str) -> None:
    """Write a figure without date or version, in few colours."""
    figure.savefig(FOLDER / name, dpi=110, metadata={"Software": None})
    with Image.open(FOLDER / name) as picture:
        small = picture.convert("RGB").quantize(64, dither=Image.Dither.NONE)
    small.save(FOLDER / name, optimize=True)


def main() -> None:
    """Draw everything."""
    FOLDER.mkdir(exist_ok=True)
    save(fully_connected(), "fc.png")
    save(convolutional((6, 16), (120, 84, 10), 84), "lenet.png")
    save(convolutional((16, 32, 64), (128, 10), 92), "cnn.png")
    picture = shapes()
    picture.save(FOLDER / "shapes.png", optimize=True)
    assert np.asarray(picture).dtype == np.uint8


if __name__ == "__main__":
    main()
