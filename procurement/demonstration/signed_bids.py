"""The papers of one purchase's bids: two written by one hand, two that enclose the same public text."""

from __future__ import annotations

import random
from decimal import Decimal
from functools import cache

from procurement.demonstration.bid_papers import PaperText, composed, copied, word_file
from procurement.demonstration.bids import PlainFile

SIGNED = 4
"""The story in whose bids signs of collusion are found (`demonstration/collusion.py`)."""
SHORT_OF_PAPERS = 2
"""The story whose lowest bidder lacks a paper and is found unqualified, which the indicators notice (R036, R038)."""
AUTHORS = ("顾海峰", "zhangwei-2023", "zhangwei-2023", "Administrator")
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
FIRST, SECOND = 1, 2
"""The places of the two whose bids were written by one hand."""


def signed_files(place: int) -> list[PlainFile]:
    """Return the papers of the bidder at this place in the tender with signs."""
    text = _text(place)
    papers = word_file(
        text, title="服务方案", properties={"author": AUTHORS[place], "last_modified_by": AUTHORS[place]}
    )
    files = [PlainFile("服务方案.docx", "technical", papers, WORD)]
    if place not in (FIRST, SECOND):
        files.append(PlainFile("区级项目支出绩效评价工作规范.docx", "commercial", _public_paper(), WORD))
    return files


def _text(place: int) -> PaperText:
    if place != SECOND:
        return composed(_dice(40 + place), paragraphs=18, price=Decimal(168000))
    source = _text(FIRST)
    text = copied(_dice(77), source, keep=0.6)
    text.items = [(name, (value * Decimal("1.035")).quantize(Decimal("0.01"))) for name, value in source.items]
    text.phone = source.phone
    return text


@cache
def _public_paper() -> bytes:
    """Return the one file that both enclose: made twice it would differ by its time."""
    body = composed(_dice(9), paragraphs=8).paragraphs
    return word_file(PaperText(["总则", *body]), title="区级项目支出绩效评价工作规范")


def _dice(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311 - repeatable on purpose, never a secret
