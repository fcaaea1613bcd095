"""What several pages of the library's desk share: its tabs, and documents as pages list them."""

from __future__ import annotations

from typing import Any

from flask import url_for

from agencies.permissions import ConductPermission, StandingPermission
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
