"""The decision of an appeal as an official paper (评级申诉处理决定书)."""

from __future__ import annotations

from datetime import datetime

from flask_babel import force_locale

from core.clock import SHANGHAI
from core.i18n import _
from core.pdf import Block, Heading, OfficialDocument, Paragraph, Table
from core.records import Record
from core.unit_of_work import UnitOfWork
from grading.models import AppealLine, GradeAppeal
from grading.sheet_words import correction_words, grade_words, target_words


def appeal_paper(uow: UnitOfWork, appeal: GradeAppeal) -> bytes:
    """Lay the decision out: what was contested, what the graders said, each line's decision, what stands now."""
    from core.pdf.layout import build_pdf  # ReportLab takes long to load and most requests print nothing

    with force_locale("zh"):  # an official paper is Chinese, whatever language its writer's pages have
        return build_pdf(_paper(uow, appeal))


def _paper(uow: UnitOfWork, appeal: GradeAppeal) -> OfficialDocument:
    entry, bureau = appeal.entry, uow.house.settings.bureau_name_zh
    record = entry.record
    body: list[Block] = [
        Paragraph(
            _(
                "贵机构于%(filed)s对%(year)s年度评级表提出申诉。本局指定没有参与贵机构评分和任务得分确认的人员处理，现决定如下。",
                filed=_day(appeal.filed_at),
                year=entry.cycle.year,
            )
        ),
        Heading(_("一、申诉事项和处理结果")),
        Table(
            head=[_("序号"), _("申诉事项"), _("事实和理由"), _("处理"), _("处理理由")],
            rows=[_row(record, line) for line in appeal.lines],
            widths=(1, 3, 4, 2.6, 4),
        ),
    ]
    if appeal.statement:
        body += [Heading(_("二、评分人员的说明")), Paragraph(appeal.statement)]
    body += [
        Heading(_("三、处理后的评级") if appeal.statement else _("二、处理后的评级")),
        Paragraph(
            _(
                "申诉前：%(before)s；处理后：%(after)s。",
                before=grade_words(appeal.before),
                after=grade_words(appeal.after),
            )
        ),
    ]
    if appeal.answer:
        body.append(Paragraph(appeal.answer))
    body.append(
        Paragraph(
            _(
                "评级表和完整记录可登录系统下载，记录可重新计算。%(year)s年度评级在申诉全部处理完毕后公布。",
                year=entry.cycle.year,
            )
        )
    )
    return OfficialDocument(
        kind="letter",
        issuer=bureau,
        number=appeal.number or "",
        title=_("关于%(year)s年度评级申诉的处理决定", year=entry.cycle.year),
        addressee=entry.name,
        body=body,
        signatory=bureau,
        date=_day(uow.now),
        record_hash=record["digests"]["record"],
    )


def _row(record: Record, line: AppealLine) -> list[str]:
    outcome = str(line.outcome.label) if line.outcome else ""
    if line.correction:
        outcome += "：" + correction_words(record, line.correction)
    return [str(line.position), target_words(record, line.target), line.ground, outcome, line.reason]


def _day(at: datetime) -> str:
    local = at.astimezone(SHANGHAI)
    return f"{local.year}年{local.month}月{local.day}日"
