"""Ranking a large tender: 100 bids, 9 members, 40 criteria, beside the bare sum of the same points.

    python bench/ranking.py [BIDS MEMBERS CRITERIA]

`decimal` adds the same 36,000 points as decimals and divides, `numpy` adds them as whole hundredths; neither checks a
sheet, compares objective points, reckons a price or orders anything. The limit is 50 ms.
"""

from __future__ import annotations

import random
import statistics
import sys
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from procurement.scoring import Band, Criterion, CriterionKind, Offer, Scheme, Sheet, outliers, score_bids

LIMIT = 0.050
ROUNDS = 15


def tender(bids: int, members: int, criteria: int) -> tuple[Scheme, list[Offer], list[Sheet]]:
    """Return a scheme of 90 points, a third of it objective with bands, offers and complete sheets in hundredths."""
    dice = random.Random(1)
    worth = Decimal(90) / criteria
    middle = worth / 2
    scheme = Scheme(
        tuple(
            Criterion(
                f"c{number}",
                f"评审因素{number}",
                CriterionKind.OBJECTIVE if number % 3 == 0 else CriterionKind.SUBJECTIVE,
                worth,
                (Band(Decimal(0), middle), Band(middle, worth)),
            )
            for number in range(criteria)
        ),
        Decimal(10),
    )
    names = [f"b{number:03d}" for number in range(bids)]
    offers = [Offer(name, Decimal(dice.randrange(800_000, 1_000_000)) / 100) for name in names]
    objective = {(bid, one.id): _points(dice, worth) for bid in names for one in scheme.criteria}
    sheets = [
        Sheet(
            f"m{member}",
            {
                bid: {
                    one.id: objective[bid, one.id] if one.kind is CriterionKind.OBJECTIVE else _points(dice, worth)
                    for one in scheme.criteria
                }
                for bid in names
            },
        )
        for member in range(members)
    ]
    return scheme, offers, sheets


def _points(dice: random.Random, worth: Decimal) -> Decimal:
    return Decimal(dice.randrange(0, int(worth * 100) + 1)) / 100


def bare_decimal(sheets: list[Sheet]) -> dict[str, Decimal]:
    """Add the points of each bid over all members and divide by their number."""
    return {
        bid: sum((sum(sheet.points[bid].values(), Decimal(0)) for sheet in sheets), Decimal(0)) / len(sheets)
        for bid in sheets[0].points
    }


def hundredths(sheets: list[Sheet]) -> np.ndarray:
    """Return members x bids x criteria in whole hundredths."""
    return np.array(
        [[[int(one * 100) for one in given.values()] for given in sheet.points.values()] for sheet in sheets]
    )


def timed(deed: Callable[[], object]) -> float:
    """Return the median seconds of some rounds."""
    taken = []
    for _round in range(ROUNDS):
        start = time.perf_counter()
        deed()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)


def main() -> int:
    """Measure and print; 0 when the ranking keeps its limit."""
    sizes = [int(one) for one in sys.argv[1:]] or [100, 9, 40]
    bids, members, criteria = sizes
    scheme, offers, sheets = tender(bids, members, criteria)
    table = hundredths(sheets)
    ranking = timed(lambda: score_bids(scheme, offers, sheets))
    plain = timed(lambda: bare_decimal(sheets))
    array = timed(lambda: table.sum(axis=(0, 2)) / (100 * members))
    convert = timed(lambda: hundredths(sheets).sum(axis=(0, 2)))
    odd = timed(lambda: outliers(scheme, sheets, Decimal(40)))
    print(f"{bids} bids x {members} members x {criteria} criteria, {bids * members * criteria:,} points")
    print(f"ranked with every check     {ranking * 1000:8.2f} ms   limit {LIMIT * 1000:.0f} ms")
    print(f"bare decimal sum and mean   {plain * 1000:8.2f} ms   ranking costs {ranking / plain:.1f} times that")
    print(f"numpy sum of ready numbers  {array * 1000:8.3f} ms   ranking costs {ranking / array:.0f} times that")
    print(f"numpy with making the array {convert * 1000:8.2f} ms   ranking costs {ranking / convert:.1f} times that")
    print(f"looking for outliers        {odd * 1000:8.2f} ms")
    return 0 if ranking < LIMIT or sizes != [100, 9, 40] else 1


if __name__ == "__main__":
    sys.exit(main())
