"""A late task of last year whose score a recorded act of misconduct has vetoed: D by itself (R-GRADE.veto, .D1)."""

from __future__ import annotations

import base64
import io
from datetime import date, timedelta
from decimal import Decimal

from werkzeug.datastructures import FileStorage

from agencies.models import ConductCase, Engagement
from agencies.services.conduct import CaseEntry, open_case, record_case, state_case
from agencies.states import ConductCode, EngagementState, HonestyStep
from core.clock import shanghai
from core.records import plain
from core.unit_of_work import UnitOfWork
from grading.demonstration.stage import World
from grading.models import TaskScore
from grading.rating_rows import GivenRating
from grading.services.scoring import veto_ground
from grading.services.task_ratings import write_ratings

OFFICER, DECIDER = "xu.wenjing", "gao.peng"
PLACE = 17
"""The agency it happened to, by its place in the library."""

PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
RATINGS = {"plan": 74, "team": 70, "process": 68, "report": 61, "timeliness": 80, "archive": 75}


def act(world: World) -> None:
    """Record the act, then confirm the score that it vetoes."""
    agency, manager = world.agencies[PLACE], world.managers[PLACE]
    year = world.now.year - 1
    due = date(year, 12, 20)
    with world.at_desk(OFFICER, days=-18) as uow:
        work = uow.add(
            Engagement(
                number=f"评委〔{year}〕{PLACE + 1}-9号",
                project=world.projects[-1],
                agency=agency.organisation,
                source=f"archive:{year}-late",
                amount=Decimal(126000),
                begins_on=due - timedelta(days=75),
                due_on=due,
                state=EngagementState.CLOSED,
                opened_at=shanghai(due - timedelta(days=80), 10),
                system_id=None,
            )
        )
        uow.session.flush()
        facts = "三处现场照片系从其他项目报告复制，评价小组未到现场，底稿没有访谈记录。"
        happened = due - timedelta(days=10)
        entry = CaseEntry(ConductCode.NO_PROCEDURES, happened, facts, HonestyStep.MAJOR, "报告复核时发现照片重复", work)
        proof = FileStorage(io.BytesIO(PICTURE), filename="照片比对.png")
        case = open_case(uow, agency, entry, [proof])
    with world.at_desk(manager, days=-14) as uow:
        words = "项目组当时人手不足，照片由合作单位提供，未作核实，接受处理。"
        state_case(uow, uow.session.get_one(ConductCase, case.id), words)
    with world.at_desk(DECIDER, days=-11) as uow:
        words = "机构承认未到现场。未履行程序即出具报告，属禁止行为，认定为较重失信。"
        record_case(uow, uow.session.get_one(ConductCase, case.id), HonestyStep.MAJOR, words)
    with world.at_desk(DECIDER, days=-0.5) as uow:
        _vetoed(uow, uow.session.get_one(Engagement, work.id), year)


def _vetoed(uow: UnitOfWork, work: Engagement, year: int) -> None:
    score = uow.add(
        TaskScore(
            engagement_id=work.id,
            agency_id=work.agency_id,
            amount=work.amount,
            sector=work.project.sector,
            year=year,
            score=Decimal(0),
            parts=plain({"points": {}, "rules": "2026"}),
            veto=veto_ground(uow, work),
            decided_by_id=uow.actor.user_id,
            decided_at=uow.now,
        )
    )
    write_ratings(uow, score, [GivenRating(key, "bureau", Decimal(value), None) for key, value in RATINGS.items()])
