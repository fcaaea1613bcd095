"""The agency's own page: what the library holds about it, what is due, and its record to fill in (R-AGENCY-03)."""

from __future__ import annotations

import uuid

from flask import Blueprint, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from agencies.forms.record import DEEDS, EndForm, NoteForm, PressForm, RecordForm, record_form
from agencies.models import Agency, Engagement, RecordChange, RecordItem
from agencies.permissions import RecordPermission
from agencies.ports import grade_page
from agencies.queries.conduct import credit_of
from agencies.queries.record import (
    changes_of,
    confirmations_of,
    ended_items,
    entry_of_library,
    latest_application,
    load_change,
    load_item,
    own_organisation,
    record_of,
)
from agencies.queries.standing import standing_of
from agencies.record_parts import PARTS
from agencies.record_shown import PartShown, parts_shown
from agencies.services.admission import lines_for
from agencies.services.basics import proposed_basics
from agencies.services.changes import Report, note_change, report_change, update_deadline
from agencies.services.duties import confirm_record, confirmation_due, ran_out_unreported, to_report
from agencies.services.leads import leads_of
from agencies.services.record import drop_item, save_item
from agencies.states import ChangeDeed, RecordPart
from core.audit.timeline import timeline
from core.deadlines import end_of
from core.errors import NotVisible
from core.http.deeds import acted
from core.http.guard import requires
from core.i18n import _, _l
from core.identity.models import Organisation
from core.permissions import policy
from core.unit_of_work import UnitOfWork

my_agency = Blueprint("my_agency", __name__, url_prefix="/my-agency")


def own(uow: UnitOfWork) -> Organisation:
    """Return the agency the actor works for; whoever works for none has no such page."""
    organisation = own_organisation(uow)
    if organisation is None:
        raise NotVisible
    return organisation


def _crumbs(*more: tuple[str, str | None]) -> list[tuple[str, str | None]]:
    return [(_("本机构"), url_for("my_agency.show") if more else None), *more]


def _part(part: str) -> RecordPart:
    if part not in {one.value for one in RecordPart}:
        abort(404)
    return RecordPart(part)


def _shown(uow: UnitOfWork, organisation: Organisation) -> list[PartShown]:
    record, agency = record_of(uow, organisation), entry_of_library(uow, organisation)
    application = None if agency else latest_application(uow, organisation)
    declared = application.declarations if application else ()
    return parts_shown(
        record,
        everything=True,
        leads=leads_of(uow, organisation.id),
        changes=changes_of(uow, organisation),
        lines=lines_for(uow, organisation, declared, record),
    )


@my_agency.get("")
@requires(RecordPermission.OWN)
def show(uow: UnitOfWork) -> ResponseReturnValue:
    """Show everything about the agency in one place, what is due first."""
    organisation = own(uow)
    agency = entry_of_library(uow, organisation)
    parts = _shown(uow, organisation)
    leads = next(one.cards for one in parts if one.part is RecordPart.LEADS)
    application = None if agency else latest_application(uow, organisation)
    engagements = uow.session.scalars(
        select(Engagement)
        .where(Engagement.agency_id == organisation.id)
        .order_by(Engagement.opened_at.desc())
        .limit(10)
    ).unique()
    due = confirmation_due(uow, agency) if agency else None
    confirmations = confirmations_of(uow, organisation)
    return render_template(
        "agencies/own/show.html",
        organisation=organisation,
        agency=agency,
        known=standing_of(uow, agency) if agency else None,
        credit=credit_of(uow, agency) if agency else [],
        application=application,
        parts=parts,
        able=sum(card.verdict.qualifies for card in leads if card.verdict),
        leads=len(leads),
        may_keep=policy.allows(uow.actor, RecordPermission.KEEP),
        to_report=to_report(uow, agency) if agency else [],
        ran_out=ran_out_unreported(uow, agency) if agency else [],
        confirmation_due=end_of(due) if due else None,
        confirmed=next(iter(confirmations), None),
        may_confirm=agency is not None and all(one.year != uow.today.year for one in confirmations),
        press=PressForm(),
        changes=changes_of(uow, organisation, limit=40),
        ended=ended_items(uow, organisation),
        engagements=list(engagements),
        grade_page=grade_page,
        end_of=end_of,
        entries=timeline(uow, organisation, limit=30),
        crumbs=_crumbs(),
    )


