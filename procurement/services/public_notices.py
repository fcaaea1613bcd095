"""Public notices: published once with what they announce, frozen, and registered where they stand outside."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import select

from core.database import Base
from core.errors import Forbidden, Refusal, Refused
from core.i18n import _l
from core.parameters import overrides
from core.permissions import policy
from core.records import digest
from core.unit_of_work import UnitOfWork
from procurement.models import AwardProcedure, Complaint, Contract, Intention, PublicNotice, Tender
from procurement.notices import NoticeText
from procurement.notices.formats import (
    acceptance_notice,
    amendment_notice,
    complaint_notice,
    contract_notice,
    intention_notice,
    put_off_notice,
    result_notice,
    single_source_notice,
    tender_notice,
    termination_notice,
)
from procurement.notices.formats.words import moment
from procurement.permissions import NoticePermission
from procurement.public_process import Process, Result
from procurement.queries.public.complaint import complaint_outcome
from procurement.queries.public.intention import public_intention
from procurement.queries.public.parties import party_of
from procurement.services.direct import announced_elsewhere
from procurement.states import NoticeKind

Draft = tuple[str, datetime, NoticeText]
"""What a notice announces within its purchase, when it became public, and its text."""


def publish_notices(uow: UnitOfWork, tender: Tender, process: Process, reason: str = "") -> list[PublicNotice]:
    """Publish what of the purchase is public and has no notice yet; what is published stays as it is.

    `reason` is why the purchase ended, kept with the notice that says so.
    """
    known = set(uow.session.scalars(select(PublicNotice.source).where(PublicNotice.tender_id == tender.id)))
    made = []
    for key, at, text in drafts(uow, process):
        source = f"tender:{tender.id}/{key}"
        if source in known or at > uow.now:
            continue
        record = text.record()
        if text.kind == NoticeKind.TERMINATION.value:
            record["reason"] = reason
        whose = {"tender_id": tender.id, "purchaser_id": tender.purchaser_id}
        made.append(_freeze(uow, text, record, source=source, published_at=at, **whose))
    uow.session.flush()
    return made


def drafts(uow: UnitOfWork, process: Process) -> Iterator[Draft]:
    """Yield every notice that the public facts of a purchase call for."""
    result, ending = process.result, process.ending
    if process.sole is not None:
        yield "single-source", process.sole.at, single_source_notice(process, process.sole)
    for version in process.versions:
        if version.at < _end(process):
            make = tender_notice if version.number == 1 else amendment_notice
            yield f"version-{version.number}", version.at, make(process, version)
    yield from _put_off(process)
    if result is not None:
        yield "result", result.at, _result(uow, process, result)
        for later in process.later_results:
            yield f"result-{later.winners[0].key}", later.at, _result(uow, process, later)
    if ending is not None:
        yield "termination", ending.at, termination_notice(process, ending)
    contracts = {one.key: one for one in process.contracts}
    for contract in process.contracts:
        yield f"contract-{contract.key}", contract.at, contract_notice(process, contract)
    for one in process.acceptances:
        if one.contract in contracts:
            yield f"acceptance-{one.key}", one.at, acceptance_notice(process, contracts[one.contract], one)


def _result(uow: UnitOfWork, process: Process, result: Result) -> NoticeText:
    book, local = uow.house.rules, overrides(uow)
    return result_notice(
        process,
        result,
        period_days=book.whole("R-AWARD-03", "days", on=uow.today, overrides=local),
        challenge_days=book.whole("R-REMEDY-02", "file_days", on=uow.today, overrides=local),
    )


def _put_off(process: Process) -> Iterator[Draft]:
    deadline = process.versions[-1].record.get("deadline") if process.versions else None
    standing = moment(datetime.fromisoformat(deadline)) if deadline else ""
    for one in process.put_off:
        yield f"put-off-{one.key}", one.at, put_off_notice(process, one, standing)
        standing = moment(one.until)


def _end(process: Process) -> datetime:
    """Return when the purchase ended; documents that show only from then on had no notice of their own."""
    ends = [one.at for one in (process.result, process.ending) if one is not None]
    return min(ends, default=datetime.max.replace(tzinfo=process.versions[0].at.tzinfo))


def publish_intention(uow: UnitOfWork, intention: Intention) -> PublicNotice | None:
    """Publish the notice of an intention; None when it has one (R-TENDER-20)."""
    source = f"intention:{intention.id}"
    if uow.session.scalar(select(PublicNotice.id).where(PublicNotice.source == source)) is not None:
        return None
    tender = uow.get(Tender, intention.tender_id)
    number = tender.number if tender is not None else ""
    text = intention_notice(party_of(intention.purchaser), number, public_intention(intention))
    whose = {"tender_id": intention.tender_id, "purchaser_id": intention.purchaser_id}
    notice = _freeze(uow, text, text.record(), source=source, published_at=intention.published_at, **whose)
    uow.session.flush()
    return notice


def publish_complaint(uow: UnitOfWork, complaint: Complaint) -> PublicNotice | None:
    """Publish the notice of a decided complaint; None while nothing is decided, or when it has one (R-REMEDY-03)."""
    source, outcome = f"complaint:{complaint.id}", complaint_outcome(uow, complaint)
    known = select(PublicNotice.id).where(PublicNotice.source == source)
    if outcome is None or uow.session.scalar(known) is not None:
        return None
    text = complaint_notice(outcome)
    whose = {"tender_id": complaint.tender_id, "purchaser_id": complaint.tender.purchaser_id}
    notice = _freeze(uow, text, text.record(), source=source, published_at=outcome.at, **whose)
    uow.session.flush()
    return notice


def _freeze(uow: UnitOfWork, text: NoticeText, record: dict[str, Any], **columns: Any) -> PublicNotice:
    """Freeze a notice; `columns` are what it is about, whose it is and when it became public."""
    return uow.add(
        PublicNotice(
            kind=NoticeKind(text.kind),
            title=text.title,
            number=text.number,
            record=record,
            record_hash=digest(record),
            external_at=None,
            registered_at=None,
            registered_by_id=None,
            **columns,
        )
    )


def register_external(uow: UnitOfWork, notice: PublicNotice, url: str, at: datetime) -> None:
    """Note where and when a notice first stood in the designated medium, from which its periods run (R-NOTICE-01)."""
    decision = policy.decide(uow.actor, NoticePermission.REGISTER, notice)
    if not decision:
        raise Forbidden(decision.reason)
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise Refused(Refusal(_l("请填写完整的网址，如 https://…"), rule_id="R-NOTICE-01", field="url"))
    if at > uow.now:
        raise Refused(Refusal(_l("发布时间不能晚于现在"), rule_id="R-NOTICE-01", field="at"))
    before = {"url": notice.external_url, "at": notice.external_at.isoformat() if notice.external_at else None}
    notice.external_url, notice.external_at = url, at
    notice.registered_at, notice.registered_by_id = uow.now, uow.actor.user_id
    told = _told_elsewhere(uow, notice)
    if told is not None:
        row, address, time = told
        setattr(row, address, url)
        setattr(row, time, at)
    if notice.kind is NoticeKind.SINGLE_SOURCE and notice.tender is not None:
        announced_elsewhere(uow, notice.tender, at)
    uow.session.flush()
    uow.record(
        "public_notice.register",
        notice,
        about=(notice.tender,) if notice.tender is not None else (),
        before=before,
        after={"url": url, "at": at.isoformat()},
        detail={"kind": notice.kind.value},
    )


def adopt_external(uow: UnitOfWork, tender: Tender) -> None:
    """Take over where a notice stands from the page on which it was told first: tender's, award's or contract's."""
    rows = uow.session.scalars(select(PublicNotice).where(PublicNotice.tender_id == tender.id)).all()
    for notice in rows:
        told = _contract_of(uow, notice) or _told_elsewhere(uow, notice)
        if told is None:
            continue
        row, address, time = told
        url, at = getattr(row, address), getattr(row, time)
        if url and at is not None and (url, at) != (notice.external_url, notice.external_at):
            notice.external_url, notice.external_at = url, at
            notice.registered_at, notice.registered_by_id = uow.now, uow.actor.user_id
    uow.session.flush()


def _contract_of(uow: UnitOfWork, notice: PublicNotice) -> tuple[Base, str, str] | None:
    """Return the contract whose publication outside was told with it; nobody tells it there but who files it."""
    key = notice.source.rpartition("/contract-")[2]
    if notice.kind is not NoticeKind.CONTRACT:
        return None
    contract = uow.get(Contract, uuid.UUID(key))
    return (contract, "publication_url", "published_at") if contract is not None else None


def _told_elsewhere(uow: UnitOfWork, notice: PublicNotice) -> tuple[Base, str, str] | None:
    """Return the row that other parts of the house read a notice's external address from, with its columns."""
    if notice.kind is NoticeKind.TENDER and notice.tender is not None:
        return notice.tender, "external_notice_url", "external_notice_at"
    if notice.kind is NoticeKind.RESULT and notice.source.endswith("/result"):
        procedure = uow.session.get(AwardProcedure, notice.tender_id)
        if procedure is not None:
            return procedure, "notice_url", "notice_at"
    return None
