"""Rows of score tables of generated reports, in many reviewers' words, each with the score that is right for it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

import numpy as np
from numpy.random import Generator

from grading.synthesis.chance import cents, chance, draw, percent, whole
from grading.synthesis.facts import Leaf
from grading.synthesis.planning import plan
from grading.triage.score_phrases import (
    ACTUAL_RIGHT,
    ACTUAL_SHORT,
    NEUTRAL,
    bad_note,
    fault,
    good_note,
    praise,
)
from grading.triage.score_rows import ScoredRow

MANNERS = ("proportional", "proportional", "points", "steps", "nothing")


@dataclass(frozen=True, slots=True)
class Example:
    """A right row, the agency that wrote it, and whether it speaks of a shortfall that costs points.

    `worded` says that its words, not its figures, are what was judged.
    """

    row: ScoredRow
    agency: str
    short: bool
    worded: bool


def _judged(rng: Generator, leaf: Leaf, *, silent: bool) -> Leaf:
    """A judged indicator in other words; `silent` where the house writes no reasons."""
    if not leaf.fault:
        words = draw(rng, ACTUAL_RIGHT).format(t=leaf.target, praise=praise(rng))
        note = draw(rng, NEUTRAL) if silent else good_note(rng, leaf.note)
        return replace(leaf, actual=words, note=note)
    lost = Decimal(whole(rng, 1, max(1, int(leaf.weight * 2)))) / draw(rng, (2, 2, 4, 5))
    lost = min(lost, leaf.weight)
    score = leaf.weight - lost
    note = draw(rng, NEUTRAL) if silent else bad_note(rng, f"{leaf.fault}，扣{lost:f}分", f"{lost:f}", f"{score:f}")
    words = leaf.target if chance(rng, 0.15) and not silent else draw(rng, ACTUAL_SHORT)
    return replace(leaf, score=score, note=note, actual=words.format(t=leaf.target, fault=fault(rng)))


def _measured(rng: Generator, leaf: Leaf, manner: str, *, silent: bool) -> Leaf:
    """A measured indicator scored in this house's manner: in proportion, by points, by steps, or nothing below."""
    done = leaf.completion
    if not leaf.fault or done is None:
        note = draw(rng, ("", f"完成率{done}%", "达到目标", "达标，得满分", leaf.note, praise(rng)))
        return replace(leaf, note="" if silent else note)
    missing = max(Decimal(0), 1 - leaf.score / leaf.weight)
    if manner == "proportional":
        share = 1 - missing
        note = draw(
            rng,
            ("", f"完成率{percent(leaf.score, leaf.weight)}%", "按比例计分", "未达标，按实际值/目标值计分", leaf.note),
        )
    elif manner == "points":
        share = max(Decimal(0), 1 - missing * draw(rng, (1, 2, 3, 5)))
        note = "每低1个百分点扣相应分值"
    elif manner == "steps":
        share = Decimal(draw(rng, ("0.8", "0.6", "0.9"))) if missing < Decimal("0.3") else Decimal("0.5")
        share = min(share, max(Decimal("0.5"), 1 - missing / 2))
        note = "未达到目标值，按档计分"
    else:
        share, note = Decimal(0), "未达到目标值，不得分"
    if not silent and chance(rng, 0.2):
        note = f"{note}，{fault(rng)}" if note else fault(rng)
    return replace(leaf, score=cents(leaf.weight * share), note="" if silent else note)


def examples(seed: int, reports: int) -> Iterator[Example]:
    """The rows of that many generated reports; the same arguments give the same rows."""
    rng = np.random.default_rng(seed)
    for _ in range(reports):
        facts = plan(rng, many=chance(rng, 0.4))
        manner, silent = draw(rng, MANNERS), chance(rng, 0.12)
        leaves = [
            _judged(rng, leaf, silent=silent) if leaf.form == "quality" else _measured(rng, leaf, manner, silent=silent)
            for leaf in facts.leaves
        ]
        weights, scores = (np.array([float(getattr(one, key)) for one in leaves]) for key in ("weight", "score"))
        for leaf, weight, score in zip(leaves, weights, scores, strict=True):
            others = float((scores.sum() - score) / (weights.sum() - weight))
            row = ScoredRow(leaf.target, leaf.actual, leaf.note, float(weight), float(score), others)
            worded = leaf.form == "quality" and leaf.note not in NEUTRAL
            yield Example(row, facts.agency, bool(leaf.fault) and score < weight, worded)


def spoilt(rng: Generator, example: Example) -> ScoredRow | None:
    """The row with a score that its own words contradict; None where the words are too few to tell.

    Full marks beside a shortfall, or a deduction beside praise alone.
    """
    row = example.row
    if len(row.note) < 4 or row.note in NEUTRAL:
        return None
    if example.short:
        return replace(row, score=row.weight)
    return replace(row, score=row.weight * (1 - 0.25 * whole(rng, 1, 3)))
