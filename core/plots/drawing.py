"""A picture as vector graphics of a PDF, in the document's own typeface."""

from __future__ import annotations

from typing import Any

from reportlab.graphics import shapes
from reportlab.lib.colors import HexColor

from core.plots.picture import COLOURS, Dot, Line, Picture, Rect, Words


def drawing_of(picture: Picture, font: str, width: float) -> Any:
    """Return the picture as a ReportLab drawing of this width."""
    scale = width / picture.width
    drawn: Any = shapes.Drawing(width, picture.height * scale)
    drawn.scale(scale, scale)
    for one in picture.shapes:
        drawn.add(_shape(one, picture.height, font))
    return drawn


def _shape(shape: Rect | Line | Dot | Words, height: float, font: str) -> Any:
    kit: Any = shapes  # the stubs do not know that a colour or a dash may be missing
    ink = HexColor(COLOURS[shape.tone])
    if isinstance(shape, Rect):
        return kit.Rect(
            shape.x, height - shape.y - shape.height, shape.width, shape.height, fillColor=ink, strokeColor=None
        )
    if isinstance(shape, Line):
        points = [value for x, y in shape.points for value in (x, height - y)]
        dash = [4, 3] if shape.weak else None
        return kit.PolyLine(points, strokeColor=ink, strokeWidth=shape.width, strokeDashArray=dash)
    if isinstance(shape, Dot):
        fill = None if shape.hollow else ink
        return kit.Circle(shape.x, height - shape.y, shape.radius, fillColor=fill, strokeColor=ink, strokeWidth=1.5)
    return kit.String(
        shape.x,
        height - shape.y,
        shape.text,
        fontName=font,
        fontSize=shape.size,
        fillColor=ink,
        textAnchor=shape.anchor,
    )
