"""A PDF's pages as pictures, and where on them a quotation stands; in a process of its own, without a database."""

from __future__ import annotations

from grading.pages.sheets import Band, NotDrawable, Places, Wanted, draw, locate

__all__ = ["Band", "NotDrawable", "Places", "Wanted", "draw", "locate"]
