"""Delivered reports, their findings and letters, batches of checks and the model that ranks findings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from core.identity.roles import Role

if TYPE_CHECKING:
    from flask import Flask

    from core.identity.actor import Actor

READERS = frozenset({Role.QUALITY_OFFICER, Role.AGENCY_MANAGER, Role.AGENCY_STAFF, Role.UNIT_OFFICER})
"""Whose navigation shows the reports."""


def sees_findings(actor: Actor, subject: Any) -> bool:
    """What became of findings is for the bureau and the agency; others' timelines leave it out."""
    from agencies.models import Engagement
    from agencies.permissions import of_its_agency
    from core.permissions import policy
    from grading.models import Submission
    from grading.permissions import SubmissionPermission
    from grading.queries import BUREAU

    if isinstance(subject, Engagement):
        return actor.has(*BUREAU) or of_its_agency.holds(actor, subject)
    return not isinstance(subject, Submission) or policy.allows(actor, SubmissionPermission.READ_FINDINGS, subject)


def register(app: Flask) -> None:
    """Announce everything about reports."""
    from agencies.ports import add_engagement_sections
    from core.events import subscribe
    from core.i18n import _l
    from core.ports import AuditTag, NavigationEntry, registry
    from core.workflow import TransitionFired
    from grading import jobs, search, sections, tasks
    from grading.events import BatchMade, ReportDelivered, TrainingAsked
    from grading.permissions import SubmissionPermission
    from grading.services.disposal import tell_parties
    from grading.views import (
        check_batches,
        findings,
        report_pages,
        report_questions,
        report_versions,
        submissions,
        triage_models,
    )

    subscribe(ReportDelivered, jobs.enqueue_check)
    subscribe(BatchMade, jobs.enqueue_batch)
    subscribe(TrainingAsked, jobs.enqueue_training)
    subscribe(TransitionFired, tell_parties)
    add_engagement_sections(sections.report_sections)
    registry.tasks(tasks.report_tasks)
    registry.figures(tasks.report_figures)
    registry.search(search.find_reports)
    registry.owns_documents("submission", submissions.may_read_document)
    registry.owns_documents("check_batch", check_batches.may_read_file)
    registry.owns_documents("question_letter", report_questions.may_read_letter)
    registry.navigate(
        NavigationEntry(
            "submissions.index", _l("报告核查"), "file-search", SubmissionPermission.BROWSE, order=34, roles=READERS
        )
    )
    registry.explain(
        AuditTag("submission.deliver", _l("提交评价报告")),
        AuditTag("submission.check", _l("自动核查完成"), sees_findings),
        AuditTag("submission.fail", _l("报告无法读取")),
        AuditTag("submission.retry", _l("重新读取报告")),
        AuditTag("submission.dispose", _l("疑点处置完成"), sees_findings),
        AuditTag("submission.reopen", _l("重新处置疑点"), sees_findings),
        AuditTag("submission.supersede", _l("由新版本取代")),
        AuditTag("question_letter.send", _l("发出询问函"), sees_findings),
        AuditTag("question_letter.answer", _l("机构答复询问函"), sees_findings),
        AuditTag("question_letter.correct", _l("机构提交修改版"), sees_findings),
        AuditTag("submission.recheck", _l("重新核查"), sees_findings),
        AuditTag("check_batch.make", _l("批量核查")),
        AuditTag("triage_version.ask", _l("要求重新训练核查模型")),
        AuditTag("triage_version.train", _l("重新训练核查模型")),
        AuditTag("triage_version.use", _l("启用核查模型的一个版本")),
        AuditTag("report_finding.withdraw", _l("复查未再发现")),
        AuditTag("report_finding.uphold", _l("疑点成立")),
        AuditTag("report_finding.dismiss", _l("疑点不成立")),
    )
    for blueprint in (
        submissions.submissions,
        findings.findings,
        report_pages.report_pages,
        report_questions.report_questions,
        report_versions.report_versions,
        triage_models.triage_models,
        check_batches.check_batches,
    ):
        app.register_blueprint(blueprint)
