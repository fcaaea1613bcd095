"""Letters of complaints: refusal and decision, issued by the finance authority."""

from __future__ import annotations

from core.i18n import _
from core.identity.roles import Role
from core.pdf import Block, Heading, Paragraph
from core.records import digest
from core.unit_of_work import UnitOfWork
from procurement.models import Complaint
from procurement.permissions.remedies import name_is_safe
from procurement.queries.complaints import outcome_words
from procurement.services.remedy_papers import Head, letter


def refusal_letter(uow: UnitOfWork, complaint: Complaint, reason: str) -> bytes:
    """Return the notice that a complaint is not accepted, with its reason."""
    body: list[Block] = [
        Paragraph(
            _(
                "你单位就“%(title)s”（采购编号：%(tender)s）提起的投诉（%(number)s）收悉。经审查，不符合法定受理条件，决定不予受理。",
                title=complaint.tender.title,
                tender=complaint.tender.number,
                number=complaint.number,
            )
        ),
        Heading(_("理由")),
        Paragraph(reason),
    ]
    head = Head(complaint.number, _("投诉不予受理通知书"), complaint.organisation.name, issuer_of(uow, complaint))
    return letter(uow, head, body, digest({"complaint": complaint.number, "refused": reason}))


def decision_letter(uow: UnitOfWork, complaint: Complaint) -> bytes:
    """Return the decision: parties, matter, what was found, outcome, and the way to review or court."""
    complainant = complaint.organisation.name if name_is_safe(complaint.tender) else complaint.number
    parties = [
        _("投诉人：%(name)s", name=complainant),
        *(
            _("被投诉人：%(name)s", name=one.organisation.name)
            if one.is_purchaser
            else _("相关供应商：%(name)s", name=one.organisation.name)
            for one in complaint.parties
        ),
    ]
    body: list[Block] = [
        *(Paragraph(line) for line in parties),
        Heading(_("一、投诉事项")),
        Paragraph(complaint.matter),
        Heading(_("二、查明的事实、理由和法律依据")),
        Paragraph(complaint.decision),
        Heading(_("三、处理决定")),
        Paragraph(outcome_words(complaint)),
        Heading(_("四、权利告知")),
        Paragraph(_("对本决定不服的，可以依法申请行政复议或者向人民法院提起行政诉讼。")),
    ]
    record = {
        "complaint": complaint.number,
        "state": complaint.state,
        "ground": complaint.ground,
        "measure": complaint.measure,
        "decision": complaint.decision,
    }
    head = Head(complaint.number, _("政府采购投诉处理决定书"), "", issuer_of(uow, complaint))
    return letter(uow, head, body, digest(record))


def issuer_of(uow: UnitOfWork, complaint: Complaint) -> str:
    """Return the name of the authority that decides: the acting supervisor's, else the purchaser's level of finance."""
    for standing in uow.actor.standings:
        if standing.role is Role.PROCUREMENT_SUPERVISOR:
            return standing.organisation_name
    return complaint.tender.purchaser.name
