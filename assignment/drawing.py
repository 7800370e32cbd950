"""A pad on which a digit can be drawn with the mouse and read by a network.

The drawing lives in `grid`, a plain array; the canvas in the browser only shows it.
So everything but the mouse works, and can be tested, without a browser or a kernel.
"""

from __future__ import annotations

from typing import Any

import ipywidgets as widgets
import numpy as np
import torch
from ipycanvas import Canvas
from IPython import get_ipython
from IPython.display import display
from numpy.typing import NDArray
from torch import nn

ZOOM = 10  # screen pixels on a side of one cell of the grid
PEN = 1.1  # radius of the pen, in cells
HINT = "Drawing pad: draw a digit with the mouse."  # the canvas itself has no words
BUTTON = {"width": "88px"}  # three of them, with their margins, are as wide as the pad
BLUR = np.array([0.25, 0.5, 0.25], dtype=np.float32)  # sums to 1: keeps the amount of ink


class DrawingPad:
    """A grid of grey values, 0 (black) to 1 (white), drawn with the mouse.

    Parameters
    ----------
    shape : (int, int)
        Rows and columns of `grid`, an array of float32.
    model : torch.nn.Module
        Takes a batch (1, 1, rows, columns) and returns logits (1, classes).
    device : torch.device or str
        Where the model's weights are.
    """

    def __init__(
        self, shape: tuple[int, int], model: nn.Module, device: torch.device | str = "cpu"
    ) -> None:
        self.grid: NDArray[np.float32] = np.zeros(shape, dtype=np.float32)
        self.model = model
        self.device = device
        self._last: tuple[float, float] | None = None  # where the pen was, while it is down
        self._canvas: Any = None
        self._answer: Any = None
        self._show()

    def press(self, x: float, y: float) -> None:
        """Put the pen down at column x, row y, in cells."""
        self._last = (y, x)
        self._say(HINT)  # an earlier prediction was for another drawing
        self._ink(*self._last)
        self._draw()

    def move(self, x: float, y: float) -> None:
        """Draw a line from the last position to (x, y) while the pen is down."""
        if self._last is None:
            return
        start, end = np.array(self._last), np.array([y, x])
        steps = int(2 * np.abs(end - start).max()) + 1  # half a cell apart at most
        for step in range(1, steps + 1):
            self._ink(*(start + (end - start) * step / steps))
        self._last = (float(end[0]), float(end[1]))
        self._draw()

    def release(self, *_: float) -> None:
        """Lift the pen."""
        self._last = None

    def reset(self, *_: Any) -> None:
        """Clear the pad."""
        self.grid[:] = 0
        self._say(HINT)
        self._draw()

    def blur(self, *_: Any) -> None:
        """Soften the drawing, so that it looks more like a scanned digit."""
        for axis in (0, 1):
            padded = np.pad(self.grid, [(1, 1) if axis == a else (0, 0) for a in (0, 1)])
            parts = [padded.take(range(k, k + self.grid.shape[axis]), axis) for k in range(3)]
            self.grid[:] = sum(w * part for w, part in zip(BLUR, parts, strict=True))
        self._say(HINT)
        self._draw()

    def predict(self, *_: Any) -> int:
        """Return the class with the largest logit, and show it beside the pad."""
        image = torch.from_numpy(self.grid.copy()).to(self.device)[None, None]  # (1, 1, 28, 28)
        was_training = self.model.training
        self.model.eval()
        with torch.inference_mode():
            shares = self.model(image)[0].softmax(dim=0)
        self.model.train(was_training)
        best = int(shares.argmax())
        self._say(f"Prediction: {best} (softmax {shares[best].item():.0%})")
        return best

    def _ink(self, row: float, column: float) -> None:
        """Whiten the cells within the pen's reach of a position, softly at its rim."""
        rows, columns = np.indices(self.grid.shape) + 0.5
        ink = np.clip(PEN + 0.5 - np.hypot(rows - row, columns - column), 0, 1)
        self.grid[:] = np.maximum(self.grid, ink)

    def _show(self) -> None:
        """Show canvas and buttons where a notebook can; elsewhere only `grid` remains."""
        if not hasattr(get_ipython(), "kernel"):
            return
        rows, columns = self.grid.shape
        size = {"width": f"{columns * ZOOM}px", "height": f"{rows * ZOOM}px"}
        self._canvas = Canvas(width=columns, height=rows, layout=size)  # one pixel for each cell
        self._canvas.on_mouse_down(self.press)
        self._canvas.on_mouse_move(self.move)
        self._canvas.on_mouse_up(self.release)
        self._canvas.on_mouse_out(self.release)
        self._answer = widgets.Label(HINT)
        buttons = []
        for action in (self.reset, self.blur, self.predict):
            button = widgets.Button(description=action.__name__, layout=BUTTON)
            button.on_click(action)
            buttons.append(button)
        self._draw()
        display(widgets.VBox([self._canvas, widgets.HBox(buttons), self._answer]))

    def _draw(self) -> None:
        """Copy the grid to the canvas."""
        if self._canvas is None:
            return
        grey = (255 * self.grid).astype(np.uint8)
        opaque = np.full_like(grey, 255)  # without it the picture travels as JPEG, with specks
        self._canvas.put_image_data(np.dstack([grey, grey, grey, opaque]), 0, 0)

    def _say(self, text: str) -> None:
        """Write beside the pad."""
        if self._answer is not None:
            self._answer.value = text
