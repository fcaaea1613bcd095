"""Sentences of a paragraph, and what stands around a place in it."""

from __future__ import annotations

import re
from collections.abc import Iterator

END = re.compile(r"[。！？!?\n；;]")
CLAUSE = re.compile(r"[。！？!?\n；;，,：:、（）()]")


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """Yield the offsets of each sentence, its mark included; a semicolon ends one, since lists are written so."""
    start = 0
    for match in END.finditer(text):
        if text[start : match.start()].strip():
            yield start, match.end()
        start = match.end()
    if text[start:].strip():
        yield start, len(text)


def sentence_at(text: str, place: int) -> tuple[int, int]:
    """Return the offsets of the sentence in which a place stands."""
    return next(((start, end) for start, end in sentences(text) if start <= place < end), (0, len(text)))


def clause_before(text: str, place: int, longest: int = 24) -> str:
    """Return the words between the mark before a place and the place itself."""
    begin = max(0, place - longest)
    marks = [match.end() for match in CLAUSE.finditer(text, begin, place)]
    return text[max([begin, *marks]) : place]
