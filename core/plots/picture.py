"""A picture as data, and its SVG: for a page in the page's own colours, for a file in fixed ones."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from html import escape
from typing import Literal

from markupsafe import Markup

Tone = Literal["ink", "muted", "line", "strong", "blue", "red", "green", "first", "second", "third", "last", "on"]
"""What a shape is for; the colour follows from it. `first` to `third` fall from dark to light, `last` is the bad end,
`on` is text upon them (upon `third`: `ink`).
"""
Anchor = Literal["start", "middle", "end"]
SIZE = 13.0
COLOURS: dict[Tone, str] = {
    "ink": "#1c2530",
    "muted": "#545f6e",
    "line": "#d9dee5",
    "strong": "#8792a1",
    "blue": "#17457f",
    "red": "#b3260f",
    "green": "#1d6b3f",
    "first": "#17457f",
    "second": "#44709f",
    "third": "#bccfe5",
    "last": "#b3260f",
    "on": "#ffffff",
}
"""The colours on white paper; a page takes its own from the style sheet, light or dark."""
FACES = "'Noto Sans SC','Noto Sans CJK SC','Microsoft YaHei','PingFang SC',sans-serif"


@dataclass(frozen=True)
class Rect:
    """A filled rectangle, its corner at the top left."""

    x: float
    y: float
    width: float
    height: float
    tone: Tone


@dataclass(frozen=True)
class Line:
    """A line through points; `weak` dashes it."""

    points: tuple[tuple[float, float], ...]
    tone: Tone
    width: float = 1.0
    weak: bool = False


@dataclass(frozen=True)
class Dot:
    """A point; hollow ones have only their edge."""

    x: float
    y: float
    radius: float
    tone: Tone
    hollow: bool = False


@dataclass(frozen=True)
class Words:
    """A text whose baseline stands at `y`."""

    x: float
    y: float
    text: str
    tone: Tone = "ink"
    anchor: Anchor = "start"
    size: float = SIZE
    bold: bool = False


Shape = Rect | Line | Dot | Words


@dataclass(frozen=True)
class Picture:
    """Shapes on a ground of `width` × `height`; `title` names it, `says` tells in words what it shows."""

    width: float
    height: float
    title: str
    says: str
    shapes: Sequence[Shape] = field(default_factory=tuple)

    def with_text(self, change: Callable[[str], str]) -> Picture:
        """Return the same picture with every text in it changed."""
        changed = [replace(one, text=change(one.text)) if isinstance(one, Words) else one for one in self.shapes]
        return replace(self, shapes=tuple(changed))


def measure(text: str, size: float = SIZE) -> float:
    """Return about how wide a text runs: a Chinese character is as wide as high, a Latin one a little over half."""
    wide = sum(unicodedata.east_asian_width(one) in "WFA" for one in text)
    return size * (wide + 0.56 * (len(text) - wide))


def clipped(text: str, room: float, size: float = SIZE) -> str:
    """Return a text that fits the room, its end replaced by … where it would not."""
    if measure(text, size) <= room:
        return text
    kept = text
    while kept and measure(kept + "…", size) > room:
        kept = kept[:-1]
    return kept + "…"


def page_svg(picture: Picture, classes: str = "") -> Markup:
    """Return the picture for a page: colours by class, its words for whoever does not see it."""
    body = "".join(_shape(one, page=True) for one in picture.shapes)
    return Markup(  # noqa: S704 - every text in it was escaped
        f'<svg class="picture {escape(classes)}" viewBox="0 0 {_n(picture.width)} {_n(picture.height)}" role="img" '
        f'aria-label="{escape(picture.title)}。{escape(picture.says)}">{body}</svg>'
    )


def svg_file(picture: Picture) -> bytes:
    """Return the picture as a file that stands alone, on white."""
    size = f'width="{_n(picture.width)}" height="{_n(picture.height)}"'
    body = "\n".join(_shape(one, page=False) for one in picture.shapes)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_n(picture.width)} {_n(picture.height)}" {size} '
        f'font-family="{FACES}">\n<title>{escape(picture.title)}</title>\n<desc>{escape(picture.says)}</desc>\n'
        f'<rect {size} fill="#ffffff"/>\n{body}\n</svg>\n'
    ).encode()


def _shape(shape: Shape, *, page: bool) -> str:
    if isinstance(shape, Rect):
        place = f'x="{_n(shape.x)}" y="{_n(shape.y)}" width="{_n(shape.width)}" height="{_n(shape.height)}"'
        return f"<rect {place} {_ink('fill', shape.tone, page=page)}/>"
    if isinstance(shape, Line):
        points = " ".join(f"{_n(x)},{_n(y)}" for x, y in shape.points)
        dash = ' stroke-dasharray="4 3"' if shape.weak else ""
        ink = _ink("stroke", shape.tone, page=page)
        return f'<polyline points="{points}" fill="none" stroke-width="{_n(shape.width)}"{dash} {ink}/>'
    if isinstance(shape, Dot):
        place = f'cx="{_n(shape.x)}" cy="{_n(shape.y)}" r="{_n(shape.radius)}"'
        if shape.hollow:
            return f'<circle {place} fill="none" stroke-width="1.5" {_ink("stroke", shape.tone, page=page)}/>'
        return f"<circle {place} {_ink('fill', shape.tone, page=page)}/>"
    weight = ' font-weight="600"' if shape.bold else ""
    return (
        f'<text x="{_n(shape.x)}" y="{_n(shape.y)}" font-size="{_n(shape.size)}" text-anchor="{shape.anchor}"{weight} '
        f"{_ink('fill', shape.tone, page=page)}>{escape(shape.text)}</text>"
    )


def _ink(kind: str, tone: Tone, *, page: bool) -> str:
    return f'class="{kind}-{tone}"' if page else f'{kind}="{COLOURS[tone]}"'


def _n(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
