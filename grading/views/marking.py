"""Marking evidence in a report's text: which pieces of a paragraph or cell which findings rest on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from grading.models import ReportFinding


@dataclass(frozen=True)
class Piece:
    """A piece of text and the position of the finding whose evidence it is, or None for plain text."""

    text: str
    finding: int | None = None


class Marks:
    """The evidence of all findings by place."""

    def __init__(self, findings: Sequence[ReportFinding]) -> None:
        self._paragraphs: dict[int, list[tuple[str, int]]] = {}
        self._rows: dict[tuple[int, int], list[tuple[str, int]]] = {}
        for finding in findings:
            for item in finding.evidence:
                if item.get("table") is not None:
                    key = (int(item["table"]), int(item.get("row") or 0))
                    self._rows.setdefault(key, []).append((item["quote"], finding.position))
                elif item.get("paragraph") is not None:
                    self._paragraphs.setdefault(int(item["paragraph"]), []).append((item["quote"], finding.position))

    def paragraph(self, index: int, text: str) -> list[Piece]:
        """Cut a paragraph at its evidence."""
        return cut(text, self._paragraphs.get(index, []))

    def cell(self, table: int, row: int, text: str) -> list[Piece]:
        """Cut a cell at the evidence of its row."""
        return cut(text, self._rows.get((table, row), []))


def cut(text: str, quotes: Sequence[tuple[str, int]]) -> list[Piece]:
    """Cut a text at the quotes that stand in it; where two overlap, the earlier finding keeps the place."""
    spans: list[tuple[int, int, int]] = []
    for quote, finding in quotes:
        words = quote.strip()
        start = text.find(words) if words else -1
        if start < 0:
            continue
        end = start + len(words)
        if all(end <= begun or start >= ended for begun, ended, _one in spans):
            spans.append((start, end, finding))
    pieces, at = [], 0
    for start, end, finding in sorted(spans):
        if start > at:
            pieces.append(Piece(text[at:start]))
        pieces.append(Piece(text[start:end], finding))
        at = end
    if at < len(text) or not pieces:
        pieces.append(Piece(text[at:]))
    return pieces
