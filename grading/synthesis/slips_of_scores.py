"""Slips in scores, weights, grades and categories."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from numpy.random import Generator

from grading.synthesis.chance import chance, draw, percent
from grading.synthesis.facts import CATEGORIES, GRADES, Leaf
from grading.synthesis.making import SyntheticReport
from grading.synthesis.planting import (
    NotPlantable,
    Planted,
    around,
    decimal_of,
    keyed,
    one,
    planter,
    put,
    slip_digit,
    swap_everywhere,
)

DENIALS = {  # how a problem says that an indicator's quality is wanting, without its name
    "管理制度健全性": "管理制度不够健全",
    "制度执行有效性": "制度执行不到位",
    "资金使用合规性": "资金使用不够规范",
    "预算编制科学性": "预算编制不够精准",
    "绩效指标明确性": "绩效指标未能量化",
    "立项程序规范性": "立项程序不规范",
    "资金分配合理性": "资金分配不够合理",
    "绩效目标合理性": "绩效目标偏低",
}
MEASURED = {"rate", "satisfaction", "amount", "cost"}


def _leaf(report: SyntheticReport, key: str) -> Leaf:
    return next(leaf for leaf in report.facts.leaves if leaf.code == key.split(".")[1])


@planter("score-sum")
def score_sum(rng: Generator, report: SyntheticReport) -> Planted:
    """A leaf's score changed alone, or every sum above it changed without the leaf."""
    if chance(rng, 0.5):
        return _sums(rng, report)
    keys = keyed(report, "leaf.", ".score", table=True)
    for _ in range(200):
        slot = one(rng, report, draw(rng, keys), part="scores")
        text = slip_digit(rng, slot.text)
        if 0 <= decimal_of(text) <= _leaf(report, slot.key).weight:
            return put(
                report,
                slot,
                text,
                "score-sum",
                slot.text,
                "fact-conflict",
                "score-rate",
                "target-score",
                "problem-score",
                "score-monotone",
            )
    raise NotPlantable("no leaf's score has another digit within its weight")


def _sums(rng: Generator, report: SyntheticReport) -> Planted:
    facts = report.facts
    for _ in range(100):
        place, gap = int(rng.integers(4)), Decimal(draw(rng, ("-0.90", "-0.30", "0.30", "0.27", "0.50", "-0.50")))
        score, total = facts.score(place) + gap, facts.total + gap
        grade = next((name for name, bound in zip(GRADES, facts.bands, strict=False) if total >= bound), "差")
        if score > facts.weight(place) or grade != facts.grade:
            continue
        after = swap_everywhere(report, f"cat.{place}.score", f"{score:.2f}")
        after = swap_everywhere(after, f"cat.{place}.rate", f"{percent(score, facts.weight(place))}%")
        for key in keyed(report, "total."):
            after = swap_everywhere(after, key, f"{total:.2f}%" if key == "total.rate" else f"{total:.2f}")
        stated = f"{score:.2f}"
        quote = around(after, after.find(f"cat.{place}.score")[0])
        return Planted(after, "score-sum", quote, stated, f"{facts.score(place):.2f}", (), ripple=True)
    raise NotPlantable("no sum can move within its weight and grade")


@planter("score-over-weight")
def score_over_weight(rng: Generator, report: SyntheticReport) -> Planted:
    """A leaf's score above its weight, every sum following."""
    leaves = [leaf for leaf in report.facts.leaves if leaf.score == leaf.weight]
    if not leaves or report.facts.total > Decimal(99):
        raise NotPlantable("no leaf has full marks, or the total leaves no room")
    leaf = draw(rng, leaves)
    over = leaf.weight + Decimal(draw(rng, ("0.25", "0.50", "1.00")))
    after = report.recomposed(report.facts.with_leaf(replace(leaf, score=over)))
    also = ("score-rate", "target-score", "problem-score")
    return Planted(after, "score-over-weight", f"{over:.2f}", f"{over:.2f}", f"≤{leaf.weight:.2f}", also, ripple=True)


@planter("weight-sum")
def weight_sum(rng: Generator, report: SyntheticReport) -> Planted:
    """A leaf's weight in the score table one higher."""
    slot = one(rng, report, draw(rng, keyed(report, "leaf.", ".weight", table=True)), part="scores")
    weight = _leaf(report, slot.key).weight
    text = f"{weight + 1:.2f}" if "." in slot.text else f"{weight + 1:.0f}"
    return put(
        report,
        slot,
        text,
        "weight-sum",
        slot.text,
        "fact-conflict",
        "score-rate",
        "target-score",
        "problem-score",
        "score-monotone",
    )


@planter("score-rate")
def score_rate(rng: Generator, report: SyntheticReport) -> Planted:
    """A category's score rate with another digit, at one place or at all."""
    key = draw(rng, keyed(report, "cat.", ".rate"))
    slot = one(rng, report, key)
    text = slip_digit(rng, slot.text)
    if chance(rng, 0.3):
        after = swap_everywhere(report, key, text)
        return Planted(after, "score-rate", around(after, after.find(key)[0]), text, slot.text, (), ripple=True)
    return put(report, slot, text, "score-rate", slot.text, "fact-conflict")


