from __future__ import annotations

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.records import canonical, match, seal
from procurement.scoring import (
    Award,
    Band,
    Criterion,
    CriterionKind,
    Deduction,
    LowBidThresholds,
    Member,
    Offer,
    Procedure,
    Scheme,
    SeatKind,
    Sheet,
    SmallBusiness,
    award_record,
    check_committee,
    check_scheme,
    check_sheets,
    committee_rule,
    public_award_record,
    rank,
    score_bids,
    verify_award,
)
from procurement.scoring.ranking import NotScorable

PRICES = st.dictionaries(
    st.text("abcdefgh", min_size=1, max_size=3), st.decimals("0.01", "99999999", places=2), min_size=1, max_size=8
)


def _bands(*ends):
    return tuple(Band(Decimal(low), Decimal(high)) for low, high in ends)


SCHEME = Scheme(
    (
        Criterion("s", "响应服务期", CriterionKind.SUBSTANTIVE, Decimal(0)),
        Criterion(
            "team", "主评人数量", CriterionKind.OBJECTIVE, Decimal(30), _bands(("0", "0"), ("15", "15"), ("30", "30"))
        ),
        Criterion(
            "plan",
            "评价方案",
            CriterionKind.SUBJECTIVE,
            Decimal(60),
            _bands(("0", "20"), ("20.5", "40"), ("40.5", "60")),
        ),
    ),
    Decimal(10),
)


def test_a_lawful_scheme_passes():
    assert check_scheme(SCHEME) == []


@pytest.mark.parametrize(
    ("criterion", "rule"),
    [
        (Criterion("x", "方案", CriterionKind.SUBJECTIVE, Decimal(90)), "R-EVAL-02"),
        (Criterion("x", "方案", CriterionKind.SUBJECTIVE, Decimal(90), _bands(("0", "50"), ("40", "90"))), "R-EVAL-02"),
        (Criterion("x", "方案", CriterionKind.SUBJECTIVE, Decimal(90), _bands(("0", "91"))), "R-EVAL-02"),
        (Criterion("x", "方案", CriterionKind.SUBJECTIVE, Decimal(90), _bands(("0", "50"))), "R-EVAL-02"),
        (Criterion("x", "注册资质", CriterionKind.OBJECTIVE, Decimal(90), _bands(("0", "90"))), "R-EVAL-02"),
        (Criterion("x", "方案", CriterionKind.SUBJECTIVE, Decimal(80), _bands(("0", "80"))), "R-TENDER-07"),
    ],
)
def test_an_unlawful_criterion_is_named(criterion, rule):
    assert [fault.code for fault in check_scheme(Scheme((criterion,), Decimal(10)), qualifications=["注册 资质"])] == [
        rule
    ]


def test_a_substantive_requirement_earns_no_points():
    odd = Criterion("s", "服务期", CriterionKind.SUBSTANTIVE, Decimal(5))
    assert "R-EVAL-03" in [fault.code for fault in check_scheme(Scheme((*SCHEME.criteria[1:], odd), Decimal(10)))]


def _sheets(plans=((50, 30), (55, 35), (45, 40)), team=(30, 15)):
    return [
        Sheet(
            f"m{n}",
            {"a": {"team": Decimal(team[0]), "plan": Decimal(a)}, "b": {"team": Decimal(team[1]), "plan": Decimal(b)}},
        )
        for n, (a, b) in enumerate(plans)
    ]


OFFERS = [Offer("a", Decimal(200000)), Offer("b", Decimal(180000), Decimal(10))]


def test_totals_and_ranks():
    scores = score_bids(SCHEME, OFFERS, _sheets())
    assert [(one.bid, one.merit, one.price, one.total, one.rank) for one in scores] == [
        ("a", Decimal("80.00"), Decimal("8.10"), Decimal("88.10"), 1),
        ("b", Decimal("50.00"), Decimal("10.00"), Decimal("60.00"), 2),
    ]


@given(st.permutations(range(3)), st.permutations(range(2)))
def test_scores_do_not_depend_on_the_order_of_members_or_bids(members, bids):
    sheets = _sheets()
    again = score_bids(SCHEME, [OFFERS[n] for n in bids], [sheets[n] for n in members])
    assert again == score_bids(SCHEME, OFFERS, sheets)


