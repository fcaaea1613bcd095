"""Looking for signs of collusion after the opening, and what the committee finds about each (R-COLL-01, R-COLL-02).

The search runs as a job that the opening enqueues in its own transaction. A sign rejects nothing: the chair records
the committee's finding, and only that makes bids invalid.
"""

from __future__ import annotations

import shutil
import tempfile
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask_babel import force_locale
from sqlalchemy import select

from agencies.models import Agency
from core.documents.models import Document
from core.errors import Forbidden, Refusal, Refused
from core.i18n import _l
from core.jobs import defer, job
from core.permissions import policy
from core.unit_of_work import UnitOfWork
from core.workflow import TransitionFired
from procurement.collusion import Folder, Hit, Known, Limits, Paper, look
from procurement.collusion.alike import Measure
from procurement.collusion.prices import PriceMeasure
from procurement.collusion.reading import NotRead, read_paper
from procurement.models import (
    Bid,
    BidOrigin,
    CollusionFinding,
    CollusionSearch,
    CollusionSignal,
    CommitteeSeat,
    PublishedAnswer,
    Tender,
    TenderVersion,
)
from procurement.permissions import TenderPermission
from procurement.queries.awards import opened_documents
from procurement.queries.statements import statement_of
from procurement.services.committee_conduct import report_irregularity
from procurement.services.scoring_sheets import ensure_evaluating
from procurement.states import BidState, SignExcuse, SignVerdict

LONGEST = 2000
RULE = "R-COLL-01"
EXCUSE_RULE = "R-COLL-02"


def search_after_opening(uow: UnitOfWork, event: TransitionFired) -> None:
    """Enqueue the search in the transaction that opened the last bid."""
    if event.workflow == "tender" and event.name == "open":
        key = str(event.subject.id)
        defer(uow, search_bids, lock=f"collusion:{key}", tender_id=key)


@job("collusion.search")
def search_bids(uow: UnitOfWork, tender_id: str) -> None:
    """Search the opened bids of one tender; a second run finds it done."""
    tender = uow.get(Tender, uuid.UUID(tender_id))
    if tender is not None and tender.opened_at is not None:
        search(uow, tender)


def search(uow: UnitOfWork, tender: Tender) -> CollusionSearch:
    """Read all opened bids of a tender, compare them lot by lot and keep what was found. Once only."""
    known = uow.session.scalar(select(CollusionSearch).where(CollusionSearch.tender_id == tender.id))
    if known is not None:
        return known
    bids = uow.session.scalars(
        select(Bid).where(Bid.tender_id == tender.id, Bid.state == BidState.OPENED).order_by(Bid.arrived_at, Bid.id)
    ).all()
    papers, unread = _papers(uow, bids)
    folders = _folders(uow, bids, papers)
    issued, limits = issued_text(uow, tender), limits_of(uow)
    found = 0
    for lot in tender.lots:
        here = [one for one in bids if one.lot_id == lot.id]
        for hit in look([folders[one.id] for one in here], issued, limits):
            _keep(uow, tender, hit, here)
            found += 1
    files = sum(len(one) for one in papers.values())
    row = uow.add(CollusionSearch(tender_id=tender.id, done_at=uow.now, files=files, unread=unread))
    uow.session.flush()
    detail = {"signals": found, "files": files, "unread": len(unread)}
    uow.record("collusion.search", row, about=(tender,), detail=detail)
    return row


def limits_of(uow: UnitOfWork) -> Limits:
    """Return from where signs count: the bureau's own numbers."""
    book, on = uow.house.rules, uow.today
    shingle, passage, total, high = (
        book.whole("R-COLL.text", name, on=on) for name in ("shingle", "passage", "letters_min", "high")
    )
    chance = float(book.number("R-COLL.price", "chance_percent", on=on)) / 100
    ratio = float(book.number("R-COLL.price", "ratio_percent", on=on)) / 100
    items = book.whole("R-COLL.price", "items_min", on=on)
    return Limits(Measure(shingle, passage, total, high), PriceMeasure(chance, items, ratio))


def issued_text(uow: UnitOfWork, tender: Tender) -> str:
    """Return everything the purchaser gave out: every version of the record, and the published answers (R-COLL-02)."""
    records = uow.session.scalars(select(TenderVersion.record).where(TenderVersion.tender_id == tender.id))
    answers = uow.session.scalars(select(PublishedAnswer.answer).where(PublishedAnswer.tender_id == tender.id))
    return "\n".join([*_words(tender.record or {}), *(word for one in records for word in _words(one)), *answers])


@dataclass(frozen=True)
class FindingEntry:
    """What the committee found about a sign; `excuse` says why it is no collusion (R-COLL-02)."""

    verdict: SignVerdict
    reason: str
    excuse: SignExcuse | None = None


def record_finding(
    uow: UnitOfWork, seat: CommitteeSeat, signals: Sequence[CollusionSignal], entry: FindingEntry
) -> list[CollusionFinding]:
    """Record, as chair, what the committee found about one or more signs of the same bids; it stands.

    Rigged: the bids that share them are invalid (R-COLL-01) and the finance authority is told in writing, once.
    Explained: with the excuse and the reason (R-COLL-02). Raises `Forbidden`, or `Refused` without a reason, outside
    the review, or for signs of other bids together.
    """
    decision = policy.decide(uow.actor, TenderPermission.LEAD, seat)
    if not decision:
        raise Forbidden(decision.reason)
    uow.lock(seat)
    ensure_evaluating(seat.tender)
    if refusals := _finding_refusals(uow, seat, signals, entry):
        raise Refused(*refusals)
    rigged = entry.verdict is SignVerdict.RIGGED
    kept = entry.reason.strip()[:LONGEST]
    report = report_irregularity(uow, seat, _facts(signals, kept)) if rigged else None
    rows = []
    for signal in signals:
        row = uow.add(
            CollusionFinding(
                signal_id=signal.id,
                verdict=entry.verdict,
                excuse=None if rigged else entry.excuse,
                reason=kept,
                seat_id=seat.id,
                report_id=report.id if report else None,
                found_at=uow.now,
            )
        )
        uow.session.flush()
        uow.session.expire(signal, ["finding"])
        uow.record("collusion.find", signal, about=(seat.tender,), after={"verdict": str(entry.verdict)})
        rows.append(row)
    return rows


