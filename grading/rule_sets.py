"""Rule sets of grading as data: `rules/grading/*.toml`, and the form in which a cycle and its records keep one.

A number stands in the file itself or names a value of the rule book, `"R-GRADE.task:plan"`; those the bureau sets for
itself. What a cycle is computed by is frozen with it (`body`), so that a later change of either changes nothing.
"""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from core.rules import Words
from grading.scale import Grade, GradeRules, HonestyLoss

FOLDER = Path(__file__).resolve().parents[1] / "rules" / "grading"
HOUSE = "house"
Number = Callable[[str, str], Decimal]
"""Gives the value of a rule of the rule book: (rule id, name)."""


@dataclass(frozen=True)
class RuleSet:
    """A rule set as shipped: its key, its name and origin in both languages, and its data with references."""

    key: str
    title: Words
    says: Words
    data: Mapping[str, Any]

    def references(self) -> list[tuple[str, str]]:
        """Return the values of the rule book that it takes: (rule id, name), in the order of the file."""
        found: list[tuple[str, str]] = []

        def walk(node: Any) -> None:
            if isinstance(node, Mapping):
                for item in node.values():
                    walk(item)
            elif isinstance(node, str) and node.startswith("R-"):
                rule, name = node.split(":")
                found.append((rule, name))

        walk(self.data)
        return found

    def rules(self, number: Number, version: str) -> GradeRules:
        """Return its rules with the rule book's values filled in. Raises BadRating when they do not hold."""
        data, parts = self.data, self.data["elements"]

        def value(given: Any) -> Decimal:
            return number(*given.split(":")) if isinstance(given, str) else Decimal(given)

        def table(given: Mapping[str, Any]) -> dict[str, Decimal]:
            return {key: value(one) for key, one in given.items()}

        bands, losses = table(data["bands"]), table(data["losses"])
        titles = {key: tuple(one["title"]) for key, one in parts.items()}
        titles |= {key: tuple(pair) for key, pair in data.get("grades", {}).items()}
        return GradeRules(
            version=version,
            key=self.key,
            elements={key: value(one["points"]) for key, one in parts.items()},
            measures={key: tuple(one["measures"]) for key, one in parts.items() if "measures" in one},
            full_from={key: value(one["full_from"]) for key, one in parts.items() if "full_from" in one},
            raters=table(data["raters"]),
            element_raters={key: table(one["raters"]) for key, one in parts.items() if "raters" in one},
            bands={Grade(key): one for key, one in bands.items()},
            above=frozenset(Grade(one) for one in data.get("above", ())),
            losses={HonestyLoss(key): one for key, one in losses.items()},
            repeat_factor=value(data["repeat_factor"]),
            honesty=value(data.get("honesty", 0)),
            losses_from=data.get("losses_from", "year"),
            weigh_by=data["weigh_by"],
            difficulty=table(data["difficulty"]),
            urgent=value(data.get("urgent", 0)),
            minimum_sample=int(value(data["minimum_sample"])),
            spread=value(data["spread"]),
            counts=data.get("counts", "raw"),
            titles=titles,
        )


@functools.cache
def rule_sets() -> Mapping[str, RuleSet]:
    """Return every rule set that ships, the rulebook's proposal first."""
    found = []
    for path in sorted(FOLDER.glob("*.toml"), key=lambda path: (path.stem != HOUSE, path.stem)):
        data = _read(path)
        if base := data.pop("based_on", None):
            data = {**_read(FOLDER / f"{base}.toml"), **data}
        title, says = Words(*data.pop("title")), Words(*data.pop("says"))
        found.append(RuleSet(path.stem, title, says, data))
    return {one.key: one for one in found}


def _read(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)


def body(rules: GradeRules) -> dict[str, Any]:
    """Return the rules as a record keeps them."""
    return {
        "key": rules.key,
        "version": rules.version,
        "elements": rules.elements,
        "measures": rules.measures,
        "full_from": rules.full_from,
        "raters": rules.raters,
        "element_raters": rules.element_raters,
        "bands": {grade.value: value for grade, value in rules.bands.items()},
        "above": sorted(grade.value for grade in rules.above),
        "losses": {kind.value: value for kind, value in rules.losses.items()},
        "repeat_factor": rules.repeat_factor,
        "honesty": rules.honesty,
        "losses_from": rules.losses_from,
        "weigh_by": rules.weigh_by,
        "difficulty": rules.difficulty,
        "urgent": rules.urgent,
        "minimum_sample": rules.minimum_sample,
        "spread": rules.spread,
        "counts": rules.counts,
        "places": rules.places,
        "titles": rules.titles,
    }


def from_body(kept: Mapping[str, Any]) -> GradeRules:
    """Return the rules that a record keeps. Raises BadRating when they do not hold, KeyError when a part is missing."""

    def table(given: Mapping[str, Any]) -> dict[str, Decimal]:
        return {key: Decimal(value) for key, value in given.items()}

    return GradeRules(
        version=kept["version"],
        key=kept["key"],
        elements=table(kept["elements"]),
        measures={key: tuple(names) for key, names in kept["measures"].items()},
        full_from=table(kept["full_from"]),
        raters=table(kept["raters"]),
        element_raters={key: table(one) for key, one in kept["element_raters"].items()},
        bands={Grade(key): value for key, value in table(kept["bands"]).items()},
        above=frozenset(Grade(one) for one in kept["above"]),
        losses={HonestyLoss(key): value for key, value in table(kept["losses"]).items()},
        repeat_factor=Decimal(kept["repeat_factor"]),
        honesty=Decimal(kept["honesty"]),
        losses_from=kept["losses_from"],
        weigh_by=kept["weigh_by"],
        difficulty=table(kept["difficulty"]),
        urgent=Decimal(kept["urgent"]),
        minimum_sample=kept["minimum_sample"],
        spread=Decimal(kept["spread"]),
        counts=kept["counts"],
        places=kept["places"],
        titles={key: (pair[0], pair[1]) for key, pair in kept["titles"].items()},
    )
