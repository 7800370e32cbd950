"""One HTML file that needs nothing else: how every page for people is made and put in place.

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


def render(template: str, script: str = "", **context: Any) -> str:
    """Return the page that a template makes; `script` names a file beside it."""
    style, code = _text("pages.css"), _text(script) if script else ""
    return (
        _environment()
        .get_template(template)
        .render(
            policy=_policy(style, code),
            style=Markup(style),  # noqa: S704 - our own file
            script=Markup(code),  # noqa: S704 - our own file
            **context,
        )
    )


def png(picture: Picture) -> str:
    """Return a picture as the address of an image that is in the page itself."""
    file = io.BytesIO()
    image = Image.frombytes("L", (picture.width, picture.height), picture.pixels())
    image.save(file, "PNG", optimize=True)
    return f"data:image/png;base64,{base64.b64encode(file.getvalue()).decode()}"


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        number=points, duration=duration, png=png, percent=percent, address=quote
    )
    return environment


def points(value: float | None) -> str:
    """Return points as people write them, and a dash where nobody has given any yet."""
    return "–" if value is None else number(value)


def percent(share: float) -> str:
    """Return a share as people read it; 100 % is all and 0 % is none, not nearly."""
    rounded = round(100 * share)
    if rounded in (0, 100) and share not in (0, 1):
        rounded = 1 if rounded == 0 else 99
    return f"{rounded} %"


@cache
def _text(name: str) -> str:
    return (TEMPLATES / name).read_text(encoding="utf-8")


def _policy(style: str, script: str) -> str:
    """Return what the page may use: its own style and script by digest, and pictures in it."""
    sources = [f"style-src {_digest(style)}", "img-src data:"]
    sources += [f"script-src {_digest(script)}"] if script else []
    return "; ".join(["default-src 'none'", *sources, "base-uri 'none'", "form-action 'none'"])


def _digest(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
