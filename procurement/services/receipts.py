"""The receipt of a sealed paper, bid or final offer: what arrived and when, signed, with the audit log's end then."""

from __future__ import annotations

from typing import Any

from core.audit.heads import head_statement_of
from core.clock import SHANGHAI
from core.i18n import _, heading
from core.pdf import OfficialDocument, Paragraph, Table
from core.unit_of_work import UnitOfWork
from procurement.methods import SealedPart, words_of
from procurement.models import Bid, FinalOffer
from procurement.sealing.receipt import signed_receipt

Receipt = dict[str, Any]
SealedPaper = Bid | FinalOffer
"""What suppliers hand in sealed; both have the same paper trail."""


def make_receipt(uow: UnitOfWork, paper: SealedPaper, *, replaces: str | None) -> Receipt:
    """Return the signed receipt of a paper about to be stored. `replaces` is the hash of the envelope it supersedes."""
    head = head_statement_of(uow)
    return signed_receipt(
        {
            "part": paper.part,
            "tender": str(paper.tender.id),
            "tender_number": paper.tender.number,
            "notice_hash": paper.tender.record_hash,
            "lot": paper.lot.position,
            "bid": str(paper.id),
            "bidder": paper.bidder.name,
            "sha256": paper.sha256,
            "size": paper.size,
            "arrived_at": paper.arrived_at,
            "deadline": paper.due,
            "replaces": replaces,
            "audit_head": {"seq": head["seq"], "hash": head["hash"]} if head else None,
        },
        uow.house.signing_key,
    )


def receipt_statement(paper: SealedPaper) -> str:
    """Return what the receipt's QR code says: enough to find and compare the paper by hand."""
    return "\n".join((paper.tender.number, paper.sha256, str(paper.receipt.get("arrived_at", "")), str(paper.id)))


def receipt_pdf(uow: UnitOfWork, paper: SealedPaper) -> bytes:
    """Return the receipt as a printed document, in the reader's language."""
    from core.pdf.layout import build_pdf  # ReportLab takes long to load and most requests print nothing

    receipt, words = paper.receipt, words_of(paper.tender)
    is_final = paper.part == SealedPart.FINAL_OFFER.value
    what = _("密封的最后报价") if is_final else words.response
    closing = _("最后报价截止") if is_final else words.closing
    local = paper.arrived_at.astimezone(SHANGHAI)
    head = receipt.get("audit_head")
    rows = [
        (_("采购项目"), paper.tender.title),
        (_("采购编号"), paper.tender.number),
        (_("包"), f"{paper.lot.position} {paper.lot.title}"),
        (heading(words.bidder), paper.bidder.name),
        (_("收到时间"), local.strftime("%Y-%m-%d %H:%M:%S") + " (UTC+8)"),
        (_("文件大小"), _("%(size)s 字节", size=f"{paper.size:,}")),
        (_("密封文件 SHA-256"), grouped(paper.sha256)),
        (_("公告记录 SHA-256"), grouped(str(receipt.get("notice_hash") or ""))),
        (_("日志链头"), f"{head['seq']} · {grouped(head['hash'])}" if head else "—"),
        (_("签名公钥（Ed25519）"), grouped(receipt["public_key"])),
        (_("签名"), grouped(receipt["signature"])),
    ]
    document = OfficialDocument(
        kind="notice",
        issuer=paper.tender.purchaser.name,
        number=paper.tender.number,
        title=heading(_("%(what)s接收回执", what=what)),
        body=[
            Paragraph(
                _(
                    "下列密封的%(what)s已在%(closing)s时间之前收到，收到时未开启，任何人均不知其内容。请核对校验值并妥善保存本回执。",
                    what=what,
                    closing=closing,
                )
            ),
            Table((_("事项"), _("内容")), rows, widths=(1, 3)),
        ],
        signatory=paper.tender.purchaser.name,
        date=_long_date(uow, local),
        record_hash=paper.sha256,
        sealed=False,
        language="en" if uow.actor.language == "en" else "zh",
    )
    return build_pdf(document)


def grouped(value: str) -> str:
    """Return a hash in groups of four letters, fit for reading aloud."""
    return " ".join(value[at : at + 4] for at in range(0, len(value), 4))


def _long_date(uow: UnitOfWork, local: Any) -> str:
    return str(local.date()) if uow.actor.language == "en" else f"{local.year}年{local.month}月{local.day}日"
