"""The demonstration's experts and reviews: 160 invented people and a review in every state, acted out by services."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Protocol

from sqlalchemy import select

from agencies.models import Agency, Engagement
from agencies.services.engagements import open_engagement
from core.clock import SHANGHAI, shanghai
from core.identity.models import User
from core.unit_of_work import UnitOfWork
from experts.models import Draw, Review, Seat
from experts.quotas import proposed
from experts.review_rules import review_rules
from experts.seats import panel_of
from experts.services.conclusions import answer_comments, consent, send_back
from experts.services.draw_steps import promise_entropy, reveal_entropy
from experts.services.draws import lock_plan
from experts.services.invitations import Declaration, accept_seat, decline_seat
from experts.services.pool import ExpertEntry, admit_expert
from experts.services.reviews import Meeting, convene_review
from experts.services.sheets import Judgement, Remark, comment_as_observer, lock_sheet
from experts.states import Category, ReviewState, SeatState
from experts.workflow import REVIEW
from projects.models import Project
from projects.services.systems import IndicatorEntry, set_indicators, submit_system
from projects.states import Dimension, Industry, StandardKind

FRIDAY = 4
C, F, D, K = Category, Industry, Dimension, StandardKind

SURNAMES = "陈李张刘王杨黄赵吴周徐孙马朱胡郭何林罗郑梁谢宋唐许邓冯韩曹曾彭萧蔡潘田董袁于余叶"
GIVEN = (
    "思远",
    "静怡",
    "文博",
    "雅琴",
    "志强",
    "佩兰",
    "建平",
    "晓岚",
    "明哲",
    "秋实",
    "若水",
    "景行",
    "书涵",
    "致和",
    "清扬",
    "嘉树",
)
PLACES = ("澄湖", "云汀", "望江", "松岑", "临浦", "青屿", "南浦", "石渠")
EMPLOYERS = {
    C.PERFORMANCE: ("财经研究院", "公共绩效研究中心", "政策评估中心", "预算绩效学会"),
    C.INDUSTRY: ("行业协会", "规划设计院", "事业发展中心", "技术服务中心"),
    C.FINANCE: ("会计师事务所", "会计学会", "国资财务中心"),
    C.LAW: ("律师协会",),
    C.INFORMATION: ("数据科学研究所",),
    C.COST: ("工程造价协会",),
    C.SCHOLAR: ("大学公共管理学院", "财经大学", "师范大学"),
    C.CONGRESS: ("人大代表联络站",),
    C.CPPCC: ("政协委员工作室",),
    C.AUDIT: ("内部审计协会",),
    C.DISCIPLINE: ("廉政研究会",),
}
TITLES = {C.SCHOLAR: ("教授", "副教授"), C.FINANCE: ("高级会计师", "注册会计师"), C.INDUSTRY: ("高级工程师", "研究员")}
COUNTS = {
    C.PERFORMANCE: 38,
    C.INDUSTRY: 58,
    C.FINANCE: 18,
    C.LAW: 5,
    C.INFORMATION: 5,
    C.COST: 5,
    C.SCHOLAR: 18,
    C.CONGRESS: 3,
    C.CPPCC: 2,
    C.AUDIT: 6,
    C.DISCIPLINE: 2,
}
"""160 experts by their first category."""

FIELDS = (F.P, F.Q, F.S, F.A, F.N, F.E, F.I, F.O, F.R, F.M, F.G, F.L)
PHRASES = ("质量管理人员掷骰 5 2 6 1 4 3 6", "审计局代表掷骰 3 3 4 6 2 1 5")
CONFIRMED = Declaration({}, is_confirmed=True)
REMARKS = (
    "目标值请与批复的绩效目标表逐项核对",
    "样本量偏小，建议按服务对象的 5% 抽样并说明抽样方法",
    "扣分规则可以再细，避免不同评分人理解不一",
    "建议补充上年同期数据作为历史标准",
)


class Stage(Protocol):
    """What this module needs of the demonstration's world."""

    random: Any
    now: datetime
    users: dict[str, User]
    projects: list[Project]
    agencies: list[Agency]
    managers: list[User]

    def at_desk(self, who: User | str | None, *, days: float = 0) -> AbstractContextManager[UnitOfWork]:
        """Let a person act at a moment when offices are open."""


