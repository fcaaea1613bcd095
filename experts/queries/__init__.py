"""Reads for the pool's and the reviews' pages."""

from experts.queries.appraisals import Appraisal, appraisals
from experts.queries.history import Service, ServiceYear, services_of, years_of
from experts.queries.pool import (
    Wanted,
    agencies_to_choose,
    expert_of,
    experts_matching,
    experts_wanted,
    load_expert,
    units,
)
from experts.queries.records import service_records
from experts.queries.review import (
    ALL_SEEING,
    OPEN_TO_ALL,
    all_comments,
    load_draw,
    load_review,
    load_seat,
    own_seats,
    reviews_matching,
    systems_waiting,
    visible_comments,
    visible_reviews,
)

__all__ = [
    "ALL_SEEING",
    "OPEN_TO_ALL",
    "Appraisal",
    "Duty",
    "Service",
    "ServiceYear",
    "Wanted",
    "agencies_to_choose",
    "all_comments",
    "appraisals",
    "duties",
    "expert_of",
    "experts_matching",
    "experts_wanted",
    "load_draw",
    "load_expert",
    "load_review",
    "load_seat",
    "own_seats",
    "reviews_matching",
    "service_records",
    "services_of",
    "systems_waiting",
    "units",
    "visible_comments",
    "visible_reviews",
    "years_of",
]
