"""采购方式: what each method of purchase asks for, as data; everything that depends on the method asks here.

A method names where its numbers stand in the rule data (`RuleNumber`), never the numbers themselves. Which words its
papers use, who is asked and how, what is sealed and when each part is opened stand beside them.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from core.i18n import Text, _l
from core.rules import RuleBook
from core.states import Titled
from core.unit_of_work import UnitOfWork
from procurement.method_words import (
    CALL_OFF_WORDS,
    CONSULTATION_WORDS,
    FRAMEWORK_WORDS,
    INVITED_WORDS,
    NEGOTIATION_WORDS,
    QUOTATION_WORDS,
    SELECTION_WORDS,
    SOLE_WORDS,
    TENDER_WORDS,
    MethodWords,
)
from procurement.models import Tender
from procurement.planning.thresholds import thresholds
from procurement.scoring import CommitteeRule, Procedure
from procurement.states import Evaluation, Method


@dataclass(frozen=True)
class RuleNumber:
    """Where a number of the rules stands: the rule's id and the name of its value."""

    rule_id: str
    name: str

    def whole(self, uow: UnitOfWork) -> int:
        """Return the number in force today."""
        return uow.house.rules.whole(self.rule_id, self.name, on=uow.today)

    def number(self, book: RuleBook, on: date) -> Decimal:
        """Return the number in force on a day, exactly."""
        return book.number(self.rule_id, self.name, on=on)


class LargeBy(enum.Enum):
    """What makes a purchase so large that its committee must be larger."""

    BUDGET_OR_FLAGS = "budget-or-flags"
    OPEN_THRESHOLD = "open-threshold"


@dataclass(frozen=True)
class CommitteeNeed:
    """The fewest members of the committee or group, and of a larger one where something makes the purchase large."""

    usual: RuleNumber
    large: RuleNumber | None = None
    large_by: LargeBy | None = None


class Source(Titled):
    """Where the suppliers of a purchase come from; for an invitation one lawful source is named in its file."""

    NOTICE = "notice", _l("公告")
    PREQUALIFICATION = "prequalification", _l("资格预审公告")
    POOL = "pool", _l("省级以上供应商库")
    RECOMMENDATION = "recommendation", _l("采购人书面推荐")
    ADMITTED = "admitted", _l("框架协议入围供应商")


class SealedPart(Titled):
    """A part that is handed in sealed."""

    RESPONSE = "response", _l("投标（响应）文件")
    FINAL_OFFER = "final-offer", _l("最后报价")


class OpenedWhen(Titled):
    """When a sealed part is opened."""

    DEADLINE = "deadline", _l("截止时间一到，由密钥持有人开启")
    FINAL_DEADLINE = "final-deadline", _l("最后报价截止后，由密钥持有人另行开启")


@dataclass(frozen=True)
class Sealed:
    """A sealed part and when it is opened."""

    part: SealedPart
    opened: OpenedWhen


@dataclass(frozen=True)
class MethodRules:
    """What one method asks for.

    `notice`, `documents`, `response` and `clarification` are least periods (None where the method has none);
    `fewest` is how many must bid and stay valid, `fewest_reduced` the lawful smaller number for purchased services;
    `price_weight` is least and greatest weight in comprehensive scoring; `procedure` is what scoring calls it.
    `reads_out` says that the opening sheet is read out with its price (R-OPEN-07). `by_envelope` says that suppliers
    answer with sealed envelopes through a published tender; the two others are run on pages of their own.
    """

    method: Method
    words: MethodWords
    evaluations: tuple[Evaluation, ...]
    procedure: Procedure = Procedure.TENDER
    notice: RuleNumber | None = None
    documents: RuleNumber | None = None
    response: RuleNumber | None = None
    clarification: RuleNumber | None = None
    draw: RuleNumber | None = None
    fewest: RuleNumber | None = None
    fewest_reduced: RuleNumber | None = None
    price_weight: tuple[RuleNumber, RuleNumber | None] | None = None
    committee: CommitteeNeed | None = None
    sources: tuple[Source, ...] = (Source.NOTICE,)
    by_envelope: bool = True
    reads_out: bool = False
    rounds: bool = False
    sealed: tuple[Sealed, ...] = ()

    @property
    def public_notice(self) -> bool:
        """Whether suppliers are sought by a public notice that anybody may answer."""
        return Source.NOTICE in self.sources

    @property
    def invites(self) -> bool:
        """Whether only those invited may answer."""
        return not self.public_notice

    @property
    def final_offers(self) -> bool:
        """Whether sealed final offers follow the rounds; only then is a price opened separately (R-OPEN-07)."""
        return any(one.part is SealedPart.FINAL_OFFER for one in self.sealed)


