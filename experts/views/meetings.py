"""A review's meeting: its list of people, papers, sign-in, minutes and signatures."""

from __future__ import annotations

import uuid

import segno
from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from core.clock import SHANGHAI
from core.documents.models import Document
from core.errors import NotVisible
from core.http.choices import choices
from core.http.deeds import acted
from core.http.forms import Form
from core.http.guard import requires
from core.i18n import _, _l
from core.permissions import policy
from core.unit_of_work import UnitOfWork
from experts.forms import CodeForm, GuestForm, MeetingForm, MinutesForm, NoteForm, PaperForm, SignForm
from experts.models import Attendee, Review
from experts.permissions import MeetingPermission, ReviewPermission
from experts.queries import OPEN_TO_ALL, all_comments, expert_of, load_review, load_seat
from experts.queries.meeting import SIGNED, attendance_of, load_attendee, minutes_of, own_attendees, papers_of
from experts.seats import seats_of
from experts.services.conclusions import DECIDED
from experts.services.meetings import (
    Guest,
    add_guest,
    add_paper,
    add_signed_opinion,
    change_meeting,
    drop_guest,
    missing_capacities,
)
from experts.services.minutes import drafted_course, drafted_opinion, sign_opinion, write_minutes
from experts.services.sheets import Remark, comment_as_observer
from experts.services.sign_in import (
    meeting_code,
    not_yet,
    record_sign_in,
    sign_in_guest,
    undo_sign_in,
)
from experts.services.undertakings import undertaking_of
from experts.states import REPRESENTATIVES, Capacity, Presence, ReviewState, SeatState
from experts.workflow import RUNNING

meetings = Blueprint("meetings", __name__, url_prefix="/reviews")

TAKING_PART = (SeatState.ACCEPTED, SeatState.SUBMITTED)
MEETS = (ReviewState.INVITING, ReviewState.SCORING, ReviewState.SCORED)


def may_read_document(uow: UnitOfWork, document: Document) -> bool:
    """Papers are for readers of the review and experts who undertook secrecy; the signed opinion names the panel."""
    review = uow.get(Review, document.owner_id)
    if review is None:
        return False
    expert = expert_of(uow, uow.actor)
    sits = expert is not None and any(
        one.expert_id == expert.id and one.state in TAKING_PART and undertaking_of(uow, one) is not None
        for one in seats_of(uow, review)
    )
    if document.purpose == SIGNED:
        return policy.allows(uow.actor, ReviewPermission.SEE_PANEL, review)
    return sits or policy.allows(uow.actor, ReviewPermission.READ, review)


def listed(documents: list[Document]) -> list[dict[str, object]]:
    """Return documents as the list component shows them."""
    return [
        {
            "name": one.name,
            "url": url_for("documents.download", document_id=one.id),
            "size": one.size,
            "at": one.added_at,
        }
        for one in documents
    ]


def _location(review: Review) -> str:
    return url_for("meetings.show", review_id=review.id)


def _crumbs(review: Review, last: str) -> list[tuple[str, str | None]]:
    return [
        (_("指标评审"), url_for("reviews.index")),
        (review.number, url_for("reviews.show", review_id=review.id)),
        (last, None),
    ]


@meetings.get("/<uuid:review_id>/meeting")
@requires(ReviewPermission.READ, load_review, see=ReviewPermission.READ)
def show(uow: UnitOfWork, review: Review) -> ResponseReturnValue:
    """Show the meeting: where it is, who is invited, who came; the secretary's desk and the phone's sign-in."""
    return _page(uow, review)


def _page(uow: UnitOfWork, review: Review, *, status: int = 200, **forms: Form) -> ResponseReturnValue:
    keeps = policy.allows(uow.actor, MeetingPermission.KEEP, review)
    rows = attendance_of(uow, review)
    own = own_attendees(uow.actor, review)
    waiting = not_yet(uow, review)
    minutes = minutes_of(uow, review)
    sees_panel = policy.allows(uow.actor, ReviewPermission.SEE_PANEL, review)
    code = meeting_code(uow, review) if keeps and review.state in MEETS else ""
    door = uow.house.settings.public_address + url_for("doors.door", code=code)
    signs = [
        one
        for one in own
        if minutes is not None
        and one.capacity in REPRESENTATIVES
        and one.id in rows.came
        and one.id not in rows.signed
        and rows.came[one.id].recorded_by_id == uow.actor.user_id
    ]
    note = forms.get("note")
    if keeps and review.state in MEETS:
        note = note or NoteForm(prefix="note")
        _choose(note, review)
    page = render_template(
        "experts/meeting/show.html",
        review=review,
        rows=rows,
        keeps=keeps,
        sees_panel=sees_panel,
        running=review.state in RUNNING,
        missing=missing_capacities(rows.attendees) if rows.attendees else [],
        code=code,
        door=uow.house.settings.public_address + url_for("doors.door"),
        picture=str(segno.make(door, error="m").svg_data_uri(scale=4, dark="#000", light="#fff")) if code else "",
        waiting=waiting,
        own=[one for one in own if one.id not in rows.came],
        came_for=[one for one in own if one.id in rows.came],
        signs=signs,
        papers=listed(papers_of(uow, review)),
        signed_papers=listed(papers_of(uow, review, SIGNED)) if sees_panel else [],
        minutes=minutes,
        opened=review.state in (OPEN_TO_ALL if sees_panel else DECIDED),
        scored=review.state in OPEN_TO_ALL,
        code_form=forms.get("code_form") or CodeForm(prefix="in"),
        guest=forms.get("guest") or GuestForm(prefix="guest"),
        paper=forms.get("paper") or PaperForm(prefix="paper"),
        scan=forms.get("scan") or PaperForm(prefix="scan"),
        sign=forms.get("sign") or SignForm(prefix="sign"),
        note=note,
        plain=Form(),
        crumbs=_crumbs(review, _("评审会议")),
    )
    return page, status


