"""Asking an expert: by inbox, by mail with a link that answers, and by a short text where there is a mobile number."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from flask_babel import force_locale

from core.clock import SHANGHAI
from core.i18n import _
from core.identity.models import User
from core.notifications.send import NotificationKind, notify, queue_mail
from core.notifications.texting import queue_text
from core.parameters import overrides
from core.unit_of_work import Subject, UnitOfWork
from experts.addresses import invitation_page, seat_page
from experts.answering import AnswerTimes, answer_until
from experts.models import Seat
from experts.notifications import INVITED, INVITED_SPARE
from experts.services.links import make_link
from experts.states import LinkPurpose
from experts.workflow import SEAT

RULE = "R-EXP.answer"


def answer_times(uow: UnitOfWork) -> AnswerTimes:
    """Return the bureau's hours (R-EXP.answer)."""
    book, on, local = uow.house.rules, uow.today, overrides(uow)
    names = ("hours", "before_meeting", "remind_before", "meeting_before")
    return AnswerTimes(*(book.whole(RULE, name, on=on, overrides=local) for name in names))


def shown(instant: datetime) -> str:
    """Return an instant as letters write it."""
    return f"{instant.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"


def invite(uow: UnitOfWork, seat: Seat, *, answer_by: datetime | None, is_spare: bool = False) -> str:
    """Invite a drawn expert; return the token of the link that answers.

    `answer_by` is the convener's wish, None for somebody who follows: then the usual hours count (R-EXP.answer). A
    spare one is told that a seat is theirs only if one is vacated.
    """
    uow.session.flush()
    until = answer_until(uow.now, seat.review.meets_at, answer_times(uow), wished=answer_by)
    SEAT.fire(uow, seat, "invite", as_system=True, assign={"answer_by": until, "is_spare": is_spare})
    token = send_invitation(uow, seat, INVITED_SPARE if is_spare else INVITED)
    uow.record("seat.invited", seat.review, about=(seat,), after={"spare": is_spare})
    return token


def send_invitation(uow: UnitOfWork, seat: Seat, kind: NotificationKind) -> str:
    """Send (again) what answers an open invitation: inbox, mail and text, with a new link; return its token."""
    review, user, until = seat.review, seat.expert.user, seat.answer_by
    if until is None:
        raise ValueError("only an open invitation has a limit")
    words = {"number": review.number, "when": shown(review.meets_at), "place": review.place, "until": shown(until)}
    notify(uow, kind, [user.id], url=seat_page(seat.id), params=words, by_mail=False)
    return send_answer_link(uow, seat, user, until=until, when=review.meets_at, worded=lambda: kind.worded(words))


def send_answer_link(
    uow: UnitOfWork,
    subject: Subject,
    user: User,
    *,
    until: datetime,
    when: datetime,
    worded: Callable[[], tuple[str, str]],
) -> str:
    """Send the link that answers an invitation by mail and text; return its token.

    `worded` gives the mail's title and body. The address comes from the configuration, never from a request; the text
    names nobody but the bureau.
    """
    token = make_link(uow, subject, LinkPurpose.ANSWER, until=until)
    link = uow.house.settings.public_address + invitation_page(token)
    with force_locale("en" if user.language == "en" else "zh"):
        title, body = worded()
        hint = _("不用登录就能接受或谢绝（链接只对本次邀请有效，请勿转发）：")
        text = _(
            "【%(bureau)s】邀请您参加评审，时间 %(when)s，请于 %(until)s 前答复：%(link)s",
            bureau=bureau_of(uow, user),
            when=shown(when),
            until=shown(until),
            link=link,
        )
    queue_mail(uow, to=user.email, user_id=user.id, subject=title, body=f"{user.name}：\n\n{body}\n\n{hint}\n{link}\n")
    queue_text(uow, user, text)
    return token


def bureau_of(uow: UnitOfWork, user: User) -> str:
    """Return the bureau's name in the person's language."""
    settings = uow.house.settings
    return settings.bureau_name_en if user.language == "en" else settings.bureau_name_zh
