"""One line of the panel of rules: kept or broken, with the rule's id and where to repair it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from core.i18n import Text
from core.rules.rule import Enforcement
from core.unit_of_work import UnitOfWork

Level = Literal["ok", "warn", "block"]


@dataclass(frozen=True)
class RuleLine:
    """One line of the panel: the rule, whether it is kept, the words, and the field of the form to repair it at."""

    rule_id: str
    level: Level
    words: Text
    field: str | None = None


def broken(uow: UnitOfWork, rule_id: str, words: Text, field: str | None = None) -> RuleLine:
    """Return a broken rule's line: it blocks or warns as the rule book says."""
    effect = uow.house.rules.rule(rule_id, on=uow.today).effect
    return RuleLine(rule_id, "warn" if effect is Enforcement.WARN else "block", words, field)


def warning(rule_id: str, words: Text, field: str | None = None) -> RuleLine:
    """Return a line that only warns."""
    return RuleLine(rule_id, "warn", words, field)


def kept(rule_id: str, words: Text) -> RuleLine:
    """Return a kept rule's line."""
    return RuleLine(rule_id, "ok", words)
