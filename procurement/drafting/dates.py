"""The dates of a tender that follow from rules, counted on the work calendar (R-TENDER-01, 03, 04, 05, R-COMM-05)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from core.clock import SHANGHAI
from core.deadlines import derive
from core.i18n import Text, _l
from core.unit_of_work import UnitOfWork
from core.work_calendar import work_calendar
from core.workdays import WorkCalendar
from procurement.methods import rules_of, words_of
from procurement.models import Tender


@dataclass(frozen=True)
class RulerDate:
    """One date of the ruler: what falls on it, the rule it follows from, whether it was chosen or derived.

    `provisional` says that the calendar of that year is not yet official.
    """

    title: Text
    day: date
    rule_id: str | None = None
    chosen: bool = False
    provisional: bool = False


@dataclass(frozen=True)
class Periods:
    """The periods that run from the notice: its end, the earliest ends of documents and bidding."""

    notice_from: date
    notice_until: date
    documents_at_least_until: date
    deadline_at_least: date
    provisional: bool


def notice_day(uow: UnitOfWork, tender: Tender) -> date:
    """Return the day from which periods run: that of the publication, or the planned one, never before today.

    Where the notice was registered in the designated medium, its first day there counts (R-NOTICE-01).
    """
    if tender.published_at is not None:
        if tender.external_notice_at is not None:
            return tender.external_notice_at.astimezone(SHANGHAI).date()
        return tender.notice_on or tender.published_at.astimezone(SHANGHAI).date()
    return max(tender.notice_on or uow.today, uow.today)


def deadline_day(tender: Tender) -> date | None:
    """Return the civil date of the deadline in Shanghai."""
    return tender.deadline.astimezone(SHANGHAI).date() if tender.deadline else None


def periods(uow: UnitOfWork, tender: Tender, start: date) -> Periods:
    """Return the periods that the method's rules attach to a notice of this day; a period it has not ends at once."""
    calendar, book = work_calendar(uow), uow.house.rules
    rules = rules_of(tender)
    notice, documents, bidding = (
        derive(one.rule_id, start, calendar, book, name=one.name) if one else None
        for one in (rules.notice, rules.documents, rules.response)
    )
    return Periods(
        notice_from=start,
        notice_until=notice.last_day if notice else start,
        documents_at_least_until=documents.last_day if documents else start,
        deadline_at_least=bidding.last_day if bidding else start,
        provisional=any(one.provisional for one in (notice, documents, bidding) if one),
    )


def ruler(uow: UnitOfWork, tender: Tender) -> list[RulerDate]:
    """Return every date of the tender that is chosen or follows, in the order of the calendar."""
    calendar = work_calendar(uow)
    start = notice_day(uow, tender)
    runs = periods(uow, tender, start)
    rules, words = rules_of(tender), words_of(tender)
    found = [RulerDate(_l("发布%(notice)s", notice=words.notice), start, chosen=True)]
    ends = (
        (rules.notice, _l("公告期限届满"), runs.notice_until),
        (rules.documents, _l("%(document)s最早可停止提供", document=words.document), runs.documents_at_least_until),
        (rules.response, _l("最早可截止"), runs.deadline_at_least),
    )
    found += [RulerDate(title, day, one.rule_id, provisional=runs.provisional) for one, title, day in ends if one]
    if tender.documents_until:
        found.append(RulerDate(_l("%(document)s提供至", document=words.document), tender.documents_until, chosen=True))
    closing = deadline_day(tender)
    if closing is not None:
        found += _around(uow, tender, calendar, closing)
    if tender.service_until:
        found.append(RulerDate(_l("服务期限至"), tender.service_until, chosen=True))
    return sorted(found, key=lambda one: one.day)


def last_clarification(uow: UnitOfWork, tender: Tender, closing: date) -> date | None:
    """Return the last day on which a clarification does not move the deadline; None where the method has no limit."""
    limit = rules_of(tender).clarification
    if limit is None:
        return None
    unit = uow.house.rules.named_value(limit.rule_id, limit.name, on=uow.today).unit
    if unit == "wd":
        return work_calendar(uow).subtract_working_days(closing, limit.whole(uow), limit.rule_id).date
    return closing - timedelta(days=limit.whole(uow))


def _around(uow: UnitOfWork, tender: Tender, calendar: WorkCalendar, closing: date) -> list[RulerDate]:
    book, rules, words = uow.house.rules, rules_of(tender), words_of(tender)
    clarify = last_clarification(uow, tender, closing)
    report = derive("R-AWARD-01", closing, calendar, book, name="report_days")
    decision = derive("R-AWARD-01", report.last_day, calendar, book, name="decision_days")
    notice = derive("R-AWARD-01", decision.last_day, calendar, book, name="notice_days")
    found = []
    if rules.clarification and clarify:
        found.append(RulerDate(_l("最后可发澄清而不顺延"), clarify, rules.clarification.rule_id))
    if rules.draw:
        draw = calendar.subtract_working_days(closing, rules.draw.whole(uow), rules.draw.rule_id)
        found.append(RulerDate(_l("最早可抽取评审专家"), draw.date, rules.draw.rule_id, provisional=draw.provisional))
    closes = _l("%(closing)s和%(opening)s", closing=words.closing, opening=words.opening)
    return [
        *found,
        RulerDate(closes, closing, "R-OPEN-01", chosen=True),
        RulerDate(_l("最迟送交评审报告"), report.last_day, "R-AWARD-01", provisional=report.provisional),
        RulerDate(
            _l("最迟确定%(winner)s", winner=words.winner),
            decision.last_day,
            "R-AWARD-01",
            provisional=decision.provisional,
        ),
        RulerDate(
            _l("最迟发布%(notice)s", notice=words.result_notice),
            notice.last_day,
            "R-AWARD-01",
            provisional=notice.provisional,
        ),
    ]