@given(st.lists(st.tuples(st.integers(0, 39), st.integers(0, 40)), min_size=3, max_size=7), st.data())
def test_more_points_from_one_member_never_lower_the_total(plans, data):
    scheme = Scheme(
        (SCHEME.criteria[1], Criterion("plan", "方案", CriterionKind.SUBJECTIVE, Decimal(60), _bands(("0", "60")))),
        Decimal(10),
    )
    lucky = data.draw(st.integers(0, len(plans) - 1))
    raised = [(a + (number == lucky) * 20, b) for number, (a, b) in enumerate(plans)]
    before, after = ({one.bid: one for one in score_bids(scheme, OFFERS, _sheets(plan))} for plan in (plans, raised))
    assert after["a"].total >= before["a"].total
    assert after["a"].rank <= before["a"].rank
    assert after["b"].total == before["b"].total


@pytest.mark.parametrize(
    ("change", "place"),
    [
        (lambda p: p["a"].update(team=Decimal(15)), "a/team"),
        (lambda p: p["a"].update(plan=Decimal(61)), "m0/a/plan"),
        (lambda p: p["a"].update(plan=Decimal("20.2")), "m0/a/plan"),
        (lambda p: p["a"].update(plan=Decimal(-1)), "m0/a/plan"),
        (lambda p: p["a"].update(plan=Decimal("NaN")), "m0/a/plan"),
        (lambda p: p["a"].pop("plan"), "m0/a/plan"),
        (lambda p: p["a"].update(more=Decimal(1)), "m0/a/more"),
        (lambda p: p.update(z={"plan": Decimal(1)}), "m0/z/plan"),
    ],
)
def test_sheets_that_may_not_be_locked(change, place):
    sheets = _sheets()
    change(sheets[0].points)
    assert [(fault.code, fault.path) for fault in check_sheets(SCHEME, ["a", "b"], sheets)] == [("R-EVAL-05", place)]
    with pytest.raises(NotScorable):
        score_bids(SCHEME, OFFERS, sheets)


def test_a_second_sheet_of_one_member_is_refused():
    assert check_sheets(SCHEME, ["a", "b"], [*_sheets(), _sheets()[0]])[0].path == "m0"


def test_ties_go_to_the_lower_bid_price_and_then_share_a_rank():
    offers = [Offer("a", Decimal(9)), Offer("b", Decimal(8)), Offer("c", Decimal(9)), Offer("d", Decimal(1))]
    totals = {"a": Decimal(80), "b": Decimal(80), "c": Decimal(80), "d": Decimal(70)}
    assert [(offer.bid, place) for offer, place in rank(offers, totals)] == [("b", 1), ("a", 2), ("c", 2), ("d", 4)]


def _members(experts, purchasers, chair=0):
    kinds = [SeatKind.EXPERT] * experts + [SeatKind.PURCHASER] * purchasers
    return [Member(f"m{n}", kind, n == chair) for n, kind in enumerate(kinds)]


@pytest.mark.parametrize(
    ("budget", "options", "fewest", "rule"),
    [
        ("9999999.99", {}, 5, "R-COMM-01"),
        ("10000000", {}, 7, "R-COMM-02"),
        ("9000000", {"complex_technically": True}, 7, "R-COMM-02"),
        ("100", {"large_social_impact": True}, 7, "R-COMM-02"),
        ("10000000", {"procedure": Procedure.CONSULTATION}, 3, "R-COMM-03"),
        ("10000000", {"procedure": Procedure.CONSULTATION, "above_open_threshold": True}, 3, "R-COMM-03"),
        ("10000000", {"procedure": Procedure.NEGOTIATION, "above_open_threshold": True}, 5, "R-COMM-03"),
        ("10", {"procedure": Procedure.NEGOTIATION}, 3, "R-COMM-03"),
    ],
)
def test_committee_sizes(budget, options, fewest, rule):
    found = committee_rule(Decimal(budget), **options)
    assert (found.fewest, found.rule_id) == (fewest, rule)


@pytest.mark.parametrize(
    ("experts", "purchasers", "fewest", "rules"),
    [
        (4, 1, 5, []),
        (5, 0, 5, []),
        (3, 2, 5, ["R-COMM-01"]),
        (4, 2, 5, ["R-COMM-01"]),
        (5, 2, 7, []),
        (4, 3, 7, ["R-COMM-01"]),
        (4, 1, 7, ["R-COMM-02"]),
        (2, 1, 3, []),
        (6, 3, 7, []),
    ],
)
def test_committee_composition(experts, purchasers, fewest, rules):
    rule = (
        committee_rule(Decimal(1), Procedure.CONSULTATION)
        if fewest == 3
        else committee_rule(Decimal(1 if fewest == 5 else 10**7))
    )
    assert [fault.code for fault in check_committee(_members(experts, purchasers), rule)] == rules


