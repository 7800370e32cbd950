"""Show how a flipped filter slides along a signal, one output value at a time.

A slider chooses the value where a kernel can answer it. A strip of frames stands below,
because a rendered page, or a front end without widgets, has nothing that could slide.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import ipywidgets as widgets
import numpy as np
from IPython import get_ipython
from IPython.display import display
from matplotlib.figure import Figure
from numpy.typing import ArrayLike, NDArray
from pictures import png, show

SIGNAL = (2,) * 7 + (10,) * 5 + (1,) * 8 + (5,) * 5  # of section 3.1
FILTER = (-1, 0, 1)  # h[-1], h[0], h[1]

Numbers = NDArray[np.float64]


def visualize_convolution(
    x: ArrayLike = SIGNAL, h: ArrayLike = FILTER, steps: Sequence[int] = (0, 6, 12)
) -> None:
    """Show the sliding filter: a slider over all outputs, and a strip of those at `steps`.

    `x`, shape (N,), is padded with K // 2 zeros on both sides; `h`, shape (K,), is flipped.
    """
    signal, kernel = np.asarray(x, dtype=float), np.asarray(h, dtype=float)
    if hasattr(get_ipython(), "kernel"):
        display(_slider(signal, kernel))
    shown = [step for step in steps if step < len(signal)]
    text = "\n".join(_sum_in_words(signal, kernel, i) for i in shown)
    show(_strip(signal, kernel, shown), text)


def _slider(x: Numbers, h: Numbers) -> widgets.VBox:
    """Return a slider above a picture that follows it."""
    slider = widgets.IntSlider(0, 0, len(x) - 1, description="index i", layout={"width": "600px"})
    picture = widgets.Image(value=png(_strip(x, h, [0], wide=True)), format="png")
    words = widgets.Label(_sum_in_words(x, h, 0))  # the picture for those who cannot see it

    def draw(change: dict[str, Any]) -> None:
        picture.value = png(_strip(x, h, [change["new"]], wide=True))
        words.value = _sum_in_words(x, h, change["new"])

    slider.observe(draw, names="value")
    return widgets.VBox([slider, words, picture])


def _window(x: Numbers, h: Numbers, i: int) -> tuple[Numbers, Numbers]:
    """Return the values under the filter at output `i`, (K,), and the flipped filter, (K,)."""
    padded = np.pad(x, len(h) // 2)
    return padded[i : i + len(h)], h[::-1]


def _sum_in_words(x: Numbers, h: Numbers, i: int) -> str:
    """Return "y[0] = 0*1 + 2*0 + 2*(-1) = -2" for output `i`."""
    values, weights = _window(x, h, i)
    terms = [
        f"{v:g}*{w:g}" if w >= 0 else f"{v:g}*({w:g})" for v, w in zip(values, weights, strict=True)
    ]
    return f"y[{i}] = {' + '.join(terms)} = {values @ weights:g}"


def _strip(x: Numbers, h: Numbers, steps: Sequence[int], wide: bool = False) -> Figure:
    """Draw one frame for each step: the signal and the flipped filter above, the outputs below."""
    width = 8.0 if wide else 3.1 * len(steps)
    figure = Figure(figsize=(width, 3.6), layout="constrained")
    axes = figure.subplots(2, len(steps), squeeze=False, sharex=True, sharey="row")
    outputs = [float(np.dot(*_window(x, h, i))) for i in range(len(x))]
    for (above, below), i in zip(axes.T, steps, strict=True):
        _frame(above, x, h, i)
        below.stem(range(i + 1), outputs[: i + 1], linefmt="C2-", markerfmt="C2o", basefmt="0.6")
        below.set(xlabel="index", xlim=(-2, len(x) + 1), ylim=(min(outputs) - 1, max(outputs) + 1))
        if not wide:  # above the wide picture the sum stands as text
            above.set_title(_sum_in_words(x, h, i), fontsize=9)
    axes[0, 0].set_ylabel("x (blue)\nflipped h (orange)")
    axes[1, 0].set_ylabel("output y")
    return figure


def _frame(axis: Any, x: Numbers, h: Numbers, i: int) -> None:
    """Draw the signal, and the flipped filter where it stands for output `i`."""
    axis.stem(range(len(x)), x, linefmt="C0:", markerfmt="C0.", basefmt="0.6")
    reach = np.arange(len(h)) + i - len(h) // 2
    axis.axvspan(reach[0] - 0.5, reach[-1] + 0.5, color="C1", alpha=0.2)
    axis.stem(reach, h[::-1], linefmt="C1-", markerfmt="C1s", basefmt="0.6")
