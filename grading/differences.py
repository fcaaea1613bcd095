"""How two versions of a report differ: text, tables, figures. Pure; works on the blocks the workbench shows."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rapidfuzz import fuzz

from core.word_differences import Part, compared

ALIKE = 50
"""From this likeness (0 to 100) on, a paragraph was changed rather than taken out and another put in."""
NUMBER = re.compile(r"[-+]?\d[\d,]*(?:\.\d+)?\s*(?:%|％|万元|亿元|元|分|份|人|个|户|项)?")
Block = Mapping[str, Any]


@dataclass(frozen=True)
class TextChange:
    """A paragraph that was changed, added (nothing removed) or taken out (nothing added)."""

    parts: tuple[Part, ...]
    page: int | None

    @property
    def deed(self) -> str:
        """Return "added", "removed" or "changed"."""
        deeds = {part.deed for part in self.parts}
        return "changed" if len(deeds) > 1 else next(iter(deeds), "kept")


@dataclass(frozen=True)
class CellChange:
    """A cell that was changed, with what heads its row and its column."""

    row: str
    column: str
    before: str
    after: str


@dataclass(frozen=True)
class TableChange:
    """A table with its changed cells; `whole` is "added" or "removed" where the table itself came or went."""

    title: str
    cells: tuple[CellChange, ...]
    whole: str = ""


@dataclass(frozen=True)
class FigureChange:
    """A figure that was changed, and where: the words before it, or the row and column of its cell."""

    where: str
    before: str
    after: str


@dataclass(frozen=True)
class Differences:
    """Everything that differs between two versions."""

    texts: tuple[TextChange, ...]
    tables: tuple[TableChange, ...]
    figures: tuple[FigureChange, ...]

    def __bool__(self) -> bool:
        return bool(self.texts or self.tables)


def differences(before: Sequence[Block], after: Sequence[Block]) -> Differences:
    """Compare two versions block by block; what stands unchanged in both is left out."""
    old, new = [_key(one) for one in before], [_key(one) for one in after]
    texts: list[TextChange] = []
    tables: list[TableChange] = []
    for tag, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag != "equal":
            texts += _paragraphs(_of("paragraph", before[a:b]), _of("paragraph", after[c:d]))
            tables += _tables(_of("table", before[a:b]), _of("table", after[c:d]))
    return Differences(tuple(texts), tuple(tables), (*_in_text(texts), *_in_tables(tables)))


def _of(kind: str, blocks: Sequence[Block]) -> list[Block]:
    return [one for one in blocks if one["kind"] == kind]


def _key(block: Block) -> str:
    if block["kind"] == "paragraph":
        return "p" + "".join(block["text"].split())
    return "t" + "\x1f".join(cell["text"].strip() for row in block["rows"] for cell in row["cells"])


def _paragraphs(before: Sequence[Block], after: Sequence[Block]) -> Iterator[TextChange]:
    """Pair paragraphs that are alike, in their order; the rest came or went."""
    at = 0
    for one in after:
        partner = next((n for n in range(at, len(before)) if fuzz.ratio(before[n]["text"], one["text"]) >= ALIKE), None)
        if partner is None:
            yield TextChange((Part("added", one["text"]),), one.get("page"))
            continue
        for gone in before[at:partner]:
            yield TextChange((Part("removed", gone["text"]),), gone.get("page"))
        if before[partner]["text"] != one["text"]:
            yield TextChange(compared(before[partner]["text"], one["text"]), one.get("page"))
        at = partner + 1
    for gone in before[at:]:
        yield TextChange((Part("removed", gone["text"]),), gone.get("page"))


def _tables(before: Sequence[Block], after: Sequence[Block]) -> Iterator[TableChange]:
    waiting = list(before)
    for one in after:
        partner = next((other for other in waiting if _head(other) == _head(one)), None)
        if partner is None:
            yield TableChange(_title(one), (), "added")
            continue
        waiting.remove(partner)
        cells = tuple(_cells(partner, one))
        if cells:
            yield TableChange(_title(one), cells)
    for gone in waiting:
        yield TableChange(_title(gone), (), "removed")


def _cells(before: Block, after: Block) -> Iterator[CellChange]:
    """Compare rows that have the same name, in their order; a row that came or went shows as a whole."""
    head = [cell["text"].strip() for cell in after["rows"][0]["cells"]] if after["rows"] else []
    old, new = [_name(row) for row in before["rows"]], [_name(row) for row in after["rows"]]
    for tag, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal" or (tag == "replace" and b - a == d - c):
            for one, other in zip(before["rows"][a:b], after["rows"][c:d], strict=True):
                yield from _row(one, other, head)
            continue
        for gone in before["rows"][a:b]:
            yield CellChange(_name(gone), "", _line(gone), "")
        for come in after["rows"][c:d]:
            yield CellChange(_name(come), "", "", _line(come))


def _row(before: Block, after: Block, head: Sequence[str]) -> Iterator[CellChange]:
    old = [cell["text"].strip() for cell in before["cells"]]
    new = [cell["text"].strip() for cell in after["cells"]]
    if len(old) != len(new):
        if old != new:
            yield CellChange(_name(after), "", _line(before), _line(after))
        return
    for place, (one, other) in enumerate(zip(old, new, strict=True)):
        if one != other:
            yield CellChange(_name(after), head[place] if place < len(head) == len(new) else "", one, other)


def _head(block: Block) -> tuple[str, ...]:
    return tuple(cell["text"].strip() for cell in block["rows"][0]["cells"]) if block["rows"] else ()


def _name(row: Block) -> str:
    """Return a row's name: its first cell that is words."""
    texts = [cell["text"].strip() for cell in row["cells"]]
    return next((text for text in texts if text and not NUMBER.fullmatch(text)), texts[0] if texts else "")


def _line(row: Block) -> str:
    return " | ".join(cell["text"].strip() for cell in row["cells"])


def _title(block: Block) -> str:
    return str(block.get("caption") or " ".join(text for text in _head(block) if text)[:60])


def _in_text(texts: Sequence[TextChange]) -> Iterator[FigureChange]:
    """Return each figure that gave way to another at the same place of a changed paragraph."""
    for change in texts:
        if change.deed != "changed":
            continue
        old = "".join(part.text for part in change.parts if part.deed != "added")
        new = "".join(part.text for part in change.parts if part.deed != "removed")
        left, right = list(NUMBER.finditer(old)), list(NUMBER.finditer(new))
        matcher = difflib.SequenceMatcher(
            None, [one.group().strip() for one in left], [one.group().strip() for one in right], autojunk=False
        )
        for tag, a, b, c, d in matcher.get_opcodes():
            if tag == "replace" and b - a == d - c:
                for one, other in zip(left[a:b], right[c:d], strict=True):
                    yield FigureChange(new[max(0, other.start() - 16) : other.start()], one.group(), other.group())


def _in_tables(tables: Sequence[TableChange]) -> Iterator[FigureChange]:
    for table in tables:
        for cell in table.cells:
            if NUMBER.fullmatch(cell.before) and NUMBER.fullmatch(cell.after):
                where = " · ".join(part for part in (table.title, cell.row, cell.column) if part)
                yield FigureChange(where, cell.before, cell.after)
