"""Who may be drawn: the snapshot of a pool, its exclusions, the quotas, and the types that experts fall into."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

EMPLOYER = "employer"
"""The feature name under which a cap per employer is set (R-COMM-07)."""


class BadPool(Exception):
    """A pool or quotas that cannot be drawn from whatever the numbers are; carries the sentence in both languages."""

    def __init__(self, zh: str, en: str) -> None:
        self.zh, self.en = zh, en
        super().__init__(f"{zh} {en}")


@dataclass(frozen=True)
class Candidate:
    """One expert of the snapshot: id, the features that quotas may name, the employer, and why excluded (or None)."""

    id: str
    features: Mapping[str, str] = field(default_factory=dict)
    employer: str | None = None
    excluded: str | None = None

    def value(self, feature: str) -> str | None:
        """Return the candidate's value of a feature; `employer` is a feature like any other."""
        return self.employer if feature == EMPLOYER else self.features.get(feature)


@dataclass(frozen=True)
class Quota:
    """How many seats must (`minimum`) and may (`maximum`) go to experts whose `feature` has `value`."""

    feature: str
    value: str
    minimum: int
    maximum: int


@dataclass(frozen=True)
class Kind:
    """Experts who meet exactly the same quotas, so that the law of the draw cannot tell them apart: a type."""

    quotas: tuple[int, ...]
    members: tuple[int, ...]

    @property
    def count(self) -> int:
        """Return how many experts are of this type."""
        return len(self.members)


@dataclass(frozen=True)
class Family:
    """Types that differ only in rows set aside (`relaxed`): as one type while chances are worked out."""

    quotas: tuple[int, ...]
    kinds: tuple[int, ...]
    count: int


def families(kinds: Sequence[Kind], relaxed: Collection[int]) -> list[Family]:
    """Return the families in the order of their first type; without relaxed rows each type is a family of its own."""
    aside, groups = frozenset(relaxed), dict[tuple[int, ...], list[int]]()
    for number, kind in enumerate(kinds):
        groups.setdefault(tuple(row for row in kind.quotas if row not in aside), []).append(number)
    return [
        Family(rows, tuple(numbers), sum(kinds[number].count for number in numbers)) for rows, numbers in groups.items()
    ]


def quotas_in(plan: Mapping[str, Any]) -> list[Quota]:
    """Return the quotas of a plan as it stands in a record: those set, then the caps, which records of old lack."""
    return [
        *(Quota(one["feature"], one["value"], one["minimum"], one["maximum"]) for one in plan["quotas"]),
        *(Quota(one["feature"], one["value"], 0, one["maximum"]) for one in plan.get("caps", ())),
    ]


class Pool:
    """A snapshot of candidates, sorted by id. Raises BadPool when it is empty or an id stands twice."""

    def __init__(self, candidates: Sequence[Candidate]) -> None:
        self.candidates: tuple[Candidate, ...] = tuple(sorted(candidates, key=lambda one: one.id))
        if not self.candidates:
            raise BadPool("专家库为空,没有可抽取的专家。", "The pool is empty: there is nobody to draw.")
        for one, other in zip(self.candidates, self.candidates[1:], strict=False):
            if one.id == other.id:
                raise BadPool(f"专家 {one.id} 在库中重复出现。", f"Expert {one.id} stands twice in the pool.")

    def caps(self, limits: Mapping[str, int]) -> list[Quota]:
        """Return a quota for every value of a capped feature that more eligible candidates share than its cap."""
        found: list[Quota] = []
        for feature, cap in sorted(limits.items()):
            counts: dict[str, int] = {}
            for one in self.candidates:
                value = one.value(feature)
                if one.excluded is None and value is not None:
                    counts[value] = counts.get(value, 0) + 1
            found += [Quota(feature, value, 0, cap) for value, count in sorted(counts.items()) if count > cap]
        return found

    def kinds(self, quotas: Sequence[Quota]) -> list[Kind]:
        """Return the types: groups of eligible candidates (by position) that meet the same quotas."""
        groups: dict[tuple[int, ...], list[int]] = {}
        index: dict[str, dict[str, list[int]]] = {}
        for number, quota in enumerate(quotas):
            index.setdefault(quota.feature, {}).setdefault(quota.value, []).append(number)
        for position, one in enumerate(self.candidates):
            if one.excluded is not None:
                continue
            met: list[int] = []
            for feature, values in index.items():
                met += values.get(one.value(feature) or "", ())
            groups.setdefault(tuple(sorted(met)), []).append(position)
        return [Kind(key, tuple(members)) for key, members in sorted(groups.items())]


def check_quotas(quotas: Sequence[Quota], size: int) -> None:
    """Raise BadPool for quotas or a size that no pool could meet: negative, crossed, or named twice."""
    if size < 1:
        raise BadPool("席位数至少为 1。", "A panel has at least one seat.")
    seen: set[tuple[str, str]] = set()
    for quota in quotas:
        name = f"{quota.feature}={quota.value}"
        if not 0 <= quota.minimum <= quota.maximum:
            raise BadPool(
                f"配额 {name} 的下限 {quota.minimum} 与上限 {quota.maximum} 不成立。",
                f"The quota {name} has minimum {quota.minimum} and maximum {quota.maximum}, which cannot be.",
            )
        if (quota.feature, quota.value) in seen:
            raise BadPool(f"配额 {name} 重复。", f"The quota {name} is given twice.")
        seen.add((quota.feature, quota.value))
