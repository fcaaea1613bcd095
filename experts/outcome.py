"""What a panel's sheets add up to (R-IND.pass, R-IND.quorum); pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Protocol

from experts.states import Outcome

CENT = Decimal("0.01")


class Deciding(Protocol):
    """The numbers that decide: of the rule book, or as a review froze them."""

    @property
    def pass_from(self) -> Decimal:
        """From this mean on a panel passes."""

    @property
    def return_below(self) -> Decimal:
        """Below this mean it returns."""

    @property
    def vetoes_one_in(self) -> int:
        """One veto in this many returns."""

    @property
    def quorum_of_three(self) -> int:
        """How many of every three members must have locked."""


class NoSheets(Exception):
    """Nothing was scored, so there is no outcome."""


@dataclass(frozen=True)
class Mark:
    """One member's judgement: the total of the sheet (0–100), a veto or not, whether a major problem was named."""

    points: Decimal
    is_veto: bool = False
    has_major: bool = False


@dataclass(frozen=True)
class Verdict:
    """The mean of the locked sheets, the vetoes among them, and what follows."""

    average: Decimal
    vetoes: int
    majors: int
    members: int
    outcome: Outcome


def judge(marks: Sequence[Mark], rules: Deciding) -> Verdict:
    """Return the verdict; the mean is rounded to 0.01 first, so that what is shown is what decides.

    Returned below `return_below` or with vetoes from one in `vetoes_one_in`; passed from `pass_from` with neither
    veto nor major problem; otherwise revised and reviewed again. Raises NoSheets.
    """
    if not marks:
        raise NoSheets
    average = (sum((one.points for one in marks), Decimal(0)) / len(marks)).quantize(CENT, rounding=ROUND_HALF_UP)
    vetoes = sum(one.is_veto for one in marks)
    majors = sum(one.has_major for one in marks)
    if average < rules.return_below or vetoes * rules.vetoes_one_in >= len(marks):
        outcome = Outcome.RETURN
    elif average >= rules.pass_from and not vetoes and not majors:
        outcome = Outcome.PASS
    else:
        outcome = Outcome.REVISE
    return Verdict(average, vetoes, majors, len(marks), outcome)


def is_quorum(locked: int, size: int, rules: Deciding) -> bool:
    """Whether enough members have locked their sheets (two of three, R-IND.quorum)."""
    return locked * 3 >= size * rules.quorum_of_three
