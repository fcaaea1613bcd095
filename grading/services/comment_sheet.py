"""The sheet of comments and answers (意见采纳情况表) as a paper and as a table."""

from __future__ import annotations

from typing import Any

from flask_babel import force_locale

from core.clock import SHANGHAI
from core.i18n import Language, _
from core.pdf import Block, Heading, OfficialDocument, Paragraph, Table
from core.records import digest
from core.spreadsheets import Column, export_xlsx
from core.unit_of_work import UnitOfWork
from grading.models import CommentRound, ReportComment
from grading.queries.comment import sent_comments
from grading.states import LetterStand, Party

COLUMNS = (
    Column("number", "序号", "No.", kind="number", width=6),
    Column("party", "提出方", "Party", width=12),
    Column("place", "位置", "Place", width=22),
    Column("body", "意见", "Comment", limit=4000, width=50),
    Column("adoption", "是否采纳", "Adopted", width=12),
    Column("answer", "采纳情况或者理由", "How, or why not", limit=4000, width=50),
)


def comment_paper(uow: UnitOfWork, row: CommentRound) -> bytes:
    """Lay the sheet out: what each party said, and what the agency answered."""
    from core.pdf.layout import build_pdf  # ReportLab takes long to load and most requests print nothing

    engagement, comments = row.engagement, sent_comments(uow, row)
    local = (row.answered_at or uow.now).astimezone(SHANGHAI)
    with force_locale("zh"):  # a paper between Chinese offices, whatever language its maker's pages have
        adopted = {one: sum(c.adoption is not None and c.adoption.value == one for c in comments) for one in _KINDS}
        body: list[Block] = [
            Paragraph(
                _(
                    "“%(project)s”绩效评价报告初稿（%(number)s）于%(asked)s第 %(round)s 次书面征求意见，截止%(due)s。",
                    project=engagement.project.name,
                    number=engagement.number,
                    round=row.number,
                    asked=f"{row.asked_at.astimezone(SHANGHAI):%Y-%m-%d}",
                    due=row.due_on.isoformat(),
                )
            ),
            Heading(_("一、反馈情况")),
            Table(
                [_("征求意见对象"), _("反馈时间"), _("意见条数")], _heard(row), widths=(4, 4, 2), numeric=frozenset({2})
            ),
            Heading(_("二、采纳情况")),
            Paragraph(
                _(
                    "共收到意见 %(total)s 条，采纳 %(adopted)s 条，部分采纳 %(partly)s 条，未采纳 %(refused)s 条。",
                    total=len(comments),
                    adopted=adopted["adopted"],
                    partly=adopted["partly"],
                    refused=adopted["not"],
                )
            ),
        ]
        if comments:
            head = [_("序号"), _("提出方"), _("位置"), _("意见"), _("是否采纳"), _("采纳情况或者理由")]
            body.append(Table(head, [_line(one) for one in comments], widths=(1, 1.6, 2, 4.4, 1.6, 4.4)))
        return build_pdf(
            OfficialDocument(
                kind="plain",
                issuer=engagement.agency.name,
                number=engagement.number,
                title=_("绩效评价报告意见采纳情况表"),
                body=body,
                signatory=engagement.agency.name,
                date=f"{local.year}年{local.month}月{local.day}日",
                record_hash=digest({"round": str(row.id), "comments": [_line(one) for one in comments]}),
            )
        )


_KINDS = ("adopted", "partly", "not")


def _heard(row: CommentRound) -> list[list[str]]:
    letters = {one.party: one for one in row.letters if one.state is LetterStand.SENT}
    rows = []
    for party in Party:
        letter = letters.get(party)
        when = f"{letter.sent_at.astimezone(SHANGHAI):%Y-%m-%d}" if letter and letter.sent_at else str(_("逾期未反馈"))
        rows.append([str(party.label), when, str(len(letter.comments)) if letter else "0"])
    return rows


def _line(one: ReportComment) -> list[str]:
    adoption = str(one.adoption.label) if one.adoption else "—"
    return [str(one.number), str(one.letter.party.label), one.place or "—", one.body, adoption, one.answer or "—"]


def comment_table(uow: UnitOfWork, row: CommentRound, language: Language, *, title: str) -> bytes:
    """Return the sheet as XLSX."""
    rows: list[dict[str, Any]] = [
        {
            "number": one.number,
            "party": str(one.letter.party.label),
            "place": one.place,
            "body": one.body,
            "adoption": str(one.adoption.label) if one.adoption else "",
            "answer": one.answer,
        }
        for one in sent_comments(uow, row)
    ]
    return export_xlsx(COLUMNS, rows, title=title, language=language)
