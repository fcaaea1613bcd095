"""The tender: what the frozen record says, and the amendments that made new versions of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from procurement.ocds.moments import (
    Body,
    Moment,
    document,
    instant,
    last_second,
    reference,
    value_of,
    without_empty,
)
from procurement.public_process import Process, Version

METHODS = {
    "open-tender": "open",
    "invited-tender": "selective",
    "consultation": "open",
    "negotiation": "limited",
    "quotation": "limited",
    "single-source": "direct",
    "below-limit": "limited",
    "framework": "open",
    "call-off-direct": "direct",
    "call-off-rotation": "direct",
    "call-off-prices": "selective",
}
"""Method of purchase → OCDS `method`."""
CRITERIA = {"comprehensive": "ratedCriteria", "lowest-price": "priceOnly"}
"""How the winner is found → OCDS `awardCriteria`, where the standard has a word for it."""


def tender(process: Process) -> Iterator[Moment]:
    """Yield the first notice as `tender`, each later version as `tenderAmendment`."""
    roles = [(process.purchaser, "buyer"), (process.agent or process.purchaser, "procuringEntity")]
    for version in process.versions:
        first = version.number == 1
        key = "tender" if first else f"amendment-{version.number}"
        body: Body = {"buyer": reference(process.purchaser), "tender": _tender(process, version)}
        if first and (related := related_processes(process)):
            body["relatedProcesses"] = related
        tag = "tender" if first else "tenderAmendment"
        yield Moment(key, version.at, tag, body, roles=tuple(roles), step=20)


def related_processes(process: Process) -> list[Body]:
    """Return the failed purchase that this one repeats, and the framework agreement that it is called off from."""
    known = (("unsuccessfulProcess", process.previous), ("framework", process.framework))
    return [
        {"id": str(number), "relationship": [kind], "title": ocid, "scheme": "ocid", "identifier": ocid}
        for number, (kind, ocid) in enumerate(((kind, ocid) for kind, ocid in known if ocid), 1)
    ]


def named(process: Process) -> Body:
    """Return what is known of a purchase even where it had no public notice."""
    return {
        "id": process.number,
        "title": process.title,
        "procuringEntity": reference(process.agent or process.purchaser),
        "procurementMethod": METHODS[process.method],
        "procurementMethodDetails": process.method_name,
        "mainProcurementCategory": "services",
        "additionalProcurementCategories": ["consultingServices"],
    }


def _tender(process: Process, version: Version) -> Body:
    record = version.record
    return without_empty(
        {
            **named(process),
            "title": str(record.get("title") or process.title),
            "description": record.get("requirement"),
            "status": "active",
            "value": value_of(record["budget"]),
            "awardCriteria": CRITERIA.get(str(record.get("evaluation", "comprehensive"))),
            "awardCriteriaDetails": _criteria(record),
            "submissionMethod": ["electronicSubmission"],
            "submissionMethodDetails": "在本平台密封递交，截止前任何人不能阅看",
            "eligibilityCriteria": "\n".join(record.get("qualifications") or ()),
            "tenderPeriod": _bidding(version.at, process, record),
            "contractPeriod": _service(record),
            "lots": [_lot(lot) for lot in record.get("lots", ())],
            "items": [
                _item(lot, number, project)
                for lot in record.get("lots", ())
                for number, project in enumerate(lot.get("projects", ()), 1)
            ],
            "bidOpening": _opening(record),
            "documents": [
                document(
                    "tender-notice",
                    "tenderNotice",
                    f"{record.get('title') or process.title}公告",
                    process.url,
                    version.at,
                )
            ],
            "amendments": [_amendment(one) for one in process.versions if 1 < one.number <= version.number],
        }
    )


def _criteria(record: Mapping[str, Any]) -> str:
    scored = [one for one in record.get("criteria", ()) if one.get("maximum") is not None]
    parts = [f"{one['title']} {one['maximum']}分" for one in scored]
    if record.get("price_weight") is not None:
        parts.append(f"价格 {record['price_weight']}分")
    return "；".join(parts)


def _bidding(published: datetime, process: Process, record: Mapping[str, Any]) -> Body:
    first = process.versions[0].at if process.versions else published
    return without_empty(
        {
            "startDate": instant(first),
            "endDate": instant(datetime.fromisoformat(record["deadline"])) if record.get("deadline") else None,
        }
    )


def _service(record: Mapping[str, Any]) -> Body:
    until = record.get("service_until")
    return {"endDate": last_second(date.fromisoformat(until))} if until else {}


def _lot(lot: Mapping[str, Any]) -> Body:
    return {
        "id": lot_id(lot["position"]),
        "title": str(lot["title"]),
        "status": "active",
        "value": value_of(lot["budget"]),
    }


def lot_id(position: int | str) -> str:
    """Return the id of the lot at a position."""
    return f"lot-{position}"


def _item(lot: Mapping[str, Any], number: int, project: Mapping[str, Any]) -> Body:
    return {
        "id": f"{lot['position']}-{number}",
        "description": f"{project['name']}绩效评价",
        "quantity": 1,
        "unit": {"name": "项"},
        "relatedLot": lot_id(lot["position"]),
    }


def _opening(record: Mapping[str, Any]) -> Body:
    place, deadline = record.get("opening_place"), record.get("deadline")
    return without_empty(
        {
            "date": instant(datetime.fromisoformat(deadline)) if deadline else None,
            "address": {"streetAddress": place} if place else None,
        }
    )


def _amendment(version: Version) -> Body:
    said = "；".join(f"{one.what}：由“{one.before}”改为“{one.after}”" for one in version.changes)
    return without_empty(
        {
            "id": f"amendment-{version.number}",
            "date": instant(version.at),
            "rationale": version.reason,
            "description": said or version.title,
        }
    )
