"""Plots drawn by the server: a picture is data, from which a page, an SVG file and a PDF each make their own drawing.

`charts` turns figures into pictures; every chart takes the width it is drawn for, so that a phone gets its own drawing.
Pictures carry a title and the same in words, and say by letter, number or place what they also say by colour.
"""

from core.plots.picture import Dot, Line, Picture, Rect, Shape, Tone, Words, measure, page_svg, svg_file

__all__ = ["Dot", "Line", "Picture", "Rect", "Shape", "Tone", "Words", "measure", "page_svg", "svg_file"]
