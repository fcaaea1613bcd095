"""The dates of an engagement: derived from the contract, noted as done, moved with consent.

R-PERF-09, R-AGENCY.dates.
"""

from __future__ import annotations

from datetime import date

from agencies.models import Engagement, Milestone
from agencies.queries.following import ORDER, milestones_of
from agencies.schedule import SHARED, DateRules, due_dates, postponed
from agencies.states import EngagementState, MilestoneKind
from core.errors import Refusal, Refused
from core.i18n import _l
from core.parameters import overrides
from core.unit_of_work import UnitOfWork
from core.work_calendar import work_calendar

BY_HAND = (MilestoneKind.COLLECTION, MilestoneKind.VISIT)
"""Steps that the agency itself calls done; the others are done by what is handed in."""


def date_rules(uow: UnitOfWork) -> DateRules:
    """Read where milestones lie, with the bureau's local values."""
    book, local = uow.house.rules, overrides(uow)
    shares: dict[MilestoneKind, int] = {
        kind: int(book.number("R-AGENCY.dates", f"{kind.value}_share", on=uow.today, overrides=local))
        for kind in SHARED
    }
    return DateRules(shares, book.whole("R-AGENCY.dates", "archive_days", on=uow.today, overrides=local))


def plan_milestones(uow: UnitOfWork, engagement: Engagement) -> None:
    """Give a new engagement its dates."""
    days = due_dates(engagement.begins_on, engagement.due_on, date_rules(uow), work_calendar(uow))
    for kind, day in days.items():
        uow.add(Milestone(engagement_id=engagement.id, kind=kind, planned_on=day, due_on=day, done_on=None))
    uow.session.flush()


def reached(uow: UnitOfWork, engagement: Engagement, kind: MilestoneKind) -> None:
    """Note that a step is done today, and with it every step before it; what was done earlier stays as it is."""
    for one in milestones_of(uow, engagement):
        if one.done_on is None and ORDER.index(one.kind) <= ORDER.index(kind):
            one.done_on = uow.today
    uow.session.flush()


def reopened(uow: UnitOfWork, engagement: Engagement, kind: MilestoneKind) -> None:
    """Note that a step is to be done again: a new draft asks for comments once more, for instance."""
    for one in milestones_of(uow, engagement):
        if one.kind is kind:
            one.done_on = None
    uow.session.flush()


def mark_done(uow: UnitOfWork, engagement: Engagement, kind: MilestoneKind) -> None:
    """Note by hand that data are collected or the site work is over.

    Raises `Refused` for other steps, and before the evaluation may begin (R-AGENCY-09).
    """
    uow.lock(engagement)
    if kind not in BY_HAND:
        raise Refused(Refusal(_l("这一步随材料提交自动记为完成")))
    ensure_under_way(engagement)
    rows = {one.kind: one for one in milestones_of(uow, engagement)}
    if kind not in rows or rows[kind].done_on is not None:
        raise Refused(Refusal(_l("这一步已经记为完成")))
    reached(uow, engagement, kind)
    uow.record("engagement.reach", engagement, after={"milestone": kind.value})


def ensure_under_way(engagement: Engagement) -> None:
    """Raise `Refused` unless data may be collected: plan and indicators passed, and the work is not over."""
    if engagement.state is EngagementState.PREPARING:
        raise Refused(Refusal(_l("评价方案和指标体系通过后才能采集资料、开展现场调查"), rule_id="R-AGENCY-09"))
    if engagement.state in (EngagementState.CLOSED, EngagementState.TERMINATED):
        raise Refused(Refusal(_l("评价委托已经结束")))


def postpone(uow: UnitOfWork, engagement: Engagement, kind: MilestoneKind, to: date) -> None:
    """Move a step and what follows it to later days; the caller has the bureau's consent."""
    rows = {one.kind: one for one in milestones_of(uow, engagement)}
    done = [one for one, row in rows.items() if row.done_on is not None]
    for one, day in postponed({key: row.due_on for key, row in rows.items()}, kind, to, done=done).items():
        rows[one].due_on = day
    uow.session.flush()
