"""A review in whose bids signs of collusion were found: two written by one hand, two that share a public text."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from sqlalchemy import select

from core.clock import Clock, read_clock
from core.identity.actor import SYSTEM
from core.unit_of_work import UnitOfWork
from procurement.demonstration.signed_bids import FIRST, SECOND, SIGNED
from procurement.demonstration.tenders import World, acting
from procurement.models import Bid, Lot, LotProject, Tender
from procurement.queries.collusion import collusion_of
from procurement.queries.standings import seats_of
from procurement.services.bid_origins import keep_origin
from procurement.services.collusion import FindingEntry, record_finding, search
from procurement.services.red_flags import reckon
from procurement.states import Sign, SignExcuse, SignVerdict

ADDRESSES = ("101.80.12.41", "180.168.77.9", "180.168.77.9", "116.228.30.156")


def populate_collusion(world: World) -> None:
    """Compare the bids of that tender as the job does, let the chair explain one sign, and reckon the red flags."""
    tender = world.session.scalars(
        select(Tender)
        .join(Lot, Lot.tender_id == Tender.id)
        .join(LotProject, LotProject.lot_id == Lot.id)
        .where(LotProject.project_id == world.projects[SIGNED].id)
    ).first()
    if tender is not None and tender.opened_at is not None:
        opened = tender.opened_at
        with _as_system(world, opened + timedelta(hours=1)) as uow:
            bids = uow.session.scalars(select(Bid).where(Bid.tender_id == tender.id).order_by(Bid.arrived_at)).all()
            for place, bid in enumerate(bids):
                device = "shared" if place in (FIRST, SECOND) else f"own-{place}"
                keep_origin(uow, bid, address=ADDRESSES[place % len(ADDRESSES)], device=device)
            search(uow, tender)
        _explain(world, tender, opened + timedelta(hours=8))
    with _as_system(world, world.now) as uow:
        reckon(uow)


def _explain(world: World, tender: Tender, moment: datetime) -> None:
    with _as_system(world, moment) as uow:
        chair = next(one for one in seats_of(uow, tender) if one.is_chair)
        public = next((one for one in collusion_of(uow, tender).signals if one.sign is Sign.FILE), None)
    if public is not None:
        reason = "两家均附区财政局公开发布的工作规范，经核对与官网版本一致，投标文件其余部分没有雷同。"
        with acting(world, chair.user, min(moment, world.now)) as uow:
            record_finding(uow, chair, [public], FindingEntry(SignVerdict.EXPLAINED, reason, SignExcuse.PUBLIC))


@contextmanager
def _as_system(world: World, moment: datetime) -> Iterator[UnitOfWork]:
    at = min(moment, world.now)
    clock = Clock(now=at, offset=at - read_clock(world.session).wall)
    with UnitOfWork(world.session, SYSTEM, world.house, clock=clock, ids=world.ids) as uow:
        yield uow
