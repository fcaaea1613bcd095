"""Regular prices (R-COLL.price): steps, ratios, proportional items; silent where rounding alone makes them."""

from __future__ import annotations

import random
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procurement.collusion import Folder, Paper, Passage
from procurement.collusion.prices import PriceMeasure, item_hits, items_of, price_hits, regular
from procurement.states import Sign, SignWeight

MEASURE = PriceMeasure(0.005, 4, 0.001)


def folders(*prices):
    return [Folder(f"b{place}", f"投标人{place}", price=Decimal(price)) for place, price in enumerate(prices)]


def with_items(name, *rows):
    passages = tuple(Passage(row, None, number) for number, row in enumerate(rows, 1))
    return Folder(name, f"{name}公司", papers=(Paper(name, "报价表.docx", name, 1, passages),))


def hits(*prices):
    return list(price_hits(folders(*prices), MEASURE))


class TestSteps:
    def test_equal_steps_to_the_yuan_are_shown_r_coll_01(self):
        (hit,) = hits("151234", "148111", "154357")
        assert (hit.sign, hit.facts["kind"], hit.value) == (Sign.PRICES, "steps", "3,123.00")
        assert set(hit.bids) == {"b0", "b1", "b2"}

    def test_equal_ratios_are_shown(self):
        (hit,) = hits("140000.00", "145740.00", "151715.34")
        assert (hit.facts["kind"], hit.value) == ("ratio", "1.041000")

    def test_a_row_among_honest_bids_names_only_its_own(self):
        (hit,) = hits("151234", "148111", "154357", "139987.5", "171420.25")
        assert set(hit.bids) == {"b0", "b1", "b2"}

    def test_a_long_row_weighs_more(self):
        (hit,) = hits(*(Decimal(140017) + Decimal("1733.31") * place for place in range(5)))
        assert hit.weight is SignWeight.HIGH

    @pytest.mark.parametrize(
        "prices",
        [("150000", "160000", "170000"), ("148000", "152000", "156000"), ("168000", "156000"), (), ("1", "1")],
    )
    def test_rounding_alone_accuses_nobody_r_coll_02(self, prices):
        assert [one for one in hits(*prices) if one.weight is not SignWeight.LOW] == []

    def test_honest_prices_are_seldom_accused(self):
        dice = random.Random(7)
        accused = sum(
            regular([Decimal(dice.randint(120000, 178000)) for _one in range(dice.randint(3, 9))], MEASURE.chance)
            is not None
            for _lot in range(400)
        )
        assert accused <= 8

    @given(st.integers(10**7, 10**8), st.integers(10**4 + 1, 10**6), st.integers(3, 7), st.integers(0, 2**32 - 1))
    def test_planted_steps_are_always_seen_when_prices_are_to_the_cent(self, first, step, count, seed):
        if not first % 10 or not step % 10:
            step, first = step | 1, first | 1
        prices = [(Decimal(first) + Decimal(step) * place) / 100 for place in range(count)]
        random.Random(seed).shuffle(prices)
        found = regular(prices, MEASURE.chance)
        assert found is not None
        assert (found.kind, len(found.prices)) == ("steps", count)

    def test_equal_prices_to_the_cent_are_shown_and_round_ones_weigh_little(self):
        (exact,) = [one for one in hits("151234.56", "151234.56", "160001.23") if one.facts["kind"] == "equal"]
        (rounded,) = [one for one in hits("150000", "150000", "160000") if one.facts["kind"] == "equal"]
        assert (exact.weight, rounded.weight) == (SignWeight.MEDIUM, SignWeight.LOW)


class TestItems:
    ROWS = (
        "序号\t项目\t金额（元）",
        "1\t方案设计费\t12,345.00",
        "2\t人员费用\t68,200.00",
        "3\t调研费\t23,456.00",
        "4\t报告编制费\t9,870.00",
        "合计\t\t113,871.00",
    )

    def test_items_in_one_ratio_are_shown_with_both_rows_r_coll_01(self):
        other = (
            "1\t方案设计费\t12,838.80",
            "2\t人员费用\t70,928.00",
            "3\t调研费\t24,394.24",
            "4\t报告编制费\t10,264.80",
        )
        (hit,) = item_hits([with_items("a", *self.ROWS), with_items("b", *other)], MEASURE)
        assert (hit.facts["kind"], hit.facts["items"], hit.value) == ("ratio", "4", "1.0400")
        assert [len(group) for group in hit.groups] == [2, 2, 2, 2]

    def test_own_figures_are_silent(self):
        other = (
            "1\t方案设计费\t15,000.00",
            "2\t人员费用\t60,000.00",
            "3\t调研费\t30,000.00",
            "4\t报告编制费\t9,000.00",
        )
        assert list(item_hits([with_items("a", *self.ROWS), with_items("b", *other)], MEASURE)) == []

    def test_three_items_are_too_few_and_sums_are_no_items(self):
        three = self.ROWS[:4] + self.ROWS[5:]
        assert set(items_of(with_items("a", *self.ROWS))) == {"方案设计费", "人员费用", "调研费", "报告编制费"}
        assert list(item_hits([with_items("a", *three), with_items("b", *three)], MEASURE)) == []
