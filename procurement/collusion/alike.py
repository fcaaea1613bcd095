"""Near-identical passages: winnowed fingerprints of normalised text, less what the tender and the law say themselves.

Text is normalised to letters, digits and Chinese characters. Every run of `shingle` characters has a fingerprint; of
each window the smallest is kept (winnowing), so that a shared run of shingle + window - 1 characters is always found.
Characters covered by the tender's text or by known boilerplate are masked before anything is compared, and a match is
grown from its fingerprint until the texts differ; runs with a few changed characters between them are one passage, so
that names and figures put in do not hide it. Numbers are fingerprints of 64 bits, the same in every run.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from procurement.collusion.papers import Folder, Hit, Passage, Place
from procurement.collusion.people import masked
from procurement.states import Sign, SignWeight

BOILERPLATE = Path(__file__).with_name("boilerplate.txt")
BASE, MIX = 1_000_003, 0x9E3779B97F4A7C15
WINDOW = 8
GAP = 8
"""So many characters may have been changed, put in or left out between two equal runs of one passage."""
MOST_GROUPS = 12
LONGEST_SHOWN = 300
MOST_HOLDERS = 40
"""A fingerprint that more bids hold comes from somewhere public; pairs are then not worth comparing by it."""
Spans = list[tuple[int, int]]


@dataclass(frozen=True)
class Measure:
    """From which length passages count: `shingle` and `passage` in characters, `total` and `high` of all together."""

    shingle: int
    passage: int
    total: int
    high: int


@dataclass(frozen=True)
class Body:
    """All text of one folder, normalised; `origins` say where each run begins: (position, paper, passage)."""

    text: str
    origins: tuple[tuple[int, int, Passage], ...]
    prints: NDArray[np.uint64]
    kept: NDArray[np.int64]
    masked: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Match:
    """An equal run, or several of one passage: where it begins in each body, how long it is, how much is equal."""

    left: int
    right: int
    length: int
    equal: int


def text_hits(folders: Sequence[Folder], issued: str, measure: Measure) -> Iterator[Hit]:
    """Yield pairs of bids with enough equal text beyond the tender's own; low where all of many bids hold it."""
    common = _prints_of([issued, _boilerplate()], measure.shingle)
    whole = _shared_files(folders)
    folders = [_without(folder, whole) for folder in folders]
    bodies = [body_of(folder, common, measure.shingle) for folder in folders]
    for (left, right), seeds in sorted(_seeds(bodies).items()):
        runs = _grown(bodies[left], bodies[right], seeds, measure.shingle)
        matches = [one for one in _joined(runs) if one.equal >= measure.passage]
        total = sum(one.equal for one in matches)
        if total < measure.total:
            continue
        weight = SignWeight.HIGH if total >= measure.high else SignWeight.MEDIUM
        longest = sorted(matches, key=lambda one: -one.equal)
        places = [
            (
                _place(folders[left], bodies[left], one.left, one.length),
                _place(folders[right], bodies[right], one.right, one.length),
            )
            for one in longest[:MOST_GROUPS]
        ]
        shorter = max(1, min(_own_letters(bodies[left]), _own_letters(bodies[right])))
        both = tuple(sorted((folders[left].bid, folders[right].bid)))
        facts = {
            "passages": str(len(matches)),
            "letters": str(total),
            "share": f"{100 * total / shorter:.1f}",
            "longest": str(longest[0].equal),
        }
        yield Hit(Sign.TEXT, weight, both, ">".join(both), "", tuple(places), facts)


def plain_text(text: str) -> str:
    """Return the characters that count: letters, digits, Chinese characters, in one form."""
    return "".join(one for one in unicodedata.normalize("NFKC", text).casefold() if one.isalnum())


def fingerprints(text: str, shingle: int) -> NDArray[np.uint64]:
    """Return the fingerprint of every run of `shingle` characters, in order; empty for a shorter text."""
    codes = np.frombuffer(text.encode("utf-32-le"), dtype=np.uint32).astype(np.uint64)
    count = codes.size - shingle + 1
    if count <= 0:
        return np.zeros(0, dtype=np.uint64)
    found = np.zeros(count, dtype=np.uint64)
    for offset in range(shingle):
        found = found * np.uint64(BASE) + codes[offset : offset + count]
    found = (found ^ (found >> np.uint64(31))) * np.uint64(MIX)
    return found ^ (found >> np.uint64(29))


def winnowed(prints: NDArray[np.uint64], window: int = WINDOW) -> NDArray[np.int64]:
    """Return the positions kept: of each window its smallest fingerprint, the last of equals; each once, ascending."""
    if prints.size == 0:
        return np.zeros(0, dtype=np.int64)
    width = min(window, prints.size)
    views = np.lib.stride_tricks.sliding_window_view(prints, width)
    last = width - 1 - np.argmin(views[:, ::-1], axis=1)
    return np.unique(last + np.arange(views.shape[0]))


