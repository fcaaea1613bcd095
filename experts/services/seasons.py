"""Opening a season, setting what it wants and how it is computed, deciding pairs by hand (R-EXP.season)."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select

from core.errors import Refusal, Refused
from core.i18n import _l
from core.parameters import overrides
from core.unit_of_work import UnitOfWork
from experts.models import Expert, Review, Season, SeasonChoice, SeasonReview
from experts.queries import systems_waiting
from experts.quotas import TITLES, proposed
from experts.review_rules import SEATS, ReviewRules, review_rules
from experts.services.reviews import Meeting, convene_review
from experts.states import ReviewState, SeasonState, Verdict
from projects.models import IndicatorSystem

RULE = "R-EXP.season"
OPEN = (SeasonState.PREPARING, SeasonState.PROPOSED)


@dataclass(frozen=True)
class Slots:
    """Meetings convened with the season: the first one's time, minutes from one to the next, place, fee, limit."""

    first_at: datetime
    minutes: int
    place: str
    fee: Decimal
    answer_by: datetime
    reserves: int


def season_numbers(uow: UnitOfWork) -> tuple[int, int]:
    """Return the most reviews an expert takes in a season, and the largest chance of a pair in percent."""
    book, on, local = uow.house.rules, uow.today, overrides(uow)
    return (
        book.whole(RULE, "load_max", on=on, overrides=local),
        book.whole(RULE, "pair_percent", on=on, overrides=local),
    )


def reviews_to_assign(uow: UnitOfWork) -> Sequence[Review]:
    """Return the reviews that are convened, whose draw has not begun, and that no open season holds."""
    held = (
        select(SeasonReview.review_id)
        .join(Season, Season.id == SeasonReview.season_id)
        .where(Season.state != SeasonState.CANCELLED)
    )
    return (
        uow.session.scalars(
            select(Review)
            .where(Review.state == ReviewState.CONVENED, Review.id.not_in(held))
            .order_by(Review.meets_at, Review.number)
        )
        .unique()
        .all()
    )


def usual_demand(size: int, rules: ReviewRules) -> dict[str, int]:
    """Return what a panel of this size wants of each kind: what the rule asks, the rest trade and performance."""
    demand = {key: rules.seats[key] for key in SEATS}
    for turn in range(max(0, size - sum(demand.values()))):
        demand["trade" if turn % 2 == 0 else "performance"] += 1
    return demand


def open_season(
    uow: UnitOfWork,
    *,
    title: str,
    basis: str,
    review_ids: Sequence[uuid.UUID],
    system_ids: Sequence[uuid.UUID] = (),
    slots: Slots | None = None,
) -> Season:
    """Open a season over convened reviews, convening those whose indicators still wait, one after the other.

    Only indicator reviews are assigned: committees of purchases are drawn (R-POOL-01, R-COMM-04). Raises `Refused`.
    """
    uow.session.execute(select(func.pg_advisory_xact_lock(0x53454153)))  # two officers take the same review only once
    found: list[Refusal] = []
    if not title.strip():
        found.append(Refusal(_l("请填写名称"), field="title"))
    if not basis.strip():
        found.append(Refusal(_l("请写明成批分配的依据，例如本局哪次会议的决定"), rule_id="R-EXP-09", field="basis"))
    free = {one.id: one for one in reviews_to_assign(uow)}
    if any(one not in free for one in review_ids):
        found.append(Refusal(_l("有评审已经开始抽取、已取消或已在别的分配中，请重新选择"), rule_id=RULE))
    waiting = {one.id: one for one in systems_waiting(uow)}
    systems = [waiting[one] for one in system_ids if one in waiting]
    if len(systems) != len(system_ids):
        found.append(Refusal(_l("有指标体系已经召集评审，请重新选择"), rule_id="R-IND-01"))
    if not review_ids and not system_ids:
        found.append(Refusal(_l("请至少选择一项评审"), rule_id=RULE))
    if systems and slots is None:
        found.append(Refusal(_l("请填写首场评审时间和地点"), field="first_at"))
    if found:
        raise Refused(*found)
    reviews = [free[one] for one in review_ids] + (_convene(uow, systems, slots) if slots is not None else [])
    rules = review_rules(uow)
    load_max, percent = season_numbers(uow)
    season = uow.add(
        Season(
            number=_next_number(uow),
            title=title.strip(),
            basis=basis.strip(),
            state=SeasonState.PREPARING,
            options={
                "load_max": load_max,
                "load_min": 0,
                "fairness": False,
                "together": None,
                "pair_percent": percent,
            },
            seed=str(uow.ids.new().int >> 65),
            opened_by_id=uow.actor.user_id,
            opened_at=uow.now,
            published_at=None,
        )
    )
    for position, review in enumerate(sorted(reviews, key=lambda one: (one.meets_at, one.number)), start=1):
        uow.add(
            SeasonReview(
                season_id=season.id,
                review_id=review.id,
                position=position,
                demand=usual_demand(review.size, rules),
            )
        )
    uow.session.flush()
    uow.record("season.open", season, about=tuple(reviews), after={"reviews": len(reviews), "seed": season.seed})
    return season


