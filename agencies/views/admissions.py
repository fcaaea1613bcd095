"""Applying for the library, and the bureau's desk of applications (R-AGENCY-03, R-AGENCY-04)."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from agencies.checklist import DECLARATIONS
from agencies.forms.record import ApplyForm, ExamineForm, PressForm, examine_form
from agencies.models import AgencyApplication
from agencies.permissions import AdmissionPermission, RecordPermission
from agencies.queries.record import applications_matching, latest_application, load_agency_application, record_of
from agencies.record_shown import parts_shown
from agencies.services.admission import (
    Said,
    admit,
    check_points,
    lines_for,
    parts_to_check,
    reject,
    send_back,
    start_application,
    submit_application,
    withdraw_application,
)
from agencies.services.leads import leads_of
from agencies.states import AdmissionState, RecordPart
from agencies.views.my_agency import own
from core.audit.timeline import timeline
from core.errors import NotVisible
from core.http.deeds import acted
from core.http.guard import requires
from core.http.lists import Filter, asked, listing
from core.i18n import Text, _, _l
from core.permissions import policy
from core.unit_of_work import UnitOfWork

admissions = Blueprint("admissions", __name__)

FILTERS = (
    Filter(
        "state", _l("状态"), [(one.value, one.label) for one in AdmissionState if one is not AdmissionState.FILLING]
    ),
)
FILLABLE = (AdmissionState.FILLING, AdmissionState.RETURNED)
Sayings = Mapping[RecordPart, Said]
DEEDS: dict[str, tuple[Callable[[UnitOfWork, AgencyApplication, Sayings, str], object], Text]] = {
    "keep": (lambda uow, row, said, _remark: check_points(uow, row, said), _l("已保存核对结果")),
    "admit": (admit, _l("已同意入库，登记内容即日生效")),
    "return": (send_back, _l("已退回补正，机构会收到通知")),
    "reject": (reject, _l("已决定不予入库，机构会收到通知")),
}


@admissions.route("/my-agency/application", methods=["GET", "POST"])
@requires(RecordPermission.KEEP)
def apply(uow: UnitOfWork) -> ResponseReturnValue:
    """Apply for the library: what is missing by the rules, what is declared, and the button."""
    organisation = own(uow)
    application = latest_application(uow, organisation)
    running = application if application is not None and application.state in FILLABLE else None
    form = ApplyForm()
    if running is not None and not form.is_submitted():
        form.declared.data, form.note.data = running.declarations, running.note
    lines = lines_for(uow, organisation, form.declared.data or ())

    def deed() -> None:
        row = running or start_application(uow, organisation)
        submit_application(uow, row, form.declared.data or (), form.text("note"))

    answer = acted(uow, form, deed, url_for("my_agency.show"), _l("已提交，财政局逐项核对后通知结果"))
    if answer is not None:
        return answer
    page = render_template(
        "agencies/admission/apply.html",
        form=form,
        application=application,
        running=running,
        lines=[one for one in lines if one.part is not None],
        declarations=DECLARATIONS,
        press=PressForm(),
        crumbs=[(_("本机构"), url_for("my_agency.show")), (_("入库申请"), None)],
    )
    return page, 422 if form.is_submitted() else 200


@admissions.post("/my-agency/application/withdraw")
@requires(RecordPermission.KEEP)
def withdraw(uow: UnitOfWork) -> ResponseReturnValue:
    """Withdraw the application; the record stays."""
    application = latest_application(uow, own(uow))
    if application is None:
        raise NotVisible
    form = PressForm()
    answer = acted(
        uow, form, lambda: withdraw_application(uow, application), url_for("my_agency.show"), _l("已撤回入库申请")
    )
    if answer is not None:
        return answer
    crumbs = [(_("本机构"), url_for("my_agency.show")), (_("入库申请"), None)]
    return render_template("agencies/own/refused.html", form=form, crumbs=crumbs), 422


@admissions.get("/agencies/applications")
@requires(AdmissionPermission.BROWSE)
def index(uow: UnitOfWork) -> ResponseReturnValue:
    """List the applications that came in."""
    page = listing(
        uow,
        applications_matching(text=asked("q"), state=asked("state")),
        sortable={"number": AgencyApplication.started_at, "submitted": AgencyApplication.submitted_at},
        default="-submitted",
        filters=FILTERS,
    )
    crumbs = [(_("机构库"), url_for("agencies.index")), (_("机构入库申请"), None)]
    return render_template("agencies/admission/index.html", page=page, crumbs=crumbs)


@admissions.get("/agencies/applications/<uuid:application_id>")
@requires(AdmissionPermission.READ, load_agency_application, see=AdmissionPermission.READ)
def show(uow: UnitOfWork, application: AgencyApplication) -> ResponseReturnValue:
    """Show an application with its record part by part and what the rules say."""
    form = examine_form()()
    for point in application.points:
        form[f"verdict_{point.part.value}"].data = point.verdict.value if point.verdict else ""
        form[f"remark_{point.part.value}"].data = point.remark
    return _page(uow, application, form)


def _page(uow: UnitOfWork, application: AgencyApplication, form: ExamineForm) -> ResponseReturnValue:
    organisation = application.organisation
    record = record_of(uow, organisation)
    lines = lines_for(uow, organisation, application.declarations, record)
    may_decide = application.state is AdmissionState.SUBMITTED and policy.allows(
        uow.actor, AdmissionPermission.DECIDE, application
    )
    page = render_template(
        "agencies/admission/show.html",
        application=application,
        parts=parts_shown(record, everything=True, leads=leads_of(uow, organisation.id), lines=lines),
        to_check=parts_to_check(record),
        points={one.part: one for one in application.points},
        declared=[one for one in lines if one.part is None],
        form=form,
        may_decide=may_decide,
        entries=timeline(uow, application),
        crumbs=[
            (_("机构库"), url_for("agencies.index")),
            (_("机构入库申请"), url_for("admissions.index"))
            if policy.allows(uow.actor, AdmissionPermission.BROWSE)
            else (_("机构入库申请"), None),
            (application.number, None),
        ],
    )
    return page, 422 if form.is_submitted() else 200


@admissions.post("/agencies/applications/<uuid:application_id>/examine")
@requires(AdmissionPermission.DECIDE, load_agency_application, see=AdmissionPermission.READ)
def examine(uow: UnitOfWork, application: AgencyApplication) -> ResponseReturnValue:
    """Keep what is said of the parts, or decide."""
    form = examine_form()()
    service, said = DEEDS.get(request.form.get("deed", ""), DEEDS["keep"])
    form.check_revision(application)

    def deed() -> None:
        parts = parts_to_check(record_of(uow, application.organisation))
        service(uow, application, form.said(parts), form.text("remark"))

    target = url_for("admissions.show", application_id=application.id)
    answer = acted(uow, form, deed, target, said)
    return answer if answer is not None else _page(uow, application, form)
