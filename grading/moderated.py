"""What a moderation leaves beside the ratings that count: those locked before it, and those revised in it. Pure.

Where the raters agreed, each of them counts with the agreed value, so that no weight and no severity changes it; where
the mean was left, the revised ratings count. Both layers stand in the score's row and in the grade's record.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

Given = Mapping[str, Mapping[str, Sequence[Decimal]]]
"""By measure and kind of rater, one number for each rater."""


@dataclass(frozen=True)
class Moderated:
    """One task's moderation: ratings as locked and as revised, whether a consensus counts, and what was noted."""

    locked: Given
    revised: Given
    is_agreed: bool
    note: str

    def body(self) -> dict[str, Any]:
        """Return it as rows and records keep it."""
        return {"locked": self.locked, "revised": self.revised, "agreed": self.is_agreed, "note": self.note}

    def fits(self, counted: Given) -> bool:
        """Whether the ratings that count are what the moderation left: one value for everybody, or the revised ones."""
        for measure, by_kind in self.revised.items():
            counts = counted.get(measure, {})
            if {kind: len(values) for kind, values in by_kind.items()} != {
                kind: len(values) for kind, values in counts.items()
            }:
                return False
            if self.is_agreed and len({one for values in counts.values() for one in values}) != 1:
                return False
            if not self.is_agreed and any(list(counts[kind]) != list(values) for kind, values in by_kind.items()):
                return False
        return True


def moderated_from(body: Mapping[str, Any] | None) -> Moderated | None:
    """Return a moderation from what was kept of it, None where there was none."""
    if not body:
        return None
    return Moderated(_table(body["locked"]), _table(body["revised"]), bool(body["agreed"]), str(body["note"]))


def _table(given: Mapping[str, Any]) -> dict[str, dict[str, list[Decimal]]]:
    return {
        measure: {kind: [Decimal(one) for one in values] for kind, values in by_kind.items()}
        for measure, by_kind in given.items()
    }