@dataclass(frozen=True)
class Story:
    """One review: how far it came, and how many days ago it was convened (None: no review yet)."""

    state: ReviewState | None
    days: float
    is_submitted: bool = True
    decline: bool = False


STORIES = (
    Story(ReviewState.PASSED, 150),
    Story(ReviewState.PASSED, 120, decline=True),
    Story(ReviewState.PASSED, 90),
    Story(ReviewState.PASSED, 60),
    Story(ReviewState.RETURNED, 25, decline=True),
    Story(ReviewState.CANCELLED, 20),
    Story(ReviewState.SCORED, 9),
    Story(ReviewState.SCORING, 4),
    Story(ReviewState.INVITING, 1, decline=True),
    Story(ReviewState.DRAWING, 0.2),
    Story(ReviewState.CONVENED, 0.1),
    Story(None, 3),
    Story(None, 5, is_submitted=False),
)
"""One project each, from the end of the library, so that purchases take theirs from its beginning."""


def populate(uow: UnitOfWork, world: Stage) -> None:
    """Fill the pool and act out the reviews; the caller seeds ids and chance."""
    uow.session.flush()
    with world.at_desk("xu.wenjing", days=-380) as officer:
        add_experts(officer, world)
    for number, story in enumerate(STORIES):
        act(world, story, number)


def add_experts(uow: UnitOfWork, world: Stage) -> None:
    """Admit 160 invented experts; the first few are among the users one may become."""
    people = iter(_names(world, sum(COUNTS.values())))
    number = 0
    for category, count in COUNTS.items():
        for place in range(count):
            number += 1
            expert = admit_expert(uow, _entry(uow, world, next(people), category, (number, place)))
            if number % 12 == 1:
                world.users[f"expert{number}"] = expert.user


def _names(world: Stage, count: int) -> Sequence[str]:
    every = [surname + given for surname in SURNAMES for given in GIVEN]
    world.random.shuffle(every)
    return every[:count]


def _entry(uow: UnitOfWork, world: Stage, name: str, category: Category, numbers: tuple[int, int]) -> ExpertEntry:
    number, place = numbers
    kinds = EMPLOYERS[category]
    field = FIELDS[place % len(FIELDS)]
    categories = [category]
    if category is C.SCHOLAR and place % 3 == 0:
        categories.append(C.PERFORMANCE)
    if category is C.PERFORMANCE and place % 6 == 0:
        categories.append(C.FINANCE)
    appointed = uow.today - timedelta(days=10 * (place % 12))
    born = uow.today.year - world.random.randint(36, 63)
    return ExpertEntry(
        name=name,
        email=f"expert{number}@chenghu.example",
        telephone=f"1390000{1000 + 7 * number}",
        employer=f"{PLACES[place % len(PLACES)]}{kinds[place % len(kinds)]}{'' if place < 8 else place // 8 + 1}",
        position="",
        professional_title=TITLES.get(category, ("高级经济师", "研究员"))[place % 2],
        birth_year=born,
        field_since=born + 25,
        industries=(field, FIELDS[(place + 5) % len(FIELDS)]) if category is C.INDUSTRY else (field,),
        categories=tuple(categories),
        appointed_on=appointed,
        appointed_until=date(appointed.year + 3, appointed.month, min(appointed.day, 28)),
        district=f"{PLACES[(place + 1) % len(PLACES)]}区",
        speciality=f"{field.value} 类项目绩效评价",
    )


