"""A member judges whether bids meet each substantive requirement (R-EVAL-03, R-COMM-11)."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from core.errors import Refusal, Refused
from core.i18n import _l
from core.unit_of_work import UnitOfWork
from procurement.models import Bid, CommitteeSeat, ConformityItem, ConformityVote, Criterion
from procurement.queries.conformity import requirements_of
from procurement.queries.standings import standings_of
from procurement.services.scoring_sheets import LONGEST, ensure_may_judge

WHOLE = None
"""Stands for the bid as a whole where the documents list no substantive requirement."""


@dataclass(frozen=True)
class Vote:
    """A judgement of one bid: the requirements it fails, each with the reason; it meets all others."""

    bid_id: uuid.UUID
    failures: Mapping[uuid.UUID | None, str] = field(default_factory=dict)


def vote(uow: UnitOfWork, seat: CommitteeSeat, votes: Sequence[Vote]) -> None:
    """Judge the conformity of bids; may be changed until everybody has voted.

    Raises `Forbidden` before the declaration, `Refused` for a failure without a reason or of something that is no
    substantive requirement, and once the votes stand.
    """
    ensure_may_judge(uow, seat)
    standings = standings_of(uow, seat.tender)
    if standings.conformity_closed:
        raise Refused(Refusal(_l("全体成员已完成符合性审查，结论不能再改"), rule_id="R-EVAL-05"))
    allowed = {one.bid.id: one.bid for one in standings.candidates}
    requirements = requirements_of(seat.tender)
    refusals = [refusal for one in votes for refusal in _refusals(one, allowed, requirements)]
    if refusals:
        raise Refused(*refusals)
    known = {
        row.bid_id: row
        for row in uow.session.scalars(
            select(ConformityVote).where(ConformityVote.seat_id == seat.id).options(selectinload(ConformityVote.items))
        )
    }
    for one in votes:
        _keep(uow, seat, known.get(one.bid_id), one, requirements)
    uow.session.flush()
    failed = sum(len(one.failures) for one in votes)
    uow.record("committee_seat.vote", seat, detail={"bids": len(votes), "unmet": failed})


def place_of(bid_id: uuid.UUID, criterion_id: uuid.UUID | None) -> str:
    """Return the name of a cell, by which a refusal finds it."""
    return f"{bid_id}/{criterion_id or 'whole'}"


def _refusals(one: Vote, allowed: Mapping[uuid.UUID, Bid], requirements: Sequence[Criterion]) -> list[Refusal]:
    if one.bid_id not in allowed:
        return [Refusal(_l("这份投标不在符合性审查之列"), rule_id="R-OPEN-04")]
    name = allowed[one.bid_id].bidder.name
    titles: dict[uuid.UUID | None, str] = {item.id: item.title for item in requirements}
    found = []
    for key, reason in one.failures.items():
        place = place_of(one.bid_id, key)
        if key not in titles and (titles or key is not WHOLE):
            words = _l("%(bidder)s：认定不符合的须是采购文件的实质性要求", bidder=name)
            found.append(Refusal(words, rule_id="R-EVAL-03", field=place))
        elif not reason.strip():
            words = _l("%(bidder)s · %(title)s：不符合须写明原因", bidder=name, title=titles.get(key, ""))
            found.append(Refusal(words, rule_id="R-AWARD-03", field=place))
    return found


def _keep(
    uow: UnitOfWork, seat: CommitteeSeat, row: ConformityVote | None, one: Vote, requirements: Sequence[Criterion]
) -> None:
    reasons = {key: reason.strip()[:LONGEST] for key, reason in one.failures.items()}
    summary = "；".join(
        [f"{item.title}：{reasons[item.id]}" for item in requirements if item.id in reasons]
        or [reasons[key] for key in reasons]
    )
    if row is None:
        row = uow.add(ConformityVote(seat_id=seat.id, bid_id=one.bid_id, passed=not reasons, reason=summary, items=[]))
    row.passed, row.reason = not reasons, summary
    kept = {item.criterion_id: item for item in row.items}
    for requirement in requirements:
        item = kept.get(requirement.id)
        if item is None:
            item = ConformityItem(id=uow.ids.new(), criterion_id=requirement.id, passed=True, reason="")
            row.items.append(item)
        item.passed, item.reason = requirement.id not in reasons, reasons.get(requirement.id, "")
