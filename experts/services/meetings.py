"""A review's meeting: when and where, who is invited beside the experts, its papers (R-IND-02, R-IND-03)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from werkzeug.datastructures import FileStorage

from core.clock import SHANGHAI, shanghai
from core.documents.accept import accept_file
from core.documents.models import Document
from core.errors import Refusal, Refused
from core.i18n import _l
from core.identity.models import Organisation, User
from core.identity.people import user_ids_with
from core.identity.roles import OrganisationKind, Role
from core.notifications.send import notify
from core.parameters import overrides
from core.unit_of_work import UnitOfWork
from core.work_calendar import work_calendar
from experts.addresses import meeting_page, seat_page
from experts.models import Attendee, Review
from experts.notifications import MEETING_CALLED, MEETING_CHANGED
from experts.queries.meeting import PAPER, SIGNED, attendance_of
from experts.seats import seats_of
from experts.states import OBSERVERS, Capacity, ReviewState, SeatState
from projects.models import IndicatorSystem

RUNNING = (ReviewState.CONVENED, ReviewState.DRAWING, ReviewState.INVITING, ReviewState.SCORING)
MORNING, EVENING = (9, 30), (17, 0)
"""At what time of day a meeting and the answers to its invitations are proposed."""
NAMED_BY = {
    Capacity.CONGRESS: ("人大",),
    Capacity.CPPCC: ("政协",),
    Capacity.DISCIPLINE: ("纪委", "监委", "监察"),
    Capacity.AUDIT: ("审计",),
}
"""By what a body's name tells in which capacity it comes."""


@dataclass(frozen=True)
class Guest:
    """A body to be invited, and the person it sends where known."""

    capacity: Capacity
    body: str
    person: str = ""
    user: User | None = None


def proposed_times(uow: UnitOfWork) -> tuple[datetime, datetime]:
    """Return a proposal in working days (R-IND.meeting): the morning of the meeting, the end of the day for answers."""
    book, calendar = uow.house.rules, work_calendar(uow)

    def day(name: str) -> datetime:
        count = book.whole("R-IND.meeting", name, on=uow.today, overrides=overrides(uow))
        hour, minute = MORNING if name == "meets_days" else EVENING
        return shanghai(calendar.add_working_days(uow.today, count).date, hour, minute)

    return day("meets_days"), day("answer_days")


def proposed_guests(uow: UnitOfWork, system: IndicatorSystem) -> list[Guest]:
    """Return who is usually invited: the officer for the bureau, unit and agency, and the observers' bodies."""
    officer = uow.session.get(User, uow.actor.user_id) if uow.actor.user_id else None
    bureau = uow.actor.organisation.organisation_name if uow.actor.organisation else ""
    guests = [
        Guest(Capacity.FINANCE, bureau, officer.name if officer else "", officer),
        Guest(Capacity.DEPARTMENT, system.project.unit.name),
        Guest(Capacity.AGENCY, system.agency.name),
        Guest(Capacity.UNIT, system.project.unit.name),
    ]
    kinds = (OrganisationKind.SUPERVISION, OrganisationKind.CONGRESS)
    bodies = uow.session.scalars(
        select(Organisation)
        .where(Organisation.kind.in_(kinds), Organisation.is_active)
        .order_by(Organisation.name, Organisation.id)
    ).all()
    for capacity in OBSERVERS:
        body = next((one for one in bodies if any(word in one.name for word in NAMED_BY[capacity])), None)
        if body is not None:
            guests.append(Guest(capacity, body.name))
    return guests


def missing_capacities(guests: Sequence[Guest] | Sequence[Attendee]) -> list[Capacity]:
    """Return the observers' bodies that nobody invited, of those that every review invites (R-IND-02: a warning)."""
    named = {one.capacity for one in guests}
    return [one for one in OBSERVERS if one not in named]


def guest_refusals(guests: Sequence[Guest]) -> list[Refusal]:
    """Return what is missing of the panel's representatives (R-IND-03): the principal's and the agency's."""
    found = []
    finance = next((one for one in guests if one.capacity is Capacity.FINANCE), None)
    if finance is None or not finance.person.strip():
        found.append(Refusal(_l("请写明财政部门（委托方）代表的姓名"), "R-IND-03", "finance_person"))
    if not any(one.capacity is Capacity.AGENCY for one in guests):
        found.append(Refusal(_l("机构代表须参加评审"), "R-IND-03"))
    return found


def invite_guests(uow: UnitOfWork, review: Review, guests: Sequence[Guest]) -> None:
    """Write the guests down and tell those with an account; experts are told by their own invitations."""
    for guest in guests:
        _add(uow, review, guest)
    uow.session.flush()
    uow.session.expire(review, ["attendees"])
    _tell(uow, review, MEETING_CALLED)


def _add(uow: UnitOfWork, review: Review, guest: Guest) -> Attendee:
    body = guest.body.strip()
    known = uow.session.scalar(select(Organisation).where(Organisation.name == body).limit(1))
    return uow.add(
        Attendee(
            review_id=review.id,
            capacity=guest.capacity,
            body=body,
            person=guest.person.strip(),
            organisation_id=known.id if known else None,
            user_id=guest.user.id if guest.user else None,
        )
    )


