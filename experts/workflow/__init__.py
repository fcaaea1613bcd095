"""The room's state machines (R-IND-01, R-EXP)."""

from experts.workflow.application import APPLICATION
from experts.workflow.change import CHANGE
from experts.workflow.payment import PAYMENT
from experts.workflow.pool import EXPERT
from experts.workflow.review import (
    ANSWERABLE,
    DRAW,
    REVIEW,
    RUNNING,
    SEAT,
    a_reveal_is_missing,
    panel_passed,
    quorum_locked,
)
from experts.workflow.season import SEASON

__all__ = [
    "ANSWERABLE",
    "APPLICATION",
    "CHANGE",
    "DRAW",
    "EXPERT",
    "PAYMENT",
    "REVIEW",
    "RUNNING",
    "SEASON",
    "SEAT",
    "a_reveal_is_missing",
    "panel_passed",
    "quorum_locked",
]
