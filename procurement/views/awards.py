"""Results for everybody: public award notices with their record, and each bidder's own result."""

from __future__ import annotations

from flask import Blueprint, abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from core.documents.accept import documents_of
from core.http.guard import public, requires
from core.http.lists import asked, listing
from core.i18n import _, _p
from core.records import written
from core.unit_of_work import UnitOfWork
from procurement.methods import JUDGED
from procurement.models import Bid, Tender
from procurement.permissions import TenderPermission
from procurement.queries.awards import awarded_tenders, awards_by_tender, load_bid, load_tender
from procurement.queries.frameworks import admitted_names, framework_of, shortlists_of
from procurement.queries.pool_draw import calls_of
from procurement.queries.public_notices import result_notices
from procurement.queries.standings import BidStanding, standings_of
from procurement.services.award_papers import letter_lines, own_proof, own_score, public_hash
from procurement.services.awarding import awards_of
from procurement.services.framework_papers import admission_lines
from procurement.states import CallState, Method
from procurement.views.results import as_file, lot_award

awards = Blueprint("awards", __name__)


@awards.get("/award-notices")
@public
def index(uow: UnitOfWork) -> ResponseReturnValue:
    """List the results that are published."""
    page = listing(
        uow,
        awarded_tenders(text=asked("q")),
        sortable={"awarded": Tender.awarded_at, "title": Tender.title, "number": Tender.number},
        default="-awarded",
    )
    return render_template(
        "procurement/award/index.html",
        page=page,
        awards=awards_by_tender(uow, page.rows),
        admitted=admitted_names(uow, page.rows),
        crumbs=[(_p("list", "中标结果公告"), None)],
    )


@awards.get("/award-notices/<uuid:tender_id>")
@requires(TenderPermission.READ_AWARD, load_tender, see=TenderPermission.READ_AWARD)
def show(uow: UnitOfWork, tender: Tender) -> ResponseReturnValue:
    """Show the result beside its notices: winner, amount, ranking, and the record to verify it by."""
    framework = framework_of(uow, tender) if tender.method is Method.FRAMEWORK else None
    if framework is not None:
        return redirect(url_for("public_frameworks.show", framework_id=framework.id))
    rows = awards_of(uow, tender)
    by_envelope = tender.method in JUDGED
    return render_template(
        "procurement/award/show.html" if by_envelope else "procurement/direct/result.html",
        tender=tender,
        awards=rows,
        bids={str(one.bid.id): one.bid for one in standings_of(uow, tender).bids},
        notices=result_notices(uow, tender),
        pool_calls=[one for one in calls_of(uow, tender) if one.state is CallState.INVITING],
        hashes={one.id: public_hash(one) for one in rows},
        crumbs=[(_p("list", "中标结果公告"), url_for("awards.index")), (tender.number, None)],
    )


@awards.get("/award-notices/<uuid:tender_id>/notice.pdf")
@requires(TenderPermission.READ_AWARD, load_tender, see=TenderPermission.READ_AWARD)
def notice(uow: UnitOfWork, tender: Tender) -> ResponseReturnValue:
    """Lead to the newest result notice as a paper."""
    newest = next(iter(result_notices(uow, tender)), None)
    if newest is None:
        abort(404)
    return redirect(url_for("public_notices.paper", notice_id=newest.id))


@awards.get("/award-notices/<uuid:tender_id>/record-<int:position>.json")
@requires(TenderPermission.READ_AWARD, load_tender, see=TenderPermission.READ_AWARD)
def record(uow: UnitOfWork, tender: Tender, position: int) -> ResponseReturnValue:
    """Download the public record of a lot's award, which anybody can verify."""
    row = lot_award(uow, tender, position)
    if row is None:
        abort(404)
    return as_file(written(row.public_record), "application/json", f"award-{tender.number}-{position}.json")


@awards.get("/bids/<uuid:bid_id>/result")
@requires(TenderPermission.READ_RESULT_LETTER, load_bid, see=TenderPermission.READ_BID)
def result(uow: UnitOfWork, bid: Bid) -> ResponseReturnValue:
    """Show a bidder the own result: score and rank, or why the bid fell (R-AWARD-03)."""
    standing = next(one for one in standings_of(uow, bid.tender).bids if one.bid.id == bid.id)
    won = next((one for one in awards_of(uow, bid.tender) if one.lot_id == bid.lot_id), None)
    if bid.tender.method is Method.FRAMEWORK:
        lines = _admission(uow, standing)
    else:
        lines = letter_lines(uow, bid.tender, won, standing)
    return render_template(
        "procurement/award/result.html",
        bid=bid,
        standing=standing,
        won=won,
        own=own_score(won, bid) if won else None,
        lines=lines,
        proofs=own_proof(won, bid) if won else [],
        letters=[
            {
                "name": one.name,
                "size": one.size,
                "at": one.added_at,
                "url": url_for("documents.download", document_id=one.id),
            }
            for one in documents_of(uow, bid, "result-letter")
        ],
        crumbs=[
            (_("我的投标"), url_for("bids.index")),
            (bid.tender.number, url_for("bids.show", bid_id=bid.id)),
            (_("评标结果"), None),
        ],
    )


def _admission(uow: UnitOfWork, standing: BidStanding) -> list[str]:
    """Return what a bidder of a framework call is told of its admission."""
    rows = shortlists_of(uow, [standing.bid.tender])
    row = next((one for one in rows if one.lot_id == standing.bid.lot_id), None)
    return admission_lines(uow, standing.bid.tender, row, standing)
