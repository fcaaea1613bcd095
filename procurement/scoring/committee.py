"""评标委员会的组成: how large a committee must be and who may sit on it (R-COMM-01, R-COMM-02, R-COMM-03)."""

from __future__ import annotations

import enum
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal

from core.records import Fault
from procurement.scoring.price import Procedure

LARGE_BUDGET = Decimal(10_000_000)


class SeatKind(enum.StrEnum):
    """评审专家 or 采购人代表."""

    EXPERT = "expert"
    PURCHASER = "purchaser"


@dataclass(frozen=True)
class Member:
    """One member: an expert or the purchaser's representative, whether the chair, and the employer (R-COMM-07)."""

    id: str
    kind: SeatKind
    chair: bool = False
    employer: str | None = None


@dataclass(frozen=True)
class CommitteeRule:
    """The fewest members and the rule that asks for them; always odd, experts at least two thirds."""

    fewest: int
    rule_id: str


def committee_rule(
    budget: Decimal,
    procedure: Procedure = Procedure.TENDER,
    *,
    complex_technically: bool = False,
    large_social_impact: bool = False,
    above_open_threshold: bool = False,
) -> CommitteeRule:
    """Return how many members are needed: 7 from 10 million yuan or by either flag (R-COMM-02), else 5 (R-COMM-01).

    Outside tendering 3, or 5 for negotiation and quotation at or above the open-tender threshold (R-COMM-03).
    """
    if procedure is not Procedure.TENDER:
        five = procedure is Procedure.NEGOTIATION and above_open_threshold
        return CommitteeRule(5 if five else 3, "R-COMM-03")
    if budget >= LARGE_BUDGET or complex_technically or large_social_impact:
        return CommitteeRule(7, "R-COMM-02")
    return CommitteeRule(5, "R-COMM-01")


def check_committee(
    members: Sequence[Member],
    rule: CommitteeRule,
    *,
    one_per_employer: bool = True,
    exempt: Collection[str] = (),
) -> list[Fault]:
    """Return what is wrong with a committee: too small, even, too few experts, the chair, one employer twice.

    `one_per_employer` (R-COMM-07) is a local addition, on by default; self-selected experts, whose ids stand in
    `exempt`, do not count for it.
    """
    many = len(members)
    experts = sum(member.kind is SeatKind.EXPERT for member in members)
    faults = []
    if many < rule.fewest or many % 2 == 0:
        faults.append(
            Fault(
                rule.rule_id,
                "members",
                f"成员应为 {rule.fewest} 人以上单数，现为 {many} 人。",
                f"There must be an odd number of at least {rule.fewest} members, not {many}.",
            )
        )
    if 3 * experts < 2 * many:
        faults.append(
            Fault(
                "R-COMM-03" if rule.rule_id == "R-COMM-03" else "R-COMM-01",
                "members",
                f"评审专家不得少于成员总数的三分之二，现为 {experts}/{many}。",
                f"Experts must be at least two thirds of the members, not {experts} of {many}.",
            )
        )
    if any(member.chair and member.kind is SeatKind.PURCHASER for member in members):
        faults.append(
            Fault("R-COMM-08", "chair", "采购人代表不得担任组长。", "The purchaser's representative may not be chair.")
        )
    if sum(member.chair for member in members) > 1:
        faults.append(Fault("R-COMM-08", "chair", "组长只能有一人。", "There can be only one chair."))
    if len({member.id for member in members}) != many:
        faults.append(Fault(rule.rule_id, "members", "成员重复。", "A member is listed twice."))
    employers = Counter(
        m.employer for m in members if m.kind is SeatKind.EXPERT and m.employer is not None and m.id not in exempt
    )
    faults += [
        Fault(
            "R-COMM-07",
            "members",
            f"同一单位“{employer}”有 {count} 名专家，至多 1 名。",
            f"{count} experts come from “{employer}”, at most 1 may.",
        )
        for employer, count in sorted(employers.items())
        if one_per_employer and count > 1
    ]
    return faults
