"""Who may deliver, read, dispose and rate. Findings stay between the bureau and the agency."""

from __future__ import annotations

from agencies import permissions as agencies
from core.i18n import _l
from core.identity.actor import Actor
from core.identity.roles import Role
from core.permissions import Permission, PolicyMap, predicate, role, system
from grading.models import (
    QualitySheet,
    QuestionLetter,
    ReportFinding,
    Submission,
)
from grading.states import ReportReviewState, ReportSeatState


class SubmissionPermission(Permission):
    """What one may do with delivered reports."""

    BROWSE = "submission:browse", _l("查看报告列表")
    READ = "submission:read", _l("查看提交的报告")
    READ_FINDINGS = "submission:read-findings", _l("查看核查疑点")
    CHECK = "submission:check", _l("自动核查报告")
    RETRY = "submission:retry", _l("重新读取报告")
    DISPOSE = "submission:dispose", _l("处置核查疑点")
    DISPOSE_FINDING = "finding:dispose", _l("处置一条疑点")
    RATE = "submission:rate", _l("为报告评分")
    READ_SCORE = "submission:read-score", _l("查看任务得分")
    LOCK_SHEET = "quality-sheet:lock", _l("锁定自己的评分表")
    SCORE = "submission:score", _l("确认任务得分")


class QuestionPermission(Permission):
    """What one may do with question letters to agencies."""

    ASK = "submission:ask", _l("就疑点向机构发询问函")
    READ = "question-letter:read", _l("查看询问函")
    ANSWER = "question-letter:answer", _l("答复询问函")


class CheckPermission(Permission):
    """What one may do with batches of checks and with the model that ranks findings."""

    BATCH = "check:batch", _l("批量核查报告")
    READ_MODEL = "triage-model:read", _l("查看核查模型")
    TRAIN = "triage-model:train", _l("重新训练核查模型")


@predicate(_l("是承担本评价的机构的人员"))
def of_its_agency(actor: Actor, submission: Submission) -> bool:
    """The actor works for the agency that delivered it."""
    return agencies.of_its_agency.holds(actor, submission.engagement)


@predicate(_l("是被评价项目的单位"))
def of_its_unit(actor: Actor, submission: Submission) -> bool:
    """The actor works for the unit whose project is evaluated."""
    return agencies.of_its_unit.holds(actor, submission.engagement)


@predicate(_l("是评审这份报告的专家"))
def sits_on_its_panel(actor: Actor, submission: Submission) -> bool:
    """The actor has accepted a seat on the panel that reviews this report, which goes on."""
    return actor.user_id is not None and any(
        seat.state is ReportSeatState.ACCEPTED and seat.expert.user_id == actor.user_id
        for review in submission.reviews
        if review.state in (ReportReviewState.RATING, ReportReviewState.CONCLUDED)
        for seat in review.seats
    )


@predicate(_l("是正在评审这份报告的专家"))
def rates_for_its_panel(actor: Actor, submission: Submission) -> bool:
    """The actor sits on the panel, and it still rates."""
    return actor.user_id is not None and any(
        seat.state is ReportSeatState.ACCEPTED and seat.expert.user_id == actor.user_id
        for review in submission.reviews
        if review.state is ReportReviewState.RATING
        for seat in review.seats
    )


@predicate(_l("是收到询问函的机构的人员"))
def asked_agency(actor: Actor, letter: QuestionLetter) -> bool:
    """The actor works for the agency that is asked."""
    return agencies.of_its_agency.holds(actor, letter.engagement)


@predicate(_l("是自己的评分表"))
def own_sheet(actor: Actor, sheet: QualitySheet) -> bool:
    """A rater touches only the own sheet."""
    return sheet.rater_id == actor.user_id


@predicate(_l("疑点所属报告可以处置"))
def is_in_disposal(_actor: Actor, finding: ReportFinding) -> bool:
    """The report's findings are being disposed of."""
    return finding.submission.state.value == "checked"


quality = role(Role.QUALITY_OFFICER)


bureau = role(Role.PROCUREMENT_OFFICER, Role.PROCUREMENT_APPROVER, Role.QUALITY_OFFICER)


watchers = role(Role.OBSERVER, Role.PROCUREMENT_SUPERVISOR)


raters = role(Role.QUALITY_OFFICER, Role.UNIT_OFFICER, Role.EXPERT)


parties = role(Role.AGENCY_MANAGER, Role.AGENCY_STAFF, Role.UNIT_OFFICER)


REPORT_POLICY: PolicyMap = {
    SubmissionPermission.BROWSE: ((bureau,), (parties,)),
    SubmissionPermission.READ: ((bureau,), (of_its_agency,), (of_its_unit,), (sits_on_its_panel,)),
    SubmissionPermission.READ_FINDINGS: ((bureau,), (of_its_agency,)),
    SubmissionPermission.CHECK: ((system,),),
    SubmissionPermission.RETRY: ((quality,), (of_its_agency,)),
    SubmissionPermission.DISPOSE: ((quality,),),
    SubmissionPermission.DISPOSE_FINDING: ((quality, is_in_disposal),),
    SubmissionPermission.RATE: ((quality,), (of_its_unit,), (rates_for_its_panel,)),
    SubmissionPermission.READ_SCORE: ((bureau,), (of_its_agency,), (of_its_unit,), (sits_on_its_panel,)),
    SubmissionPermission.LOCK_SHEET: ((own_sheet,),),
    SubmissionPermission.SCORE: ((quality,),),
    QuestionPermission.ASK: ((quality,),),
    QuestionPermission.READ: ((bureau,), (asked_agency,)),
    QuestionPermission.ANSWER: ((asked_agency,),),
    CheckPermission.BATCH: ((quality,),),
    CheckPermission.READ_MODEL: ((bureau,), (watchers,)),
    CheckPermission.TRAIN: ((quality,),),
}
