"""What differs between two versions of a rubric: pure, for the page that compares them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from core.rules import Words
from grading.rubric import Dimension, Rubric


@dataclass(frozen=True)
class LineDifference:
    """A dimension in two versions: what it was and is worth (None where it is missing), and what else changed.

    `changed` are names of what differs: `name`, `levels`, `errors`, `parts`, `proposes`, `kinds`.
    """

    key: str
    name: Words
    before: Decimal | None
    after: Decimal | None
    changed: tuple[str, ...]


def rubric_differences(before: Rubric, after: Rubric) -> list[LineDifference]:
    """Return every dimension of either version, those of the later first, with what differs."""
    old = {one.key: one for one in before.quality}
    rows = [_difference(old.get(one.key), one) for one in after.quality]
    new = {one.key for one in after.quality}
    return rows + [
        LineDifference(one.key, one.name, one.full, None, ()) for one in before.quality if one.key not in new
    ]


def _difference(old: Dimension | None, new: Dimension) -> LineDifference:
    if old is None:
        return LineDifference(new.key, new.name, None, new.full, ())
    pairs = {
        "name": (old.name, new.name),
        "levels": (old.levels, new.levels),
        "errors": (old.errors, new.errors),
        "parts": (old.parts, new.parts),
        "proposes": (old.proposes, new.proposes),
        "kinds": (old.kinds, new.kinds),
    }
    changed = tuple(name for name, (left, right) in pairs.items() if left != right)
    return LineDifference(new.key, new.name, old.full, new.full, changed)