def body_of(folder: Folder, common: NDArray[np.uint64], shingle: int) -> Body:
    """Normalise one folder's text, fingerprint it and mask what the tender and the law say."""
    runs, origins, at = [], [], 0
    for number, paper in enumerate(folder.papers):
        for passage in paper.passages:
            plain = plain_text(passage.text)
            if plain:
                origins.append((at, number, passage))
                runs.append(plain)
                at += len(plain)
    text = "".join(runs)
    prints = fingerprints(text, shingle)
    known = np.isin(prints, common)
    hidden = np.zeros(len(text), dtype=np.bool_)
    for position in np.flatnonzero(known):
        hidden[position : position + shingle] = True
    kept = winnowed(prints)
    return Body(text, tuple(origins), prints, kept[~known[kept]], hidden)


def _shared_files(folders: Sequence[Folder]) -> set[str]:
    """Return the contents that stand in several bids as a whole: they are shown as files, not once more as text."""
    holders: dict[str, set[str]] = {}
    for folder in folders:
        for paper in folder.papers:
            holders.setdefault(paper.sha256, set()).add(folder.bid)
    return {sha256 for sha256, bids in holders.items() if len(bids) > 1}


def _without(folder: Folder, contents: set[str]) -> Folder:
    return replace(folder, papers=tuple(one for one in folder.papers if one.sha256 not in contents))


def _prints_of(texts: Iterable[str], shingle: int) -> NDArray[np.uint64]:
    return np.unique(np.concatenate([fingerprints(plain_text(one), shingle) for one in texts]))


@cache
def _boilerplate() -> str:
    return BOILERPLATE.read_text(encoding="utf-8")


def _seeds(bodies: Sequence[Body]) -> dict[tuple[int, int], list[tuple[int, int]]]:
    """Return for each pair of bodies where kept fingerprints meet."""
    index: dict[int, list[tuple[int, int]]] = {}
    for number, body in enumerate(bodies):
        for position in body.kept:
            index.setdefault(int(body.prints[position]), []).append((number, int(position)))
    found: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for holders in index.values():
        numbers = {number for number, _position in holders}
        if 2 <= len(numbers) <= MOST_HOLDERS:
            for place, (left, at) in enumerate(holders):
                for right, there in holders[place + 1 :]:
                    if left != right:
                        found.setdefault((left, right), []).append((at, there))
    return found


def _grown(left: Body, right: Body, seeds: Sequence[tuple[int, int]], shingle: int) -> Iterator[Match]:
    """Grow each seed to the longest equal run without masked characters; runs that lie in earlier ones are passed."""
    taken: Spans = []
    for at, there in sorted(seeds):
        if any(first <= at < last for first, last in taken[-8:]):
            continue
        if left.text[at : at + shingle] != right.text[there : there + shingle]:
            continue  # equal fingerprints of different runs
        begin = 0
        while (
            at - begin > 0
            and there - begin > 0
            and left.text[at - begin - 1] == right.text[there - begin - 1]
            and not left.masked[at - begin - 1]
        ):
            begin += 1
        end = shingle
        while (
            at + end < len(left.text)
            and there + end < len(right.text)
            and left.text[at + end] == right.text[there + end]
            and not left.masked[at + end]
        ):
            end += 1
        taken.append((at - begin, at + end))
        yield Match(at - begin, there - begin, begin + end, begin + end)


def _joined(runs: Iterable[Match]) -> Iterator[Match]:
    """Join runs that follow each other in both bodies with no more than a few characters changed between them."""
    held: Match | None = None
    for one in sorted(runs, key=lambda run: (run.left, run.right)):
        if held is not None:
            left_gap = one.left - held.left - held.length
            right_gap = one.right - held.right - held.length
            if -GAP < left_gap <= GAP and -GAP < right_gap <= GAP and abs(left_gap - right_gap) <= GAP:
                length = one.left + one.length - held.left
                held = Match(held.left, held.right, length, held.equal + one.equal + min(0, left_gap, right_gap))
                continue
            yield held
        held = one
    if held is not None:
        yield held


def _own_letters(body: Body) -> int:
    return int(body.masked.size - body.masked.sum())


def _place(folder: Folder, body: Body, at: int, length: int) -> Place:
    """Return where a run begins, with its words as they stand there; it may go on over several paragraphs."""
    begin = next(place for place in range(len(body.origins) - 1, -1, -1) if body.origins[place][0] <= at)
    _at, number, passage = body.origins[begin]
    paper = folder.papers[number]
    words: list[str] = []
    for start, within, paragraph in body.origins[begin:]:
        skip = max(0, at - start)
        left = at + length - start - skip
        if left <= 0 or within != number or sum(len(one) for one in words) > LONGEST_SHOWN:
            break
        words.append(_words(paragraph.text, skip, left))
    shown = masked("\n".join(words))[: 2 * LONGEST_SHOWN]
    return Place(folder.bid, shown, paper.document, paper.name, passage.page, passage.number)


def _words(text: str, skip: int, length: int) -> str:
    """Return the part of a paragraph that holds `length` counting characters after `skip` of them."""
    seen, begin = 0, None
    for position, one in enumerate(text):
        counts = len(plain_text(one))
        if begin is None and counts and seen >= skip:
            begin = position
        seen += counts
        if begin is not None and seen >= skip + length:
            return text[begin : position + 1]
    return text[begin or 0 :]