_SEALED_BIDS = (Sealed(SealedPart.RESPONSE, OpenedWhen.DEADLINE),)
_SEALED_TWICE = (*_SEALED_BIDS, Sealed(SealedPart.FINAL_OFFER, OpenedWhen.FINAL_DEADLINE))
_SCORED = (Evaluation.COMPREHENSIVE, Evaluation.LOWEST_PRICE)
_TENDER_COMMITTEE = CommitteeNeed(
    RuleNumber("R-COMM-01", "members_min"), RuleNumber("R-COMM-02", "members_min"), LargeBy.BUDGET_OR_FLAGS
)
_SMALL_GROUP = CommitteeNeed(RuleNumber("R-COMM-03", "members_min"))
_GROUP = CommitteeNeed(
    RuleNumber("R-COMM-03", "members_min"), RuleNumber("R-COMM-03", "members_min_large"), LargeBy.OPEN_THRESHOLD
)
_BIDDERS = RuleNumber("R-OPEN-04", "bidders_min")
_TENDER_WEIGHT = (RuleNumber("R-PRICE-02", "services_min"), None)

OPEN_TENDER = MethodRules(
    Method.OPEN_TENDER,
    TENDER_WORDS,
    _SCORED,
    notice=RuleNumber("R-TENDER-01", "days"),
    documents=RuleNumber("R-TENDER-03", "days"),
    response=RuleNumber("R-TENDER-04", "days"),
    clarification=RuleNumber("R-TENDER-05", "days"),
    draw=RuleNumber("R-COMM-05", "days"),
    fewest=_BIDDERS,
    price_weight=_TENDER_WEIGHT,
    committee=_TENDER_COMMITTEE,
    reads_out=True,
    sealed=_SEALED_BIDS,
)
INVITED_TENDER = MethodRules(
    Method.INVITED_TENDER,
    INVITED_WORDS,
    _SCORED,
    documents=RuleNumber("R-TENDER-03", "days"),
    response=RuleNumber("R-TENDER-04", "days"),
    clarification=RuleNumber("R-TENDER-05", "days"),
    draw=RuleNumber("R-COMM-05", "days"),
    fewest=_BIDDERS,
    price_weight=_TENDER_WEIGHT,
    committee=_TENDER_COMMITTEE,
    sources=(Source.PREQUALIFICATION, Source.POOL, Source.RECOMMENDATION),
    reads_out=True,
    sealed=_SEALED_BIDS,
)
CONSULTATION = MethodRules(
    Method.CONSULTATION,
    CONSULTATION_WORDS,
    (Evaluation.COMPREHENSIVE,),
    procedure=Procedure.CONSULTATION,
    notice=RuleNumber("R-NEG-05", "notice_days"),
    documents=RuleNumber("R-NEG-01", "document_days"),
    response=RuleNumber("R-NEG-01", "days"),
    clarification=RuleNumber("R-NEG-01", "clarification_days"),
    fewest=RuleNumber("R-NEG-01", "offers_min"),
    fewest_reduced=RuleNumber("R-NEG-01", "offers_min_services"),
    price_weight=(RuleNumber("R-PRICE-03", "services_min"), RuleNumber("R-PRICE-03", "services_max")),
    committee=_SMALL_GROUP,
    sources=(Source.NOTICE, Source.POOL, Source.RECOMMENDATION),
    rounds=True,
    sealed=_SEALED_TWICE,
)
NEGOTIATION = MethodRules(
    Method.NEGOTIATION,
    NEGOTIATION_WORDS,
    (Evaluation.LOWEST_PRICE,),
    procedure=Procedure.NEGOTIATION,
    notice=RuleNumber("R-NEG-05", "notice_days"),
    response=RuleNumber("R-NEG-05", "response_days"),
    clarification=RuleNumber("R-NEG-05", "clarification_days"),
    fewest=RuleNumber("R-NEG-02", "suppliers_min"),
    committee=_GROUP,
    sources=(Source.NOTICE, Source.POOL, Source.RECOMMENDATION),
    rounds=True,
    sealed=_SEALED_TWICE,
)
QUOTATION = MethodRules(
    Method.QUOTATION,
    QUOTATION_WORDS,
    (Evaluation.LOWEST_PRICE,),
    procedure=Procedure.NEGOTIATION,
    notice=RuleNumber("R-NEG-05", "notice_days"),
    response=RuleNumber("R-NEG-05", "response_days"),
    clarification=RuleNumber("R-NEG-05", "clarification_days"),
    draw=RuleNumber("R-COMM-05", "days"),
    fewest=RuleNumber("R-NEG-04", "suppliers_min"),
    committee=_GROUP,
    sources=(Source.NOTICE, Source.POOL, Source.RECOMMENDATION),
    reads_out=True,
    sealed=_SEALED_BIDS,
)
SINGLE_SOURCE = MethodRules(
    Method.SINGLE_SOURCE,
    SOLE_WORDS,
    (Evaluation.AGREED_PRICE,),
    procedure=Procedure.NEGOTIATION,
    notice=RuleNumber("R-NEG-03", "days"),
    sources=(),
    by_envelope=False,
)
BELOW_LIMIT = MethodRules(
    Method.BELOW_LIMIT,
    SELECTION_WORDS,
    (Evaluation.COMPARISON,),
    procedure=Procedure.NEGOTIATION,
    fewest=RuleNumber("R-BELOW-01", "suppliers_min"),
    sources=(Source.RECOMMENDATION,),
    by_envelope=False,
)
FRAMEWORK = MethodRules(
    Method.FRAMEWORK,
    FRAMEWORK_WORDS,
    (Evaluation.LOWEST_PRICE, Evaluation.COMPREHENSIVE),
    procedure=Procedure.FRAMEWORK,
    notice=RuleNumber("R-TENDER-01", "days"),
    documents=RuleNumber("R-TENDER-03", "days"),
    response=RuleNumber("R-TENDER-04", "days"),
    clarification=RuleNumber("R-TENDER-05", "days"),
    draw=RuleNumber("R-COMM-05", "days"),
    fewest=RuleNumber("R-FRAME-01", "suppliers_min"),
    committee=_TENDER_COMMITTEE,
    reads_out=True,
    sealed=_SEALED_BIDS,
)
CALL_OFF_DIRECT = MethodRules(
    Method.CALL_OFF_DIRECT,
    CALL_OFF_WORDS,
    (Evaluation.AGREED_PRICE,),
    procedure=Procedure.NEGOTIATION,
    sources=(Source.ADMITTED,),
    by_envelope=False,
)
CALL_OFF_ROTATION = replace(CALL_OFF_DIRECT, method=Method.CALL_OFF_ROTATION)
CALL_OFF_PRICES = MethodRules(
    Method.CALL_OFF_PRICES,
    CALL_OFF_WORDS,
    (Evaluation.LOWEST_PRICE,),
    procedure=Procedure.NEGOTIATION,
    sources=(Source.ADMITTED,),
    reads_out=True,
    sealed=_SEALED_BIDS,
)
METHODS: dict[Method, MethodRules] = {
    one.method: one
    for one in (
        OPEN_TENDER,
        INVITED_TENDER,
        CONSULTATION,
        NEGOTIATION,
        QUOTATION,
        SINGLE_SOURCE,
        BELOW_LIMIT,
        FRAMEWORK,
        CALL_OFF_DIRECT,
        CALL_OFF_ROTATION,
        CALL_OFF_PRICES,
    )
}
CALL_OFFS = (Method.CALL_OFF_DIRECT, Method.CALL_OFF_ROTATION, Method.CALL_OFF_PRICES)
"""The second stage of a framework agreement (R-FRAME-03): always begun from the framework, never on its own."""
WAYS = {
    Method.CALL_OFF_DIRECT: _l("直接选定"),
    Method.CALL_OFF_ROTATION: _l("顺序轮候"),
    Method.CALL_OFF_PRICES: _l("二次竞价"),
}
"""What the ways of the second stage are called where the framework itself is in sight."""
ON_ITS_OWN = tuple(one for one in METHODS if one not in CALL_OFFS)
JUDGED = tuple(one.method for one in METHODS.values() if one.committee is not None)
"""Methods whose bids a committee or group judges."""
RUN_BY_ENVELOPE = tuple(one.method for one in METHODS.values() if one.by_envelope)
BY_INVITATION = tuple(one.method for one in METHODS.values() if one.by_envelope and one.invites)
DIRECT = tuple(one.method for one in METHODS.values() if not one.by_envelope)
ASKED_DIRECTLY = (Method.BELOW_LIMIT, Method.SINGLE_SOURCE)
"""Methods without envelopes in which the purchaser itself asks suppliers and proposes one."""


