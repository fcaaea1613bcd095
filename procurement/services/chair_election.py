"""The members elect their chair among the experts; the purchaser's representative never chairs (R-COMM-08)."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Mapping, Sequence

from sqlalchemy import select

from core.errors import Forbidden, Refusal, Refused
from core.i18n import _l
from core.permissions import policy
from core.unit_of_work import UnitOfWork
from procurement.models import ChairVote, CommitteeSeat, Tender
from procurement.permissions import TenderPermission
from procurement.queries.standings import seats_of
from procurement.services.scoring_sheets import ensure_evaluating
from procurement.states import SeatCategory


def vote_for_chair(uow: UnitOfWork, seat: CommitteeSeat, candidate: CommitteeSeat) -> CommitteeSeat | None:
    """Vote for an expert of the own committee; who has the votes of more than half of the members chairs at once.

    A vote may be changed until then. Returns the chair, or None while nobody has the majority. Raises `Forbidden`
    before the declaration, `Refused` for a candidate who may not chair and once there is a chair.
    """
    decision = policy.decide(uow.actor, TenderPermission.SCORE, seat)
    if not decision:
        raise Forbidden(decision.reason)
    tender = seat.tender
    uow.lock(tender)
    ensure_evaluating(tender)
    seats = seats_of(uow, tender)
    if any(one.is_chair for one in seats):
        raise Refused(Refusal(_l("组长已经推选产生"), rule_id="R-COMM-08"))
    if candidate.category is SeatCategory.PURCHASER:
        raise Refused(Refusal(_l("采购人代表不得担任评标委员会组长"), rule_id="R-COMM-08"))
    if candidate.id not in {one.id for one in seats}:
        raise Refused(Refusal(_l("只能推选本委员会的评审专家"), rule_id="R-COMM-08"))
    row = uow.session.scalar(select(ChairVote).where(ChairVote.seat_id == seat.id))
    if row is None:
        row = uow.add(ChairVote(seat_id=seat.id, candidate_id=candidate.id, cast_at=uow.now))
    row.candidate_id, row.cast_at = candidate.id, uow.now
    uow.session.flush()
    uow.record("committee_seat.vote_for_chair", seat, about=(tender,), after={"candidate": str(candidate.id)})
    votes = chair_votes(uow, seats)
    chosen, count = Counter(votes.values()).most_common(1)[0]
    if 2 * count <= len(seats):
        return None
    chair = next(one for one in seats if one.id == chosen)
    chair.is_chair = True
    uow.session.flush()
    uow.record("tender.elect_chair", tender, after={"seat": str(chair.id), "votes": count, "members": len(seats)})
    return chair


def chair_votes(uow: UnitOfWork, seats: Sequence[CommitteeSeat]) -> Mapping[uuid.UUID, uuid.UUID]:
    """Return whom each present member voted for, by the member's seat; votes for those who left do not count."""
    ids = [seat.id for seat in seats]
    rows = uow.session.scalars(select(ChairVote).where(ChairVote.seat_id.in_(ids), ChairVote.candidate_id.in_(ids)))
    return {row.seat_id: row.candidate_id for row in rows}


def election_of(uow: UnitOfWork, tender: Tender) -> list[tuple[CommitteeSeat, int]]:
    """Return every expert of the committee with the votes they have, for the page."""
    seats = seats_of(uow, tender)
    counts = Counter(chair_votes(uow, seats).values())
    return [(seat, counts[seat.id]) for seat in seats if seat.category is SeatCategory.EXPERT]
