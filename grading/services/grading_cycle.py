"""A year's grades as one person computes them, again and again until they are announced (R-GRADE.year, R-GRADE.min)."""

from __future__ import annotations

import dataclasses
import hashlib
import secrets
import uuid
from collections.abc import Mapping, Sequence
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from sqlalchemy import select

from agencies.models import Agency
from agencies.states import Grade
from core.errors import Refusal, Refused
from core.i18n import _l
from core.records import plain
from core.unit_of_work import UnitOfWork
from grading.corrections import corrected, struck_by
from grading.grade_record import (
    GradedTask,
    RecordedLoss,
    grade_record,
    losses_in,
    tasks_in,
)
from grading.grade_rules import grade_rules
from grading.models import CycleEntry, GradingCycle, TaskScore
from grading.moderated import moderated_from
from grading.queries import all_agencies, scores_of_year
from grading.rule_sets import HOUSE, body, from_body, rule_sets
from grading.scale import BadRating, GradeRules, HonestyLoss, Misconduct
from grading.scale import Grade as ScaleGrade
from grading.services.severity import severities
from grading.services.task_ratings import Raters, Ratings, ratings_and_raters
from grading.states import CycleState
from grading.workflow import CYCLE

GRADES: Mapping[str, Grade] = {
    ScaleGrade.A.value: Grade.A,
    ScaleGrade.B.value: Grade.B,
    ScaleGrade.C.value: Grade.C,
    ScaleGrade.D.value: Grade.D,
    ScaleGrade.NONE.value: Grade.UNGRADED,
}


def compute_cycle(uow: UnitOfWork, year: int, rule_set: str | None = None) -> GradingCycle:
    """Compute every agency's grade of a year as a preview; again and again until it is published.

    The first computation freezes the rule set; later ones go on by what was frozen, whatever became of the parameters
    since. Raises `Refused` for a year that lies ahead or is published already, and when another rule set is named
    for a cycle that has begun: that asks for a new one (`drop_cycle`).
    """
    if not 2000 <= year <= uow.today.year:
        raise Refused(Refusal(_l("年度应在 2000 年至今年之间"), field="year"))
    cycle = uow.session.scalar(
        select(GradingCycle)
        .where(GradingCycle.year == year, GradingCycle.state != CycleState.DROPPED)
        .with_for_update(of=GradingCycle)
    )
    if cycle is not None and cycle.state is CycleState.PUBLISHED:
        raise Refused(Refusal(_l("%(year)s 年度评级已公布，不能重新测算", year=year), field="year"))
    if cycle is not None and cycle.state is CycleState.ANNOUNCED:
        raise Refused(
            Refusal(
                _l("%(year)s 年度评级正在征求意见，不能重新测算；确需重新测算的，先撤回征求意见", year=year),
                rule_id="R-GRADE.publish",
                field="year",
            )
        )
    if cycle is not None and rule_set not in (None, cycle.rule_set):
        raise Refused(
            Refusal(
                _l("本年度已按另一套规则开始测算，中途不能更换；如须更换，请先作废本轮测算"),
                rule_id="R-GRADE.year",
                field="rule_set",
            )
        )
    if cycle is None:
        rules = grade_rules(uow, rule_set or HOUSE)
        cycle = uow.add(
            GradingCycle(
                year=year,
                rule_set=rules.key,
                rules=plain(body(rules)),
                salt=secrets.token_hex(32),
                state=CycleState.PREVIEW,
                computed_at=uow.now,
                computed_by_id=uow.actor.user_id,
                dropped_at=None,
                announced_at=None,
                announced_by_id=None,
                appeals_due_on=None,
                published_at=None,
                published_by_id=None,
            )
        )
        uow.session.flush()
    cycle.computed_at, cycle.computed_by_id = uow.now, uow.actor.user_id
    graded = _fill(uow, cycle)
    uow.session.flush()
    uow.record("grading_cycle.compute", cycle, after={"year": year, "rules": cycle.rule_set, "graded": graded})
    return cycle


def drop_cycle(uow: UnitOfWork, cycle: GradingCycle, reason: str) -> None:
    """Give up a previewed cycle, with its reason: the year may then be computed by another rule set."""
    CYCLE.fire(uow, cycle, "drop", reason=reason)


def refill(uow: UnitOfWork, entry: CycleEntry) -> None:
    """Compute one entry anew under its cycle's frozen rules, with its corrections, from the record it has."""
    record = entry.record
    rules = from_body(record["rules"])
    tasks = [corrected(task, entry.corrections) for task in tasks_in(record)]
    struck = struck_by(entry.corrections)
    losses = [dataclasses.replace(one, struck=one.struck or struck.get(one.loss.id)) for one in losses_in(record)]
    for name, value in entry_values(entry.cycle, entry.agency, tasks, losses, rules).items():
        setattr(entry, name, value)
    uow.session.flush()


