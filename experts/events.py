"""What the expert room tells upper rooms."""

from __future__ import annotations

from dataclasses import dataclass

from experts.models import Review


@dataclass(frozen=True)
class ReviewConcluded:
    """The bureau decided about an indicator system; `failures` counts its returns so far (R-IND.third)."""

    review: Review
    failures: int
