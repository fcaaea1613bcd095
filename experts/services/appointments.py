"""Terms: first appointments, renewals, and whose term ends (R-EXP.term)."""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select

from core.errors import Forbidden, Refusal, Refused
from core.i18n import Text, _l
from core.notifications.send import notify
from core.permissions import policy
from core.unit_of_work import UnitOfWork
from experts.addresses import my_file_page
from experts.admission import age_limit
from experts.appraisal import Verdict
from experts.models import Appointment, Expert
from experts.notifications import RENEWED
from experts.permissions import ExpertPermission
from experts.pool_rules import pool_rules
from experts.queries.appraisals import appraisals
from experts.services.numbers import next_number
from experts.states import AppointmentKind, ExpertState

AHEAD = timedelta(days=90)
"""How long before its end a term may be renewed."""


@dataclass(frozen=True)
class Renewable:
    """Somebody whose term ends soon or has ended, and what speaks against renewing it (empty: nothing)."""

    expert: Expert
    obstacles: Sequence[Refusal]


def note_appointment(
    uow: UnitOfWork, expert: Expert, kind: AppointmentKind, *, begins_on: date | None = None
) -> Appointment:
    """Keep the expert's present term with a number for its certificate (R-EXP-06); a renewal says since when."""
    return uow.add(
        Appointment(
            expert_id=expert.id,
            expert=expert,
            number=next_number(uow, Appointment.number, "聘"),
            kind=kind,
            begins_on=begins_on or expert.appointed_on,
            ends_on=expert.appointed_until,
            decided_at=uow.now,
            decided_by_id=uow.actor.user_id,
        )
    )


def terms_of(uow: UnitOfWork, expert: Expert) -> Sequence[Appointment]:
    """Return an expert's terms, newest first."""
    rows = select(Appointment).where(Appointment.expert_id == expert.id)
    return uow.session.scalars(rows.order_by(Appointment.begins_on.desc(), Appointment.number.desc())).all()


def term_from(begins: date, years: int) -> date:
    """Return the last day of a term of so many years."""
    year = begins.year + years
    last = min(begins.day, calendar.monthrange(year, begins.month)[1])
    return date(year, begins.month, last) - timedelta(days=1)


def renewables(uow: UnitOfWork, *, only: Sequence[Expert] | None = None) -> list[Renewable]:
    """Return everybody (or `only` these) whose term ends within three months or has ended, soonest first."""
    rows = only
    if rows is None:
        query = select(Expert).where(
            Expert.state.in_((ExpertState.ACTIVE, ExpertState.SUSPENDED)), Expert.appointed_until <= uow.today + AHEAD
        )
        rows = uow.session.scalars(query.order_by(Expert.appointed_until, Expert.id)).unique().all()
    rules, appraised = pool_rules(uow), appraisals(uow, rows)
    found = []
    for one in rows:
        obstacles = []
        age = uow.today.year - one.birth_year
        most = age_limit(is_retired=one.is_retired, limits=rules.limits)
        if age > most:
            words: Text = _l("年龄%(age)s岁，超过%(most)s周岁", age=age, most=most)
            obstacles.append(Refusal(words, rule_id="R-EXP.age"))
        if appraised[one.id].verdict is Verdict.EXIT:
            obstacles.append(Refusal(_l("履职评分平均不合格，应当退出"), rule_id="R-EXP.exit"))
        if one.state is ExpertState.SUSPENDED:
            obstacles.append(Refusal(_l("暂停期间不能续聘"), rule_id="R-EXP.suspension"))
        found.append(Renewable(one, obstacles))
    return found


def renew(uow: UnitOfWork, experts: Sequence[Expert]) -> list[Appointment]:
    """Renew the terms of these experts from the day after their end (or from today when they have ended).

    Raises `Refused` naming everybody who cannot be renewed; then nobody is.
    """
    decision = policy.decide(uow.actor, ExpertPermission.EDIT)
    if not decision:
        raise Forbidden(decision.reason)
    for one in experts:
        uow.lock(one)
    checked = renewables(uow, only=experts)
    refusals = [
        Refusal(_l("%(name)s：%(reason)s", name=one.expert.user.name, reason=why.reason), rule_id=why.rule_id)
        for one in checked
        for why in one.obstacles
    ]
    refusals += [
        Refusal(_l("%(name)s的聘期还早，到期前三个月内才能续聘", name=one.expert.user.name), rule_id="R-EXP.term")
        for one in checked
        if one.expert.appointed_until > uow.today + AHEAD
    ]
    if not experts:
        refusals.append(Refusal(_l("请先选择要续聘的专家")))
    if refusals:
        raise Refused(*refusals)
    years, made = pool_rules(uow).term_years, []
    for one in experts:
        begins = max(uow.today, one.appointed_until + timedelta(days=1))
        if one.appointed_until < uow.today:
            one.appointed_on = begins  # they were out in between; a term that follows on goes on
        one.appointed_until = term_from(begins, years)
        made.append(note_appointment(uow, one, AppointmentKind.RENEWAL, begins_on=begins))
        uow.record("expert.renew", one, after={"until": one.appointed_until})
        words = {"until": one.appointed_until.isoformat(), "number": made[-1].number}
        notify(uow, RENEWED, [one.user_id], url=my_file_page(), params=words)
    uow.session.flush()
    return made
