"""A year's grades: computed by one person as a preview, published by another (R-GRADE.year … R-GRADE.publish)."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from agencies.models import Agency
from agencies.services.grades import record_grade
from agencies.states import Grade
from core.errors import Refusal, Refused
from core.events import publish
from core.i18n import _l
from core.identity.roles import Role
from core.notifications.send import notify
from core.unit_of_work import UnitOfWork
from experts.services.conflicts import user_ids_with
from grading.addresses import grade_page
from grading.events import CyclePublished
from grading.grade_record import GradedTask, RecordedLoss, grade_record
from grading.grade_rules import grade_rules
from grading.models import GradingCycle, TaskScore
from grading.notifications import GRADED
from grading.queries import all_agencies, scores_of_year
from grading.scale import Grade as ScaleGrade
from grading.scale import GradeRules, HonestyLoss, Loss
from grading.services.scoring import stored_ratings
from grading.states import CycleState
from grading.workflow import CYCLE

GRADES: Mapping[str, Grade] = {
    ScaleGrade.A.value: Grade.A,
    ScaleGrade.B.value: Grade.B,
    ScaleGrade.C.value: Grade.C,
    ScaleGrade.D.value: Grade.D,
    ScaleGrade.NONE.value: Grade.UNGRADED,
}


def compute_cycle(uow: UnitOfWork, year: int) -> GradingCycle:
    """Compute every agency's grade of a year as a preview; again and again until it is published.

    Raises `Refused` for a year that lies ahead or is published already.
    """
    if not 2000 <= year <= uow.today.year:
        raise Refused(Refusal(_l("年度应在 2000 年至今年之间"), field="year"))
    cycle = uow.session.scalar(select(GradingCycle).where(GradingCycle.year == year).with_for_update())
    if cycle is not None and cycle.state is CycleState.PUBLISHED:
        raise Refused(Refusal(_l("%(year)s 年度评级已公布，不能重新测算", year=year), field="year"))
    rules = grade_rules(uow)
    scores = scores_of_year(uow, year)
    preview = [_preview_of(agency, year, scores, rules) for agency in all_agencies(uow)]
    if cycle is None:
        cycle = uow.add(
            GradingCycle(
                year=year,
                rule_set=rules.version,
                state=CycleState.PREVIEW,
                computed_at=uow.now,
                computed_by_id=uow.actor.user_id,
                published_at=None,
                published_by_id=None,
                preview=preview,
            )
        )
    cycle.rule_set, cycle.preview = rules.version, preview
    cycle.computed_at, cycle.computed_by_id = uow.now, uow.actor.user_id
    uow.session.flush()
    graded = sum(one["grade"] != Grade.UNGRADED.value for one in preview)
    uow.record("grading_cycle.compute", cycle, after={"year": year, "graded": graded})
    return cycle


def publish_cycle(uow: UnitOfWork, cycle: GradingCycle) -> None:
    """Publish a previewed year: every agency's grade is recorded with its record, and the agencies are told.

    By somebody else than who computed it. Raises `Refused` where task scores were added since the computation.
    """
    uow.lock(cycle)
    known = {task["id"] for one in cycle.preview for task in one["record"]["tasks"]}
    library = {agency.id: agency for agency in all_agencies(uow)}
    present = {
        score.engagement.number
        for score in scores_of_year(uow, cycle.year)
        if any(agency.organisation_id == score.engagement.agency_id for agency in library.values())
    }
    if present != known:
        raise Refused(Refusal(_l("测算之后又有任务得分，请重新测算后再公布"), rule_id="R-GRADE.year"))
    CYCLE.fire(uow, cycle, "publish", assign={"published_by_id": uow.actor.user_id})
    by_id = {str(agency_id): agency for agency_id, agency in library.items()}
    for one in cycle.preview:
        agency = by_id[one["agency_id"]]
        score = one["score"]
        row = record_grade(
            uow,
            agency,
            year=cycle.year,
            grade=Grade(one["grade"]),
            score=Decimal(score) if score is not None else None,
            tasks=one["tasks"],
            record=one["record"],
        )
        managers = user_ids_with(uow, Role.AGENCY_MANAGER, organisation_id=agency.organisation_id)
        notify(uow, GRADED, managers, url=grade_page(row.id), params={"year": str(cycle.year)})
    publish(uow, CyclePublished(cycle))


def _preview_of(agency: Agency, year: int, scores: Sequence[TaskScore], rules: GradeRules) -> dict[str, Any]:
    tasks = [
        GradedTask(score.engagement.number, stored_ratings(score.parts), _weight(score), score.veto)
        for score in scores
        if score.engagement.agency_id == agency.organisation_id
    ]
    return preview_entry(agency, year, tasks, losses_of(agency, year, rules), rules)


def preview_entry(
    agency: Agency, year: int, tasks: Sequence[GradedTask], losses: Sequence[RecordedLoss], rules: GradeRules
) -> dict[str, Any]:
    """Return an agency's year with its sealed record, as a cycle keeps it."""
    record = grade_record(agency.organisation.name, year, tasks, losses, rules, master_salt=secrets.token_hex(32))
    result = record["result"]
    grade = GRADES[result["grade"]]
    return {
        "agency_id": str(agency.id),
        "name": agency.organisation.name,
        "grade": grade.value,
        "score": None if grade is Grade.UNGRADED else result["score"],
        "tasks": result["sample"],
        "deducted": result["deducted"],
        "record": record,
    }


def losses_of(agency: Agency, year: int, rules: GradeRules) -> list[RecordedLoss]:
    """Return the honesty losses of a year from the credit record; repeated where an earlier one still stood."""
    found = []
    for one in sorted(agency.credit, key=lambda record: record.happened_on):
        if one.happened_on.year != year or one.points <= 0:
            continue
        earlier = any(
            other.happened_on < one.happened_on <= other.expires_on for other in agency.credit if other is not one
        )
        kind = HonestyLoss.MAJOR if one.points >= rules.losses[HonestyLoss.MAJOR] else HonestyLoss.MINOR
        found.append(RecordedLoss(Loss(str(one.id), kind, earlier), one.description, one.happened_on.isoformat()))
    return found


def _weight(score: TaskScore) -> Decimal:
    """Weigh a task by its contract amount; one without a price still counts."""
    return score.engagement.amount if score.engagement.amount > 0 else Decimal(1)
