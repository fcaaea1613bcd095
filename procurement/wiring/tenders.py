"""What tenders and notices announce to the house; called from the package's `register(app)`."""

from __future__ import annotations

from flask import Flask


def register_tenders(app: Flask) -> None:
    """Add the pages, tasks, figures, search, timeline tags and navigation of tenders, notices and keys."""
    from core.events import subscribe
    from core.http.guard import Public
    from core.i18n import _l, _lp
    from core.identity.roles import Role
    from core.ports import AuditTag, NavigationEntry, PublicPage, registry
    from core.workflow import TransitionFired
    from procurement import search
    from procurement.notifications import tell_of_transition
    from procurement.permissions import PURCHASER_SIDE, TenderPermission
    from procurement.tasks.tenders import tender_figures, tender_tasks
    from procurement.views import criteria, keys, notices, tenders
    from procurement.wordings import announce_wordings, stage_of
    from projects.ports import add_project_actions

    announce_wordings()
    app.jinja_env.filters["stage"] = stage_of
    subscribe(TransitionFired, tell_of_transition)
    add_project_actions(search.project_purchase)
    registry.search(search.find_tenders)
    registry.tasks(tender_tasks)
    registry.figures(tender_figures)
    registry.navigate(
        NavigationEntry(
            "tenders.index",
            _lp("list", "采购项目"),
            "file-invoice",
            TenderPermission.BROWSE,
            order=21,
            roles=frozenset({*PURCHASER_SIDE, Role.OBSERVER, Role.PROCUREMENT_SUPERVISOR}),
        ),
        NavigationEntry(
            "notices.index",
            _l("公告"),
            "speakerphone",
            Public.READ,
            order=21,
            roles=frozenset({Role.AGENCY_MANAGER, Role.AGENCY_STAFF}),
        ),
    )
    registry.open_to_all(
        PublicPage(
            "notices.index", _l("公告"), _l("采购意向、采购、更正、结果和合同公告；任何供应商都可以参加。"), order=10
        ),
    )
    registry.explain(
        AuditTag("tender.draft", _l("起草采购项目")),
        AuditTag("tender.change", _l("修改采购文件")),
        AuditTag("tender.set_criteria", _l("修改评审因素")),
        AuditTag("tender.set_keyholders", _l("指定开标密钥持有人")),
        AuditTag("tender.register_key", _l("登记开标公钥")),
        AuditTag("tender.submit", _l("提交审批")),
        AuditTag("tender.send_back", _l("退回修改")),
        AuditTag("tender.publish", _l("批准并发布公告")),
        AuditTag("tender.register_notice", _l("登记指定媒体公告")),
        AuditTag("tender.open", _l("开标")),
        AuditTag("tender.cancel", _l("终止采购")),
    )
    for blueprint in (tenders.tenders, criteria.criteria, keys.keys, notices.notices):
        app.register_blueprint(blueprint)
