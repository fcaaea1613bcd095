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


def case_page(case_id: uuid.UUID) -> str:
    """Return a case's page."""
    return f"/agencies/conduct/{case_id}"


def measure_page(measure_id: uuid.UUID) -> str:
    """Return a measure's page."""
    return f"/agencies/conduct/measures/{measure_id}"


def standing_page(agency_id: uuid.UUID) -> str:
    """Return the page of an agency's standing."""
    return f"/agencies/{agency_id}/standing"


COACHING_LIST = "/agencies/conduct/coaching"


def coaching_page(coaching_id: uuid.UUID) -> str:
    """Return the page of a coaching."""
    return f"/agencies/conduct/coaching/{coaching_id}"
