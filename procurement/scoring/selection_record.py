"""The record of a below-limit selection or a single source, full and public, and its verification from it alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from core.records import Fault, NotRecordable, Record, check_seal, redact, salts_for, seal

HIDDEN = ("/offers/*/price", "/offers/*/remark")
"""What the public form keeps to itself: what the others offered and what was said of it."""


@dataclass(frozen=True)
class Answer:
    """What one supplier answered: a price in yuan (None where it declined or kept silent) and what was said of it."""

    supplier: str
    price: Decimal | None
    remark: str = ""


@dataclass(frozen=True)
class Selection:
    """Everything that led to a choice without sealed bids; `amount` is the price agreed, in yuan."""

    tender: str
    method: str
    rule_id: str
    fewest: int
    few_reason: str
    budget: Decimal
    answers: Sequence[Answer]
    chosen: str
    amount: Decimal
    reason: str
    decided_at: str
    lowest_wins: bool = False
    """Whether the lowest price among the answers must win (二次竞价, R-FRAME-03)."""


def selection_record(facts: Selection, master_salt: str) -> Record:
    """Return the full record, sealed."""
    full: Record = {
        "kind": "selection",
        "version": 1,
        "form": "full",
        "tender": facts.tender,
        "method": facts.method,
        "rule": {"rule_id": facts.rule_id, "fewest": facts.fewest, "few_reason": facts.few_reason},
        "budget": facts.budget,
        "asked": len(facts.answers),
        "answered": sum(one.price is not None for one in facts.answers),
        "offers": [{"bid": one.supplier, "price": one.price, "remark": one.remark} for one in facts.answers],
        "scores": [],
        **({"lowest_wins": True} if facts.lowest_wins else {}),
        "award": {
            "bid": facts.chosen,
            "amount": facts.amount,
            "reason": facts.reason,
            "decided_at": facts.decided_at,
        },
    }
    full["salts"] = salts_for(full, HIDDEN, master_salt)
    return seal(full)


def public_selection_record(full: Record) -> Record:
    """Return the public form: who was chosen at what price and why; what the others offered is sealed."""
    return seal(redact(full, HIDDEN, full["salts"]))


def verify_selection(record: Record) -> list[Fault]:
    """Return every fault of a record, full or public: digests, enough suppliers or the reason, budget, the choice."""
    faults = check_seal(record)
    try:
        faults += _faults(record)
    except (KeyError, TypeError, ValueError, AttributeError, InvalidOperation, NotRecordable) as error:
        zh, en = f"记录缺少内容或格式不对:{error!r}。", f"The record lacks a part or is malformed: {error!r}."
        faults.append(Fault("malformed", "", zh, en))
    return faults


def _faults(record: Record) -> list[Fault]:
    rule, award, offers = record["rule"], record["award"], {one["bid"]: one for one in record["offers"]}
    found = []
    if len(offers) != record["asked"] or (len(offers) < rule["fewest"] and not rule["few_reason"]):
        zh, en = "征询的供应商不足且没有理由。", "Too few suppliers were asked and no reason is given."
        found.append(Fault(rule["rule_id"], "/offers", zh, en))
    if award["bid"] not in offers:
        found.append(
            Fault(rule["rule_id"], "/award/bid", "选定的不是征询过的供应商。", "The chosen supplier was not asked.")
        )
    if not award["reason"]:
        found.append(Fault(rule["rule_id"], "/award/reason", "没有写明选定理由。", "No reason is given."))
    if not Decimal(0) < Decimal(award["amount"]) <= Decimal(record["budget"]):
        found.append(Fault("R-OPEN-05", "/award/amount", "成交金额超过预算。", "The price exceeds the budget."))
    if record["form"] == "full" and award["bid"] in offers:
        offered = offers[award["bid"]]["price"]
        if offered is None or Decimal(offered) < Decimal(award["amount"]):
            zh, en = "成交金额高于该供应商的报价。", "The agreed price is above what that supplier offered."
            found.append(Fault(rule["rule_id"], "/award/amount", zh, en))
        prices = [Decimal(one["price"]) for one in offers.values() if one["price"] is not None]
        if record.get("lowest_wins") and prices and Decimal(award["amount"]) != min(prices):
            zh, en = "成交的不是最低报价。", "The price chosen is not the lowest."
            found.append(Fault("R-FRAME-03", "/award/amount", zh, en))
    return found
