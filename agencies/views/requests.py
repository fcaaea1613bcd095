"""Requests of an agency for the bureau's consent: asked, answered, taken back."""

from __future__ import annotations

from flask import Blueprint, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from agencies.forms.following import AnswerForm, ExtensionForm, OffSiteForm, ReleaseForm, TeamRequestForm
from agencies.models import Engagement, EngagementRequest
from agencies.permissions import AgencyPermission, FollowingPermission
from agencies.queries import load_engagement
from agencies.queries.following import load_request, milestones_of, requests_of, team_of
from agencies.services.leads import leads_of
from agencies.services.requests import RULES, agree, ask, refuse, withdraw
from agencies.states import RequestKind, RequestState
from agencies.views.plans import crumbs_of
from core.http.deeds import acted
from core.http.forms import Form
from core.http.guard import requires
from core.i18n import _, _l
from core.permissions import policy
from core.unit_of_work import UnitOfWork

requests = Blueprint("engagement_requests", __name__)

AskingForm = TeamRequestForm | ExtensionForm | OffSiteForm | ReleaseForm
FORMS: dict[RequestKind, type[AskingForm]] = {
    RequestKind.TEAM: TeamRequestForm,
    RequestKind.EXTENSION: ExtensionForm,
    RequestKind.OFF_SITE: OffSiteForm,
    RequestKind.RELEASE: ReleaseForm,
}


def _location(engagement: Engagement) -> str:
    return url_for("engagement_requests.index", engagement_id=engagement.id)


@requests.get("/engagements/<uuid:engagement_id>/requests")
@requires(FollowingPermission.READ_REQUEST, load_engagement, see=AgencyPermission.READ_ENGAGEMENT)
def index(uow: UnitOfWork, engagement: Engagement) -> ResponseReturnValue:
    """Show what was asked and answered."""
    return _page(uow, engagement)


def _page(
    uow: UnitOfWork, engagement: Engagement, answered: EngagementRequest | None = None, form: Form | None = None
) -> ResponseReturnValue:
    decides = policy.allows(uow.actor, FollowingPermission.DECIDE)
    page = render_template(
        "agencies/request/index.html",
        engagement=engagement,
        rows=requests_of(uow, engagement),
        kinds=list(RequestKind),
        rules=RULES,
        may_ask=policy.allows(uow.actor, FollowingPermission.ASK, engagement),
        may_decide=decides,
        answered=answered,
        form=form or AnswerForm(formdata=None),
        ASKED=RequestState.ASKED,
        crumbs=crumbs_of(engagement, _("机构的申请")),
    )
    return page, 200 if form is None else 422


@requests.route(
    "/engagements/<uuid:engagement_id>/requests/new/<any(team, extension, 'off-site', release):kind>",
    methods=["GET", "POST"],
)
@requires(FollowingPermission.ASK, load_engagement, see=AgencyPermission.READ_ENGAGEMENT)
def new(uow: UnitOfWork, engagement: Engagement, kind: str) -> ResponseReturnValue:
    """Ask for consent."""
    wanted = RequestKind(kind)
    form = FORMS[wanted]()
    leads, team = leads_of(uow, engagement.agency_id), team_of(uow, engagement)
    if isinstance(form, TeamRequestForm):
        form.offer(leads)
        form.offer_team(team)
    elif isinstance(form, ExtensionForm):
        form.offer(milestones_of(uow, engagement))
        if not form.is_submitted():
            form.milestone.data = request.args.get("milestone") or form.milestone.data

    def deed() -> None:
        ask(uow, engagement, form.request(leads, team) if isinstance(form, TeamRequestForm) else form.request())

    answer = acted(uow, form, deed, _location(engagement), _l("申请已提交，等待财政局答复"))
    if answer is not None:
        return answer
    page = render_template(
        "agencies/request/new.html",
        engagement=engagement,
        kind=wanted,
        rule=RULES[wanted],
        form=form,
        crumbs=[*crumbs_of(engagement, "")[:2], (_("机构的申请"), _location(engagement)), (str(wanted.label), None)],
    )
    return page, 422 if form.is_submitted() else 200


@requests.post("/engagement-requests/<uuid:request_id>/decide")
@requires(FollowingPermission.DECIDE, load_request)
def decide(uow: UnitOfWork, row: EngagementRequest) -> ResponseReturnValue:
    """Answer a request."""
    deed = request.form.get("deed", "")
    if deed not in ("agree", "refuse"):
        abort(400)
    form, words = AnswerForm(), (agree if deed == "agree" else refuse)
    said = _l("已同意，申请的内容即时生效") if deed == "agree" else _l("已答复不同意")
    return acted(uow, form, lambda: words(uow, row, form.text("words")), _location(row.engagement), said) or _page(
        uow, row.engagement, row, form
    )


@requests.post("/engagement-requests/<uuid:request_id>/withdraw")
@requires(FollowingPermission.WITHDRAW, load_request)
def take_back(uow: UnitOfWork, row: EngagementRequest) -> ResponseReturnValue:
    """Take a request back."""
    form = Form()
    return acted(uow, form, lambda: withdraw(uow, row), _location(row.engagement), _l("申请已撤回")) or _page(
        uow, row.engagement, row, form
    )
