"""Public notices: published once with what they announce, frozen, and registered where they stand outside."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from urllib.parse import urlsplit

from sqlalchemy import select

from core.errors import Refusal, Refused
from core.i18n import _l
from core.records import digest
from core.unit_of_work import UnitOfWork
from procurement.models import PublicNotice, Tender
from procurement.notices import NoticeText
from procurement.notices.formats import (
    acceptance_notice,
    amendment_notice,
    contract_notice,
    result_notice,
    tender_notice,
    termination_notice,
)
from procurement.public_process import Process
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
        made.append(
            uow.add(
                PublicNotice(
                    kind=NoticeKind(text.kind),
                    tender_id=tender.id,
                    purchaser_id=tender.purchaser_id,
                    source=source,
                    title=text.title,
                    number=text.number,
                    record=record,
                    record_hash=digest(record),
                    published_at=at,
                    external_at=None,
                    registered_at=None,
                    registered_by_id=None,
                )
            )
        )
    uow.session.flush()
    return made


def drafts(uow: UnitOfWork, process: Process) -> Iterator[Draft]:
    """Yield every notice that the public facts of a purchase call for."""
    result, ending = process.result, process.ending
    for version in process.versions:
        if version.at < _end(process):
            make = tender_notice if version.number == 1 else amendment_notice
            yield f"version-{version.number}", version.at, make(process, version)
    if result is not None:
        days = uow.house.rules.whole("R-AWARD-03", "days", on=uow.today)
        yield "result", result.at, result_notice(process, result, period_days=days)
    if ending is not None:
        yield "termination", ending.at, termination_notice(process, ending)
    contracts = {one.key: one for one in process.contracts}
    for contract in process.contracts:
        yield f"contract-{contract.key}", contract.at, contract_notice(process, contract)
    for one in process.acceptances:
        if one.contract in contracts:
            yield f"acceptance-{one.key}", one.at, acceptance_notice(process, contracts[one.contract], one)


def _end(process: Process) -> datetime:
    """Return when the purchase ended; documents that show only from then on had no notice of their own."""
    ends = [one.at for one in (process.result, process.ending) if one is not None]
    return min(ends, default=datetime.max.replace(tzinfo=process.versions[0].at.tzinfo))


def register_external(uow: UnitOfWork, notice: PublicNotice, url: str, at: datetime) -> None:
    """Note where and when a notice first stood in the designated medium, from which its periods run (R-NOTICE-01)."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise Refused(Refusal(_l("请填写完整的网址，如 https://…"), field="url"))
    if at > uow.now:
        raise Refused(Refusal(_l("发布时间不能晚于现在"), field="at"))
    before = {"url": notice.external_url, "at": notice.external_at.isoformat() if notice.external_at else None}
    notice.external_url, notice.external_at = url, at
    notice.registered_at, notice.registered_by_id = uow.now, uow.actor.user_id
    tender = notice.tender
    if tender is not None and notice.kind is NoticeKind.TENDER:
        tender.external_notice_url, tender.external_notice_at = url, at
    uow.session.flush()
    uow.record(
        "public_notice.register",
        notice,
        about=(tender,) if tender is not None else (),
        before=before,
        after={"url": url, "at": at.isoformat()},
        detail={"kind": notice.kind.value},
    )
