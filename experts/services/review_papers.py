"""Papers of a review's meeting: the minutes, and the panel's opinion with its signatures."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Sequence
from datetime import datetime

from flask_babel import force_locale

from core.clock import SHANGHAI
from core.i18n import _
from core.pdf import Block, Heading, OfficialDocument, Paragraph, Table
from core.records import written
from core.unit_of_work import UnitOfWork
from experts.models import IndicatorComment, Minutes, Review
from experts.queries.meeting import Attendance, attendance_of
from experts.services.sheets import locked_sheets, verdict_of
from experts.states import REPRESENTATIVES, SeatState
from experts.terms import terms_of
from projects.services.versions import version_of

NUMBERS = "一二三四五六七八九十"
ROOM_TO_SIGN = 13.0
"""Points above and below a row of the signature table, so that a name can be written by hand."""


def minutes_pdf(uow: UnitOfWork, review: Review, minutes: Minutes, *, issuer: str, named: bool) -> bytes:
    """Return the minutes: the course, who was there, what was said by those who do not score, the conclusion.

    `named` shows the experts; without it only their number (the panel's names are secret from the agency).
    """
    rows = attendance_of(uow, review)
    with force_locale("zh"):
        parts: list[tuple[str, list[Block]]] = [
            (_("会议情况"), [Paragraph(minutes.course)]),
            (_("到会人员"), [_attendance_table(rows, named=named)]),
            (_("评审结论"), [Paragraph(minutes.opinion)]),
        ]
        if review.opinion:
            parts.append((_("财政部门意见"), [Paragraph(review.opinion)]))
        return _built(
            uow,
            review,
            issuer=issuer,
            title=_("%(project)s\n绩效评价指标体系评审会议纪要", project=review.engagement.project.name),
            body=_numbered(parts),
            at=minutes.written_at,
            signatory=issuer,
        )


def opinion_pdf(
    uow: UnitOfWork,
    review: Review,
    minutes: Minutes,
    comments: Sequence[IndicatorComment],
    *,
    issuer: str,
    named: bool,
) -> bytes:
    """Return the panel's opinion with scores, comments and answers; `named` with the names and their signatures."""
    rows = attendance_of(uow, review)
    with force_locale("zh"):
        parts: list[tuple[str, list[Block]]] = [
            (_("评审对象"), [Paragraph(line) for line in _subject_lines(uow, review)]),
            (_("专家组意见"), [Paragraph(minutes.opinion)]),
            (_("评分汇总"), [_score_table(uow, review, named=named)]),
        ]
        if comments:
            parts.append((_("分指标意见和机构答复"), [_comment_table(comments, rows, named=named)]))
        if review.decided_at is not None:
            words = review.opinion or review.state.label
            parts.append((_("财政部门意见"), [Paragraph(f"{review.state.label}。{words}")]))
        if named:
            parts.append((_("签名"), _signature_parts(rows)))
        else:
            parts[-1][1].append(Paragraph(_("专家签名的评审意见原件由财政部门存档。")))
        return _built(
            uow,
            review,
            issuer=_("指标评审专家组"),
            title=_("%(project)s\n绩效评价指标体系专家评审意见", project=review.engagement.project.name),
            body=_numbered(parts),
            at=minutes.written_at,
            signatory=_("指标评审专家组") if named else issuer,
        )


def _numbered(parts: Sequence[tuple[str, Sequence[Block]]]) -> list[Block]:
    body: list[Block] = []
    for number, (title, blocks) in enumerate(parts):
        body.append(Heading(f"{NUMBERS[number]}、{title}"))
        body += blocks
    return body


def _subject_lines(uow: UnitOfWork, review: Review) -> list[str]:
    engagement, verdict = review.engagement, verdict_of(uow, review)
    lines = [
        _(
            "项目：%(project)s；项目单位：%(unit)s；承担机构：%(agency)s。",
            project=engagement.project.name,
            unit=engagement.project.unit.name,
            agency=engagement.agency.name,
        ),
        _(
            "评审编号：%(number)s（第%(round)s轮）；评审时间：%(when)s。",
            number=review.number,
            round=review.round,
            when=_moment(review.meets_at),
        ),
    ]
    if verdict is not None:
        lines.append(
            _(
                "结论：%(outcome)s（平均%(average)s分，%(members)s份评审表，否决%(vetoes)s票）。",
                outcome=verdict.outcome.label,
                average=f"{verdict.average:f}",
                members=verdict.members,
                vetoes=verdict.vetoes,
            )
        )
    return [str(line) for line in lines]


def _score_table(uow: UnitOfWork, review: Review, *, named: bool) -> Table:
    terms, sheets = terms_of(uow, review), locked_sheets(uow, review)
    rows = []
    for number, sheet in enumerate(sheets, 1):
        points = {line.key: line.points for line in sheet.lines}
        who = sheet.seat.expert.user.name if named else _("专家%(number)s", number=number)
        cells = [f"{points.get(one.key, 0):.1f}" for one in terms.lines]
        total = f"{sheet.total:.1f}" + (_("（否决）") if sheet.is_veto else "")
        rows.append([str(who), *cells, str(total)])
    verdict = verdict_of(uow, review)
    if verdict is not None:
        rows.append([str(_("平均")), *("" for _one in terms.lines), f"{verdict.average:f}"])
    head = [str(_("专家")), *(f"{one.label}（{one.maximum.normalize():f}）" for one in terms.lines), str(_("总分"))]
    return Table(
        head, rows, widths=(3, *(2.4 for _one in terms.lines), 2.4), numeric=frozenset(range(1, len(terms.lines) + 2))
    )


def _comment_table(comments: Sequence[IndicatorComment], rows: Attendance, *, named: bool) -> Table:
    experts = {seat.expert.user_id for seat in rows.seats}
    listed = []
    for number, one in enumerate(comments, 1):
        if one.attendee is not None:
            who = one.attendee.body
        elif one.author_id in experts:
            who = one.author.name if named else _("专家")
        else:
            who = one.author.name
        answer = f"{one.adoption.label}。{one.answer}" if one.adoption else _("（未答复）")
        body = (_("【重大问题】") if one.is_major else "") + one.body
        listed.append([str(number), one.indicator_name or str(_("整体")), str(body), str(who), str(answer)])
    head = [str(one) for one in (_("序号"), _("指标"), _("意见"), _("提出人"), _("机构答复"))]
    return Table(head, listed, widths=(1, 2.6, 5, 2, 4.4))


def _attendance_table(rows: Attendance, *, named: bool) -> Table:
    listed = []
    for number, seat in enumerate(rows.seats, 1):
        came = rows.came.get(seat.id)
        who = seat.expert.user.name if named else _("专家%(number)s", number=number)
        employer = seat.expert.employer if named else "—"
        listed.append([str(who), str(seat.category.label), employer, _when(came.at if came else None)])
    for one in rows.attendees:
        came = rows.came.get(one.id)
        who = came.person if came else one.person or "—"
        listed.append([who, str(one.capacity.label), one.body, _when(came.at if came else None)])
    head = [str(one) for one in (_("姓名"), _("身份"), _("单位"), _("签到"))]
    return Table(head, listed, widths=(2, 2.4, 4.2, 2.4))


def _signature_parts(rows: Attendance) -> list[Block]:
    dissents: list[Block] = []
    signers = [
        (seat.id, seat.expert.user.name, str(seat.category.label))
        for seat in rows.seats
        if seat.state is SeatState.SUBMITTED
    ]
    signers += [
        (one.id, rows.came[one.id].person, str(one.capacity.label))
        for one in rows.attendees
        if one.capacity in REPRESENTATIVES and one.id in rows.came
    ]
    listed = [_signature_row(rows, key, name, role, dissents) for key, name, role in signers]
    head = [str(one) for one in (_("姓名"), _("身份"), _("签名"), _("日期"))]
    table = Table(head, listed, widths=(2, 2.4, 4.2, 2.4), padding=ROOM_TO_SIGN)
    return [table, *dissents]


def _signature_row(rows: Attendance, key: uuid.UUID, name: str, role: str, dissents: list[Block]) -> list[str]:
    signed = rows.signed.get(key)
    if signed is None:
        return [name, role, "", ""]
    if signed.dissent:
        dissents.append(Paragraph(_("%(name)s的不同意见：%(words)s", name=name, words=signed.dissent)))
    words = _("已电子签署（有不同意见）") if signed.dissent else _("已电子签署")
    return [name, role, str(words), f"{signed.signed_at.astimezone(SHANGHAI):%Y-%m-%d}"]


def _built(
    uow: UnitOfWork, review: Review, *, issuer: str, title: str, body: Sequence[Block], at: datetime, signatory: str
) -> bytes:
    from core.pdf.layout import build_pdf  # ReportLab takes long to load and most requests print nothing

    local = at.astimezone(SHANGHAI)
    return build_pdf(
        OfficialDocument(
            kind="notice",
            issuer=issuer,
            number=review.number,
            title=str(title),
            body=body,
            signatory=signatory,
            date=f"{local.year}年{local.month}月{local.day}日",
            record_hash=review_digest(uow, review),
            sealed=False,
        )
    )


def review_digest(uow: UnitOfWork, review: Review) -> str:
    """Return the hash of what the panel judged and how: the round's indicators, the terms, the locked sheets."""
    version = version_of(uow, review.system, review.round)
    sheets = [
        {
            "seat": str(sheet.seat_id),
            "points": {line.key: f"{line.points.normalize():f}" for line in sheet.lines},
            "veto": sheet.is_veto,
        }
        for sheet in locked_sheets(uow, review)
    ]
    record = {
        "review": review.number,
        "round": review.round,
        "indicators": version.digest if version is not None else "",
        "terms": review.terms,
        "sheets": sheets,
    }
    return hashlib.sha256(written(record)).hexdigest()


def _moment(at: datetime) -> str:
    return f"{at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"


def _when(at: datetime | None) -> str:
    return _moment(at) if at is not None else str(_("未签到"))
