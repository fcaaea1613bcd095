"""The public notice of a corrected grade (评级更正公告) as an official paper."""

from __future__ import annotations

from flask_babel import force_locale

from core.clock import SHANGHAI
from core.i18n import _
from core.pdf import Block, Heading, OfficialDocument, Paragraph, Table
from core.unit_of_work import UnitOfWork
from grading.models import GradeCorrection
from grading.sheet_words import correction_words, grade_words
from grading.states import CorrectionKind


def correction_paper(uow: UnitOfWork, row: GradeCorrection) -> bytes:
    """Lay the notice out: which grade, what it was and is, on what ground and why."""
    from core.pdf.layout import build_pdf  # ReportLab takes long to load and most requests print nothing

    with force_locale("zh"):  # an official paper is Chinese, whatever language its writer's pages have
        return build_pdf(_paper(uow, row))


def _paper(uow: UnitOfWork, row: GradeCorrection) -> OfficialDocument:
    grade, bureau, local = row.grade, uow.house.settings.bureau_name_zh, uow.now.astimezone(SHANGHAI)
    record = row.entry.record
    done = _("更正") if row.kind is CorrectionKind.CORRECT else _("撤销")
    body: list[Block] = [
        Paragraph(
            _(
                "%(agency)s %(year)s年度评级已公布。经复核，现予%(done)s并公告如下。",
                agency=record["agency"],
                year=grade.year,
                done=done,
            )
        ),
        Heading(_("一、更正前后")),
        Table(
            head=[_("项目"), _("更正前"), _("更正后")],
            rows=[
                [_("等级和得分"), grade_words(row.before), grade_words(row.after)],
                [_("记录校验值"), row.before["digest"][:16], (row.after or {}).get("digest", "")[:16]],
            ],
            widths=(2, 4, 4),
        ),
        Heading(_("二、依据和理由")),
        Paragraph(_("依据：%(basis)s", basis=row.basis)),
        Paragraph(_("理由：%(reason)s", reason=row.reason)),
        *[Paragraph(f"{correction_words(record, one)}：{one['reason']}") for one in row.corrections],
        Paragraph(_("更正前签发的评级证书自公告之日起失效。")),
    ]
    return OfficialDocument(
        kind="notice",
        issuer=bureau,
        number=row.number or "",
        title=_("关于%(done)s%(year)s年度评级的公告", done=done, year=grade.year),
        body=body,
        signatory=bureau,
        date=f"{local.year}年{local.month}月{local.day}日",
        record_hash=(row.after or {}).get("digest", ""),
    )
