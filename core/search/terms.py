"""What a reader types, as a question to grams: every word must stand in the row, wherever."""

from __future__ import annotations

import re
import string
import unicodedata
from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, cast, false
from sqlalchemy.dialects.postgresql import TSQUERY

LONGEST = 100
"""Characters of a question that are looked at."""
_RUN = re.compile(r"[a-z0-9]+|[^\x00-\x7f]+")
_LOWER = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)


def words_of(text: str) -> list[str]:
    """Return the words that were typed, in the form in which grams are kept."""
    return unicodedata.normalize("NFKC", text[:LONGEST]).translate(_LOWER).split()


def search_terms(text: str, labels: Mapping[str, str] | None = None, *, apart: str = "") -> str:
    """Return the `tsquery` of a text; empty where nothing in it can be searched for.

    `labels` are words that stand for a lexeme of another kind (`{"义务教育": "field=education"}`): a word that is part
    of one finds either. `apart` is the sign before grams of a second kind, which are looked at as well.
    """
    asked = []
    for word in words_of(text):
        named = sorted({lexeme for label, lexeme in (labels or {}).items() if len(word) > 1 and word in label.lower()})
        either = [_all(word), *([_all(word, apart)] if apart else []), *(f"'{one}'" for one in named)]
        if either[0]:
            asked.append(f"({' | '.join(either)})" if len(either) > 1 else either[0])
    return " & ".join(asked)


def _all(word: str, sign: str = "") -> str:
    grams = _grams(word, sign)
    return f"({' & '.join(grams)})" if len(grams) > 1 else "".join(grams)


def _grams(word: str, sign: str) -> list[str]:
    found = []
    for run in _RUN.findall(word):
        size = 3 if run.isascii() else 2
        if len(run) < size:
            found.append(f"'{sign}{run}':*")
        found += [f"'{sign}{run[at : at + size]}'" for at in range(len(run) - size + 1)]
    return list(dict.fromkeys(found))


def matches(grams: Any, text: str, labels: Mapping[str, str] | None = None, *, apart: str = "") -> ColumnElement[bool]:
    """Return the condition that a column of grams holds every word of a text; a text without any finds nothing."""
    terms = search_terms(text, labels, apart=apart)
    return grams.bool_op("@@")(cast(terms, TSQUERY)) if terms else false()


def lexeme(grams: Any, kept: str) -> ColumnElement[bool]:
    """Return the condition that a column of grams holds a lexeme of its own, such as `state=closed`."""
    condition: ColumnElement[bool] = grams.bool_op("@@")(cast(f"'{kept}'", TSQUERY))
    return condition
