from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procurement.scoring import (
    LowBidThresholds,
    Procedure,
    SmallBusiness,
    Subject,
    check_deduction,
    check_price_weight,
    evaluation_price,
    low_bids,
    price_points,
)
from procurement.scoring.price import NotAPrice, rounded

PRICES = st.dictionaries(
    st.text("abcdefgh", min_size=1, max_size=3), st.decimals("0.01", "99999999", places=2), min_size=1, max_size=8
)


@pytest.mark.parametrize(
    ("prices", "weight", "points"),
    [
        (["100000"], "10", ["10.00"]),
        (["80000", "100000", "120000"], "10", ["10.00", "8.00", "6.67"]),
        (["80000", "100000", "120000"], "30", ["30.00", "24.00", "20.00"]),
        (["300000", "400000"], "15", ["15.00", "11.25"]),
        (["1", "3"], "10", ["10.00", "3.33"]),
        (["1", "1600"], "20", ["20.00", "0.01"]),
        (["199", "800"], "10", ["10.00", "2.49"]),
        (["1", "8"], "10.2", ["10.20", "1.28"]),
    ],
)
def test_price_points_table(prices, weight, points):
    offers = {str(number): Decimal(price) for number, price in enumerate(prices)}
    assert list(price_points(offers, Decimal(weight)).values()) == [Decimal(one) for one in points]


@given(PRICES, st.integers(10, 60))
def test_lowest_price_earns_full_marks_and_points_fall_with_price(prices, weight):
    points = price_points(prices, Decimal(weight))
    assert points[min(prices, key=prices.__getitem__)] == weight
    assert all(0 <= one <= weight for one in points.values())
    ordered = [points[bid] for bid in sorted(prices, key=prices.__getitem__)]
    assert ordered == sorted(ordered, reverse=True)


@given(PRICES, st.integers(2, 9))
def test_price_points_do_not_depend_on_the_currency_unit(prices, factor):
    assert price_points(prices, Decimal(10)) == price_points(
        {bid: price * factor for bid, price in prices.items()}, Decimal(10)
    )


@pytest.mark.parametrize("prices", [{}, {"a": Decimal(0)}, {"a": Decimal(-1)}, {"a": Decimal("NaN")}])
def test_impossible_prices_are_refused(prices):
    with pytest.raises(NotAPrice):
        price_points(prices, Decimal(10))


@pytest.mark.parametrize(
    ("value", "printed"),
    [("1/8", "0.13"), ("-1/8", "-0.13"), ("1/3", "0.33"), ("2/3", "0.67"), ("5", "5.00"), ("199/200", "1.00")],
)
def test_rounding_is_half_up_and_printed_to_two_places(value, printed):
    assert str(rounded(Fraction(value))) == printed


@pytest.mark.parametrize(
    ("subject", "procedure", "weight", "rule"),
    [
        (Subject.SERVICES, Procedure.TENDER, "10", None),
        (Subject.SERVICES, Procedure.TENDER, "9.99", "R-PRICE-02"),
        (Subject.SERVICES, Procedure.TENDER, "40", None),
        (Subject.GOODS, Procedure.TENDER, "29", "R-PRICE-02"),
        (Subject.GOODS, Procedure.TENDER, "30", None),
        (Subject.SERVICES, Procedure.CONSULTATION, "10", None),
        (Subject.SERVICES, Procedure.CONSULTATION, "30", None),
        (Subject.SERVICES, Procedure.CONSULTATION, "31", "R-PRICE-03"),
        (Subject.GOODS, Procedure.CONSULTATION, "60", None),
        (Subject.GOODS, Procedure.CONSULTATION, "61", "R-PRICE-03"),
        (Subject.GOODS, Procedure.CONSULTATION, "29", "R-PRICE-03"),
    ],
)
def test_price_weight_ranges(subject, procedure, weight, rule):
    assert [fault.code for fault in check_price_weight(Decimal(weight), subject, procedure)] == ([rule] if rule else [])


def test_a_fixed_price_is_no_factor():
    assert check_price_weight(Decimal(0), Subject.SERVICES, Procedure.TENDER, price_is_fixed=True) == []
    assert (
        check_price_weight(Decimal(10), Subject.SERVICES, Procedure.TENDER, price_is_fixed=True)[0].code == "R-PRICE-02"
    )


@pytest.mark.parametrize(
    ("ground", "percent", "options", "places"),
    [
        (SmallBusiness.SMALL_OR_MICRO, "10", {}, []),
        (SmallBusiness.SMALL_OR_MICRO, "20", {}, []),
        (SmallBusiness.SMALL_OR_MICRO, "9.9", {}, ["deduction"]),
        (SmallBusiness.SMALL_OR_MICRO, "20.1", {}, ["deduction"]),
        (SmallBusiness.PARTNER, "4", {"partner_share": Decimal(30)}, []),
        (SmallBusiness.PARTNER, "6", {"partner_share": Decimal(29)}, ["partner_share"]),
        (SmallBusiness.PARTNER, "7", {"partner_share": Decimal(30)}, ["deduction"]),
        (SmallBusiness.SMALL_OR_MICRO, "10", {"reserved": True}, ["deduction"]),
        (SmallBusiness.SMALL_OR_MICRO, "10", {"declared": False}, ["declaration"]),
        (SmallBusiness.NONE, "0", {}, []),
        (SmallBusiness.NONE, "10", {}, ["deduction"]),
    ],
)
def test_deduction_ranges(ground, percent, options, places):
    assert [fault.path for fault in check_deduction(ground, Decimal(percent), **options)] == places


def test_evaluation_price_is_exact():
    assert evaluation_price(Decimal("123456.78"), Decimal(15)) == Decimal("104938.263")
    assert str(evaluation_price(Decimal(1000000), Decimal(10))) == "900000"
    assert evaluation_price(Decimal("100.10"), Decimal(0)) == Decimal("100.10")
    with pytest.raises(NotAPrice):
        evaluation_price(Decimal(100), Decimal(100))


def test_low_bid_triggers_are_strict_and_exact():
    prices = {"a": Decimal(49), "b": Decimal(100), "c": Decimal(151)}
    found = {(flag.bid, flag.test.value): flag.share for flag in low_bids(prices, Decimal(100))}
    assert found == {("a", "mean"): Fraction(49, 100), ("a", "next_lowest"): Fraction(49, 100)}
    assert low_bids({"a": Decimal(50), "b": Decimal(100), "c": Decimal(150)}, Decimal(100)) == []
    assert [flag.test.value for flag in low_bids({"a": Decimal("44.99")}, Decimal(200), Decimal(100))] == ["ceiling"]
    assert low_bids({"a": Decimal(45)}, Decimal(100)) == []
    assert [flag.test.value for flag in low_bids({"a": Decimal(40), "b": Decimal(40)}, Decimal(100))] == [
        "ceiling",
        "ceiling",
    ]
    assert low_bids({}, Decimal(100)) == []


def test_thresholds_may_be_raised_to_65_and_no_further():
    assert LowBidThresholds(Decimal(65), Decimal(65), Decimal(65)).check() == []
    assert [fault.path for fault in LowBidThresholds(Decimal("49.9"), Decimal(66), Decimal(44)).check()] == [
        "mean",
        "next_lowest",
        "ceiling",
    ]
    assert [
        flag.bid
        for flag in low_bids(
            {"a": Decimal(60), "b": Decimal(100)},
            Decimal(100),
            None,
            LowBidThresholds(Decimal(50), Decimal(65), Decimal(45)),
        )
    ] == ["a"]