def act(world: Stage, story: Story, number: int) -> None:
    """Commission an agency, let it submit its indicators, and hold the review as far as the story goes."""
    project = world.projects[-1 - number]
    place = (5 * number + 3) % len(world.agencies)
    agency, manager = world.agencies[place], world.managers[place]
    before = -story.days - 12
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
    if story.state is not None:
        _hold(world, story, engagement)


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
                meets_at=_at_office(world.now + timedelta(days=start + 6), 9, 30),
                place="区财政局三楼会议室",
                fee=Decimal(800),
                answer_by=_at_office(world.now + timedelta(days=start + 3), 18),
                size=5,
                reserves=5,
                quotas=proposed(review_rules(uow)),
            ),
        ).id
    if story.state is ReviewState.CANCELLED:
        with world.at_desk("xu.wenjing", days=start + 0.5) as uow:
            REVIEW.fire(uow, _review(uow, review_id), "cancel", reason="会议室调整，另行召集")
        return
    steps: tuple[tuple[ReviewState, Callable[[], None]], ...] = (
        (ReviewState.DRAWING, lambda: _lock(world, review_id, start + 0.02)),
        (ReviewState.INVITING, lambda: _draw(world, review_id, start + 0.1, decline=story.decline)),
        (ReviewState.SCORING, lambda: _accept(world, review_id, start + 2)),
        (ReviewState.SCORED, lambda: _score(world, review_id, start + 6, good=story.state is not ReviewState.RETURNED)),
    )
    reached = ReviewState.SCORED if story.state in (ReviewState.PASSED, ReviewState.RETURNED) else story.state
    order = [ReviewState.CONVENED, *(state for state, _step in steps)]
    for state, step in steps:
        if reached is not None and order.index(state) <= order.index(reached):
            step()
    _decide(world, story, review_id, start + 8)


def _at_office(moment: datetime, hour: int, minute: int = 0) -> datetime:
    """Return that clock time on the moment's day, or on the Friday before a weekend."""
    day = moment.astimezone(SHANGHAI).date()
    return shanghai(day - timedelta(days=max(0, day.weekday() - FRIDAY)), hour, minute)


def _review(uow: UnitOfWork, review_id: uuid.UUID) -> Review:
    return uow.session.scalars(select(Review).where(Review.id == review_id)).one()


def _lock(world: Stage, review_id: uuid.UUID, days: float) -> None:
    with world.at_desk("xu.wenjing", days=days) as uow:
        lock_plan(uow, _review(uow, review_id))
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
        _as_member(world, review_id, days + 0.4, 0, lambda uow, seat: decline_seat(uow, seat, "当日另有会议，不能参加"))
        _as_member(world, review_id, days + 0.5, 1, lambda uow, seat: accept_seat(uow, seat, CONFIRMED))


def _as_member(
    world: Stage, review_id: uuid.UUID, days: float, place: int, deed: Callable[[UnitOfWork, Seat], object]
) -> None:
    with world.at_desk(None, days=days) as uow:
        panel = panel_of(uow, _review(uow, review_id))
        seat_id, user = panel[place].id, panel[place].expert.user
    with world.at_desk(user, days=days) as uow:
        deed(uow, uow.session.scalars(select(Seat).where(Seat.id == seat_id)).unique().one())


def _accept(world: Stage, review_id: uuid.UUID, days: float) -> None:
    for place in range(5):
        _as_member(world, review_id, days + place / 50, place, _accept_if_asked)


def _accept_if_asked(uow: UnitOfWork, seat: Seat) -> None:
    if seat.state is SeatState.INVITED:
        accept_seat(uow, seat, CONFIRMED)


