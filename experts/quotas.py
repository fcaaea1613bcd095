"""The voting seats of an indicator review as quotas of a draw (R-IND.seats)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core.i18n import Text, _l
from experts.draw import Quota
from experts.models import Expert
from experts.review_rules import SEATS, ReviewRules
from experts.states import Category
from projects.states import Industry

YES = "yes"
CATEGORIES: Mapping[str, tuple[Category, ...]] = {
    "performance": (Category.PERFORMANCE,),
    "trade": (Category.INDUSTRY,),
    "finance": (Category.FINANCE, Category.AUDIT),
    "scholar": (Category.SCHOLAR,),
}
"""Which categories fill which kind of seat; a trade expert must also know the project's industry."""

TITLES: Mapping[str, Text] = {
    "performance": _l("绩效管理专家"),
    "trade": _l("本行业专家"),
    "finance": _l("财务或审计专家"),
    "scholar": _l("高校学者"),
}


@dataclass(frozen=True)
class SeatQuota:
    """At least and at most so many seats for one kind; an expert of several kinds counts for each."""

    key: str
    minimum: int
    maximum: int

    @property
    def title(self) -> Text:
        """The kind in words."""
        return TITLES[self.key]

    def body(self) -> dict[str, Any]:
        """Return the quota as a review keeps it."""
        return {"key": self.key, "minimum": self.minimum, "maximum": self.maximum}

    def for_draw(self) -> Quota:
        """Return the quota as the draw takes it."""
        return Quota(self.key, YES, self.minimum, self.maximum)


def proposed(rules: ReviewRules) -> list[SeatQuota]:
    """Return the quotas that the rule proposes for the smallest panel."""
    return [SeatQuota(key, rules.seats[key], rules.size_min) for key in SEATS]


def kept(bodies: Sequence[Mapping[str, Any]]) -> list[SeatQuota]:
    """Return the quotas that a review keeps."""
    return [SeatQuota(one["key"], int(one["minimum"]), int(one["maximum"])) for one in bodies]


def features(expert: Expert, industry: Industry) -> dict[str, str]:
    """Return the kinds of seat this expert may fill in a review of a project of this industry."""
    held = set(expert.category_labels)
    found = {key: YES for key, wanted in CATEGORIES.items() if held.intersection(wanted)}
    if industry.value not in expert.industries:
        found.pop("trade", None)
    return found


def capacities(experts: Sequence[Expert], quotas: Sequence[SeatQuota], industry: Industry) -> list[Category]:
    """Return the capacity in which each expert sits: the kind still most wanted among those they fill."""
    missing = {quota.key: quota.minimum for quota in quotas}
    found = []
    for expert in experts:
        fits = sorted(features(expert, industry), key=lambda key: (-missing.get(key, 0), SEATS.index(key)))
        if fits:
            missing[fits[0]] = missing.get(fits[0], 0) - 1
        held = expert.category_labels
        wanted = CATEGORIES[fits[0]] if fits else ()
        found.append(next((one for one in held if one in wanted), held[0]))
    return found
