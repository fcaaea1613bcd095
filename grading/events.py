"""What the grading room tells others."""

from __future__ import annotations

from dataclasses import dataclass

from grading.models import GradingCycle, Submission, TaskScore


@dataclass(frozen=True)
class ReportDelivered:
    """A version of a report came in, or is to be read again."""

    submission: Submission


@dataclass(frozen=True)
class TaskScored:
    """An engagement got its score."""

    score: TaskScore


@dataclass(frozen=True)
class CyclePublished:
    """A year's grades were published."""

    cycle: GradingCycle
