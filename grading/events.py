"""What the grading room tells others."""

from __future__ import annotations

from dataclasses import dataclass

from agencies.models import AgencyGrade
from grading.models import CheckBatch, CycleRun, GradingCycle, Submission, TaskScore


@dataclass(frozen=True)
class ReportDelivered:
    """A version of a report came in, or is to be read again."""

    submission: Submission


@dataclass(frozen=True)
class BatchMade:
    """A batch of checks was made, or what is left of it is to go on."""

    batch: CheckBatch


@dataclass(frozen=True)
class TrainingAsked:
    """Somebody asked for the model to be trained anew."""


@dataclass(frozen=True)
class TaskScored:
    """An engagement got its score."""

    score: TaskScore


@dataclass(frozen=True)
class CycleAnnounced:
    """A year's sheets were sent to the agencies, or taken back."""

    cycle: GradingCycle


@dataclass(frozen=True)
class CycleAsked:
    """A year is to be computed, or what is left of it is to go on."""

    run: CycleRun


@dataclass(frozen=True)
class GradesLeft:
    """Of a published year the first grades are recorded, and more are left."""

    cycle: GradingCycle


@dataclass(frozen=True)
class CyclePublished:
    """A year's grades were published."""

    cycle: GradingCycle


@dataclass(frozen=True)
class CertificateEnded:
    """A certificate ended because the grade it stated is another now; a new one is due."""

    grade: AgencyGrade
