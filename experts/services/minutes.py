"""The minutes of a review's meeting and the panel's opinion under which its members set their names."""

from __future__ import annotations

from flask_babel import force_locale

from core.clock import SHANGHAI
from core.errors import Refusal, Refused
from core.i18n import _, _l
from core.notifications.send import notify
from core.unit_of_work import UnitOfWork
from experts.addresses import meeting_page, seat_page
from experts.models import Attendee, IndicatorComment, Minutes, OpinionSignature, Review, Seat
from experts.notifications import OPINION_READY
from experts.queries.meeting import attendance_of, minutes_of
from experts.services.sheets import verdict_of
from experts.states import REPRESENTATIVES, Outcome, ReviewState, SeatState

WRITABLE = (ReviewState.SCORED, ReviewState.PASSED, ReviewState.RETURNED)
_DECIDED = {
    Outcome.PASS: _l("同意通过该指标体系"),
    Outcome.REVISE: _l("须修改后复审"),
    Outcome.RETURN: _l("退回重新编制"),
}


def drafted_course(uow: UnitOfWork, review: Review) -> str:
    """Return the course of the meeting as far as the records tell it; papers are Chinese whoever writes them."""
    rows = attendance_of(uow, review)
    with force_locale("zh"):
        where = "、".join(one for one in (review.place, review.online) if one)
        present = [one for one in rows.attendees if one.id in rows.came]
        names = "、".join(f"{one.body}（{one.capacity.label}）{rows.came[one.id].person}" for one in present)
        agenda = review.agenda or _("机构汇报指标体系；专家质询；列席人员发表意见；专家独立评分；形成评审意见。")
        points = [line.strip("；。 ") for line in agenda.splitlines() if line.strip()]
        lines = [
            _(
                "%(when)s，在%(where)s召开“%(project)s”绩效评价指标体系评审会（%(number)s，第%(round)s轮）。",
                when=f"{review.meets_at.astimezone(SHANGHAI):%Y年%m月%d日%H:%M}",
                where=where,
                project=review.engagement.project.name,
                number=review.number,
                round=review.round,
            ),
            _(
                "应到评审专家%(size)s人，实到%(present)s人。%(names)s参加会议。",
                size=review.size,
                present=rows.experts_present,
                names=names or _("其他受邀单位未派人"),
            ),
            _("会议议程：%(agenda)s。", agenda="；".join(points)),
        ]
    return "\n".join(str(line) for line in lines)


def drafted_opinion(uow: UnitOfWork, review: Review, comments: list[IndicatorComment]) -> str:
    """Return the panel's opinion as its sheets and comments add up: outcome first, major problems, then the rest."""
    verdict = verdict_of(uow, review)
    if verdict is None:
        return ""
    with force_locale("zh"):
        lines = [
            _(
                "专家组%(members)s人独立评分，平均%(average)s分，否决%(vetoes)s票，%(outcome)s。",
                members=verdict.members,
                average=f"{verdict.average:f}",
                vetoes=verdict.vetoes,
                outcome=_DECIDED[verdict.outcome],
            )
        ]
        experts = {one.expert.user_id for one in attendance_of(uow, review).seats}
        said = [one for one in comments if one.author_id in experts]
        majors = [one for one in said if one.is_major]
        for title, rows in ((_("重大问题"), majors), (_("修改意见"), [one for one in said if not one.is_major])):
            if rows:
                listed = "；".join(
                    f"{number}. {one.indicator_name + '：' if one.indicator_name else ''}{one.body.rstrip('。；')}"
                    for number, one in enumerate(rows, 1)
                )
                lines.append(f"{title}：{listed}。")
    return "\n".join(str(line) for line in lines)


def write_minutes(uow: UnitOfWork, review: Review, course: str, opinion: str) -> Minutes:
    """Write the minutes and the panel's opinion, and ask the members to sign. Raises `Refused`.

    Once somebody has signed, the words they signed are not changed any more.
    """
    uow.lock(review)
    if review.state not in WRITABLE:
        raise Refused(Refusal(_l("评分结束后才能形成评审意见"), "R-IND.quorum"))
    found = [
        Refusal(_l("请填写内容"), field=name)
        for name, words in (("course", course), ("opinion", opinion))
        if not words.strip()
    ]
    if found:
        raise Refused(*found)
    minutes = minutes_of(uow, review)
    if minutes is not None and minutes.opinion != opinion.strip() and attendance_of(uow, review).signed:
        raise Refused(Refusal(_l("已有人签署，评审意见不能再改；不同意见请由签署人写明"), field="opinion"))
    is_new = minutes is None
    if minutes is None:
        minutes = uow.add(
            Minutes(
                review_id=review.id,
                course=course.strip(),
                opinion=opinion.strip(),
                written_by_id=uow.actor.user_id,
                written_at=uow.now,
            )
        )
    else:
        minutes.course, minutes.opinion = course.strip(), opinion.strip()
        minutes.written_at = uow.now
    uow.session.flush()
    uow.record("review.minutes", review, after={"is_new": is_new})
    if is_new:
        _ask(uow, review)
    return minutes


def _ask(uow: UnitOfWork, review: Review) -> None:
    rows, words = attendance_of(uow, review), {"number": review.number}
    for seat in rows.seats:
        if seat.state is SeatState.SUBMITTED:
            notify(uow, OPINION_READY, [seat.expert.user_id], url=seat_page(seat.id), params=words)
    named = [
        one.user_id
        for one in rows.attendees
        if one.user_id is not None and one.capacity in REPRESENTATIVES and one.user_id != uow.actor.user_id
    ]
    notify(uow, OPINION_READY, named, url=meeting_page(review.id), params=words)


def sign_opinion(uow: UnitOfWork, subject: Seat | Attendee, dissent: str = "") -> OpinionSignature:
    """Sign the panel's opinion, with a dissent or without; once. Raises `Refused`."""
    review = subject.review
    uow.lock(subject)
    if minutes_of(uow, review) is None:
        raise Refused(Refusal(_l("评审意见尚未拟好，不能签署")))
    if isinstance(subject, Seat) and subject.state is not SeatState.SUBMITTED:
        raise Refused(Refusal(_l("没有提交评审表的专家不签署评审意见"), "R-IND.quorum"))
    if isinstance(subject, Attendee) and subject.capacity not in REPRESENTATIVES:
        raise Refused(Refusal(_l("列席人员不签署评审意见"), "R-IND.observers"))
    rows = attendance_of(uow, review)
    if subject.id in rows.signed:
        raise Refused(Refusal(_l("您已签署，不能更改")))
    if isinstance(subject, Attendee) and subject.id not in rows.came:
        raise Refused(Refusal(_l("没有签到的代表不能签署"), "R-IND.signin"))
    is_seat = isinstance(subject, Seat)
    row = uow.add(
        OpinionSignature(
            review_id=review.id,
            seat_id=subject.id if is_seat else None,
            attendee_id=None if is_seat else subject.id,
            person=subject.expert.user.name if isinstance(subject, Seat) else rows.came[subject.id].person,
            dissent=dissent.strip(),
            signed_at=uow.now,
        )
    )
    uow.session.flush()
    about = (subject,) if is_seat else ()
    uow.record("review.sign", review, about=about, after={"dissent": bool(dissent.strip())})
    return row
