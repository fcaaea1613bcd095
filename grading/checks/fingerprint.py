"""A compact fingerprint of a report's own passages, so that one report is held against thousands.

Of every run of characters one in about ten is kept as a number (winnowing): whatever two reports share over `LONG`
characters leaves at least two numbers in both. Pure; the same text always gives the same numbers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Generic, TypeVar
from zlib import crc32

import numpy as np

from grading.checks.outside import SHINGLE, TEMPLATE, passages, shingles
from grading.reading.document import Report
from grading.reading.splicing import squeeze

WINDOW = 20
FOUR_BYTES = np.dtype("<u4")
LOW = 0xFFFF
FEWEST = 2
"""Numbers that a passage shares with another report before the two are compared word by word."""
MOST_SOURCES = 8
Owner = TypeVar("Owner")


def chosen(text: str) -> list[tuple[int, int]]:
    """Return the kept numbers of a text with their places: the least of every `WINDOW` neighbouring runs."""
    numbers = [crc32(piece.encode()) for piece in shingles(text)]
    kept: list[tuple[int, int]] = []
    last = -1
    for start in range(max(1, len(numbers) - WINDOW + 1) if numbers else 0):
        if last < start or numbers[min(start + WINDOW, len(numbers)) - 1] <= numbers[last]:
            last = min(range(start, min(start + WINDOW, len(numbers))), key=lambda place: (numbers[place], -place))
            kept.append((last, numbers[last]))
    return kept


def fingerprint(report: Report) -> bytes:
    """Return the numbers of all passages, each once, in order, four bytes a number."""
    numbers = {one for passage in passages(report) for _, one in chosen(squeeze(passage.text))}
    return np.array(sorted(numbers), dtype=FOUR_BYTES).tobytes()


@dataclass
class Comparing(Generic[Owner]):
    """One report held against the fingerprints of others, one after the other; its size does not grow with theirs.

    A number that `TEMPLATE` other projects hold is template text: of it no more is kept than that.
    """

    report: Report
    places: Mapping[int, list[tuple[int, int]]] = field(init=False)
    held: dict[int, dict[Owner, object]] = field(init=False)
    maybe: np.ndarray = field(init=False)
    """Which low halves of numbers occur here: most numbers of another report fall out at once."""

    def __post_init__(self) -> None:
        self.places = {one.index: chosen(squeeze(one.text)) for one in passages(self.report)}
        self.held = {number: {} for places in self.places.values() for _, number in places}
        self.maybe = np.zeros(LOW + 1, dtype=bool)
        self.maybe[[number & LOW for number in self.held]] = True

    def add(self, owner: Owner, project: object, kept: bytes) -> None:
        """Note what another report shares with this one."""
        numbers = np.frombuffer(kept, dtype=FOUR_BYTES)
        for number in self.held.keys() & numbers[self.maybe[numbers & LOW]].tolist():
            owners = self.held[number]
            if len(owners) < TEMPLATE and project not in owners.values():
                owners[owner] = project

    def sources(self) -> list[Owner]:
        """Return the reports that share passages with this one, those that share most first."""
        found: Counter[Owner] = Counter()
        for places in self.places.values():
            here: Counter[Owner] = Counter()
            for number in {one for _, one in places}:
                if not self._is_template(number):
                    here.update(self.held[number].keys())
            best = here.most_common(1)
            if best and best[0][1] >= FEWEST:
                found[best[0][0]] += best[0][1]
        return [owner for owner, _count in found.most_common(MOST_SOURCES)]

    def templates(self, texts: Iterable[str] = ()) -> frozenset[str]:
        """Return the runs that do not count: between template numbers, and those of `texts`."""
        found = {piece for text in texts for piece in shingles(squeeze(text))}
        by_index = {one.index: squeeze(one.text) for one in passages(self.report)}
        for index, places in self.places.items():
            text = by_index[index]
            edges = [(-1, True), *((place, self._is_template(one)) for place, one in places), (len(text), True)]
            if not any(template for _, template in edges[1:-1]):
                continue
            for (start, before), (end, after) in pairwise(edges):
                if before and after:
                    found.update(text[place : place + SHINGLE] for place in range(max(0, start), end))
        return frozenset(found)

    def _is_template(self, number: int) -> bool:
        return len(self.held[number]) >= TEMPLATE
