"""The report's and the score's lines on an engagement's page."""

from __future__ import annotations

from collections.abc import Iterable

from flask import url_for

from agencies.models import Engagement
from agencies.permissions import AgencyPermission
from agencies.ports import Section
from agencies.states import EngagementState
from core.i18n import Text, _l
from core.permissions import policy
from core.unit_of_work import UnitOfWork
from grading.permissions import SubmissionPermission
from grading.queries import score_of, standing_submission
from grading.states import SubmissionState

NOTES: dict[SubmissionState, Text] = {
    SubmissionState.RECEIVED: _l("已收到，正在自动读取和核查。"),
    SubmissionState.UNREADABLE: _l("报告无法读取，请机构重新提交。"),
    SubmissionState.CHECKED: _l("核查完成，等待质量管理人员处置疑点。"),
    SubmissionState.DISPOSED: _l("疑点已处置，可以评分。"),
    SubmissionState.SUPERSEDED: _l("已有新版本。"),
}


def report_sections(uow: UnitOfWork, engagement: Engagement) -> Iterable[Section]:
    """Yield where the report and its score stand, with what the reader may do next."""
    submission = standing_submission(uow, engagement.id)
    may_deliver = policy.allows(uow.actor, AgencyPermission.DELIVER, engagement) and engagement.state in (
        EngagementState.EVALUATING,
        EngagementState.DELIVERED,
    )
    deliver = url_for("submissions.new", engagement_id=engagement.id)
    if submission is None:
        action = (_l("提交报告"), deliver) if may_deliver else None
        yield Section(_l("评价报告"), _l("指标体系同意后由机构提交（DOCX 或 PDF）。"), action=action, order=30)
        return
    if not policy.allows(uow.actor, SubmissionPermission.READ, submission):
        yield Section(_l("评价报告"), _l("机构已提交报告。"), order=30)
        return
    page = url_for("submissions.show", submission_id=submission.id)
    again = (_l("提交新版本"), deliver) if may_deliver else None
    yield Section(_l("评价报告"), NOTES[submission.state], page, submission.state, again, order=30)
    score = score_of(uow, engagement.id)
    page = url_for("scores.show", submission_id=submission.id)
    if score is not None:
        yield Section(_l("任务得分"), _l("%(score)s 分，评价委托已办结。", score=score.score), page, order=40)
    elif submission.state is SubmissionState.DISPOSED:
        rate = policy.allows(uow.actor, SubmissionPermission.RATE, submission)
        yield Section(
            _l("任务得分"),
            _l("由项目单位、财政局和专家分别评分。"),
            page,
            action=(_l("评分"), page) if rate else None,
            order=40,
        )
