"""What looks doubtful about the quality of indicators: told, never refused (R-IND-04); pure.

Indicators are to be relevant, representative, measurable, with data to be had, comparable among like projects. What a
machine can see of that is whether a target can be measured, whether the scoring says how points are given, and whether
two indicators say the same; the rest is what the panel judges.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from core.i18n import Text, _l
from projects.models import Indicator
from projects.services.systems import IndicatorEntry

RULE = "R-IND-04"
MEASURE = re.compile(
    r"[0-9０-９%％]|[一二三四五六七八九十百千两半]+分之|全部|全覆盖|全员|无[^法]|零|按期|按时|不高于|不低于|较上年"
)
SHORTEST_SCORING = 4
ALIKE = 0.85
"""From this likeness of name and scoring on, two indicators seem to say the same."""


@dataclass(frozen=True)
class Doubt:
    """An indicator and what looks doubtful about it."""

    third: str
    words: Text


def doubts(indicators: Sequence[Indicator | IndicatorEntry]) -> list[Doubt]:
    """Return what looks doubtful, in the order of the indicators."""
    found = []
    for one in indicators:
        if not MEASURE.search(one.target) and not MEASURE.search(one.scoring):
            found.append(Doubt(one.third, _l("目标值和评分标准都没有可衡量的标准")))
        if len(one.scoring.strip()) < SHORTEST_SCORING or one.scoring.strip() == one.target.strip():
            found.append(Doubt(one.third, _l("评分标准没有写明怎样得分、扣分")))
    for first, second in combinations(indicators, 2):
        if first.dimension is second.dimension and _alike(first.third, second.third):
            found.append(Doubt(second.third, _l("与“%(name)s”名称相近，请确认不是重复", name=first.third)))
    return found


def _alike(first: str, second: str) -> bool:
    return difflib.SequenceMatcher(None, first, second, autojunk=False).ratio() >= ALIKE
