"""The report's and the score's lines on an engagement's page."""

from __future__ import annotations

from collections.abc import Iterable

from flask import url_for

from agencies.models import Engagement
from agencies.permissions import AgencyPermission
from agencies.ports import Section
from agencies.queries.following import is_followed
from agencies.states import EngagementState
from core.i18n import Text, _l
from core.permissions import policy
from core.unit_of_work import UnitOfWork
from grading.permissions import ArchivePermission, CommentPermission, SubmissionPermission
from grading.queries import score_of, standing_submission
from grading.queries.comment import has_final, last_round, letter_of
from grading.services.archives import archive_of
from grading.services.comments import party_of
from grading.services.report_path import next_step
from grading.states import ArchiveState, LetterStand, PathStep, ReportKind, RoundState, SubmissionState
from grading.workflow import commented, numbers_unanswered, parties_waited_for

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
    followed, step = is_followed(uow, engagement), next_step(uow, engagement)
    if followed:
        yield from _of_path(uow, engagement, step)
    if submission is None:
        words = step.label if followed else _l("提交报告")
        action = (words, deliver) if may_deliver else None
        yield Section(_l("评价报告"), _l("指标体系同意后由机构提交（DOCX 或 PDF）。"), action=action, order=30)
        return
    if not policy.allows(uow.actor, SubmissionPermission.READ, submission):
        yield Section(_l("评价报告"), _l("机构已提交报告。"), order=30)
        return
    page = url_for("submissions.show", submission_id=submission.id)
    again: tuple[Text, str] | None = None
    if may_deliver and followed:
        again = (step.label, deliver) if step is PathStep.FINAL else None
    elif may_deliver:
        again = (_l("提交新版本"), deliver)
    draft = submission.kind is ReportKind.DRAFT
    note = _l("征求意见稿第 %(version)s 版。", version=submission.version) if draft else NOTES[submission.state]
    yield Section(_l("评价报告"), note, page, submission.state, again, order=30)
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


def _of_path(uow: UnitOfWork, engagement: Engagement, step: PathStep) -> Iterable[Section]:
    """Yield how far the draft has come with its comments, and what the reader does next about them."""
    row = last_round(uow, engagement.id)
    page = url_for("report_comments.show", engagement_id=engagement.id)
    if row is None:
        yield Section(_l("报告意见和审核"), _l("初稿提交后，项目单位和财政局书面反馈意见。"), order=32)
        return
    if not policy.allows(uow.actor, CommentPermission.READ, row):
        yield Section(_l("报告意见和审核"), row.state.label, state=row.state, order=32)
        return
    action: tuple[Text, str] | None = None
    party = party_of(uow, row)
    letter = letter_of(uow, row, party) if party is not None else None
    if party is not None and row.state is RoundState.ASKING and (letter is None or letter.state is LetterStand.DRAFT):
        action = (_l("反馈意见"), page)
    elif step is PathStep.COMMENTS and policy.allows(uow.actor, CommentPermission.ANSWER, row):
        action = (_l("逐条答复意见"), page) if not parties_waited_for(uow, row) else None
    elif step is PathStep.REVIEW and policy.allows(uow.actor, CommentPermission.REVIEW, row):
        action = (_l("登记内部审核"), f"{page}#review")
    note = _l(
        "收到意见 %(count)s 条，未答复 %(left)s 条；反馈截止 %(due)s。",
        count=commented(uow, row),
        left=len(numbers_unanswered(uow, row)),
        due=row.due_on.isoformat(),
    )
    yield Section(_l("报告意见和审核"), note, page, row.state, action, order=32)


def archive_section(uow: UnitOfWork, engagement: Engagement) -> Iterable[Section]:
    """Yield where the archive stands, and filing it as the agency's last step."""
    if not is_followed(uow, engagement) or not policy.allows(uow.actor, ArchivePermission.READ, engagement):
        return
    archive = archive_of(uow, engagement)
    page = url_for("evaluation_archives.show", engagement_id=engagement.id)
    state = archive.state if archive is not None else ArchiveState.OPEN
    if state is ArchiveState.FILED:
        yield Section(_l("评价档案"), _l("三类材料已归档，清单和校验值已固定。"), page, state, order=45)
        return
    due = has_final(uow, engagement.id) and policy.allows(uow.actor, ArchivePermission.KEEP, engagement)
    action = (_l("整理并归档"), page) if due and engagement.state is EngagementState.DELIVERED else None
    note = _l("立项性、证明性、结论性三类材料；归档后才能办结。")
    yield Section(_l("评价档案"), note, page, state, action, order=45)
