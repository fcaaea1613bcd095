"""Drawing invited suppliers so that anybody can check it (R-TENDER-10); byte rules as in `experts/draw/entropy.py`.

The candidates stand in a fixed order under a commitment; the purchaser promises a secret bound to it; somebody else
adds a secret of their own, and the seed of both decides. `verify_invitation` recomputes all of it from the record.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from core.records import Fault, NotRecordable, Record, check_seal, digest, seal
from experts.draw.entropy import Attempt, BadEntropy, Promise, Reveal, Stream, promise, settle

LABEL = "invitation"
ROLES = ("purchaser", "witness")


@dataclass(frozen=True)
class DrawPlan:
    """What is drawn from: the tender, the lawful source, how many, and the candidates in their fixed order."""

    tender: str
    source: str
    number: int
    candidates: Sequence[dict[str, Any]]

    @property
    def commitment(self) -> str:
        """Return the commitment: changing the list, its order or the number changes it."""
        content = {"tender": self.tender, "source": self.source, "number": self.number}
        return digest({**content, "candidates": list(self.candidates)})


def pick(seed: bytes, many: int, number: int) -> list[int]:
    """Return the places drawn, in the order in which they came."""
    return Stream(seed, LABEL).shuffled(range(many))[:number]


def draw_record(plan: DrawPlan, holders: tuple[str, str], secrets: tuple[str, str]) -> Record:
    """Hold the draw and return its sealed record; `drawn` are the ids in the order in which they came."""
    commitment, candidates = plan.commitment, list(plan.candidates)
    promises = [promise(commitment, *who, secret) for who, secret in zip(_parties(holders), secrets, strict=True)]
    attempt = settle(commitment, promises, [Reveal(role, one) for role, one in zip(ROLES, secrets, strict=True)])
    return seal(
        {
            "kind": "invitation",
            "version": 1,
            "form": "full",
            "tender": plan.tender,
            "source": plan.source,
            "number": plan.number,
            "candidates": candidates,
            "commitment": commitment,
            "attempt": attempt.body(),
            "drawn": [candidates[place]["id"] for place in pick(attempt.seed, len(candidates), plan.number)],
        }
    )


def verify_invitation(record: Record) -> list[Fault]:
    """Return every fault of a draw's record: digests, commitment, promises, and who was drawn."""
    faults = check_seal(record)
    try:
        faults += _faults(record)
    except (KeyError, TypeError, ValueError, AttributeError, NotRecordable, BadEntropy) as error:
        zh, en = f"记录缺少内容或格式不对:{error!r}。", f"The record lacks a part or is malformed: {error!r}."
        faults.append(Fault("malformed", "", zh, en))
    return faults


def _faults(record: Record) -> list[Fault]:
    candidates, found = record["candidates"], []
    commitment = DrawPlan(record["tender"], record["source"], record["number"], candidates).commitment
    if commitment != record["commitment"]:
        zh, en = "候选名单与承诺不符。", "The candidates do not match the commitment."
        found.append(Fault("R-TENDER-10", "/commitment", zh, en))
    body = record["attempt"]
    promises = [Promise(one["role"], one["holder"], one["commitment"]) for one in body["promises"]]
    attempt: Attempt = settle(commitment, promises, [Reveal(one["role"], one["secret"]) for one in body["reveals"]])
    expected = [candidates[place]["id"] for place in pick(attempt.seed, len(candidates), record["number"])]
    if record["drawn"] != expected:
        zh, en = "抽中的供应商与重新计算的结果不符。", "The suppliers drawn do not match the recomputation."
        found.append(Fault("R-TENDER-10", "/drawn", zh, en))
    return found


def _parties(holders: tuple[str, str]) -> list[tuple[str, str]]:
    return list(zip(ROLES, holders, strict=True))
