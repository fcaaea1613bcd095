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
    from core.i18n import _l
    from core.ports import AuditTag, NavigationEntry, registry
    from grading import tasks
    from grading.permissions import GradePermission
    from grading.views import cycles, entries, grades, rules, what_if

    explain_grades_at(grades.address_of)
    registry.tasks(tasks.grade_tasks)
    registry.navigate(
        NavigationEntry("cycles.index", _l("机构评级"), "award", GradePermission.BROWSE, order=36, roles=GRADERS)
    )
    registry.explain(
        AuditTag("grading_cycle.compute", _l("测算年度评级")),
        AuditTag("grade_appeal.file", _l("机构提出评级申诉")),
        AuditTag("grade_appeal.uphold", _l("评级申诉成立")),
        AuditTag("grade_appeal.reject", _l("评级申诉不成立")),
        AuditTag("grading_cycle.drop", _l("作废年度评级测算")),
        AuditTag("grading_cycle.publish", _l("公布年度评级")),
    )
    for blueprint in (cycles.cycles, rules.grading_rules, entries.entries, what_if.trials, grades.grades):
        app.register_blueprint(blueprint)
