"""The pool in its interesting states: ratings, terms, ties, changes, applications, fees, who is due to leave."""

from __future__ import annotations

import base64
import io
import uuid
from collections.abc import Iterable
from datetime import timedelta
from decimal import Decimal

from sqlalchemy import select
from werkzeug.datastructures import FileStorage

from core.identity.models import Organisation
from core.unit_of_work import UnitOfWork
from experts.admission import DECLARATIONS
from experts.demonstration.stage import Stage
from experts.entries import ExpertEntry
from experts.models import Expert, ExpertApplication, Review, Seat
from experts.services.applications import reject, send_back, start_application, submit_application
from experts.services.changes import confirm_change, report_change
from experts.services.duty import Duty, keep_duty
from experts.services.leaving import leave_pool
from experts.services.pay_accounts import CHECKS, WEIGHTS, PayData, enter_account
from experts.services.payments import approve, draw_up, due_fees, mark_paid
from experts.services.ratings import Rating, rate_panel, rated_seats
from experts.services.ties import note_tie
from experts.states import (
    Attendance,
    BudgetFunction,
    Category,
    ConflictKind,
    Division,
    DutyRating,
    Education,
    EntryRoute,
    ExitKind,
    Gender,
    ReviewState,
)
from experts.workflow import EXPERT
from projects.states import Industry

OFFICER, APPROVER = "xu.wenjing", "lin.guoqiang"
HISTORY = ("第三方绩效评价服务采购", "养老服务补贴绩效评价采购", "城区绿化养护绩效评价采购")
PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
ALL_DECLARED = tuple(key for key, _words, _rule in DECLARATIONS)


def keep_pool(world: Stage) -> None:
    """Act out what keeping the pool brings, from two years ago until today."""
    _committees(world)
    _rate(world)
    _ties_and_changes(world)
    _suspend_and_leave(world)
    _fees(world)
    _applications(world)


def _free(uow: UnitOfWork, count: int) -> list[Expert]:
    """Return experts who sit in no running review, always the same for one seed."""
    busy = (
        select(Seat.expert_id)
        .join(Review, Review.id == Seat.review_id)
        .where(Review.state.in_((ReviewState.INVITING, ReviewState.SCORING, ReviewState.SCORED)))
    )
    rows = select(Expert).where(Expert.id.not_in(busy)).order_by(Expert.id)
    return list(uow.session.scalars(rows.limit(count)).unique())


def _points(total: int) -> dict[str, Decimal]:
    """Return a rating that adds up to so many points."""
    skill, fairness, discipline = (total * 40 + 50) // 100, (total * 30 + 50) // 100, (total * 20 + 50) // 100
    rest = total - skill - fairness - discipline
    parts = {"skill": skill, "fairness": fairness, "discipline": discipline, "timeliness": rest}
    return {key: Decimal(value) for key, value in parts.items()}


def _committees(world: Stage) -> None:
    """Let some have judged bids before: one of them excellently, one badly."""
    with world.at_desk(OFFICER, days=-12) as uow:
        experts = _free(uow, 30)
        for place, expert in enumerate(experts):
            scores = [91 + place % 7, 84 + place % 9][: 1 + place % 2]
            if place == 0:
                scores = [93, 95, 92, 96, 94, 91, 97, 93, 95, 94]
            elif place == 1:
                scores = [58, 52, 61]
            for number, score in enumerate(scores):
                _judged(uow, expert, (place, number), score)


def _judged(uow: UnitOfWork, expert: Expert, which: tuple[int, int], score: int) -> None:
    place, number = which
    held = uow.today - timedelta(days=30 * number + place % 10)
    words = "" if score >= 60 else "评分理由过于简单，多次催办后才提交"
    rating = DutyRating.GOOD if score >= 80 else DutyRating.ORDINARY if score >= 60 else DutyRating.POOR
    keep_duty(
        uow,
        expert.user_id,
        Duty(
            source=f"committee-seat:history-{place}-{number}",
            number=f"CHZC-{held.year}-{100 + 7 * number + place % 7}",
            title=HISTORY[number % len(HISTORY)],
            held_on=held,
            rating=rating,
            remark=words,
            fee=Decimal(0) if place < 20 or number else Decimal(600 + 100 * (place % 4)),
            points=_points(score),
        ),
    )


