"""Invitations to a committee drawn here: sent, answered, lapsed; a vacated seat goes to the next of the same draw."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from core.clock import SHANGHAI
from core.errors import Refusal, Refused
from core.i18n import _l
from core.identity.models import Organisation
from core.notifications.send import NotificationKind, notify
from core.unit_of_work import UnitOfWork
from core.workflow import TransitionFired
from experts.exclusions import Exclusion
from experts.models import Expert
from experts.services.conflicts import declare_conflict
from experts.services.draw_steps import continue_draw
from experts.services.inviting import send_answer_link
from experts.services.links import end_links
from experts.services.undertakings import sign_undertaking
from experts.states import ConflictKind, ExpertState
from procurement.models import CommitteeCall, CommitteeInvitee, Tender
from procurement.queries.pool_draw import invitees_of
from procurement.services.committee import SEATING_STATES, MemberEntry, seat_drawn
from procurement.services.pool_screening import answer_until, draws_of_call, new_invitee, screened_for
from procurement.states import INVITEE_GONE, CallState, InviteeState, SeatCategory, SeatSource, TenderState
from procurement.workflow import INVITEE, SEAT

INVITED = NotificationKind(
    "committee.invited",
    _l("评标邀请：%(tender)s"),
    _l("您在随机抽取中被抽中，邀请您参加《%(tender)s》评标，时间 %(when)s，地点 %(place)s。请在 %(until)s 前答复。"),
)
MOVED_ON = NotificationKind(
    "committee.invitee-replaced",
    _l("评审专家不能参加，已递补：%(number)s"),
    _l("%(number)s 抽中的一位专家不能参加，已按抽取次序邀请下一位。"),
)
NOBODY_LEFT = NotificationKind(
    "committee.no-reserve",
    _l("候补用尽：%(number)s"),
    _l("%(number)s 已没有符合要求的候补专家，请另行抽取（R-COMM-10）。"),
)
STAND_DOWN = NotificationKind(
    "committee.stand-down",
    _l("评标邀请已撤回：%(tender)s"),
    _l("经核对，您应当回避《%(tender)s》的评标，邀请已撤回，不需要您办理什么。"),
)


@dataclass(frozen=True)
class PoolAnswer:
    """What an expert declares before accepting: relations with the party they concern, or part in the preparation."""

    relations: Sequence[ConflictKind] = ()
    party_id: uuid.UUID | None = None
    prepared: bool = False
    details: str = ""
    is_confirmed: bool = False


def invite(uow: UnitOfWork, invitee: CommitteeInvitee) -> None:
    """Invite a drawn expert, by inbox and mail; neither names anybody else."""
    call = invitee.call
    until = answer_until(call, uow.now)
    INVITEE.fire(uow, invitee, "invite", as_system=True, assign={"answer_by": until})
    words = {
        "tender": call.tender.title,
        "when": f"{call.starts_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}",
        "place": call.place,
        "until": f"{until.astimezone(SHANGHAI):%Y-%m-%d %H:%M}",
    }
    user = invitee.expert.user
    notify(uow, INVITED, [user.id], url=invitation_page(invitee), params=words, by_mail=False)
    send_answer_link(uow, invitee, user, until=until, when=call.starts_at, worded=lambda: INVITED.worded(words))


def invitation_page(invitee: CommitteeInvitee) -> str:
    """Return the address of an invitation."""
    return f"/committee-invitations/{invitee.id}"


def accept(uow: UnitOfWork, invitee: CommitteeInvitee, answer: PoolAnswer, *, by_link: bool = False) -> None:
    """Accept and be seated; a declared relation, or one found by computation, recuses and calls the next (R-COMM-06).

    `by_link`: the answer came by the invitation's own link, whose holder is not signed in. Raises `Refused` once the
    time has passed, without the declaration, and at the fields.
    """
    _ensure_answerable(uow, invitee)
    if answer.relations or answer.prepared:
        if not answer.details.strip():
            raise Refused(Refusal(_l("请写明关系的具体情况"), rule_id="R-COMM-06", field="details"))
        party = uow.get(Organisation, answer.party_id)
        if party is not None:
            for kind in answer.relations:
                declare_conflict(uow, invitee.expert, party, kind=kind, reason=answer.details)
        _leave(uow, invitee, "recuse", answer.details, as_system=by_link)
        return
    if not answer.is_confirmed:
        raise Refused(Refusal(_l("请确认没有应当回避的情形并遵守保密要求"), rule_id="R-COMM-06", field="confirmed"))
    exclusion = _exclusion(uow, invitee)
    if exclusion is not None:
        _leave(uow, invitee, "recuse", str(exclusion.label), as_system=by_link)
        return
    try:
        seat = seat_drawn(uow, invitee.call.tender, _entry(invitee))
    except Refused as refused:
        if invitee.call.tender.state not in SEATING_STATES:
            raise
        _leave(uow, invitee, "recuse", str(refused.refusals[0].reason), as_system=by_link)
        return
    INVITEE.fire(uow, invitee, "accept", assign={"seat_id": seat.id}, as_system=by_link)
    end_links(uow, invitee)
    sign_undertaking(uow, invitee, invitee.expert.user)


def _entry(invitee: CommitteeInvitee) -> MemberEntry:
    expert, call = invitee.expert, invitee.call
    register = call.register
    if register is None:
        raise RuntimeError("a call invites only once its draw is registered")
    return MemberEntry(
        name=expert.user.name,
        email=expert.user.email,
        employer=expert.employer,
        category=SeatCategory.EXPERT,
        draw_number=f"{call.number}-{invitee.position}",
        drawn_at=register.drawn_at,
        register=register,
    )


def decline(uow: UnitOfWork, invitee: CommitteeInvitee, reason: str, *, by_link: bool = False) -> None:
    """Decline with a reason; the next expert of the same draw is invited at once."""
    _ensure_answerable(uow, invitee)
    _leave(uow, invitee, "decline", reason, as_system=by_link)


def lapse_overdue_invitations(uow: UnitOfWork) -> int:
    """Let every invitation lapse whose time has passed: silence means that one cannot come (R-EXP-02)."""
    overdue = (
        uow.session.scalars(
            select(CommitteeInvitee)
            .join(CommitteeCall, CommitteeCall.id == CommitteeInvitee.call_id)
            .join(Tender, Tender.id == CommitteeCall.tender_id)
            .where(
                CommitteeInvitee.state == InviteeState.INVITED,
                CommitteeInvitee.answer_by < uow.now,
                Tender.state.in_(SEATING_STATES),
            )
            .order_by(CommitteeInvitee.answer_by, CommitteeInvitee.id)
        )
        .unique()
        .all()
    )
    for invitee in overdue:
        INVITEE.fire(uow, invitee, "lapse", assign={"reason": str(InviteeState.LAPSED.label)})
        _vacated(uow, invitee, str(InviteeState.LAPSED.label))
    return len(overdue)


def replace(uow: UnitOfWork, invitee: CommitteeInvitee, reason: str) -> None:
    """Let a reserve follow for somebody who accepted and cannot come or must not (R-COMM-10); the reason is kept."""
    if not reason.strip():
        raise Refused(Refusal(_l("请写明递补的原因"), rule_id="R-COMM-10", field="reason"))
    if invitee.seat is None or invitee.state is not InviteeState.ACCEPTED:
        raise Refused(Refusal(_l("只有已接受邀请的专家才需要递补"), rule_id="R-COMM-10"))
    INVITEE.fire(uow, invitee, "replace", reason=reason, assign={"reason": reason.strip()[:500]})
    SEAT.fire(uow, invitee.seat, "recuse", as_system=True, reason=reason, assign={"is_chair": False})
    _vacated(uow, invitee, reason)


def follow_seat(uow: UnitOfWork, event: TransitionFired) -> None:
    """Event: a member who was drawn here recused, is absent or was voided; the next of the draw is asked."""
    if event.workflow != SEAT.noun or event.name not in ("recuse", "absent", "void"):
        return
    invitee = uow.session.scalar(
        select(CommitteeInvitee).where(
            CommitteeInvitee.seat_id == event.subject.id, CommitteeInvitee.state == InviteeState.ACCEPTED
        )
    )
    if invitee is None:
        return
    reason = event.reason or str(event.target.label)
    INVITEE.fire(uow, invitee, "replace", as_system=True, reason=reason, assign={"reason": reason[:500]})
    _vacated(uow, invitee, reason)


def look_again_after_opening(uow: UnitOfWork, event: TransitionFired) -> None:
    """Event: the bids are open and their bidders known; whoever is tied to one is replaced (R-COMM-06)."""
    if not isinstance(event.subject, Tender) or event.target is not TenderState.OPENED:
        return
    calls = select(CommitteeCall).where(
        CommitteeCall.tender_id == event.subject.id, CommitteeCall.state == CallState.INVITING
    )
    for call in uow.session.scalars(calls):
        unseat_conflicted(uow, call)


def unseat_conflicted(uow: UnitOfWork, call: CommitteeCall) -> None:
    """Withdraw the invitations and seats of those who have become conflicted since the plan was locked."""
    active = [one for one in invitees_of(uow, call) if one.state in (InviteeState.INVITED, InviteeState.ACCEPTED)]
    for invitee in active:
        exclusion = _exclusion(uow, invitee)
        if exclusion is None or exclusion.rule_id != "R-COMM-06":
            continue
        words = str(exclusion.label)
        if invitee.seat is not None:
            SEAT.fire(uow, invitee.seat, "recuse", as_system=True, reason=words, assign={"is_chair": False})
        else:
            _leave(uow, invitee, "recuse", words, as_system=True)
        tender = call.tender
        notify(uow, STAND_DOWN, [invitee.expert.user_id], url="/evaluations", params={"tender": tender.title})


def _exclusion(uow: UnitOfWork, invitee: CommitteeInvitee) -> Exclusion | None:
    if invitee.expert.state is not ExpertState.ACTIVE:
        return Exclusion.TERM
    return screened_for(uow, invitee.call.tender, ignoring=invitee.call, only=[invitee.expert])[0].exclusion


def _ensure_answerable(uow: UnitOfWork, invitee: CommitteeInvitee) -> None:
    uow.lock(invitee)
    if invitee.state is not InviteeState.INVITED or invitee.call.tender.state not in SEATING_STATES:
        raise Refused(Refusal(_l("这份邀请已经答复或已失效，不能重复答复"), rule_id="R-EXP-02"))
    if invitee.answer_by is not None and uow.now > invitee.answer_by:
        raise Refused(Refusal(_l("答复期限已过，视为不能参加"), rule_id="R-EXP-02"))


def _leave(uow: UnitOfWork, invitee: CommitteeInvitee, how: str, reason: str, *, as_system: bool = False) -> None:
    INVITEE.fire(uow, invitee, how, reason=reason, as_system=as_system, assign={"reason": reason.strip()[:500]})
    _vacated(uow, invitee, reason)


def _vacated(uow: UnitOfWork, invitee: CommitteeInvitee, reason: str) -> None:
    """Ask the next of the same draw, and tell the officer."""
    end_links(uow, invitee)
    call = invitee.call
    uow.session.flush()
    if call.tender.state not in SEATING_STATES:
        return
    words, page = {"number": call.number}, f"/tenders/{call.tender_id}/committee/own-draw"
    draws = draws_of_call(uow, call)
    follower_id = continue_draw(uow, draws, invitee.expert_id, reason, lambda names: _unavailable(uow, call, names))
    if follower_id is None:
        notify(uow, NOBODY_LEFT, [call.called_by_id], url=page, params=words)
        return
    if call.register is not None and call.register.source is SeatSource.OWN_DRAW:
        call.register.record = draws[-1].record
    known = {one.expert_id: one for one in invitees_of(uow, call)}
    follower = known.get(follower_id)
    if follower is None:
        expert = uow.session.get_one(Expert, follower_id)
        follower = uow.add(new_invitee(uow, call, expert, max(one.position for one in known.values()) + 1))
        uow.session.flush()
    notify(uow, MOVED_ON, [call.called_by_id], url=page, params=words, by_mail=False)
    invite(uow, follower)


def _unavailable(uow: UnitOfWork, call: CommitteeCall, names: Sequence[str]) -> dict[str, str]:
    """Return who of these may no longer follow, with the reason: out of the pool, a conflict, a seat, a no."""
    active = select(Expert).where(Expert.state == ExpertState.ACTIVE, Expert.id.in_([uuid.UUID(one) for one in names]))
    found = dict.fromkeys(names, Exclusion.TERM.value)
    for one in screened_for(uow, call.tender, ignoring=call, only=uow.session.scalars(active).unique().all()):
        found[str(one.expert.id)] = one.exclusion.value if one.exclusion is not None else ""
    for invitee in invitees_of(uow, call):
        if invitee.state in INVITEE_GONE:
            found[str(invitee.expert_id)] = invitee.state.value
    return {name: reason for name, reason in found.items() if reason}
