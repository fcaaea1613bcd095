"""Bidding: my bids, sealing and submitting one in the browser, its receipt."""

from __future__ import annotations

import uuid
from typing import Any

import segno
from flask import Blueprint, Response, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from core.audit.timeline import timeline
from core.clock import SHANGHAI
from core.documents.accept import documents_of
from core.errors import Refused
from core.http.guard import requires
from core.http.lists import Filter, asked, listing
from core.i18n import _, _l
from core.identity.models import Organisation
from core.pages.uploads import CHUNK_BYTES
from core.records import written
from core.unit_of_work import UnitOfWork
from core.workflow import Option
from procurement.drafting.bid_form import DECLARED, PAID, SIGNED, SIZED, asked_declarations, asked_files
from procurement.forms.bids import SubmitBidForm, WithdrawForm
from procurement.forms.clarifications import ActForm
from procurement.methods import words_of
from procurement.models import Bid, Lot, Tender
from procurement.permissions import TenderPermission
from procurement.permissions.tenders import is_bidder
from procurement.queries.amendments import answer_of
from procurement.queries.bidder_conflicts import own_relations
from procurement.queries.bids import load_bid, load_bid_tender, lot_at, open_lots, own_bids, read_out
from procurement.reading import note_reading
from procurement.services.bidding import (
    ENVELOPE,
    bidders_of,
    bidding_refusals,
    standing_bid,
    submit_bid,
    withdraw_bid,
)
from procurement.services.envelopes import recipients
from procurement.services.receipts import SealedPaper, receipt_pdf, receipt_statement
from procurement.states import BidState
from procurement.views.bid_origin import note_origin
from procurement.workflow import BID

bids = Blueprint("bids", __name__)
FILTERS = (Filter("state", _l("状态"), [(one.value, one.label) for one in BidState]),)


@bids.get("/bids")
@requires(TenderPermission.BROWSE_BIDS)
def index(uow: UnitOfWork) -> ResponseReturnValue:
    """List the bids of the reader's organisations, and what is open for bids."""
    page = listing(
        uow,
        own_bids(uow.actor, text=asked("q"), state=asked("state")),
        sortable={"arrived": Bid.arrived_at, "tender": Tender.title, "deadline": Tender.deadline},
        default="-arrived",
        filters=FILTERS,
    )
    return render_template("procurement/bid/index.html", page=page, lots=open_lots(uow), crumbs=[(_("我的投标"), None)])


@bids.route("/tenders/<uuid:tender_id>/bid", methods=["GET", "POST"], defaults={"position": 1})
@bids.route("/tenders/<uuid:tender_id>/bid/<int:position>", methods=["GET", "POST"])
@requires(TenderPermission.SUBMIT_BID, load_bid_tender, see=TenderPermission.READ_NOTICE)
def fill(uow: UnitOfWork, tender: Tender, position: int) -> ResponseReturnValue:
    """Fill, check, seal and submit a bid for a lot; only the sealed envelope reaches the server."""
    lot = lot_at(tender, position)
    if lot is None:
        abort(404)
    form = SubmitBidForm()
    if form.is_submitted() and (earlier := form.earlier_use(uow)):
        return redirect(earlier)
    status = 200
    if form.validate_on_submit():
        try:
            bid = submit_bid(
                uow,
                lot,
                bidder_id=uuid.UUID(form.bidder.data),
                upload_id=uuid.UUID(form.upload_id.data),
                sha256=str(form.sha256.data),
            )
        except Refused as refused:
            form.refuse(refused)
        else:
            note_origin(uow, bid)
            location = url_for("bids.show", bid_id=bid.id)
            form.mark_used(uow, location)
            flash(_("密封投标已收到。回执如下，截止时间之前可以替换或者撤回。"), "success")
            return redirect(location)
    if form.is_submitted():
        status = 422
        form.upload_id.data = form.sha256.data = ""
    own = bidders_of(uow)
    bidder = _chosen(own, form.bidder.data or asked("bidder"))
    if bidder is None:
        abort(403)
    form.bidder.data = str(bidder.id)
    return render_template(
        "procurement/bid/fill.html",
        tender=tender,
        lot=lot,
        form=form,
        bidder=bidder,
        bidders=own,
        files=asked_files(tender.record),
        declarations=[(one, DECLARED[one]) for one in asked_declarations(tender.record)],
        signed=SIGNED,
        sized=SIZED,
        paid=PAID,
        refusals=bidding_refusals(uow, lot, bidder.id, uow.now),
        related=own_relations(uow, bidder.id),
        standing=standing_bid(uow, lot, bidder.id),
        config=seal_config(uow, lot, bidder),
        crumbs=[(_("我的投标"), url_for("bids.index")), (tender.number, None)],
    ), status


@bids.get("/bids/<uuid:bid_id>")
@requires(TenderPermission.READ_BID, load_bid, see=TenderPermission.READ_BID)
def show(uow: UnitOfWork, bid: Bid) -> ResponseReturnValue:
    """Show a bid: to its bidder the receipt and what can still be changed, after the opening what was read out."""
    own = is_bidder.holds(uow.actor, bid)
    if not own:
        note_reading(uow, bid)
    return render_template(
        "procurement/bid/show.html",
        bid=bid,
        own=own,
        form=WithdrawForm(),
        withdrawal=_withdrawal(uow, bid) if own else None,
        can_replace=own and bid.state is BidState.SEALED and bid.tender.is_open_at(uow.now),
        receipt=receipt_parts(bid),
        files=[
            {
                "name": document.name,
                "size": document.size,
                "at": document.added_at,
                "url": url_for("documents.download", document_id=document.id),
                "note": _("密封文件") if document.purpose == ENVELOPE else "",
            }
            for document in documents_of(uow, bid)
        ],
        amended=answer_of(uow, bid) if own and bid.state is BidState.SEALED else None,
        confirm_form=ActForm(formdata=None),
        read_out=read_out(uow, bid.tender) if bid.opened_at or bid.state is BidState.CORRUPT else [],
        entries=timeline(uow, bid) if own else [],
        crumbs=[(_("我的投标"), url_for("bids.index")) if own else (bid.tender.number, None), (_("投标回执"), None)],
    )


