from __future__ import annotations

import dataclasses
import hashlib
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.records import match, seal
from procurement.scoring import (
    Award,
    Band,
    CommitteeRule,
    Criterion,
    CriterionKind,
    Deduction,
    LowBidThresholds,
    Member,
    MismatchGround,
    Offer,
    PriceChange,
    Scheme,
    SeatKind,
    Sheet,
    SmallBusiness,
    StatedPrices,
    TieDraw,
    award_record,
    correct_price,
    outliers,
    public_award_record,
    score_bids,
    verify_award,
)

SALT = "5" * 64
ENVELOPES = {f"b{n}": hashlib.sha256(bytes([n])).hexdigest() for n in range(6)}
PLAN = Criterion("plan", "方案", CriterionKind.SUBJECTIVE, Decimal(90), (Band(Decimal(0), Decimal(90)),))
SCHEME = Scheme((PLAN,), Decimal(10))


def sheets_of(*plans):
    """One sheet a member; each plan gives the bids' points in order."""
    return [
        Sheet(f"m{n}", {f"b{place}": {"plan": Decimal(points)} for place, points in enumerate(plan)})
        for n, plan in enumerate(plans)
    ]


class TestMinimum:
    def test_a_bid_below_it_falls_before_prices_are_compared(self):
        scheme = dataclasses.replace(SCHEME, minimum=Decimal(60))
        offers = [Offer("b0", Decimal(100)), Offer("b1", Decimal(50)), Offer("b2", Decimal(200))]
        scores = score_bids(scheme, offers, sheets_of((80, 59, 60), (80, 60, 60)))
        assert [(one.bid, one.price, one.rank) for one in scores] == [
            ("b0", Decimal("10.00"), 1),
            ("b2", Decimal("5.00"), 2),
        ]

    @given(
        st.lists(st.tuples(st.integers(0, 90), st.integers(1, 10**6)), min_size=3, max_size=8),
        st.integers(0, 90),
    )
    def test_price_points_are_those_of_a_tender_without_the_fallen_bids(self, bids, least):
        scheme = dataclasses.replace(SCHEME, minimum=Decimal(least))
        offers = [Offer(f"b{n}", Decimal(price)) for n, (_points, price) in enumerate(bids)]
        points = [points for points, _price in bids]
        scores = {one.bid: one for one in score_bids(scheme, offers, sheets_of(points, points))}
        assert set(scores) == {f"b{n}" for n, given in enumerate(points) if given >= least}
        standing = [offer for offer in offers if offer.bid in scores]
        if standing:
            rest = [Sheet(one.member, {bid: one.points[bid] for bid in scores}) for one in sheets_of(points, points)]
            assert {one.bid: one for one in score_bids(SCHEME, standing, rest)} == scores


class TestTies:
    def test_anybody_draws_the_same_order_r_eval_07(self):
        one = TieDraw("a" * 64, ENVELOPES)
        other = TieDraw("a" * 64, dict(reversed(ENVELOPES.items())))
        assert one.order(["b1", "b2", "b3"]) == other.order(["b3", "b2", "b1"])

    @given(st.text("0123456789abcdef", min_size=64, max_size=64))
    def test_every_bid_stands_in_it_once_and_names_weigh_nothing(self, notice):
        draw = TieDraw(notice, ENVELOPES)
        order = draw.order(ENVELOPES)
        assert sorted(order) == sorted(ENVELOPES)
        renamed = TieDraw(notice, {f"x{bid}": value for bid, value in ENVELOPES.items()})
        assert list(renamed.order(renamed.envelopes)) == [f"x{bid}" for bid in order]

    def test_each_of_two_wins_about_half_of_the_time(self):
        firsts = [
            TieDraw(hashlib.sha256(str(n).encode()).hexdigest(), ENVELOPES).order(["b0", "b1"])[0] for n in range(400)
        ]
        assert 150 < firsts.count("b0") < 250


class TestMismatch:
    @pytest.mark.parametrize(
        ("stated", "price", "grounds"),
        [
            (StatedPrices(Decimal(100)), "100", ()),
            (StatedPrices(Decimal(100), text=Decimal(90)), "100", ("sheet-over-text",)),
            (StatedPrices(Decimal(100), words=Decimal(110)), "110", ("words-over-figures",)),
            (
                StatedPrices(Decimal(100), unit_price=Decimal(30), quantity=Decimal(4)),
                "120.00",
                ("unit-times-quantity",),
            ),
            (StatedPrices(Decimal(120), unit_price=Decimal("3.0"), quantity=Decimal(4)), "120", ("decimal-slip",)),
            (
                StatedPrices(
                    Decimal(100), words=Decimal(110), text=Decimal(95), unit_price=Decimal(28), quantity=Decimal(4)
                ),
                "112.00",
                ("sheet-over-text", "words-over-figures", "unit-times-quantity"),
            ),
        ],
    )
    def test_the_lawful_order_r_price_04(self, stated, price, grounds):
        found = correct_price(stated)
        assert (found.price, found.grounds) == (Decimal(price), tuple(MismatchGround(one) for one in grounds))

    @given(st.decimals(1, 10**6, places=2), st.integers(1, 99), st.sampled_from([-3, -2, -1, 1, 2, 3]))
    def test_a_slip_of_the_point_never_changes_the_total(self, unit, quantity, shift):
        total = unit * quantity
        stated = StatedPrices(total, unit_price=unit.scaleb(shift), quantity=Decimal(quantity))
        assert correct_price(stated).price == total

    @given(st.decimals(1, 10**6, places=2))
    def test_a_price_that_agrees_with_itself_is_left_alone(self, price):
        assert correct_price(StatedPrices(price, price, price, price, Decimal(1))).grounds == ()


