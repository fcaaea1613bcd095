"""An agency's record in the library, for everybody and in full, and the bureau's desk of reported changes."""

from __future__ import annotations

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from agencies.forms.record import CheckForm, NoteForm, ReasonForm
from agencies.models import Agency, RecordChange, RecordItem
from agencies.permissions import AgencyPermission, RecordPermission
from agencies.queries.conduct import credit_of
from agencies.queries.library import load_agency
from agencies.queries.record import (
    changes_matching,
    changes_of,
    confirmations_of,
    ended_items,
    load_change,
    papers_of,
    record_of,
)
from agencies.record_entries import changed_keys, shown
from agencies.record_parts import PARTS
from agencies.record_shown import parts_shown
from agencies.services.changes import note_change, question_change, verify_change, withdraw_change
from agencies.services.duties import confirmation_due, ran_out_unreported
from agencies.services.leads import leads_of
from agencies.states import ChangeDeed, RecordChangeState, RecordPart
from core.audit.timeline import timeline
from core.deadlines import end_of
from core.documents.models import Document
from core.http.deeds import acted
from core.http.guard import requires
from core.http.lists import Filter, asked, listing
from core.i18n import _, _l
from core.permissions import policy
from core.unit_of_work import UnitOfWork

agency_records = Blueprint("agency_records", __name__, url_prefix="/agencies")

FILTERS = (
    Filter("state", _l("状态"), [(one.value, one.label) for one in RecordChangeState]),
    Filter("part", _l("哪一类信息"), [(one.value, one.label) for one in RecordPart]),
    Filter("late", _l("是否逾期"), [("1", _l("逾期申报"))]),
)
WAITING = (RecordChangeState.NOTED, RecordChangeState.REPORTED, RecordChangeState.QUESTIONED)


def may_read_paper(uow: UnitOfWork, document: Document) -> bool:
    """Papers of entries and changes are for those who may read the whole record, never for the public."""
    model = RecordItem if document.owner_kind == RecordItem.__tablename__ else RecordChange
    owner = uow.get(model, document.owner_id)
    return owner is not None and policy.allows(uow.actor, RecordPermission.READ, owner)


@agency_records.get("/<uuid:agency_id>/record")
@requires(AgencyPermission.READ, load_agency)
def show(uow: UnitOfWork, agency: Agency) -> ResponseReturnValue:
    """Show an agency's record: what it opened to the public, or all of it with papers, part by part."""
    everything = policy.allows(uow.actor, RecordPermission.READ, agency)
    organisation = agency.organisation
    changes = changes_of(uow, organisation)
    parts = parts_shown(
        record_of(uow, organisation, public_only=not everything),
        everything=everything,
        leads=leads_of(uow, organisation.id),
        changes=changes,
    )
    offered = parts if everything else [one for one in parts if one.cards]
    wanted = [one for one in offered if one.part.value == asked("part")] or offered[:1]
    due = confirmation_due(uow, agency)
    return render_template(
        "agencies/record/show.html",
        agency=agency,
        parts=offered,
        chosen=wanted[0] if wanted else None,
        everything=everything,
        may_demand=policy.allows(uow.actor, RecordPermission.VERIFY, agency),
        may_browse=policy.allows(uow.actor, RecordPermission.BROWSE),
        overdue=[one for one in changes if one.state is RecordChangeState.NOTED and one.due_on < uow.today],
        ran_out=ran_out_unreported(uow, agency) if everything else [],
        confirmed=next(iter(confirmations_of(uow, organisation)), None),
        confirmation_due=end_of(due),
        ended=[one for one in ended_items(uow, organisation) if wanted and one.part is wanted[0].part]
        if everything
        else [],
        bureau_entries=credit_of(uow, agency) if everything else [],
        crumbs=[
            (_("机构库"), url_for("agencies.index")),
            (organisation.name, url_for("agencies.show", agency_id=agency.id)),
            (_("机构档案"), None),
        ],
    )


@agency_records.route("/<uuid:agency_id>/record/demand", methods=["GET", "POST"])
@requires(RecordPermission.VERIFY, load_agency)
def demand(uow: UnitOfWork, agency: Agency) -> ResponseReturnValue:
    """Ask an agency to report a change that the bureau learned of."""
    form = NoteForm()
    if not form.is_submitted():
        form.happened_on.data = uow.today
    answer = acted(
        uow,
        form,
        lambda: note_change(
            uow,
            agency.organisation,
            part=RecordPart(form.text("kind")),
            title=form.text("title"),
            happened_on=form["happened_on"].data,
            is_demanded=True,
        ),
        url_for("agency_records.show", agency_id=agency.id),
        _l("已通知机构申报，期限从变化之日起算"),
    )
    if answer is not None:
        return answer
    page = render_template(
        "agencies/record/demand.html",
        form=form,
        agency=agency,
        crumbs=[
            (_("机构库"), url_for("agencies.index")),
            (agency.organisation.name, url_for("agency_records.show", agency_id=agency.id)),
            (_("要求申报变化"), None),
        ],
    )
    return page, 422 if form.is_submitted() else 200