def _rate(world: Stage) -> None:
    """Rate the panels of the decided reviews; those just scored still wait."""
    with world.at_desk(OFFICER, days=-8) as uow:
        decided = (ReviewState.PASSED, ReviewState.RETURNED)
        rows = select(Review).where(Review.state.in_(decided)).order_by(Review.meets_at)
        for review in uow.session.scalars(rows).unique():
            ratings = {}
            for place, seat in enumerate(rated_seats(uow, review)):
                late = place == 4
                ratings[seat] = Rating(
                    Attendance.LATE if late else Attendance.ATTENDED,
                    _points(78 if late else 95 - 3 * place),
                    review.fee if seat.sheet is None or seat.sheet.locked_at else Decimal(0),
                    remark="迟到二十分钟" if late else "",
                )
            rate_panel(uow, review, ratings)


def _ties_and_changes(world: Stage) -> None:
    with world.at_desk(OFFICER, days=-30) as uow:
        experts = _free(uow, 60)[30:]
        agencies = [one.organisation_id for one in world.agencies]
        told = (
            (ConflictKind.COACHING, "指导过该机构的指标体系设计", None),
            (ConflictKind.DIRECTORSHIP, "任该机构独立董事，本年届满", uow.today + timedelta(days=600)),
            (ConflictKind.KINSHIP, "配偶在该机构任项目经理", None),
            (ConflictKind.PAST_WORK, "去年与该机构合作完成课题", uow.today + timedelta(days=700)),
        )
        for place, (kind, reason, until) in enumerate(told):
            body = uow.session.get_one(Organisation, agencies[3 * place])
            note_tie(uow, experts[place], body, kind=kind, reason=reason, expires_on=until)
        moved, moving = experts[10], experts[11]
    with world.at_desk(moved.user, days=-20) as uow:
        one = uow.session.get_one(Expert, moved.id)
        change = report_change(
            uow, one, {"employer": "望江区审计局", "position": "总审计师"}, changed_on=uow.today - timedelta(days=5)
        )
    with world.at_desk(OFFICER, days=-18) as uow:
        confirm_change(uow, uow.session.get_one(type(change), change.id), "已核对调令")
    with world.at_desk(moving.user, days=-1) as uow:
        one = uow.session.get_one(Expert, moving.id)
        report_change(
            uow,
            one,
            {"employer": "松岑大学公共管理学院", "telephone": "13900008888"},
            changed_on=uow.today - timedelta(days=16),
            note="已办理调动，附调令编号松人〔2026〕18号",
        )


def _suspend_and_leave(world: Stage) -> None:
    with world.at_desk(OFFICER, days=-15) as uow:
        experts = _free(uow, 70)[60:]
        EXPERT.fire(uow, experts[0], "suspend", reason="本人申请赴外地挂职半年，期间不参加抽取")
        leave_pool(uow, experts[1], ExitKind.REQUEST, "因健康原因书面申请退出")


def _fees(world: Stage) -> None:
    """Let most enter an account, pay an older list, and leave one list to be approved and some fees to be listed."""
    with world.at_desk(OFFICER, days=-7) as uow:
        waiting = {one.duty.expert_id: one.duty.expert.user for one in due_fees(uow)}
        people = sorted(waiting.items(), key=lambda item: str(item[0]))
    for number, (expert_id, user) in enumerate(people[:-3]):
        with world.at_desk(user, days=-6.5) as uow:
            expert = uow.session.get_one(Expert, expert_id)
            account = f"62179{number:03d}00{expert.birth_year}{1000 + number}"
            data = PayData(_identity(expert, number), user.name, "澄湖农村商业银行景明支行", account)
            enter_account(uow, expert, data, repeated=account)
    for days, share in ((-6, slice(0, 14)), (-2, slice(0, 9))):
        with world.at_desk(OFFICER, days=days) as uow:
            ready = [one.duty.id for one in due_fees(uow) if one.has_account]
            row = draw_up(uow, ready[share], uow.today)
        if days == -6:
            with world.at_desk(APPROVER, days=-5) as uow:
                approve(uow, uow.session.get_one(type(row), row.id))
            with world.at_desk(OFFICER, days=-4) as uow:
                mark_paid(uow, uow.session.get_one(type(row), row.id), uow.today)


