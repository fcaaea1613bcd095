"""Following findings from one version of a report to the next: which were put right, which still stand, which are new.

Pure: a finding is what it says and what it rests on. The same pair of lists always gives the same pairs, whichever
list is called the earlier one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

FIGURE = re.compile(r"\d[\d,.]*")
LEAST = 0.6
"""From this likeness on, two findings of one class are the same one; below, the older was put right."""
WORDS, FIGURES, PLACE = 0.4, 0.35, 0.25


@dataclass(frozen=True)
class Said:
    """What a finding says: its class, its sentence, the quotations it rests on."""

    code: str
    message: str
    quotes: tuple[str, ...]


@dataclass(frozen=True)
class Pair:
    """Two findings, by their places in the two lists, that are one; `unchanged` where nothing about it differs."""

    before: int
    after: int
    unchanged: bool


def likeness(one: Said, other: Said) -> float:
    """Return how alike two findings are, 0 to 1; findings of different classes are never alike."""
    if one.code != other.code:
        return 0.0
    if one == other:
        return 1.0
    words = fuzz.ratio(FIGURE.sub("", one.message), FIGURE.sub("", other.message)) / 100
    place = fuzz.ratio(one.quotes[0], other.quotes[0]) / 100 if one.quotes and other.quotes else 0.0
    return WORDS * words + FIGURES * _shared(one, other) + PLACE * place


def follow(before: Sequence[Said], after: Sequence[Said]) -> list[Pair]:
    """Return the pairs, the most alike first; no finding stands in two of them."""
    alike = [
        (likeness(one, other), i, j)
        for i, one in enumerate(before)
        for j, other in enumerate(after)
        if one.code == other.code
    ]
    alike = [entry for entry in alike if entry[0] >= LEAST]
    alike.sort(key=lambda entry: (-entry[0], abs(entry[1] - entry[2]), entry[1] + entry[2]))
    pairs: list[Pair] = []
    older: set[int] = set()
    newer: set[int] = set()
    for _likeness, i, j in alike:
        if i not in older and j not in newer:
            older.add(i)
            newer.add(j)
            pairs.append(Pair(i, j, before[i] == after[j]))
    return pairs


def _shared(one: Said, other: Said) -> float:
    left, right = _figures(one), _figures(other)
    whole = left | right
    return len(left & right) / len(whole) if whole else 1.0


def _figures(said: Said) -> set[str]:
    return {figure.rstrip(".,") for text in (said.message, *said.quotes) for figure in FIGURE.findall(text)}
