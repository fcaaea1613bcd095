"""Who may compute, publish, read and contest yearly grades."""

from __future__ import annotations

from agencies import permissions as agencies
from agencies.models import AgencyGrade
from core.i18n import _l
from core.identity.actor import Actor
from core.identity.roles import Role
from core.permissions import Permission, PolicyMap, predicate, role
from grading.models import (
    CycleEntry,
    GradeAppeal,
    GradeCorrection,
    GradingCycle,
)
from grading.permissions.report import bureau, quality, watchers
from grading.states import CorrectionState, CycleState

SHOWN = (CycleState.ANNOUNCED, CycleState.PUBLISHED)
"""In which states of a cycle an agency sees its own sheet; nobody else outside the bureau and its watchers does."""


class GradePermission(Permission):
    """What one may do with yearly grades."""

    BROWSE = "grading-cycle:browse", _l("查看机构评级")
    READ = "grading-cycle:read", _l("查看年度评级测算")
    COMPUTE = "grading-cycle:compute", _l("测算年度评级")
    DROP = "grading-cycle:drop", _l("作废年度评级测算")
    ANNOUNCE = "grading-cycle:announce", _l("把年度评级送机构征求意见")
    RECALL = "grading-cycle:recall", _l("撤回年度评级的征求意见")
    PUBLISH = "grading-cycle:publish", _l("公布年度评级")
    READ_ENTRY = "cycle-entry:read", _l("查看机构的年度评级表")
    READ_ENTRY_RECORD = "cycle-entry:read-record", _l("下载年度评级表的完整记录")
    APPEAL = "cycle-entry:appeal", _l("对年度评级申诉")
    READ_APPEAL = "grade-appeal:read", _l("查看评级申诉")
    STATE_ON_APPEAL = "grade-appeal:state", _l("就评级申诉说明情况")
    DECIDE_APPEAL = "grade-appeal:decide", _l("处理评级申诉")
    READ_GRADE = "grade:read", _l("查看评级的计算经过")
    ISSUE_CERTIFICATE = "grade:issue-certificate", _l("生成评级证书")
    READ_CERTIFICATE = "grade:read-certificate", _l("下载评级证书")
    CORRECT = "grade:correct", _l("提出更正已公布的评级")
    READ_CORRECTION = "grade-correction:read", _l("查看评级更正")
    CONFIRM_CORRECTION = "grade-correction:confirm", _l("复核评级更正")
    READ_RECORD = "grade:read-record", _l("下载完整评级记录")


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


@predicate(_l("是被评级的机构的人员，且评级表已送机构征求意见"))
def sees_own_entry(actor: Actor, entry: CycleEntry) -> bool:
    """The actor works for the agency, and its sheet was sent to it."""
    return entry.cycle.state in SHOWN and agencies.of_this_agency.holds(actor, entry.agency)


@predicate(_l("是提出申诉的机构的人员"))
def of_appealing_agency(actor: Actor, appeal: GradeAppeal) -> bool:
    """The actor works for the agency that appealed."""
    return agencies.of_this_agency.holds(actor, appeal.entry.agency)


@predicate(_l("没有参与该机构的评分和确认（R-GRADE.publish：申诉由没有评分的人处理）"))
def did_not_score(actor: Actor, appeal: GradeAppeal) -> bool:
    """Whoever rated or confirmed a task of the agency does not decide its appeal (R-GRADE.publish)."""
    return str(actor.user_id) not in appeal.entry.judges


@predicate(_l("更正已经公告"))
def is_announced_correction(_actor: Actor, correction: GradeCorrection) -> bool:
    """The correction was confirmed: it is public with its reason."""
    return correction.state is CorrectionState.CONFIRMED


@predicate(_l("提出与复核更正须由不同的人办理"))
def not_its_proposer(actor: Actor, correction: GradeCorrection) -> bool:
    """A correction is confirmed by somebody else than who proposed it (four eyes)."""
    return correction.proposed_by_id != actor.user_id


@predicate(_l("没有参与该机构的评分和确认（R-GRADE.publish：由没有评分的人处理）"))
def did_not_score_corrected(actor: Actor, correction: GradeCorrection) -> bool:
    """Whoever rated or confirmed a task of the agency does not confirm a correction either (R-GRADE.publish)."""
    return str(actor.user_id) not in correction.entry.judges


publishers = role(Role.QUALITY_OFFICER, Role.PROCUREMENT_APPROVER)


managers = role(Role.AGENCY_MANAGER)


GRADE_POLICY: PolicyMap = {
    GradePermission.BROWSE: ((bureau,), (watchers,)),
    GradePermission.READ: ((bureau,), (watchers,)),
    GradePermission.COMPUTE: ((quality,),),
    GradePermission.DROP: ((quality,),),
    GradePermission.ANNOUNCE: ((publishers,),),
    GradePermission.RECALL: ((publishers,),),
    GradePermission.PUBLISH: ((publishers, not_its_reckoner),),
    GradePermission.READ_ENTRY: ((bureau,), (watchers,), (sees_own_entry,)),
    GradePermission.READ_ENTRY_RECORD: ((bureau,), (watchers,), (sees_own_entry,)),
    GradePermission.APPEAL: ((managers, sees_own_entry),),
    GradePermission.READ_APPEAL: ((bureau,), (watchers,), (of_appealing_agency,)),
    GradePermission.STATE_ON_APPEAL: ((quality,),),
    GradePermission.DECIDE_APPEAL: ((publishers, did_not_score),),
    GradePermission.READ_GRADE: ((is_published,), (bureau,)),
    GradePermission.ISSUE_CERTIFICATE: ((quality, is_published), (of_graded_agency, is_published)),
    GradePermission.READ_CERTIFICATE: ((bureau,), (watchers,), (of_graded_agency, is_published)),
    GradePermission.CORRECT: ((quality, is_published),),
    GradePermission.READ_CORRECTION: ((bureau,), (watchers,), (is_announced_correction,)),
    GradePermission.CONFIRM_CORRECTION: ((publishers, not_its_proposer, did_not_score_corrected),),
    GradePermission.READ_RECORD: ((bureau,), (watchers,), (of_graded_agency, is_published)),
}