@agency_records.get("/changes")
@requires(RecordPermission.BROWSE)
def changes(uow: UnitOfWork) -> ResponseReturnValue:
    """List what agencies reported or still owe, those with the nearest last day first."""
    page = listing(
        uow,
        changes_matching(text=asked("q"), state=asked("state"), part=asked("part"), late=asked("late")),
        sortable={"due": RecordChange.due_on, "noted": RecordChange.noted_at, "late": RecordChange.days_late},
        default="-noted",
        filters=FILTERS,
    )
    crumbs = [(_("机构库"), url_for("agencies.index")), (_("登记信息的变化"), None)]
    return render_template("agencies/record/changes.html", page=page, end_of=end_of, waiting=WAITING, crumbs=crumbs)


@agency_records.get("/changes/<uuid:change_id>")
@requires(RecordPermission.READ, load_change, see=RecordPermission.READ)
def change(uow: UnitOfWork, row: RecordChange) -> ResponseReturnValue:
    """Show a change: what stands, what shall stand, its papers and its last day."""
    return _change_page(uow, row, CheckForm(), ReasonForm(prefix="end"))


@agency_records.post("/changes/<uuid:change_id>/check")
@requires(RecordPermission.VERIFY, load_change, see=RecordPermission.READ)
def check(uow: UnitOfWork, row: RecordChange) -> ResponseReturnValue:
    """Take a change over, or ask about it."""
    form = CheckForm()
    verifies = request.form.get("deed") == "verify"
    reason = form.text("reason")
    answer = acted(
        uow,
        form,
        lambda: verify_change(uow, row, reason) if verifies else question_change(uow, row, reason),
        url_for("agency_records.change", change_id=row.id),
        _l("已核对变更，机构档案已更新") if verifies else _l("已要求说明，机构会收到通知"),
    )
    return answer if answer is not None else _change_page(uow, row, form, ReasonForm(prefix="end", formdata=None))


@agency_records.post("/changes/<uuid:change_id>/withdraw")
@requires(RecordPermission.EDIT, load_change, see=RecordPermission.READ)
def withdraw(uow: UnitOfWork, row: RecordChange) -> ResponseReturnValue:
    """Give a change up with a reason."""
    form = ReasonForm(prefix="end")
    answer = acted(
        uow,
        form,
        lambda: withdraw_change(uow, row, form.text("reason")),
        url_for("agency_records.change", change_id=row.id),
        _l("已撤回"),
    )
    return answer if answer is not None else _change_page(uow, row, CheckForm(formdata=None), form)


def _change_page(uow: UnitOfWork, row: RecordChange, form: CheckForm, ending: ReasonForm) -> ResponseReturnValue:
    spec = PARTS[row.part]
    record = record_of(uow, row.organisation)
    known = row.replaced if row.replaced is not None else row.item.entries if row.item else {}
    before = {one.key: one for one in shown(spec, known, everything=True, leads=record.lead_names)}
    after = {one.key: one for one in shown(spec, row.entries or {}, everything=True, leads=record.lead_names)}
    rows = [
        (entry.label, before.get(entry.key), after.get(entry.key))
        for entry in spec.entries
        if entry.key in before or entry.key in after
    ]
    changed = changed_keys(spec, known, row.entries or {})
    page = render_template(
        "agencies/record/change.html",
        row=row,
        spec=spec,
        rows=rows,
        changed=[line for line in rows if any(one is not None and one.key in changed for one in line[1:])],
        entries_of_part=record.of(row.part),
        ends=row.deed is ChangeDeed.END,
        deadline_at=end_of(row.due_on),
        papers=papers_of(uow, RecordChange.__tablename__, [row.id])[row.id],
        form=form,
        ending=ending,
        may_verify=row.state is RecordChangeState.REPORTED and policy.allows(uow.actor, RecordPermission.VERIFY, row),
        may_report=row.state in (RecordChangeState.NOTED, RecordChangeState.QUESTIONED)
        and policy.allows(uow.actor, RecordPermission.EDIT, row),
        may_withdraw=row.state in WAITING and policy.allows(uow.actor, RecordPermission.EDIT, row),
        entries=timeline(uow, row),
        crumbs=[
            (_("机构库"), url_for("agencies.index")),
            (_("登记信息的变化"), url_for("agency_records.changes"))
            if policy.allows(uow.actor, RecordPermission.BROWSE)
            else (_("本机构"), url_for("my_agency.show")),
            (row.title, None),
        ],
    )
    return page, 422 if form.is_submitted() else 200
