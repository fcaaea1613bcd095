"""The tender documents (招标文件) as one paper, printed from a frozen version of the record."""

from __future__ import annotations

from typing import Any

from core.clock import SHANGHAI
from core.i18n import _
from core.pdf import OfficialDocument
from core.pdf.document import Block, Heading, Paragraph, Table
from core.unit_of_work import UnitOfWork
from procurement.drafting.record import readable
from procurement.models import Tender


def tender_paper(uow: UnitOfWork, tender: Tender) -> bytes:
    """Return the current version as a PDF in the reader's language; every page carries the record's short hash."""
    from core.pdf.layout import build_pdf  # ReportLab takes long to load and most requests print nothing

    record = tender.record or {}
    notice = readable(record)
    number = record.get("version", {}).get("number", 1)
    published = (tender.published_at or uow.now).astimezone(SHANGHAI)
    document = OfficialDocument(
        kind="notice",
        issuer=tender.purchaser.name,
        number=tender.number,
        title=f"{tender.title} {notice['rules'].words.document} {_('（第 %(number)s 版）', number=number)}",
        body=_body(notice),
        signatory=tender.purchaser.name,
        date=f"{published.year}-{published.month:02d}-{published.day:02d}",
        record_hash=tender.record_hash or "",
        sealed=False,
        language="en" if uow.actor.language == "en" else "zh",
    )
    return build_pdf(document)


def _body(notice: dict[str, Any]) -> list[Block]:
    facts = [
        (_("采购编号"), notice["number"]),
        (_("采购人"), notice["purchaser"]["name"]),
        (_("采购预算"), f"{notice['budget']:,.2f}"),
        (_("最高限价"), f"{notice['ceiling']:,.2f}" if notice["ceiling"] else _("以采购预算为限")),
        (_("投标保证金"), f"{notice['deposit']:,.2f}" if notice["deposit"] else _("不收取")),
        (_("招标文件提供至"), str(notice["documents"]["until"] or "—")),
        (_("投标截止和开标时间"), f"{notice['deadline'].astimezone(SHANGHAI):%Y-%m-%d %H:%M}"),
        (_("开标地点"), notice["opening_place"]),
        (_("服务期限至"), str(notice["service_until"] or "—")),
        (_("联系人"), f"{notice['contact']['name']} {notice['contact']['telephone']}"),
    ]
    lots = [
        (str(lot["position"]), "；".join(one["name"] for one in lot["projects"]), f"{lot['budget']:,.2f}")
        for lot in notice["lots"]
    ]
    scored = [
        (
            one["title"],
            format(one["maximum"].normalize(), "f"),
            "\n".join(f"{band['points']}：{band['text']}" for band in one["bands"]),
        )
        for one in notice["scored"]
    ]
    body: list[Block] = [
        Table((_("事项"), _("内容")), facts, widths=(1, 3)),
        Heading(_("一、采购包")),
        Table((_("包"), _("被评价的项目"), _("预算（元）")), lots, widths=(1, 6, 2), numeric=frozenset({2})),
        Heading(_("二、采购需求")),
        Paragraph(notice["requirement"]),
        Heading(_("三、资格条件")),
        *[Paragraph(f"{place}. {one}") for place, one in enumerate(notice["qualifications"], 1)],
        Heading(_("四、评审办法")),
        *[Paragraph(f"{one['title']}：{one['description']}") for one in notice["substantive"]],
    ]
    if scored:
        head = (_("评审因素"), _("分值"), _("评分标准"))
        body.append(Table(head, scored, widths=(2, 1, 5), numeric=frozenset({1})))
    body += [
        Heading(_("五、拟签订的合同文本")),
        *[Paragraph(one) for one in notice["contract_draft"].splitlines() if one],
    ]
    return body
