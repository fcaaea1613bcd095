"""Rating a report: each rater fills an own sheet and locks it; nobody sees another's before (R-GRADE.raters)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from statistics import median

from core.errors import Refusal, Refused
from core.i18n import _l
from core.identity.roles import Role
from core.unit_of_work import UnitOfWork
from grading.grade_rules import grade_rules
from grading.models import QualityLine, QualitySheet, Submission
from grading.queries import own_sheet, panel_review, score_of, sheets_of, upheld_by_class
from grading.rubric import PRESENT, RUBRICS, Line, proposal
from grading.states import RaterKind, SheetState, SubmissionState
from grading.workflow import SHEET


@dataclass(frozen=True)
class Mark:
    """What a rater gives for one line: points and why."""

    points: Decimal
    reason: str = ""


def kind_of_rater(uow: UnitOfWork, submission: Submission) -> RaterKind:
    """Return for whom the actor rates: the bureau, or the evaluated project's unit."""
    unit = submission.engagement.project.unit_id in uow.actor.organisations_as(Role.UNIT_OFFICER)
    return RaterKind.UNIT if unit and not uow.actor.has(Role.QUALITY_OFFICER) else RaterKind.BUREAU


def lines_of(uow: UnitOfWork, submission: Submission, kind: RaterKind, version: str = PRESENT.version) -> list[Line]:
    """Return the lines that this kind of rater fills for this report."""
    known = panel_review(uow, submission.engagement) is not None
    return RUBRICS[version].lines_for(kind, plan_is_known=known)


def proposals(uow: UnitOfWork, submission: Submission, version: str = PRESENT.version) -> dict[str, Decimal]:
    """Return the points proposed from upheld findings, by line; they decide nothing."""
    rubric, upheld = RUBRICS[version], upheld_by_class(uow, submission)
    found = {line.key: proposal(rubric, line, upheld) for line in rubric.quality}
    return {key: points for key, points in found.items() if points is not None}


def save_sheet(uow: UnitOfWork, submission: Submission, marks: Mapping[str, Mark], comment: str = "") -> QualitySheet:
    """Keep the actor's sheet as a draft, replacing what it held. Raises `Refused` at each line that is wrong."""
    _may_rate(uow, submission)
    sheet = own_sheet(uow, submission)
    if sheet is not None and sheet.state is SheetState.LOCKED:
        raise Refused(Refusal(_l("评分表已锁定，不能修改")))
    kind = sheet.kind if sheet else kind_of_rater(uow, submission)
    version = sheet.rubric if sheet else PRESENT.version
    lines = {line.key: line for line in lines_of(uow, submission, kind, version)}
    wrong = [
        Refusal(
            _l("%(line)s应在 0 至 %(full)s 之间", line=lines[key].title, full=lines[key].full), field=f"points_{key}"
        )
        for key, mark in marks.items()
        if key in lines and not 0 <= mark.points <= lines[key].full
    ]
    wrong += [Refusal(_l("没有这一评分项")) for key in marks if key not in lines]
    if wrong:
        raise Refused(*wrong)
    if sheet is None:
        sheet = uow.add(
            QualitySheet(
                submission_id=submission.id,
                rater_id=uow.actor.user_id,
                kind=kind,
                rubric=version,
                state=SheetState.DRAFT,
                locked_at=None,
            )
        )
        uow.session.flush()
    proposed = proposals(uow, submission, version)
    sheet.comment = comment.strip()
    sheet.lines.clear()
    uow.session.flush()  # the old lines must be gone before lines of the same key come
    for key, mark in marks.items():
        sheet.lines.append(
            QualityLine(
                id=uow.ids.new(),
                key=key,
                points=mark.points,
                proposed=proposed.get(key),
                reason=mark.reason.strip(),
            )
        )
    uow.session.flush()
    return sheet


def lock_sheet(uow: UnitOfWork, submission: Submission) -> QualitySheet:
    """Lock the actor's sheet.

    Raises `Refused` while a line is empty, where a proposal was not followed without a reason, and where the total is
    more than R-GRADE.spread away from the median of all locked sheets without a comment that says why.
    """
    _may_rate(uow, submission)
    sheet = own_sheet(uow, submission)
    if sheet is None:
        raise Refused(Refusal(_l("请先填写评分表")))
    given = {line.key: line for line in sheet.lines}
    refusals = []
    for line in lines_of(uow, submission, sheet.kind, sheet.rubric):
        row = given.get(line.key)
        if row is None:
            refusals.append(Refusal(_l("请填写“%(line)s”的得分", line=line.title), field=f"points_{line.key}"))
        elif row.proposed is not None and row.points != row.proposed and not row.reason:
            refusals.append(
                Refusal(
                    _l(
                        "“%(line)s”与按成立疑点建议的 %(points)s 分不同，请说明理由",
                        line=line.title,
                        points=row.proposed,
                    ),
                    field=f"reason_{line.key}",
                )
            )
    spread = grade_rules(uow).spread
    totals = [quality_total(one) for one in sheets_of(uow, submission)]
    own = quality_total(sheet)
    if totals and abs(own - median([*totals, own])) > spread and not sheet.comment:
        refusals.append(
            Refusal(
                _l("与各方评分的中位数相差超过 %(spread)s 分，请说明理由", spread=spread),
                rule_id="R-GRADE.spread",
                field="comment",
            )
        )
    if refusals:
        raise Refused(*refusals)
    SHEET.fire(uow, sheet, "lock")
    uow.session.flush()
    uow.record("submission.rate", submission, detail={"kind": str(sheet.kind), "rubric": sheet.rubric})
    return sheet


def quality_total(sheet: QualitySheet) -> Decimal:
    """Return the report's quality on this sheet, 0–100: the sum of the rubric's lines."""
    keys = {line.key for line in RUBRICS[sheet.rubric].quality}
    return sum((line.points for line in sheet.lines if line.key in keys), Decimal(0))


def _may_rate(uow: UnitOfWork, submission: Submission) -> None:
    if submission.state is not SubmissionState.DISPOSED:
        raise Refused(Refusal(_l("疑点处置完成后才能评分")))
    if score_of(uow, submission.engagement_id) is not None:
        raise Refused(Refusal(_l("任务得分已确认，不能再评分")))
