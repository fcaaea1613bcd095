"""Noting work on site (R-AGENCY-10)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from agencies.models import Engagement, Fieldwork
from agencies.queries.following import fieldwork_of, has_consent, is_followed
from agencies.services.milestones import ensure_under_way
from agencies.states import FieldworkKind, RequestKind
from core.errors import Refusal, Refused
from core.i18n import _l
from core.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class Visit:
    """What is noted of one piece of work on site."""

    kind: FieldworkKind
    held_on: date
    place: str
    people: str
    note: str = ""


def note_fieldwork(uow: UnitOfWork, engagement: Engagement, visit: Visit) -> Fieldwork:
    """Note what was done on site.

    Raises `Refused` before plan and indicators are passed (R-AGENCY-09), for a day to come, without place or people.
    """
    ensure_under_way(engagement)
    refusals = []
    if visit.held_on > uow.today:
        refusals.append(Refusal(_l("日期不能晚于今天"), field="held_on"))
    if visit.held_on < engagement.begins_on:
        refusals.append(Refusal(_l("日期不能早于合同开始日"), field="held_on"))
    if not visit.place.strip():
        refusals.append(Refusal(_l("请填写地点"), field="place"))
    if not visit.people.strip():
        refusals.append(Refusal(_l("请填写参加人员或者对象"), field="people"))
    if refusals:
        raise Refused(*refusals)
    row = uow.add(
        Fieldwork(
            engagement_id=engagement.id,
            engagement=engagement,
            kind=visit.kind,
            held_on=visit.held_on,
            place=visit.place.strip(),
            people=visit.people.strip(),
            note=visit.note.strip(),
            recorded_at=uow.now,
            recorded_by_id=uow.actor.user_id,
        )
    )
    uow.session.flush()
    uow.record("fieldwork.note", row, after={"kind": visit.kind.value, "held_on": visit.held_on})
    return row


def fieldwork_refusal(uow: UnitOfWork, engagement: Engagement) -> Refusal | None:
    """Return why no draft is taken yet: no work on site, and no consent to go without it (R-AGENCY-10)."""
    if not is_followed(uow, engagement) or fieldwork_of(uow, engagement):
        return None
    if has_consent(uow, engagement, RequestKind.OFF_SITE):
        return None
    return Refusal(_l("尚无现场调查记录；采用非现场评价的，须先经财政局同意"), rule_id="R-AGENCY-10")
