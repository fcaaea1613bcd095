"""一家投标人最多中标的包数: who wins each lot when the tender document limits how many one bidder may win.

Pure. Lots are decided in the order of their numbers; a bidder that has won as many as allowed is passed over in the
lots that follow, where the next one in rank wins. The limit is a term of the tender, declared before anybody bids
(R-TENDER-07).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class LotRanking:
    """The valid bidders of a lot, best first, parallel ones already put in order by the document's method or a draw."""

    lot: int
    ranked: tuple[str, ...]


@dataclass(frozen=True)
class LotWinner:
    """Who wins a lot: None when nobody is left. `passed_over` stood before the winner and had won enough already."""

    lot: int
    winner: str | None
    passed_over: tuple[str, ...] = ()


class ContradictoryRanking(Exception):
    """A lot occurs twice, or a bidder stands twice in one lot."""


def lot_winners(rankings: Sequence[LotRanking], most: int | None) -> list[LotWinner]:
    """Return the winner of every lot in the order of the lots' numbers.

    `most` is the number of lots one bidder may win; None means no limit. Raises ContradictoryRanking, and
    ValueError for a limit below one.
    """
    if most is not None and most < 1:
        raise ValueError("a limit below one lets nobody win")
    if len({one.lot for one in rankings}) != len(rankings):
        raise ContradictoryRanking("a lot occurs twice")
    won: Counter[str] = Counter()
    decided = []
    for one in sorted(rankings, key=lambda ranking: ranking.lot):
        if len(set(one.ranked)) != len(one.ranked):
            raise ContradictoryRanking(f"a bidder stands twice in lot {one.lot}")
        free = [bidder for bidder in one.ranked if most is None or won[bidder] < most]
        winner = free[0] if free else None
        before = one.ranked[: one.ranked.index(winner)] if winner is not None else one.ranked
        decided.append(LotWinner(one.lot, winner, before))
        if winner is not None:
            won[winner] += 1
    return decided
