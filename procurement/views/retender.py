"""Tendering again after a failure: one press."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from core.errors import Refused
from core.http.forms import Form
from core.http.guard import requires
from core.i18n import _, _l
from core.permissions import policy
from core.unit_of_work import UnitOfWork
from procurement.drafting.retender_check import approval_of_change, succession_of
from procurement.models import Tender
from procurement.permissions import TenderPermission
from procurement.queries.tenders import load_tender
from procurement.services.retendering import retender, successor_of
from procurement.states import TenderState
from procurement.tender_page import Part
from procurement.views.tenders import crumbs_of

retenders = Blueprint("retenders", __name__, url_prefix="/tenders/<uuid:tender_id>")


@retenders.route("/retender", methods=["GET", "POST"])
@requires(TenderPermission.RETENDER, load_tender, see=TenderPermission.READ)
def again(uow: UnitOfWork, tender: Tender) -> ResponseReturnValue:
    """Draft a failed tender again."""
    form = Form()
    if form.is_submitted() and (earlier := form.earlier_use(uow)):
        return redirect(earlier)
    if form.validate_on_submit():
        try:
            made = retender(uow, tender)
        except Refused as refused:
            form.refuse(refused)
        else:
            location = url_for("tenders.show", tender_id=made.id)
            form.mark_used(uow, location)
            flash(
                _(
                    "已起草 %(number)s，内容取自废标的项目。请填写新的日期；密钥持有人须登记新的公钥。",
                    number=made.number,
                ),
                "success",
            )
            return redirect(location)
    page = render_template(
        "procurement/tender/retender.html", form=form, tender=tender, crumbs=crumbs_of(tender, _("重新招标"))
    )
    return page, 422 if form.is_submitted() else 200


def retender_parts(uow: UnitOfWork, tender: Tender) -> Iterator[Part]:
    """Yield the links between a failed tender and the one that takes its place, both ways."""
    if tender.state is TenderState.FAILED:
        made = successor_of(uow, tender)
        if made is not None:
            url = url_for("tenders.show", tender_id=made.successor_id)
            seen = policy.allows(uow.actor, TenderPermission.READ, made.successor)
            if seen:
                note = f"{made.successor.number} · {made.successor.title}"
                yield Part(_l("重新招标"), note, url, made.successor.state, order=5)
        elif policy.allows(uow.actor, TenderPermission.RETENDER, tender):
            action = (_l("重新招标"), url_for("retenders.again", tender_id=tender.id))
            ground = tender.failure_ground.label if tender.failure_ground else ""
            words = _l("废标情形：%(ground)s。可以按原内容重新起草", ground=ground)
            yield Part(_l("重新招标"), words, action=action, order=5)
    succession = succession_of(uow, tender)
    if succession is None:
        return
    failed = succession.failed
    may_edit = tender.state is TenderState.DRAFT and policy.allows(uow.actor, TenderPermission.EDIT, tender)
    changes = failed.method is not tender.method and not approval_of_change(uow, succession)
    url = url_for("preparation.edit", tender_id=tender.id)
    yield Part(
        _l("由废标项目重新招标"),
        f"{failed.number} · {failed.title}",
        url_for("tenders.show", tender_id=failed.id),
        failed.state,
        action=(_l("登记批准文号"), url) if may_edit and changes else None,
        order=5,
    )
