"""Certificates of fairness: whole-number prices from which anyone computes, exactly, that no lottery does better.

A certificate of a stage gives prices y of a seat for every type still open, and prices m for the size and each quota.
Where caps were set aside, families stand for types and those caps have no price: what is proved without them holds with
them all the more.
For every panel x that keeps the quotas, and so for every lottery over such panels, weak duality gives

    sum y_t x_t  <=  sum over rows of max(m_q * lower_q, m_q * upper_q)
                     + sum over types of max(y_t - sum of m_q over its rows, 0) * n_t

and with every settled type keeping at least its chance the smallest open chance is at most

    (right side - sum over settled of y_t n_t p_t) / sum over open of y_t n_t,

where the price of a settled type may be chosen freely: the best choice is max(0, the sum of its rows' prices).
Everything is whole numbers and fractions; nothing is solved.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from experts.draw.chances import Stage
from experts.draw.lottery import Panel
from experts.draw.pool import Family, Kind, Quota

SCALE = 10**12


@dataclass(frozen=True)
class Certificate:
    """One stage's proof: the types it settles, whole prices of open types and of rows (0 is the size, then quotas)."""

    settled: tuple[int, ...]
    types: Mapping[int, int]
    rows: Mapping[int, int]

    @classmethod
    def rounded(cls, stage: Stage, numbers: Sequence[int]) -> Certificate:
        """Round a stage's prices to whole numbers relative to their largest; any prices prove something.

        `numbers` are the rows of the record that the stage's rows stand for.
        """
        largest = max(float(abs(stage.types).max()), 1e-300)
        types = {kind: round(float(price) / largest * SCALE) for kind, price in enumerate(stage.types)}
        rows = {row: round(float(price) / largest * SCALE) for row, price in zip(numbers, stage.rows, strict=True)}
        return cls(
            stage.settled,
            {kind: price for kind, price in types.items() if price > 0},
            {row: price for row, price in rows.items() if price},
        )

    def body(self) -> dict[str, Any]:
        """Return the certificate as it stands in a record."""
        return {
            "settled": list(self.settled),
            "types": [[kind, price] for kind, price in sorted(self.types.items())],
            "rows": [[row, price] for row, price in sorted(self.rows.items())],
        }


def shortfall(
    groups: Sequence[Family],
    kinds: Sequence[Kind],
    quotas: Sequence[Quota],
    size: int,
    *,
    lottery: Sequence[Panel],
    certificates: Sequence[Certificate],
) -> Iterator[tuple[Fraction, Fraction]]:
    """Yield for each stage two bounds: on the smallest open chance, and on any chance settled there.

    The first says how much larger the smallest open chance could be at most; the second how much the experts of any
    family settled in this stage could still gain while no open chance falls below that smallest and no settled one
    falls. Both are 0 when the stage is proved exactly, and 1 when its prices prove nothing.
    """
    bounds = [(size, size), *((quota.minimum, quota.maximum) for quota in quotas)]
    total = sum(panel.weight for panel in lottery)
    mass = seat_mass(kinds, lottery)
    masses = [sum(mass[kind] for kind in group.kinds) for group in groups]
    lowest = [min(Fraction(mass[kind], total * kinds[kind].count) for kind in group.kinds) for group in groups]
    members = _members(groups)
    rising = sorted(range(len(groups)), key=lowest.__getitem__)
    settled: set[int] = set()
    for certificate in certificates:
        offered = {kind: price for kind, price in certificate.types.items() if kind not in settled}
        weight = sum(price * groups[kind].count for kind, price in offered.items())
        costs = _costs(certificate.rows, members, len(groups))
        right = sum(max(price * bounds[row][0], price * bounds[row][1]) for row, price in certificate.rows.items())
        kept = {kind: max(0, costs[kind]) for kind in settled}
        for kind, (group, cost) in enumerate(zip(groups, costs, strict=True)):
            price = kept[kind] if kind in settled else offered.get(kind, 0)
            right += max(price - cost, 0) * group.count
        scaled = right * total - sum(price * masses[kind] for kind, price in kept.items())
        level = next(lowest[kind] for kind in rising if kind not in settled)
        spare = Fraction(scaled, total) - level * weight
        yield (
            max(Fraction(0), min(Fraction(1), spare / weight)) if weight > 0 else Fraction(1),
            max(
                _gain(
                    spare,
                    level,
                    Fraction(masses[kind], total * groups[kind].count),
                    offered.get(kind, 0) * groups[kind].count,
                )
                for kind in certificate.settled
            ),
        )
        settled.update(certificate.settled)


def _members(groups: Sequence[Family]) -> dict[int, list[int]]:
    """Return which families stand in each row."""
    members: dict[int, list[int]] = {}
    for number, group in enumerate(groups):
        for row in group.quotas:
            members.setdefault(row + 1, []).append(number)
    return members


def _costs(rows: Mapping[int, int], members: Mapping[int, Sequence[int]], many: int) -> list[int]:
    """Return what a seat of each family costs at the rows' prices."""
    costs = [rows.get(0, 0)] * many
    for row, price in rows.items():
        for number in members.get(row, ()) if row else ():
            costs[number] += price
    return costs


def seat_mass(kinds: Sequence[Kind], lottery: Sequence[Panel]) -> list[int]:
    """Return every type's seats over the whole lottery, by the panels' weights."""
    mass = [0] * len(kinds)
    for panel in lottery:
        for kind, seats in panel.seats:
            mass[kind] += panel.weight * seats
    return mass


def _gain(spare: Fraction, level: Fraction, chance: Fraction, weight: int) -> Fraction:
    """Return how much one settled type's chance could still rise, by the spare of its stage."""
    if weight <= 0:
        return Fraction(1)
    return max(Fraction(0), min(Fraction(1), spare / weight) + level - chance)
