"""Public notices: the list, each notice from its frozen record, and that record as a file."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, url_for
from flask.typing import ResponseReturnValue

from core.http.guard import public, requires
from core.http.lists import Filter, asked, listing
from core.i18n import _, _l
from core.permissions import policy
from core.records import canonical
from core.unit_of_work import UnitOfWork
from procurement.drafting.record import readable
from procurement.models import Tender
from procurement.permissions import TenderPermission
from procurement.queries.tenders import load_tender, published_notices

notices = Blueprint("notices", __name__, url_prefix="/notices")

FILTERS = (Filter("stage", _l("投标"), [("open", _l("正在接受投标")), ("closed", _l("已截止"))]),)


@notices.get("")
@public
def index(uow: UnitOfWork) -> ResponseReturnValue:
    """List the notices for anybody, the newest first; never how many bid."""
    page = listing(
        uow,
        published_notices(uow, text=asked("q"), stage=asked("stage")),
        sortable={"published": Tender.published_at, "deadline": Tender.deadline, "budget": Tender.budget},
        default="-published",
        filters=FILTERS,
    )
    return render_template("procurement/notice/index.html", page=page, crumbs=[(_("招标公告"), None)])


@notices.get("/<uuid:tender_id>")
@requires(TenderPermission.READ_NOTICE, load_tender, see=TenderPermission.READ_NOTICE)
def show(uow: UnitOfWork, tender: Tender) -> ResponseReturnValue:
    """Show a notice as it was frozen."""
    return render_template(
        "procurement/notice/show.html",
        tender=tender,
        notice=readable(tender.record or {}),
        is_open=tender.is_open_at(uow.now),
        may_bid=policy.allows(uow.actor, TenderPermission.SUBMIT_BID, tender),
        may_read=policy.allows(uow.actor, TenderPermission.READ, tender),
        crumbs=[(_("招标公告"), url_for("notices.index")), (tender.number, None)],
    )


@notices.get("/<uuid:tender_id>/record.json")
@requires(TenderPermission.READ_NOTICE, load_tender, see=TenderPermission.READ_NOTICE)
def record(_uow: UnitOfWork, tender: Tender) -> ResponseReturnValue:
    """Download the frozen record; the SHA-256 of this very file is the notice's hash."""
    return _json(canonical(tender.record), f"notice-{tender.number}.json")


@notices.get("/<uuid:tender_id>/sealing/<int:position>.json")
@requires(TenderPermission.READ_NOTICE, load_tender, see=TenderPermission.READ_NOTICE)
def sealing(_uow: UnitOfWork, tender: Tender, position: int) -> ResponseReturnValue:
    """Download what `flask seal-bid` needs to seal a bid for this lot without a browser."""
    lot = next((one for one in tender.lots if one.position == position), tender.lots[0])
    told = {
        "tender": str(tender.id),
        "lot": str(lot.id),
        "notice": tender.record_hash,
        "keyholders": [one.public_key for one in tender.keyholders],
        "needed": tender.keyholders_needed,
    }
    return _json(canonical(told), f"tender-{tender.number}-{lot.position}.json")


def _json(data: bytes, name: str) -> Response:
    response = Response(data, mimetype="application/json")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
