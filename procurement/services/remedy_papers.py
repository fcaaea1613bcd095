"""Letters of inquiries and challenges as official papers: the answer, its reasons, and the way to complain."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.clock import SHANGHAI
from core.i18n import _
from core.pdf import Block, Heading, OfficialDocument, Paragraph
from core.records import digest
from core.unit_of_work import UnitOfWork
from procurement.models import Challenge, Inquiry
from procurement.queries.remedies import clocks_of, reckoner
from procurement.states import Verdict


@dataclass(frozen=True)
class Head:
    """What stands above and below a letter's text."""

    number: str
    title: str
    addressee: str
    issuer: str


def inquiry_letter(uow: UnitOfWork, inquiry: Inquiry) -> bytes:
    """Return the answer to an inquiry; before the opening it names no supplier (R-SEC-03)."""
    tender = inquiry.tender
    record = {"inquiry": inquiry.number, "question": inquiry.question, "answer": inquiry.answer}
    addressee = inquiry.organisation.name if tender.opened_at else _("询问供应商（%(number)s）", number=inquiry.number)
    body: list[Block] = [
        Paragraph(
            _(
                "贵单位就“%(title)s”（采购编号：%(number)s）提出的询问收悉，现答复如下。",
                title=tender.title,
                number=tender.number,
            )
        ),
        Heading(_("一、询问事项")),
        Paragraph(inquiry.question),
        Heading(_("二、答复")),
        Paragraph(inquiry.answer),
    ]
    head = Head(inquiry.number, _("关于采购项目询问的答复函"), addressee, tender.purchaser.name)
    return letter(uow, head, body, digest(record))


def challenge_letter(uow: UnitOfWork, challenge: Challenge) -> bytes:
    """Return the answer to a challenge with facts, law, outcome, and until when one may complain (R-REMEDY-03)."""
    tender = challenge.tender
    addressee = (
        challenge.organisation.name if tender.opened_at else _("质疑供应商（%(number)s）", number=challenge.number)
    )
    title = _("质疑不予受理通知书") if challenge.verdict is Verdict.REJECTED else _("关于采购项目质疑的答复函")
    body: list[Block] = [
        Paragraph(
            _(
                "贵单位对“%(title)s”（采购编号：%(number)s）提出的质疑（%(challenge)s）收悉，现依法答复如下。",
                title=tender.title,
                number=tender.number,
                challenge=challenge.number,
            )
        ),
        Heading(_("一、质疑事项")),
        Paragraph(challenge.matter),
        Heading(_("二、答复内容、事实依据和法律依据")),
        Paragraph(challenge.answer),
        Heading(_("三、答复结论")),
        Paragraph(_conclusion(challenge)),
        Heading(_("四、救济途径")),
        Paragraph(_remedy(uow, challenge)),
    ]
    record = {
        "challenge": challenge.number,
        "verdict": challenge.verdict,
        "measure": challenge.measure,
        "answer": challenge.answer,
    }
    return letter(uow, Head(challenge.number, title, addressee, tender.purchaser.name), body, digest(record))


def _conclusion(challenge: Challenge) -> str:
    verdict = str(challenge.verdict.label) if challenge.verdict else ""
    if challenge.measure is None:
        return str(_("%(verdict)s。", verdict=verdict))
    return str(_("%(verdict)s。处理措施：%(measure)s。", verdict=verdict, measure=challenge.measure.label))


def _remedy(uow: UnitOfWork, challenge: Challenge) -> str:
    due = next((one.last_day for one in clocks_of(uow, challenge) if one.name == "answer_days"), uow.today)
    last = reckoner(uow).complaint_until(due).last_day
    words = _(
        "贵单位对本答复不满意的，可以在答复期满后%(days)s个工作日内（%(year)s年%(month)s月%(day)s日前）向同级财政部门投诉。",
        days=uow.house.rules.whole("R-REMEDY-03", "file_days", on=uow.today),
        year=last.year,
        month=last.month,
        day=last.day,
    )
    return str(words)


def letter(uow: UnitOfWork, head: Head, body: Sequence[Block], record_hash: str) -> bytes:
    """Lay a letter out; its pages carry the hash of what it decides."""
    from core.pdf.layout import build_pdf  # ReportLab takes long to load and most requests print nothing

    return build_pdf(
        OfficialDocument(
            kind="letter",
            issuer=head.issuer,
            number=head.number,
            title=head.title,
            addressee=head.addressee,
            body=body,
            signatory=head.issuer,
            date=chinese_date(uow),
            record_hash=record_hash,
        )
    )


def chinese_date(uow: UnitOfWork) -> str:
    """Return today as papers write it."""
    local = uow.now.astimezone(SHANGHAI)
    return f"{local.year}年{local.month}月{local.day}日"
