"""A composed report: blocks of text and tables with the place of every figure that stands in it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from numpy.random import Generator

from grading.synthesis.blocks import MARK, Block
from grading.synthesis.chance import chance
from grading.synthesis.facts import Facts, Subject
from grading.synthesis.house import House, make_house
from grading.synthesis.planning import plan
from grading.synthesis.writing import write


@dataclass(frozen=True, slots=True)
class Slot:
    """Where a figure stands.

    Block, row and column (-1 in running text), first and last character, and what it states.
    """

    key: str
    text: str
    block: int
    row: int
    column: int
    start: int


@dataclass(frozen=True)
class SyntheticReport:
    """A fictional report: its facts, its house, and its text. `decoys` are quotes that look wrong and are right."""

    facts: Facts
    house: House
    pages: int
    blocks: tuple[Block, ...]
    slots: tuple[Slot, ...]
    decoys: tuple[tuple[str, str], ...] = field(default=())

    @property
    def title(self) -> str:
        """The title on the cover."""
        return next(block.text for block in self.blocks if block.form == "title")

    @property
    def text(self) -> str:
        """All running text and cells, a line each."""
        lines = [block.text for block in self.blocks if block.text]
        lines += [cell for block in self.blocks for row in block.rows for cell in row]
        return "\n".join(lines)

    def find(self, key: str, *, table: bool | None = None) -> list[Slot]:
        """The places of a fact, in tables only or in running text only where `table` says so."""
        return [slot for slot in self.slots if slot.key == key and (table is None or (slot.row >= 0) == table)]

    def with_block(self, index: int, block: Block) -> SyntheticReport:
        """The same report with one block replaced."""
        return replace(self, blocks=(*self.blocks[:index], block, *self.blocks[index + 1 :]))

    def put(self, slot: Slot, text: str) -> SyntheticReport:
        """The same report with other words at one place; the places after it in the same text move along."""
        block, moved = self.blocks[slot.block], len(text) - len(slot.text)

        def edited(old: str) -> str:
            return old[: slot.start] + text + old[slot.start + len(slot.text) :]

        if slot.row < 0:
            block = replace(block, text=edited(block.text))
        else:
            row = list(block.rows[slot.row])
            row[slot.column] = edited(row[slot.column])
            block = replace(block, rows=(*block.rows[: slot.row], tuple(row), *block.rows[slot.row + 1 :]))
        place = (slot.block, slot.row, slot.column)
        slots = tuple(
            replace(other, text=text)
            if other == slot
            else replace(other, start=other.start + moved)
            if (other.block, other.row, other.column) == place and other.start > slot.start
            else other
            for other in self.slots
        )
        return replace(self, blocks=(*self.blocks[: slot.block], block, *self.blocks[slot.block + 1 :]), slots=slots)

    def insert(self, after: int, block: Block) -> SyntheticReport:
        """The same report with a block added after another."""
        slots = tuple(replace(slot, block=slot.block + 1) if slot.block > after else slot for slot in self.slots)
        return replace(self, blocks=(*self.blocks[: after + 1], block, *self.blocks[after + 1 :]), slots=slots)

    def without(self, gone: set[int]) -> SyntheticReport:
        """The same report without some blocks."""
        shift = {index: index - sum(1 for other in gone if other < index) for index in range(len(self.blocks))}
        slots = tuple(replace(slot, block=shift[slot.block]) for slot in self.slots if slot.block not in gone)
        return replace(
            self, blocks=tuple(block for index, block in enumerate(self.blocks) if index not in gone), slots=slots
        )

    def recomposed(self, facts: Facts) -> SyntheticReport:
        """The same house's report of other facts, in the same words."""
        return compose(facts, self.house, self.pages)


def _plain(text: str, block: int, row: int, column: int, slots: list[Slot]) -> str:
    out, last = "", 0
    for found in MARK.finditer(text):
        out += text[last : found.start()]
        slots.append(Slot(found[1], found[2], block, row, column, len(out)))
        out += found[2]
        last = found.end()
    return out + text[last:]


def compose(facts: Facts, house: House, pages: int) -> SyntheticReport:
    """Write the report of these facts in that house's way; the same arguments give the same report."""
    slots: list[Slot] = []
    blocks = []
    for index, block in enumerate(write(facts, house, pages)):
        text = _plain(block.text, index, -1, -1, slots)
        rows = tuple(
            tuple(_plain(cell, index, r, c, slots) for c, cell in enumerate(row)) for r, row in enumerate(block.rows)
        )
        blocks.append(replace(block, text=text, rows=rows))
    return SyntheticReport(facts, house, pages, tuple(blocks), tuple(slots))


def make_report(
    rng: Generator, layout: str | None = None, pages: int | None = None, about: Subject | None = None
) -> SyntheticReport:
    """Draw a consistent report.

    `layout` is one of LAYOUTS (drawn where none is given), `pages` about how many pages it fills (5 to 150); `about`
    fixes place, project, unit, agency and year.
    """
    house = make_house(rng, layout)
    long = house.layout == "provincial"
    size = pages or int(rng.integers(40, 110) if long and chance(rng, 0.3) else rng.integers(6, 30))
    return compose(plan(rng, many=long, about=about), house, size)
