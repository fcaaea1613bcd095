"""How two rounds of an indicator system differ, indicator by indicator and word by word; pure.

Indicators are the same when they bear the same name; of those left over, the most alike of one first level are taken
for renamed. Every indicator of both rounds occurs exactly once.
"""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from core.i18n import Text, _l
from core.word_differences import Part, compared
from projects.services.systems import IndicatorEntry

Kind = Literal["kept", "changed", "added", "removed"]
ALIKE = 0.5
"""From this likeness of names on, an indicator counts as renamed and not as another one."""


@dataclass(frozen=True)
class FieldChange:
    """One entry of an indicator that changed."""

    name: str
    label: Text
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Change:
    """One indicator in the older round (`before`), the newer one (`after`) or both, with what changed in it."""

    kind: Kind
    before: IndicatorEntry | None
    after: IndicatorEntry | None
    fields: tuple[FieldChange, ...] = ()

    @property
    def entry(self) -> IndicatorEntry:
        """The indicator as it stands now, or as it stood last."""
        entry = self.after or self.before
        assert entry is not None
        return entry


FIELDS: tuple[tuple[str, Text], ...] = (
    ("dimension", _l("一级指标")),
    ("second", _l("二级指标")),
    ("third", _l("三级指标")),
    ("weight", _l("权重")),
    ("target", _l("目标值")),
    ("standard", _l("评价标准")),
    ("scoring", _l("评分标准")),
)


def changes(before: Sequence[IndicatorEntry], after: Sequence[IndicatorEntry]) -> list[Change]:
    """Return every indicator of both rounds in the newer order, what was taken out where it stood."""
    old = {one.third: one for one in before}
    pairs = {one.third: old[one.third] for one in after if one.third in old}
    pairs |= _renamed(
        [one for one in before if one.third not in pairs], [one for one in after if one.third not in pairs]
    )
    gone = {one.third for one in before} - {one.third for one in pairs.values()}
    found: list[Change] = []
    place = 0
    for entry in after:
        partner = pairs.get(entry.third)
        if partner is not None:
            at = next(number for number, one in enumerate(before) if one.third == partner.third)
            found += [Change("removed", one, None) for one in before[place:at] if one.third in gone]
            place = max(place, at)
            fields = _fields(partner, entry)
            found.append(Change("changed" if fields else "kept", partner, entry, fields))
        else:
            found.append(Change("added", None, entry))
    named = {one.before.third for one in found if one.kind == "removed" and one.before}
    found += [Change("removed", one, None) for one in before if one.third in gone - named]
    return found


def _renamed(before: Sequence[IndicatorEntry], after: Sequence[IndicatorEntry]) -> dict[str, IndicatorEntry]:
    scored = sorted(
        ((_likeness(old, new), new.third, old) for new in after for old in before if old.dimension is new.dimension),
        key=lambda one: (-one[0], one[1], one[2].third),
    )
    pairs: dict[str, IndicatorEntry] = {}
    taken: set[str] = set()
    for likeness, name, old in scored:
        if likeness >= ALIKE and name not in pairs and old.third not in taken:
            pairs[name] = old
            taken.add(old.third)
    return pairs


def _likeness(old: IndicatorEntry, new: IndicatorEntry) -> float:
    return difflib.SequenceMatcher(None, old.third, new.third, autojunk=False).ratio()


def _fields(old: IndicatorEntry, new: IndicatorEntry) -> tuple[FieldChange, ...]:
    return tuple(
        FieldChange(name, label, compared(_shown(old, name), _shown(new, name)))
        for name, label in FIELDS
        if getattr(old, name) != getattr(new, name)
    )


def _shown(entry: IndicatorEntry, name: str) -> str:
    value = getattr(entry, name)
    if name == "weight":
        return f"{value.normalize():f}"
    return str(value.label) if name in ("dimension", "standard") else str(value)
