"""The contract and the acceptance sheet as papers."""

from __future__ import annotations

from flask_babel import force_locale

from core.clock import SHANGHAI
from core.documents.accept import keep_bytes
from core.documents.models import Document
from core.i18n import _
from core.pdf import Block, Heading, OfficialDocument, Paragraph, Table
from core.records import digest, plain
from core.unit_of_work import UnitOfWork
from procurement.contract_basis import in_words
from procurement.models import Acceptance, Contract
from procurement.states import AcceptanceState

NUMERALS = "一二三四五六七八九十"


def keep_contract_pdf(uow: UnitOfWork, contract: Contract) -> Document:
    """Keep the contract as it is to be signed."""
    return keep_bytes(
        uow,
        contract_pdf(contract),
        owner=contract,
        purpose="contract-text",
        name=f"采购合同-{contract.number}.pdf",
        media_type="application/pdf",
    )


def contract_pdf(contract: Contract) -> bytes:
    """Return the contract with every clause and the place of both signatures, in Chinese whoever asks."""
    from core.pdf.layout import build_pdf  # ReportLab takes long to load and most requests print nothing

    with force_locale("zh"):
        return build_pdf(_contract(contract))


def _contract(contract: Contract) -> OfficialDocument:
    body: list[Block] = []
    for place, clause in enumerate(contract.clauses):
        number = NUMERALS[place] if place < len(NUMERALS) else f"十{NUMERALS[place - len(NUMERALS)]}"
        body += [Heading(f"{number}、{clause['title']}"), Paragraph(clause["text"])]
    body.append(
        Table(
            head=[_("甲方（盖章）"), _("乙方（盖章）")],
            rows=[
                [contract.tender.purchaser.name, contract.agency.name],
                [_("法定代表人或者授权代表："), _("法定代表人或者授权代表：")],
                [_("签订日期："), _("签订日期：")],
            ],
        )
    )
    return OfficialDocument(
        kind="plain",
        issuer=contract.tender.purchaser.name,
        number=_("合同编号：%(number)s", number=contract.number),
        title=contract.title,
        body=body,
        signatory="",
        date="",
        record_hash=text_hash(contract),
        sealed=False,
    )


def text_hash(contract: Contract) -> str:
    """Return the digest of the contract's words, printed on every page."""
    return digest(plain({"number": contract.number, "amount": contract.amount, "clauses": contract.clauses}))


def acceptance_pdf(uow: UnitOfWork, acceptance: Acceptance) -> bytes:
    """Return the acceptance sheet: every standard with its finding, who took part, the conclusion (R-CONTRACT-02).

    It is Chinese whoever concludes.
    """
    from core.pdf.layout import build_pdf  # ReportLab takes long to load and most requests print nothing

    with force_locale("zh"):
        return build_pdf(_sheet(uow, acceptance))


def _sheet(uow: UnitOfWork, acceptance: Acceptance) -> OfficialDocument:
    contract = acceptance.contract
    held = in_words(acceptance.held_on) if acceptance.held_on else ""
    body: list[Block] = [
        Paragraph(
            _(
                "根据采购合同%(number)s，采购人组织验收小组于%(day)s对%(agency)s承担的服务进行了第%(round)s次履约验收。",
                number=contract.number,
                day=held,
                agency=contract.agency.name,
                round=acceptance.round,
            )
        ),
        Heading(_("一、逐项验收情况")),
        Table(
            head=[_("序号"), _("类别"), _("标准"), _("结论"), _("情况说明")],
            rows=[
                [
                    str(one.position),
                    str(one.kind.label),
                    one.standard,
                    _("符合") if one.met else _("不符合"),
                    one.finding or "—",
                ]
                for one in acceptance.items
            ],
            widths=(1, 2, 6, 1.5, 4),
            numeric=frozenset({0}),
        ),
        Heading(_("二、验收小组")),
        Paragraph("、".join(acceptance.members)),
    ]
    if acceptance.users:
        body += [
            Heading(_("三、服务对象意见")),
            Table(
                head=[_("服务对象"), _("意见")],
                rows=[[str(one["name"]), str(one["opinion"])] for one in acceptance.users],
                widths=(2, 5),
            ),
        ]
    verdict = _("验收合格") if acceptance.state is AcceptanceState.PASSED else _("验收不合格")
    body += [
        Heading(_("四、验收结论") if acceptance.users else _("三、验收结论")),
        Paragraph(f"{verdict}。{acceptance.conclusion}"),
    ]
    local = uow.now.astimezone(SHANGHAI)
    return OfficialDocument(
        kind="plain",
        issuer=contract.tender.purchaser.name,
        number=_("合同编号：%(number)s", number=contract.number),
        title=_("%(title)s履约验收书", title=contract.title.removesuffix("合同")),
        body=body,
        signatory=contract.tender.purchaser.name,
        date=f"{local.year}年{local.month}月{local.day}日",
        record_hash=sheet_hash(acceptance),
    )


def sheet_hash(acceptance: Acceptance) -> str:
    """Return the digest of the acceptance's findings."""
    items = [{"standard": one.standard, "met": one.met, "finding": one.finding} for one in acceptance.items]
    content = {"contract": acceptance.contract.number, "round": acceptance.round, "items": items}
    return digest(plain({**content, "users": acceptance.users, "conclusion": acceptance.conclusion}))
