"""Rating a report: each rater fills an own sheet and locks it; nobody sees another's before (R-GRADE.raters).

Locking tells nothing of the others. Whoever then lies far from the median is asked for the reason, also when others
lock later (R-GRADE.spread).
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from core.errors import Refusal, Refused
from core.i18n import _l
from core.identity.roles import Role
from core.notifications.send import notify
from core.unit_of_work import UnitOfWork
from grading.addresses import score_page
from grading.grade_rules import grade_rules
from grading.models import QualityDeduction, QualityLine, QualitySheet, Submission
from grading.notifications import SPREAD_ASKED
from grading.queries import own_sheet, panel_review, score_of, sheets_of
from grading.queries.moderation import moderations_of
from grading.queries.report_review import review_of_engagement, seat_of_rater
from grading.queries.rubric import rubric_for, rubric_of
from grading.rating_spread import far_off
from grading.rubric import CONDUCT, Dimension, Rubric
from grading.services.sheet_content import most_of, proposed_for
from grading.states import DeductionState, PartState, RaterKind, ReportReviewState, SheetState, SubmissionState
from grading.workflow import SHEET

RULE = "R-GRADE.rubric"
BESIDE_THE_REPORT = frozenset(line.key for line in CONDUCT)


@dataclass(frozen=True)
class Mark:
    """What a rater gives for one line: points and why."""

    points: Decimal
    reason: str = ""


@dataclass(frozen=True)
class Decision:
    """What a rater makes of a proposed deduction: accept, decline with a reason, or take other points."""

    state: DeductionState
    points: Decimal | None = None
    reason: str = ""


def kind_of_rater(uow: UnitOfWork, submission: Submission) -> RaterKind:
    """Return for whom the actor rates: the bureau, the evaluated project's unit, or the panel as its expert."""
    if seat_of_rater(uow, submission.engagement_id) is not None:
        return RaterKind.EXPERT
    unit = submission.engagement.project.unit_id in uow.actor.organisations_as(Role.UNIT_OFFICER)
    return RaterKind.UNIT if unit and not uow.actor.has(Role.QUALITY_OFFICER) else RaterKind.BUREAU


def rubric_on(uow: UnitOfWork, submission: Submission, sheet: QualitySheet | None) -> Rubric:
    """Return the rubric of a sheet, or by which one would be begun for this report."""
    return rubric_of(uow, sheet.rubric) if sheet is not None else rubric_for(uow, submission)


def lines_of(uow: UnitOfWork, submission: Submission, kind: RaterKind, rubric: Rubric | None = None) -> list[Dimension]:
    """Return the lines that this kind of rater fills for this report."""
    known = panel_review(uow, submission.engagement) is not None
    return (rubric or rubric_for(uow, submission)).lines_for(kind, plan_is_known=known)


def save_sheet(
    uow: UnitOfWork,
    submission: Submission,
    marks: Mapping[str, Mark],
    comment: str = "",
    *,
    decisions: Mapping[str, Decision] | None = None,
    parts: Mapping[str, PartState] | None = None,
) -> QualitySheet:
    """Keep the actor's sheet as a draft, replacing what it held. Raises `Refused` at each line that is wrong.

    `decisions` are by the proposal's key, `parts` by `<dimension>-<part>`; those left out stay as they are.
    """
    _may_rate(uow, submission)
    sheet = own_sheet(uow, submission)
    if sheet is not None and sheet.state is SheetState.LOCKED:
        raise Refused(Refusal(_l("评分表已锁定，不能修改")))
    kind = sheet.kind if sheet else kind_of_rater(uow, submission)
    rubric = rubric_on(uow, submission, sheet)
    lines = {line.key: line for line in lines_of(uow, submission, kind, rubric)}
    wrong = _wrong_marks(lines, marks)
    if wrong:
        raise Refused(*wrong)
    if sheet is None:
        _ensure_unseen(uow, submission, kind)
        sheet = _begun(uow, submission, kind, rubric)
    _keep_deductions(uow, submission, sheet, rubric, decisions or {})
    if parts is not None:
        known = {f"{line.key}-{part.key}" for line in rubric.quality for part in line.parts}
        sheet.parts = {key: state.value for key, state in parts.items() if key in known}
    sheet.comment = comment.strip()
    sheet.lines.clear()
    uow.session.flush()  # the old lines must be gone before lines of the same key come
    for key, mark in marks.items():
        most = most_of(lines[key], sheet)
        sheet.lines.append(
            QualityLine(
                id=uow.ids.new(),
                key=key,
                points=mark.points,
                proposed=most if most != lines[key].full else None,
                reason=mark.reason.strip(),
                revised=None,
            )
        )
    uow.session.flush()
    return sheet


