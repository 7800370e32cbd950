"""One HTML file that needs nothing else: how every page for people is made.

A page opens from the disk by a double click, years later and without a network. So its
style, its script and its pictures are in it, and its first line forbids it to load or
run anything else: what a stranger wrote is text wherever it appears, and where an
escape were forgotten it would still be no script.
"""

from __future__ import annotations

import base64
import hashlib
import io
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from PIL import Image

from gradekit.core.exhibits import Picture
from gradekit.core.text import duration, number

TEMPLATES = Path(__file__).parent / "templates"


def render(
    template: str,
    script: str = "",
    *,
    style: str = "pages.css",
    folder: Path = TEMPLATES,
    connect: str = "",
    **context: Any,
) -> str:
    """Return the page that a template makes, with its style and script written into it.

    `script` and `style` name files beside the template. A template in the `folder` of
    another package may extend the ones here. `connect` is what the script may send
    requests to, as a Content-Security-Policy says it; a page from the disk needs nothing.
    """
    return (
        _environment(folder)
        .get_template(template)
        .render(
            policy=content_policy(script, style=style, folder=folder, connect=connect),
            style=Markup(_text(folder / style)),  # noqa: S704 - our own file
            script=Markup(_text(folder / script) if script else ""),  # noqa: S704 - our own file
            **context,
        )
    )


def content_policy(
    script: str = "", *, style: str = "pages.css", folder: Path = TEMPLATES, connect: str = ""
) -> str:
    """Return what a page may use: its own style and script by digest, and pictures in it."""
    sources = [f"style-src {_digest(_text(folder / style))}", "img-src data:"]
    sources += [f"script-src {_digest(_text(folder / script))}"] if script else []
    sources += [f"connect-src {connect}"] if connect else []
    return "; ".join(["default-src 'none'", *sources, "base-uri 'none'", "form-action 'none'"])


def png(picture: Picture) -> str:
    """Return a picture as the address of an image that is in the page itself."""
    file = io.BytesIO()
    image = Image.frombytes("L", (picture.width, picture.height), picture.pixels())
    image.save(file, "PNG", optimize=True)
    return f"data:image/png;base64,{base64.b64encode(file.getvalue()).decode()}"


@cache
def _environment(folder: Path) -> Environment:
    environment = Environment(
        loader=FileSystemLoader([folder, TEMPLATES]),
        autoescape=True,
        undefined=StrictUndefined,  # a name that is spelled wrongly is no empty text
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        number=points_or_dash, duration=duration, png=png, percent=percent, address=quote
    )
    return environment


def points_or_dash(value: float | None) -> str:
    """Return points as people write them, or a dash for an answer that nobody has marked yet."""
    return "–" if value is None else number(value)


def percent(share: float) -> str:
    """Return a share as people read it; 100 % is all and 0 % is none, not nearly."""
    rounded = round(100 * share)
    if rounded in (0, 100) and share not in (0, 1):
        rounded = 1 if rounded == 0 else 99
    return f"{rounded} %"


@cache
def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _digest(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
