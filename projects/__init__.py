"""What is evaluated: the project library, the indicator library and indicator systems.

A project is spending that a budget unit answers for. The indicator library holds the common indicators (共性指标,
R-PERF-04). An indicator system is the set of indicators by which one project is evaluated; the agency draws it up,
`experts` reviews it and the bureau approves it (R-IND-01).
"""

from __future__ import annotations

from flask import Flask


def register(app: Flask) -> None:
    """Add the package's permissions, pages, search and navigation to the application."""
    from core.events import subscribe
    from core.i18n import _l
    from core.identity.roles import Role
    from core.permissions import policy
    from core.ports import AuditTag, NavigationEntry, registry
    from core.workflow import TransitionFired
    from projects import search
    from projects.permissions import LIBRARY_READERS, PROJECT_POLICY, ProjectPermission
    from projects.services.versions import keep_versions
    from projects.views import library, system_rounds, systems

    policy.extend(PROJECT_POLICY)
    subscribe(TransitionFired, keep_versions)
    registry.search(search.find_projects)
    registry.owns_documents("indicator_system", systems.may_read_document)
    registry.navigate(
        NavigationEntry(
            "projects.index",
            _l("项目库"),
            "folders",
            ProjectPermission.BROWSE,
            order=20,
            roles=frozenset(LIBRARY_READERS),
        ),
        NavigationEntry(
            "indicators.common",
            _l("指标库"),
            "list-tree",
            ProjectPermission.BROWSE,
            order=70,
            roles=frozenset(set(Role) - {Role.QUALITY_OFFICER}),
        ),
    )
    registry.explain(
        AuditTag("project.create", _l("项目入库")),
        AuditTag("project.change", _l("修改项目信息")),
        AuditTag("common_indicator.keep", _l("维护共性指标")),
        AuditTag("indicator_system.open", _l("建立指标体系")),
        AuditTag("indicator_system.change", _l("填写指标")),
        AuditTag("indicator_system.import", _l("导入指标")),
        AuditTag("indicator_system.submit", _l("提交指标体系")),
        AuditTag("indicator_system.start_review", _l("开始专家评审")),
        AuditTag("indicator_system.approve", _l("财政部门同意指标体系")),
        AuditTag("indicator_system.freeze", _l("审定的指标体系已冻结并归档")),
        AuditTag("indicator_system.send_back", _l("退回修改指标体系")),
        AuditTag("indicator_system.revise", _l("开始修改指标体系")),
    )
    app.register_blueprint(library.projects)
    app.register_blueprint(library.indicators)
    app.register_blueprint(systems.systems)
    app.register_blueprint(system_rounds.system_rounds)