@planter("grade-band")
def grade_band(rng: Generator, report: SyntheticReport) -> Planted:
    """Another grade than the score's, at one place or at all."""
    keys = keyed(report, "grade.")
    if not keys:
        raise NotPlantable("the report states no grade")
    wrong = draw(rng, [grade for grade in GRADES if grade != report.facts.grade])
    if chance(rng, 0.6):
        after = report
        for key in keys:
            after = swap_everywhere(after, key, wrong)
        return Planted(
            after, "grade-band", around(after, after.find(keys[-1])[0]), wrong, report.facts.grade, (), ripple=True
        )
    return put(report, one(rng, report, *keys), wrong, "grade-band", report.facts.grade, "fact-conflict")


@planter("grade-missing")
def grade_missing(rng: Generator, report: SyntheticReport) -> Planted:
    """A total without any grade."""
    after = report.recomposed(replace(report.facts, graded=False))
    slot = one(rng, after, "total.body")
    return Planted(after, "grade-missing", around(after, slot), slot.text, report.facts.grade)


@planter("wrong-category")
def wrong_category(rng: Generator, report: SyntheticReport) -> Planted:
    """A category's sentence under another category's name."""
    key = draw(rng, keyed(report, "cat.", ".name"))
    slot = one(rng, report, key)
    facts, place = report.facts, int(key.split(".")[1])
    others = [
        number
        for number in range(4)
        if (facts.weight(number), facts.score(number)) != (facts.weight(place), facts.score(place))
    ]
    if not others:
        raise NotPlantable("all categories have the same figures")
    return put(report, slot, CATEGORIES[draw(rng, others)], "wrong-category", slot.text, "fact-conflict")


@planter("target-score")
def target_score(rng: Generator, report: SyntheticReport) -> Planted:
    """A missed target with full marks and no reason."""
    leaves = [leaf for leaf in report.facts.leaves if leaf.fault and leaf.form in {"amount", "rate", "satisfaction"}]
    if not leaves:
        raise NotPlantable("no measured target is missed")
    leaf = draw(rng, leaves)
    wrong = replace(leaf, score=leaf.weight, fault="", remedy="", note=f"{leaf.note.split('，按比例')[0]}，得满分")
    after = report.recomposed(report.facts.with_leaf(wrong))
    also = ("score-monotone", "problem-score")
    return Planted(after, "target-score", leaf.actual, f"{leaf.weight:.2f}", f"{leaf.score:.2f}", also, ripple=True)


@planter("score-monotone")
def score_monotone(_: Generator, report: SyntheticReport) -> Planted:
    """Of two missed targets the lower completion gets the higher share of its weight."""
    leaves = [
        leaf for leaf in report.facts.leaves if leaf.fault and leaf.form == "amount" and leaf.completion is not None
    ]
    if len(leaves) < 2:
        raise NotPlantable("fewer than two quantities are missed")
    low, high = sorted(leaves, key=lambda leaf: leaf.completion or Decimal(0))[:: len(leaves) - 1]
    if low.completion == high.completion:
        raise NotPlantable("the quantities missed are equally complete")
    score = (low.weight * Decimal("0.99")).quantize(Decimal("0.01"))
    note = f"{low.note.split('，按比例')[0]}，按比例得{score:.2f}分"
    after = report.recomposed(report.facts.with_leaf(replace(low, score=score, note=note)))
    return Planted(after, "score-monotone", note, f"{score:.2f}", f"{low.score:.2f}", ("target-score",), ripple=True)


@planter("actual-copies-target")
def actual_copies_target(rng: Generator, report: SyntheticReport) -> Planted:
    """A result that repeats the target's own words."""
    measured = {leaf.code for leaf in report.facts.leaves if leaf.form in MEASURED and leaf.target[0] in "≥≤"}
    keys = [key for key in keyed(report, "leaf.", ".actual", table=True) if key.split(".")[1] in measured]
    if not keys:
        raise NotPlantable("the layout prints no actual values")
    slot = one(rng, report, draw(rng, keys), table=True)
    target = _leaf(report, slot.key).target
    after = swap_everywhere(report, slot.key, target)
    return Planted(
        after, "actual-copies-target", target, target, slot.text, ("target-score", "fact-conflict"), ripple=True
    )


@planter("problem-score")
def problem_score(rng: Generator, report: SyntheticReport) -> Planted:
    """A deduction without a reason, or a described problem without a deduction."""
    faults = [leaf for leaf in report.facts.leaves if leaf.fault and leaf.form == "quality"]
    full = [leaf for leaf in report.facts.leaves if not leaf.fault and leaf.form == "quality"]
    if faults and chance(rng, 0.5):
        leaf = draw(rng, faults)
        after = report.recomposed(report.facts.with_leaf(replace(leaf, fault="", remedy="", note="已按评分标准核定")))
        return Planted(
            after, "problem-score", leaf.name, f"{leaf.score:.2f}", "扣分应说明原因", ("target-score",), ripple=True
        )
    if not full:
        raise NotPlantable("every judged indicator is deducted")
    leaf = draw(rng, full)
    places = [place for place, block in enumerate(report.blocks) if block.part == "problems" and block.form == "text"]
    opening = DENIALS[leaf.name] if leaf.name in DENIALS and chance(rng, 0.5) else f"{leaf.name}存在不足"
    text = f"{len(places) + 1}.{opening}。抽查发现{leaf.name}方面有2项资料缺失，涉及3个单位，主要原因是日常管理不到位。"
    block = replace(report.blocks[places[-1]], text=text)
    return Planted(report.insert(places[-1], block), "problem-score", text, f"{leaf.score:.2f}", "应相应扣分")
