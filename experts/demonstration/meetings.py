"""What happens at a demonstration's meetings: who comes, scores and signs; what the agency plans and answers."""

from __future__ import annotations

import uuid
from decimal import Decimal

from core.unit_of_work import UnitOfWork
from experts.demonstration.stage import Stage, as_member, review_of
from experts.models import Seat
from experts.queries import all_comments
from experts.review_rules import review_rules
from experts.seats import panel_of
from experts.services.conclusions import Answer
from experts.services.minutes import drafted_course, drafted_opinion, sign_opinion, write_minutes
from experts.services.sheets import Judgement, Remark, comment_as_observer, earlier_comments, lock_sheet
from experts.services.sign_in import record_sign_in
from experts.states import Adoption, Capacity
from projects.services.systems import IndicatorEntry
from projects.states import Dimension, StandardKind

D, K = Dimension, StandardKind

REMARKS = (
    "目标值请与批复的绩效目标表逐项核对",
    "样本量偏小，建议按服务对象的 5% 抽样并说明抽样方法",
    "扣分规则可以再细，避免不同评分人理解不一",
    "建议补充上年同期数据作为历史标准",
)


ANSWERS = (
    Answer(Adoption.ADOPTED, "已在实施方案中修改。"),
    Answer(Adoption.PARTLY, "样本量扩大到 3%，受经费所限未到 5%，抽样方法已写明。"),
    Answer(Adoption.NOT, "上年没有同口径数据，改用行业标准。"),
)


NAMES_AT_THE_DOOR = {
    Capacity.FINANCE: "徐文静",
    Capacity.DEPARTMENT: "陆敏",
    Capacity.AGENCY: "唐立",
    Capacity.UNIT: "方敏",
    Capacity.CONGRESS: "顾秀珍",
    Capacity.CPPCC: "钱宏",
    Capacity.AUDIT: "魏珊",
}


def gather(world: Stage, review_id: uuid.UUID, days: float) -> None:
    """The secretary records who came; one of the observers' bodies sends nobody."""
    with world.at_desk("xu.wenjing", days=days) as uow:
        review = review_of(uow, review_id)
        for guest in review.attendees:
            if guest.capacity is not Capacity.DISCIPLINE:
                record_sign_in(uow, review, guest, guest.person or NAMES_AT_THE_DOOR[guest.capacity])
        for seat in panel_of(uow, review):
            record_sign_in(uow, review, seat)


def score_all(world: Stage, review_id: uuid.UUID, days: float, *, good: bool) -> None:
    """Everybody comes, an observer speaks, the members score and hand in."""
    gather(world, review_id, days)
    with world.at_desk("gu.xiuzhen", days=days + 0.01) as uow:
        comment_as_observer(uow, review_of(uow, review_id), Remark("", "建议更多反映群众感受，说明满意度如何调查"))
    for place in range(5):
        share = Decimal("0.85" if good else "0.68") + Decimal(place) / 50

        def score(uow: UnitOfWork, seat: Seat, share: Decimal = share, place: int = place) -> None:
            points = {key: (most * share * 2).to_integral_value() / 2 for key, most in review_rules(uow).sheet.items()}
            rows = seat.review.system.indicators
            remark = Remark(
                rows[place % len(rows)].third, REMARKS[place % len(REMARKS)], is_major=not good and place == 1
            )
            settled = {one.id: place != 1 for one in earlier_comments(uow, seat)}
            opinion = "指标总体清楚，细节请按意见完善。" if good else "产出指标量化不足，评分细则须重写。"
            lock_sheet(uow, seat, Judgement(points, opinion, is_veto=False, remarks=(remark,), settled=settled))

        as_member(world, review_id, days + 0.02 + place / 50, place, score)


def sign_all(world: Stage, review_id: uuid.UUID, days: float) -> None:
    """The secretary writes minutes and opinion; all but one member have signed, one of them with a dissent."""
    with world.at_desk("xu.wenjing", days=days) as uow:
        review = review_of(uow, review_id)
        opinion = drafted_opinion(uow, review, all_comments(uow, review))
        write_minutes(uow, review, drafted_course(uow, review), opinion)
    for place in range(4):
        dissent = "抽样方法仍不够清楚，建议实施前再报样本方案。" if place == 3 else ""

        def sign(uow: UnitOfWork, seat: Seat, dissent: str = dissent) -> None:
            sign_opinion(uow, seat, dissent)

        as_member(world, review_id, days + 0.1 + place / 50, place, sign)


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
