"""Reads for the agency library, the register and engagements."""

from agencies.queries.engagement import (
    ALL_SEEING,
    engagements_matching,
    load_engagement,
    named_engagements,
    newest_engagements,
    visible_engagements,
)
from agencies.queries.library import (
    Wanted,
    agencies_matching,
    agency_of_organisation,
    best_agencies,
    districts,
    grades_by_id,
    load_agency,
)

__all__ = [
    "ALL_SEEING",
    "Wanted",
    "agencies_matching",
    "agency_of_organisation",
    "best_agencies",
    "districts",
    "engagements_matching",
    "grades_by_id",
    "load_agency",
    "load_engagement",
    "named_engagements",
    "newest_engagements",
    "visible_engagements",
]
