"""What planting a slip in a right report stands on: the places, the words, and the register of planters."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from numpy.random import Generator

from grading.synthesis.chance import draw
from grading.synthesis.making import Slot, SyntheticReport


class NotPlantable(Exception):
    """This report has no place for a slip of that class; the message says why."""


@dataclass(frozen=True, slots=True)
class Planted:
    """A report with one slip, and the truth about it.

    `stated` is the wrong text, `quote` the sentence part or cell that holds it, `expected` what would be right;
    `also` are
    classes under which the same slip may rightly be found; `ripple` says whether what depends on the figure was
    changed along.
    """

    report: SyntheticReport
    code: str
    quote: str
    stated: str
    expected: str
    also: tuple[str, ...] = ()
    ripple: bool = False


Planter = Callable[[Generator, SyntheticReport], Planted]
PLANTERS: dict[str, Planter] = {}


def planter(code: str) -> Callable[[Planter], Planter]:
    """Register the function that plants slips of a class."""

    def keep(function: Planter) -> Planter:
        PLANTERS[code] = function
        return function

    return keep


def slip_digit(rng: Generator, text: str) -> str:
    """The text with one digit changed; the first digit never becomes 0."""
    places = [place for place, letter in enumerate(text) if letter.isdigit()]
    place = draw(rng, places)
    low = 1 if place == places[0] else 0
    other = draw(rng, [digit for digit in range(low, 10) if digit != int(text[place])])
    return f"{text[:place]}{other}{text[place + 1 :]}"


def one(rng: Generator, report: SyntheticReport, *keys: str, table: bool | None = None, part: str = "") -> Slot:
    """One place at which one of the facts stands, in one section only where `part` names it."""
    slots = [slot for key in keys for slot in report.find(key, table=table)]
    slots = [slot for slot in slots if not part or report.blocks[slot.block].part == part]
    if not slots:
        raise NotPlantable(f"the report states none of: {', '.join(keys)}")
    return draw(rng, slots)


def keyed(report: SyntheticReport, start: str, end: str = "", *, table: bool | None = None) -> list[str]:
    """The facts whose key begins and ends so, in the order in which they first stand."""
    keys = [
        slot.key
        for slot in report.slots
        if slot.key.startswith(start) and slot.key.endswith(end) and (table is None or (slot.row >= 0) == table)
    ]
    return list(dict.fromkeys(keys))


def around(report: SyntheticReport, slot: Slot) -> str:
    """The clause or the cell in which a figure stands."""
    block = report.blocks[slot.block]
    if slot.row >= 0:
        return block.rows[slot.row][slot.column]
    text, stop = block.text, slot.start + len(slot.text)
    start = max((text.rfind(sign, 0, slot.start) for sign in "，。；、：（"), default=-1) + 1
    ends = [place for place in (text.find(sign, stop) for sign in "，。；、）") if place >= 0]
    return text[start : min(ends, default=len(text))]


def put(report: SyntheticReport, slot: Slot, text: str, code: str, expected: str, *also: str) -> Planted:
    """Plant other words at one place."""
    after = report.put(slot, text)
    moved = next(
        other
        for other in after.find(slot.key)
        if (other.block, other.row, other.column, other.start) == (slot.block, slot.row, slot.column, slot.start)
    )
    return Planted(after, code, around(after, moved), text, expected, also)


def swap_everywhere(report: SyntheticReport, key: str, text: str) -> SyntheticReport:
    """The report with a fact's words replaced wherever it stands."""
    for number in range(len(report.find(key))):
        report = report.put(report.find(key)[number], text)
    return report


def decimal_of(text: str) -> Decimal:
    """The value of a printed figure."""
    return Decimal(text.replace(",", "").rstrip("%"))
