"""Scores that the words of their own row contradict, where no rule can tell (`target-score`).

The rules of `grading.checks.targets` decide wherever target and actual value are figures that can be compared. The
rest, targets in words and deductions that follow no proportion, is left to `grading.triage.score_model`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING

from grading.checks.finding import Evidence, Finding, Severity
from grading.checks.priors import MODELLED
from grading.checks.problems import problem_paragraphs
from grading.checks.registry import Context, check, evidence, message
from grading.checks.scores import BONUS
from grading.checks.targets import DEDUCTED, FULL, REASON
from grading.facts.figures import Figure, plain
from grading.facts.rows import Indicator, IndicatorTable
from grading.facts.targets import aim_in, excused, is_met
from grading.reading.splicing import squeeze

if TYPE_CHECKING:
    from grading.triage.score_rows import ScoredRow

FEWEST = 6  # scored rows below which a table says too little of how its house deducts
READ = 0.7
WORDS = 4
CLEAR = Decimal("0.1")  # a share above completion that no usual way of deducting gives
WANTING = re.compile(
    r"未|缺|不|滞后|偏|部分|个别|基本|扣|较|尚|有待|存在|延|超|晚|闲置|薄弱|逾期|问题|遗漏|漏|疏|少|差|失"
)


@check("target-score", severity=Severity.WARNING)
def implausible_score(context: Context) -> Iterator[Finding]:
    """T1 where the target is in words: full marks beside a note of shortfall, or points lost beside praise alone.

    Only rows whose wording or points could be in doubt are put to the model, so that most reports never load it.
    """
    main = context.facts.main
    if main is None or main.scored < FEWEST:
        return
    doubtful = in_doubt(main)
    if not doubtful:
        return
    from grading.triage.model import ModelRefused
    from grading.triage.score_model import plausible

    try:
        found = plausible([_row(main, leaf) for leaf in doubtful])
    except ModelRefused:
        return
    told = squeeze("".join(one.text for one in problem_paragraphs(context)))
    for leaf, known in zip(doubtful, found, strict=True):
        if leaf.weight is None or leaf.score is None:
            continue
        share = float(leaf.score.value / leaf.weight.value)
        if known.too_high(share, missed=_measured(leaf) is False):
            yield _finding(main, leaf, leaf.weight, leaf.score, known.high, high=True)
        elif known.too_low(share) and squeeze(leaf.name) not in told:
            yield _finding(main, leaf, leaf.weight, leaf.score, known.low, high=False)


def in_doubt(main: IndicatorTable, *, only: int | None = None, any_words: bool = False) -> list[Indicator]:
    """The rows that the model is asked about.

    `only` looks at one row, `any_words` at all that the rules leave undecided, whatever they say.
    """
    leaves = main.leaves if only is None else [main.leaves[only]]
    return [leaf for leaf in leaves if _undecided(leaf) and (any_words or _doubtful(leaf))]


def _measured(leaf: Indicator) -> bool | None:
    target, actual = aim_in(leaf.target), aim_in(leaf.actual)
    return is_met(target, actual) if target and actual else None


def _undecided(leaf: Indicator) -> bool:
    """Whether the row is whole and surely read, and the exact rules have nothing to say of it."""
    weight, score = leaf.weight, leaf.score
    if weight is None or score is None or not leaf.target.strip() or not leaf.actual.strip() or leaf.inferred:
        return False
    if weight.value <= 0 or weight.unit == "%" or not 0 <= score.value <= weight.value or BONUS.search(leaf.name):
        return False
    if min(weight.confidence, score.confidence) < READ:
        return False
    met = _measured(leaf)
    return met is None or (met is False and score.value < weight.value)


def _doubtful(leaf: Indicator) -> bool:
    """Whether words or points leave room for doubt at all; what is excused or explained does not."""
    if leaf.weight is None or leaf.score is None:
        return False
    note, actual = squeeze(plain(leaf.note)), squeeze(plain(leaf.actual))
    said = note if actual == squeeze(plain(leaf.target)) else note + actual
    if excused(note + actual):
        return False
    if _measured(leaf) is False:
        target, reached = aim_in(leaf.target), aim_in(leaf.actual)
        if target is None or reached is None or target.most or target.value <= 0 or REASON.search(said):
            return False
        return leaf.score.value / leaf.weight.value > reached.value / target.value + CLEAR
    if leaf.score.value == leaf.weight.value:
        return bool(WANTING.search(said))
    praised = actual == squeeze(plain(leaf.target)) and len(note) >= WORDS
    return praised and not DEDUCTED.search(FULL.sub("", note))


def _row(main: IndicatorTable, leaf: Indicator) -> ScoredRow:
    """The row as the model knows it."""
    from grading.triage.score_rows import ScoredRow

    others = [
        (float(one.score.value), float(one.weight.value))
        for one in main.leaves
        if one is not leaf and one.score and one.weight and one.weight.unit != "%"
    ]
    weight = sum(weight for _score, weight in others)
    share = min(1.0, max(0.0, sum(score for score, _weight in others) / weight)) if weight > 0 else 1.0
    own, points = leaf.weight, leaf.score
    return ScoredRow(
        leaf.target,
        leaf.actual,
        leaf.note,
        float(own.value) if own else 0.0,
        float(points.value) if points else 0.0,
        share,
    )


def _finding(
    main: IndicatorTable, leaf: Indicator, weight: Figure, score: Figure, bound: float, *, high: bool
) -> Finding:
    limit = (weight.value * Decimal(bound)).quantize(Decimal("0.01"))
    said = (leaf.note.strip() or leaf.actual.strip()).replace("\n", "")[:40]
    zh = f"说明为“{said}”，却得{score.text}分（满分{weight.text}）"
    en = f"says “{said}”, but has {score.text} of {weight.text}"
    side, words = ("最多", "at most") if high else ("至少", "at least")
    quotes = [leaf.note.strip(), leaf.actual.strip(), leaf.target.strip()]
    share = float(score.value / weight.value)
    return Finding(
        "target-score",
        Severity.WARNING,
        message(
            f"“{leaf.name}”目标{leaf.target.strip()}，实际{leaf.actual.strip()}，{zh}；同类指标{side}得约{limit}分，请核对。",
            f"The indicator “{leaf.name}” {en}; rows like it have {words} about {limit}. Please check.",
        ),
        (
            evidence(score),
            *(Evidence(quote, leaf.page, None, main.table.index, leaf.row) for quote in quotes if quote),
        ),
        str(score.value),
        f"{'≤' if high else '≥'} {limit}",
        {
            "confidence": min(weight.confidence, score.confidence),
            "table": 1.0,
            "parts": 2.0,
            MODELLED: abs(share - bound),
        },
    )
