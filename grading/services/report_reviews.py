"""Convening the review of a final report, and its panel: drawn, asked again or chosen (R-GRADE.panel, 报告评审).

The draw is the one of indicator reviews (`experts.services.draw_steps`). Who reviewed the project's indicators may
review the report unless the bureau says otherwise; everybody is screened as for any review (R-COMM-06, R-EXP).
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import select

from agencies.models import Engagement
from core.errors import Refusal, Refused
from core.i18n import _l
from core.identity.roles import Role
from core.unit_of_work import UnitOfWork
from experts.draw import DrawPlan, DrawResult, Infeasible
from experts.draw.pool import BadPool
from experts.exclusions import Exclusion
from experts.models import Draw, Expert, Review, Seat
from experts.permissions import ENTROPY_ROLES
from experts.ports import Occasion
from experts.quotas import SeatQuota, kept
from experts.review_rules import SEATS
from experts.services.conflicts import SERVED, Matter, Screened, parties, screen_for
from experts.services.draw_steps import attempts_held, commit_plan
from experts.services.draws import planned_draw
from experts.states import Capacity, ExpertState
from grading.addresses import report_review_page
from grading.models import ReportGuest, ReportReview, Submission
from grading.queries import score_of
from grading.queries.report_review import (
    RULE,
    bodies_named,
    next_report_review_number,
    panel_number,
    review_of_engagement,
)
from grading.services.report_seats import ask_guests, invite_seat, seat_experts
from grading.states import PanelWay, ReportReviewState, SubmissionState
from grading.workflow import REPORT_REVIEW


@dataclass(frozen=True)
class GuestEntry:
    """A body asked for its opinion: in what capacity, its name, who comes."""

    capacity: Capacity
    body: str
    person: str = ""


@dataclass(frozen=True)
class PanelEntry:
    """What the convener decides: how the panel comes about, how large, until when sheets are due, and the rest."""

    way: PanelWay
    size: int
    reserves: int
    minimums: Mapping[str, int]
    due_on: date
    fee: Decimal
    answer_hours: int
    meets_at: datetime | None = None
    place: str = ""
    ground: str = ""
    experts: Sequence[uuid.UUID] = ()
    guests: Sequence[GuestEntry] = ()


@dataclass(frozen=True)
class PanelOutlook:
    """What the pool allows for a review: everybody screened, and the plan or why there is none."""

    screened: Sequence[Screened]
    plan: DrawPlan | None
    infeasible: Infeasible | None = None


def convene_report_review(uow: UnitOfWork, submission: Submission, entry: PanelEntry) -> ReportReview:
    """Convene a panel for a report. Raises `Refused` with everything that is wrong, each at its field.

    An earlier or chosen panel is invited at once; one to be drawn waits for its plan to be locked.
    """
    engagement = submission.engagement
    uow.lock(engagement)
    refusals = [*_state_refusals(uow, submission), *_entry_refusals(uow, entry)]
    if refusals:
        raise Refused(*refusals)
    review = uow.add(
        ReportReview(
            number=next_report_review_number(uow),
            engagement_id=engagement.id,
            engagement=engagement,
            state=ReportReviewState.PLANNED,
            way=entry.way,
            size=entry.size,
            reserves=entry.reserves if entry.way is PanelWay.DRAWN else 0,
            quotas=[SeatQuota(key, least, entry.size).body() for key, least in entry.minimums.items() if least],
            ground=entry.ground.strip()[:500],
            meets_at=entry.meets_at,
            place=entry.place.strip()[:120],
            due_on=entry.due_on,
            fee=entry.fee,
            answer_hours=entry.answer_hours,
            convened_by_id=uow.actor.user_id,
            convened_at=uow.now,
            concluded_at=None,
        )
    )
    uow.session.flush()
    _seat_guests(uow, review, entry.guests)
    uow.record(
        "report_review.convene",
        review,
        about=(engagement, submission),
        after={"way": entry.way.value, "size": entry.size},
    )
    if entry.way is not PanelWay.DRAWN:
        _invite_known(uow, review, entry)
    return review


def _state_refusals(uow: UnitOfWork, submission: Submission) -> list[Refusal]:
    if submission.state is not SubmissionState.DISPOSED or score_of(uow, submission.engagement_id) is not None:
        return [Refusal(_l("疑点处置完成之后、任务得分确认之前才能召集报告评审"), rule_id=RULE)]
    running = review_of_engagement(uow, submission.engagement_id)
    if running is not None:
        return [Refusal(_l("这份报告已有评审：%(number)s", number=running.number), rule_id=RULE)]
    return []


def _entry_refusals(uow: UnitOfWork, entry: PanelEntry) -> list[Refusal]:
    low, high = panel_number(uow, "members_min"), panel_number(uow, "members_max")
    found = []
    if not low <= entry.size <= high:
        words = _l("评审专家为 %(low)s 至 %(high)s 人", low=low, high=high)
        found.append(Refusal(words, rule_id=RULE, field="size"))
    if not 0 <= entry.reserves <= 15:
        found.append(Refusal(_l("候补为 0 至 15 人"), field="reserves"))
    if any(key not in SEATS or not 0 <= least <= entry.size for key, least in entry.minimums.items()):
        found.append(Refusal(_l("各类专家至少人数不能超过评审专家人数"), field="size"))
    return found + _time_refusals(uow, entry) + _way_refusals(entry)


def _time_refusals(uow: UnitOfWork, entry: PanelEntry) -> list[Refusal]:
    found = []
    if entry.due_on < uow.today:
        found.append(Refusal(_l("评分期限不能早于今天"), field="due_on"))
    if entry.meets_at is not None and entry.meets_at <= uow.now:
        found.append(Refusal(_l("评审会时间须晚于现在"), field="meets_at"))
    if entry.meets_at is not None and not entry.place.strip():
        found.append(Refusal(_l("开会的，请填写地点"), field="place"))
    if entry.fee < 0:
        found.append(Refusal(_l("咨询费不能为负"), rule_id="R-EXP.fee", field="fee"))
    if not 1 <= entry.answer_hours <= 240:
        found.append(Refusal(_l("答复时限为 1 至 240 小时"), rule_id="R-EXP-02", field="answer_hours"))
    return found


def _way_refusals(entry: PanelEntry) -> list[Refusal]:
    found = []
    if entry.way is PanelWay.CHOSEN and not entry.ground.strip():
        found.append(Refusal(_l("不抽取而直接邀请的，请写明理由"), rule_id=RULE, field="ground"))
    if entry.way is PanelWay.CHOSEN and len(set(entry.experts)) != entry.size:
        found.append(Refusal(_l("请选定 %(size)s 位专家", size=entry.size), rule_id=RULE, field="experts"))
    found += [Refusal(_l("请填写单位名称"), field="guests") for one in entry.guests if not one.body.strip()]
    return found


def _seat_guests(uow: UnitOfWork, review: ReportReview, guests: Sequence[GuestEntry]) -> None:
    known = bodies_named(uow, [one.body.strip() for one in guests])
    for position, one in enumerate(guests, start=1):
        uow.add(
            ReportGuest(
                review_id=review.id,
                review=review,
                position=position,
                capacity=one.capacity,
                body=one.body.strip()[:120],
                organisation_id=known.get(one.body.strip()),
                person=one.person.strip()[:60],
                said_at=None,
                said_by_id=None,
            )
        )
    uow.session.flush()


def _invite_known(uow: UnitOfWork, review: ReportReview, entry: PanelEntry) -> None:
    """Invite the panel of the indicators again, or those chosen; raises `Refused` naming who must not be asked."""
    if entry.way is PanelWay.AGAIN:
        experts = indicator_panel(uow, review.engagement.system_id)[: entry.size]
        field = "way"
    else:
        rows = select(Expert).where(Expert.id.in_(entry.experts), Expert.state == ExpertState.ACTIVE)
        experts, field = list(uow.session.scalars(rows).unique()), "experts"
    if len(experts) < entry.size:
        words = _l("可以邀请的专家只有 %(count)s 人，少于 %(size)s 人", count=len(experts), size=entry.size)
        raise Refused(Refusal(words, rule_id=RULE, field=field))
    barred = [one for one in screened_for_report(uow, review.engagement, only=experts) if one.exclusion is not None]
    if barred:
        raise Refused(
            *(
                Refusal(
                    _l("%(name)s不能邀请：%(why)s", name=one.expert.user.name, why=one.exclusion.label),
                    rule_id=one.exclusion.rule_id,
                    field=field,
                )
                for one in barred
                if one.exclusion is not None
            )
        )
    REPORT_REVIEW.fire(uow, review, "invite", as_system=True)
    for seat in seat_experts(uow, review, experts):
        invite_seat(uow, seat)
    ask_guests(uow, review)


def indicator_panel(uow: UnitOfWork, system_id: uuid.UUID | None) -> list[Expert]:
    """Return the experts who served in the reviews of an indicator system and are still in the pool, in their order."""
    rows = (
        select(Expert)
        .join(Seat, Seat.expert_id == Expert.id)
        .join(Review, Review.id == Seat.review_id)
        .where(Review.system_id == system_id, Seat.state.in_(SERVED), Expert.state == ExpertState.ACTIVE)
        .order_by(Review.round.desc(), Seat.position)
    )
    return list(dict.fromkeys(uow.session.scalars(rows).unique()))


def screened_for_report(
    uow: UnitOfWork, engagement: Engagement, *, only: Sequence[Expert] | None = None
) -> list[Screened]:
    """Screen experts for a report's panel: as for a review, and by whether those of the indicators may sit."""
    may_both = bool(panel_number(uow, "indicator_experts"))
    matter = Matter(
        parties(engagement),
        frozenset({engagement.agency_id}),
        frozenset({engagement.project.unit_id}),
        engagement.system_id if may_both else None,
    )
    served = set() if may_both else {one.id for one in indicator_panel(uow, engagement.system_id)}
    return [
        Screened(one.expert, Exclusion.INDICATORS)
        if one.expert.id in served and (one.exclusion is None or one.exclusion.rule_id != "R-COMM-06")
        else one
        for one in screen_for(uow, matter, only=only)
    ]