def _choose(note: NoteForm, review: Review) -> None:
    note.attendee.choices = choices(
        [(str(one.id), f"{one.body}（{one.capacity.label}）") for one in review.attendees if one.user_id is None]
    )
    note.indicator.choices = choices([("", _l("整体")), *((one.third, one.third) for one in review.system.indicators)])


@meetings.route("/<uuid:review_id>/meeting/edit", methods=["GET", "POST"])
@requires(MeetingPermission.KEEP, load_review, see=ReviewPermission.READ)
def edit(uow: UnitOfWork, review: Review) -> ResponseReturnValue:
    """Move the meeting or write its agenda; everybody who was asked is told."""
    form = MeetingForm(obj=review)
    if not form.is_submitted():
        form.meets_at.data = review.meets_at.astimezone(SHANGHAI).replace(second=0, microsecond=0, tzinfo=None)

    def change() -> None:
        form.check_revision(review)
        typed = form["meets_at"].data.replace(tzinfo=SHANGHAI)
        kept = review.meets_at.replace(second=0, microsecond=0)
        change_meeting(
            uow,
            review,
            meets_at=review.meets_at if typed == kept else typed,
            place=form.text("place"),
            online=form.text("online"),
            agenda=form.text("agenda"),
            reason=form.text("reason"),
        )

    if answer := acted(uow, form, change, _location(review), _l("会议安排已更新，时间地点有变的已通知各方")):
        return answer
    page = render_template(
        "experts/meeting/edit.html", form=form, review=review, crumbs=_crumbs(review, _("更改会议安排"))
    )
    return page, 422 if form.is_submitted() else 200


@meetings.post("/<uuid:review_id>/meeting/guests")
@requires(MeetingPermission.KEEP, load_review, see=ReviewPermission.READ)
def guests(uow: UnitOfWork, review: Review) -> ResponseReturnValue:
    """Invite one more body."""
    form = GuestForm(prefix="guest")

    def invite() -> None:
        add_guest(uow, review, Guest(Capacity(form.capacity.data), form.text("body"), form.text("person")))

    return acted(uow, form, invite, _location(review), _l("已列入参会名单")) or _page(
        uow, review, guest=form, status=422
    )


@meetings.post("/<uuid:review_id>/meeting/guests/<uuid:attendee_id>/drop")
@requires(MeetingPermission.KEEP, load_review, see=ReviewPermission.READ)
def drop(uow: UnitOfWork, review: Review, attendee_id: uuid.UUID) -> ResponseReturnValue:
    """Take a body off the list."""
    drop_guest(uow, review, _attendee(uow, review, attendee_id))
    flash(_("已移出参会名单"), "success")
    return redirect(_location(review))


@meetings.post("/<uuid:review_id>/meeting/presence/<uuid:subject_id>")
@requires(MeetingPermission.KEEP, load_review, see=ReviewPermission.READ)
def presence(uow: UnitOfWork, review: Review, subject_id: uuid.UUID) -> ResponseReturnValue:
    """Record who is there, or take a mistaken record back."""
    seat = load_seat(uow, subject_id)
    subject = seat if seat is not None and seat.review_id == review.id else _attendee(uow, review, subject_id)
    if request.form.get("deed") == "undo":
        undo_sign_in(uow, review, subject)
        flash(_("签到记录已撤销"), "success")
    elif record_sign_in(uow, review, subject, (request.form.get("person") or "")[:40]):
        flash(_("已登记签到"), "success")
    else:
        flash(_("核对时发现应当回避的情形：已登记回避并按次序邀请下一位"), "warning")
    return redirect(_location(review))


