"""Until when an invitation may be answered, and which reminders are due; pure.

The law lets a draw begin two working days before the review (R-COMM-05), so that limits are counted in hours.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True)
class AnswerTimes:
    """The bureau's hours (R-EXP.answer): to answer, last before the meeting, reminders before limit and meeting."""

    hours: int
    before_meeting: int
    remind_before: int
    meeting_before: int


def answer_until(now: datetime, meets_at: datetime, times: AnswerTimes, *, wished: datetime | None = None) -> datetime:
    """Return until when an invitation sent now may be answered.

    The convener's wish holds while it leaves any time; otherwise the usual hours. Either ends some hours before the
    meeting; when the meeting is nearer than that, half of the time that is left is given.
    """
    until = wished if wished is not None and wished > now else now + timedelta(hours=times.hours)
    if meets_at <= now:
        return until
    latest = meets_at - timedelta(hours=times.before_meeting)
    latest = max(now + (meets_at - now) / 2, latest)
    return min(until, latest)


def answer_reminder_due(now: datetime, invited_at: datetime, until: datetime, times: AnswerTimes) -> bool:
    """Whether to remind of an open invitation: the last hours before its limit, or its last third if it is short."""
    ahead = min(timedelta(hours=times.remind_before), (until - invited_at) / 3)
    return until - ahead <= now < until


def meeting_reminder_due(now: datetime, meets_at: datetime, answered_at: datetime, times: AnswerTimes) -> bool:
    """Whether to remind somebody who accepted: the day before; not those who accepted only just now."""
    ahead = timedelta(hours=times.meeting_before)
    return meets_at - ahead <= now < meets_at and answered_at < meets_at - ahead
