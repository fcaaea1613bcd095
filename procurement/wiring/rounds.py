"""What invitations, rounds and final offers announce to the house; called from the package's `register(app)`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from flask import Flask

if TYPE_CHECKING:
    from core.documents.models import Document
    from core.unit_of_work import UnitOfWork
    from procurement.models import Tender
    from procurement.tender_page import Part


def register_rounds(app: Flask) -> None:
    """Add the pages, tasks, documents, timeline tags and lines of the tender's page."""
    from core.i18n import _l
    from core.ports import AuditTag, registry
    from procurement.tasks.rounds import round_tasks
    from procurement.tender_page import add_tender_parts
    from procurement.views import rounds, supplier_invitations

    add_tender_parts(method_parts)
    registry.tasks(round_tasks)
    registry.owns_documents("final_offer", may_read_offer)
    registry.explain(
        AuditTag("tender.lock_candidates", _l("锁定候选供应商名单")),
        AuditTag("tender.draw_suppliers", _l("抽取被邀请的供应商")),
        AuditTag("tender.recommend", _l("推荐供应商")),
        AuditTag("round.record", _l("记录一轮磋商谈判")),
        AuditTag("round.change", _l("书面修改要求")),
        AuditTag("final.call", _l("通知提交最后报价")),
        AuditTag("final.begin", _l("开启最后报价")),
        AuditTag("final.turn", _l("密钥持有人解封最后报价")),
        AuditTag("final.finish", _l("最后报价开启完毕")),
        AuditTag("final.read", _l("下载最后报价开启记录")),
        AuditTag("bid.final_price", _l("最后报价替代首次报价")),
    )
    for blueprint in (supplier_invitations.supplier_invitations, rounds.rounds):
        app.register_blueprint(blueprint)


def method_parts(uow: UnitOfWork, tender: Tender) -> Iterable[Part]:
    """Yield the lines that only some methods have: whom it invites, its rounds, the ceremony of final offers."""
    from flask import url_for

    from core.i18n import _l
    from core.permissions import policy
    from procurement.methods import CALL_OFFS, rules_of
    from procurement.permissions import RoundPermission, TenderPermission
    from procurement.queries.rounds import call_of
    from procurement.states import Method
    from procurement.tender_page import Part

    rules = rules_of(tender)
    may_invite = rules.by_envelope and tender.method not in (Method.OPEN_TENDER, Method.FRAMEWORK, *CALL_OFFS)
    if may_invite and policy.allows(uow.actor, TenderPermission.DRAW_SUPPLIERS, tender):
        count = len(tender.invitations)
        note = _l("已邀请 %(count)s 家供应商", count=count) if count else _l("随机抽取或者书面推荐；不邀请的公开征集")
        url = url_for("supplier_invitations.show", tender_id=tender.id)
        yield Part(_l("邀请供应商"), note, url, order=12)
    if not rules.rounds or tender.opened_at is None:
        return
    if policy.allows(uow.actor, RoundPermission.READ, tender):
        url = url_for("rounds.show", tender_id=tender.id)
        yield Part(_l("磋商谈判和最后报价"), _l("分别进行、轮次相同；最后报价密封，另行开启"), url, order=31)
    call = call_of(uow, tender)
    if call is not None and policy.allows(uow.actor, RoundPermission.TURN_KEY_FINAL, call):
        url = url_for("rounds.ceremony", call_id=call.id)
        yield Part(_l("开启最后报价"), _l("使用本人的密钥"), url, order=32)


def may_read_offer(uow: UnitOfWork, document: Document) -> bool:
    """A sealed final offer is its supplier's own."""
    from core.permissions import policy
    from procurement.models import FinalOffer
    from procurement.permissions import RoundPermission

    offer = uow.get(FinalOffer, document.owner_id)
    return offer is not None and policy.allows(uow.actor, RoundPermission.REPLACE_FINAL, offer)
