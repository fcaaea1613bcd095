"""Who meets whom too often: experts, winners and officers across purchases, with an exact test.

Pure. A pattern is a question for a person, never a finding. For a pair the counts are compared with chance by the
hypergeometric distribution (Fisher's exact test, one-sided): of `total` purchases `first` had the one, `second` had the
other; how likely is it that they met at least `together` times if they met by chance alone? For an expert and a winner
only the purchases in which that agency bid are counted, so that who bids often is not suspected for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from math import comb
from typing import Literal

Kind = Literal["expert-agency", "officer-agency", "expert-officer", "all"]


@dataclass(frozen=True)
class Purchase:
    """One awarded purchase: who sat, who bid, who won, who ran it; ids as text."""

    key: str
    experts: frozenset[str]
    bidders: frozenset[str]
    winners: frozenset[str]
    officer: str


@dataclass(frozen=True)
class Pattern:
    """A pair (or, for `all`, expert, agency and officer) with its counts; `chance` is the exact one-sided p-value."""

    kind: Kind
    members: tuple[str, ...]
    together: int
    first: int
    second: int
    total: int
    chance: Fraction
    tests: int
    purchases: tuple[str, ...]

    @property
    def expected(self) -> Fraction:
        """How often they would meet on average by chance."""
        return Fraction(self.first * self.second, self.total)

    @property
    def adjusted(self) -> Fraction:
        """The p-value times the number of pairs looked at (Bonferroni), at most 1."""
        return min(Fraction(1), self.chance * self.tests)


def tail(total: int, first: int, second: int, together: int) -> Fraction:
    """Return the chance of at least `together` common purchases when both choose theirs blindly among `total`."""
    if not 0 <= first <= total or not 0 <= second <= total:
        raise ValueError("counts beyond the total")
    ways = sum(comb(first, k) * comb(total - first, second - k) for k in range(together, min(first, second) + 1))
    return Fraction(ways, comb(total, second))


def patterns(purchases: Sequence[Purchase], *, least: int = 2) -> list[Pattern]:
    """Return the pairs and triples that met at least `least` times, the least likely by chance first."""
    found = [
        *_pairs("expert-agency", purchases, least),
        *_pairs("officer-agency", purchases, least),
        *_pairs("expert-officer", purchases, least),
        *_triples(purchases, least),
    ]
    return sorted(found, key=lambda one: (one.chance, -one.together, one.kind, one.members))


def _pairs(kind: Kind, purchases: Sequence[Purchase], least: int) -> Iterable[Pattern]:
    left = sorted({name for one in purchases for name in _left(kind, one)})
    right = sorted({name for one in purchases for name in _right(kind, one)})
    candidates = []
    for first, second in product(left, right):
        pool = [one for one in purchases if kind == "expert-officer" or second in one.bidders]
        with_first = [one for one in pool if first in _left(kind, one)]
        with_second = [one for one in pool if second in _right(kind, one)]
        met = [one.key for one in with_first if second in _right(kind, one)]
        if with_first and with_second:
            candidates.append((first, second, len(pool), len(with_first), len(with_second), met))
    for first, second, total, had_first, had_second, met in candidates:
        if len(met) >= least:
            chance = tail(total, had_first, had_second, len(met))
            members = (first, second)
            yield Pattern(
                kind, members, len(met), had_first, had_second, total, chance, len(candidates), tuple(sorted(met))
            )


def _triples(purchases: Sequence[Purchase], least: int) -> Iterable[Pattern]:
    """The expert–agency pairs that met under one officer: how likely among that pair's meetings by chance."""
    met: dict[tuple[str, str, str], list[str]] = {}
    for one in purchases:
        for expert, agency in product(one.experts, one.winners):
            met.setdefault((expert, agency, one.officer), []).append(one.key)
    repeated = {members: keys for members, keys in met.items() if len(keys) >= least}
    for members, keys in sorted(repeated.items()):
        expert, agency, officer = members
        pair = sum(expert in one.experts and agency in one.winners for one in purchases)
        ran = sum(one.officer == officer for one in purchases)
        chance = tail(len(purchases), pair, ran, len(keys))
        yield Pattern("all", members, len(keys), pair, ran, len(purchases), chance, len(met), tuple(sorted(keys)))


def _left(kind: Kind, purchase: Purchase) -> frozenset[str]:
    return frozenset({purchase.officer}) if kind == "officer-agency" else purchase.experts


def _right(kind: Kind, purchase: Purchase) -> frozenset[str]:
    return frozenset({purchase.officer}) if kind == "expert-officer" else purchase.winners
