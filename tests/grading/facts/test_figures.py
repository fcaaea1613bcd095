"""Single figures and what text calls them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grading.facts.figures import Place, figures_in, number_in_cell
from grading.facts.funds import funds_in, rates_in, role_of
from grading.reading.document import Paragraph

HERE = Place(None, 0)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("支出1,012.38 万元", [("amount", "1012.38", "万元", 2)]),
        ("共１，２元", [("number", "1", "", 0), ("amount", "2", "元", 0)]),
        ("２０２３年完成９０．５％", [("count", "2023", "年", 0), ("percent", "90.5", "%", 1)]),
        ("得分89.40分", [("score", "89.40", "分", 2)]),
        ("分为3类", [("count", "3", "类", 0)]),
        ("覆盖率为80. 49%", [("percent", "80.49", "%", 2)]),
        ("总投资1.2亿元", [("amount", "1.2", "亿元", 1)]),
        ("标准98元/人", [("amount", "98", "元", 0)]),
        ("编号A101和v2.1", []),
        ("得分：-1.50分", [("score", "-1.50", "分", 2)]),
        ("2021-2024年", [("number", "2021", "", 0), ("count", "2024", "年", 0)]),
    ],
)
def test_figures_have_kind_value_unit_and_printed_precision(text, expected):
    assert [(f.kind, str(f.value), f.unit, f.decimals) for f in figures_in(text, HERE)] == expected


@given(st.integers(0, 10**9), st.integers(0, 3), st.sampled_from(["元", "万元", "亿元"]), st.booleans())
def test_every_printed_amount_is_read_back_with_its_exact_words(number, decimals, unit, commas):
    value = Decimal(number).scaleb(-decimals)
    printed = f"{value:,.{decimals}f}" if commas else f"{value:.{decimals}f}"
    text = f"项目支出{printed}{unit}，其余另列。"
    found = [f for f in figures_in(text, HERE) if f.kind == "amount"]
    assert [(f.value, f.unit, f.decimals, f.text) for f in found] == [(value, unit, decimals, printed + unit)]
    assert text[found[0].start : found[0].end] == found[0].text
    assert found[0].half * 2 == Decimal(1).scaleb(-decimals)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("5.00", "5.00"),
        ("1,150.00", "1150.00"),
        ("96.64%", "96.64"),
        (" 14 ", "14"),
        ("20分", "20"),
        ("≥95%", None),
        ("5年", None),
        ("", None),
        ("2.00\n", "2.00"),
    ],
)
def test_a_cell_holds_one_figure_or_none(text, value):
    figure = number_in_cell(text, HERE)
    assert (None if figure is None else str(figure.value)) == value


@pytest.mark.parametrize(
    ("label", "role"),
    [
        ("年初预算", "initial"),
        ("调整后预算", "adjusted"),
        ("资金到位", "funded"),
        ("实际支出", "spent"),
        ("项目预算", "budget"),
        ("已拨付", "paid"),
        ("未支出的", ""),
        ("较上年支出", ""),
        ("收益", ""),
    ],
)
def test_the_words_before_an_amount_give_its_part(label, role):
    assert role_of(label) == role


def test_funds_and_rates_of_a_sentence():
    text = "年初预算3,260.00万元，调整后预算3,148.60万元，实际支出2,962.47万元，按年初预算计算的预算执行率为90.87%。"
    paragraph = Paragraph(0, None, text)
    funds = funds_in(paragraph, list(figures_in(text, HERE)))
    assert [(f.role, str(f.figure.value)) for f in funds] == [
        ("initial", "3260.00"),
        ("adjusted", "3148.60"),
        ("spent", "2962.47"),
    ]
    assert [(str(r.figure.value), r.named) for r in rates_in(paragraph)] == [("90.87", "initial")]


def test_an_aim_is_no_stated_rate():
    assert list(rates_in(Paragraph(0, None, "预算执行率不低于95%，预算执行率目标100%。"))) == []
