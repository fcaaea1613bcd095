"""The bureau's desk of applications to enter the pool, and a unit's recommendations (R-EXP-01)."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from core.audit.timeline import timeline
from core.documents.accept import documents_of
from core.http.deeds import acted
from core.http.guard import requires
from core.http.lists import Filter, asked, listing
from core.i18n import Text, _, _l
from core.identity.roles import Role
from core.permissions import policy
from core.unit_of_work import UnitOfWork
from experts.admission import DECLARATIONS
from experts.forms import DecisionForm, RecommendForm
from experts.models import ExpertApplication
from experts.permissions import ApplicationPermission, ExpertPermission
from experts.queries.applications import applications_matching, load_application
from experts.services.applications import (
    PURPOSE,
    admit,
    entry_of,
    findings_for,
    reject,
    send_back,
    start_application,
)
from experts.states import ApplicationState, EntryRoute

applications = Blueprint("applications", __name__, url_prefix="/experts/applications")

FILTERS = (
    Filter("state", _l("状态"), [(one.value, one.label) for one in ApplicationState]),
    Filter("route", _l("入库途径"), [(one.value, one.label) for one in EntryRoute]),
)
DEEDS: dict[str, tuple[Callable[[UnitOfWork, ExpertApplication, str], object], Text]] = {
    "admit": (admit, _l("已同意入库，账户邀请已发出")),
    "return": (send_back, _l("已退回补正，申请人会收到邮件")),
    "reject": (reject, _l("已决定不予入库，申请人会收到邮件")),
}


def _home(uow: UnitOfWork) -> list[tuple[str, str | None]]:
    browse = url_for("experts.index") if policy.allows(uow.actor, ExpertPermission.BROWSE) else None
    return [(_("专家库"), browse), (_("入库申请"), url_for("applications.index"))]


@applications.get("")
@requires(ApplicationPermission.BROWSE)
def index(uow: UnitOfWork) -> ResponseReturnValue:
    """List applications: all for the bureau, the own recommendations for a unit."""
    page = listing(
        uow,
        applications_matching(uow.actor, text=asked("q"), state=asked("state"), route=asked("route")),
        sortable={"number": ExpertApplication.started_at, "submitted": ExpertApplication.submitted_at},
        default="-number",
        filters=FILTERS,
    )
    return render_template(
        "experts/application/index.html",
        page=page,
        may_invite=policy.allows(uow.actor, ApplicationPermission.INVITE),
        is_bureau=uow.actor.has(Role.QUALITY_OFFICER),
        crumbs=[*_home(uow)[:1], (_("入库申请"), None)],
    )


@applications.route("/new", methods=["GET", "POST"])
@requires(ApplicationPermission.INVITE)
def invite(uow: UnitOfWork) -> ResponseReturnValue:
    """Invite somebody, or recommend them for the unit one works for."""
    form, is_bureau = RecommendForm(), uow.actor.has(Role.QUALITY_OFFICER)
    unit_id = None if is_bureau else _own_unit(uow)

    def deed() -> None:
        start_application(
            uow,
            name=form.text("name"),
            email=form.text("email"),
            route=EntryRoute.INVITATION if is_bureau else EntryRoute.RECOMMENDATION,
            reason=form.text("reason"),
            unit_id=unit_id,
        )

    answer = acted(uow, form, deed, url_for("applications.index"), _l("已发出邮件，本人填写并提交后进入审核"))
    if answer is not None:
        return answer
    last = _("邀请专家") if is_bureau else _("推荐专家")
    page = render_template(
        "experts/application/invite.html", form=form, is_bureau=is_bureau, crumbs=[*_home(uow), (last, None)]
    )
    return page, 422 if form.is_submitted() else 200


def _own_unit(uow: UnitOfWork) -> uuid.UUID:
    return min(uow.actor.organisations_as(Role.UNIT_OFFICER), key=str)


@applications.get("/<uuid:application_id>")
@requires(ApplicationPermission.READ, load_application, see=ApplicationPermission.READ)
def show(uow: UnitOfWork, application: ExpertApplication) -> ResponseReturnValue:
    """Show an application with what the rules say of it."""
    return _page(uow, application, DecisionForm())


def _page(uow: UnitOfWork, application: ExpertApplication, form: DecisionForm) -> ResponseReturnValue:
    filled = bool(application.entries)
    page = render_template(
        "experts/application/show.html",
        application=application,
        entry=entry_of(uow, application) if filled else None,
        findings=findings_for(uow, application) if filled else [],
        declarations=DECLARATIONS,
        documents=[
            {
                "name": one.name,
                "url": url_for("documents.download", document_id=one.id),
                "size": one.size,
                "at": one.added_at,
            }
            for one in documents_of(uow, application, PURPOSE)
        ],
        form=form,
        may_decide=application.state is ApplicationState.SUBMITTED
        and policy.allows(uow.actor, ApplicationPermission.DECIDE, application),
        entries=timeline(uow, application),
        crumbs=[*_home(uow), (application.number, None)],
    )
    return page, 422 if form.is_submitted() else 200


@applications.post("/<uuid:application_id>/decide")
@requires(ApplicationPermission.DECIDE, load_application, see=ApplicationPermission.READ)
def decide(uow: UnitOfWork, application: ExpertApplication) -> ResponseReturnValue:
    """Admit, send back or reject."""
    form = DecisionForm()
    service, said = DEEDS.get(request.form.get("deed", ""), DEEDS["return"])
    answer = acted(
        uow,
        form,
        lambda: service(uow, application, form.text("remark")),
        url_for("applications.show", application_id=application.id),
        said,
    )
    return answer if answer is not None else _page(uow, application, form)
