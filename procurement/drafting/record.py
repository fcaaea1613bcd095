"""The frozen record of a tender: made once at publication, hashed, and the only source of what bidders are shown.

Notice page, bid form, compliance checklist and score sheets say what stands here; a bid names the record's hash, so
that nobody can be held to a text that was changed afterwards.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from core.records import Record, digest, plain
from core.unit_of_work import UnitOfWork
from procurement.drafting.bid_form import bid_form
from procurement.drafting.dates import notice_day, periods
from procurement.drafting.framework_checks import terms_in_record
from procurement.drafting.grade_checks import has_grade_factor
from procurement.drafting.offline_page import offline_page_hash
from procurement.drafting.terms import terms_record
from procurement.methods import METHODS, ways_named
from procurement.models import AgentAppointment, Criterion, Keyholder, Lot, Tender
from procurement.states import AgentStep, Evaluation, Method, SmeReservation

FORMAT = "hengping-tender/1"


def frozen_record(uow: UnitOfWork, tender: Tender) -> Record:
    """Return the record as it would be frozen now: everything the notice and the documents say, in JSON's types.

    Money is a string in yuan, instants are UTC, dates are civil. Keyholders stand in order with their fingerprints.
    """
    runs = periods(uow, tender, notice_day(uow, tender))
    framework = terms_in_record(uow, tender)
    record: Record = plain(
        {
            "format": FORMAT,
            "tender": str(tender.id),
            "number": tender.number,
            "title": tender.title,
            "method": tender.method,
            "evaluation": tender.evaluation,
            "purchaser": {"id": str(tender.purchaser_id), "name": tender.purchaser.name},
            "agent": _agent(tender.agent),
            "budget": tender.budget,
            "ceiling": tender.ceiling,
            "deposit": tender.deposit,
            "notice": {"from": runs.notice_from, "until": runs.notice_until},
            "documents": {"until": tender.documents_until, "place": tender.documents_place},
            "deadline": tender.deadline,
            "opening_place": tender.opening_place,
            "contact": {"name": tender.contact_name, "telephone": tender.contact_telephone},
            "requirement": tender.requirement,
            "qualifications": tender.qualifications,
            "service_until": tender.service_until,
            "contract_draft": tender.contract_draft,
            "flags": {"complex": tender.is_complex, "high_impact": tender.is_high_impact},
            "lots": [_lot(lot) for lot in tender.lots],
            "lots_per_bidder": tender.lots_per_bidder,
            "small_firms": {"reservation": tender.sme_reservation, "reason": tender.sme_reason},
            "price_weight": tender.price_weight,
            "evaluation_terms": terms_record(uow, tender),
            "criteria": [_criterion(one) for one in tender.criteria],
            "keyholders": [_keyholder(one) for one in tender.keyholders],
            "keyholders_needed": tender.keyholders_needed,
            "bid_form": bid_form(by_grade=has_grade_factor(tender)),
            "sealing_page": offline_page_hash(),
            **({"framework": framework} if framework is not None else {}),
        }
    )
    return record


def record_hash(record: Record) -> str:
    """Return the SHA-256 of the record's canonical bytes, in hex."""
    return digest(record)


def readable(record: Record) -> dict[str, Any]:
    """Return the record with its amounts, dates and instants as such, for the pages that show it."""
    method = Method(record["method"])
    # Records frozen before these terms were declared do not hold them.
    declared = record.get("small_firms") or {"reservation": SmeReservation.NONE.value, "reason": ""}
    criteria = [{**one, "maximum": _amount(one["maximum"])} for one in record["criteria"]]
    return {
        **record,
        "rules": METHODS[method],
        "agent": _agent_words(record.get("agent")),
        "method_label": method.label,
        "method_verb": METHODS[method].words.round,
        "evaluation": record.get("evaluation", Evaluation.COMPREHENSIVE.value),
        "budget": Decimal(record["budget"]),
        "ceiling": _amount(record["ceiling"]),
        "deposit": Decimal(record["deposit"]),
        "price_weight": Decimal(record["price_weight"]),
        "notice": {name: date.fromisoformat(day) for name, day in record["notice"].items()},
        "documents": {**record["documents"], "until": _day(record["documents"]["until"])},
        "deadline": datetime.fromisoformat(record["deadline"]) if record["deadline"] else None,
        "service_until": _day(record["service_until"]),
        "lots": [{**one, "budget": Decimal(one["budget"])} for one in record["lots"]],
        "lots_per_bidder": record.get("lots_per_bidder"),
        "small_firms": {
            "reservation": SmeReservation(declared["reservation"]),
            "reason": declared["reason"],
        },
        "evaluation_terms": _terms(record.get("evaluation_terms")),
        "framework": _framework(record.get("framework")),
        "scored": [one for one in criteria if one["maximum"] is not None],
        "substantive": [one for one in criteria if one["maximum"] is None],
    }


def _terms(terms: dict[str, Any] | None) -> dict[str, Any] | None:
    if terms is None:
        return None
    return {
        "low_price": {name: Decimal(value) for name, value in terms["low_price"].items()},
        "deduction": {name: Decimal(value) for name, value in terms["deduction"].items()},
        "minimum": _amount(terms["minimum"]),
        "tie": terms["tie"],
    }


def _framework(framework: dict[str, Any] | None) -> dict[str, Any] | None:
    if framework is None:
        return None
    ways = ways_named(framework["ways"])
    return {**framework, "elimination": Decimal(framework["elimination"]), "ways": ways}


def _amount(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _agent(row: AgentAppointment | None) -> dict[str, Any] | None:
    """Return who acts for the purchaser, under which agreement and in what; None where nobody does."""
    if row is None or not row.stands:
        return None
    return {
        "id": str(row.agency_id),
        "name": row.agency.name,
        "agreement": row.agreement_number,
        "agreed_on": row.agreed_on,
        "scope": row.scope,
        "fee": row.fee,
        "contact": {"name": row.contact_name, "telephone": row.contact_telephone},
    }


def _agent_words(agent: dict[str, Any] | None) -> dict[str, Any] | None:
    if agent is None:
        return None
    return {**agent, "steps": [AgentStep(one).label for one in agent["scope"]]}


def _lot(lot: Lot) -> dict[str, Any]:
    return {
        "id": str(lot.id),
        "position": lot.position,
        "title": lot.title,
        "budget": lot.budget,
        "projects": [
            {"id": str(one.id), "code": one.code, "name": one.name, "unit": one.unit.name} for one in lot.projects
        ],
    }


def _criterion(one: Criterion) -> dict[str, Any]:
    return {
        "id": str(one.id),
        "position": one.position,
        "kind": one.kind,
        "title": one.title,
        "description": one.description,
        "maximum": one.maximum,
        "bands": [{"points": str(band["points"]), "text": str(band.get("text", ""))} for band in one.bands],
    }


def _keyholder(one: Keyholder) -> dict[str, Any]:
    return {
        "position": one.position,
        "name": one.user.name,
        "recipient": one.public_key,
        "fingerprint": one.fingerprint,
    }
