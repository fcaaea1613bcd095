"""What other weights or another rule set would make of a year's records: who moves. Pure; nothing is kept."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from core.records import Record
from grading.grade_record import grade, losses_in, tasks_in
from grading.scale import BadRating, Grade, GradeRules


@dataclass(frozen=True)
class Move:
    """One agency: grade and score as they stand and as they would be; None where the other rules lack ratings."""

    agency: str
    grade: Grade
    score: Decimal
    other_grade: Grade | None
    other_score: Decimal | None

    @property
    def moves(self) -> bool:
        """Whether the grade would be another one."""
        return self.other_grade != self.grade

    @property
    def change(self) -> Decimal | None:
        """The change of the score, None where there is none to compare."""
        return None if self.other_score is None else self.other_score - self.score


def what_if(records: Iterable[Record], rules: GradeRules) -> list[Move]:
    """Return what the rules would make of each full record, who moves first, then by the size of the change."""
    return in_order([_move(record, rules) for record in records])


def in_order(moves: Iterable[Move]) -> list[Move]:
    """Return moves with those of another grade first, then by the size of the change."""
    return sorted(moves, key=lambda one: (not one.moves, -abs(one.change or Decimal(0)), one.agency))


def _move(record: Record, rules: GradeRules) -> Move:
    stands = record["result"]
    try:
        other = grade(tasks_in(record), losses_in(record), rules, record["year"])
    except BadRating:
        return Move(record["agency"], Grade(stands["grade"]), Decimal(stands["score"]), None, None)
    return Move(record["agency"], Grade(stands["grade"]), Decimal(stands["score"]), other.grade, other.score)