def _score(world: Stage, review_id: uuid.UUID, days: float, *, good: bool) -> None:
    with world.at_desk("gu.xiuzhen", days=days) as uow:
        comment_as_observer(uow, _review(uow, review_id), Remark("", "建议更多反映群众感受，说明满意度如何调查"))
    for place in range(5):
        share = Decimal("0.85" if good else "0.68") + Decimal(place) / 50

        def score(uow: UnitOfWork, seat: Seat, share: Decimal = share, place: int = place) -> None:
            points = {key: (most * share * 2).to_integral_value() / 2 for key, most in review_rules(uow).sheet.items()}
            rows = seat.review.system.indicators
            remark = Remark(
                rows[place % len(rows)].third, REMARKS[place % len(REMARKS)], is_major=not good and place == 1
            )
            opinion = "指标总体清楚，细节请按意见完善。" if good else "产出指标量化不足，评分细则须重写。"
            lock_sheet(uow, seat, Judgement(points, opinion, is_veto=False, remarks=(remark,)))

        _as_member(world, review_id, days + place / 50, place, score)


def _decide(world: Stage, story: Story, review_id: uuid.UUID, days: float) -> None:
    with world.at_desk("xu.wenjing", days=days) as uow:
        review = _review(uow, review_id)
        if story.state is ReviewState.PASSED:
            consent(uow, review, "同意，请按专家意见完善后实施。")
        elif story.state is ReviewState.RETURNED:
            send_back(uow, review, "请量化产出指标，逐条答复专家意见后重新提交。")
        agency_id = review.engagement.agency_id
    if story.state is ReviewState.PASSED:
        place = next(at for at, one in enumerate(world.agencies) if one.organisation_id == agency_id)
        with world.at_desk(world.managers[place], days=days + 1) as uow:
            review = _review(uow, review_id)
            from experts.queries import visible_comments

            rows = visible_comments(uow, review, sees_all=True)
            answer_comments(uow, review, {one.id: "采纳，已在实施方案中修改。" for one in rows})


def indicators() -> list[IndicatorEntry]:
    """Return a plausible indicator system: 15 / 20 / 35 / 30."""
    rows = (
        (D.DECISION, "项目立项", "立项依据充分性", 5, "依据充分，与规划一致", K.OTHER, "四项要点各占四分之一", True),
        (D.DECISION, "绩效目标", "绩效目标合理性", 5, "目标与任务、预算相匹配", K.OTHER, "三项要点各占三分之一", True),
        (D.DECISION, "资金投入", "预算编制科学性", 5, "测算依据充分", K.OTHER, "依据不足的按金额占比扣分", True),
        (D.PROCESS, "资金管理", "预算执行率", 8, "100%", K.PLAN, "每少 1 个百分点扣 1%，低于 60% 不得分", True),
        (D.PROCESS, "资金管理", "资金使用合规性", 6, "无违规", K.OTHER, "发现一类不合规事项扣四分之一", True),
        (D.PROCESS, "组织实施", "制度执行有效性", 6, "制度得到落实", K.OTHER, "每发现一处未落实扣 20%", True),
        (D.OUTPUT, "产出数量", "服务对象覆盖数", 12, "完成年度计划数", K.PLAN, "按实际完成数与计划数之比得分", False),
        (D.OUTPUT, "产出质量", "验收合格率", 10, "不低于 98%", K.INDUSTRY, "每低 1 个百分点扣 5%", False),
        (D.OUTPUT, "产出时效", "按期完成率", 8, "不低于 95%", K.PLAN, "每低 1 个百分点扣 5%", False),
        (D.OUTPUT, "产出成本", "单位成本控制", 5, "不高于上年", K.HISTORY, "每超 1% 扣 10%", False),
        (D.BENEFIT, "社会效益", "服务可及性提升", 12, "较上年提升", K.HISTORY, "持平得 60%，下降不得分", False),
        (D.BENEFIT, "可持续影响", "长效机制建设", 8, "建立并运行", K.OTHER, "建立得一半，运行得满分", False),
        (D.BENEFIT, "满意度", "服务对象满意度", 10, "不低于 90%", K.PLAN, "每低 1 个百分点扣 5%", False),
    )
    return [
        IndicatorEntry(dimension, second, third, Decimal(weight), target, standard, scoring, is_common=common)
        for dimension, second, third, weight, target, standard, scoring, common in rows
    ]
