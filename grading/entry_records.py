"""The full record of one agency's year, made from the snapshot that its cycle was computed from.

Nothing of it is kept: it follows from rows that are never changed again (ratings, facts of the decision, the credit
entries copied into the entry, the cycle's frozen rules and salt) and is the same to the byte each time.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, object_session

from agencies.models import Agency, Engagement
from core.records import Record
from grading.corrections import corrected, struck_by
from grading.grade_record import GradedTask, RecordedLoss, grade_record
from grading.models.cycle import CycleEntry, GradingCycle
from grading.models.cycle_run import CycleRater, CycleRun, CycleTask
from grading.models.quality import TaskScore
from grading.models.task_rating import TaskRating
from grading.moderated import moderated_from
from grading.rating_rows import Raters, Ratings, ratings_and_raters
from grading.rule_sets import from_body
from grading.scale import GradeRules, HonestyLoss, Misconduct

HELD = "_record"
"""Under which name an entry in memory holds its record, with the revision and corrections it was made for."""
ADJUSTED = "report"
"""The measure whose ratings count less their raters' severity where a rule set says so."""


def record_of(entry: CycleEntry) -> Record:
    """Return the full record of an entry, sealed. Raises `BadRating` where its tasks lack a rating that counts."""
    if entry.kept is not None:
        found: Record = entry.kept["record"]
        return found
    key = entry.revision, repr(entry.corrections)
    held: tuple[Any, Record] | None = vars(entry).get(HELD)
    if held is None or held[0] != key:
        rules = from_body(entry.cycle.rules)
        tasks, losses = inputs_of(entry, rules)
        salt = salt_of(entry.cycle, entry.agency)
        made = grade_record(entry.name, entry.cycle.year, tasks, losses, rules, master_salt=salt)
        held = vars(entry)[HELD] = key, made
    return held[1]


def inputs_of(entry: CycleEntry, rules: GradeRules) -> tuple[list[GradedTask], list[RecordedLoss]]:
    """Return the tasks and credit entries that an entry was computed from, with what upheld appeals put right."""
    session = _session(entry)
    tasks = tasks_of_run(session, standing_run(session, entry.cycle), entry.agency, rules, entry.corrections)
    return tasks, losses_in_entry(entry.losses, entry.corrections)


def judges_of(entry: CycleEntry) -> list[str]:
    """Return who rated or confirmed an entry's tasks, as texts of their ids."""
    if entry.kept is not None:
        return list(entry.kept.get("judges", ()))
    session = _session(entry)
    run = standing_run(session, entry.cycle)
    if run is None:
        return []
    counted = _counted(run, entry.agency).subquery()
    raters = session.scalars(
        select(TaskRating.rater_id)
        .join(counted, counted.c.seq == TaskRating.task)
        .where(TaskRating.rater_id.is_not(None))
    )
    others = session.execute(select(counted.c.decided_by_id, counted.c.parts["moderators"]))
    confirmed = {str(who) for decider, moderators in others for who in (decider, *(moderators or ())) if who}
    return sorted({str(one) for one in raters} | confirmed)


def standing_run(session: Session, cycle: GradingCycle) -> CycleRun | None:
    """Return the run whose snapshot a cycle's entries were computed from."""
    return session.scalar(select(CycleRun).where(CycleRun.cycle_id == cycle.id, CycleRun.stands))


def tasks_of_run(
    session: Session,
    run: CycleRun | None,
    agency: Agency,
    rules: GradeRules,
    corrections: Sequence[Mapping[str, Any]] = (),
) -> list[GradedTask]:
    """Return an agency's tasks of a run as they are reckoned, in the order of their numbers."""
    if run is None:
        return []
    rows = [(score, number) for score, number in session.execute(_with_number(run, agency))]
    kept = ratings_and_raters(session, [score.seq for score, _number in rows])
    severity = _severities(session, run, (raters for _ratings, raters in kept.values())) if adjusts(rules) else {}
    made = [graded_task(score, number, kept[score.seq], severity, corrections) for score, number in rows]
    return sorted(made, key=lambda task: task.id)


def adjusts(rules: GradeRules) -> bool:
    """Whether ratings count less their raters' severity."""
    return rules.counts == "adjusted"


def graded_task(
    score: TaskScore,
    number: str,
    kept: tuple[Ratings, Raters],
    severity: Mapping[Any, Decimal],
    corrections: Sequence[Mapping[str, Any]] = (),
) -> GradedTask:
    """Return a decided task as the reckoning takes it, with severities and with what upheld appeals put right."""
    ratings, raters = kept
    moderation = moderated_from(score.parts.get("moderation"))
    agreed = moderation is not None and moderation.is_agreed  # what all agreed on is nobody's severity
    by_kind = raters.get(ADJUSTED, {}) if severity and not agreed else {}
    effects = {kind: [severity.get(who, Decimal(0)) for who in people] for kind, people in by_kind.items()}
    task = GradedTask(
        number,
        ratings,
        score.amount,
        score.veto,
        score.difficulty.value,
        score.urgent,
        score.sector.value,
        effects={ADJUSTED: effects} if effects else {},
        moderation=moderation,
    )
    return corrected(task, corrections)


def losses_in_entry(
    losses: Iterable[Mapping[str, Any]], corrections: Sequence[Mapping[str, Any]] = ()
) -> list[RecordedLoss]:
    """Return the credit entries that an entry keeps, with those that upheld appeals struck."""
    struck = struck_by(corrections)
    return [
        RecordedLoss(
            Misconduct(
                one["id"],
                HonestyLoss(one["kind"]),
                date.fromisoformat(one["happened_on"]),
                date.fromisoformat(one["expires_on"]),
            ),
            one["reason"],
            one["happened_on"],
            struck.get(one["id"]),
        )
        for one in losses
    ]


def salt_of(cycle: GradingCycle, agency: Agency) -> str:
    """Return the master salt of an agency's record: the same for the same cycle."""
    return hashlib.sha256(f"{cycle.salt}:{agency.id}".encode()).hexdigest()


def _counted(run: CycleRun, agency: Agency) -> Any:
    return (
        select(TaskScore)
        .join(CycleTask, (CycleTask.task == TaskScore.seq) & (CycleTask.run_id == run.id))
        .where(TaskScore.agency_id == agency.organisation_id)
    )


def _with_number(run: CycleRun, agency: Agency) -> Any:
    return (
        _counted(run, agency)
        .add_columns(Engagement.number)
        .join(Engagement, Engagement.id == TaskScore.engagement_id)
        .order_by(TaskScore.seq)
    )


def _severities(session: Session, run: CycleRun, raters: Iterable[Raters]) -> dict[Any, Decimal]:
    people = {who for one in raters for who_list in one.get(ADJUSTED, {}).values() for who in who_list if who}
    rows = session.execute(
        select(CycleRater.rater_id, CycleRater.severity).where(
            CycleRater.run_id == run.id, CycleRater.rater_id.in_(people)
        )
    )
    return {rater: severity for rater, severity in rows}  # noqa: C416 - rows, not pairs


def _session(entry: CycleEntry) -> Session:
    found = object_session(entry)
    if found is None:
        raise RuntimeError("the entry belongs to no session")
    return found
