"""What an official document says, apart from how it is laid out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from core.i18n import Language
from core.plots import Picture


@dataclass(frozen=True)
class Paragraph:
    """Running text."""

    text: str


@dataclass(frozen=True)
class Heading:
    """A heading such as 一、采购内容; of level 2 one such as （一）等级分布."""

    text: str
    level: int = 1


@dataclass(frozen=True)
class Table:
    """A table whose head is repeated on every page; `widths` are shares, `numeric` the columns set flush right.

    `padding` is the space above and below a row's text in points: more of it leaves room to sign by hand.
    """

    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    widths: Sequence[float] = ()
    numeric: frozenset[int] = frozenset()
    caption: str = ""
    padding: float = 4


@dataclass(frozen=True)
class Figure:
    """A plot, drawn as vectors, with its caption below."""

    picture: Picture
    caption: str = ""


@dataclass(frozen=True)
class PageBreak:
    """What follows begins a new page."""


Block = Paragraph | Heading | Table | Figure | PageBreak


@dataclass(frozen=True)
class OfficialDocument:
    """A letter (函, with an addressee and the red line), a notice (公告), a plain paper (a contract, say), or a report.

    A plain paper has no red head; without a `signatory` its signatures stand in the body. A report has a cover, and its
    pages are numbered from the one after it.

    `record_hash` is the hash of the record the document speaks of; its first 16 characters stand on every page.
    """

    kind: Literal["letter", "notice", "plain", "report"]
    issuer: str
    number: str
    title: str
    body: Sequence[Block]
    signatory: str
    date: str
    record_hash: str
    addressee: str = ""
    attachments: Sequence[str] = field(default_factory=tuple)
    contact: str = ""
    sealed: bool = True
    language: Language = "zh"

    def with_text(self, change: TextChange) -> OfficialDocument:
        """Return the same document with every text changed."""
        return replace(
            self,
            issuer=change(self.issuer),
            number=change(self.number),
            title=change(self.title),
            signatory=change(self.signatory),
            date=change(self.date),
            addressee=change(self.addressee),
            contact=change(self.contact),
            body=tuple(_changed(block, change) for block in self.body),
            attachments=tuple(change(text) for text in self.attachments),
        )


class TextChange:
    """Replaces characters a face cannot draw by the geta mark and remembers them."""

    def __init__(self, glyphs: frozenset[int], mark: str) -> None:
        self._glyphs, self._mark = glyphs, mark
        self.missing: dict[str, None] = {}

    def __call__(self, text: str) -> str:
        """Return the text with every character the face can draw, and the mark for the others."""
        return "".join(self._one(character) for character in text)

    def _one(self, character: str) -> str:
        if ord(character) in self._glyphs or character in "\n\t":
            return character
        if character < " " or character in "\u200b\u200c\u200d\ufeff\u00ad":
            return ""
        self.missing[character] = None
        return self._mark


def _changed(block: Block, change: TextChange) -> Block:
    if isinstance(block, Table):
        return replace(
            block,
            head=[change(cell) for cell in block.head],
            rows=[[change(cell) for cell in row] for row in block.rows],
            caption=change(block.caption),
        )
    if isinstance(block, Figure):
        return replace(block, picture=block.picture.with_text(change), caption=change(block.caption))
    return block if isinstance(block, PageBreak) else replace(block, text=change(block.text))
