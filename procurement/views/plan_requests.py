"""What a supplier sees of a purchase without sealed bids, and the public announcements of single sources."""

from __future__ import annotations

from flask import Blueprint, abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from core.http.guard import public, requires
from core.http.lists import asked, listing
from core.i18n import _, _p
from core.unit_of_work import UnitOfWork
from procurement.forms.direct import ReplyForm
from procurement.models import AskedSupplier, DirectPurchase, Tender
from procurement.permissions import DirectPermission
from procurement.queries.direct import announced_sources, load_asked, load_purchase, own_plan_requests
from procurement.queries.public_notices import announcement_notice
from procurement.states import Method, TenderState
from procurement.views.direct import listed_files, reply_page

plan_requests = Blueprint("plan_requests", __name__)


@plan_requests.get("/plan-requests")
@requires(DirectPermission.BROWSE_REQUESTS)
def index(uow: UnitOfWork) -> ResponseReturnValue:
    """List the requests that reached the reader's organisations."""
    page = listing(
        uow,
        own_plan_requests(uow.actor, text=asked("q")),
        sortable={"asked": AskedSupplier.asked_at, "deadline": Tender.deadline, "title": Tender.title},
        default="-asked",
    )
    return render_template("procurement/direct/plan_requests.html", page=page, crumbs=[(_("征询函"), None)])


@plan_requests.route("/plan-requests/<uuid:asked_id>", methods=["GET", "POST"])
@requires(DirectPermission.REPLY, load_asked, see=DirectPermission.REPLY)
def show(uow: UnitOfWork, row: AskedSupplier) -> ResponseReturnValue:
    """Show an inquiry, with the form while it may be answered."""
    tender = row.tender
    late = tender.method is Method.BELOW_LIMIT and tender.deadline is not None and uow.now >= tender.deadline
    crumbs = [(_("征询函"), url_for("plan_requests.index")), (tender.number, None)]
    if tender.state is TenderState.IN_SELECTION and not late:
        return reply_page(uow, row, ReplyForm(obj=row), url_for("plan_requests.show", asked_id=row.id), crumbs)
    files = listed_files(uow, [row])[row.id]
    return render_template("procurement/direct/plan_request.html", asked=row, tender=tender, files=files, crumbs=crumbs)


@plan_requests.get("/single-sources")
@public
def announcements(uow: UnitOfWork) -> ResponseReturnValue:
    """List the announced single sources for anybody."""
    page = listing(
        uow,
        announced_sources(text=asked("q")),
        sortable={"announced": DirectPurchase.announced_on, "title": Tender.title},
        default="-announced",
    )
    return render_template(
        "procurement/direct/announcements.html", page=page, crumbs=[(_p("list", "单一来源采购公示"), None)]
    )


@plan_requests.get("/single-sources/<uuid:purchase_id>")
@requires(DirectPermission.READ_ANNOUNCEMENT, load_purchase, see=DirectPermission.READ_ANNOUNCEMENT)
def announcement(uow: UnitOfWork, purchase: DirectPurchase) -> ResponseReturnValue:
    """Lead to an announcement's notice: ground, reason, opinion, supplier, period and contact (R-NEG-03)."""
    notice = announcement_notice(uow, purchase)
    if notice is None:
        abort(404)
    return redirect(url_for("public_notices.show", notice_id=notice.id))
