"""What a notice says, apart from how it is set: headings, paragraphs, lines of facts and tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

FORMAT = "hengping-notice/1"


@dataclass(frozen=True)
class Heading:
    """A heading such as 一、项目基本情况."""

    text: str


@dataclass(frozen=True)
class Paragraph:
    """Running text; line ends separate paragraphs."""

    text: str


@dataclass(frozen=True)
class Facts:
    """Lines of a name and what it is, in order."""

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Table:
    """A table; `numeric` are the columns set flush right."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: frozenset[int] = frozenset()


Block = Heading | Paragraph | Facts | Table


@dataclass(frozen=True)
class NoticeText:
    """A whole notice: its title, who issues it under which number on which day (in Chinese words), and its body."""

    kind: str
    title: str
    issuer: str
    number: str
    day: str
    body: tuple[Block, ...]

    def record(self) -> dict[str, Any]:
        """Return the text in JSON's types, to be frozen."""
        return {
            "format": FORMAT,
            "kind": self.kind,
            "title": self.title,
            "issuer": self.issuer,
            "number": self.number,
            "day": self.day,
            "body": [_plain(block) for block in self.body],
        }

    @classmethod
    def of(cls, record: Mapping[str, Any]) -> NoticeText:
        """Return the text that a record holds."""
        return cls(
            kind=record["kind"],
            title=record["title"],
            issuer=record["issuer"],
            number=record["number"],
            day=record["day"],
            body=tuple(_block(one) for one in record["body"]),
        )

    def plain(self) -> str:
        """Return the notice as text ready to paste: tables become one line for each cell of a row."""
        parts = [self.title, ""]
        for block in self.body:
            parts += _lines(block)
        return "\n".join([*parts, "", self.issuer, self.day]) + "\n"


def _plain(block: Block) -> dict[str, Any]:
    if isinstance(block, Heading):
        return {"heading": block.text}
    if isinstance(block, Paragraph):
        return {"paragraph": block.text}
    if isinstance(block, Facts):
        return {"facts": [list(row) for row in block.rows]}
    return {
        "table": {"head": list(block.head), "rows": [list(row) for row in block.rows], "numeric": sorted(block.numeric)}
    }


def _block(one: Mapping[str, Any]) -> Block:
    if "heading" in one:
        return Heading(one["heading"])
    if "paragraph" in one:
        return Paragraph(one["paragraph"])
    if "facts" in one:
        return Facts(tuple((name, value) for name, value in one["facts"]))
    table = one["table"]
    return Table(tuple(table["head"]), tuple(map(tuple, table["rows"])), frozenset(table["numeric"]))


def _lines(block: Block) -> list[str]:
    if isinstance(block, Heading):
        return ["", block.text]
    if isinstance(block, Paragraph):
        return block.text.splitlines()
    if isinstance(block, Facts):
        return [f"{name}：{value}" for name, value in block.rows]
    return [line for number, row in enumerate(block.rows, 1) for line in _row(number, block.head, row)]


def _row(number: int, head: Sequence[str], row: Sequence[str]) -> list[str]:
    said = "；".join(f"{name}：{value}" for name, value in zip(head, row, strict=True))
    return [f"{number}. {said}"]