def panel_outlook(uow: UnitOfWork, review: ReportReview) -> PanelOutlook:
    """Work out each expert's chance of a seat, or which wanted kinds block."""
    screened = screened_for_report(uow, review.engagement)
    quotas: list[SeatQuota] = kept(review.quotas)
    try:
        plan = planned_draw(uow, screened, quotas, review, review.engagement.project.industry)
    except Infeasible as infeasible:
        return PanelOutlook(screened, None, infeasible)
    except BadPool:
        return PanelOutlook(screened, None)
    return PanelOutlook(screened, plan)


def held_for(review: ReportReview) -> str:
    """Return the word by which a review's draws are found."""
    return f"report_review:{review.id}"


def draws_of_report(uow: UnitOfWork, review: ReportReview) -> list[Draw]:
    """Return the review's draws, first attempt first."""
    return attempts_held(uow, held_for(review))


def lock_panel(uow: UnitOfWork, review: ReportReview) -> Draw:
    """Commit pool, exclusions and lottery before anybody gives entropy. Raises `Refused` where no panel fits."""
    seen = panel_outlook(uow, review)
    if review.way is not PanelWay.DRAWN or seen.plan is None:
        raise Refused(Refusal(_l("没有符合全部要求的专家组合，请先调整要求或者补充专家"), rule_id=RULE))
    REPORT_REVIEW.fire(uow, review, "draw")
    return commit_plan(uow, seen.plan, held_for(review))


def report_occasion(uow: UnitOfWork, review_id: uuid.UUID) -> Occasion:
    """Return a report's review as what its draw is held for."""
    review = uow.session.get_one(ReportReview, review_id)
    sides = tuple((one,) for one in ENTROPY_ROLES)
    asked = (Role.OBSERVER, Role.QUALITY_OFFICER)
    return Occasion(review, review.number, report_review_page(review.id), sides, asked, _settle)


def _settle(uow: UnitOfWork, draw: Draw, result: DrawResult) -> None:
    """Seat those drawn, invite them and ask the representatives."""
    review = uow.session.get_one(ReportReview, uuid.UUID(draw.held_for.partition(":")[2]))
    REPORT_REVIEW.fire(uow, review, "invite", as_system=True)
    names = [*result.seats, *result.reserves]
    found = {str(one.id): one for one in uow.session.scalars(select(Expert).where(Expert.id.in_(names))).unique()}
    seats = seat_experts(uow, review, [found[name] for name in names])
    for seat in seats[: len(result.seats)]:
        invite_seat(uow, seat)
    ask_guests(uow, review)
