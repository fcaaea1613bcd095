"""Who may deliver, read, dispose, rate and grade. Findings stay between the bureau and the agency."""

from __future__ import annotations

from agencies import permissions as agencies
from agencies.models import AgencyGrade
from core.i18n import _l
from core.identity.actor import Actor
from core.identity.roles import Role
from core.permissions import Permission, predicate, role, system
from grading.models import (
    CycleEntry,
    GradeAppeal,
    GradingCycle,
    QualitySheet,
    QuestionLetter,
    ReportFinding,
    Submission,
)
from grading.states import CycleState


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


class GradePermission(Permission):
    """What one may do with yearly grades."""

    BROWSE = "grading-cycle:browse", _l("查看机构评级")
    READ = "grading-cycle:read", _l("查看年度评级测算")
    COMPUTE = "grading-cycle:compute", _l("测算年度评级")
    DROP = "grading-cycle:drop", _l("作废年度评级测算")
    PUBLISH = "grading-cycle:publish", _l("公布年度评级")
    READ_ENTRY = "cycle-entry:read", _l("查看机构的年度评级表")
    APPEAL = "cycle-entry:appeal", _l("对年度评级申诉")
    DECIDE_APPEAL = "grade-appeal:decide", _l("处理评级申诉")
    READ_GRADE = "grade:read", _l("查看评级的计算经过")
    READ_RECORD = "grade:read-record", _l("下载完整评级记录")


@predicate(_l("是承担本评价的机构的人员"))
def of_its_agency(actor: Actor, submission: Submission) -> bool:
    """The actor works for the agency that delivered it."""
    return agencies.of_its_agency.holds(actor, submission.engagement)


@predicate(_l("是被评价项目的单位"))
def of_its_unit(actor: Actor, submission: Submission) -> bool:
    """The actor works for the unit whose project is evaluated."""
    return agencies.of_its_unit.holds(actor, submission.engagement)


@predicate(_l("是收到询问函的机构的人员"))
def asked_agency(actor: Actor, letter: QuestionLetter) -> bool:
    """The actor works for the agency that is asked."""
    return agencies.of_its_agency.holds(actor, letter.engagement)


@predicate(_l("是自己的评分表"))
def own_sheet(actor: Actor, sheet: QualitySheet) -> bool:
    """A rater touches only the own sheet."""
    return sheet.rater_id == actor.user_id


@predicate(_l("测算与公布须由不同的人办理"))
def not_its_reckoner(actor: Actor, cycle: GradingCycle) -> bool:
    """Publication is by somebody else than who computed (four eyes)."""
    return cycle.computed_by_id != actor.user_id


@predicate(_l("评级已公布"))
def is_published(_actor: Actor, grade: AgencyGrade) -> bool:
    """The grade was published."""
    return grade.published_at is not None


@predicate(_l("是被评级的机构的人员"))
def of_graded_agency(actor: Actor, grade: AgencyGrade) -> bool:
    """The actor works for the graded agency."""
    return agencies.of_this_agency.holds(actor, grade.agency)


@predicate(_l("是被评级的机构的人员，且评级已公布"))
def sees_own_entry(actor: Actor, entry: CycleEntry) -> bool:
    """The actor works for the agency, and the year was published."""
    return entry.cycle.state is CycleState.PUBLISHED and agencies.of_this_agency.holds(actor, entry.agency)


@predicate(_l("没有参与该机构的评分和确认"))
def did_not_score(actor: Actor, appeal: GradeAppeal) -> bool:
    """Whoever rated or confirmed a task of the agency does not decide its appeal."""
    return str(actor.user_id) not in appeal.entry.judges


@predicate(_l("疑点所属报告可以处置"))
def is_in_disposal(_actor: Actor, finding: ReportFinding) -> bool:
    """The report's findings are being disposed of."""
    return finding.submission.state.value == "checked"


quality = role(Role.QUALITY_OFFICER)
bureau = role(Role.PROCUREMENT_OFFICER, Role.PROCUREMENT_APPROVER, Role.QUALITY_OFFICER)
publishers = role(Role.QUALITY_OFFICER, Role.PROCUREMENT_APPROVER)
watchers = role(Role.OBSERVER, Role.PROCUREMENT_SUPERVISOR)
managers = role(Role.AGENCY_MANAGER)
parties = role(Role.AGENCY_MANAGER, Role.AGENCY_STAFF, Role.UNIT_OFFICER)

GRADING_POLICY = {
    SubmissionPermission.BROWSE: ((bureau,), (parties,)),
    SubmissionPermission.READ: ((bureau,), (of_its_agency,), (of_its_unit,)),
    SubmissionPermission.READ_FINDINGS: ((bureau,), (of_its_agency,)),
    SubmissionPermission.CHECK: ((system,),),
    SubmissionPermission.RETRY: ((quality,), (of_its_agency,)),
    SubmissionPermission.DISPOSE: ((quality,),),
    SubmissionPermission.DISPOSE_FINDING: ((quality, is_in_disposal),),
    SubmissionPermission.RATE: ((quality,), (of_its_unit,)),
    SubmissionPermission.READ_SCORE: ((bureau,), (of_its_agency,), (of_its_unit,)),
    SubmissionPermission.LOCK_SHEET: ((own_sheet,),),
    SubmissionPermission.SCORE: ((quality,),),
    QuestionPermission.ASK: ((quality,),),
    QuestionPermission.READ: ((bureau,), (asked_agency,)),
    QuestionPermission.ANSWER: ((asked_agency,),),
    CheckPermission.BATCH: ((quality,),),
    CheckPermission.READ_MODEL: ((bureau,), (watchers,)),
    CheckPermission.TRAIN: ((quality,),),
    GradePermission.BROWSE: ((bureau,), (watchers,)),
    GradePermission.READ: ((bureau,), (watchers,)),
    GradePermission.COMPUTE: ((quality,),),
    GradePermission.DROP: ((quality,),),
    GradePermission.PUBLISH: ((publishers, not_its_reckoner),),
    GradePermission.READ_ENTRY: ((bureau,), (watchers,), (sees_own_entry,)),
    GradePermission.APPEAL: ((managers, sees_own_entry),),
    GradePermission.DECIDE_APPEAL: ((publishers, did_not_score),),
    GradePermission.READ_GRADE: ((is_published,), (bureau,)),
    GradePermission.READ_RECORD: ((bureau,), (watchers,), (of_graded_agency, is_published)),
}