def _identity(expert: Expert, number: int) -> str:
    """Return an invented identity number of a district that does not exist, with its right check sign."""
    first = f"319999{expert.birth_year}{1 + number % 12:02d}{1 + number % 28:02d}{number:03d}"
    total = sum(weight * int(sign) for weight, sign in zip(WEIGHTS, first, strict=True))
    return first + CHECKS[total % 11]


CANDIDATES = (
    ("陆清和", "教授", "澄湖财经大学公共经济学院", Category.SCHOLAR, Industry.P, 48),
    ("程以宁", "高级工程师", "临浦市政设计研究院", Category.COST, Industry.E, 44),
    ("秦望舒", "会计师", "云汀会计师事务所", Category.FINANCE, Industry.L, 37),
    ("柏延年", "研究员", "石渠农业科学院", Category.INDUSTRY, Industry.A, 67),
)


def _applications(world: Stage) -> None:
    """Let people apply, be recommended and be invited, in every state but admission, which the library shows."""
    with world.at_desk("fang.min", days=-9) as uow:
        unit = min(uow.actor.organisations_as(*uow.actor.roles), key=str)
        reason = "多年参与本区义务教育项目论证"
        recommended = start_application(
            uow,
            name=CANDIDATES[1][0],
            email="chengyining@linpu.example",
            route=EntryRoute.RECOMMENDATION,
            reason=reason,
            unit_id=unit,
        )
    with world.at_desk(None, days=-8) as uow:
        own = [
            start_application(uow, name=name, email=f"candidate{place}@chenghu.example", route=EntryRoute.APPLICATION)
            for place, (name, *_rest) in enumerate(CANDIDATES)
            if place != 1
        ]
    with world.at_desk(OFFICER, days=-7) as uow:
        start_application(
            uow,
            name="闻人语",
            email="wenrenyu@songcen.example",
            route=EntryRoute.INVITATION,
            reason="市级预算绩效专家，区内缺少此专业",
        )
    filled = _filled(world, [one for one in (own[0], recommended, own[1], own[2]) if one is not None])
    with world.at_desk(OFFICER, days=-3) as uow:
        send_back(uow, uow.session.get_one(ExpertApplication, filled[2]), "请补充从业年限的证明")
        reject(uow, uow.session.get_one(ExpertApplication, filled[3]), "所报专业本区专家已较充足")


def _filled(world: Stage, applications: Iterable[ExpertApplication]) -> list[uuid.UUID]:
    done: list[uuid.UUID] = []
    for place, application in enumerate(applications):
        name, title, employer, category, industry, age = CANDIDATES[place]
        with world.at_desk(None, days=-5 + place / 10) as uow:
            entry = ExpertEntry(
                name=name,
                email=application.email,
                telephone=f"1380000{2000 + place}",
                employer=employer,
                professional_title=title,
                birth_year=uow.today.year - age,
                field_since=uow.today.year - (age - 26 if place != 2 else 6),
                is_retired=age > 65,
                gender=Gender.WOMAN if place % 2 else Gender.MAN,
                education=Education.MASTER,
                industries=(industry,),
                divisions=tuple(one for one in Division if one.section is industry)[:1],
                functions=(BudgetFunction.EDUCATION,) if industry is Industry.P else (),
                categories=(category,),
                speciality="财政支出绩效评价",
                appointed_on=uow.today,
                appointed_until=uow.today,
            )
            proof = FileStorage(io.BytesIO(PICTURE), filename=f"{title}证书.png")
            submit_application(
                uow,
                uow.session.get_one(ExpertApplication, application.id),
                entry,
                declared=ALL_DECLARED,
                introduction="主持或者参与区级以上绩效评价二十余项，熟悉预算绩效管理制度。",
                files=[proof],
            )
        done.append(application.id)
    return done
