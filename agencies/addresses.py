"""Paths of this room's pages for mails and inbox entries, which jobs write outside any request; a test compares."""

from __future__ import annotations

import uuid


def engagement_page(engagement_id: uuid.UUID) -> str:
    """Return the engagement's page."""
    return f"/engagements/{engagement_id}"


def plan_page(engagement_id: uuid.UUID) -> str:
    """Return the page of an engagement's plan."""
    return f"/engagements/{engagement_id}/plan"


def requests_page(engagement_id: uuid.UUID) -> str:
    """Return the page of an engagement's requests."""
    return f"/engagements/{engagement_id}/requests"