def _convene(uow: UnitOfWork, systems: Sequence[IndicatorSystem], slots: Slots) -> list[Review]:
    rules = review_rules(uow)
    if not 30 <= slots.minutes <= 24 * 60:
        raise Refused(Refusal(_l("两场之间须相隔 30 分钟至 24 小时"), field="minutes"))
    return [
        convene_review(
            uow,
            system,
            Meeting(
                meets_at=slots.first_at + timedelta(minutes=slots.minutes * number),
                place=slots.place,
                fee=slots.fee,
                answer_by=slots.answer_by,
                size=rules.size_min,
                reserves=slots.reserves,
                quotas=proposed(rules),
            ),
        )
        for number, system in enumerate(systems)
    ]


def _next_number(uow: UnitOfWork) -> str:
    year = uow.today.year
    taken = uow.session.scalar(select(func.count()).where(Season.number.like(f"分配〔{year}〕%"))) or 0
    return f"分配〔{year}〕{taken + 1}号"


def set_season(
    uow: UnitOfWork, season: Season, options: Mapping[str, Any], demand: Mapping[str, Mapping[str, int]]
) -> None:
    """Set how the season is computed and what each part (by id) wants. Raises `Refused` with all that is wrong."""
    uow.lock(season)
    if season.state not in OPEN:
        raise Refused(Refusal(_l("方案已发布、已取消或正在计算，不能再改"), rule_id=RULE))
    rules = review_rules(uow)
    wanted = {
        part.id: {key: int(demand.get(str(part.id), part.demand).get(key, 0)) for key in SEATS} for part in season.parts
    }
    found = _option_refusals(uow, options)
    for part in season.parts:
        found += _demand_refusals(part, wanted[part.id], rules)
    if found:
        raise Refused(*found)
    for part in season.parts:
        part.demand = wanted[part.id]
    season.options = dict(options)
    uow.session.flush()
    uow.record("season.set", season, after=dict(options))


def _option_refusals(uow: UnitOfWork, options: Mapping[str, Any]) -> list[Refusal]:
    usual_max, usual_percent = season_numbers(uow)
    load_max, percent, found = options["load_max"], options["pair_percent"], list[Refusal]()
    if not 1 <= load_max <= usual_max:
        found.append(
            Refusal(_l("每人最多任务数须在 1 至 %(most)s 之间", most=usual_max), rule_id=RULE, field="load_max")
        )
    if not 0 <= options["load_min"] <= load_max:
        found.append(Refusal(_l("每人最少任务数不能超过最多任务数"), field="load_min"))
    if percent is not None and not 1 <= percent <= usual_percent:
        found.append(
            Refusal(_l("任一配对的可能须在 1 至 %(most)s 之间", most=usual_percent), rule_id=RULE, field="pair_percent")
        )
    if options["together"] is not None and options["together"] < 1:
        found.append(Refusal(_l("共同参加的上限至少为 1"), field="together"))
    if percent is not None and (options["fairness"] or options["together"] is not None):
        found.append(Refusal(_l("按机会分配时不能同时要求最差者最优或限制共同参加"), field="pair_percent"))
    return found


def _demand_refusals(part: SeasonReview, wanted: Mapping[str, int], rules: ReviewRules) -> list[Refusal]:
    number, size = part.review.number, part.review.size
    found = [
        Refusal(
            _l("%(number)s：%(kind)s至少 %(count)s 席", number=number, kind=TITLES[key], count=rules.seats[key]),
            rule_id="R-IND.seats",
        )
        for key in SEATS
        if wanted[key] < rules.seats[key]
    ]
    if sum(wanted.values()) != size:
        found.append(
            Refusal(_l("%(number)s：各类席位合计须为 %(size)s", number=number, size=size), rule_id="R-IND.panel")
        )
    return found


def decide_pair(uow: UnitOfWork, part: SeasonReview, expert: Expert, verdict: Verdict, reason: str) -> SeasonChoice:
    """Decide a pair by hand, with its reason; later computations keep it. Raises `Refused` without one."""
    season = part.season
    uow.lock(season)
    if season.state not in OPEN:
        raise Refused(Refusal(_l("方案已发布、已取消或正在计算，不能再改"), rule_id=RULE))
    if not reason.strip():
        raise Refused(Refusal(_l("请写明理由"), rule_id=RULE, field="reason"))
    row = uow.session.scalar(
        select(SeasonChoice).where(SeasonChoice.part_id == part.id, SeasonChoice.expert_id == expert.id)
    )
    values = {"verdict": verdict, "reason": reason.strip(), "decided_by_id": uow.actor.user_id, "decided_at": uow.now}
    if row is None:
        row = uow.add(SeasonChoice(part_id=part.id, expert_id=expert.id, **values))
    else:
        for name, value in values.items():
            setattr(row, name, value)
    uow.session.flush()
    uow.record(
        "season.decide", season, about=(part.review, expert), after={"verdict": verdict.value}, reason=reason.strip()
    )
    return row


def take_back(uow: UnitOfWork, choice: SeasonChoice) -> None:
    """Leave a pair to the computation again."""
    season = choice.part.season
    uow.lock(season)
    if season.state not in OPEN:
        raise Refused(Refusal(_l("方案已发布、已取消或正在计算，不能再改"), rule_id=RULE))
    uow.record("season.take_back", season, about=(choice.part.review, choice.expert))
    uow.session.delete(choice)
    uow.session.flush()
