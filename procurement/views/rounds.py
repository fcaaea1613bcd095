"""Pages of the rounds, of the final offers' ceremony, and of the supplier's own final offer."""

from __future__ import annotations

import base64
import uuid
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from core.clock import SHANGHAI
from core.errors import Refusal, Refused
from core.http.choices import choices
from core.http.forms import Form
from core.http.guard import requires
from core.i18n import _, _l, heading
from core.permissions import policy
from core.records import written
from core.unit_of_work import UnitOfWork
from procurement.forms.rounds import CallForm, ChangeForm, FinalForm, RoundForm
from procurement.methods import rules_of, words_of
from procurement.models import Bid, FinalCall, FinalOffer, Keyholder, Tender
from procurement.permissions import RoundPermission, TenderPermission
from procurement.queries.bids import load_bid
from procurement.queries.rounds import (
    call_of,
    changes_of,
    last_offer,
    load_call,
    load_offer,
    offers_of_call,
    rounds_of,
)
from procurement.queries.tenders import load_tender
from procurement.services.final_offers import (
    PART,
    begin_final,
    final_refusals,
    final_shares,
    submit_final,
    turn_final,
    withdraw_final,
)
from procurement.services.opening_papers import opening_record_pdf
from procurement.services.receipts import receipt_pdf
from procurement.services.rounds import (
    call_final,
    call_refusals,
    change_requirement,
    record_round,
    talk_refusals,
    talking_with,
)
from procurement.states import OfferState
from procurement.views.bids import download, receipt_parts, seal_config
from procurement.views.openings import unseal_config
from procurement.views.tenders import crumbs_of

rounds = Blueprint("rounds", __name__)


@rounds.get("/tenders/<uuid:tender_id>/rounds")
@requires(RoundPermission.READ, load_tender, see=TenderPermission.READ)
def show(uow: UnitOfWork, tender: Tender) -> ResponseReturnValue:
    """Show the rounds, the changed requirements and the final offers once they are open."""
    return _page(uow, tender)


@rounds.post("/tenders/<uuid:tender_id>/rounds/record")
@requires(RoundPermission.RECORD, load_tender, see=TenderPermission.READ)
def record(uow: UnitOfWork, tender: Tender) -> ResponseReturnValue:
    """Record one round with one supplier."""
    form = RoundForm()
    form.bid.choices = _suppliers(uow, tender)

    def deed() -> None:
        bid = next((one for one in talking_with(uow, tender) if str(one.id) == form.bid.data), None)
        if bid is not None:
            record_round(uow, bid, form.text("minutes"))

    return _act(uow, tender, form, deed, _("已记录本轮磋商谈判"))


@rounds.post("/tenders/<uuid:tender_id>/rounds/change")
@requires(RoundPermission.RECORD, load_tender, see=TenderPermission.READ)
def change(uow: UnitOfWork, tender: Tender) -> ResponseReturnValue:
    """Change the requirements for all."""
    form = ChangeForm(prefix="change-")
    return _act(
        uow, tender, form, lambda: change_requirement(uow, tender, form.text("words")), _("修改已书面通知全部供应商")
    )


@rounds.post("/tenders/<uuid:tender_id>/rounds/final")
@requires(RoundPermission.RECORD, load_tender, see=TenderPermission.READ)
def call(uow: UnitOfWork, tender: Tender) -> ResponseReturnValue:
    """Ask for final offers."""
    form = CallForm(prefix="call-")

    def deed() -> None:
        deadline = form.deadline.data
        if deadline is not None:
            call_final(uow, tender, deadline.replace(tzinfo=SHANGHAI), few_ground=form.text("few_ground"))

    return _act(uow, tender, form, deed, _("已通知全部供应商提交最后报价"))


@rounds.post("/tenders/<uuid:tender_id>/rounds/open")
@requires(RoundPermission.OPEN_FINAL, load_tender, see=TenderPermission.READ)
def begin(uow: UnitOfWork, tender: Tender) -> ResponseReturnValue:
    """Begin the ceremony of the final offers."""
    row = call_of(uow, tender)
    if row is None:
        abort(404)
    if not begin_final(uow, row):
        flash(_("提交最后报价的供应商不足法定家数，采购已终止，报价保持密封"), "warning")
    return redirect(_location(tender))


