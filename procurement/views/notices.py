"""Public notices: the list, each notice from its frozen record, and that record as a file."""

from __future__ import annotations

from flask import Blueprint, Response, abort, render_template, url_for
from flask.typing import ResponseReturnValue

from core.http.guard import public, requires
from core.http.lists import Filter, asked, listing
from core.i18n import _, _l
from core.permissions import policy
from core.records import canonical
from core.unit_of_work import UnitOfWork
from procurement.drafting.offline_page import offline_page
from procurement.drafting.record import readable
from procurement.models import PublicNotice, Tender
from procurement.permissions import TenderPermission
from procurement.queries.clarifications import updates_of
from procurement.queries.public_notices import notice_years, notices_matching, notices_of
from procurement.queries.tenders import load_tender
from procurement.states import Method, NoticeKind

notices = Blueprint("notices", __name__, url_prefix="/notices")

STATES = (
    ("open", _l("正在接受投标")),
    ("waiting", _l("等待结果")),
    ("awarded", _l("已有结果")),
    ("ended", _l("废标或终止")),
)


@notices.get("")
@public
def index(uow: UnitOfWork) -> ResponseReturnValue:
    """List the notices of every kind for anybody, the newest first; never how many bid."""
    filters = (
        Filter("kind", _l("公告类型"), [(one.value, one.label) for one in NoticeKind]),
        Filter("method", _l("采购方式"), [(one.value, one.label) for one in Method]),
        Filter("state", _l("进展"), STATES),
        Filter("year", _l("年度"), [(str(year), str(year)) for year in notice_years(uow)]),
    )
    chosen = {one.name: asked(one.name) for one in filters}
    page = listing(
        uow,
        notices_matching(uow, text=asked("q"), purchaser=asked("purchaser"), **chosen),
        sortable={"published": PublicNotice.published_at, "deadline": Tender.deadline},
        default="-published",
        filters=filters,
    )
    narrowed = {"q": asked("q"), "purchaser": asked("purchaser"), **chosen}
    feed = url_for("feeds.notices", **{name: value for name, value in narrowed.items() if value})  # type: ignore[arg-type]  # names of the query
    return render_template("procurement/notice/index.html", page=page, feed=feed, crumbs=[(_("公告"), None)])


@notices.get("/<uuid:tender_id>")
@requires(TenderPermission.READ_NOTICE, load_tender, see=TenderPermission.READ_NOTICE)
def show(uow: UnitOfWork, tender: Tender) -> ResponseReturnValue:
    """Show a notice as it was frozen."""
    return render_template(
        "procurement/notice/show.html",
        tender=tender,
        notice=readable(tender.record or {}),
        sealing_page=offline_page() is not None,
        announcements=notices_of(uow, tender),
        is_open=tender.is_open_at(uow.now),
        may_bid=policy.allows(uow.actor, TenderPermission.SUBMIT_BID, tender),
        may_read=policy.allows(uow.actor, TenderPermission.READ, tender),
        updates=updates_of(uow, tender),
        crumbs=[(_("公告"), url_for("notices.index")), (tender.number, None)],
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


@notices.get("/sealing-page.html")
@public
def sealing_page(_uow: UnitOfWork) -> ResponseReturnValue:
    """Download the page that seals and peels without a server; the notice names its SHA-256."""
    page = offline_page()
    if page is None:
        abort(404)
    response = Response(page, mimetype="application/octet-stream")
    response.headers["Content-Disposition"] = 'attachment; filename="offline-sealing.html"'
    return response


def _json(data: bytes, name: str) -> Response:
    response = Response(data, mimetype="application/json")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
