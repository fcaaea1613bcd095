"""The end of a re-review: what it changed, and the written report to the finance bureau where it did (R-EVAL-06)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import force_locale
from sqlalchemy import select

from core.clock import SHANGHAI
from core.documents.accept import keep_bytes
from core.i18n import _, _l
from core.notifications.send import NotificationKind, notify
from core.pdf import Block, OfficialDocument, Paragraph, Table
from core.unit_of_work import UnitOfWork
from procurement.models import EvaluationCorrection, Tender

CHANGED = NotificationKind(
    "evaluation.changed",
    _l("重新评审改变了评标结果"),
    _l("《%(tender)s》经原评标委员会重新评审，结果有变化。书面报告已生成，请报送本级财政部门（R-EVAL-06）。"),
)


def corrections_of(uow: UnitOfWork, tender: Tender) -> Sequence[EvaluationCorrection]:
    """Return the tender's re-reviews in their order."""
    return uow.session.scalars(
        select(EvaluationCorrection)
        .where(EvaluationCorrection.tender_id == tender.id)
        .order_by(EvaluationCorrection.requested_at)
    ).all()


def close_re_review(uow: UnitOfWork, tender: Tender, ranking: Mapping[str, Any]) -> None:
    """Close the re-review that is open, if one is; a changed result gets its report and its officer is told."""
    row = next((one for one in corrections_of(uow, tender) if one.closed_at is None), None)
    if row is None:
        return
    row.after, row.closed_at = dict(ranking), uow.now
    uow.session.flush()
    uow.record("evaluation_correction.close", row, about=(tender,), after={"changed": row.changed})
    if row.changed:
        with force_locale("zh"):
            keep_bytes(
                uow,
                report_pdf(tender, row, uow),
                owner=row,
                purpose="re-review-report",
                name=f"重新评审报告-{tender.number}.pdf",
                media_type="application/pdf",
            )
        url = f"/tenders/{tender.id}/results"
        notify(uow, CHANGED, [tender.drafted_by_id], url=url, params={"tender": tender.title})


def report_pdf(tender: Tender, row: EvaluationCorrection, uow: UnitOfWork) -> bytes:
    """Return the letter to the finance bureau: ground, facts, the result before and after."""
    from core.pdf.layout import build_pdf  # ReportLab takes long to load and most requests print nothing

    local = uow.now.astimezone(SHANGHAI)
    body: list[Block] = [
        Paragraph(
            _(
                "“%(title)s”（采购编号：%(number)s）评标结果汇总后，发现“%(ground)s”的情形：%(reason)s。"
                "经原评标委员会重新评审，评标结果有变化，现依法书面报告如下。",
                title=tender.title,
                number=tender.number,
                ground=row.ground.label,
                reason=row.reason,
            )
        ),
        _table(_("重新评审前的排序"), row.before),
        _table(_("重新评审后的排序"), row.after or {}),
    ]
    return build_pdf(
        OfficialDocument(
            kind="letter",
            issuer=tender.purchaser.name,
            number=tender.number,
            title=_("关于重新评审改变评标结果的报告"),
            addressee=_("本级财政部门政府采购监督管理机构"),
            body=body,
            signatory=tender.purchaser.name,
            date=f"{local.year}年{local.month}月{local.day}日",
            record_hash=tender.record_hash or "",
        )
    )


def _table(caption: str, ranking: Mapping[str, Any]) -> Table:
    return Table(
        head=[_("包"), _("排序"), _("投标人"), _("总分")],
        rows=[
            [position, str(one["rank"]), one["bidder"], one["total"]]
            for position, ranked in sorted(ranking.items())
            for one in ranked
        ],
        widths=(1, 1, 6, 2),
        numeric=frozenset({0, 1, 3}),
        caption=caption,
    )
