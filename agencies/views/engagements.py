"""Engagements: the list and the page from which each party goes to its next step."""

from __future__ import annotations

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from agencies.models import Engagement
from agencies.permissions import AgencyPermission, FollowingPermission
from agencies.ports import engagement_sections
from agencies.queries import engagements_matching, load_engagement, named_engagements, newest_engagements
from agencies.queries.following import RUNNING, milestones_of
from agencies.states import EngagementState
from core.audit.timeline import timeline
from core.documents.models import Document
from core.http.guard import requires
from core.http.lists import Filter, asked, listing
from core.i18n import _, _l
from core.identity.models import Organisation
from core.permissions import policy
from core.unit_of_work import UnitOfWork
from projects.models import Project
from projects.permissions import SystemPermission

engagements = Blueprint("engagements", __name__, url_prefix="/engagements")

FILTERS = (Filter("state", _l("状态"), [(one.value, one.label) for one in EngagementState]),)


def may_read_document(uow: UnitOfWork, document: Document) -> bool:
    """Whoever may read the engagement may read its files."""
    engagement = uow.get(Engagement, document.owner_id)
    return engagement is not None and policy.allows(uow.actor, AgencyPermission.READ_ENGAGEMENT, engagement)


@engagements.get("")
@requires(AgencyPermission.BROWSE_ENGAGEMENTS)
def index(uow: UnitOfWork) -> ResponseReturnValue:
    """List the engagements the reader may see."""
    text, state = asked("q"), asked("state")
    found = engagements_matching(uow.actor, text=text, state=state)
    page = listing(
        uow,
        named_engagements(found),
        counted=found,
        best=newest_engagements(uow.actor, text=text, state=state),
        sortable={
            "number": Engagement.number,
            "project": Project.name,
            "agency": Organisation.name,
            "due": Engagement.due_on,
            "amount": Engagement.amount,
            "opened": Engagement.opened_at,
        },
        default="-opened",
        filters=FILTERS,
    )
    oversees = policy.allows(uow.actor, FollowingPermission.OVERSEE)
    return render_template(
        "agencies/engagement/index.html", page=page, oversees=oversees, crumbs=[(_("评价委托"), None)]
    )


@engagements.get("/<uuid:engagement_id>")
@requires(AgencyPermission.READ_ENGAGEMENT, load_engagement, see=AgencyPermission.READ_ENGAGEMENT)
def show(uow: UnitOfWork, engagement: Engagement) -> ResponseReturnValue:
    """Show an engagement with what each room adds to it: indicator review, report, score."""
    sees_system = engagement.system is not None and policy.allows(uow.actor, SystemPermission.READ, engagement.system)
    sections = engagement_sections(uow, engagement)
    return render_template(
        "agencies/engagement/show.html",
        engagement=engagement,
        sees_system=sees_system,
        steps=[one for one in EngagementState if one is not EngagementState.TERMINATED],
        sections=sections,
        next=next((one for one in sections if one.action), None),
        milestones=milestones_of(uow, engagement),
        running=engagement.state in RUNNING,
        today=uow.today,
        entries=timeline(uow, engagement),
        crumbs=[(_("评价委托"), url_for("engagements.index")), (engagement.number, None)],
    )
