"""The recomputation behind a finding."""

from __future__ import annotations

from decimal import Decimal

import pytest

from grading.reckoning import formula_in, number_in, reckoning_of


@pytest.mark.parametrize(
    ("message", "formula"),
    [
        ("总数写为23所，而所列各项相加为24所（14所 + 6所 + 4所），请核对。", "14所 + 6所 + 4所"),
        ("执行率写为90.87%，而2,962.47万元÷3,148.60万元＝94.09%，请核对口径和数字。", "2,962.47万元÷3,148.60万元"),
        ("得分89.40按报告所定等级划分应为“良”，报告写为“优”，请核对。", ""),
    ],
)
def test_the_formula_is_that_of_the_sentence(message, formula):
    assert formula_in(message) == formula


def test_gap_and_tolerance_follow_from_stated_expected_and_residual():
    found = reckoning_of("（1.00 + 2.00）", "3.50", "3.00", {"residual": 100.0})
    assert (found.gap, found.tolerance) == ("+0.50", "0.005")


def test_what_is_no_arithmetic_has_no_reckoning():
    assert reckoning_of("请核对", "优", "良", {}) is None


def test_a_value_of_words_or_several_figures_is_no_number():
    assert number_in("4,808.87万元") == Decimal("4808.87")
    assert number_in("2025年4月") is None
    assert number_in(None) is None
