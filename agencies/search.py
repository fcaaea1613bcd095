"""Finding agencies and engagements from the search box."""

from __future__ import annotations

from collections.abc import Iterable

from flask import url_for

from agencies.models import AgencyListing, Engagement
from agencies.permissions import AgencyPermission
from agencies.queries import Wanted, best_agencies, newest_engagements
from core.i18n import _l
from core.permissions import policy
from core.ports import Hit
from core.unit_of_work import UnitOfWork

SHOWN = 10


def find_agencies(uow: UnitOfWork, text: str) -> Iterable[Hit]:
    """Yield the ten agencies that match the words best; the register is public."""
    best = best_agencies(uow.actor, Wanted(text))
    if best is None:
        return
    for one in uow.session.scalars(best.top(AgencyListing, SHOWN)):
        yield Hit(
            _l("机构"),
            one.name,
            url_for("agencies.show", agency_id=one.agency_id),
            one.grade.label if one.grade else "",
        )


def find_engagements(uow: UnitOfWork, text: str) -> Iterable[Hit]:
    """Yield the ten newest engagements that the actor may read and that hold the words."""
    best = newest_engagements(uow.actor, text=text)
    if best is None or not policy.allows(uow.actor, AgencyPermission.BROWSE_ENGAGEMENTS):
        return
    for one in uow.session.scalars(best.top(Engagement, SHOWN)).unique():
        page = url_for("engagements.show", engagement_id=one.id)
        yield Hit(_l("评价委托"), f"{one.number} {one.project.name}", page, one.state.label)
