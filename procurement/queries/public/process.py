"""One purchase as the public may know it now."""

from __future__ import annotations

from datetime import datetime

from flask_babel import force_locale
from sqlalchemy import select

from core.unit_of_work import UnitOfWork
from procurement.methods import rules_of, words_of
from procurement.models import PublicNotice, Tender
from procurement.public_process import Ending, Party, Process, Result, Version
from procurement.queries.public.contracts import performance_of
from procurement.queries.public.documents import public_enquiries, public_versions
from procurement.queries.public.framework import framework_number
from procurement.queries.public.intention import intention_of
from procurement.queries.public.opening import opening_of, previous_of, put_off_of
from procurement.queries.public.parties import party_of
from procurement.queries.public.result import results_of, revocations_of
from procurement.queries.public.single_source import sole_source_of
from procurement.states import NoticeKind, TenderState


def public_process(uow: UnitOfWork, tender: Tender, *, ending: Ending | None = None) -> Process:
    """Return the public facts of a purchase; `ending` is given while its notice is being made, else read from it."""
    results = results_of(uow, tender)
    result = results[0] if results else None
    performance = performance_of(uow, tender)
    ending = ending or _ending(uow, tender)
    with force_locale("zh"):  # notices and open data are Chinese whatever the reader's language
        words = {name: str(value) for name, value in vars(words_of(tender)).items()}
        method_name = str(tender.method.label)
    return Process(
        number=tender.number,
        title=tender.title,
        method=tender.method.value,
        method_name=method_name,
        purchaser=party_of(tender.purchaser, contact=tender.contact_name, telephone=tender.contact_telephone),
        agent=_agent(tender),
        agent_fee=tender.agent.fee if tender.agent else "",
        url=f"{uow.house.settings.public_address.rstrip('/')}/notices/{tender.id}",
        versions=_versions(uow, tender, result, ending),
        enquiries=public_enquiries(uow, tender) if rules_of(tender).public_notice else (),
        sole=sole_source_of(uow, tender),
        put_off=put_off_of(uow, tender),
        previous=previous_of(uow, tender),
        framework=framework_number(uow, tender),
        opened_at=tender.opened_at,
        opening=opening_of(uow, tender),
        result=result,
        later_results=tuple(results[1:]),
        revocations=revocations_of(uow, tender),
        contracts=performance.contracts,
        contract_changes=performance.changes,
        acceptances=performance.acceptances,
        payments=performance.payments,
        intention=intention_of(uow, tender),
        ending=ending,
        words={**words, "won": _won(words["winner"])},
        contact=tender.contact_name,
        telephone=tender.contact_telephone,
    )


def _agent(tender: Tender) -> Party | None:
    """Return the agent that acts for the purchaser, or acted until its appointment was ended."""
    row = tender.agent
    return party_of(row.agency, contact=row.contact_name, telephone=row.contact_telephone) if row else None


def ending_of(tender: Tender, at: datetime, reason: str) -> Ending:
    """Return how a purchase ends now, in the words everybody is told."""
    failed = tender.state is TenderState.FAILED
    ground = ""
    if tender.failure_ground is not None:
        with force_locale("zh"):
            ground = str(tender.failure_ground.label)
    return Ending(at=at, failed=failed, reason="" if reason == ground else reason, ground=ground)


def _ending(uow: UnitOfWork, tender: Tender) -> Ending | None:
    if tender.state not in (TenderState.FAILED, TenderState.CANCELLED):
        return None
    notice = uow.session.scalar(
        select(PublicNotice).where(PublicNotice.tender_id == tender.id, PublicNotice.kind == NoticeKind.TERMINATION)
    )
    return ending_of(tender, notice.published_at, notice.record["reason"]) if notice else None


def _versions(uow: UnitOfWork, tender: Tender, result: Result | None, ending: Ending | None) -> tuple[Version, ...]:
    """Return the documents as published; a purchase without a public notice shows them with its result only."""
    record = tender.record or {}
    if tender.published_at is None or not record.get("budget"):
        return ()
    if rules_of(tender).public_notice:
        return public_versions(uow, tender, None)
    at = result.at if result else ending.at if ending else None
    return public_versions(uow, tender, at) if at else ()


def _won(winner: str) -> str:
    """Return 中标 or 成交, as the winner is called."""
    return winner[:2]
