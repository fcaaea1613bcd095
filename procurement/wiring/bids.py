"""What bidding and the opening announce to the house; called from the package's `register(app)`."""

from __future__ import annotations

from flask import Flask


def register_bids(app: Flask) -> None:
    """Add the pages, documents, timeline tags and navigation of bids and openings."""
    from core.i18n import _l
    from core.identity.roles import Role
    from core.ports import AuditTag, NavigationEntry, registry
    from procurement.permissions import TenderPermission
    from procurement.queries.bids import may_read_document, sealed_since
    from procurement.tasks.bids import bid_tasks
    from procurement.tasks.drills import drill_tasks
    from procurement.views import bids, hall, openings

    registry.seal(sealed_since)
    registry.owns_documents("bid", may_read_document)
    registry.tasks(bid_tasks)
    registry.tasks(drill_tasks)
    registry.navigate(
        NavigationEntry("bids.index", _l("我的投标"), "lock", TenderPermission.BROWSE_BIDS, order=22),
        NavigationEntry(
            "openings.index",
            _l("开标"),
            "lock-open",
            TenderPermission.BROWSE,
            order=24,
            roles=frozenset({Role.KEYHOLDER, Role.OBSERVER, Role.PROCUREMENT_SUPERVISOR}),
        ),
    )
    registry.explain(
        AuditTag("bid.submit", _l("递交密封投标")),
        AuditTag("bid.supersede", _l("以新投标替换")),
        AuditTag("bid.withdraw", _l("撤回投标")),
        AuditTag("bid.open", _l("投标已开启")),
        AuditTag("bid.reject", _l("投标无法开启")),
        AuditTag("opening.begin", _l("宣布开标")),
        AuditTag("opening.turn", _l("密钥持有人解封投标")),
        AuditTag("opening.finish", _l("投标全部开启，公布开标一览表")),
        AuditTag("opening.close", _l("开标会结束，形成开标记录")),
        AuditTag("opening.report_absence", _l("登记密钥持有人不能到场")),
        AuditTag("opening.confirm_absence", _l("核实确认密钥持有人不能到场")),
        AuditTag("opening.end_absence", _l("撤销密钥持有人不能到场的登记")),
        AuditTag("opening.propose_postponement", _l("提出开标延期")),
        AuditTag("opening.drop_postponement", _l("撤回开标延期")),
        AuditTag("opening.postpone", _l("确认开标延期，通知投标人")),
        AuditTag("opening.answer", _l("答复开标异议")),
        AuditTag("tender.drill", _l("密钥持有人演练解封通过")),
        AuditTag("bid.attend", _l("签到参加开标")),
        AuditTag("bid.object", _l("提出开标异议")),
    )
    app.register_blueprint(bids.bids)
    app.register_blueprint(openings.openings)
    app.register_blueprint(hall.hall)