@my_agency.get("/record/<part>")
@requires(RecordPermission.OWN)
def part(uow: UnitOfWork, part: str) -> ResponseReturnValue:
    """Show one part of the record to those who fill it."""
    organisation, chosen = own(uow), _part(part)
    parts = _shown(uow, organisation)
    agency = entry_of_library(uow, organisation)
    return render_template(
        "agencies/own/part.html",
        parts=parts,
        chosen=next(one for one in parts if one.part is chosen),
        agency=agency,
        may_keep=policy.allows(uow.actor, RecordPermission.KEEP),
        bureau_entries=credit_of(uow, agency) if agency and chosen is RecordPart.CREDIT else [],
        crumbs=_crumbs((str(chosen.label), None)),
    )


def _noted(uow: UnitOfWork, organisation: Organisation) -> RecordChange | None:
    """Return the noted or questioned change that the address names, where it is this agency's."""
    try:
        change = load_change(uow, uuid.UUID(request.args.get("change", "")))
    except ValueError:
        return None
    return change if change is not None and change.organisation_id == organisation.id else None


def _edit(
    uow: UnitOfWork, organisation: Organisation, chosen: RecordPart, item: RecordItem | None
) -> ResponseReturnValue:
    agency, noted = entry_of_library(uow, organisation), _noted(uow, organisation)
    changing = agency is not None
    form = record_form(chosen, changing=changing)(**({"obj": item} if item else {}))
    if not form.is_submitted():
        _prefill(uow, form, organisation, item, noted)
    more = request.form.get("more", "")
    form.offer(record_of(uow, organisation).lead_names if chosen is RecordPart.TEAMS else {}, more=more)
    deed = ChangeDeed.CHANGE if item else ChangeDeed.ADD
    back = url_for("my_agency.part", part=chosen.value)

    def save() -> None:
        if item is not None:
            form.check_revision(item)
        if changing:
            report_change(uow, organisation, _report(form, chosen, deed, item), noted=noted)
        else:
            save_item(uow, organisation, chosen, form.read(), item=item, is_public=form.is_public, files=form.papers())

    said = _l("已申报，财政局核对后生效；核对前以原内容为准") if changing else _l("已保存")
    answer = None if more else acted(uow, form, save, back, said)
    if answer is not None:
        return answer
    page = render_template(
        "agencies/own/edit.html",
        form=form,
        spec=PARTS[chosen],
        item=item,
        noted=noted,
        changing=changing,
        papers=record_of(uow, organisation).papers.get(item.id, ()) if item else (),
        limit=update_deadline(uow, uow.today) if changing else None,
        verb=DEEDS[deed] if changing else _l("保存"),
        back=back,
        crumbs=_crumbs((str(chosen.label), back), (item.name if item else _("新增"), None)),
    )
    return page, 422 if form.is_submitted() and not more else 200


def _prefill(
    uow: UnitOfWork, form: RecordForm, organisation: Organisation, item: RecordItem | None, noted: RecordChange | None
) -> None:
    entries = noted.entries if noted and noted.entries else item.entries if item else {}
    if item is None and form.part.part is RecordPart.BASICS and not entries:
        entries = proposed_basics(organisation)
    form.fill(entries)
    if "shown" in form:
        form["shown"].data = item.is_public if item else True
    if "happened_on" in form:
        form["happened_on"].data = noted.happened_on if noted else uow.today
        form["note"].data = noted.note if noted else ""


