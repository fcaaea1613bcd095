"""The graded agency library; the register part is public."""

from __future__ import annotations

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from agencies.models import Agency, AgencyListing, Engagement
from agencies.permissions import AgencyPermission, RecordPermission, RegisterPermission
from agencies.ports import grade_page
from agencies.queries import Wanted, agencies_matching, best_agencies, districts, load_agency, visible_engagements
from agencies.queries.record import open_changes
from agencies.services.leads import leads_of
from agencies.states import AgencyKind, Grade
from agencies.views.parts import standing_part
from core.audit.timeline import timeline
from core.documents.models import Document
from core.http.guard import requires
from core.http.lists import Filter, asked, listing
from core.i18n import _, _l
from core.permissions import policy
from core.unit_of_work import UnitOfWork
from projects.states import Sector

agencies = Blueprint("agencies", __name__, url_prefix="/agencies")

FILTERS = (
    Filter("kind", _l("机构类型"), [(one.value, one.label) for one in AgencyKind]),
    Filter("sector", _l("擅长领域"), [(one.value, one.label) for one in Sector]),
    Filter("grade", _l("评级"), [(one.value, one.label) for one in Grade]),
)


def may_read_document(uow: UnitOfWork, document: Document) -> bool:
    """An agency's files are for those who may read its credit record."""
    agency = uow.get(Agency, document.owner_id)
    return agency is not None and policy.allows(uow.actor, AgencyPermission.READ_CREDIT, agency)


def agencies_asked_for() -> Wanted:
    """Return which agencies the address asks for."""
    return Wanted(asked("q"), asked("kind"), asked("grade"), asked("sector"), asked("district"))


@agencies.get("")
@requires(AgencyPermission.BROWSE)
def index(uow: UnitOfWork) -> ResponseReturnValue:
    """List the agencies with their latest grade."""
    wanted = agencies_asked_for()
    page = listing(
        uow,
        agencies_matching(uow.actor, wanted),
        sortable={
            "name": AgencyListing.name,
            "admitted": AgencyListing.admitted_on,
            "score": AgencyListing.points,
        },
        default="name",
        filters=(*FILTERS, Filter("district", _l("所在区"), [(one, one) for one in districts(uow)])),
        best=best_agencies(uow.actor, wanted),
    )
    return render_template(
        "agencies/agency/index.html",
        page=page,
        may_examine=policy.allows(uow.actor, RecordPermission.BROWSE),
        may_import=policy.allows(uow.actor, RegisterPermission.IMPORT),
        may_export=policy.allows(uow.actor, RegisterPermission.EXPORT),
        crumbs=[(_("机构库"), None)],
    )


@agencies.get("/<uuid:agency_id>")
@requires(AgencyPermission.READ, load_agency)
def show(uow: UnitOfWork, agency: Agency) -> ResponseReturnValue:
    """Show an agency: its grade and how it came about, people, and what the reader may see beyond."""
    sees_credit = policy.allows(uow.actor, AgencyPermission.READ_CREDIT, agency)
    engagements = uow.session.scalars(
        visible_engagements(uow.actor)
        .where(Engagement.agency_id == agency.organisation_id)
        .order_by(Engagement.opened_at.desc())
        .limit(20)
    ).all()
    return render_template(
        "agencies/agency/show.html",
        agency=agency,
        leads=leads_of(uow, agency.organisation_id),
        changing={one.part.value for one in open_changes(uow, agency.organisation) if one.is_reported},
        sees_credit=sees_credit,
        engagements=engagements,
        standing=standing_part(uow, agency),
        grade_page=grade_page,
        sees_ties=policy.allows(uow.actor, RegisterPermission.READ_TIES),
        entries=timeline(uow, agency) if sees_credit else [],
        crumbs=[(_("机构库"), url_for("agencies.index")), (agency.organisation.name, None)],
    )