def _attendee(uow: UnitOfWork, review: Review, attendee_id: uuid.UUID) -> Attendee:
    attendee = load_attendee(uow, attendee_id)
    if attendee is None or attendee.review_id != review.id:
        raise NotVisible
    return attendee


@meetings.post("/<uuid:review_id>/meeting/papers")
@requires(MeetingPermission.KEEP, load_review, see=ReviewPermission.READ)
def papers(uow: UnitOfWork, review: Review) -> ResponseReturnValue:
    """Attach a paper."""
    form = PaperForm(prefix="paper")
    said = _l("会议材料已附上，接受邀请的专家和受邀单位可以下载")
    return acted(uow, form, lambda: add_paper(uow, review, form.file.data), _location(review), said) or _page(
        uow, review, paper=form, status=422
    )


@meetings.post("/<uuid:review_id>/meeting/scan")
@requires(MeetingPermission.KEEP, load_review, see=ReviewPermission.READ)
def scan(uow: UnitOfWork, review: Review) -> ResponseReturnValue:
    """Keep the opinion that was signed by hand."""
    form = PaperForm(prefix="scan")
    return acted(
        uow, form, lambda: add_signed_opinion(uow, review, form.file.data), _location(review), _l("签字件已存档")
    ) or _page(uow, review, scan=form, status=422)


@meetings.post("/<uuid:review_id>/meeting/notes")
@requires(MeetingPermission.KEEP, load_review, see=ReviewPermission.READ)
def notes(uow: UnitOfWork, review: Review) -> ResponseReturnValue:
    """Write down what somebody without an account says."""
    form = NoteForm(prefix="note")
    _choose(form, review)

    def keep() -> None:
        said_by = _attendee(uow, review, uuid.UUID(form.attendee.data))
        remark = Remark(form.indicator.data or "", form.text("body"))
        comment_as_observer(uow, review, remark, said_by=said_by)

    return acted(uow, form, keep, _location(review), _l("已记录发言意见；列席意见不计分")) or _page(
        uow, review, note=form, status=422
    )


@meetings.post("/<uuid:review_id>/meeting/sign-in/<uuid:attendee_id>")
@requires(MeetingPermission.SIGN_IN, load_review, see=ReviewPermission.READ)
def sign_in(uow: UnitOfWork, review: Review, attendee_id: uuid.UUID) -> ResponseReturnValue:
    """Sign in for one's own body with the room's code."""
    attendee = _own(uow, review, attendee_id)
    form = CodeForm(prefix="in")

    def come() -> None:
        sign_in_guest(uow, attendee, uow.actor.name, form.text("code"), how=Presence.SELF)

    return acted(uow, form, come, _location(review), _l("已签到，欢迎参会")) or _page(
        uow, review, code_form=form, status=422
    )


@meetings.post("/<uuid:review_id>/meeting/sign/<uuid:attendee_id>")
@requires(MeetingPermission.SIGN_IN, load_review, see=ReviewPermission.READ)
def sign(uow: UnitOfWork, review: Review, attendee_id: uuid.UUID) -> ResponseReturnValue:
    """Sign the opinion as a representative."""
    attendee = _own(uow, review, attendee_id)
    form = SignForm(prefix="sign")
    return acted(
        uow, form, lambda: sign_opinion(uow, attendee, form.text("dissent")), _location(review), _l("已签署评审意见")
    ) or _page(uow, review, sign=form, status=422)


def _own(uow: UnitOfWork, review: Review, attendee_id: uuid.UUID) -> Attendee:
    found = next((one for one in own_attendees(uow.actor, review) if one.id == attendee_id), None)
    if found is None:
        raise NotVisible
    return found


@meetings.route("/<uuid:review_id>/meeting/minutes", methods=["GET", "POST"])
@requires(MeetingPermission.KEEP, load_review, see=ReviewPermission.READ)
def minutes(uow: UnitOfWork, review: Review) -> ResponseReturnValue:
    """Write the minutes and the panel's opinion, drafted from what the records tell."""
    if review.state not in OPEN_TO_ALL:
        return redirect(_location(review))
    kept = minutes_of(uow, review)
    form = MinutesForm(obj=kept)
    if not form.is_submitted() and kept is None:
        form.course.data = drafted_course(uow, review)
        form.opinion.data = drafted_opinion(uow, review, all_comments(uow, review))

    def write() -> None:
        if kept is not None:
            form.check_revision(kept)
        write_minutes(uow, review, form.text("course"), form.text("opinion"))

    said = _l("纪要和评审意见已保存，已请专家签署")
    if answer := acted(uow, form, write, _location(review), said):
        return answer
    page = render_template(
        "experts/meeting/minutes.html", form=form, review=review, crumbs=_crumbs(review, _("纪要和评审意见"))
    )
    return page, 422 if form.is_submitted() else 200
