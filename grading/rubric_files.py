"""Rubrics as data: `rules/rubrics/*.toml`, and the same shape in which the bureau's own versions are kept."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from core.rules import Words
from grading.rubric import CONDUCT, Dimension, ErrorLine, Level, NotApplicable, RequiredPart, Rubric
from grading.states import RaterKind

FOLDER = Path(__file__).resolve().parents[1] / "rules" / "rubrics"
HOUSE = "2026"


@functools.cache
def shipped() -> Mapping[str, Rubric]:
    """Return every rubric that ships by its version, the bureau's default first."""
    found = [from_data(_read(path)) for path in sorted(FOLDER.glob("*.toml"))]
    return {one.version: one for one in sorted(found, key=lambda one: (one.version != HOUSE, one.version))}


def _read(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)


def from_data(data: Mapping[str, Any]) -> Rubric:
    """Return a rubric from the shape of its file."""
    return Rubric(
        version=data["version"],
        name=Words(*data["title"]),
        says=Words(*data["says"]),
        quality=tuple(_dimension(one) for one in data["dimension"]),
        conduct=CONDUCT,
        deduct_most=Decimal(str(data["deduct_most"])),
        late_day=Decimal(str(data["late_day"])),
    )


def _dimension(data: Mapping[str, Any]) -> Dimension:
    return Dimension(
        key=data["key"],
        name=Words(*data["title"]),
        note=Words(*data["hint"]),
        full=_number(data["points"]),
        kinds=frozenset(RaterKind(one) for one in data["kinds"]) if "kinds" in data else frozenset(RaterKind),
        group=Words(*data["group"]) if data.get("group") else None,
        levels=tuple(
            Level(Words(*one["title"]), Words(*one["anchor"]), _number(one["from"]), _number(one["fill"]))
            for one in data.get("levels", ())
        ),
        errors=tuple(
            ErrorLine(
                one["key"],
                Words(*one["title"]),
                _number(one["points"]),
                tuple(one.get("codes", ())),
                one.get("severity", ""),
                one.get("shown", True),
            )
            for one in data.get("errors", ())
        ),
        parts=tuple(
            RequiredPart(
                one["key"],
                Words(*one["title"]),
                _number(one["points"]),
                one.get("section", ""),
                one.get("shown", True),
            )
            for one in data.get("parts", ())
        ),
        proposes=data.get("proposes", False),
        not_applicable=NotApplicable(data.get("not_applicable", "full")),
        fine=data.get("fine", True),
        feeds=tuple(data.get("feeds", ())),
        seen=data.get("seen", True),
    )


def _number(value: Any) -> Decimal:
    return Decimal(str(value))


def to_data(rubric: Rubric) -> dict[str, Any]:
    """Return a rubric in the shape of its file, with numbers as text, so that none is rounded on its way."""
    return {
        "version": rubric.version,
        "title": _pair(rubric.name),
        "says": _pair(rubric.says),
        "deduct_most": f"{rubric.deduct_most:f}",
        "late_day": f"{rubric.late_day:f}",
        "dimension": [_dimension_data(one) for one in rubric.quality],
    }


def _dimension_data(one: Dimension) -> dict[str, Any]:
    return {
        "key": one.key,
        "title": _pair(one.name),
        "hint": _pair(one.note),
        "points": f"{one.full:f}",
        "kinds": sorted(kind.value for kind in one.kinds),
        "group": _pair(one.group) if one.group else None,
        "levels": [
            {
                "title": _pair(level.title),
                "anchor": _pair(level.anchor),
                "from": f"{level.begins:f}",
                "fill": f"{level.fill:f}",
            }
            for level in one.levels
        ],
        "errors": [
            {
                "key": line.key,
                "title": _pair(line.title),
                "points": f"{line.points:f}",
                "codes": list(line.codes),
                "severity": line.severity,
                "shown": line.shown,
            }
            for line in one.errors
        ],
        "parts": [
            {
                "key": part.key,
                "title": _pair(part.title),
                "points": f"{part.points:f}",
                "section": part.section,
                "shown": part.shown,
            }
            for part in one.parts
        ],
        "proposes": one.proposes,
        "not_applicable": one.not_applicable.value,
        "fine": one.fine,
        "feeds": list(one.feeds),
        "seen": one.seen,
    }


def _pair(words: Words) -> list[str]:
    return [words.zh, words.en]
