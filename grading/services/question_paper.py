"""The question letter as an official paper."""

from __future__ import annotations

from flask_babel import force_locale

from core.clock import SHANGHAI
from core.i18n import _
from core.pdf import Block, Heading, OfficialDocument, Paragraph, Table
from core.records import digest
from core.unit_of_work import UnitOfWork
from grading.models import QuestionLetter, ReportFinding


def question_paper(uow: UnitOfWork, letter: QuestionLetter) -> bytes:
    """Lay the letter out: what is asked, finding by finding with its place, and until when to answer."""
    from core.pdf.layout import build_pdf  # ReportLab takes long to load and most requests print nothing

    with force_locale("zh"):  # a letter of the bureau is Chinese, whatever language its writer's pages have
        return build_pdf(_letter(uow, letter))


def _letter(uow: UnitOfWork, letter: QuestionLetter) -> OfficialDocument:
    engagement, local = letter.engagement, letter.sent_at.astimezone(SHANGHAI)
    rows = [[str(item.position), place_words(item.finding), item.finding.message["zh"]] for item in letter.items]
    body: list[Block] = [
        Paragraph(
            _(
                "贵机构提交的“%(project)s”绩效评价报告（%(number)s，第 %(version)s 版）核查中有下列疑点，请予说明。",
                project=engagement.project.name,
                number=engagement.number,
                version=letter.submission.version,
            )
        ),
        *([Paragraph(letter.words)] if letter.words else []),
        Heading(_("一、疑点")),
        Table(head=[_("序号"), _("位置"), _("疑点")], rows=rows, widths=(1, 2.6, 8)),
        Heading(_("二、答复要求")),
        Paragraph(
            _(
                "请于%(year)s年%(month)s月%(day)s日前登录系统逐条答复：同意的改正并提交修改版，不同意的说明理由和依据。",
                year=letter.due_on.year,
                month=letter.due_on.month,
                day=letter.due_on.day,
            )
        ),
    ]
    return OfficialDocument(
        kind="letter",
        issuer=uow.house.settings.bureau_name_zh,
        number=letter.number,
        title=_("关于绩效评价报告核查疑点的询问函"),
        addressee=engagement.agency.name,
        body=body,
        signatory=uow.house.settings.bureau_name_zh,
        date=f"{local.year}年{local.month}月{local.day}日",
        record_hash=digest(
            {"letter": letter.number, "findings": [item.finding.message["zh"] for item in letter.items]}
        ),
    )


def place_words(finding: ReportFinding) -> str:
    """Return where a finding's first piece of evidence stands, in words."""
    if not finding.evidence:
        return "—"
    item = finding.evidence[0]
    parts = [_("第%(page)s页", page=item["page"])] if item.get("page") else []
    if item.get("table") is not None:
        parts.append(_("表%(table)s第%(row)s行", table=item["table"] + 1, row=(item.get("row") or 0) + 1))
    elif item.get("paragraph") is not None:
        parts.append(_("第%(paragraph)s段", paragraph=item["paragraph"] + 1))
    return "，".join(parts) or "—"
