"""Reads of supervision's desk: signals that exist, patterns over awards, who read what."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select, type_coerce
from sqlalchemy.dialects.postgresql import JSONB, array
from sqlalchemy.orm import joinedload

from core.audit.models import AuditEntry
from core.audit.timeline import names_of, who
from core.documents.models import Document
from core.i18n import Text, _l
from core.identity.models import Organisation, User
from core.identity.roles import Role
from core.unit_of_work import UnitOfWork
from procurement.models import (
    Award,
    Bid,
    Challenge,
    CommitteeSeat,
    Complaint,
    LowBidReview,
    RemedyClock,
    Tender,
)
from procurement.patterns import Pattern, Purchase, patterns
from procurement.reading import READ, READ_WHAT
from procurement.states import BidState, SeatCategory, TenderState
from procurement.supervision_signals import Signal, Weight

READ_TAGS = (READ, "document.read")
MOST_READINGS = 300


def known_signals(uow: UnitOfWork) -> Iterator[Signal]:
    """Yield what the purchases themselves show: low prices, dissent, corrupt bids, lower ranks, late answers."""
    opened = Tender.opened_at.is_not(None)
    reviews = select(LowBidReview, Bid).join(Bid, Bid.id == LowBidReview.bid_id)
    reviews = reviews.join(Tender, Tender.id == Bid.tender_id).where(opened).options(joinedload(Bid.tender))
    for review, bid in uow.session.execute(reviews):
        title = _l("异常低价审查：接受了说明") if review.accepted else _l("异常低价审查：未接受说明")
        name, at = bid.bidder.name, bid.arrived_at
        yield _signal(bid.tender, "low-price", title, name, weight="medium", at=at, rule_id="R-ALP-02")
    corrupt = select(Bid).join(Tender, Tender.id == Bid.tender_id).where(opened, Bid.state == BidState.CORRUPT)
    for bid in uow.session.scalars(corrupt.options(joinedload(Bid.tender))):
        name, at, title = bid.bidder.name, bid.arrived_at, _l("投标无法开启")
        yield _signal(bid.tender, "corrupt", title, name, weight="low", at=at, rule_id="R-OPEN-02")
    dissents = select(CommitteeSeat).where(CommitteeSeat.dissent != "").options(joinedload(CommitteeSeat.tender))
    for seat in uow.session.scalars(dissents):
        at, title = seat.locked_at or seat.drawn_at, _l("评委写有不同意见")
        yield _signal(seat.tender, "dissent", title, seat.dissent, weight="medium", at=at, rule_id="R-COMM-11")
    for award in uow.session.scalars(select(Award).options(joinedload(Award.tender))):
        reason = str(award.record.get("award", {}).get("reason") or "")
        if reason and award.record.get("kind") == "award":  # where nothing is ranked a reason is always asked for
            at, title = award.decided_at, _l("定标写有理由（并非唯一排序第一）")
            yield _signal(award.tender, "rank", title, reason, weight="high", at=at, rule_id="R-AWARD-01")
    answers = select(Challenge, RemedyClock).join(RemedyClock, RemedyClock.owner_id == Challenge.id)
    answers = answers.where(RemedyClock.name == "answer_days", Challenge.tender.has(opened))
    for challenge, clock in uow.session.execute(answers):
        if clock.was_late(uow.now):
            title = _l("质疑 %(number)s 未按期答复", number=challenge.number)
            yield _signal(challenge.tender, "late", title, "", weight="high", at=clock.ends_at, rule_id="R-REMEDY-02")


def _signal(
    tender: Tender, code: str, title: Text, detail: str, *, weight: Weight, at: datetime, rule_id: str
) -> Signal:
    return Signal(code, tender.id, tender.title, title, detail, weight, at, f"/tenders/{tender.id}", rule_id)


@dataclass(frozen=True)
class NamedPattern:
    """A pattern with the names of its members and the titles of the purchases it rests on."""

    pattern: Pattern
    names: tuple[str, ...]
    purchases: tuple[str, ...]


def recurring_patterns(uow: UnitOfWork, *, most: int = 20) -> list[NamedPattern]:
    """Return who met more often than by chance among the awarded purchases, the least likely first."""
    tenders = {one.id: one for one in uow.session.scalars(select(Tender).where(Tender.state == TenderState.AWARDED))}
    seats = uow.session.execute(
        select(CommitteeSeat.tender_id, CommitteeSeat.user_id).where(
            CommitteeSeat.tender_id.in_(tenders), CommitteeSeat.category == SeatCategory.EXPERT
        )
    ).all()
    bids = uow.session.execute(
        select(Bid.tender_id, Bid.bidder_id, Bid.id).where(Bid.tender_id.in_(tenders), Bid.state == BidState.OPENED)
    ).all()
    won = set(
        uow.session.scalars(select(Award.bid_id).where(Award.tender_id.in_(tenders), Award.superseded_at.is_(None)))
    )
    purchases = [
        Purchase(
            str(key),
            frozenset(str(user) for tender, user in seats if tender == key),
            frozenset(str(bidder) for tender, bidder, _bid in bids if tender == key),
            frozenset(str(bidder) for tender, bidder, bid in bids if tender == key and bid in won),
            str(tender.drafted_by_id),
        )
        for key, tender in tenders.items()
    ]
    found = [one for one in patterns(purchases) if one.together > one.expected][:most]
    ids = {uuid.UUID(member) for one in found for member in one.members}
    names = {
        str(row.id): row.name
        for model in (User, Organisation)
        for row in uow.session.execute(select(model.id, model.name).where(model.id.in_(ids)))
    }
    return [
        NamedPattern(
            one,
            tuple(names.get(member, "—") for member in one.members),
            tuple(tenders[uuid.UUID(key)].number for key in one.purchases),
        )
        for one in found
    ]


@dataclass(frozen=True)
class Reading:
    """One reading: when, who, what."""

    seq: int
    at: datetime
    who: Text
    what: Text


def readings_of(uow: UnitOfWork, tender: Tender) -> list[Reading]:
    """Return who read bids, sheets, results and case files of an opened purchase, newest first (R-SEC-05).

    Before the opening there is nothing to tell: only bidders can have read their own (R-SEC-03).
    """
    if tender.opened_at is None:
        return []
    subjects = subjects_of(uow, tender)
    rows = uow.session.scalars(
        select(AuditEntry)
        .where(AuditEntry.tag.in_(READ_TAGS), _about_any(list(subjects)))
        .order_by(AuditEntry.seq.desc())
        .limit(MOST_READINGS)
    ).all()
    names = names_of(uow, [one.actor_id for one in rows])
    return [Reading(one.seq, one.at, who(one.actor_id, names), _what(one, subjects)) for one in rows]


def _what(entry: AuditEntry, subjects: Mapping[str, Text]) -> Text:
    """Say what was read: a part of the purchase by its own words, otherwise the object itself."""
    part = READ_WHAT.get(str((entry.body.get("detail") or {}).get("what") or ""))
    return part or next(subjects[key] for key in entry.about if key in subjects)


def subjects_of(uow: UnitOfWork, tender: Tender) -> dict[str, Text]:
    """Return what the log calls a purchase's objects, each with its words; complaints for supervision alone."""
    found: dict[str, Text] = {f"tender:{tender.id}": _l("采购项目")}
    bids = uow.session.scalars(select(Bid).where(Bid.tender_id == tender.id)).all()
    owners: dict[uuid.UUID, Text] = {}
    for bid in bids:
        owners[bid.id] = _l("%(bidder)s的投标", bidder=bid.bidder.name)
        found[f"bid:{bid.id}"] = owners[bid.id]
    for award in uow.session.scalars(select(Award).where(Award.tender_id == tender.id)):
        owners[award.id] = _l("中标结果")
    for challenge in uow.session.scalars(select(Challenge).where(Challenge.tender_id == tender.id)):
        owners[challenge.id] = _l("质疑 %(number)s", number=challenge.number)
        found[f"challenge:{challenge.id}"] = owners[challenge.id]
    complaints = select(Complaint).where(Complaint.tender_id == tender.id)
    for complaint in uow.session.scalars(complaints) if uow.actor.has(Role.PROCUREMENT_SUPERVISOR) else ():
        owners[complaint.id] = _l("投诉 %(number)s", number=complaint.number)
        found[f"complaint:{complaint.id}"] = owners[complaint.id]
    for seat in uow.session.scalars(select(CommitteeSeat).where(CommitteeSeat.tender_id == tender.id)):
        found[f"committee_seat:{seat.id}"] = _l("评分表")
    files = uow.session.execute(
        select(Document.id, Document.owner_id, Document.name).where(Document.owner_id.in_(list(owners)))
    )
    for key, owner, name in files:
        found[f"document:{key}"] = _l("%(owner)s：%(file)s", owner=owners[owner], file=name)
    return found


def entries_about(uow: UnitOfWork, references: Sequence[str]) -> list[AuditEntry]:
    """Return the log's entries about any of these objects, in their order."""
    return list(uow.session.scalars(select(AuditEntry).where(_about_any(list(references))).order_by(AuditEntry.seq)))


def _about_any(references: Sequence[str]) -> ColumnElement[bool]:
    found: ColumnElement[bool] = type_coerce(AuditEntry.about, JSONB).has_any(array(references))
    return found
