"""What everybody reads after the notice: answers, amendments with their visible difference, every version's record."""

from __future__ import annotations

from flask import Blueprint, Response, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from core.http.guard import requires
from core.i18n import _
from core.permissions import policy
from core.records import canonical, written
from core.unit_of_work import UnitOfWork
from procurement.clarifying.differences import differences
from procurement.drafting.record import readable
from procurement.forms.clarifications import ActForm
from procurement.models import Bid, BidConfirmation, Tender
from procurement.permissions import ClarificationPermission, TenderPermission
from procurement.queries.amendments import answer_of, version_with, versions_of
from procurement.queries.bids import load_bid
from procurement.queries.clarifications import answers_of, askers_of
from procurement.queries.tenders import load_tender
from procurement.services.confirming import confirm_bid

clarifications = Blueprint("clarifications", __name__)
P = ClarificationPermission


@clarifications.get("/notices/<uuid:tender_id>/clarifications")
@requires(P.READ_CLARIFICATIONS, load_tender, see=P.READ_CLARIFICATIONS)
def index(uow: UnitOfWork, tender: Tender) -> ResponseReturnValue:
    """List answers and amendments for anybody, the newest first."""
    answers = answers_of(uow, tender)
    return render_template(
        "procurement/clarification/index.html",
        tender=tender,
        answers=answers,
        askers=askers_of(uow, answers),
        versions=versions_of(uow, tender),
        may_ask=policy.allows(uow.actor, TenderPermission.SUBMIT_BID, tender),
        crumbs=_crumbs(tender, _("答疑与更正")),
    )


@clarifications.get("/notices/<uuid:tender_id>/versions/<int:number>")
@requires(P.READ_CLARIFICATIONS, load_tender, see=P.READ_CLARIFICATIONS)
def version(uow: UnitOfWork, tender: Tender, number: int) -> ResponseReturnValue:
    """Show one version: what it changed, word by word, and the whole text as it stood."""
    versions = versions_of(uow, tender)
    at = next((place for place, one in enumerate(versions) if one.number == number), None)
    if at is None:
        abort(404)
    shown, before = versions[at], versions[at - 1] if at else None
    return render_template(
        "procurement/clarification/version.html",
        tender=tender,
        version=shown,
        before=before,
        versions=versions,
        differences=differences(before.record, shown.record) if before else [],
        notice=readable(shown.record),
        crumbs=_crumbs(tender, _("第 %(number)s 版", number=number)),
    )


@clarifications.get("/notices/<uuid:tender_id>/records/<record_hash>.json")
@requires(P.READ_CLARIFICATIONS, load_tender, see=P.READ_CLARIFICATIONS)
def record(uow: UnitOfWork, tender: Tender, record_hash: str) -> ResponseReturnValue:
    """Download the record of the version that has this hash; the SHA-256 of this very file is the hash."""
    found = version_with(uow, tender, record_hash)
    if found is None:
        abort(404)
    return _file(canonical(found.record), f"notice-{tender.number}-{found.number}.json")


@clarifications.post("/bids/<uuid:bid_id>/confirm")
@requires(P.CONFIRM_BID, load_bid, see=TenderPermission.READ_BID)
def confirm(uow: UnitOfWork, bid: Bid) -> ResponseReturnValue:
    """Confirm a sealed bid for the newest version."""
    form = ActForm()
    if earlier := form.earlier_use(uow):
        return redirect(earlier)
    row: BidConfirmation = confirm_bid(uow, bid)
    location = url_for("bids.show", bid_id=bid.id)
    form.mark_used(uow, location)
    flash(_("已确认投标适用于第 %(number)s 版采购文件", number=row.version.number), "success")
    return redirect(location)


@clarifications.get("/bids/<uuid:bid_id>/confirmation.json")
@requires(TenderPermission.READ_BID, load_bid, see=TenderPermission.READ_BID)
def confirmation(uow: UnitOfWork, bid: Bid) -> ResponseReturnValue:
    """Give the signed statement itself."""
    found = answer_of(uow, bid).confirmation
    if found is None:
        abort(404)
    return _file(written(found.statement), f"confirmation-{bid.sha256[:12]}.json")


def _file(data: bytes, name: str) -> Response:
    response = Response(data, mimetype="application/json")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _crumbs(tender: Tender, here: str) -> list[tuple[str, str | None]]:
    return [
        (_("招标公告"), url_for("notices.index")),
        (tender.number, url_for("notices.show", tender_id=tender.id)),
        (here, None),
    ]