def _report(form: RecordForm, chosen: RecordPart, deed: ChangeDeed, item: RecordItem | None) -> Report:
    return Report(
        part=chosen,
        deed=deed,
        happened_on=form["happened_on"].data,
        typed=form.read(),
        item=item,
        is_public=form.is_public,
        note=form.text("note"),
        files=form.papers(),
    )


@my_agency.route("/record/<part>/new", methods=["GET", "POST"])
@requires(RecordPermission.KEEP)
def add(uow: UnitOfWork, part: str) -> ResponseReturnValue:
    """Add an entry, or report a new one where the agency is in the library."""
    return _edit(uow, own(uow), _part(part), None)


@my_agency.route("/items/<uuid:item_id>", methods=["GET", "POST"])
@requires(RecordPermission.EDIT, load_item, see=RecordPermission.EDIT)
def edit(uow: UnitOfWork, item: RecordItem) -> ResponseReturnValue:
    """Type an entry over, or report its change where the agency is in the library."""
    return _edit(uow, item.organisation, item.part, item)


@my_agency.route("/items/<uuid:item_id>/end", methods=["GET", "POST"])
@requires(RecordPermission.EDIT, load_item, see=RecordPermission.EDIT)
def end(uow: UnitOfWork, item: RecordItem) -> ResponseReturnValue:
    """Report that an entry no longer stands; in a record outside the library, take it out."""
    organisation = item.organisation
    agency, noted = entry_of_library(uow, organisation), _noted(uow, organisation)
    back = url_for("my_agency.part", part=item.part.value)
    form = EndForm() if agency else PressForm()
    if agency and not form.is_submitted():
        form["happened_on"].data = noted.happened_on if noted else uow.today

    def deed() -> None:
        if agency is None:
            drop_item(uow, item)
            return
        report = Report(item.part, ChangeDeed.END, form["happened_on"].data, {}, item=item, note=form.text("note"))
        report_change(uow, organisation, report, noted=noted)

    said = _l("已申报，财政局核对后生效") if agency else _l("已删去")
    answer = acted(uow, form, deed, back, said)
    if answer is not None:
        return answer
    page = render_template(
        "agencies/own/end.html",
        form=form,
        item=item,
        agency=agency,
        back=back,
        crumbs=_crumbs((str(item.part.label), back), (item.name, None)),
    )
    return page, 422 if form.is_submitted() else 200


@my_agency.route("/changes/new", methods=["GET", "POST"])
@requires(RecordPermission.KEEP)
def note(uow: UnitOfWork) -> ResponseReturnValue:
    """Note a change that will be reported: the last day is reckoned, and one is reminded."""
    organisation, form = own(uow), NoteForm()
    if not form.is_submitted():
        form.happened_on.data = uow.today
    answer = acted(
        uow,
        form,
        lambda: note_change(
            uow,
            organisation,
            part=RecordPart(form.text("kind")),
            title=form.text("title"),
            happened_on=form["happened_on"].data,
        ),
        url_for("my_agency.show"),
        _l("已记下，申报期限和提醒列在待办里"),
    )
    if answer is not None:
        return answer
    page = render_template(
        "agencies/own/note.html",
        form=form,
        limit=update_deadline(uow, uow.today),
        crumbs=_crumbs((_("记下变化"), None)),
    )
    return page, 422 if form.is_submitted() else 200


def _own_agency(uow: UnitOfWork) -> Agency:
    agency = entry_of_library(uow, own(uow))
    if agency is None:
        raise NotVisible
    return agency


@my_agency.post("/confirm")
@requires(RecordPermission.KEEP)
def confirm(uow: UnitOfWork) -> ResponseReturnValue:
    """Confirm that the record is true and current (R-AGENCY.confirm)."""
    agency, form = _own_agency(uow), PressForm()
    answer = acted(
        uow, form, lambda: confirm_record(uow, agency), url_for("my_agency.show"), _l("已确认本年度登记信息")
    )
    if answer is not None:
        return answer
    return render_template("agencies/own/refused.html", form=form, crumbs=_crumbs((_("年度确认"), None))), 422
