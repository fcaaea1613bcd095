"""The date ruler while dates are being typed: what would follow from them, before anything is saved."""

from __future__ import annotations

from datetime import date, datetime

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from core.clock import SHANGHAI
from core.http.guard import requires
from core.unit_of_work import UnitOfWork
from procurement.drafting.dates import RulerDate, ruler
from procurement.models import Tender
from procurement.permissions import TenderPermission
from procurement.queries.tenders import load_tender

dates = Blueprint("dates", __name__, url_prefix="/tenders/<uuid:tender_id>/ruler")


@dates.get("")
@requires(TenderPermission.EDIT, load_tender, see=TenderPermission.READ)
def show(uow: UnitOfWork, tender: Tender) -> ResponseReturnValue:
    """Return the ruler for the dates in the address; what is no date counts as not yet typed."""
    typed = ruler_for(
        uow,
        tender,
        notice_on=_day(request.args.get("notice_on")),
        documents_until=_day(request.args.get("documents_until")),
        deadline=_moment(request.args.get("deadline")),
        service_until=_day(request.args.get("service_until")),
    )
    return render_template("procurement/tender/ruler.html", dates=typed)


def ruler_for(
    uow: UnitOfWork,
    tender: Tender,
    *,
    notice_on: date | None,
    documents_until: date | None,
    deadline: datetime | None,
    service_until: date | None,
) -> list[RulerDate]:
    """Return the ruler as it would be with these dates; `deadline` is a clock time in Shanghai. Nothing is stored."""
    imagined = Tender(
        method=tender.method,
        evaluation=tender.evaluation,
        published_at=tender.published_at,
        notice_on=notice_on,
        documents_until=documents_until,
        deadline=deadline.replace(tzinfo=SHANGHAI) if deadline else None,
        service_until=service_until,
    )
    return ruler(uow, imagined)


def _day(text: str | None) -> date | None:
    try:
        return _plausible(date.fromisoformat(text or ""))
    except ValueError:
        return None


def _moment(text: str | None) -> datetime | None:
    try:
        found = datetime.fromisoformat(text or "").replace(tzinfo=None)
    except ValueError:
        return None
    return found if _plausible(found.date()) else None


def _plausible(day: date) -> date | None:
    """A date half typed (year 2 or 20) is none; periods are counted on the calendar of real years."""
    return day if 2000 <= day.year <= 2099 else None