@rounds.get("/final-calls/<uuid:call_id>")
@requires(RoundPermission.TURN_KEY_FINAL, load_call, see=RoundPermission.TURN_KEY_FINAL)
def ceremony(uow: UnitOfWork, row: FinalCall) -> ResponseReturnValue:
    """Show a keyholder the own turn."""
    holder = _holder(uow, row)
    ready = bool(final_shares(uow, row, holder))
    config = {**unseal_config(row.tender, holder), "shares_url": url_for("rounds.shares", call_id=row.id)}
    return render_template(
        "procurement/rounds/ceremony.html",
        call=row,
        tender=row.tender,
        config=config if ready else None,
        crumbs=[(_("开标"), url_for("openings.index")), (row.tender.number, None)],
    )


@rounds.get("/final-calls/<uuid:call_id>/shares")
@requires(RoundPermission.TURN_KEY_FINAL, load_call, see=RoundPermission.TURN_KEY_FINAL)
def shares(uow: UnitOfWork, row: FinalCall) -> ResponseReturnValue:
    """Give this keyholder what can be peeled now."""
    found = final_shares(uow, row, _holder(uow, row))
    return {
        "shares": [
            {
                "bid": str(one.paper.id),
                "subset": one.subset,
                "material": base64.b64encode(one.material).decode(),
                "last": one.last,
            }
            for one in found
        ]
    }


@rounds.post("/final-calls/<uuid:call_id>/shares")
@requires(RoundPermission.TURN_KEY_FINAL, load_call, see=RoundPermission.TURN_KEY_FINAL)
def give(uow: UnitOfWork, row: FinalCall) -> ResponseReturnValue:
    """Take what this keyholder peeled."""
    sent = request.get_json(silent=True)
    listed = sent.get("shares") if isinstance(sent, dict) else None
    if not isinstance(listed, list) or not all(isinstance(one, dict) for one in listed):
        raise Refused(Refusal(_l("解封结果的格式不正确"), field="shares"))
    material = {
        (str(one.get("bid")), str(one.get("subset"))): one["material"] if isinstance(one.get("material"), str) else None
        for one in listed
    }
    finished = turn_final(uow, row, _holder(uow, row), material)
    offers = offers_of_call(uow, row)
    done = sum(one.opened_at is not None for one in offers)
    return {
        "opened": done,
        "corrupt": sum(one.failure is not None for one in offers),
        "total": len(offers),
        "finished": finished,
        "next": url_for("rounds.ceremony", call_id=row.id),
    }


@rounds.route("/bids/<uuid:bid_id>/final", methods=["GET", "POST"])
@requires(RoundPermission.SUBMIT_FINAL, load_bid, see=RoundPermission.SUBMIT_FINAL)
def offer(uow: UnitOfWork, bid: Bid) -> ResponseReturnValue:
    """Show a supplier the changed requirements, and seal the final offer in the browser."""
    form, here = FinalForm(), url_for("rounds.offer", bid_id=bid.id)
    if form.is_submitted() and (earlier := form.earlier_use(uow)):
        return redirect(earlier)
    if form.validate_on_submit():
        try:
            submit_final(uow, bid, upload_id=uuid.UUID(form.upload_id.data), sha256=str(form.sha256.data))
        except Refused as refused:
            form.refuse(refused)
        else:
            form.mark_used(uow, here)
            flash(_("密封的最后报价已收到。回执如下，截止之前可以替换或者撤回。"), "success")
            return redirect(here)
    config = {
        **seal_config(uow, bid.lot, bid.bidder),
        "part": PART,
        "required": [],
        "key_file_name": f"final-offer-key-{bid.tender.number}.txt",
    }
    known = last_offer(uow, bid)
    open_still = not final_refusals(uow, bid)
    page = render_template(
        "procurement/rounds/offer.html",
        form=form,
        bid=bid,
        tender=bid.tender,
        call=call_of(uow, bid.tender),
        changes=changes_of(uow, bid.tender),
        offer=known,
        receipt=receipt_parts(known) if known else None,
        can_withdraw=open_still and known is not None and known.state is OfferState.SEALED,
        withdrawal=Form(formdata=None),
        refusals=final_refusals(uow, bid),
        config=config,
        crumbs=[(_("我的投标"), url_for("bids.show", bid_id=bid.id)), (_("最后报价"), None)],
    )
    return page, 422 if form.is_submitted() else 200


@rounds.post("/final-offers/<uuid:offer_id>/do/withdraw")
@requires(RoundPermission.REPLACE_FINAL, load_offer, see=RoundPermission.READ_FINAL)
def withdraw(uow: UnitOfWork, row: FinalOffer) -> ResponseReturnValue:
    """Take a final offer back before the deadline."""
    form, location = Form(), url_for("rounds.offer", bid_id=row.bid_id)
    if earlier := form.earlier_use(uow):
        return redirect(earlier)
    withdraw_final(uow, row)
    form.mark_used(uow, location)
    flash(_("最后报价已撤回，不会开启。截止之前可以重新递交。"), "success")
    return redirect(location)


