"""Language: Simplified Chinese is the source of every text, English its one catalogue."""

from __future__ import annotations

from typing import Literal

from flask_babel import LazyString, gettext, lazy_gettext, lazy_pgettext, ngettext, pgettext

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = ("zh", "en")
Text = str | LazyString
"""A text shown to people: a plain string already in their language, or one translated when it is shown."""

_ = gettext
_l = lazy_gettext
_n = ngettext
_p = pgettext
_lp = lazy_pgettext
"""The same Chinese for two English words: the context says which (`_p("list", "采购项目")` is Tenders, not Tender)."""

__all__ = ["LANGUAGES", "Language", "LazyString", "Text", "_", "_l", "_lp", "_n", "_p", "heading"]


def heading(text: object) -> str:
    """Return a word as it begins a heading or stands in a table's head: in English with a capital."""
    said = str(text)
    return said[:1].upper() + said[1:]