@bids.get("/bids/<uuid:bid_id>/receipt.pdf")
@requires(TenderPermission.READ_BID, load_bid, see=TenderPermission.READ_BID)
def receipt(uow: UnitOfWork, bid: Bid) -> ResponseReturnValue:
    """Print the receipt."""
    return download(receipt_pdf(uow, bid), "application/pdf", f"receipt-{bid.sha256[:12]}.pdf")


@bids.get("/bids/<uuid:bid_id>/receipt.json")
@requires(TenderPermission.READ_BID, load_bid, see=TenderPermission.READ_BID)
def receipt_record(_uow: UnitOfWork, bid: Bid) -> ResponseReturnValue:
    """Give the signed receipt itself."""
    return download(written(bid.receipt), "application/json", f"receipt-{bid.sha256[:12]}.json")


@bids.post("/bids/<uuid:bid_id>/do/withdraw")
@requires(TenderPermission.WITHDRAW_BID, load_bid, see=TenderPermission.READ_BID)
def withdraw(uow: UnitOfWork, bid: Bid) -> ResponseReturnValue:
    """Take a bid back before the deadline."""
    form = WithdrawForm()
    if earlier := form.earlier_use(uow):
        return redirect(earlier)
    withdraw_bid(uow, bid)
    location = url_for("bids.show", bid_id=bid.id)
    form.mark_used(uow, location)
    flash(_("投标已撤回，不参加开标。截止时间之前可以重新递交。"), "success")
    return redirect(location)


def _withdrawal(uow: UnitOfWork, bid: Bid) -> Option | None:
    return next((one for one in BID.options(uow, bid) if one.transition.name == "withdraw"), None)


def _chosen(own: list[Organisation], wanted: str | None) -> Organisation | None:
    return next((one for one in own if str(one.id) == wanted), own[0] if own else None)


def receipt_parts(paper: SealedPaper) -> dict[str, Any]:
    """Return what the receipt's panel shows of a sealed paper beside the paper itself."""
    if isinstance(paper, Bid):
        url = url_for("bids.receipt_record", bid_id=paper.id)
    else:
        url = url_for("rounds.receipt_record", offer_id=paper.id)
    return {
        "paper": paper,
        "what": words_of(paper.tender).response if isinstance(paper, Bid) else _("密封的最后报价"),
        "bidder": words_of(paper.tender).bidder,
        "arrived": paper.arrived_at.astimezone(SHANGHAI).strftime("%H:%M:%S"),
        "qr": segno.make(receipt_statement(paper), error="m").svg_data_uri(scale=3, border=2),
        "record_url": url,
    }


def download(data: bytes, media_type: str, name: str) -> Response:
    """Return bytes as a file to be saved."""
    response = Response(data, mimetype=media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def seal_config(uow: UnitOfWork, lot: Lot, bidder: Organisation) -> dict[str, Any]:
    """Return what the sealing script is told (docs/sealing.md, page contract)."""
    tender = lot.tender
    return {
        "tender": str(tender.id),
        "lot": str(lot.id),
        "notice": tender.record_hash,
        "bidder": str(bidder.id),
        "keyholders": recipients(tender),
        "needed": tender.keyholders_needed,
        "required": [purpose for purpose, _title, needed in asked_files(tender.record) if needed],
        "declarations": asked_declarations(tender.record),
        "deposit": f"{tender.deposit:.2f}" if tender.deposit else "",
        "upload": {
            "start": url_for("uploads.start"),
            "whole_bytes": CHUNK_BYTES,
            "max_bytes": uow.house.settings.max_upload_bytes,
        },
        "key_file_name": f"bid-key-{tender.number}.txt",
        "strings": {
            "need_price": _("请填写大于 0、最多两位小数的报价（元）"),
            "need_file": _("请选择：{name}"),
            "need_declarations": _("请逐项声明供应商基本条件，还差 {count} 项（R-TENDER-17）"),
            "need_deposit": _("请填写已交纳的投标保证金：{amount} 元、方式和凭证号（R-TENDER-08）"),
            "need_account": _("请填写保证金的付款人、开户行和账号：退还时原路退回（R-TENDER-08）"),
            "wrong_member": _("联合体成员须写明名称和 18 位统一社会信用代码：{line}"),
            "need_agreement": _("联合体投标须附联合体协议（R-TENDER-18）"),
            "need_signature": _("以证书签署的须附签名文件"),
            "too_large": _("文件合计超过 {limit} MB 的上限"),
            "complete": _("内容齐全，可以密封并递交"),
            "restored": _("已恢复您上次在本机填写的内容，附件需要重新选择"),
            "restored_files": _("已恢复您上次在本机填写的内容和 {count} 个附件，请核对"),
            "reading": _("正在读取并密封：第 {done} 个文件，共 {total} 个"),
            "uploading": _("正在上传密封文件：{percent}%"),
            "submitting": _("密封文件已上传，正在递交……"),
            "failed": _("没有递交成功：{reason}。您填写的内容都在，可以再试一次"),
            "hash_differs": _("服务器收到的文件与密封时不一致"),
        },
    }