def test_the_chair_is_no_purchaser_and_employers_do_not_repeat():
    rule = committee_rule(Decimal(1))
    assert [fault.code for fault in check_committee(_members(4, 1, chair=4), rule)] == ["R-COMM-08"]
    shared = [Member(f"m{n}", SeatKind.EXPERT, employer="复旦" if n < 2 else None) for n in range(5)]
    assert [fault.code for fault in check_committee(shared, rule)] == ["R-COMM-07"]
    assert check_committee(shared, rule, one_per_employer=False) == []
    assert "R-COMM-01" in [fault.code for fault in check_committee([*_members(4, 0), _members(1, 0)[0]], rule)]


def _award(**changes):
    base = {
        "tender": "T-1", "budget": Decimal(220000), "ceiling": None, "scheme": SCHEME, "thresholds": LowBidThresholds(),
        "committee_rule": committee_rule(Decimal(220000), Procedure.CONSULTATION), "committee": _members(2, 1),
        "offers": OFFERS, "prices_of_invalid": {"c": Decimal(150000)}, "invalid": {"c": "未提供声明函"}, "sheets": _sheets(),
        "explained": [], "winner": "a", "winner_reason": "", "decided_at": "2026-03-05T02:00:00Z",
        "deductions": [Deduction("b", SmallBusiness.SMALL_OR_MICRO)],
    }  # fmt: skip
    return Award(**{**base, **changes})


SALT = "77" * 32


def test_award_records_verify_and_match_and_the_public_one_keeps_sheets_and_reasons_back():
    full = award_record(_award(), SALT)
    public = public_award_record(full)
    assert verify_award(full) == []
    assert verify_award(public) == []
    assert match(full, public) == []
    text = canonical(public).decode()
    assert "未提供声明函" not in text
    assert "60.00" not in text
    assert "88.10" in text


@pytest.mark.parametrize(
    ("change", "code", "path"),
    [
        (lambda r: r["sheets"][0]["points"]["a"].update(plan="60"), "merit", "/scores/0/merit"),
        (lambda r: r["sheets"][0]["points"]["a"].update(team="15"), "R-EVAL-05", "/sheets (a/team)"),
        (lambda r: r["offers"][0].update(price="180000"), "price", "/scores/0/price"),
        (lambda r: r["scores"][0].update(total="99.00"), "total", "/scores/0/total"),
        (lambda r: r["scores"][1].update(rank=1), "rank", "/scores/1/rank"),
        (lambda r: r["committee"].pop(), "R-COMM-03", "/committee (members)"),
        (lambda r: r["thresholds"].update(mean="70"), "R-ALP-01", "/thresholds/mean"),
        (lambda r: r["low_bids"].append({}), "low-bids", "/low_bids"),
        (lambda r: r.update(budget="900000"), "R-ALP-02", "/explained"),
        (lambda r: r["award"].update(bid="b"), "R-AWARD-01", "/award/reason"),
        (lambda r: r["award"].update(bid="c"), "award", "/award/bid"),
        (lambda r: r["sheets"][0].update(member="x"), "members", "/sheets"),
        (lambda r: r.pop("scheme"), "malformed", ""),
    ],
)
def test_an_altered_award_is_caught_with_its_place(change, code, path):
    full = json.loads(canonical(award_record(_award(), SALT)))
    change(full)
    assert "digest" in [fault.code for fault in verify_award(full)]
    assert (code, path) in [(fault.code, fault.path) for fault in verify_award(seal(full))]


def test_an_altered_public_award_is_caught():
    public = json.loads(canonical(public_award_record(award_record(_award(), SALT))))
    public["scores"][0]["price"] = "10.00"
    assert {fault.path for fault in verify_award(seal(public))} == {"/scores/0/price"}
    public["scores"][0]["total"] = "99.00"
    assert "/scores/0/total" in {fault.path for fault in verify_award(seal(public))}


def test_parallel_first_bids_need_a_reason():
    offers = [Offer("a", Decimal(1)), Offer("b", Decimal(1))]
    sheets = _sheets(((50, 50),) * 3, team=(30, 30))
    assert "R-AWARD-01" in {
        f.code
        for f in verify_award(
            award_record(_award(offers=offers, sheets=sheets, budget=Decimal(2), deductions=[]), SALT)
        )
    }
    chosen = _award(offers=offers, sheets=sheets, budget=Decimal(2), deductions=[], winner_reason="并列，随机抽取确定")
    assert verify_award(award_record(chosen, SALT)) == []