def _wrong_marks(lines: Mapping[str, Dimension], marks: Mapping[str, Mark]) -> list[Refusal]:
    wrong = [Refusal(_l("没有这一评分项")) for key in marks if key not in lines]
    for key, mark in marks.items():
        if key not in lines or lines[key].allows(mark.points):
            continue
        line, field = lines[key], f"points_{key}"
        if 0 <= mark.points <= line.full:
            wrong.append(Refusal(_l("%(line)s只能按档位给分", line=line.title), rule_id=RULE, field=field))
        else:
            words = _l("%(line)s应在 0 至 %(full)s 之间", line=line.title, full=f"{line.full:f}")
            wrong.append(Refusal(words, field=field))
    return wrong


def _ensure_unseen(uow: UnitOfWork, submission: Submission, kind: RaterKind) -> None:
    """Quality staff may have read the sheets in a moderation or a panel's result: who has not begun rates no more."""
    if kind is not RaterKind.BUREAU:
        return
    if any(one.opened_at is not None for one in moderations_of(uow, submission)):
        raise Refused(Refusal(_l("评分已经合议，没有先行评分的人不能再评分"), rule_id="R-GRADE.moderation"))
    review = review_of_engagement(uow, submission.engagement_id)
    if review is not None and review.state is ReportReviewState.CONCLUDED:
        raise Refused(Refusal(_l("报告评审已有结果，没有先行评分的人不能再评分"), rule_id="R-GRADE.panel"))


def _begun(uow: UnitOfWork, submission: Submission, kind: RaterKind, rubric: Rubric) -> QualitySheet:
    sheet = uow.add(
        QualitySheet(
            submission_id=submission.id,
            rater_id=uow.actor.user_id,
            kind=kind,
            rubric=rubric.version,
            state=SheetState.DRAFT,
            locked_at=None,
            revised_at=None,
            parts={},
        )
    )
    uow.session.flush()
    return sheet


def _keep_deductions(
    uow: UnitOfWork,
    submission: Submission,
    sheet: QualitySheet,
    rubric: Rubric,
    decisions: Mapping[str, Decision],
) -> None:
    """Bring the sheet's proposals up to the findings as they stand, and keep what the rater decided of each."""
    found = proposed_for(uow, submission, rubric)
    known = {one.key: one for one in sheet.deductions}
    for key in set(known) - {one.key for one in found}:
        sheet.deductions.remove(known[key])
    wrong: list[Refusal] = []
    for place, one in enumerate(found):
        row = known.get(one.key)
        if row is None:
            row = QualityDeduction(id=uow.ids.new(), key=one.key, dimension=one.dimension)
            row.state, row.points, row.reason = DeductionState.OPEN, Decimal(0), ""
            sheet.deductions.append(row)
        elif (row.proposed, list(row.findings)) != (one.points, list(one.findings)):
            row.state, row.points, row.reason = DeductionState.OPEN, Decimal(0), ""
        row.position, row.proposed, row.findings = place, one.points, list(one.findings)
        if one.key in decisions:
            wrong += _decide(row, decisions[one.key], rubric.line(one.dimension))
    if wrong:
        raise Refused(*wrong)
    uow.session.flush()


def _decide(row: QualityDeduction, decision: Decision, line: Dimension) -> list[Refusal]:
    reason = decision.reason.strip()
    if decision.state is DeductionState.DECLINED:
        if not reason:
            return [Refusal(_l("不采纳的，请说明理由"), rule_id=RULE, field=f"why_{row.key}")]
        row.state, row.points, row.reason = DeductionState.DECLINED, Decimal(0), reason
    elif decision.state is DeductionState.ACCEPTED or decision.points == row.proposed:
        row.state, row.points, row.reason = DeductionState.ACCEPTED, row.proposed, reason
    elif decision.state is DeductionState.CHANGED:
        if decision.points is None or not 0 < decision.points <= line.full:
            words = _l("改动后的扣分应大于 0，且不超过 %(full)s 分", full=f"{line.full:f}")
            return [Refusal(words, rule_id=RULE, field=f"take_{row.key}")]
        row.state, row.points, row.reason = DeductionState.CHANGED, decision.points, reason
    return []


