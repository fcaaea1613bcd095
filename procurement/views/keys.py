"""Keyholders and keys: who holds one, and making one's own in the browser."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from core.errors import Refusal, Refused
from core.http.choices import choices
from core.http.guard import requires
from core.i18n import _, _l
from core.identity.models import User
from core.unit_of_work import UnitOfWork
from procurement.drafting.drill_check import passed_drills, stale_drills
from procurement.forms.tenders import KeyForm, KeyholdersForm
from procurement.models import KeyDrill, Keyholder, Tender
from procurement.permissions import TenderPermission
from procurement.queries.tenders import load_tender
from procurement.services.drafting import keyholder_candidates, set_keyholders
from procurement.services.drills import finish_drill, start_drill
from procurement.services.keys import own_keyholder, register_key
from procurement.states import TenderState
from procurement.views.tenders import crumbs_of

keys = Blueprint("keys", __name__, url_prefix="/tenders/<uuid:tender_id>")


@keys.route("/keyholders", methods=["GET", "POST"])
@requires(TenderPermission.EDIT, load_tender, see=TenderPermission.READ)
def keyholders(uow: UnitOfWork, tender: Tender) -> ResponseReturnValue:
    """Name the keyholders and how many of them open the bids (R-KEY-01)."""
    if tender.state is not TenderState.DRAFT:
        raise Refused(Refusal(_l("只有起草中的采购项目可以指定密钥持有人"), rule_id="R-KEY-01"))
    form = KeyholdersForm(obj=tender)
    people = {str(one.id): one for one in keyholder_candidates(uow)}
    form.keyholders.choices = choices((key, one.name) for key, one in people.items())
    if not form.is_submitted():
        form.keyholders.data = [str(one.user_id) for one in tender.keyholders]
    if form.validate_on_submit():
        form.check_revision(tender)
        try:
            chosen: list[User] = [people[key] for key in form.keyholders.data or [] if key in people]
            set_keyholders(uow, tender, chosen, form.keyholders_needed.data)
        except Refused as refused:
            form.refuse(refused)
        else:
            flash(_("已指定密钥持有人，并通知尚未登记公钥的人"), "success")
            return redirect(url_for("tenders.show", tender_id=tender.id))
    page = render_template(
        "procurement/key/keyholders.html", form=form, tender=tender, crumbs=crumbs_of(tender, _("密钥持有人"))
    )
    return page, 422 if form.is_submitted() else 200


@keys.route("/key", methods=["GET", "POST"])
@requires(TenderPermission.REGISTER_KEY, load_tender, see=TenderPermission.READ)
def register(uow: UnitOfWork, tender: Tender) -> ResponseReturnValue:
    """Make a key in the browser, keep its file, register its public half."""
    form = KeyForm()
    if form.is_submitted() and (earlier := form.earlier_use(uow)):
        return redirect(earlier)
    if form.validate_on_submit():
        try:
            register_key(uow, tender, form.text("public_key"))
        except Refused as refused:
            form.refuse(refused)
        else:
            location = url_for("keys.register", tender_id=tender.id)
            form.mark_used(uow, location)
            flash(_("公钥已登记。请妥善保存密钥文件和口令，开标时须由本人使用"), "success")
            return redirect(location)
    holder = own_keyholder(uow, tender)
    page = render_template(
        "procurement/key/register.html",
        form=form,
        tender=tender,
        holder=holder,
        may_register=tender.state in (TenderState.DRAFT, TenderState.IN_APPROVAL),
        config=key_config(tender),
        drill=_drill_config(tender, holder) if holder and holder.public_key and tender.opened_at is None else None,
        is_stale=holder is not None and holder.id in stale_drills(uow, tender),
        drilled_at=passed_drills(uow, tender).get(holder.id) if holder else None,
        crumbs=crumbs_of(tender, _("开标密钥")),
    )
    return page, 422 if form.is_submitted() else 200


@keys.post("/key/drill")
@requires(TenderPermission.REGISTER_KEY, load_tender, see=TenderPermission.READ)
def drill(uow: UnitOfWork, tender: Tender) -> ResponseReturnValue:
    """Give the keyholder's browser a sealed test."""
    made, material = start_drill(uow, tender)
    return {"material": material, "url": url_for("keys.drilled", tender_id=tender.id, drill_id=made.id)}, 201


@keys.post("/key/drill/<uuid:drill_id>")
@requires(TenderPermission.REGISTER_KEY, load_tender, see=TenderPermission.READ)
def drilled(uow: UnitOfWork, tender: Tender, drill_id: uuid.UUID) -> ResponseReturnValue:
    """Take what the browser found inside the test."""
    made = uow.get(KeyDrill, drill_id)
    if made is None:
        abort(404)
    sent = request.get_json(silent=True)
    finish_drill(uow, tender, made, str(sent.get("answer") or "") if isinstance(sent, dict) else "")
    flash(_("演练通过：您的密钥能够解封"), "success")
    return {"passed": True}


def _drill_config(tender: Tender, holder: Keyholder) -> dict[str, Any]:
    """Return what the drill script is told; the page adds the worker's address."""
    return {
        "recipient": holder.public_key,
        "start_url": url_for("keys.drill", tender_id=tender.id),
        "next": url_for("keys.register", tender_id=tender.id),
        "strings": {
            "need_file": _("请选择您的密钥文件"),
            "unlocking": _("正在用口令打开密钥文件……"),
            "wrong_key": _("口令不正确，或者密钥文件已损坏"),
            "other_key": _("这不是您为本项目登记的密钥"),
            "passed": _("演练通过"),
        },
    }


def key_config(tender: Tender) -> dict[str, Any]:
    """Return what the key script is told (docs/sealing.md, page contract); the page adds the worker's address."""
    return {
        "tender": str(tender.id),
        "file_name": f"opening-key-{tender.number}.age",
        "strings": {
            "too_short": _("口令至少 {count} 个字符"),
            "differ": _("两次输入的口令不一致"),
            "making": _("正在生成密钥……"),
            "made": _("密钥已生成，请下载密钥文件"),
            "failed": _("没有生成成功，请换一个浏览器再试"),
            "downloaded": _("密钥文件已下载，可以登记公钥"),
        },
    }
