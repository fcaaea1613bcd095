"""Work on site: what was done, when, with whom (R-AGENCY-10)."""

from __future__ import annotations

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from agencies.forms.following import FieldworkForm
from agencies.models import Engagement
from agencies.permissions import AgencyPermission, FollowingPermission
from agencies.queries import load_engagement
from agencies.queries.following import fieldwork_of, has_consent
from agencies.services.fieldwork import note_fieldwork
from agencies.states import EngagementState, RequestKind
from agencies.views.plans import crumbs_of
from core.http.deeds import acted
from core.http.guard import requires
from core.i18n import _, _l
from core.permissions import policy
from core.unit_of_work import UnitOfWork

fieldwork = Blueprint("fieldwork", __name__, url_prefix="/engagements/<uuid:engagement_id>/fieldwork")


@fieldwork.get("")
@requires(AgencyPermission.READ_ENGAGEMENT, load_engagement, see=AgencyPermission.READ_ENGAGEMENT)
def show(uow: UnitOfWork, engagement: Engagement) -> ResponseReturnValue:
    """Show what was done on site."""
    return _page(uow, engagement)


@fieldwork.post("")
@requires(FollowingPermission.WORK, load_engagement, see=AgencyPermission.READ_ENGAGEMENT)
def note(uow: UnitOfWork, engagement: Engagement) -> ResponseReturnValue:
    """Note a piece of work on site."""
    form = FieldworkForm()
    location = url_for("fieldwork.show", engagement_id=engagement.id)
    answer = acted(uow, form, lambda: note_fieldwork(uow, engagement, form.visit()), location, _l("已记录"))
    return answer or _page(uow, engagement, form)


def _page(uow: UnitOfWork, engagement: Engagement, form: FieldworkForm | None = None) -> ResponseReturnValue:
    works = policy.allows(uow.actor, FollowingPermission.WORK, engagement)
    page = render_template(
        "agencies/fieldwork/show.html",
        engagement=engagement,
        rows=fieldwork_of(uow, engagement),
        off_site=has_consent(uow, engagement, RequestKind.OFF_SITE),
        may_note=works and engagement.state in (EngagementState.EVALUATING, EngagementState.DELIVERED),
        is_early=works and engagement.state is EngagementState.PREPARING,
        form=form or FieldworkForm(formdata=None),
        crumbs=crumbs_of(engagement, _("现场调查")),
    )
    return page, 200 if form is None else 422
