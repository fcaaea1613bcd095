"""The rule book: every rule by id and date, and its values with the bureau's local settings applied."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path

from core.rules.reading import RuleDataError, read_rules
from core.rules.rule import Rule, RuleValue, Scalar

RULES_FOLDER = Path(__file__).resolve().parents[2] / "rules"
RULE_SET = "2026"
Overrides = Mapping[str, Scalar]


class UnknownRule(LookupError):
    """No rule, version or value of that name; names what was asked for."""


class NotAdjustable(Exception):
    """A local value was given for a rule the bureau may not change, or of the wrong type."""


class RuleBook:
    """All versions of all rules.

    A local value is given by the caller as `overrides`, keyed `"R-GRADE.raters.unit"` (rule id, dot, value name), and
    counts only where the rule is a parameter. Where a rule's values are set by year, `"R-THR-01.limit@2027"` is the
    value of that year alone and goes before one without a year.
    """

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._versions: dict[str, list[Rule]] = {}
        for rule in sorted(rules, key=lambda rule: (rule.id, rule.valid_from)):
            versions = self._versions.setdefault(rule.id, [])
            if versions and (versions[-1].valid_to is None or versions[-1].valid_to >= rule.valid_from):
                raise RuleDataError(f"{rule.id}: two versions apply from {rule.valid_from}")
            versions.append(rule)

    @classmethod
    def load(cls, rule_set: str = RULE_SET, folder: Path = RULES_FOLDER) -> RuleBook:
        """Read the rule set shipped with the product; raises RuleDataError when it is damaged."""
        return cls(read_rules(folder / rule_set))

    def __contains__(self, rule_id: object) -> bool:
        return rule_id in self._versions

    def __iter__(self) -> Iterator[Rule]:
        return (rule for versions in self._versions.values() for rule in versions)

    def ids(self) -> tuple[str, ...]:
        """Return every rule id, sorted."""
        return tuple(self._versions)

    def versions(self, rule_id: str) -> tuple[Rule, ...]:
        """Return all versions of a rule, oldest first; raises UnknownRule."""
        if rule_id not in self._versions:
            raise UnknownRule(f"there is no rule {rule_id}")
        return tuple(self._versions[rule_id])

    def rule(self, rule_id: str, *, on: date) -> Rule:
        """Return the version of a rule in force on a civil date; raises UnknownRule."""
        for rule in self.versions(rule_id):
            if rule.in_force(on):
                return rule
        raise UnknownRule(f"rule {rule_id} was not in force on {on.isoformat()}")

    def named_value(self, rule_id: str, name: str, *, on: date, overrides: Overrides | None = None) -> RuleValue:
        """Return a value with unit and title, the local setting applied.

        Raises UnknownRule, and NotAdjustable when a local setting is given for a rule that is no parameter.
        """
        rule = self.rule(rule_id, on=on)
        if name not in rule.values:
            raise UnknownRule(f"rule {rule_id} has no value {name}")
        shipped = rule.values[name]
        key = f"{rule_id}.{name}"
        if rule.by_year and overrides and f"{key}@{on.year}" in overrides:
            key = f"{key}@{on.year}"
        if not overrides or key not in overrides:
            return shipped
        if not rule.parameter:
            raise NotAdjustable(f"{key} is fixed by law and cannot be set locally")
        local = overrides[key]
        if isinstance(shipped.value, str) != isinstance(local, str) or isinstance(local, bool):
            raise NotAdjustable(f"{key} must be of the same kind as {shipped.value!r}")
        if isinstance(shipped.value, int) and not isinstance(local, int) and shipped.unit not in _DIVISIBLE:
            raise NotAdjustable(f"{key} must be a whole number")
        return RuleValue(name=name, value=local, unit=shipped.unit, title=shipped.title)

    def value(self, rule_id: str, name: str, *, on: date, overrides: Overrides | None = None) -> Scalar:
        """Return the bare value; see `named_value`."""
        return self.named_value(rule_id, name, on=on, overrides=overrides).value

    def whole(self, rule_id: str, name: str, *, on: date, overrides: Overrides | None = None) -> int:
        """Return a value that must be a whole number (days, seats, counts)."""
        value = self.value(rule_id, name, on=on, overrides=overrides)
        if not isinstance(value, int):
            raise NotAdjustable(f"{rule_id}.{name} is not a whole number")
        return value

    def number(self, rule_id: str, name: str, *, on: date, overrides: Overrides | None = None) -> Decimal:
        """Return a value as an exact decimal (percent, points, yuan)."""
        value = self.value(rule_id, name, on=on, overrides=overrides)
        if isinstance(value, str):
            raise NotAdjustable(f"{rule_id}.{name} is a text, not a number")
        return Decimal(value)


_DIVISIBLE = frozenset({"percent", "points", "yuan", "share"})