def rules_of(tender: Tender) -> MethodRules:
    """Return what the tender's method asks for."""
    return METHODS[tender.method]


def is_by_invitation(tender: Tender) -> bool:
    """Whether only invited suppliers may answer: by the method, or because this purchase names whom it invites."""
    return rules_of(tender).invites or bool(tender.invitations)


def words_of(tender: Tender) -> MethodWords:
    """Return the words the papers of the tender's method use."""
    return METHODS[tender.method].words


def fewest_bidders(uow: UnitOfWork, tender: Tender) -> int:
    """Return how many must bid and stay valid (R-OPEN-04, R-NEG-01…04): the smaller number where one is lawful."""
    rules = rules_of(tender)
    number = rules.fewest_reduced or rules.fewest
    return number.whole(uow) if number else 1


def usual_bidders(uow: UnitOfWork, tender: Tender) -> int:
    """Return how many there normally are; fewer but lawful needs its ground in the report (R-NEG-01)."""
    rules = rules_of(tender)
    return rules.fewest.whole(uow) if rules.fewest else 1


def fewest_rule(tender: Tender) -> str:
    """Return the rule that asks for this number of bidders."""
    rules = rules_of(tender)
    if tender.method in CALL_OFFS:
        return "R-FRAME-03"
    return rules.fewest.rule_id if rules.fewest else "R-NEG-03"


