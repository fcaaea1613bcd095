"""The receipt of a sealed bid: what arrived and when, signed, with the end of the audit log at that moment."""

from __future__ import annotations

from typing import Any

from core.audit.heads import head_statement_of
from core.clock import SHANGHAI
from core.i18n import _
from core.pdf import OfficialDocument, Paragraph, Table
from core.unit_of_work import UnitOfWork
from procurement.models import Bid
from procurement.sealing.receipt import signed_receipt

Receipt = dict[str, Any]


def make_receipt(uow: UnitOfWork, bid: Bid, *, replaces: str | None) -> Receipt:
    """Return the signed receipt of a bid about to be stored. `replaces` is the hash of the envelope it supersedes."""
    head = head_statement_of(uow)
    return signed_receipt(
        {
            "tender": str(bid.tender_id),
            "tender_number": bid.tender.number,
            "notice_hash": bid.tender.record_hash,
            "lot": bid.lot.position,
            "bid": str(bid.id),
            "bidder": bid.bidder.name,
            "sha256": bid.sha256,
            "size": bid.size,
            "arrived_at": bid.arrived_at,
            "deadline": bid.tender.deadline,
            "replaces": replaces,
            "audit_head": {"seq": head["seq"], "hash": head["hash"]} if head else None,
        },
        uow.house.signing_key,
    )


def receipt_statement(bid: Bid) -> str:
    """Return what the receipt's QR code says: enough to find and compare the bid by hand."""
    return "\n".join((bid.tender.number, bid.sha256, str(bid.receipt.get("arrived_at", "")), str(bid.id)))


def receipt_pdf(uow: UnitOfWork, bid: Bid) -> bytes:
    """Return the receipt as a printed document, in the reader's language."""
    from core.pdf.layout import build_pdf  # ReportLab takes long to load and most requests print nothing

    receipt = bid.receipt
    local = bid.arrived_at.astimezone(SHANGHAI)
    head = receipt.get("audit_head")
    rows = [
        (_("采购项目"), bid.tender.title),
        (_("采购编号"), bid.tender.number),
        (_("包"), f"{bid.lot.position} {bid.lot.title}"),
        (_("投标人"), bid.bidder.name),
        (_("收到时间"), local.strftime("%Y-%m-%d %H:%M:%S") + " (UTC+8)"),
        (_("文件大小"), _("%(size)s 字节", size=f"{bid.size:,}")),
        (_("密封文件 SHA-256"), grouped(bid.sha256)),
        (_("公告记录 SHA-256"), grouped(str(receipt.get("notice_hash") or ""))),
        (_("日志链头"), f"{head['seq']} · {grouped(head['hash'])}" if head else "—"),
        (_("签名公钥（Ed25519）"), grouped(receipt["public_key"])),
        (_("签名"), grouped(receipt["signature"])),
    ]
    document = OfficialDocument(
        kind="notice",
        issuer=bid.tender.purchaser.name,
        number=bid.tender.number,
        title=_("投标文件接收回执"),
        body=[
            Paragraph(
                _(
                    "下列密封投标文件已在投标截止时间之前收到，收到时未开启，任何人均不知其内容。请核对校验值并妥善保存本回执。"
                )
            ),
            Table((_("事项"), _("内容")), rows, widths=(1, 3)),
        ],
        signatory=bid.tender.purchaser.name,
        date=_long_date(uow, local),
        record_hash=bid.sha256,
        sealed=False,
        language="en" if uow.actor.language == "en" else "zh",
    )
    return build_pdf(document)


def grouped(value: str) -> str:
    """Return a hash in groups of four letters, fit for reading aloud."""
    return " ".join(value[at : at + 4] for at in range(0, len(value), 4))


def _long_date(uow: UnitOfWork, local: Any) -> str:
    return str(local.date()) if uow.actor.language == "en" else f"{local.year}年{local.month}月{local.day}日"
