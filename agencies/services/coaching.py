"""Coaching of agencies graded C: a coach is named, sessions are noted, it is closed with a conclusion (R-GRADE.C)."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from agencies.addresses import coaching_page
from agencies.consequences import ConsequenceKind
from agencies.models import Agency, Coaching, CoachingSession
from agencies.notifications import COACHING_BEGUN
from agencies.permissions import StandingPermission
from agencies.queries.standing import standing_of
from agencies.states import CoachingState
from agencies.workflow import COACHING
from core.errors import Forbidden, Refusal, Refused
from core.i18n import _l
from core.identity.people import user_ids_with
from core.identity.roles import Role
from core.notifications.send import notify
from core.permissions import policy
from core.unit_of_work import UnitOfWork

RULE = "R-GRADE.C"


def begin_coaching(uow: UnitOfWork, agency: Agency, coach: str, topics: str = "") -> Coaching:
    """Name a coach for an agency whose newest grade is C. Raises `Forbidden`, or `Refused` for another, or twice."""
    _ensure(uow)
    uow.lock(agency)
    known = standing_of(uow, agency)
    refusals = []
    if not known.has(ConsequenceKind.COACHED) or known.grade is None:
        refusals.append(Refusal(_l("最近一次公布的等级不是 C 级，不列入辅导名单"), rule_id=RULE))
    if not coach.strip():
        refusals.append(Refusal(_l("请写明辅导人和所在单位"), rule_id=RULE, field="coach"))
    year = known.grade.year if known.grade else 0
    if uow.session.scalar(select(Coaching.id).where(Coaching.agency_id == agency.id, Coaching.year == year)):
        refusals.append(Refusal(_l("已经安排辅导"), rule_id=RULE, field="coach"))
    if refusals:
        raise Refused(*refusals)
    row = uow.add(
        Coaching(
            agency_id=agency.id,
            year=year,
            coach=coach.strip(),
            topics=topics.strip(),
            state=CoachingState.RUNNING,
            begun_at=uow.now,
            begun_by_id=uow.actor.user_id,
            closed_at=None,
        )
    )
    uow.session.flush()
    uow.session.refresh(row)
    uow.record("coaching.begin", row, after={"year": year, "coach": row.coach})
    managers = user_ids_with(uow, Role.AGENCY_MANAGER, organisation_id=agency.organisation_id)
    notify(uow, COACHING_BEGUN, managers, url=coaching_page(row.id), params={"coach": row.coach, "year": str(year)})
    return row


def note_session(uow: UnitOfWork, coaching: Coaching, held_on: date | None, notes: str) -> CoachingSession:
    """Note a session. Raises `Forbidden`, or `Refused` for a day ahead, without words, or once closed."""
    _ensure(uow)
    uow.lock(coaching)
    refusals = []
    if coaching.state is not CoachingState.RUNNING:
        refusals.append(Refusal(_l("辅导已经结束"), rule_id=RULE))
    if held_on is None or held_on > uow.today:
        refusals.append(Refusal(_l("请填写辅导日期，不能晚于今天"), field="held_on"))
    if not notes.strip():
        refusals.append(Refusal(_l("请写明辅导内容和改进要求"), rule_id=RULE, field="notes"))
    if refusals or held_on is None:
        raise Refused(*refusals)
    row = uow.add(
        CoachingSession(
            coaching_id=coaching.id,
            held_on=held_on,
            notes=notes.strip(),
            noted_by_id=uow.actor.user_id,
            noted_at=uow.now,
        )
    )
    uow.session.flush()
    uow.session.expire(coaching, ["sessions"])
    uow.record("coaching.session", coaching, after={"held_on": held_on})
    return row


def close_coaching(uow: UnitOfWork, coaching: Coaching, conclusion: str) -> None:
    """Close a coaching with its conclusion. Raises `Forbidden`, or `Refused` without words or any session."""
    refusals = []
    if not coaching.sessions:
        refusals.append(Refusal(_l("还没有记录辅导，不能结束"), rule_id=RULE))
    if not conclusion.strip():
        refusals.append(Refusal(_l("请写明辅导的效果和结论"), rule_id=RULE, field="conclusion"))
    if refusals:
        raise Refused(*refusals)
    COACHING.fire(uow, coaching, "close", assign={"conclusion": conclusion.strip()})


def _ensure(uow: UnitOfWork) -> None:
    decision = policy.decide(uow.actor, StandingPermission.COACH)
    if not decision:
        raise Forbidden(decision.reason)
