"""What the expert room tells upper rooms."""

from __future__ import annotations

from dataclasses import dataclass

from experts.models import Expert, Review


@dataclass(frozen=True)
class ReviewConcluded:
    """The bureau decided about an indicator system; `failures` counts its returns so far (R-IND.third)."""

    review: Review
    failures: int


@dataclass(frozen=True)
class TiesChanged:
    """Somebody's relations to organisations changed, so that seats they hold must be looked at again (R-COMM-06)."""

    expert: Expert
