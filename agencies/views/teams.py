"""The team of an engagement: who works on it, who left, what was changed with consent."""

from __future__ import annotations

import uuid

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from agencies.forms.following import NewcomerForm
from agencies.models import Engagement, TeamMember
from agencies.permissions import AgencyPermission, FollowingPermission
from agencies.queries import load_engagement
from agencies.queries.following import plan_of, team_changes, team_of
from agencies.services.leads import leads_of
from agencies.services.team import PLANNED, add_member, drop_member
from agencies.views.plans import crumbs_of
from core.errors import Refusal, Refused
from core.http.deeds import acted
from core.http.forms import Form
from core.http.guard import requires
from core.i18n import _, _l
from core.permissions import policy
from core.unit_of_work import UnitOfWork

teams = Blueprint("teams", __name__, url_prefix="/engagements/<uuid:engagement_id>/team")


def _location(engagement: Engagement) -> str:
    return url_for("teams.show", engagement_id=engagement.id)


@teams.route("", methods=["GET"])
@requires(AgencyPermission.READ_ENGAGEMENT, load_engagement, see=AgencyPermission.READ_ENGAGEMENT)
def show(uow: UnitOfWork, engagement: Engagement) -> ResponseReturnValue:
    """Show the team."""
    return _page(uow, engagement)


@teams.post("")
@requires(FollowingPermission.WORK, load_engagement, see=AgencyPermission.READ_ENGAGEMENT)
def add(uow: UnitOfWork, engagement: Engagement) -> ResponseReturnValue:
    """Name somebody while the plan is being drawn up."""
    form, leads = NewcomerForm(), leads_of(uow, engagement.agency_id)
    form.offer(leads)
    deed = lambda: add_member(uow, engagement, form.newcomer(leads))  # noqa: E731 - the deed of this one form
    return acted(uow, form, deed, _location(engagement), _l("已加入工作组")) or _page(uow, engagement, form)


@teams.post("/<uuid:member_id>/drop")
@requires(FollowingPermission.WORK, load_engagement, see=AgencyPermission.READ_ENGAGEMENT)
def drop(uow: UnitOfWork, engagement: Engagement, member_id: uuid.UUID) -> ResponseReturnValue:
    """Take somebody out while the plan is being drawn up."""
    form = Form()

    def deed() -> None:
        member = uow.get(TeamMember, member_id)
        if member is None:
            raise Refused(Refusal(_l("此人不在工作组中")))
        drop_member(uow, engagement, member)

    return acted(uow, form, deed, _location(engagement), _l("已移出工作组")) or _page(uow, engagement, form)


def _page(uow: UnitOfWork, engagement: Engagement, form: Form | None = None) -> ResponseReturnValue:
    plan = plan_of(uow, engagement)
    works = policy.allows(uow.actor, FollowingPermission.WORK, engagement)
    planned = plan is None or plan.state in PLANNED
    adding = form if isinstance(form, NewcomerForm) else NewcomerForm(formdata=None)
    if works:
        adding.offer(leads_of(uow, engagement.agency_id))
    page = render_template(
        "agencies/team/show.html",
        engagement=engagement,
        team=team_of(uow, engagement, former=True),
        changes=team_changes(uow, engagement),
        form=adding,
        dropping=form if form is not None and type(form) is Form else Form(formdata=None),
        may_edit=works and planned,
        may_ask=works and not planned,
        crumbs=crumbs_of(engagement, _("评价工作组")),
    )
    return page, 200 if form is None else 422
