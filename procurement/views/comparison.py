"""The bids of a lot side by side, for the purchaser and for members of the committee, with a spreadsheet."""

from __future__ import annotations

import io

from flask import Blueprint, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from core.http.guard import requires
from core.i18n import _
from core.unit_of_work import UnitOfWork
from procurement.models import CommitteeSeat, Lot, Tender
from procurement.permissions import TenderPermission
from procurement.queries.awards import load_seat, load_tender
from procurement.queries.standings import standings_of
from procurement.reading import COMPARISON, note_reading
from procurement.services.comparison import SHOWS_POINTS, Comparison, compare, comparison_xlsx
from procurement.services.concluding import results_of
from procurement.views.examination import crumbs_of

comparison = Blueprint("comparison", __name__)


@comparison.get("/tenders/<uuid:tender_id>/comparison")
@requires(TenderPermission.READ_RESULT, load_tender, see=TenderPermission.READ)
def show(uow: UnitOfWork, tender: Tender) -> ResponseReturnValue:
    """Compare a lot's bids on one page."""
    note_reading(uow, tender, what=COMPARISON)
    return _page(uow, tender, url_for("comparison.show", tender_id=tender.id), None)


@comparison.get("/tenders/<uuid:tender_id>/comparison.xlsx")
@requires(TenderPermission.READ_RESULT, load_tender, see=TenderPermission.READ)
def sheet(uow: UnitOfWork, tender: Tender) -> ResponseReturnValue:
    """Download the comparison, with every member's points once they may be seen."""
    note_reading(uow, tender, what=COMPARISON)
    return _sheet(uow, tender)


@comparison.get("/evaluations/<uuid:seat_id>/comparison")
@requires(TenderPermission.SCORE, load_seat, see=TenderPermission.SIT)
def seat(uow: UnitOfWork, seat: CommitteeSeat) -> ResponseReturnValue:
    """Compare the bids as a member: the offers while judging, the points once they are added up."""
    note_reading(uow, seat, seat.tender, what=COMPARISON)
    return _page(uow, seat.tender, url_for("comparison.seat", seat_id=seat.id), seat)


@comparison.get("/evaluations/<uuid:seat_id>/comparison.xlsx")
@requires(TenderPermission.SCORE, load_seat, see=TenderPermission.SIT)
def seat_sheet(uow: UnitOfWork, seat: CommitteeSeat) -> ResponseReturnValue:
    """Download what the member sees."""
    note_reading(uow, seat, seat.tender, what=COMPARISON)
    return _sheet(uow, seat.tender)


def _page(uow: UnitOfWork, tender: Tender, base: str, seat: CommitteeSeat | None) -> str:
    lot, found = _asked(uow, tender)
    only = request.args.get("only") == "differences"
    if seat is None:
        crumbs = crumbs_of(tender, _("投标对比"))
    else:
        crumbs = [
            (_("我的评标"), url_for("evaluations.index")),
            (tender.number, url_for("evaluations.show", seat_id=seat.id)),
            (_("投标对比"), None),
        ]
    return render_template(
        "procurement/comparison/show.html",
        tender=tender,
        seat=seat,
        lot=lot,
        comparison=found.only_differences() if only else found,
        only=only,
        base=base,
        shows_points=tender.state in SHOWS_POINTS,
        crumbs=crumbs,
    )


def _sheet(uow: UnitOfWork, tender: Tender) -> ResponseReturnValue:
    lot, found = _asked(uow, tender)
    data = comparison_xlsx(found, title=_("投标对比"))
    return send_file(
        io.BytesIO(data), as_attachment=True, download_name=f"{_('投标对比')}-{tender.number}-{lot.position}.xlsx"
    )


def _asked(uow: UnitOfWork, tender: Tender) -> tuple[Lot, Comparison]:
    """Return the lot that was asked for, the first one otherwise, and its comparison."""
    position = request.args.get("lot", type=int)
    lot = next((one for one in tender.lots if one.position == position), tender.lots[0])
    standings = standings_of(uow, tender)
    results = results_of(uow, tender, standings) if tender.state in SHOWS_POINTS else []
    result = next((one for one in results if one.lot.id == lot.id), None)
    return lot, compare(uow, tender, standings, result, lot)