def lock_sheet(uow: UnitOfWork, submission: Submission) -> QualitySheet:
    """Lock the actor's sheet, and ask whoever now lies far from the median for the reason.

    Raises `Refused` while a line is empty or above what the deductions taken leave, and while a proposal is undecided.
    """
    _may_rate(uow, submission)
    sheet = own_sheet(uow, submission)
    if sheet is None:
        raise Refused(Refusal(_l("请先填写评分表")))
    given = {line.key: line for line in sheet.lines}
    refusals = [
        Refusal(_l("请先决定这条扣分建议：采纳、改动或者不采纳"), rule_id=RULE, field=f"why_{one.key}")
        for one in sheet.deductions
        if one.state is DeductionState.OPEN
    ]
    for line in lines_of(uow, submission, sheet.kind, rubric_of(uow, sheet.rubric)):
        row, most, field = given.get(line.key), most_of(line, sheet), f"points_{line.key}"
        if row is None:
            refusals.append(Refusal(_l("请填写“%(line)s”的得分", line=line.title), field=field))
        elif row.points > most:
            words = _l("扣分后“%(line)s”最多 %(most)s 分", line=line.title, most=f"{most:f}")
            refusals.append(Refusal(words, rule_id=RULE, field=field))
    if refusals:
        raise Refused(*refusals)
    before = {one.id for one in far_off_sheets(uow, submission)}
    SHEET.fire(uow, sheet, "lock")
    uow.session.flush()
    uow.record("submission.rate", submission, detail={"kind": str(sheet.kind), "rubric": sheet.rubric})
    _ask_for_reasons(uow, submission, before)
    return sheet


def far_off_sheets(uow: UnitOfWork, submission: Submission) -> list[QualitySheet]:
    """Return the locked sheets that lie further from the median than R-GRADE.spread allows without a reason."""
    sheets = sheets_of(uow, submission)
    places = far_off([quality_total(one) for one in sheets], grade_rules(uow).spread)
    return [sheets[place] for place in places]


def unexplained(uow: UnitOfWork, submission: Submission) -> list[QualitySheet]:
    """Return the far-off sheets whose rater has not said why."""
    return [one for one in far_off_sheets(uow, submission) if not one.spread_reason]


def _ask_for_reasons(uow: UnitOfWork, submission: Submission, before: set[uuid.UUID]) -> None:
    new = [one.rater_id for one in unexplained(uow, submission) if one.id not in before]
    project = submission.engagement.project.name
    notify(uow, SPREAD_ASKED, new, url=score_page(submission.id), params={"project": project})


def explain_spread(uow: UnitOfWork, submission: Submission, reason: str) -> None:
    """Say why the own locked rating lies far from the others' (R-GRADE.spread). Raises `Refused`."""
    sheet = own_sheet(uow, submission)
    if sheet is None or sheet.state is not SheetState.LOCKED:
        raise Refused(Refusal(_l("请先锁定评分表"), rule_id="R-GRADE.spread"))
    if score_of(uow, submission.engagement_id) is not None:
        raise Refused(Refusal(_l("任务得分已确认，不能再说明"), rule_id="R-GRADE.spread"))
    if not reason.strip():
        raise Refused(Refusal(_l("请说明评分相差较大的理由"), rule_id="R-GRADE.spread", field="reason"))
    uow.lock(sheet)
    sheet.spread_reason = reason.strip()
    uow.session.flush()
    uow.record("submission.explain-spread", submission, detail={"kind": str(sheet.kind)})


def quality_total(sheet: QualitySheet) -> Decimal:
    """Return the report's quality on this sheet as it counts, 0–100: the sum of the rubric's dimensions."""
    return sum((line.counts for line in sheet.lines if line.key not in BESIDE_THE_REPORT), Decimal(0))


def locked_total(sheet: QualitySheet) -> Decimal:
    """Return the report's quality as it was locked, before any moderation."""
    return sum((line.points for line in sheet.lines if line.key not in BESIDE_THE_REPORT), Decimal(0))


def _may_rate(uow: UnitOfWork, submission: Submission) -> None:
    if submission.state is not SubmissionState.DISPOSED:
        raise Refused(Refusal(_l("疑点处置完成后才能评分")))
    if score_of(uow, submission.engagement_id) is not None:
        raise Refused(Refusal(_l("任务得分已确认，不能再评分")))
