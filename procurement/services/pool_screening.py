"""Who of the bureau's own pool may be drawn for a committee, and the rows of those who are (R-COMM-06, R-COMM-07)."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select

from core.unit_of_work import UnitOfWork
from experts.exclusions import Exclusion
from experts.models import Draw, Expert
from experts.services.conflicts import Screened, screen_for
from experts.services.draw_steps import attempts_held
from experts.services.duty import shortcomings
from procurement.models import CommitteeCall, CommitteeInvitee, CommitteeSeat, Tender
from procurement.queries.pool_draw import FIELD, YES, matter_of
from procurement.queries.preparation import preparers_of
from procurement.states import GONE, InviteeState


def held_for(call: CommitteeCall) -> str:
    """Return the word by which a call's draws are found."""
    return f"committee_call:{call.id}"


def draws_of_call(uow: UnitOfWork, call: CommitteeCall) -> list[Draw]:
    """Return the call's draws, first attempt first."""
    return attempts_held(uow, held_for(call))


def screened_for(
    uow: UnitOfWork, tender: Tender, *, ignoring: CommitteeCall | None = None, only: Sequence[Expert] | None = None
) -> list[Screened]:
    """Screen the pool for a committee: as for a review, and for preparation, conditions, keys and seats taken.

    `ignoring` is a call whose own invitees are no reason to pass somebody over.
    """
    screened = screen_for(uow, matter_of(uow, tender), only=only)
    experts = [one.expert for one in screened]
    preparers, unfit = preparers_of(uow, tender), shortcomings(uow, experts)
    holders = {one.user_id for one in tender.keyholders}
    sitting = set(
        uow.session.scalars(
            select(CommitteeSeat.user_id).where(CommitteeSeat.tender_id == tender.id, CommitteeSeat.state.not_in(GONE))
        )
    )
    asked = set(
        uow.session.scalars(
            select(CommitteeInvitee.expert_id)
            .join(CommitteeCall, CommitteeCall.id == CommitteeInvitee.call_id)
            .where(
                CommitteeCall.tender_id == tender.id,
                CommitteeInvitee.state != InviteeState.RESERVE,
                CommitteeCall.id != (ignoring.id if ignoring is not None else uuid.UUID(int=0)),
            )
        )
    )

    def reason(one: Screened) -> Exclusion | None:
        expert = one.expert
        if one.exclusion is not None and one.exclusion.rule_id == "R-COMM-06":
            return one.exclusion
        if preparers.took_part(expert.user_id, expert.user.name):
            return Exclusion.PREPARED
        if expert.user_id in holders:
            return Exclusion.KEYHOLDER
        if expert.id in unfit:
            return Exclusion.CONDITIONS
        if expert.id in asked or (expert.user_id in sitting and ignoring is None):
            return Exclusion.SEATED
        return one.exclusion

    return [Screened(one.expert, reason(one)) for one in screened]


def features(expert: Expert, tender: Tender) -> dict[str, str]:
    """Return the fields an expert fills in this purchase: every capacity, and the trade of a project of it."""
    industries = {project.industry.value for lot in tender.lots for project in lot.projects}
    found = dict.fromkeys(expert.categories, YES)
    if industries.intersection(expert.industries):
        found[FIELD] = YES
    return found


def new_invitee(uow: UnitOfWork, call: CommitteeCall, expert: Expert, position: int) -> CommitteeInvitee:
    """Return a new reserve of a call, in the first wanted capacity they hold."""
    wanted = {one["key"] for one in call.quotas}
    held = expert.category_labels
    return CommitteeInvitee(
        id=uow.ids.new(),
        call_id=call.id,
        call=call,
        expert_id=expert.id,
        expert=expert,
        category=next((one for one in held if one.value in wanted), held[0]),
        position=position,
        state=InviteeState.RESERVE,
        invited_at=None,
        answer_by=None,
        answered_at=None,
        seat_id=None,
    )


def answer_until(call: CommitteeCall, now: datetime) -> datetime:
    """Return until when an invitation sent now may be answered: its hours, not past the review where that is ahead."""
    until = now + timedelta(hours=call.answer_hours)
    return min(until, call.starts_at) if call.starts_at > now else until
