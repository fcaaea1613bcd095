"""Reads for the agency library, the register and engagements."""

from agencies.queries.engagement import ALL_SEEING, engagements_matching, load_engagement, visible_engagements
from agencies.queries.library import agencies_matching, agency_of_organisation, best_first, districts, load_agency

__all__ = [
    "ALL_SEEING",
    "agencies_matching",
    "agency_of_organisation",
    "best_first",
    "districts",
    "engagements_matching",
    "load_agency",
    "load_engagement",
    "visible_engagements",
]
