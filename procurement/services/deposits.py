"""Paying bid deposits back to those who paid them, as their sealed statements say (R-TENDER-08)."""

from __future__ import annotations

import uuid
from collections.abc import Collection

from core.errors import Forbidden, Refusal, Refused
from core.i18n import _l
from core.notifications.send import NotificationKind, notify
from core.permissions import policy
from core.unit_of_work import UnitOfWork
from procurement.models import DepositRefund, Tender
from procurement.permissions import ContractPermission
from procurement.queries.deposits import deposits_of

REFUNDED = NotificationKind(
    "deposit.refunded",
    _l("保证金已退还：%(tender)s"),
    _l("《%(tender)s》的保证金 %(amount)s 元已按贵单位投标（响应）时声明的付款账户退还。"),
)


def refund_deposits(uow: UnitOfWork, tender: Tender, bids: Collection[uuid.UUID]) -> int:
    """Note that the deposits of these bids went back to whom their statements name; return how many were noted now.

    Raises `Forbidden`, or `Refused` where no deposit was asked for or none of these is still held.
    """
    decision = policy.decide(uow.actor, ContractPermission.REFUND, tender)
    if not decision:
        raise Forbidden(decision.reason)
    if tender.deposit <= 0:
        raise Refused(Refusal(_l("本项目没有收取投标保证金"), rule_id="R-TENDER-08"))
    uow.lock(tender)
    chosen = [one for one in deposits_of(uow, tender) if one.bid.id in bids and one.refund is None]
    if not chosen:
        raise Refused(Refusal(_l("请选择尚未登记退还的投标人"), rule_id="R-TENDER-08", field="bids"))
    for one in chosen:
        uow.add(
            DepositRefund(
                bid_id=one.bid.id,
                refunded_at=uow.now,
                recorded_by_id=uow.actor.user_id,
                amount=one.amount,
                means=one.means,
                payer=one.payer,
                bank=one.bank,
                account=one.account,
            )
        )
        uow.session.flush()
        uow.record("bid.refund_deposit", one.bid, about=(tender,), after={"amount": str(one.amount)})
        params = {"tender": tender.title, "amount": f"{one.amount:,.2f}"}
        notify(uow, REFUNDED, [one.bid.submitted_by_id], url=f"/bids/{one.bid.id}", params=params)
    return len(chosen)
