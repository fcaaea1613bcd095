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
    from agencies.ports import explain_grades_at
    from core.events import subscribe
    from core.i18n import _l
    from core.ports import AuditTag, NavigationEntry, registry
    from grading import jobs, tasks
    from grading.events import CycleAnnounced, CyclePublished
    from grading.permissions import GradePermission
    from grading.views import appeals, cycle_course, cycles, entries, grades, rules, what_if

    explain_grades_at(grades.address_of)
    subscribe(CycleAnnounced, jobs.enqueue_telling)
    subscribe(CyclePublished, jobs.enqueue_telling)
    registry.tasks(tasks.grade_tasks)
    registry.owns_documents("grade_appeal", appeals.may_read_evidence)
    registry.navigate(
        NavigationEntry("cycles.index", _l("机构评级"), "award", GradePermission.BROWSE, order=36, roles=GRADERS)
    )
    registry.explain(
        AuditTag("grading_cycle.compute", _l("测算年度评级")),
        AuditTag("grading_cycle.announce", _l("评级表送机构征求意见")),
        AuditTag("grading_cycle.recall", _l("撤回征求意见")),
        AuditTag("cycle_entry.agree", _l("机构确认没有异议")),
        AuditTag("grade_appeal.file", _l("机构提出评级申诉")),
        AuditTag("grade_appeal.state", _l("评分人员说明情况")),
        AuditTag("grade_appeal.uphold", _l("评级申诉成立")),
        AuditTag("grade_appeal.uphold_part", _l("评级申诉部分成立")),
        AuditTag("grade_appeal.lapse", _l("评级申诉随征求意见撤回")),
        AuditTag("grade_appeal.reject", _l("评级申诉不成立")),
        AuditTag("grading_cycle.drop", _l("作废年度评级测算")),
        AuditTag("grading_cycle.publish", _l("公布年度评级")),
    )
    for blueprint in (
        cycles.cycles,
        cycle_course.course,
        rules.grading_rules,
        entries.entries,
        appeals.appeals,
        what_if.trials,
        grades.grades,
    ):
        app.register_blueprint(blueprint)
