"""Consultations and negotiations for tests, with real sealed final offers."""

from __future__ import annotations

import base64
import io
import secrets
from datetime import timedelta
from decimal import Decimal

from core.documents.uploads import UploadSession
from core.unit_of_work import UnitOfWork
from procurement.models import Bid, FinalCall, FinalOffer
from procurement.queries.rounds import call_of
from procurement.queries.standings import seats_of
from procurement.sealing import BidManifest, NotAKeyholder, new_key, peel, seal
from procurement.services.committee import start_evaluation
from procurement.services.envelopes import recipients
from procurement.services.final_offers import PART, begin_final, final_shares, submit_final, turn_final
from procurement.services.rounds import call_final, record_round, talking_with
from procurement.services.scoring_sheets import declare
from procurement.states import Evaluation, Method
from tests.factories.awards import conforming, examined, with_committee
from tests.factories.bids import Scene, acting, opened_tender, shift_clock

BY_PRICE = {"evaluation": Evaluation.LOWEST_PRICE, "price_weight": Decimal(100)}


def in_talks(uow: UnitOfWork, method: Method = Method.CONSULTATION, prices=("168000", "156000", "172000")) -> Scene:
    """A consultation or negotiation whose group has judged conformity."""
    values = BY_PRICE if method is Method.NEGOTIATION else {}
    scene = opened_tender(uow, prices, method=method, **values)
    with_committee(uow, examined(uow, scene.tender), 3)
    return judged(uow, scene)


def talked(uow: UnitOfWork, scene: Scene, rounds: int = 1) -> Scene:
    """Hold so many rounds with everybody."""
    officer = acting(uow, scene.officer)
    for number in range(rounds):
        for bid in talking_with(officer, scene.tender):
            record_round(officer, bid, f"第{number + 1}轮：讨论样本量、进度和人员，未透露其他供应商信息")
    return scene


def called(uow: UnitOfWork, scene: Scene, **values) -> FinalCall:
    """Call for final offers, due in an hour."""
    officer = acting(uow, scene.officer)
    return call_final(officer, scene.tender, officer.now + timedelta(hours=1), **values)


def final_envelope(bid: Bid, price: str, part: str = PART, bidder: str = "") -> bytes:
    """Seal a final offer as the browser does."""
    tender = bid.tender
    manifest = BidManifest(
        tender=str(tender.id),
        lot=str(bid.lot_id),
        notice=tender.record_hash or "",
        bidder=bidder or str(bid.bidder_id),
        nonce=secrets.token_hex(16),
        opening_sheet={"price": price, "currency": "CNY"},
        files=(),
        part=part,
    )
    target = io.BytesIO()
    seal(
        manifest,
        [],
        target,
        keyholders=recipients(tender),
        needed=tender.keyholders_needed,
        bidder=new_key().recipient,
    )
    return target.getvalue()


def offered(uow: UnitOfWork, scene: Scene, number: int, price: str, **values) -> FinalOffer:
    """Hand in a final offer for the bid of this number."""
    actor, bid = acting(uow, scene.bidders[number]), scene.bids[number]
    sha256, size = uow.house.store.put(io.BytesIO(final_envelope(bid, price, **values)))
    upload = actor.add(
        UploadSession(
            user_id=actor.actor.user_id,
            name="final.age",
            size=size,
            received=size,
            sha256=sha256,
            started_at=actor.clock.wall,
            claimed_at=None,
        )
    )
    actor.session.flush()
    return submit_final(actor, bid, upload_id=upload.id, sha256=sha256)


def opened_finals(uow: UnitOfWork, scene: Scene, places=(0, 1)) -> FinalCall:
    """Pass the deadline and open the final offers by the keyholders at these places."""
    call = call_of(uow, scene.tender)
    shift_clock(uow, timedelta(hours=1, minutes=1))
    assert begin_final(acting(uow, scene.officer), call)
    for place in places:
        holder, key = scene.tender.keyholders[place], scene.keys[place]
        actor = acting(uow, scene.holders[place])
        material = {
            (str(one.paper.id), one.subset): peeled(one.material, key) for one in final_shares(actor, call, holder)
        }
        turn_final(actor, call, holder, material)
    return call


def peeled(material: bytes, key) -> str | None:
    """One layer off, or None where the key does not fit."""
    try:
        return base64.b64encode(peel(material, key)).decode()
    except NotAKeyholder:
        return None


def judged(uow: UnitOfWork, scene: Scene) -> Scene:
    """Begin the evaluation and judge conformity."""
    conforming(uow, started(uow, scene))
    return scene


def started(uow: UnitOfWork, scene: Scene):
    """Begin the evaluation with the seated group, every member declared."""
    start_evaluation(acting(uow, scene.officer), scene.tender)
    for seat in seats_of(uow, scene.tender):
        declare(acting(uow, seat.user), seat)
    return scene.tender
