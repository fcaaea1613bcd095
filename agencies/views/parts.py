"""What several pages of the library share: the desk's tabs, an agency's standing, documents as pages list them."""

from __future__ import annotations

from typing import Any

from flask import url_for

from agencies.honesty import standing_points
from agencies.models import Agency
from agencies.permissions import AgencyPermission, ConductPermission, StandingPermission
from agencies.queries.conduct import credit_of, weighed_credit
from agencies.queries.standing import standing_of, standing_words, words_of
from core.documents.accept import documents_of
from core.i18n import _
from core.permissions import policy
from core.unit_of_work import Subject, UnitOfWork


def desk_tabs(uow: UnitOfWork, here: str) -> list[dict[str, Any]]:
    """Return the tabs of the desk that the actor may open: cases, standing, coaching."""
    offered = (
        ("agency_conduct.index", _("违规事项"), ConductPermission.BROWSE),
        ("standings.index", _("在库状态"), StandingPermission.BROWSE),
        ("coaching.index", _("辅导名单"), StandingPermission.BROWSE_COACHING),
    )
    return [
        {"title": title, "url": url_for(endpoint), "active": endpoint == here}
        for endpoint, title, permission in offered
        if policy.allows(uow.actor, permission)
    ]


def standing_part(uow: UnitOfWork, agency: Agency) -> dict[str, Any]:
    """Return how an agency stands, for the part of its page: in words, and the points that stand for those who may."""
    known = standing_of(uow, agency)
    sees_credit = policy.allows(uow.actor, AgencyPermission.READ_CREDIT, agency)
    weighed = weighed_credit(uow, credit_of(uow, agency)).values() if sees_credit else ()
    return {
        "known": known,
        "words": standing_words(known.standing),
        "follows": [(one, words_of(one)) for one in known.consequences],
        "points": standing_points(weighed) if sees_credit else None,
        "url": url_for("standings.show", agency_id=agency.id),
    }


def listed_documents(uow: UnitOfWork, owner: Subject, purpose: str) -> list[dict[str, Any]]:
    """Return an owner's files of one purpose as pages list them."""
    return [
        {
            "name": one.name,
            "size": one.size,
            "at": one.added_at,
            "url": url_for("documents.download", document_id=one.id),
        }
        for one in documents_of(uow, owner, purpose)
    ]
