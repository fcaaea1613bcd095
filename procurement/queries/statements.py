"""What opened bids state of themselves, and what speaks against it (R-TENDER-08, -17, -18, R-PRICE-06)."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from core.amounts import NotAnAmount
from core.chinese_numbers import capital_to_amount
from core.errors import Refusal
from core.i18n import Text, _l
from procurement.drafting.bid_form import DECLARED, asked_declarations
from procurement.models import Bid
from procurement.sealing.errors import Corrupt
from procurement.sealing.statement import SMALL_AND_MEDIUM, Statement, read_statement
from procurement.states import SmeReservation


def statement_of(bid: Bid) -> Statement | None:
    """Return what an opened bid states, None where it states nothing as data."""
    try:
        return read_statement((bid.manifest or {}).get("statement"))
    except Corrupt:  # kept by an older version, which did not look at it
        return None


@dataclass(frozen=True)
class Party:
    """A bidder with those it bids together with, as names and credit codes that stand for one firm each."""

    key: uuid.UUID
    bidder: str
    uscc: str | None
    members: Sequence[tuple[str, str]]

    @property
    def codes(self) -> frozenset[str]:
        """Every firm in it, by credit code, or by name where none is known."""
        return frozenset({self.uscc or self.bidder, *(uscc for _name, uscc in self.members)})


def overlaps(parties: Sequence[Party]) -> dict[uuid.UUID, list[str]]:
    """Return for each bid the other bidders with which it shares a firm: alone and in a consortium, or in two."""
    found: dict[uuid.UUID, list[str]] = {}
    for one in parties:
        others = [other.bidder for other in parties if other.key != one.key and one.codes & other.codes]
        if others:
            found[one.key] = others
    return found


def statement_refusals(bids: Iterable[Bid]) -> Mapping[uuid.UUID, list[Refusal]]:
    """Return for each opened bid what keeps it from being found qualified; `bids` are those of one tender.

    A bid without a statement as data is judged by its papers alone. Firms that stand twice are looked for in each lot.
    """
    opened = [bid for bid in bids if bid.manifest is not None]
    refusals: dict[uuid.UUID, list[Refusal]] = {bid.id: _own(bid) for bid in opened}
    for lot in {bid.lot_id for bid in opened}:
        parties = [_party(bid) for bid in opened if bid.lot_id == lot]
        for key, others in overlaps(parties).items():
            words = _l("联合体成员又单独投标或者参加了另一个联合体，涉及：%(others)s", others="、".join(others))
            refusals[key].append(Refusal(words, rule_id="R-TENDER-18"))
    return refusals


def reservation_fault(reservation: SmeReservation, statement: Statement, purposes: Collection[str]) -> Text | None:
    """Return why a bid cannot pass where the purchase is reserved for small and medium firms (R-PRICE-06).

    Reserved whole: who provides the service is such a firm itself. Reserved in part: itself, or with such firms by a
    consortium or a letter of intent to subcontract. Prison enterprises and welfare units count as small firms.
    """
    if reservation is SmeReservation.NONE or statement.firm_size in SMALL_AND_MEDIUM:
        return None
    if reservation is SmeReservation.WHOLE:
        return _l("本项目专门面向中小企业采购，供应商没有声明为中小企业（监狱企业、残疾人福利性单位视同）")
    if statement.members or "agreement" in purposes:
        return None
    return _l("本项目部分预留给中小企业：供应商不是中小企业，也没有与中小企业组成联合体或者附分包意向协议")


def _party(bid: Bid) -> Party:
    statement = statement_of(bid)
    members = [(one.name, one.uscc) for one in statement.members] if statement else []
    return Party(bid.id, bid.bidder.name, bid.bidder.uscc, members)


def _own(bid: Bid) -> list[Refusal]:
    statement = statement_of(bid)
    found = [one for one in [_price_words(bid)] if one is not None]
    if statement is None:
        return found
    purposes = {file.get("purpose") for file in (bid.manifest or {}).get("files", [])}
    if statement.members and "agreement" not in purposes:
        found.append(Refusal(_l("联合体投标没有附联合体协议"), rule_id="R-TENDER-18"))
    missing = [one for one in asked_declarations(bid.tender.record) if one not in statement.declarations]
    if missing:
        named = "；".join(str(DECLARED[one]) for one in missing)
        found.append(Refusal(_l("没有声明：%(words)s", words=named), rule_id="R-TENDER-17"))
    if words := reservation_fault(bid.tender.sme_reservation, statement, purposes):
        found.append(Refusal(words, rule_id="R-PRICE-06"))
    if bid.tender.deposit and Decimal(statement.deposit_amount or "0") < bid.tender.deposit:
        words = _l("投标保证金不足 %(amount)s 元", amount=f"{bid.tender.deposit:,.2f}")
        found.append(Refusal(words, rule_id="R-TENDER-08"))
    return found


def _price_words(bid: Bid) -> Refusal | None:
    """The price in words counts where it differs from the figures (R-PRICE-04): the committee corrects it."""
    written = (bid.opening_sheet or {}).get("price_words")
    if not written or bid.price is None:
        return None
    try:
        if capital_to_amount(str(written)) == bid.price:
            return None
    except NotAnAmount:
        pass
    return Refusal(_l("报价大写“%(words)s”与小写不一致，以大写为准", words=written), rule_id="R-PRICE-04")


BLOCKING = frozenset({"R-TENDER-08", "R-TENDER-17", "R-TENDER-18", "R-PRICE-06"})
"""What keeps a bid from being found qualified; a price in words that differs is for the committee to correct."""
