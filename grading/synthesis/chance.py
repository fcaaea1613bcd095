"""Drawing from a seeded generator, and choices of wording that stay put when a report is composed again."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import TypeVar
from zlib import crc32

from numpy.random import Generator

T = TypeVar("T")
CENT = Decimal("0.01")


def draw(rng: Generator, options: Sequence[T]) -> T:
    """One of the options, each as likely."""
    return options[int(rng.integers(len(options)))]


def whole(rng: Generator, low: int, high: int) -> int:
    """A whole number from low to high, both included."""
    return int(rng.integers(low, high + 1))


def chance(rng: Generator, share: float) -> bool:
    """True in that share of the draws."""
    return float(rng.random()) < share


def some(rng: Generator, options: Sequence[T], count: int) -> list[T]:
    """That many different options, in the order in which they stand."""
    places = sorted(int(place) for place in rng.permutation(len(options))[:count])
    return [options[place] for place in places]


def shares(rng: Generator, total: int, count: int, least: int = 1) -> list[int]:
    """Whole parts, none below `least`, that add to the total."""
    spare = total - least * count
    cuts = sorted(int(cut) for cut in rng.integers(0, spare + 1, size=count - 1))
    edges = [0, *cuts, spare]
    return [least + edges[place + 1] - edges[place] for place in range(count)]


def wording(seed: int, key: str, options: Sequence[T]) -> T:
    """The option that this report uses at this place: the same whenever the report is composed again."""
    return options[crc32(f"{seed}:{key}".encode()) % len(options)]


def cents(value: Decimal) -> Decimal:
    """Rounded half up to two decimals, as reports print."""
    return value.quantize(CENT, ROUND_HALF_UP)


def percent(part: Decimal | int, base: Decimal | int) -> Decimal:
    """A share in per cent with two decimals."""
    return cents(Decimal(part) * 100 / Decimal(base))
