"""A consultation of the demonstration waiting for its final offers: one has arrived, sealed, with its receipt."""

from __future__ import annotations

import io
import secrets
from datetime import timedelta
from decimal import Decimal

from sqlalchemy import select

from core.documents.uploads import UploadSession
from procurement.demonstration.tenders import World, acting
from procurement.models import Bid, FinalCall, FinalOffer
from procurement.sealing import BidManifest, new_key, seal
from procurement.services.envelopes import recipients
from procurement.services.final_offers import submit_final
from procurement.states import BidState


def populate_rounds(world: World) -> None:
    """Hand in the first supplier's final offer for each call that still runs."""
    for call in world.session.scalars(select(FinalCall).where(FinalCall.deadline > world.now)).all():
        bids = select(Bid).where(Bid.tender_id == call.tender_id, Bid.state == BidState.OPENED)
        bid = world.session.scalars(bids.order_by(Bid.arrived_at)).first()
        manager = next((one for one in world.managers if bid and one.id == bid.submitted_by_id), None)
        if bid is None or manager is None:
            continue
        with acting(world, manager, world.now - timedelta(minutes=20)) as uow:
            sealed = io.BytesIO(_sealed(bid))
            sha256, size = uow.house.store.put(sealed)
            upload = uow.add(
                UploadSession(
                    user_id=uow.actor.user_id,
                    name="final.age",
                    size=size,
                    received=size,
                    sha256=sha256,
                    started_at=uow.clock.wall,
                    claimed_at=None,
                )
            )
            uow.session.flush()
            submit_final(uow, bid, upload_id=upload.id, sha256=sha256)


def _sealed(bid: Bid) -> bytes:
    """Seal a final offer two per cent below the first, as the browser does."""
    price = ((bid.price or Decimal(0)) * Decimal("0.98")).quantize(Decimal(100))
    manifest = BidManifest(
        tender=str(bid.tender_id),
        lot=str(bid.lot_id),
        notice=bid.tender.record_hash or "",
        bidder=str(bid.bidder_id),
        nonce=secrets.token_hex(16),
        opening_sheet={"price": f"{price}.00", "currency": "CNY", "terms": "样本量增至五百份，工期不变"},
        files=(),
        part=FinalOffer.part,
    )
    target = io.BytesIO()
    seal(
        manifest,
        [],
        target,
        keyholders=recipients(bid.tender),
        needed=bid.tender.keyholders_needed,
        bidder=new_key().recipient,
    )
    return target.getvalue()
