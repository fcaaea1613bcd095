"""Convening indicator reviews (R-IND-01, R-IND.panel, R-IND.seats)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import func, select

from agencies.models import Engagement
from agencies.queries.engagement import engagement_of
from core.errors import Refusal, Refused
from core.i18n import _l
from core.identity.people import user_ids_with
from core.identity.roles import Role
from core.notifications.send import notify
from core.unit_of_work import UnitOfWork
from core.workflow import TransitionFired
from experts.addresses import convene_page
from experts.models import Review, Seat
from experts.notifications import SYSTEM_SUBMITTED
from experts.quotas import SeatQuota
from experts.review_rules import review_rules
from experts.services.meetings import Guest, guest_refusals, invite_guests, proposed_guests
from experts.states import ReviewState
from experts.terms import terms_in_force
from experts.workflow import RUNNING
from projects.models import IndicatorSystem
from projects.states import SystemState
from projects.workflow import INDICATOR_SYSTEM

MOST_RESERVES = 15


@dataclass(frozen=True)
class Meeting:
    """What a convener decides: when (UTC instants), where, the fee in yuan, the panel and its quotas, who else comes.

    `place` is a room, `online` where to dial in; one of them is needed. `guests` None: those usually invited.
    """

    meets_at: datetime
    place: str
    fee: Decimal
    answer_by: datetime
    size: int
    reserves: int
    quotas: Sequence[SeatQuota]
    online: str = ""
    agenda: str = ""
    guests: Sequence[Guest] | None = None


def convene_review(uow: UnitOfWork, system: IndicatorSystem, meeting: Meeting) -> Review:
    """Convene a review of a submitted indicator system.

    From the second round on the panel of the round before is asked again (R-IND.rework), else one will be drawn. Raises
    `Refused` with everything that is wrong, each at its field.
    """
    # Two officers may press at once: the second waits here and then finds the first one's review.
    uow.lock(system)
    engagement = engagement_of(uow, system)
    guests = meeting.guests if meeting.guests is not None else proposed_guests(uow, system)
    refusals = [
        *_state_refusals(uow, system, engagement),
        *_meeting_refusals(uow, meeting),
        *guest_refusals(guests),
    ]
    if refusals or engagement is None:
        raise Refused(*refusals)
    if system.state is SystemState.SUBMITTED:
        INDICATOR_SYSTEM.fire(uow, system, "start_review")
    attempt = uow.session.scalar(
        select(func.count()).where(Review.system_id == system.id, Review.round == system.round)
    )
    review = uow.add(
        Review(
            number=_next_number(uow, uow.today.year),
            engagement_id=engagement.id,
            system_id=system.id,
            round=system.round,
            attempt=(attempt or 0) + 1,
            state=ReviewState.CONVENED,
            convened_by_id=uow.actor.user_id,
            convened_at=uow.now,
            meets_at=meeting.meets_at,
            place=meeting.place.strip(),
            fee=meeting.fee,
            answer_by=meeting.answer_by,
            size=meeting.size,
            reserves=meeting.reserves,
            quotas=[one.body() for one in meeting.quotas],
            online=meeting.online.strip(),
            agenda=meeting.agenda.strip(),
            terms=terms_in_force(uow).body(),
        )
    )
    uow.session.flush()
    uow.record(
        "review.convene",
        review,
        about=(engagement, system),
        after={"size": meeting.size, "sheet": review.terms["sheet"]},
    )
    invite_guests(uow, review, guests)
    return review


def _state_refusals(uow: UnitOfWork, system: IndicatorSystem, engagement: Engagement | None) -> list[Refusal]:
    if engagement is None:
        return [Refusal(_l("这套指标体系不属于任何评价委托，不能评审"))]
    if system.state not in (SystemState.SUBMITTED, SystemState.UNDER_REVIEW):
        return [Refusal(_l("机构尚未提交指标体系，不能召集评审"), rule_id="R-IND-01")]
    running = uow.session.scalar(
        select(Review.number).where(Review.system_id == system.id, Review.state.in_((*RUNNING, ReviewState.SCORED)))
    )
    if running:
        return [Refusal(_l("该指标体系已有正在进行的评审：%(number)s", number=running))]
    return []


def _meeting_refusals(uow: UnitOfWork, meeting: Meeting) -> list[Refusal]:
    rules = review_rules(uow)
    found = []
    if meeting.meets_at <= uow.now:
        found.append(Refusal(_l("评审时间须晚于现在"), field="meets_at"))
    if not uow.now < meeting.answer_by <= meeting.meets_at:
        found.append(Refusal(_l("答复期限须在现在与评审时间之间"), field="answer_by"))
    if not meeting.place.strip() and not meeting.online.strip():
        found.append(Refusal(_l("请填写评审地点或线上会议地址"), field="place"))
    if meeting.fee < 0:
        found.append(Refusal(_l("咨询费不能为负"), field="fee"))
    if not rules.size_min <= meeting.size <= rules.size_max or meeting.size % 2 == 0:
        found.append(
            Refusal(
                _l("专家组须为 %(low)s 至 %(high)s 人的单数", low=rules.size_min, high=rules.size_max),
                rule_id="R-IND.panel",
                field="size",
            )
        )
    if not 0 <= meeting.reserves <= MOST_RESERVES:
        found.append(Refusal(_l("候补人数须在 0 至 %(most)s 之间", most=MOST_RESERVES), field="reserves"))
    for quota in meeting.quotas:
        if quota.minimum < rules.seats[quota.key]:
            found.append(
                Refusal(
                    _l("%(kind)s至少 %(count)s 席", kind=quota.title, count=rules.seats[quota.key]),
                    rule_id="R-IND.seats",
                    field=quota.key,
                )
            )
        elif quota.minimum > meeting.size:
            found.append(Refusal(_l("%(kind)s席位超过专家组人数", kind=quota.title), field=quota.key))
    return found


def _next_number(uow: UnitOfWork, year: int) -> str:
    """Return the next free number of the year, e.g. 评审〔2026〕7号."""
    # A lock for the numbering alone: two reviews convened at once must not get one number.
    uow.session.execute(select(func.pg_advisory_xact_lock(0x524556)))
    taken = uow.session.scalar(select(func.count()).where(Review.number.like(f"评审〔{year}〕%"))) or 0
    return f"评审〔{year}〕{taken + 1}号"


def earlier_panel(uow: UnitOfWork, review: Review) -> list[Seat]:
    """Return the seats that served in the latest decided review of the same system, in their order."""
    before = uow.session.scalar(
        select(Review)
        .where(Review.system_id == review.system_id, Review.state == ReviewState.RETURNED, Review.id != review.id)
        .order_by(Review.round.desc())
        .limit(1)
    )
    if before is None:
        return []
    from experts.seats import panel_of

    return [seat for seat in panel_of(uow, before) if seat.expert.state.value == "active"]


def tell_quality_officers(uow: UnitOfWork, event: TransitionFired) -> None:
    """When an agency submits its indicators, quality officers learn that a review is wanted."""
    if event.workflow != "indicator_system" or event.name != "submit":
        return
    system = event.subject
    notify(
        uow,
        SYSTEM_SUBMITTED,
        user_ids_with(uow, Role.QUALITY_OFFICER),
        url=convene_page(system.id),
        params={"project": system.project.name},
    )
