"""The minutes of a report's review as an official paper: who reviewed and rated, what was said, the opinion."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping
from decimal import Decimal

from flask_babel import force_locale

from core.clock import SHANGHAI
from core.i18n import _
from core.pdf import Block, Heading, OfficialDocument, Paragraph, Table
from core.records import written
from core.unit_of_work import UnitOfWork
from grading.models import ReportReview, Submission
from grading.services.rating import quality_total
from grading.services.report_opinions import accepted_seats, panel_average, panel_sheets


def minutes_of_report(
    uow: UnitOfWork, review: ReportReview, submission: Submission, *, issuer: str, named: bool
) -> bytes:
    """Return the minutes as PDF; `named` shows the experts, without it only their number and capacities."""
    from core.pdf.layout import build_pdf  # ReportLab takes long to load and most requests print nothing

    seats, sheets = accepted_seats(uow, review), panel_sheets(uow, submission)
    totals = {one.rater_id: quality_total(one) for one in sheets}
    local = (review.concluded_at or uow.now).astimezone(SHANGHAI)
    with force_locale("zh"):
        body: list[Block] = [Heading(_("一、评审对象")), Paragraph(_subject(review, submission))]
        body.append(Heading(_("二、评审专家和评分")))
        rows = [
            [
                seat.expert.user.name if named else str(_("专家%(number)s", number=number)),
                str(seat.category.label),
                f"{totals[seat.expert.user_id]:f}" if seat.expert.user_id in totals else "—",
            ]
            for number, seat in enumerate(seats, 1)
        ]
        average = panel_average(sheets)
        rows.append([str(_("平均")), "", f"{average:f}" if average is not None else "—"])
        body.append(Table([_("专家"), _("身份"), _("报告质量（满分100）")], rows))
        if review.guests:
            body.append(Heading(_("三、各方代表意见（不评分）")))
            said = [
                [one.body, str(one.capacity.label), one.person or "—", one.opinion or str(_("未发表意见"))]
                for one in review.guests
            ]
            body.append(Table([_("单位"), _("身份"), _("代表"), _("意见")], said))
        body.append(Heading(_("四、评审意见") if review.guests else _("三、评审意见")))
        body += [Paragraph(line) for line in review.opinion.splitlines() if line.strip()]
        return build_pdf(
            OfficialDocument(
                kind="notice",
                issuer=issuer,
                number=review.number,
                title=str(_("%(project)s\n绩效评价报告评审纪要", project=review.engagement.project.name)),
                body=body,
                signatory=issuer,
                date=f"{local.year}年{local.month}月{local.day}日",
                record_hash=_digest(review, submission, totals),
                sealed=False,
            )
        )


def _subject(review: ReportReview, submission: Submission) -> str:
    engagement = review.engagement
    where = ""
    if review.meets_at is not None:
        where = str(
            _(
                "评审会于%(when)s在%(place)s召开。",
                when=f"{review.meets_at.astimezone(SHANGHAI):%Y年%m月%d日%H:%M}",
                place=review.place,
            )
        )
    return str(
        _(
            "项目：%(project)s；项目单位：%(unit)s；评价机构：%(agency)s；报告第%(version)s版。",
            project=engagement.project.name,
            unit=engagement.project.unit.name,
            agency=engagement.agency.name,
            version=submission.version,
        )
    ) + (where or str(_("采用书面评审，未开会。")))


def _digest(review: ReportReview, submission: Submission, totals: Mapping[uuid.UUID, Decimal]) -> str:
    """Return the hash of what was reviewed and how: the report's file, each rating, each opinion."""
    body = {
        "review": review.number,
        "document": submission.document.sha256,
        "ratings": sorted(str(value) for value in totals.values()),
        "opinions": [[one.body, one.opinion] for one in review.guests],
        "opinion": review.opinion,
    }
    return hashlib.sha256(written(body)).hexdigest()
