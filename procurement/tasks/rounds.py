"""What waits for whom in rounds and with final offers."""

from __future__ import annotations

from collections.abc import Iterator

from flask import url_for
from sqlalchemy import select

from core.i18n import _l
from core.identity.roles import Role
from core.permissions import policy
from core.ports import Task
from core.unit_of_work import UnitOfWork
from procurement.models import Bid, FinalCall, FinalOffer, Keyholder, Tender
from procurement.permissions import BIDDER_SIDE, RoundPermission
from procurement.queries.agents import purview
from procurement.queries.rounds import STANDING
from procurement.states import BidState, TenderState


def round_tasks(uow: UnitOfWork) -> Iterator[Task]:
    """Yield final offers to hand in, to begin opening, and to unseal."""
    if uow.actor.user_id is None:
        return
    running = (
        select(FinalCall, Tender)
        .join(Tender, Tender.id == FinalCall.tender_id)
        .where(FinalCall.finished_at.is_(None), Tender.state == TenderState.UNDER_EVALUATION)
        .order_by(FinalCall.deadline)
    )
    own = uow.actor.organisations_as(*BIDDER_SIDE)
    if own:
        offered = select(FinalOffer.bid_id).where(FinalOffer.state.in_(STANDING))
        waiting = running.add_columns(Bid.id).join(Bid, Bid.tender_id == Tender.id)
        waiting = waiting.where(
            Bid.bidder_id.in_(own),
            Bid.state == BidState.OPENED,
            Bid.id.not_in(offered),
            FinalCall.deadline > uow.now,
        )
        for call, tender, bid_id in uow.session.execute(waiting):
            url = url_for("rounds.offer", bid_id=bid_id)
            yield Task(_l("提交最后报价"), tender.title, url, due_at=call.deadline, rule_id="R-NEG-01")
    if uow.actor.has(Role.PROCUREMENT_OFFICER, Role.AGENT_OFFICER):
        for call, tender in uow.session.execute(
            running.where(FinalCall.begun_at.is_(None), FinalCall.deadline <= uow.now, purview(uow.actor))
        ):
            if not policy.allows(uow.actor, RoundPermission.OPEN_FINAL, tender):
                continue
            url = url_for("rounds.show", tender_id=tender.id)
            yield Task(_l("开启最后报价"), tender.title, url, due_at=call.deadline, rule_id="R-OPEN-07")
    if uow.actor.has(Role.KEYHOLDER):
        held = running.join(Keyholder, Keyholder.tender_id == Tender.id).where(
            Keyholder.user_id == uow.actor.user_id, FinalCall.begun_at.is_not(None)
        )
        for call, tender in uow.session.execute(held):
            url = url_for("rounds.ceremony", call_id=call.id)
            yield Task(_l("使用密钥开启最后报价"), tender.title, url, due_at=call.deadline, rule_id="R-KEY-01")
