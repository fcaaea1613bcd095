"""The end of the opening session: sheets read out, objections answered, and only then its record (R-OPEN-03)."""

from __future__ import annotations

from sqlalchemy import select

from core.errors import Forbidden, Refusal, Refused
from core.i18n import _l
from core.notifications.send import NotificationKind, notify
from core.permissions import policy
from core.unit_of_work import UnitOfWork
from procurement.models import Opening, Tender
from procurement.permissions import TenderPermission
from procurement.queries.openings import bids_to_open, objections_of, opening_of
from procurement.services.opening_records import make_records
from procurement.services.receiving import present

CLOSED = NotificationKind(
    "opening.closed",
    _l("开标会已结束，开标记录已形成"),
    _l("《%(tender)s》的开标会已结束，开标记录可以下载。未参加开标的，视同认可开标结果（R-OPEN-03）。"),
)


def closing_refusals(uow: UnitOfWork, tender: Tender) -> list[Refusal]:
    """Return what keeps the session from being closed: envelopes not yet unwrapped, objections not yet answered."""
    opening = opening_of(uow, tender)
    if opening is None or opening.finished_at is None:
        return [Refusal(_l("还有投标没有开启，开标会不能结束"), rule_id="R-OPEN-07")]
    if opening.closed_at is not None:
        return [Refusal(_l("开标会已经结束"), rule_id="R-OPEN-03")]
    waiting = [one for one in objections_of(uow, tender) if one.answered_at is None]
    if waiting:
        words = _l("还有 %(count)s 项异议没有答复，应当场答复", count=len(waiting))
        return [Refusal(words, rule_id="R-OPEN-03")]
    return []


def close_opening(uow: UnitOfWork, tender: Tender) -> Opening:
    """Close the session and write its record. Raises `Forbidden`, or `Refused` with what is still open."""
    decision = policy.decide(uow.actor, TenderPermission.OPEN, tender)
    if not decision:
        raise Forbidden(decision.reason)
    uow.lock(tender)
    if refusals := closing_refusals(uow, tender):
        raise Refused(*refusals)
    opening = uow.session.scalars(select(Opening).where(Opening.tender_id == tender.id)).one()
    bids = bids_to_open(uow, tender)
    # A clock that was set back meanwhile must not end the session before its last envelope was unwrapped.
    make_records(uow, opening, tender, bids, closed_at=max(present(uow), opening.finished_at or uow.now))
    uow.session.flush()
    uow.record("opening.close", opening, about=(tender,), detail={"bids": len(bids)})
    for bid in bids:
        notify(uow, CLOSED, [bid.submitted_by_id], url=f"/bids/{bid.id}/opening", params={"tender": tender.title})
    return opening
