"""Reads for the pool's and the reviews' pages."""

from experts.queries.pool import Duty, duties, expert_of, experts_matching, load_expert
from experts.queries.review import (
    ALL_SEEING,
    OPEN_TO_ALL,
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
    "Duty",
    "duties",
    "expert_of",
    "experts_matching",
    "load_draw",
    "load_expert",
    "load_review",
    "load_seat",
    "own_seats",
    "reviews_matching",
    "systems_waiting",
    "visible_comments",
    "visible_reviews",
]
