"""Reckoning the red flags anew from the published history, after each result and every night (R-FLAG.*)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from flask_babel import force_locale
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from core.identity.models import Organisation
from core.jobs import defer, job
from core.unit_of_work import UnitOfWork
from core.workflow import TransitionFired
from procurement.methods import JUDGED
from procurement.models import Bid, Lot, OcdsRelease, RedFlag, Tender
from procurement.ocds.moments import party_id
from procurement.ocds.records import record
from procurement.ocds.tender import lot_id
from procurement.public_process import Party
from procurement.queries.open_data import every_process
from procurement.red_flags import Contest, Flag, Offer, Thresholds, contests_of, red_flags
from procurement.states import BidState, Indicator, Method

ENDS = frozenset({"award", "fail"})
QUICK = (Method.NEGOTIATION, Method.QUOTATION)
Subject = tuple[str, str, str, str, str]


def reckon_after_result(uow: UnitOfWork, event: TransitionFired) -> None:
    """Enqueue the reckoning with a result."""
    if event.workflow == "tender" and event.name in ENDS:
        defer(uow, reckon_red_flags, lock="red-flags")


@job("red-flags.reckon", every="40 17 * * *")
def reckon_red_flags(uow: UnitOfWork) -> None:
    """Reckon them all anew."""
    reckon(uow)


def reckon(uow: UnitOfWork) -> list[RedFlag]:
    """Bring the kept flags to what the published history says now; a flag that stays keeps when it was found."""
    tenders = tenders_by_ocid(uow)
    found = red_flags(history(uow, tenders), thresholds(uow))
    organisations = _organisations(uow)
    known = {_subject_of(one): one for one in uow.session.scalars(select(RedFlag))}
    standing = []
    for flag in found:
        tender = tenders.get(flag.process)
        organisation = organisations.get(flag.organisation)
        if tender is None and organisation is None:
            continue  # of somebody the house no longer knows
        key = (flag.code, str(tender.id if tender else ""), flag.lot, str(organisation or ""), flag.role)
        row = known.pop(key, None)
        if row is None:
            row = uow.add(
                RedFlag(
                    code=flag.code,
                    tender_id=tender.id if tender else None,
                    lot=flag.lot,
                    organisation_id=organisation,
                    role=flag.role,
                    found_at=uow.now,
                )
            )
        _fill(row, flag, organisations)
        standing.append(row)
    for gone in known.values():
        uow.session.delete(gone)
    uow.session.flush()
    return standing


def history(uow: UnitOfWork, tenders: Mapping[str, Tender]) -> list[Contest]:
    """Return every contest that was published, with the bids that fell, which the public is told only the number of."""
    found: list[Contest] = []
    opened = opened_offers(uow)
    for releases in every_process(uow):
        compiled = record([json.loads(one.text) for one in releases])["compiledRelease"]
        tender = tenders.get(releases[0].ocid)
        contests = contests_of(compiled, _sectors(tender) if tender else None)
        found += [one.with_fallen(opened.get((str(tender.id), one.lot), [])) if tender else one for one in contests]
    return found


def thresholds(uow: UnitOfWork) -> Thresholds:
    """Return from where indicators count: the values of the rules, and the days of each method under its own name."""
    book, on = uow.house.rules, uow.today
    values: dict[str, Mapping[str, Fraction]] = {}
    for one in Indicator:
        names = book.rule(one.rule_id, on=on).values
        values[one.value] = {name: Fraction(book.number(one.rule_id, name, on=on)) for name in names}
    with force_locale("zh"):
        days = {str(method.label): int(values["R003"]["quick_days"]) for method in QUICK}
        days[str(Method.CONSULTATION.label)] = int(values["R003"]["consultation_days"])
        days[str(Method.CALL_OFF_PRICES.label)] = 0  # among those admitted, in the agreement's own time (R-FRAME-01)
    return Thresholds(values, days)


def tenders_by_ocid(uow: UnitOfWork) -> dict[str, Tender]:
    """Return the purchases of which something was published, by their OCDS id."""
    rows = uow.session.execute(
        select(OcdsRelease.ocid, Tender)
        .join(Tender, Tender.id == OcdsRelease.tender_id)
        .where(OcdsRelease.position == 1)
        .options(selectinload(Tender.lots).selectinload(Lot.projects))
    )
    return dict(rows.all())


def opened_offers(uow: UnitOfWork) -> dict[tuple[str, str], list[Offer]]:
    """Return the opened bids by purchase and OCDS lot: one query.

    Only where a committee judges does a bid that the result leaves out have to be one that fell; whoever is not chosen
    below the limits or in a price round has lost, not fallen.
    """
    rows = uow.session.execute(
        select(Bid.tender_id, Lot.position, Bid.id, Bid.price, Bid.arrived_at, Organisation)
        .join(Lot, Lot.id == Bid.lot_id)
        .join(Tender, Tender.id == Bid.tender_id)
        .join(Organisation, Organisation.id == Bid.bidder_id)
        .where(Bid.state == BidState.OPENED, Tender.method.in_(JUDGED))
    )
    found: dict[tuple[str, str], list[Offer]] = {}
    for tender_id, position, bid_id, price, arrived_at, bidder in rows:
        who = party_id(Party(str(bidder.id), bidder.name, bidder.uscc))
        offer = Offer((who,), "pending", price, arrived_at, str(bid_id))
        found.setdefault((str(tender_id), lot_id(position)), []).append(offer)
    return found


def _sectors(tender: Tender) -> dict[str, list[str]]:
    return {lot_id(lot.position): sorted({one.sector.value for one in lot.projects}) for lot in tender.lots}


def _organisations(uow: UnitOfWork) -> dict[str, Any]:
    rows = uow.session.execute(select(Organisation.id, Organisation.name, Organisation.uscc))
    return {party_id(Party(str(key), name, uscc)): key for key, name, uscc in rows}


def _subject_of(row: RedFlag) -> Subject:
    return (row.code, str(row.tender_id or ""), row.lot, str(row.organisation_id or ""), row.role)


def _fill(row: RedFlag, flag: Flag, organisations: Mapping[str, Any]) -> None:
    row.value = f"{float(flag.value):.4g}"
    row.organisations = _known(flag.organisations, organisations)
    row.facts = dict(flag.facts)
    row.contests = [list(one) for one in flag.contests]


def _known(names: Sequence[str], organisations: Mapping[str, Any]) -> list[str]:
    return [str(organisations[name]) for name in names if name in organisations]
