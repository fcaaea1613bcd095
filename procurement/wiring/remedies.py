"""What inquiries and challenges announce to the house; called from the package's `register(app)`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from flask import Flask

if TYPE_CHECKING:
    from core.unit_of_work import UnitOfWork
    from procurement.models import Tender
    from procurement.tender_page import Part


def register_remedies(app: Flask) -> None:
    """Add pages, documents, tasks, suspensions, timeline tags and navigation of inquiries and challenges."""
    from core.events import subscribe
    from core.i18n import _l
    from core.ports import AuditTag, NavigationEntry, PublicPage, registry
    from core.workflow import TransitionFired
    from procurement.permissions import BIDDER_SIDE, PURCHASER_SIDE, RemedyPermission
    from procurement.queries.remedies import (
        challenge_suspensions,
        may_read_challenge_document,
        may_read_inquiry_document,
    )
    from procurement.services.challenges import after_withdrawal
    from procurement.suspensions import add_suspensions
    from procurement.tasks.remedies import remedy_tasks
    from procurement.tender_page import add_tender_parts
    from procurement.views import challenges, inquiries, remedies

    subscribe(TransitionFired, after_withdrawal)
    add_suspensions(challenge_suspensions)
    add_tender_parts(remedy_part)
    registry.tasks(remedy_tasks)
    registry.owns_documents("challenge", may_read_challenge_document)
    registry.owns_documents("inquiry", may_read_inquiry_document)
    registry.navigate(
        NavigationEntry(
            "remedies.challenges",
            _l("询问和质疑"),
            "message-question",
            RemedyPermission.BROWSE,
            order=28,
            roles=frozenset({*PURCHASER_SIDE, *BIDDER_SIDE}),
        )
    )
    registry.open_to_all(
        PublicPage("remedies.decisions", _l("质疑答复结果"), _l("每件质疑的答复结论和处理措施。"), order=25)
    )
    registry.explain(
        AuditTag("inquiry.ask", _l("提出询问")),
        AuditTag("inquiry.answer", _l("答复询问")),
        AuditTag("inquiry.withdraw", _l("撤回询问")),
        AuditTag("inquiry.judge", _l("认定对中标结果的影响")),
        AuditTag("challenge.file", _l("提出质疑")),
        AuditTag("challenge.register", _l("登记书面质疑函")),
        AuditTag("challenge.draft", _l("提交答复稿")),
        AuditTag("challenge.send_back", _l("退回重拟")),
        AuditTag("challenge.reject", _l("签发不予受理通知")),
        AuditTag("challenge.dismiss", _l("签发答复：质疑不成立")),
        AuditTag("challenge.uphold", _l("签发答复：质疑成立")),
        AuditTag("challenge.remedy", _l("处理措施已落实")),
        AuditTag("challenge.withdraw", _l("撤回质疑")),
        AuditTag("challenge.judge", _l("认定对中标结果的影响")),
    )
    for blueprint in (remedies.remedies, inquiries.inquiries, challenges.challenges):
        app.register_blueprint(blueprint)


def remedy_part(uow: UnitOfWork, tender: Tender) -> Iterable[Part]:
    """Yield the line of inquiries and challenges on a tender's page, with what is open and what it suspends."""
    from flask import url_for

    from core.i18n import _l
    from core.permissions import policy
    from procurement.permissions import RemedyPermission, SupervisionPermission
    from procurement.queries.remedies import OPEN_CHALLENGES, cases_of
    from procurement.states import InquiryState
    from procurement.suspensions import suspensions
    from procurement.tender_page import Part

    if tender.published_at is None or not policy.allows(uow.actor, RemedyPermission.BROWSE):
        return
    inquiries, challenges = cases_of(uow, tender)
    waiting = sum(one.state is InquiryState.ASKED for one in inquiries)
    waiting += sum(one.state in OPEN_CHALLENGES for one in challenges)
    stopped = suspensions(uow, tender)
    note = _l("没有未办结的询问和质疑")
    if stopped:
        note = _l("%(count)s 件未办结；合同暂停签订和履行（R-SUSP-01）", count=waiting)
    elif waiting:
        note = _l("%(count)s 件未办结", count=waiting)
    url = url_for("remedies.of_tender", tender_id=tender.id)
    yield Part(_l("询问和质疑"), note, url, order=70)
    if tender.opened_at is not None and policy.allows(uow.actor, SupervisionPermission.READ_RELATIONS):
        words = _l("单位负责人相同、控股或者管理关系的投标人不能同时通过资格审查（R-TENDER-16）")
        yield Part(_l("供应商关联关系"), words, url_for("supplier_records.index"), order=71)
