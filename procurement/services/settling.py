"""When an opening is at its end: envelopes that nobody present can open, the read-out, the failure for want of keys.

An envelope counts as corrupt only after every subset of the keyholders who can still come has failed; each attempt is
kept one by one, with the hash of the layer that was handed out and what came of it.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from core.i18n import _l
from core.jobs import defer, job
from core.notifications.send import NotificationKind, notify
from core.unit_of_work import UnitOfWork
from core.wording import spoken
from procurement.models import Bid, Opening, Tender
from procurement.queries.openings import (
    Progress,
    absent_keyholders,
    bids_to_open,
    given_shares,
    progress_of,
)
from procurement.services.envelopes import header_of
from procurement.services.unsealing import ALL_TRIED, hopeless, proof_of
from procurement.states import BidState
from procurement.wordings import wording_of
from procurement.workflow import BID, TENDER

OPENED = NotificationKind(
    "opening.finished",
    _l("投标已经开启"),
    _l("《%(tender)s》的投标已开启，可在开标大厅查看开标一览表。对开标有异议的，请在散会之前当场提出。"),
)


def settle(uow: UnitOfWork, opening: Opening, tender: Tender) -> Progress:
    """Record what can no longer be opened and, with the last envelope, finish the unsealing; return how far it is."""
    bids = bids_to_open(uow, tender)
    _reject_hopeless(uow, tender, bids)
    progress = progress_of(bids)
    if progress.finished and opening.finished_at is None:
        _finish(uow, opening, tender, bids)
    return progress


def reject(uow: UnitOfWork, bid: Bid, failure: tuple[str, str, str], *, tried: Sequence[str]) -> None:
    """Record that a bid cannot be opened, with every subset that was tried and what each of its layers gave."""
    proof = proof_of(bid, failure, given_shares(uow, [bid]), tried)
    BID.fire(uow, bid, "reject", as_system=True, assign={"failure": proof}, detail={"tried": list(tried)})


def _reject_hopeless(uow: UnitOfWork, tender: Tender, bids: Sequence[Bid]) -> None:
    """Record each envelope that every subset which can still be had failed to open; with none left it only waits."""
    waiting = [bid for bid in bids if bid.state is BidState.SEALED]
    if not waiting:
        return
    given, gone = given_shares(uow, waiting), absent_keyholders(uow, tender)
    absent = {holder.position - 1 for holder in tender.keyholders if holder.id in gone}
    for bid in waiting:
        if tried := hopeless(header_of(uow, bid.sha256), bid, given, absent):
            reject(uow, bid, ALL_TRIED, tried=tried)


def _finish(uow: UnitOfWork, opening: Opening, tender: Tender, bids: Sequence[Bid]) -> None:
    opening.finished_at = uow.now
    TENDER.fire(uow, tender, "open", as_system=True)
    uow.session.flush()
    uow.record("opening.finish", opening, about=(tender,), detail={"bids": len(bids)})
    defer(uow, tell_bidders, tender_id=str(tender.id))


@job("opening.tell-bidders")
def tell_bidders(uow: UnitOfWork, tender_id: str) -> None:
    """Tell every bidder that the sheets are read out; the keyholder at the hall does not wait for two hundred mails."""
    tender = uow.get(Tender, uuid.UUID(tender_id))
    for bid in bids_to_open(uow, tender) if tender else []:
        with spoken(wording_of(bid.tender)):
            notify(
                uow, OPENED, [bid.submitted_by_id], url=f"/bids/{bid.id}/opening", params={"tender": bid.tender.title}
            )
