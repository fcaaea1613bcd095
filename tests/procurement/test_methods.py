"""What each method of purchase asks for: its numbers stand in the rule data, and everything else follows them."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from core.clock import shanghai
from core.rules import RuleBook
from procurement.drafting.dates import periods, ruler
from procurement.drafting.lawfulness import breaches, checklist
from procurement.methods import (
    METHODS,
    SealedPart,
    Source,
    committee_rule_of,
    fewest_bidders,
    fewest_rule,
    price_weights,
    usual_bidders,
)
from procurement.states import Evaluation, Method
from tests.factories.procurement import draft_tender

BOOK, TODAY = RuleBook.load(), date(2026, 11, 25)
BY_NOTICE = (Method.OPEN_TENDER, Method.CONSULTATION, Method.NEGOTIATION, Method.QUOTATION)


@pytest.mark.parametrize("rules", METHODS.values(), ids=str)
def test_every_number_of_a_method_stands_in_the_rule_data(rules):
    committee = (rules.committee.usual, rules.committee.large) if rules.committee else ()
    numbers = (rules.notice, rules.documents, rules.response, rules.clarification, rules.draw, rules.fewest)
    for number in (*numbers, rules.fewest_reduced, *committee, *(rules.price_weight or ())):
        if number is not None:
            assert number.number(BOOK, TODAY) >= 0


def test_every_method_has_its_entry_and_only_two_ways_to_evaluate_bids():
    assert set(METHODS) == set(Method)
    for rules in METHODS.values():
        if rules.by_envelope:  # R-EVAL-01
            assert set(rules.evaluations) <= {Evaluation.COMPREHENSIVE, Evaluation.LOWEST_PRICE}
            assert (rules.committee is None) == (rules.method is Method.CALL_OFF_PRICES)  # the price decides alone
            assert rules.sealed[0].part is SealedPart.RESPONSE


def test_a_price_is_opened_separately_only_as_a_final_offer():  # R-OPEN-07
    for rules in METHODS.values():
        assert rules.final_offers == (rules.method in (Method.CONSULTATION, Method.NEGOTIATION))
        assert not (rules.reads_out and rules.final_offers)
    assert METHODS[Method.OPEN_TENDER].reads_out


def test_only_the_invited_answer_an_invited_tender():  # R-TENDER-10
    rules = METHODS[Method.INVITED_TENDER]
    assert rules.invites
    assert Source.NOTICE not in rules.sources


FEWEST = [
    (Method.OPEN_TENDER, 3, 3, "R-OPEN-04"),
    (Method.CONSULTATION, 2, 3, "R-NEG-01"),
    (Method.NEGOTIATION, 3, 3, "R-NEG-02"),
    (Method.QUOTATION, 3, 3, "R-NEG-04"),
    (Method.SINGLE_SOURCE, 1, 1, "R-NEG-03"),
    (Method.BELOW_LIMIT, 3, 3, "R-BELOW-01"),
    (Method.FRAMEWORK, 2, 2, "R-FRAME-01"),
]


@pytest.mark.parametrize(("method", "fewest", "usual", "rule_id"), FEWEST, ids=[str(one[0]) for one in FEWEST])
def test_the_fewest_bidders(uow, method, fewest, usual, rule_id):
    tender = draft_tender(uow, method=method).tender
    assert (fewest_bidders(uow, tender), usual_bidders(uow, tender), fewest_rule(tender)) == (fewest, usual, rule_id)


COMMITTEES = [
    (Method.OPEN_TENDER, "180000", {}, 5, "R-COMM-01"),
    (Method.OPEN_TENDER, "180000", {"is_complex": True}, 7, "R-COMM-02"),
    (Method.INVITED_TENDER, "10000000", {}, 7, "R-COMM-02"),
    (Method.CONSULTATION, "10000000", {"is_complex": True}, 3, "R-COMM-03"),
    (Method.NEGOTIATION, "3999999.99", {}, 3, "R-COMM-03"),
    (Method.NEGOTIATION, "4000000", {}, 5, "R-COMM-03"),
    (Method.QUOTATION, "4000000", {}, 5, "R-COMM-03"),
]


@pytest.mark.parametrize("case", COMMITTEES, ids=str)
def test_the_size_of_the_committee(uow, case):
    method, budget, flags, fewest, rule_id = case
    tender = draft_tender(uow, method=method, budget=Decimal(budget), **flags).tender
    rule = committee_rule_of(uow, tender)
    assert (rule.fewest, rule.rule_id) == (fewest, rule_id)


@pytest.mark.parametrize("method", [*BY_NOTICE, Method.INVITED_TENDER], ids=str)
def test_a_lawful_draft_of_each_method_breaks_no_rule_that_blocks(uow, method):
    purchase = draft_tender(uow, method=method)
    found = {one.rule_id for one in breaches(uow, purchase.tender)}
    drawn_later = {"R-TENDER-10"} if method is Method.INVITED_TENDER else set()  # suppliers are drawn from the draft
    assert found == drawn_later


def test_a_consultation_is_open_for_ten_days_not_twenty(uow):  # R-NEG-01
    tender = draft_tender(uow, method=Method.CONSULTATION).tender
    runs = periods(uow, tender, uow.today)
    assert runs.deadline_at_least == uow.today + timedelta(days=10)
    tender.deadline = shanghai(uow.today + timedelta(days=9), 10)
    tender.documents_until = uow.today + timedelta(days=8)
    assert ("R-NEG-01", "deadline") in {(one.rule_id, one.field) for one in breaches(uow, tender)}
    tender.deadline = shanghai(uow.today + timedelta(days=10), 10)
    assert breaches(uow, tender) == []


def test_the_price_of_a_consultation_weighs_ten_to_thirty(uow):  # R-PRICE-03
    tender = draft_tender(uow, method=Method.CONSULTATION).tender
    assert price_weights(uow, tender) == (Decimal(10), Decimal(30), "R-PRICE-03")
    tender.price_weight = Decimal(31)
    assert "R-PRICE-03" in {one.rule_id for one in breaches(uow, tender)}


def test_a_short_time_to_answer_an_inquiry_only_warns_while_the_number_is_unconfirmed(uow):  # R-NEG-05
    tender = draft_tender(uow, method=Method.QUOTATION).tender
    tender.deadline = shanghai(uow.today + timedelta(days=1), 10)
    tender.documents_until = uow.today
    levels = {one.level for one in checklist(uow, tender) if one.rule_id == "R-NEG-05"}
    assert levels == {"warn"}
    assert breaches(uow, tender) == []


def test_price_alone_decides_only_where_the_method_says_so_and_scores_nothing(uow):  # R-EVAL-01
    tender = draft_tender(uow, method=Method.NEGOTIATION).tender
    assert price_weights(uow, tender) is None
    tender.evaluation = Evaluation.COMPREHENSIVE
    assert ("R-EVAL-01", "evaluation") in {(one.rule_id, one.field) for one in breaches(uow, tender)}
    scored = draft_tender(uow).tender
    scored.evaluation = Evaluation.LOWEST_PRICE
    assert ("R-EVAL-01", "criteria") in {(one.rule_id, one.field) for one in breaches(uow, scored)}


def test_the_ruler_names_the_method_s_own_rules(uow):
    of = {method: {one.rule_id for one in ruler(uow, draft_tender(uow, method=method).tender)} for method in BY_NOTICE}
    assert {"R-TENDER-01", "R-TENDER-03", "R-TENDER-04", "R-TENDER-05", "R-COMM-05"} <= of[Method.OPEN_TENDER]
    assert {"R-NEG-01", "R-NEG-05"} <= of[Method.CONSULTATION]
    assert "R-COMM-05" not in of[Method.CONSULTATION] | of[Method.NEGOTIATION]
    assert "R-TENDER-04" not in of[Method.NEGOTIATION] | of[Method.QUOTATION]
