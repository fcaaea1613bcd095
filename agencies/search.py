"""Finding agencies and engagements from the search box."""

from __future__ import annotations

from collections.abc import Iterable

from flask import url_for

from agencies.models import Engagement
from agencies.permissions import AgencyPermission
from agencies.queries import agencies_matching, best_first, engagements_matching
from core.i18n import _l
from core.permissions import policy
from core.ports import Hit
from core.unit_of_work import UnitOfWork

SHOWN = 10


def find_agencies(uow: UnitOfWork, text: str) -> Iterable[Hit]:
    """Yield the ten agencies that match the words best; the register is public."""
    best = best_first(text)
    if best is None:
        return
    for one in uow.session.scalars(best.ordered(agencies_matching(uow.actor, text=text)).limit(SHOWN)):
        yield Hit(
            _l("机构"),
            one.name,
            url_for("agencies.show", agency_id=one.agency_id),
            one.grade.label if one.grade else "",
        )


def find_engagements(uow: UnitOfWork, text: str) -> Iterable[Hit]:
    """Yield the ten newest engagements that the actor may read and that hold the words."""
    if not policy.allows(uow.actor, AgencyPermission.BROWSE_ENGAGEMENTS):
        return
    newest = engagements_matching(uow.actor, text=text).order_by(Engagement.opened_at.desc()).limit(SHOWN)
    for one in uow.session.scalars(newest).unique():
        page = url_for("engagements.show", engagement_id=one.id)
        yield Hit(_l("评价委托"), f"{one.number} {one.project.name}", page, one.state.label)
