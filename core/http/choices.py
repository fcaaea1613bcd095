"""What a select field offers."""

from __future__ import annotations

from collections.abc import Iterable

from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the type stubs

from core.i18n import Text
from core.states import State, Titled


def choices_of(members: Iterable[State | Titled]) -> list[SelectChoice]:
    """Offer every member of an enum under its own words."""
    return [SelectChoice(value=member.value, label=member.label) for member in members]


def choices(pairs: Iterable[tuple[str, Text]]) -> list[SelectChoice]:
    """Offer `(value, label)` pairs."""
    return [SelectChoice(value=value, label=label) for value, label in pairs]
