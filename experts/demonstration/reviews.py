"""A review in every state, acted out by the services."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal

from sqlalchemy import select

from agencies.models import Engagement
from agencies.services.engagements import open_engagement
from core.identity.models import User
from core.unit_of_work import UnitOfWork
from experts.demonstration.meetings import ANSWERS, indicators, score_all, sign_all
from experts.demonstration.stage import Stage, as_member, at_office, review_of
from experts.models import Draw, Review, Seat
from experts.queries import all_comments
from experts.quotas import proposed
from experts.review_rules import review_rules
from experts.services.conclusions import answer_comments, consent, send_back
from experts.services.draw_steps import promise_entropy, reveal_entropy
from experts.services.draws import call_earlier_panel, lock_plan
from experts.services.invitations import Declaration, accept_seat, decline_seat
from experts.services.reviews import Meeting, convene_review
from experts.states import ReviewState, SeatState
from experts.workflow import REVIEW
from projects.services.systems import set_indicators, submit_system
from projects.workflow import INDICATOR_SYSTEM

PHRASES = ("质量管理人员掷骰 5 2 6 1 4 3 6", "审计局代表掷骰 3 3 4 6 2 1 5")
CONFIRMED = Declaration({}, is_confirmed=True)


@dataclass(frozen=True)
class Story:
    """One review: how far it came, and how many days ago it was convened (None: no review yet)."""

    state: ReviewState | None
    days: float
    is_submitted: bool = True
    decline: bool = False
    second: bool = False
    """Whether this is the second review, after the first sent the indicators back."""


STORIES = (
    Story(ReviewState.PASSED, 150),
    Story(ReviewState.PASSED, 120, decline=True),
    Story(ReviewState.PASSED, 90),
    Story(ReviewState.PASSED, 60, second=True),
    Story(ReviewState.RETURNED, 25, decline=True),
    Story(ReviewState.CANCELLED, 20),
    Story(ReviewState.SCORED, 9),
    Story(ReviewState.SCORING, 4, second=True),
    Story(ReviewState.INVITING, 1, decline=True),
    Story(ReviewState.DRAWING, 0.2),
    Story(ReviewState.CONVENED, 0.1),
    Story(None, 3),
    Story(None, 5, is_submitted=False),
)
"""One project each, from the end of the library, so that purchases take theirs from its beginning."""


def act(world: Stage, story: Story, number: int) -> None:
    """Commission an agency, let it submit its indicators, and hold the review as far as the story goes."""
    project = world.projects[-1 - number]
    place = (5 * number + 3) % len(world.agencies)
    agency, manager = world.agencies[place], world.managers[place]
    before = -story.days - (45 if story.second else 12)
    with world.at_desk(None, days=before) as uow:
        engagement = open_engagement(
            uow,
            project=project,
            agency_id=agency.organisation_id,
            source=f"direct:{number + 1}",
            amount=Decimal(96000 + 8000 * (number % 7)),
            begins_on=uow.today,
            due_on=uow.today + timedelta(days=120),
        )
    with world.at_desk(manager, days=before + 8) as uow:
        system = _reload(uow, engagement).system
        if system is None:
            return
        set_indicators(uow, system, indicators())
        if story.is_submitted:
            submit_system(uow, system)
    if story.second:
        first = Story(ReviewState.RETURNED, story.days + 33)
        _hold(world, first, engagement)
        _revise(world, first, engagement, manager)
    if story.state is not None:
        _hold(world, story, engagement)


def act_submission(world: Stage, number: int, *, days: float) -> uuid.UUID:
    """Commission an agency that submits its indicators so many days ago; return the system that waits for a review."""
    act(world, Story(None, days), number)
    project = world.projects[-1 - number]
    with world.at_desk(None, days=-days) as uow:
        engagement = uow.session.scalars(
            select(Engagement).where(Engagement.project_id == project.id, Engagement.source == f"direct:{number + 1}")
        ).one()
        if engagement.system_id is None:
            raise RuntimeError("a commissioned evaluation has indicators")
        return engagement.system_id


def _revise(world: Stage, story: Story, engagement: Engagement, manager: User) -> None:
    """The agency answers every comment, mends its indicators and submits them again."""
    with world.at_desk(manager, days=-story.days + 12) as uow:
        system = _reload(uow, engagement).system
        if system is None:
            return
        review = uow.session.scalars(select(Review).where(Review.system_id == system.id)).one()
        rows = all_comments(uow, review)
        answer_comments(uow, review, {one.id: ANSWERS[place % 3] for place, one in enumerate(rows)})
        INDICATOR_SYSTEM.fire(uow, system, "revise")
        mended = [
            replace(one, target="不低于 90%，按服务对象的 3% 抽样", scoring="每低 1 个百分点扣 4%，样本不足的不得分")
            if one.third == "服务对象满意度"
            else one
            for one in indicators()
        ]
        set_indicators(uow, system, mended)
        submit_system(uow, system)


def _reload(uow: UnitOfWork, engagement: Engagement) -> Engagement:
    return uow.session.scalars(select(Engagement).where(Engagement.id == engagement.id)).one()


def _hold(world: Stage, story: Story, engagement: Engagement) -> None:
    start = -story.days
    with world.at_desk("xu.wenjing", days=start) as uow:
        system = _reload(uow, engagement).system
        if system is None:
            return
        review_id = convene_review(
            uow,
            system,
            Meeting(
                meets_at=at_office(world.now + timedelta(days=start + 6), 9, 30),
                place="区财政局三楼会议室",
                fee=Decimal(800),
                answer_by=at_office(world.now + timedelta(days=start + 3), 18),
                size=5,
                reserves=5,
                quotas=proposed(review_rules(uow)),
                online="会议号 771 204 886" if story.days < 5 else "",
                agenda="机构汇报评价方案和指标体系\n专家提问，机构答复\n列席人员发表意见\n专家独立评分\n形成评审意见并签名",
            ),
        ).id
    if story.state is ReviewState.CANCELLED:
        with world.at_desk("xu.wenjing", days=start + 0.5) as uow:
            REVIEW.fire(uow, review_of(uow, review_id), "cancel", reason="会议室调整，另行召集")
        return
    good = story.state is not ReviewState.RETURNED
    steps: tuple[tuple[ReviewState, Callable[[], None]], ...] = (
        (ReviewState.DRAWING, lambda: None if story.second else _lock(world, review_id, start + 0.02)),
        (ReviewState.INVITING, lambda: _seat(world, story, review_id, start + 0.1)),
        (ReviewState.SCORING, lambda: _accept(world, review_id, start + 2)),
        (
            ReviewState.SCORED,
            lambda: score_all(world, review_id, start + 6, good=good),
        ),
    )
    reached = ReviewState.SCORED if story.state in (ReviewState.PASSED, ReviewState.RETURNED) else story.state
    order = [ReviewState.CONVENED, *(state for state, _step in steps)]
    for state, step in steps:
        if reached is not None and order.index(state) <= order.index(reached):
            step()
    _decide(world, story, review_id, start + 8)


def _seat(world: Stage, story: Story, review_id: uuid.UUID, days: float) -> None:
    """Draw the panel, or ask that of the first review again (R-IND.rework)."""
    if not story.second:
        _draw(world, review_id, days, decline=story.decline)
        return
    with world.at_desk("xu.wenjing", days=days) as uow:
        call_earlier_panel(uow, review_of(uow, review_id))


def _lock(world: Stage, review_id: uuid.UUID, days: float) -> None:
    with world.at_desk("xu.wenjing", days=days) as uow:
        lock_plan(uow, review_of(uow, review_id))
    with world.at_desk("xu.wenjing", days=days + 0.01) as uow:
        promise_entropy(uow, _draw_of(uow, review_id), phrase=PHRASES[0])


def _draw_of(uow: UnitOfWork, review_id: uuid.UUID) -> Draw:
    return uow.session.scalars(select(Draw).where(Draw.review_id == review_id)).one()


def _draw(world: Stage, review_id: uuid.UUID, days: float, *, decline: bool) -> None:
    with world.at_desk("wei.shan", days=days) as uow:
        promise_entropy(uow, _draw_of(uow, review_id), phrase=PHRASES[1])
    for who, phrase in (("xu.wenjing", PHRASES[0]), ("wei.shan", PHRASES[1])):
        with world.at_desk(who, days=days + 0.02) as uow:
            reveal_entropy(uow, _draw_of(uow, review_id), phrase)
    if decline:
        as_member(world, review_id, days + 0.4, 0, lambda uow, seat: decline_seat(uow, seat, "当日另有会议，不能参加"))
        as_member(world, review_id, days + 0.5, 1, lambda uow, seat: accept_seat(uow, seat, CONFIRMED))


def _accept(world: Stage, review_id: uuid.UUID, days: float) -> None:
    for place in range(5):
        as_member(world, review_id, days + place / 50, place, _accept_if_asked)
    for place in range(5):  # whoever followed somebody found tied at the last look is asked as well
        as_member(world, review_id, days + 0.1 + place / 50, place, _accept_if_asked)


def _accept_if_asked(uow: UnitOfWork, seat: Seat) -> None:
    if seat.state is SeatState.INVITED:
        accept_seat(uow, seat, CONFIRMED)


def _decide(world: Stage, story: Story, review_id: uuid.UUID, days: float) -> None:
    if story.state in (ReviewState.PASSED, ReviewState.RETURNED):
        sign_all(world, review_id, days - 1)
    with world.at_desk("xu.wenjing", days=days) as uow:
        review = review_of(uow, review_id)
        if story.state is ReviewState.PASSED:
            consent(uow, review, "同意，请按专家意见完善后实施。")
        elif story.state is ReviewState.RETURNED:
            send_back(uow, review, "请量化产出指标，逐条答复专家意见后重新提交。")
        agency_id = review.engagement.agency_id
    if story.state is ReviewState.PASSED:
        place = next(at for at, one in enumerate(world.agencies) if one.organisation_id == agency_id)
        with world.at_desk(world.managers[place], days=days + 1) as uow:
            review = review_of(uow, review_id)
            rows = all_comments(uow, review)
            answer_comments(uow, review, {one.id: ANSWERS[place % 3] for place, one in enumerate(rows)})