class TestOutliers:
    def test_points_far_from_the_others_are_found_on_both_sides(self):
        found = outliers(SCHEME, sheets_of((80, 40), (78, 42), (30, 85), (79, 41)), Decimal(40))
        assert [(one.member, one.bid, one.is_high) for one in found] == [("m2", "b0", False), ("m2", "b1", True)]

    def test_two_members_are_too_few_to_say(self):
        assert outliers(SCHEME, sheets_of((0,), (90,)), Decimal(10)) == []

    @given(st.lists(st.integers(0, 90), min_size=3, max_size=9))
    def test_equal_points_are_never_outliers_and_no_distance_exceeds_the_whole(self, points):
        assert outliers(SCHEME, sheets_of(*[(points[0],)] * len(points)), Decimal(0)) == []
        assert outliers(SCHEME, sheets_of(*[(one,) for one in points]), Decimal(100)) == []


TIE = TieDraw("n" * 64, {bid: ENVELOPES[bid] for bid in ("b0", "b1", "b2")})


def facts(**changes) -> Award:
    award = Award(
        tender="T-1/1",
        budget=Decimal(400),
        ceiling=None,
        scheme=SCHEME,
        thresholds=LowBidThresholds(),
        committee_rule=CommitteeRule(3, "R-COMM-03"),
        committee=[Member(f"m{n}", SeatKind.EXPERT, n == 0) for n in range(3)],
        offers=[Offer("b0", Decimal(300)), Offer("b1", Decimal(300)), Offer("b2", Decimal(310))],
        prices_of_invalid={},
        invalid={},
        sheets=sheets_of((80, 80, 70), (80, 80, 70), (80, 80, 70)),
        explained=[],
        winner="b0",
        winner_reason="",
        decided_at="2026-03-01T00:00:00+00:00",
    )
    return dataclasses.replace(award, **changes)


def resealed(record, change):
    """The record after a change, with digests made anew, as a forger would."""
    plain = {name: value for name, value in record.items() if name != "digests"}
    change(plain)
    return seal(plain)


class TestRecord:
    def test_parallel_bids_need_a_reason_or_the_draw_that_verifies(self):
        assert [one.code for one in verify_award(award_record(facts(), SALT))] == ["R-AWARD-01"]
        first = TIE.order(["b0", "b1"])[0]
        record = award_record(facts(tie=TIE, winner=first), SALT)
        public = public_award_record(record)
        assert verify_award(record) == verify_award(public) == []
        assert match(record, public) == []
        forged = resealed(record, lambda one: one["tie"]["order"].reverse())
        assert "R-EVAL-07" in {one.code for one in verify_award(forged)}

    def test_a_bid_below_the_minimum_stands_apart_and_is_recomputed(self):
        scheme = dataclasses.replace(SCHEME, minimum=Decimal(75))
        offers = [Offer("b0", Decimal(300)), Offer("b1", Decimal(290)), Offer("b2", Decimal(310))]
        record = award_record(facts(scheme=scheme, offers=offers, winner="b1"), SALT)
        public = public_award_record(record)
        assert [one["bid"] for one in record["below_minimum"]] == ["b2"]
        assert verify_award(record) == verify_award(public) == []
        assert isinstance(public["below_minimum"][0]["merit"], dict)
        forged = resealed(record, lambda one: one["below_minimum"][0].update(merit="74.00"))
        assert "minimum" in {one.code for one in verify_award(forged)}

    def test_deductions_and_corrected_prices_are_checked(self):
        offers = [Offer("b0", Decimal(300), Decimal(10)), Offer("b1", Decimal(300)), Offer("b2", Decimal(310))]
        right = facts(
            offers=offers,
            winner="b0",
            deductions=[Deduction("b0", SmallBusiness.SMALL_OR_MICRO)],
            corrections=[PriceChange("b2", Decimal(301), Decimal(310), "words-over-figures")],
        )
        record = award_record(right, SALT)
        assert verify_award(record) == []
        assert {one.code for one in verify_award(award_record(dataclasses.replace(right, deductions=[]), SALT))} == {
            "R-PRICE-05"
        }
        wrong = dataclasses.replace(right, corrections=[PriceChange("b2", Decimal(301), Decimal(299), "x")])
        assert {one.code for one in verify_award(award_record(wrong, SALT))} == {"R-PRICE-04"}
        partner = [Deduction("b0", SmallBusiness.PARTNER, Decimal(20))]
        assert {
            one.code for one in verify_award(award_record(dataclasses.replace(right, deductions=partner), SALT))
        } == {"R-PRICE-05"}

    def test_a_bidder_that_may_not_win_more_lots_is_passed_over_without_a_reason(self):
        offers = [Offer("b0", Decimal(300)), Offer("b1", Decimal(305)), Offer("b2", Decimal(310))]
        award = facts(offers=offers, winner="b1", passed_over={"b0": "最多中标一个包"})
        record = award_record(award, SALT)
        assert verify_award(record) == verify_award(public_award_record(record)) == []
        forged = resealed(record, lambda one: one.update(passed_over=[]))
        assert "R-AWARD-01" in {one.code for one in verify_award(forged)}
