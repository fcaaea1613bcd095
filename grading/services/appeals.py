"""Appeals against a published grade: filed in time, decided by people who did not score, and what follows."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy import select

from agencies.services.grades import record_grade
from core.clock import SHANGHAI
from core.deadlines import DerivedDeadline, derive
from core.errors import Refusal, Refused
from core.i18n import _l
from core.identity.people import user_ids_with
from core.identity.roles import Role
from core.notifications.send import notify
from core.parameters import overrides
from core.unit_of_work import UnitOfWork
from core.work_calendar import work_calendar
from grading.addresses import entry_page
from grading.models import CycleEntry, GradeAppeal, GradingCycle
from grading.notifications import APPEAL_DECIDED, APPEALED
from grading.rule_sets import from_body
from grading.services.grading_cycle import refill
from grading.states import AppealState, CycleState
from grading.workflow import APPEAL


def appeals_until(uow: UnitOfWork, cycle: GradingCycle) -> DerivedDeadline | None:
    """Return until when agencies may appeal: working days from the publication (R-GRADE.publish), or None before."""
    if cycle.published_at is None:
        return None
    day = cycle.published_at.astimezone(SHANGHAI).date()
    return derive("R-GRADE.publish", day, work_calendar(uow), uow.house.rules, overrides=overrides(uow))


def file_appeal(uow: UnitOfWork, entry: CycleEntry, ground: str) -> GradeAppeal:
    """File the agency's appeal. Raises `Refused` before publication, after the last day, and while one is open."""
    uow.lock(entry)
    until = appeals_until(uow, entry.cycle)
    refusals = []
    if entry.cycle.state is not CycleState.PUBLISHED or until is None:
        refusals.append(Refusal(_l("评级公布后才能申诉"), rule_id="R-GRADE.publish"))
    elif until.passed(uow.now):
        refusals.append(
            Refusal(_l("申诉期限已于 %(day)s 届满", day=until.last_day.isoformat()), rule_id="R-GRADE.publish")
        )
    if open_appeal(uow, entry) is not None:
        refusals.append(Refusal(_l("已有一件申诉正在处理")))
    if not ground.strip():
        refusals.append(Refusal(_l("请写明申诉的事实和理由"), field="ground"))
    if refusals:
        raise Refused(*refusals)
    appeal = uow.add(
        GradeAppeal(
            entry_id=entry.id,
            state=AppealState.FILED,
            ground=ground.strip(),
            filed_at=uow.now,
            filed_by_id=uow.actor.user_id,
            correction=None,
            before={"grade": entry.grade.value, "score": None if entry.score is None else str(entry.score)},
            decided_at=None,
            decided_by_id=None,
        )
    )
    uow.session.flush()
    uow.record("grade_appeal.file", appeal, about=(entry.cycle, entry.agency))
    recipients = set(user_ids_with(uow, Role.QUALITY_OFFICER)) | set(user_ids_with(uow, Role.PROCUREMENT_APPROVER))
    impartial = {one for one in recipients if str(one) not in entry.judges}
    notify(uow, APPEALED, impartial, url=entry_page(entry.id), params=_about(entry))
    return appeal


def decide_appeal(
    uow: UnitOfWork,
    appeal: GradeAppeal,
    *,
    upheld: bool,
    answer: str,
    target: str = "",
    rating: Decimal | None = None,
) -> None:
    """Decide an appeal with its reason; upheld, the entry is corrected and the grade recomputed within its cycle.

    `target` says what is put right: `task|<number>|<measure>` with the `rating` (0–100) that takes the place of the
    measure's ratings, or `loss|<id>` for an honesty loss that no longer counts. Raises `Refused` at the field, and
    `Forbidden` for whoever rated or confirmed a task of this agency.
    """
    entry = appeal.entry
    uow.lock(appeal)
    correction = _correction(entry, target, rating, answer) if upheld else None
    refusals = [] if answer.strip() else [Refusal(_l("请写明处理的理由"), rule_id="R-GRADE.publish", field="answer")]
    if upheld and correction is None:
        refusals.append(Refusal(_l("申诉成立的，请选择更正哪一项，评分在 0 至 100 之间"), field="target"))
    if refusals:
        raise Refused(*refusals)
    values = {"answer": answer.strip(), "correction": correction, "decided_by_id": uow.actor.user_id}
    APPEAL.fire(uow, appeal, "uphold" if upheld else "reject", reason=answer.strip(), assign=values)
    if correction is not None:
        uow.lock(entry)
        entry.corrections = [*entry.corrections, correction]
        refill(uow, entry)
        record_grade(
            uow,
            entry.agency,
            year=entry.cycle.year,
            grade=entry.grade,
            score=entry.score,
            tasks=entry.tasks,
            record=entry.record,
        )
    managers = user_ids_with(uow, Role.AGENCY_MANAGER, organisation_id=entry.agency.organisation_id)
    notify(uow, APPEAL_DECIDED, managers, url=entry_page(entry.id), params=_about(entry))


def open_appeal(uow: UnitOfWork, entry: CycleEntry) -> GradeAppeal | None:
    """Return the appeal that waits for its decision."""
    return uow.session.scalar(
        select(GradeAppeal).where(GradeAppeal.entry_id == entry.id, GradeAppeal.state == AppealState.FILED)
    )


def targets_of(entry: CycleEntry) -> list[tuple[str, str, str]]:
    """Return what an upheld appeal may put right: (target, what it belongs to, measure or empty for a loss)."""
    rules = from_body(entry.record["rules"])
    used = [measure for element in rules.elements for measure in rules.measures_of(element)]
    found = [
        (f"task|{task['id']}|{measure}", task["id"], measure)
        for task in entry.record["tasks"]
        for measure in used
        if task["ratings"].get(measure)
    ]
    found += [
        (f"loss|{one['id']}", f"{one['source']} {one['reason']}", "") for one in entry.record["losses"] if one["counts"]
    ]
    return found


def _correction(entry: CycleEntry, target: str, rating: Decimal | None, reason: str) -> dict[str, str] | None:
    if target not in {one[0] for one in targets_of(entry)}:
        return None
    kind, *parts = target.split("|")
    if kind == "loss":
        return {"loss": parts[0], "reason": reason.strip()}
    if rating is None or not rating.is_finite() or not 0 <= rating <= 100:
        return None
    return {"task": parts[0], "measure": parts[1], "rating": f"{rating:.2f}", "reason": reason.strip()}


def _about(entry: CycleEntry) -> dict[str, str]:
    return {"year": str(entry.cycle.year), "agency": entry.record["agency"]}