@rounds.get("/final-offers/<uuid:offer_id>/receipt.pdf")
@requires(RoundPermission.READ_FINAL, load_offer, see=RoundPermission.READ_FINAL)
def receipt(uow: UnitOfWork, row: FinalOffer) -> ResponseReturnValue:
    """Print the receipt of a final offer."""
    return download(receipt_pdf(uow, row), "application/pdf", f"receipt-{row.sha256[:12]}.pdf")


@rounds.get("/final-offers/<uuid:offer_id>/receipt.json")
@requires(RoundPermission.READ_FINAL, load_offer, see=RoundPermission.READ_FINAL)
def receipt_record(_uow: UnitOfWork, row: FinalOffer) -> ResponseReturnValue:
    """Give the signed receipt itself."""
    return download(written(row.receipt), "application/json", f"receipt-{row.sha256[:12]}.json")


@rounds.get("/tenders/<uuid:tender_id>/rounds/record.pdf")
@requires(RoundPermission.READ, load_tender, see=TenderPermission.READ)
def record_pdf(uow: UnitOfWork, tender: Tender) -> ResponseReturnValue:
    """Print the record of the final offers' opening."""
    row = _recorded(uow, tender)
    uow.record("final.read", row, about=(tender,), detail={"form": "pdf"})
    name = f"final-offers-{tender.number}.pdf"
    return download(opening_record_pdf(uow, tender, row.record or {}), "application/pdf", name)


@rounds.get("/tenders/<uuid:tender_id>/rounds/record.json")
@requires(RoundPermission.READ, load_tender, see=TenderPermission.READ)
def record_json(uow: UnitOfWork, tender: Tender) -> ResponseReturnValue:
    """Give the record of the final offers' opening itself, for `flask verify opening`."""
    row = _recorded(uow, tender)
    uow.record("final.read", row, about=(tender,), detail={"form": "json"})
    return download(written(row.record or {}), "application/json", f"final-offers-{tender.number}.json")


def _recorded(uow: UnitOfWork, tender: Tender) -> FinalCall:
    row = call_of(uow, tender)
    if row is None or row.record is None:
        abort(404)
    return row


def _page(uow: UnitOfWork, tender: Tender, form: Form | None = None) -> str:
    if not rules_of(tender).rounds:
        abort(404)
    final = call_of(uow, tender)
    may = policy.allows(uow.actor, RoundPermission.RECORD, tender)
    waiting = talk_refusals(uow, tender)
    talk = form if isinstance(form, RoundForm) else RoundForm(formdata=None)
    talk.bid.choices = _suppliers(uow, tender)
    opened = final is not None and final.finished_at is not None
    offers = offers_of_call(uow, final) if final is not None and opened else []
    return render_template(
        "procurement/rounds/show.html",
        tender=tender,
        words=words_of(tender),
        records=rounds_of(uow, tender),
        changes=changes_of(uow, tender),
        call=final,
        offers=offers,
        first_prices={one.bid_id: Decimal(str((one.bid.opening_sheet or {})["price"])) for one in offers},
        waiting=waiting if final is None else [],
        calling=call_refusals(uow, tender) if may and not waiting else [],
        talk=talk if may and not waiting else None,
        change=(form if isinstance(form, ChangeForm) else ChangeForm(formdata=None, prefix="change-"))
        if may and not waiting
        else None,
        call_form=(form if isinstance(form, CallForm) else CallForm(formdata=None, prefix="call-"))
        if may and not waiting
        else None,
        may_begin=may and final is not None and final.begun_at is None and uow.now >= final.deadline,
        form=Form(formdata=None),
        crumbs=crumbs_of(tender, heading(words_of(tender).round)),
    )


def _act(uow: UnitOfWork, tender: Tender, form: Form, deed: Callable[[], Any], words: str) -> ResponseReturnValue:
    if earlier := form.earlier_use(uow):
        return redirect(earlier)
    if form.validate_on_submit():
        try:
            deed()
        except Refused as refused:
            form.refuse(refused)
        else:
            form.mark_used(uow, _location(tender))
            flash(words, "success")
            return redirect(_location(tender))
    return _page(uow, tender, form), 422


def _holder(uow: UnitOfWork, row: FinalCall) -> Keyholder:
    return next(one for one in row.tender.keyholders if one.user_id == uow.actor.user_id)


def _suppliers(uow: UnitOfWork, tender: Tender) -> list[Any]:
    return choices([(str(one.id), one.bidder.name) for one in talking_with(uow, tender)])


def _location(tender: Tender) -> str:
    return url_for("rounds.show", tender_id=tender.id)
