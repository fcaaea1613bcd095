"""What draws from the bureau's own pool announce to the house; called from the package's `register(app)`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from flask import Flask

if TYPE_CHECKING:
    from core.unit_of_work import UnitOfWork
    from procurement.models import Tender
    from procurement.tender_page import Part


def register_pool_draws(app: Flask) -> None:
    """Add the pages, tasks, documents and timeline tags, and what follows from other events."""
    from core.events import subscribe
    from core.i18n import _l
    from core.ports import AuditTag, registry
    from core.workflow import TransitionFired
    from experts.ports import hold_draws_for
    from experts.views.linked import answer_by_link
    from procurement.archive_sources import add_archive_source
    from procurement.queries.pool_draw import may_read_consent
    from procurement.services.pool_draw import call_occasion
    from procurement.services.pool_invitations import follow_seat, look_again_after_opening
    from procurement.services.pool_papers import archived_draws
    from procurement.tasks.pool_draw import pool_draw_tasks
    from procurement.tender_page import add_tender_parts
    from procurement.views import committee_calls, committee_invitations, pool_draw
    from procurement.wiring.awards import purchaser_sees

    hold_draws_for("committee_call", call_occasion)
    answer_by_link("committee_invitee", committee_invitations.linked_invitee)
    subscribe(TransitionFired, follow_seat)
    subscribe(TransitionFired, look_again_after_opening)
    add_tender_parts(committee_parts)
    add_archive_source(archived_draws)
    registry.tasks(pool_draw_tasks)
    registry.owns_documents("committee_call", may_read_consent)
    registry.explain(
        AuditTag("committee_call.plan", _l("拟定评审专家抽取"), visible=purchaser_sees),
        AuditTag("committee_call.lock", _l("锁定评审专家抽取方案"), visible=purchaser_sees),
        AuditTag("committee_call.invite", _l("抽出评审专家，发出邀请"), visible=purchaser_sees),
        AuditTag("committee_call.cancel", _l("取消评审专家抽取"), visible=purchaser_sees),
        AuditTag("committee_invitee.invite", _l("邀请评审专家"), visible=purchaser_sees),
        AuditTag("committee_invitee.accept", _l("评审专家接受邀请"), visible=purchaser_sees),
        AuditTag("committee_invitee.decline", _l("评审专家谢绝邀请"), visible=purchaser_sees),
        AuditTag("committee_invitee.recuse", _l("评审专家回避"), visible=purchaser_sees),
        AuditTag("committee_invitee.lapse", _l("评审专家逾期未答复"), visible=purchaser_sees),
        AuditTag("committee_invitee.replace", _l("评审专家由候补递补"), visible=purchaser_sees),
    )
    for blueprint in (
        pool_draw.pool_draws,
        committee_calls.committee_calls,
        committee_invitations.committee_invitations,
    ):
        app.register_blueprint(blueprint)


def committee_parts(uow: UnitOfWork, tender: Tender) -> Iterable[Part]:
    """Yield the line under which a committee is made up before the bids are open."""
    from flask import url_for

    from core.i18n import _l
    from core.permissions import policy
    from procurement.drafting.requirement import is_statutory
    from procurement.methods import rules_of
    from procurement.permissions import TenderPermission
    from procurement.queries.pool_draw import calls_of
    from procurement.states import TenderState
    from procurement.tender_page import Part

    if tender.state is not TenderState.PUBLISHED or rules_of(tender).committee is None:
        return
    if not policy.allows(uow.actor, TenderPermission.SEAT, tender):
        return
    url = url_for("committee.show", tender_id=tender.id)
    calls = calls_of(uow, tender)
    if calls:
        own = url_for("pool_draws.show", tender_id=tender.id)
        yield Part(
            _l("评标委员会"), _l("本局专家库抽取 %(number)s", number=calls[0].number), own, calls[0].state, order=30
        )
    elif is_statutory(uow, tender):
        yield Part(_l("评标委员会"), _l("录入省级专家库的抽取结果"), url, order=30)
    else:
        yield Part(_l("评标委员会"), _l("限额标准以下，可以从本局专家库抽取"), url, order=30)
