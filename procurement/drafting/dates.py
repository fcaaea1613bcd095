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
    """Return the day from which periods run: that of the publication, or the planned one, never before today."""
    if tender.published_at is not None:
        return tender.notice_on or tender.published_at.astimezone(SHANGHAI).date()
    return max(tender.notice_on or uow.today, uow.today)


def deadline_day(tender: Tender) -> date | None:
    """Return the civil date of the deadline in Shanghai."""
    return tender.deadline.astimezone(SHANGHAI).date() if tender.deadline else None


def periods(uow: UnitOfWork, start: date) -> Periods:
    """Return the periods that the rules attach to a notice of this day."""
    calendar, book = work_calendar(uow), uow.house.rules
    notice = derive("R-TENDER-01", start, calendar, book)
    documents = derive("R-TENDER-03", start, calendar, book)
    bidding = derive("R-TENDER-04", start, calendar, book)
    return Periods(
        notice_from=start,
        notice_until=notice.last_day,
        documents_at_least_until=documents.last_day,
        deadline_at_least=bidding.last_day,
        provisional=notice.provisional or documents.provisional,
    )


def ruler(uow: UnitOfWork, tender: Tender) -> list[RulerDate]:
    """Return every date of the tender that is chosen or follows, in the order of the calendar."""
    calendar = work_calendar(uow)
    start = notice_day(uow, tender)
    runs = periods(uow, start)
    found = [
        RulerDate(_l("发布招标公告"), start, chosen=True),
        RulerDate(_l("公告期限届满"), runs.notice_until, "R-TENDER-01", provisional=runs.provisional),
        RulerDate(
            _l("招标文件最早可停止提供"), runs.documents_at_least_until, "R-TENDER-03", provisional=runs.provisional
        ),
        RulerDate(_l("最早可截止投标"), runs.deadline_at_least, "R-TENDER-04"),
    ]
    if tender.documents_until:
        found.append(RulerDate(_l("招标文件提供至"), tender.documents_until, chosen=True))
    closing = deadline_day(tender)
    if closing is not None:
        found += _around(uow, calendar, closing)
    if tender.service_until:
        found.append(RulerDate(_l("服务期限至"), tender.service_until, chosen=True))
    return sorted(found, key=lambda one: one.day)


def _around(uow: UnitOfWork, calendar: WorkCalendar, closing: date) -> list[RulerDate]:
    book, on = uow.house.rules, uow.today
    clarify = closing - timedelta(days=book.whole("R-TENDER-05", "days", on=on))
    draw = calendar.subtract_working_days(closing, book.whole("R-COMM-05", "days", on=on), "R-COMM-05")
    report = derive("R-AWARD-01", closing, calendar, book, name="report_days")
    decision = derive("R-AWARD-01", report.last_day, calendar, book, name="decision_days")
    notice = derive("R-AWARD-01", decision.last_day, calendar, book, name="notice_days")
    return [
        RulerDate(_l("最后可发澄清而不顺延"), clarify, "R-TENDER-05"),
        RulerDate(_l("最早可抽取评审专家"), draw.date, "R-COMM-05", provisional=draw.provisional),
        RulerDate(_l("投标截止和开标"), closing, "R-OPEN-01", chosen=True),
        RulerDate(_l("最迟送交评标报告"), report.last_day, "R-AWARD-01", provisional=report.provisional),
        RulerDate(_l("最迟确定中标人"), decision.last_day, "R-AWARD-01", provisional=decision.provisional),
        RulerDate(_l("最迟公告中标结果"), notice.last_day, "R-AWARD-01", provisional=notice.provisional),
    ]
