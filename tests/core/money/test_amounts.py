from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.amounts import NotAnAmount
from core.money import format_amount, format_capital, format_wan, parse_amount, share, split

AMOUNTS = st.decimals(
    min_value=0, max_value=Decimal("9999999999999.99"), places=2, allow_nan=False, allow_infinity=False
)


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("1,234.50", "1234.50"),
        ("￥1234.5", "1234.50"),
        ("１２３.45万元", "1234500.00"),
        ("1.2亿", "120000000.00"),
        ("500 元", "500.00"),
        ("0", "0.00"),
        ("人民币壹佰贰拾叁万元整", "1230000.00"),
        ("壹拾万零伍佰元零叁分", "100500.03"),
        ("十万元", "100000.00"),
        ("拾贰元整", "12.00"),
        ("叁角整", "0.30"),
        ("壹亿零壹元整", "100000001.00"),
        ("壹万亿元整", "1000000000000.00"),
    ],
)
def test_reads_what_people_write(text, amount):
    assert parse_amount(text) == Decimal(amount)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "abc",
        "1,23",
        "1.234",
        "-5",
        "12元3",
        "1e9",
        "壹佰贰",
        "壹仟壹仟元整",
        "元整",
        "贰拾叁拾元",
        "NaN",
        "99999999999999999",
        "壹壹元整",
    ],
)
def test_refuses_what_is_no_amount_with_words_in_both_languages(text):
    with pytest.raises(NotAnAmount) as caught:
        parse_amount(text)
    assert set(caught.value.reason) == {"zh", "en"}
    assert all(caught.value.reason.values())


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("0", "零元整"),
        ("0.05", "伍分"),
        ("10", "壹拾元整"),
        ("1230000", "壹佰贰拾叁万元整"),
        ("1005.03", "壹仟零伍元零叁分"),
        ("100500", "壹拾万零伍佰元整"),
        ("100000001", "壹亿零壹元整"),
        ("1234.50", "壹仟贰佰叁拾肆元伍角整"),
        ("-8.8", "负捌元捌角整"),
        ("10010010.10", "壹仟零壹万零壹拾元壹角整"),
    ],
)
def test_writes_capitals(amount, words):
    assert format_capital(Decimal(amount)) == words


@given(AMOUNTS)
def test_capitals_and_figures_read_back_the_same(amount):
    assert parse_amount(format_capital(amount)) == amount
    assert parse_amount(format_amount(amount)) == amount


@given(AMOUNTS, st.lists(st.integers(0, 1000).map(Decimal), min_size=1, max_size=12).filter(any))
def test_parts_add_up_and_stay_within_one_fen_of_their_share(amount, weights):
    parts = split(amount, weights)
    assert sum(parts) == amount
    assert all(
        abs(part - amount * weight / sum(weights)) < Decimal("0.01")
        for part, weight in zip(parts, weights, strict=True)
    )


def test_each_language_has_its_way():
    assert format_amount(Decimal("1234567.5")) == "1,234,567.50 元"
    assert format_amount(Decimal("1234567.5"), "en") == "CNY 1,234,567.50"
    assert format_wan(Decimal(1234500)) == "123.45 万元"
    assert format_wan(Decimal(1234500), "en") == "CNY 1.23 million"


def test_a_share_of_nothing_is_unknown():
    assert share(Decimal(5), Decimal(0)) is None
    assert share(Decimal(1), Decimal(3)) == Decimal("33.33")


def test_weights_without_sum_are_refused():
    with pytest.raises(NotAnAmount):
        split(Decimal(1), [Decimal(0)])