def ways_named(ways: Iterable[str]) -> list[Text]:
    """Return the ways of a second stage by name; direct selection is always one of them (R-FRAME-03)."""
    foreseen = {Method.CALL_OFF_DIRECT.value, *ways}
    return [words for method, words in WAYS.items() if method.value in foreseen]


def evaluation_label(method: Method, evaluation: Evaluation) -> Text:
    """Return what the evaluation is called in this method: a framework call shortlists by price or by quality."""
    if method is not Method.FRAMEWORK:
        return evaluation.label
    return _l("价格优先法") if evaluation is Evaluation.LOWEST_PRICE else _l("质量优先法")


def committee_rule_of(uow: UnitOfWork, tender: Tender) -> CommitteeRule:
    """Return how large the committee must be, and by which rule (R-COMM-01…03)."""
    need = rules_of(tender).committee
    if need is None:
        return CommitteeRule(1, "R-COMM-03")
    number = need.large if need.large is not None and _is_large(uow, tender, need.large_by) else need.usual
    return CommitteeRule(number.whole(uow), number.rule_id)


def price_weights(uow: UnitOfWork, tender: Tender) -> tuple[Decimal, Decimal, str] | None:
    """Return least and greatest price weight in points with their rule; None where no points are given."""
    limits = rules_of(tender).price_weight
    if limits is None or tender.evaluation is not Evaluation.COMPREHENSIVE:
        return None
    least, most = limits
    book, on = uow.house.rules, uow.today
    return least.number(book, on), most.number(book, on) if most else Decimal(100), least.rule_id


def envelope_methods(done: Iterable[Method] = RUN_BY_ENVELOPE) -> list[tuple[str, Text]]:
    """Return the methods a published tender may have, for a form's choices."""
    return [(one.value, one.label) for one in done]


def _is_large(uow: UnitOfWork, tender: Tender, by: LargeBy | None) -> bool:
    book, on = uow.house.rules, uow.today
    if by is LargeBy.OPEN_THRESHOLD:
        return tender.budget >= thresholds(uow).open_tender
    large = tender.budget >= book.number("R-COMM-02", "budget_from", on=on)
    return large or tender.is_complex or tender.is_high_impact