def moved_since(uow: UnitOfWork, cycle: GradingCycle) -> list[str]:
    """Return which parts of the rule set have other numbers today than were frozen with the cycle."""
    if not cycle.rules or cycle.rule_set not in rule_sets():
        return []
    present = plain(body(grade_rules(uow, cycle.rule_set)))
    return sorted(key for key in present if key not in ("version", "titles") and present[key] != cycle.rules.get(key))


def _fill(uow: UnitOfWork, cycle: GradingCycle) -> int:
    """Write every agency's entry anew; return how many are graded."""
    rules = from_body(cycle.rules)
    known = {entry.agency_id: entry for entry in cycle.entries}
    by_agency: dict[uuid.UUID, list[TaskScore]] = {}
    every = scores_of_year(uow, cycle.year)
    model = severities(uow, every) if rules.counts == "adjusted" else None
    effects = model.effects if model else {}
    kept = ratings_and_raters(uow, [score.seq for score in every])
    for score in every:
        by_agency.setdefault(score.engagement.agency_id, []).append(score)
    graded = 0
    for agency in all_agencies(uow):
        scores = by_agency.get(agency.organisation_id, [])
        entry = known.get(agency.id)
        corrections = entry.corrections if entry else []
        values = entry_values(
            cycle,
            agency,
            [graded_task(one, kept[one.seq][0], corrections, effects) for one in scores],
            losses_of(agency, rules, corrections),
            rules,
        )
        judges = sorted({who for one in scores for who in judges_of(one, kept[one.seq][1])})
        if entry is None:
            entry = uow.add(CycleEntry(cycle_id=cycle.id, agency_id=agency.id, corrections=[], judges=judges, **values))
            cycle.entries.append(entry)
        else:
            for name, value in values.items():
                setattr(entry, name, value)
            entry.judges = judges
        graded += entry.grade is not Grade.UNGRADED
    return graded


def entry_values(
    cycle: GradingCycle,
    agency: Agency,
    tasks: Sequence[GradedTask],
    losses: Sequence[RecordedLoss],
    rules: GradeRules,
) -> dict[str, Any]:
    """Return an agency's year with its sealed record, as an entry keeps it: the same from the same data to the byte.

    Raises `Refused` naming the agency whose ratings cannot be combined under the rule set.
    """
    salt = hashlib.sha256(f"{cycle.salt}:{agency.id}".encode()).hexdigest()
    name = agency.organisation.name
    try:
        record = grade_record(name, cycle.year, tasks, losses, rules, master_salt=salt)
    except BadRating as error:
        raise Refused(
            Refusal(_l("%(agency)s 的任务缺少本套规则需要的评分，不能测算", agency=name), rule_id="R-GRADE.raters")
        ) from error
    result = record["result"]
    grade = GRADES[result["grade"]]
    return {
        "grade": grade,
        "score": None if grade is Grade.UNGRADED else Decimal(result["score"]),
        "tasks": result["sample"],
        "record": record,
    }


def graded_task(
    score: TaskScore,
    ratings: Ratings,
    corrections: Sequence[Mapping[str, Any]] = (),
    effects: Mapping[str, Mapping[str, Sequence[Decimal]]] = MappingProxyType({}),
) -> GradedTask:
    """Return a decided task as the reckoning takes it, with what upheld appeals put right."""
    engagement = score.engagement
    task = GradedTask(
        engagement.number,
        ratings,
        score.amount,
        score.veto,
        score.difficulty.value,
        score.urgent,
        score.sector.value,
        effects={"report": effects[engagement.number]} if engagement.number in effects else {},
        moderation=moderated_from(score.parts.get("moderation")),
    )
    return corrected(task, corrections)


def judges_of(score: TaskScore, raters: Raters) -> set[str]:
    """Return who rated or confirmed a task, as texts of their ids."""
    found = {str(who) for by_kind in raters.values() for people in by_kind.values() for who in people if who}
    confirmed = {str(score.decided_by_id)} if score.decided_by_id else set()
    return found | confirmed | set(score.parts.get("moderators", ()))


def losses_of(agency: Agency, rules: GradeRules, corrections: Sequence[Mapping[str, Any]] = ()) -> list[RecordedLoss]:
    """Return the credit record as the reckoning takes it; what counts for a year follows from the dates."""
    struck = struck_by(corrections)
    return [
        RecordedLoss(
            Misconduct(
                str(one.id),
                HonestyLoss.MAJOR if one.points >= rules.losses[HonestyLoss.MAJOR] else HonestyLoss.MINOR,
                one.happened_on,
                one.expires_on,
            ),
            one.description,
            one.happened_on.isoformat(),
            struck.get(str(one.id)),
        )
        for one in sorted(agency.credit, key=lambda record: (record.happened_on, str(record.id)))
        if one.points > 0
    ]
