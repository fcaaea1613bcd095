"""The demonstration's seasons: one published and being answered, one computed around a decision made by hand."""

from __future__ import annotations

import uuid
from datetime import timedelta
from decimal import Decimal

from sqlalchemy import select

from experts.demonstration.reviews import act_submission
from experts.demonstration.stage import Stage, at_office
from experts.models import Review, Season, SeasonReview, Seat
from experts.seats import panel_of
from experts.services.invitations import Declaration, accept_seat, decline_seat
from experts.services.season_cases import outlook
from experts.services.season_publishing import publish_season, seat_review
from experts.services.season_runs import compute
from experts.services.seasons import Slots, decide_pair, open_season
from experts.services.spares import ask_spares
from experts.services.told import Call, record_call
from experts.states import ReviewState, SeatState, ToldAnswer, Verdict

OFFICER = "xu.wenjing"
CONFIRMED = Declaration({}, is_confirmed=True)


def act_seasons(world: Stage, first: int) -> None:
    """Open and compute the seasons over projects from this place of the library on."""
    published = _open(world, range(first, first + 3), days=3, title="第四季度民生类项目指标评审")
    with world.at_desk(OFFICER, days=-2.9) as uow:
        season = uow.session.get_one(Season, published)
        compute(uow, season)
    with world.at_desk(OFFICER, days=-2.8) as uow:
        publish_season(uow, uow.session.get_one(Season, published))
    with world.at_desk(None, days=-2.79) as uow:
        ids = [one.id for one in uow.session.get_one(Season, published).parts]
        for part_id in ids:
            seat_review.run(uow, part_id=str(part_id))
    _answer(world, ids)
    proposed = _open(world, range(first + 3, first + 6), days=0.4, title="年末重点项目指标评审")
    with world.at_desk(OFFICER, days=-0.3) as uow:
        season = uow.session.get_one(Season, proposed)
        compute(uow, season)
        part = season.parts[0]
        seated = {one.expert_id for one in part.seats if not one.is_reserve}
        free = [
            pair
            for pair in outlook(uow, season.parts, only=part).table[0]
            if pair.may_sit and pair.kind == "performance" and pair.expert.id not in seated
        ]
        chosen = max(free, key=lambda one: one.fit).expert
        decide_pair(uow, part, chosen, Verdict.SEAT, "参加过该项目上年度绩效评价，熟悉历史数据")
        compute(uow, season)


def _open(world: Stage, places: range, *, days: float, title: str) -> uuid.UUID:
    systems = [act_submission(world, place, days=days + 4) for place in places]
    with world.at_desk(OFFICER, days=-days) as uow:
        return open_season(
            uow,
            title=title,
            basis="局长办公会纪要〔2026〕21号：同一时期召集的指标评审由绩效管理科成批分配专家",
            review_ids=[],
            system_ids=systems,
            slots=Slots(
                first_at=at_office(world.now + timedelta(days=7 - days), 9),
                minutes=240,
                place="区财政局三楼会议室",
                fee=Decimal(800),
                answer_by=at_office(world.now + timedelta(days=4 - days), 18),
                reserves=5,
            ),
        ).id


def _answer(world: Stage, parts: list[uuid.UUID]) -> None:
    """Let most experts of the first review accept, one decline, and one answer by telephone."""
    with world.at_desk(None, days=-2) as uow:
        review = uow.session.get_one(SeasonReview, parts[0]).review
        seats = [(one.id, one.expert.user) for one in panel_of(uow, review)]
    for number, (seat_id, user) in enumerate(seats[:3]):
        with world.at_desk(user, days=-2 + number / 20) as uow:
            seat = uow.session.get_one(Seat, seat_id)
            if number == 1:
                decline_seat(uow, seat, "当日有省级课题验收，不能参加")
            else:
                accept_seat(uow, seat, CONFIRMED)
    with world.at_desk(OFFICER, days=-1.5) as uow:
        told = uow.session.get_one(Seat, seats[3][0])
        record_call(
            uow,
            told,
            Call(
                ToldAnswer.ACCEPT,
                spoke_at=uow.now - timedelta(minutes=12),
                note="拨打手机，本人接听，表示准时参加；逐项确认无回避情形",
                declaration_read=True,
            ),
        )


def ask_beside(world: Stage) -> None:
    """Let the officer ask reserves beside the panel of the review that waits for answers."""
    with world.at_desk(OFFICER, days=-0.2) as uow:
        review = uow.session.scalars(
            select(Review)
            .join(Seat, Seat.review_id == Review.id)
            .where(Review.state == ReviewState.INVITING, Seat.state == SeatState.RESERVE)
            .order_by(Review.convened_at)
        ).first()
        if review is not None:
            ask_spares(uow, review)
