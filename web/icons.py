"""Icons: the outline set of @tabler/icons, written into the page, so that they take the text's colour and print."""

from __future__ import annotations

import functools
import re

from flask import Flask
from markupsafe import Markup

from core.settings import ROOT

ICONS = ROOT / "node_modules" / "@tabler" / "icons" / "icons" / "outline"
_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_INSIDE = re.compile(r"<svg[^>]*>(.*)</svg>", re.DOTALL)


class UnknownIcon(Exception):
    """A template asks for an icon that the set does not hold."""


@functools.cache
def icon(name: str, classes: str = "") -> Markup:
    """Return the icon as inline SVG, hidden from screen readers: the word beside it says the same.

    `name` is the file name in the set without its ending, e.g. `circle-check`; `classes` are added to `icon`.
    Raises `UnknownIcon` when the set has no such file.
    """
    path = ICONS / f"{name}.svg"
    if not _NAME.fullmatch(name) or not path.is_file():
        raise UnknownIcon(f"no icon named {name!r} in @tabler/icons")
    found = _INSIDE.search(path.read_text(encoding="utf-8"))
    if found is None:
        raise UnknownIcon(f"the file of icon {name!r} holds no drawing")
    drawing = " ".join(line.strip() for line in found[1].splitlines()).strip()
    opening = Markup(
        '<svg class="icon{}" width="20" height="20" viewBox="0 0 24 24" fill="none" stroke="currentColor"'
        ' stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false">'
    ).format(f" {classes}" if classes else "")
    return opening + Markup(drawing) + Markup("</svg>")  # noqa: S704 - a file of the pinned package, not user input


def register(app: Flask) -> None:
    """Give templates `icon(name)`."""
    app.jinja_env.globals["icon"] = icon
