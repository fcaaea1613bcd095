"""Supervision's desk: signals and patterns across purchases, who read what, and evidence bundles."""

from __future__ import annotations

import io

from flask import Blueprint, render_template, send_file, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from core.http.guard import requires
from core.http.lists import asked, listing
from core.i18n import _
from core.permissions import policy
from core.unit_of_work import UnitOfWork
from procurement.models import ConductRecord, SupervisionCase, Tender
from procurement.permissions import SupervisionPermission
from procurement.queries.supervision import readings_of, recurring_patterns
from procurement.queries.tenders import load_tender, tenders_matching
from procurement.services.evidence_bundle import evidence_bundle
from procurement.states import CaseState
from procurement.supervision_signals import signals
from procurement.suspensions import suspensions

supervision = Blueprint("supervision", __name__, url_prefix="/supervision")


@supervision.get("")
@requires(SupervisionPermission.DESK)
def desk(uow: UnitOfWork) -> ResponseReturnValue:
    """Show what needs attention across the purchases."""
    open_cases = select(SupervisionCase).where(SupervisionCase.state == CaseState.OPEN)
    return render_template(
        "procurement/supervision/desk.html",
        signals=signals(uow),
        patterns=recurring_patterns(uow),
        suspensions=suspensions(uow),
        cases=uow.session.scalars(open_cases.order_by(SupervisionCase.opened_at.desc())).all(),
        conduct=uow.session.scalars(select(ConductRecord).order_by(ConductRecord.decided_on.desc()).limit(20)).all(),
        may_handle=policy.allows(uow.actor, SupervisionPermission.HANDLE_CASE),
        crumbs=[(_("采购监管"), None)],
    )


@supervision.get("/purchases")
@requires(SupervisionPermission.READ_LOG)
def purchases(uow: UnitOfWork) -> ResponseReturnValue:
    """List the published purchases with their reading log and evidence bundle."""
    page = listing(
        uow,
        tenders_matching(uow.actor, text=asked("q")).where(Tender.published_at.is_not(None)),
        sortable={"published": Tender.published_at, "number": Tender.number},
        default="-published",
    )
    crumbs = [(_("采购监管"), url_for("supervision.desk")), (_("调阅记录和证据包"), None)]
    return render_template("procurement/supervision/purchases.html", page=page, crumbs=crumbs)


@supervision.get("/purchases/<uuid:tender_id>/readings")
@requires(SupervisionPermission.READ_LOG, load_tender)
def readings(uow: UnitOfWork, tender: Tender) -> ResponseReturnValue:
    """Show who read what of an opened purchase."""
    return render_template(
        "procurement/supervision/readings.html",
        tender=tender,
        readings=readings_of(uow, tender),
        crumbs=[
            (_("采购监管"), url_for("supervision.desk")),
            (_("调阅记录和证据包"), url_for("supervision.purchases")),
            (tender.number, None),
        ],
    )


@supervision.post("/purchases/<uuid:tender_id>/evidence")
@requires(SupervisionPermission.EXPORT, load_tender)
def evidence(uow: UnitOfWork, tender: Tender) -> ResponseReturnValue:
    """Download the evidence bundle; the export is recorded."""
    data = evidence_bundle(uow, tender)
    name = f"evidence-{tender.number}.zip"
    return send_file(io.BytesIO(data), mimetype="application/zip", as_attachment=True, download_name=name)
