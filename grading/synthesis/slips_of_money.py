"""Slips in amounts, rates, counts, units and dates."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from numpy.random import Generator

from grading.synthesis.chance import chance, draw, percent, whole
from grading.synthesis.making import SyntheticReport
from grading.synthesis.planting import (
    NotPlantable,
    Planted,
    around,
    keyed,
    one,
    planter,
    put,
    slip_digit,
    swap_everywhere,
)
from grading.synthesis.writer import WIDE


@planter("execution-rate")
def execution_rate(rng: Generator, report: SyntheticReport) -> Planted:
    """Another digit in the rate, at one place or at all, or the rate under the name of another budget."""
    money = report.facts.money
    if money.initial != money.adjusted and chance(rng, 0.35):
        right = f"{percent(money.spent, money.initial)}%"
        return put(report, one(rng, report, "execution.base"), "年初预算", "execution-rate", right, "fact-conflict")
    slot = one(rng, report, "execution", table=False)
    text = slip_digit(rng, slot.text)
    if chance(rng, 0.3):
        after = swap_everywhere(report, "execution", text)
        return Planted(
            after,
            "execution-rate",
            around(after, after.find("execution")[0]),
            text,
            slot.text,
            ("target-score", "fact-conflict"),
            ripple=True,
        )
    return put(report, slot, text, "execution-rate", slot.text, "fact-conflict")


@planter("money-sum")
def money_sum(rng: Generator, report: SyntheticReport) -> Planted:
    """Another digit in one of the parts."""
    keys = [f"part.{place}" for place in range(len(report.facts.money.parts))] + ["source.0", "source.1"]
    slot = one(rng, report, draw(rng, keys))
    also = ("fact-conflict", "score-rate", "execution-rate", "count-sum", "percent-of")
    return put(report, slot, slip_digit(rng, slot.text), "money-sum", slot.text, *also)


@planter("fact-conflict")
def fact_conflict(rng: Generator, report: SyntheticReport) -> Planted:
    """One fact with another digit where it is told a second time."""
    keys = keyed(report, "count.abstract") + keyed(report, "leaf.", ".score", table=False)[:6]
    leaves = {leaf.code: leaf for leaf in report.facts.leaves}
    for _ in range(200):
        slot = one(rng, report, draw(rng, keys), table=False)
        text = slip_digit(rng, slot.text)
        if slot.key == "count.abstract" or Decimal(text) <= leaves[slot.key.split(".")[1]].weight:
            return put(
                report,
                slot,
                text,
                "fact-conflict",
                slot.text,
                "target-score",
                "problem-score",
                "score-sum",
                "score-rate",
            )
    raise NotPlantable("no fact that is told twice has another digit within its bounds")


@planter("paid-used")
def paid_used(rng: Generator, report: SyntheticReport) -> Planted:
    """Funds paid beyond those used, with nothing said about the rest."""
    money = report.facts.money
    paid = money.spent + Decimal(whole(rng, 300, 4000)) / 100
    if paid > money.adjusted:
        raise NotPlantable("the budget leaves no room for a higher payment")
    after = report.recomposed(replace(report.facts, money=replace(money, paid=paid), carried=False))
    slot = one(rng, after, "money.paid")
    return Planted(
        after, "paid-used", around(after, slot), slot.text, f"{money.spent:.2f}", ("fact-conflict",), ripple=True
    )


@planter("percent-of")
def percent_of(rng: Generator, report: SyntheticReport) -> Planted:
    """Another digit in an amount that is a percentage of a stated base."""
    slot = one(rng, report, "reserve.amount")
    return put(report, slot, slip_digit(rng, slot.text), "percent-of", slot.text)


@planter("growth-rate")
def growth_rate(rng: Generator, report: SyntheticReport) -> Planted:
    """Another digit in the growth over the year before."""
    slot = one(rng, report, "growth")
    return put(report, slot, slip_digit(rng, slot.text), "growth-rate", slot.text)


@planter("unit")
def unit(rng: Generator, report: SyntheticReport) -> Planted:
    """An amount off by 10⁴, or a unit cost in 万元."""
    cost = next(leaf for leaf in report.facts.leaves if leaf.form == "cost")
    if chance(rng, 0.5):
        wrong = f"万{cost.actual.lstrip('0123456789.')}"
        number = cost.actual.removesuffix(wrong[1:])
        leaf = replace(cost, note=cost.note.replace(cost.actual, f"{number}{wrong}"))
        after = report.recomposed(report.facts.with_leaf(leaf))
        return Planted(after, "unit", f"{number}{wrong}", f"{number}{wrong}", cost.actual, ("fact-conflict",))
    slot = one(rng, report, *keyed(report, "unit.money.", table=False), table=False)
    text = draw(rng, ("元", "亿元"))
    also = ("fact-conflict", "execution-rate", "growth-rate", "money-sum", "percent-of", "paid-used")
    return put(report, slot, text, "unit", "万元", *also)


@planter("malformed-number")
def malformed_number(rng: Generator, report: SyntheticReport) -> Planted:
    """A figure with its separators astray."""
    keys = [key for key in keyed(report, "money.", table=False) if key != "money.cut"] + keyed(
        report, "part.", table=False
    )
    slot = one(rng, report, draw(rng, keys), table=False)
    bare = slot.text.replace(",", "")
    head, tail = bare.split(".")
    text = draw(
        rng,
        (
            f"{head[:1]},{head[1:3] or '0'}.{head[3:] or '0'},{tail}",
            f"{head}.{tail[:1]}.{tail[1:]}",
            f"{head[:1]},{head[1:]}..{tail}",
        ),
    )
    return put(
        report,
        slot,
        text,
        "malformed-number",
        slot.text,
        "money-sum",
        "fact-conflict",
        "execution-rate",
        "growth-rate",
        "percent-of",
    )


@planter("period")
def period(rng: Generator, report: SyntheticReport) -> Planted:
    """A phase that ends before it begins."""
    place = whole(rng, 0, 2)
    slot = one(rng, report, f"phase.{place}.end")
    day = report.facts.phases[place][0] - timedelta(days=whole(rng, 3, 40))
    text = f"{day.year}年{day.month}月{day.day}日"
    return put(report, slot, text.translate(WIDE) if report.house.wide else text, "period", slot.text)


@planter("survey")
def survey(rng: Generator, report: SyntheticReport) -> Planted:
    """More answers than questionnaires, or another digit in a rate, a share or the satisfaction."""
    kind = draw(rng, ("order", "survey.return", "survey.validity", "share", "satisfaction"))
    if kind == "order":
        slot = one(rng, report, "survey.returned")
        more = report.facts.survey.sent + whole(rng, 3, 30)
        text = f"{more:,}" if report.house.separators else str(more)
        return put(report, slot, text, "survey", slot.text, "fact-conflict")
    key = {"share": f"survey.share.{whole(rng, 0, 3)}", "satisfaction": "survey.satisfaction"}.get(kind, kind)
    slot = one(rng, report, key)
    return put(report, slot, slip_digit(rng, slot.text), "survey", slot.text, "fact-conflict", "target-score")


@planter("count-sum")
def count_sum(rng: Generator, report: SyntheticReport) -> Planted:
    """Another digit in one town's count."""
    slot = one(rng, report, draw(rng, keyed(report, "count.part.")))
    return put(report, slot, slip_digit(rng, slot.text), "count-sum", slot.text, "money-sum", "fact-conflict")