def _finding_refusals(
    uow: UnitOfWork, seat: CommitteeSeat, signals: Sequence[CollusionSignal], entry: FindingEntry
) -> list[Refusal]:
    refusals = []
    if not signals or any(one.tender_id != seat.tender_id for one in signals):
        refusals.append(Refusal(_l("这项提示不属于本项目"), rule_id=RULE))
    if len({frozenset(bid.id for bid in one.bids) for one in signals}) > 1:
        refusals.append(Refusal(_l("只有涉及相同投标人的提示才能一并认定"), rule_id=RULE, field="also"))
    known = select(CollusionFinding.id).where(CollusionFinding.signal_id.in_([one.id for one in signals]))
    if uow.session.scalars(known).first() is not None:
        refusals.append(Refusal(_l("这项提示已有认定"), rule_id=RULE))
    if not entry.reason.strip():
        refusals.append(Refusal(_l("请写明认定的事实和理由，评标报告将如实记录"), rule_id=RULE, field="reason"))
    if entry.verdict is SignVerdict.EXPLAINED and entry.excuse is None:
        refusals.append(Refusal(_l("请选择不构成串通的情形"), rule_id=EXCUSE_RULE, field="excuse"))
    return refusals


def _facts(signals: Sequence[CollusionSignal], reason: str) -> str:
    names = "、".join(one.bidder.name for one in signals[0].bids)
    with force_locale("zh"):
        signs = "；".join(
            f"{one.sign.form.label}：{one.sign.label}{f'（{one.value}）' if one.value else ''}" for one in signals
        )
    return f"{signs}。涉及：{names}。认定：{reason}（R-COLL-01）"


def _keep(uow: UnitOfWork, tender: Tender, hit: Hit, bids: Sequence[Bid]) -> None:
    row = uow.add(
        CollusionSignal(
            tender_id=tender.id,
            sign=hit.sign,
            weight=hit.weight,
            key=hit.key,
            value=hit.value,
            groups=[[place.to_json() for place in group] for group in hit.groups],
            facts=dict(hit.facts),
            found_at=uow.now,
        )
    )
    row.bids = [one for one in bids if str(one.id) in hit.bids]


def _papers(uow: UnitOfWork, bids: Sequence[Bid]) -> tuple[dict[uuid.UUID, list[Paper]], list[dict[str, Any]]]:
    """Read every file of the bids; a content that stands in several bids is read once."""
    papers: dict[uuid.UUID, list[Paper]] = {bid.id: [] for bid in bids}
    unread: list[dict[str, Any]] = []
    read: dict[str, Paper | str] = {}
    for bid_id, documents in opened_documents(uow, bids).items():
        for document in documents:
            if document.sha256 not in read:
                read[document.sha256] = _read(uow, document)
            found = read[document.sha256]
            if isinstance(found, str):
                unread.append({"bid": str(bid_id), "name": document.name, "reason": found})
                found = Paper("", "", document.sha256, document.size)
            papers[bid_id].append(
                Paper(str(document.id), document.name, found.sha256, document.size, found.passages, found.properties)
            )
    return papers, unread


def _read(uow: UnitOfWork, document: Document) -> Paper | str:
    with tempfile.NamedTemporaryFile(prefix="hengping-bid-") as copy:
        with uow.house.store.open(document.sha256) as stored:
            shutil.copyfileobj(stored, copy)
        copy.flush()
        try:
            return read_paper(Path(copy.name), str(document.id), document.name, document.sha256)
        except NotRead as why:
            return why.reason


def _folders(
    uow: UnitOfWork, bids: Sequence[Bid], papers: Mapping[uuid.UUID, Sequence[Paper]]
) -> dict[uuid.UUID, Folder]:
    ids = [bid.id for bid in bids]
    origins = {one.bid_id: one for one in uow.session.scalars(select(BidOrigin).where(BidOrigin.bid_id.in_(ids)))}
    agencies = uow.session.scalars(select(Agency).where(Agency.organisation_id.in_([bid.bidder_id for bid in bids])))
    heads = {one.organisation_id: one.legal_representative.strip() for one in agencies}
    found = {}
    for bid in bids:
        statement, origin, head = statement_of(bid), origins.get(bid.id), heads.get(bid.bidder_id, "")
        found[bid.id] = Folder(
            bid=str(bid.id),
            bidder=bid.bidder.name,
            uscc=bid.bidder.uscc or "",
            price=bid.price,
            papers=tuple(papers[bid.id]),
            members=tuple((one.name, one.uscc) for one in statement.members) if statement else (),
            people=(Known(head, "机构库法定代表人"),) if head else (),
            submitter=str(bid.submitted_by_id),
            address=origin.address if origin else "",
            device=origin.device if origin else "",
            payment=statement.deposit_reference.strip() if statement else "",
            account=statement.deposit_account if statement else "",
            payer=statement.deposit_payer.strip() if statement else "",
        )
    return found


def _words(content: Any) -> Iterator[str]:
    if isinstance(content, str):
        yield content
    elif isinstance(content, Mapping):
        for value in content.values():
            yield from _words(value)
    elif isinstance(content, list):
        for value in content:
            yield from _words(value)
