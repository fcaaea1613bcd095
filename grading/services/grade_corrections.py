"""Putting a published grade right: proposed by one person, confirmed by another, with a public notice and a new record.

Appeals belong before publication (R-GRADE.publish); what is found afterwards is corrected openly, never silently.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import func, select

from agencies.models import AgencyGrade
from agencies.services.grades import record_grade
from agencies.states import Grade
from core.documents.accept import keep_bytes
from core.errors import Refusal, Refused
from core.i18n import _l
from core.identity.people import user_ids_with
from core.identity.roles import Role
from core.notifications.send import notify
from core.unit_of_work import UnitOfWork
from grading.addresses import grade_page
from grading.certificate.holding import digest_of
from grading.corrections import NotACorrection, amendment_of, corrected, struck_by
from grading.grade_record import grade as grade_of_year
from grading.grade_record import losses_in, tasks_in
from grading.models import GradeCorrection
from grading.notifications import CORRECTED
from grading.queries import entry_of_grade
from grading.queries.corrections import open_correction
from grading.rule_sets import from_body
from grading.services.correction_paper import correction_paper
from grading.services.grading_cycle import GRADES, refill
from grading.states import CorrectionKind, CorrectionState
from grading.workflow import CORRECTION

NOTICE = "correction-notice"
NUMBERING = 0x434F52
RULE = "R-GRADE.publish"


@dataclass(frozen=True)
class Amendment:
    """One thing to put right: the target, its right figure, why."""

    target: str
    value: str
    reason: str


def propose_correction(
    uow: UnitOfWork,
    grade: AgencyGrade,
    kind: CorrectionKind,
    amendments: Sequence[Amendment] = (),
    *,
    basis: str,
    reason: str,
) -> GradeCorrection:
    """Propose to correct or to withdraw a published grade; nothing changes until somebody else confirms.

    Raises `Refused` at the field: no basis or reason, nothing to put right, a figure that cannot be; and while another
    proposal waits, or for a year that has no grade.
    """
    entry = entry_of_grade(uow, grade)
    refusals = []
    if entry is None or grade.published_at is None:
        raise Refused(Refusal(_l("只有已公布的年度评级才能更正"), rule_id=RULE))
    uow.lock(entry)
    if open_correction(uow, grade) is not None:
        refusals.append(Refusal(_l("已有一项更正等待复核")))
    if kind is CorrectionKind.WITHDRAW and grade.grade is Grade.UNGRADED:
        refusals.append(Refusal(_l("不参评的年度没有等级可以撤销"), rule_id="R-GRADE.min"))
    if not basis.strip():
        refusals.append(Refusal(_l("请写明更正的依据"), rule_id=RULE, field="basis"))
    if not reason.strip():
        refusals.append(Refusal(_l("请写明更正的理由，将对外公布"), rule_id=RULE, field="reason"))
    corrections, wrong = _corrections(entry.record, amendments if kind is CorrectionKind.CORRECT else ())
    refusals += wrong
    if kind is CorrectionKind.CORRECT and not corrections and not wrong:
        refusals.append(Refusal(_l("请选择更正评级表的哪一项"), field="target_1"))
    if refusals:
        raise Refused(*refusals)
    row = uow.add(
        GradeCorrection(
            grade_id=grade.id,
            entry_id=entry.id,
            kind=kind,
            state=CorrectionState.PROPOSED,
            basis=basis.strip(),
            reason=reason.strip(),
            corrections=corrections,
            before=_standing(grade),
            after=None,
            number=None,
            proposed_at=uow.now,
            proposed_by_id=uow.actor.user_id,
            decided_at=None,
            decided_by_id=None,
        )
    )
    uow.session.flush()
    uow.record("grade_correction.propose", row, about=(grade.agency,), after={"kind": kind.value})
    return row


def _corrections(record: dict[str, Any], amendments: Sequence[Amendment]) -> tuple[list[dict[str, str]], list[Refusal]]:
    found, refusals = [], []
    for number, one in enumerate(amendments, start=1):
        if not one.reason.strip():
            refusals.append(Refusal(_l("请写明更正的理由，将对外公布"), field=f"ground_{number}"))
            continue
        try:
            found.append(amendment_of(record, one.target, one.value, one.reason.strip()))
        except LookupError:
            refusals.append(Refusal(_l("请选择更正评级表的哪一项"), field=f"target_{number}"))
        except NotACorrection as error:
            refusals.append(Refusal(error.reason, field=f"value_{number}"))
    return found, refusals


def confirm_correction(uow: UnitOfWork, row: GradeCorrection) -> None:
    """Confirm a correction: the grade is recomputed and recorded anew, the notice is public, the agency is told.

    The certificate of the old grade ends by itself (`certificates.end_outdated`).
    """
    uow.lock(row)
    grade, entry = row.grade, row.entry
    uow.lock(entry)
    CORRECTION.fire(
        uow,
        row,
        "confirm",
        detail={"before": row.before},
        assign={"decided_by_id": uow.actor.user_id, "number": _next_number(uow)},
    )
    if row.kind is CorrectionKind.CORRECT:
        entry.corrections = [*entry.corrections, *row.corrections]
        refill(uow, entry)
    else:
        entry.grade, entry.score = Grade.UNGRADED, None
        uow.session.flush()
    published_at = grade.published_at  # the day of publication stays; the notice has its own
    record_grade(
        uow,
        grade.agency,
        year=grade.year,
        grade=entry.grade,
        score=entry.score,
        tasks=entry.tasks,
        record=entry.record,
    )
    grade.published_at, row.after = published_at, _standing(grade)
    uow.session.flush()
    paper = correction_paper(uow, row)
    keep_bytes(uow, paper, owner=row, purpose=NOTICE, name=f"{row.number}.pdf", media_type="application/pdf")
    managers = user_ids_with(uow, Role.AGENCY_MANAGER, organisation_id=grade.agency.organisation_id)
    params = {"year": str(grade.year), "number": row.number or ""}
    notify(uow, CORRECTED, managers, url=grade_page(grade.id), params=params)


def expected(row: GradeCorrection) -> dict[str, Any]:
    """Return grade and score as a proposed correction would make them, for whoever confirms it."""
    if row.kind is CorrectionKind.WITHDRAW:
        return {"grade": Grade.UNGRADED.value, "score": None}
    record = row.entry.record
    struck = struck_by(row.corrections)
    tasks = [corrected(one, row.corrections) for one in tasks_in(record)]
    losses = [replace(one, struck=one.struck or struck.get(one.loss.id)) for one in losses_in(record)]
    result = grade_of_year(tasks, losses, from_body(record["rules"]), record["year"])
    given = GRADES[result.grade.value]
    return {"grade": given.value, "score": None if given is Grade.UNGRADED else str(result.score)}


def decline_correction(uow: UnitOfWork, row: GradeCorrection, reason: str) -> None:
    """Decline a correction, with the reason; the grade stands."""
    values = {"decided_by_id": uow.actor.user_id, "answer": reason.strip()}
    CORRECTION.fire(uow, row, "decline", reason=reason, assign=values)


def _standing(grade: AgencyGrade) -> dict[str, Any]:
    score = None if grade.score is None else str(grade.score)
    return {"grade": grade.grade.value, "score": score, "digest": digest_of(grade.record)}


def _next_number(uow: UnitOfWork) -> str:
    """Return the next free number of the year, e.g. 评更〔2026〕2号."""
    uow.session.execute(select(func.pg_advisory_xact_lock(NUMBERING)))  # two confirmations at once get two numbers
    year = uow.today.year
    taken = uow.session.scalar(select(func.count()).where(GradeCorrection.number.like(f"评更〔{year}〕%"))) or 0
    return f"评更〔{year}〕{taken + 1}号"
