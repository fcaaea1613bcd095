"""What the second model knows of an indicator's row: target, actual value, weight and note, never its own score."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from math import log1p, nan
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from grading.facts.figures import plain
from grading.facts.targets import TAKEN, aim_in, is_met
from grading.reading.splicing import squeeze

NAMES = ("weight", "completion", "met", "most", "same", "stated", "full", "proportional", "others", "shortfall")
BUCKETS = 4096
LONGEST = 200  # characters of a note that are looked at
FULL = re.compile(r"得满分|满分|不扣分|不予扣分|得全分")
PROPORTIONAL = re.compile(r"按(?:完成|比例|执行)|比例(?:得|计|扣)")


@dataclass(frozen=True, slots=True)
class ScoredRow:
    """One indicator's row. `others` is the mean share that the other rows of its table have."""

    target: str
    actual: str
    note: str
    weight: float
    score: float
    others: float

    @property
    def share(self) -> float:
        """The share of its weight that the row has."""
        return self.score / self.weight


@lru_cache(maxsize=65536)
def _bucket(gram: str) -> int:
    return crc32(gram.encode()) % BUCKETS


def grams(row: ScoredRow) -> set[int]:
    """The places of a row's words among the hashed runs of one to three characters, of note and actual value apart."""
    target, actual = squeeze(row.target), squeeze(plain(row.actual))
    texts = [("n", re.sub(r"[\d.,]+", "0", squeeze(plain(row.note))[:LONGEST]))]
    if actual != target:
        texts.append(("a", re.sub(r"[\d.,]+", "0", actual.replace(target, "T") if target else actual)[:LONGEST]))
    return {
        _bucket(kind + text[start : start + size])
        for kind, text in texts
        for size in (1, 2, 3)
        for start in range(len(text) - size + 1)
    }


def words(rows: Sequence[ScoredRow]) -> Any:
    """A sparse line of equal figures for each row, scaled to length one: what the linear model is trained on."""
    from scipy.sparse import csr_matrix

    places = [sorted(grams(row)) for row in rows]
    ends = np.cumsum([0, *(len(one) for one in places)])
    figures = np.concatenate([np.full(len(one), 1 / max(1, len(one)) ** 0.5) for one in places])
    return csr_matrix((figures, np.concatenate(places).astype(np.int64), ends), shape=(len(rows), BUCKETS))


def shortfalls(rows: Sequence[ScoredRow], weights: NDArray[np.float32], at: float) -> NDArray[np.float64]:
    """What the words of each row say by a linear model: the probability of a shortfall that costs points."""
    logits = np.full(len(rows), at, dtype=np.float64)
    for place, row in enumerate(rows):
        found = sorted(grams(row))
        logits[place] += float(weights[found].sum()) / max(1, len(found)) ** 0.5
    return 1 / (1 + np.exp(-logits))


def completion(row: ScoredRow) -> tuple[float, float, float]:
    """Share of the target that was reached, whether it was met, and whether less is better; nan where not measured."""
    target, actual = aim_in(row.target), aim_in(row.actual)
    met = is_met(target, actual) if target and actual else None
    if target is None or actual is None or met is None or target.value <= 0 or actual.value < 0:
        return nan, nan, nan
    over, under = (target, actual) if target.most else (actual, target)
    done = float(over.value / under.value) if under.value else 2.0
    return min(done, 2.0), float(met), float(target.most)


def plain_features(row: ScoredRow) -> list[float]:
    """All of NAMES but the last, which the words give."""
    done, met, most = completion(row)
    taken = [Decimal(found[1].replace(",", "")) for found in TAKEN.finditer(plain(row.note))]
    return [
        log1p(row.weight),
        done,
        met,
        most,
        float(squeeze(row.target) == squeeze(row.actual)),
        1 - float(sum(taken)) / row.weight if taken else nan,
        float(bool(FULL.search(row.note))),
        float(bool(PROPORTIONAL.search(row.note))),
        row.others,
    ]


def matrix(rows: Sequence[ScoredRow], shortfall: NDArray[np.float64]) -> NDArray[np.float64]:
    """The rows under NAMES; `shortfall` is what the words say."""
    return np.column_stack([np.array([plain_features(row) for row in rows], dtype=np.float64), shortfall])