def add_guest(uow: UnitOfWork, review: Review, guest: Guest) -> Attendee:
    """Invite one more body while the review runs. Raises `Refused`."""
    _check_running(review)
    if not guest.body.strip():
        raise Refused(Refusal(_l("请填写单位名称"), field="body"))
    if any(one.capacity is guest.capacity and one.body == guest.body.strip() for one in review.attendees):
        raise Refused(Refusal(_l("该单位已在名单中"), field="body"))
    row = _add(uow, review, guest)
    uow.session.flush()
    uow.session.expire(review, ["attendees"])
    uow.record("review.invite_guest", review, after={"capacity": guest.capacity.value, "body": row.body})
    return row


def drop_guest(uow: UnitOfWork, review: Review, attendee: Attendee) -> None:
    """Take a body off the list that was not there yet; the representatives of R-IND-03 stay."""
    _check_running(review)
    if attendee.capacity in (Capacity.FINANCE, Capacity.AGENCY):
        raise Refused(Refusal(_l("委托方代表和机构代表须参加评审，不能移出"), "R-IND-03"))
    if attendee.id in attendance_of(uow, review).came:
        raise Refused(Refusal(_l("该单位已经签到，不能移出")))
    uow.session.delete(attendee)
    uow.session.flush()
    uow.session.expire(review, ["attendees"])
    uow.record("review.drop_guest", review, before={"capacity": attendee.capacity.value, "body": attendee.body})


def _check_running(review: Review) -> None:
    if review.state not in RUNNING:
        raise Refused(Refusal(_l("评审已结束，参会名单不能再改")))


def add_paper(uow: UnitOfWork, review: Review, upload: FileStorage | None, *, field: str = "file") -> Document:
    """Attach a paper that members and those invited read before the meeting."""
    if review.state not in RUNNING:
        raise Refused(Refusal(_l("评审已结束，不能再补充会议材料"), field=field))
    document = accept_file(uow, upload, owner=review, purpose=PAPER, kinds=("pdf", "docx", "xlsx"), field=field)
    uow.record("review.paper", review, after={"name": document.name, "sha256": document.sha256})
    return document


def add_signed_opinion(uow: UnitOfWork, review: Review, upload: FileStorage | None) -> Document:
    """Keep the scan of the opinion that was signed by hand."""
    if review.state not in (ReviewState.SCORED, ReviewState.PASSED, ReviewState.RETURNED):
        raise Refused(Refusal(_l("评分结束后才有评审意见可签"), field="file"))
    document = accept_file(uow, upload, owner=review, purpose=SIGNED, kinds=("pdf", "png", "jpg"))
    uow.record("review.signed_opinion", review, after={"name": document.name, "sha256": document.sha256})
    return document


def change_meeting(
    uow: UnitOfWork, review: Review, *, meets_at: datetime, place: str, online: str, agenda: str, reason: str
) -> None:
    """Move the meeting or change where it is; everybody who was asked is told. Raises `Refused` at its field."""
    _check_running(review)
    found = []
    if meets_at <= uow.now and meets_at != review.meets_at:
        found.append(Refusal(_l("评审时间须晚于现在"), field="meets_at"))
    if not place.strip() and not online.strip():
        found.append(Refusal(_l("请填写评审地点或线上会议地址"), field="place"))
    moved = (meets_at, place.strip(), online.strip()) != (review.meets_at, review.place, review.online)
    if moved and not reason.strip():
        found.append(Refusal(_l("更改时间或地点须写明原因"), field="reason"))
    if found:
        raise Refused(*found)
    before = {"meets_at": review.meets_at.isoformat(), "place": review.place, "online": review.online}
    review.meets_at, review.place, review.online = meets_at, place.strip(), online.strip()
    review.agenda = agenda.strip()
    review.answer_by = min(review.answer_by, meets_at)
    uow.session.flush()
    uow.record(
        "review.change_meeting",
        review,
        before=before,
        after={"meets_at": meets_at.isoformat(), "place": review.place, "online": review.online},
        reason=reason.strip() or None,
    )
    if moved:
        _tell(uow, review, MEETING_CHANGED)
        asked = [one for one in seats_of(uow, review) if one.state in (SeatState.INVITED, SeatState.ACCEPTED)]
        for seat in asked:
            notify(uow, MEETING_CHANGED, [seat.expert.user_id], url=seat_page(seat.id), params=_words(review))


def _tell(uow: UnitOfWork, review: Review, kind: object) -> None:
    told = {one.user_id for one in review.attendees if one.user_id is not None and one.user_id != uow.actor.user_id}
    roles = (Role.UNIT_OFFICER, Role.AGENCY_MANAGER, Role.AGENCY_STAFF, Role.OBSERVER)
    for one in review.attendees:
        if one.user_id is None and one.organisation_id is not None:
            told.update(user_ids_with(uow, *roles, organisation_id=one.organisation_id))
    notify(uow, kind, told, url=meeting_page(review.id), params=_words(review))  # type: ignore[arg-type]  # a kind


def _words(review: Review) -> dict[str, str]:
    return {
        "project": review.engagement.project.name,
        "when": f"{review.meets_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}",
        "place": "；".join(one for one in (review.place, review.online) if one),
    }
