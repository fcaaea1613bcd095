"""The report beside the key figures that its agency states."""

from __future__ import annotations

from decimal import Decimal

import pytest

from grading.facts.collect import gather
from grading.statement import Statement, disagreements

WAN = 10000
TEXTS = (
    "项目年初预算4,986.00万元，调整后预算4,837.90万元，到位资金4,837.90万元。",
    "截至年底，项目实际支出4,808.87万元，其中检查费430.46万元，预算执行率为99.40%。",
    "经综合评价，本项目综合得分89.40分，评价等级为“良”。",
    "本次共发放问卷537份，收回520份，有效问卷510份。",
)
TRUE = Statement(
    initial=Decimal(49860000),
    adjusted=Decimal(48379000),
    funded=Decimal(48379000),
    used=Decimal(48088700),
    score=Decimal("89.40"),
    grade="良",
    sent=537,
    returned=520,
    valid=510,
)


def found(make_report, **changes):
    stated = Statement(**{**vars(TRUE), **changes})
    return list(disagreements(stated, gather(make_report(TEXTS))))


def test_a_report_that_says_the_same_is_silent(make_report):
    assert found(make_report) == []


def test_what_was_not_stated_is_no_finding(make_report):
    assert list(disagreements(Statement(), gather(make_report(TEXTS)))) == []
    assert not Statement()


@pytest.mark.parametrize(
    ("name", "value", "code", "stated"),
    [
        ("initial", Decimal(49680000), "fact-conflict", "4,986.00万元"),
        ("adjusted", Decimal(48739000), "fact-conflict", "4,837.90万元"),
        ("score", Decimal("98.40"), "fact-conflict", ""),
        ("grade", "优", "grade-band", "良"),
        ("sent", 573, "survey", "537"),
        ("valid", 501, "survey", "510"),
    ],
)
def test_each_figure_is_held_against_the_report(make_report, name, value, code, stated):
    (one, *_rest) = [finding for finding in found(make_report, **{name: value}) if finding.code == code]
    assert stated in one.stated
    assert one.evidence[0].quote
    assert one.message["zh"]
    assert one.message["en"]


def test_the_rate_follows_from_the_form_by_any_of_its_budgets(make_report):
    """R-PERF-04: used over funds in place; another lawful base that fits is silent."""
    assert not [one for one in found(make_report, funded=None) if one.code == "execution-rate"]
    (one,) = [one for one in found(make_report, used=Decimal(48088700 - 500000)) if one.code == "execution-rate"]
    assert one.expected == "98.37%"


def test_an_amount_printed_coarser_is_the_same_amount(make_report):
    assert found(make_report, used=Decimal("48088712.34")) == []


def test_an_amount_the_report_never_gives_is_no_finding(make_report):
    assert not [one for one in found(make_report, paid=Decimal(1)) if "拨付" in one.message["zh"]]
