"""A year's grades: cycles, sheets, appeals, the rule sets and what others would make of the year."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.identity.roles import Role

if TYPE_CHECKING:
    from flask import Flask

GRADERS = frozenset({Role.QUALITY_OFFICER, Role.PROCUREMENT_APPROVER, Role.OBSERVER, Role.PROCUREMENT_SUPERVISOR})
"""Whose navigation shows the grades."""


def register(app: Flask) -> None:
    """Announce everything about grading cycles."""
    from agencies.events import GradeRecorded
    from agencies.ports import explain_grades_at, tell_grade_lines
    from core.events import subscribe
    from core.i18n import _l
    from core.ports import AuditTag, NavigationEntry, PublicPage, registry
    from grading import jobs, tasks
    from grading.events import CertificateEnded, CycleAnnounced, CycleAsked, CyclePublished, GradesLeft
    from grading.permissions import GradePermission
    from grading.queries.grade_lines import grade_lines
    from grading.services.certificates import end_outdated
    from grading.views import (
        appeals,
        check,
        corrections,
        cycle_course,
        cycle_runs,
        cycles,
        entries,
        grades,
        rules,
        what_if,
    )

    subscribe(CycleAsked, jobs.enqueue_computing)
    subscribe(GradesLeft, jobs.enqueue_recording)
    explain_grades_at(grades.address_of)
    tell_grade_lines(grade_lines)
    subscribe(CycleAnnounced, jobs.enqueue_telling)
    subscribe(CyclePublished, jobs.enqueue_telling)
    subscribe(CyclePublished, jobs.enqueue_certificates)
    subscribe(GradeRecorded, end_outdated)
    subscribe(CertificateEnded, jobs.enqueue_new_certificate)
    registry.tasks(tasks.grade_tasks)
    registry.owns_documents("grade_appeal", appeals.may_read_evidence)
    registry.owns_documents("grade_correction", corrections.may_read_notice)
    registry.owns_documents("grade_certificate", check.may_read_certificate)
    registry.open_to_all(
        PublicPage("grades.index", _l("年度评级公告"), _l("历年公布的机构等级、计算经过和公开记录。"), order=31),
        PublicPage("check.index", _l("评级证书核验"), _l("核对证书的真伪和是否仍然有效。"), order=32),
    )
    registry.navigate(
        NavigationEntry("cycles.index", _l("机构评级"), "award", GradePermission.BROWSE, order=36, roles=GRADERS)
    )
    registry.explain(
        AuditTag("grading_cycle.compute", _l("测算年度评级")),
        AuditTag("grading_cycle.announce", _l("评级表送机构征求意见")),
        AuditTag("grading_cycle.recall", _l("撤回征求意见")),
        AuditTag("cycle_entry.agree", _l("机构确认没有异议")),
        AuditTag("grading_cycle.give-up", _l("放弃年度评级测算")),
        AuditTag("grade_appeal.file", _l("机构提出评级申诉")),
        AuditTag("grade_appeal.state", _l("评分人员说明情况")),
        AuditTag("grade_appeal.uphold", _l("评级申诉成立")),
        AuditTag("grade_appeal.uphold_part", _l("评级申诉部分成立")),
        AuditTag("grade_appeal.lapse", _l("评级申诉随征求意见撤回")),
        AuditTag("grade_appeal.reject", _l("评级申诉不成立")),
        AuditTag("grade_correction.propose", _l("提出评级更正")),
        AuditTag("grade_correction.confirm", _l("评级已更正并公告")),
        AuditTag("grade_correction.decline", _l("评级不予更正")),
        AuditTag("grade_certificate.issue", _l("签发评级证书")),
        AuditTag("grade_certificate.end", _l("评级证书失效")),
        AuditTag("grading_cycle.drop", _l("作废年度评级测算")),
        AuditTag("grading_cycle.publish", _l("公布年度评级")),
    )
    for blueprint in (
        cycles.cycles,
        cycle_course.course,
        cycle_runs.cycle_runs,
        rules.grading_rules,
        entries.entries,
        appeals.appeals,
        what_if.trials,
        grades.grades,
        check.check,
        corrections.corrections,
    ):
        app.register_blueprint(blueprint)
