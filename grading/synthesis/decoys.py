"""Sentences that look like slips and are right (design/FINDINGS.md): a checker must stay silent on them."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from numpy.random import Generator

from grading.synthesis.blocks import Block
from grading.synthesis.chance import cents, draw, percent, some
from grading.synthesis.facts import Facts
from grading.synthesis.making import SyntheticReport

BANDS = ((Decimal(85), Decimal(75), Decimal(60)), (Decimal(95), Decimal(85), Decimal(70)))


def _rounded(facts: Facts) -> str:
    whole = facts.money.spent.quantize(Decimal(1))
    return (
        f"按四舍五入口径，项目支出约{whole}万元，占调整后预算的"
        f"{percent(facts.money.spent, facts.money.adjusted).quantize(Decimal('0.1'))}%。"
    )


def _restated(facts: Facts) -> str:
    return f"项目实际支出{facts.money.spent:.2f}万元（{facts.money.spent * 10000:,.2f}元），与会计账簿一致。"


def _initial(facts: Facts) -> str:
    return (
        f"如按年初预算{facts.money.initial:.2f}万元计算，执行率为{percent(facts.money.spent, facts.money.initial)}%。"
    )


def _before(facts: Facts) -> str:
    done = sum(part for _, part in facts.spread)
    label, _, unit, *_ = facts.domain.amounts[0]
    return f"上年同期，即{facts.year - 1}年，{label}为{done * 93 // 100}{unit}。"


def _cumulative(facts: Facts) -> str:
    done = sum(part for _, part in facts.spread)
    _, verb, unit, *_ = facts.domain.amounts[0]
    return f"{facts.year - 2}—{facts.year}年三年累计{verb}{done * 28 // 10}{unit}。"


def _early(facts: Facts) -> str:
    return f"省级补助资金已于{facts.year - 1}年11月提前下达，纳入{facts.year}年预算管理。"


def _later(facts: Facts) -> str:
    return f"个别设施受管线迁改影响，后续配套内容安排在{facts.year + 1}年实施，不计入本年度目标。"


def _renamed(facts: Facts) -> str:
    return f"{facts.unit}承担原由{facts.place}公用事业服务中心（2019年机构改革前名称）负责的相关职责。"


def _channels(facts: Facts) -> str:
    n = facts.survey.valid
    first, second = n * 7 // 10, n * 5 // 10
    return (
        f"获知渠道（可多选）：村（居）通知{first}人（{percent(first, n)}%）、公众号{second}人（"
        f"{percent(second, n)}%）。"
    )


def _half(facts: Facts) -> str:
    half = cents(facts.money.adjusted / 2)
    return f"上半年按序时进度下达约{half.quantize(Decimal('0.1'))}万元，其余资金下半年下达。"


DECOYS = {
    "rounding": ("basics", _rounded),
    "restated": ("basics", _restated),
    "initial-budget": ("basics", _initial),
    "last-year": ("basics", _before),
    "cumulative": ("basics", _cumulative),
    "early-allocation": ("basics", _early),
    "later-year": ("category.2", _later),
    "former-name": ("basics", _renamed),
    "several-answers": ("survey", _channels),
    "about-half": ("basics", _half),
}


def add_decoys(rng: Generator, report: SyntheticReport, count: int) -> SyntheticReport:
    """The report with that many look-alikes of different kinds, at times with grade bands of its own.

    Still consistent.
    """
    if rng.random() < 0.25:
        report = report.recomposed(replace(report.facts, bands=draw(rng, BANDS)))
    for kind in some(rng, tuple(DECOYS), count):
        part, write = DECOYS[kind]
        text = write(report.facts)
        places = [
            place
            for place, block in enumerate(report.blocks)
            if block.part == part and block.form == "text" and not block.text.startswith("表")
        ]
        if places:
            after = draw(rng, places)
            report = replace(
                report.insert(after, Block("text", text, part=part)), decoys=(*report.decoys, (kind, text))
            )
    return report
