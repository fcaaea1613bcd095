"""Read rule data: TOML files of one rule set, with the instruments and the names of values beside them."""

from __future__ import annotations

import tomllib
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, get_args

from core.rules.rule import Confidence, Enforcement, Rule, RuleValue, Source, Unit, Words

NAMES = "names.toml"
SOURCES = "sources.toml"
_FIELDS = frozenset(
    [
        "id",
        "title",
        "says",
        "values",
        "do",
        "source",
        "article",
        "conf",
        "valid_from",
        "valid_to",
        "parameter",
        "by_year",
    ],
)
_REQUIRED = ("id", "title", "says", "do", "source", "conf")


class RuleDataError(Exception):
    """Rule data that cannot be read; names the file, the rule and what is wrong with it."""


def read_rules(folder: Path) -> list[Rule]:
    """Read every rule of the rule set in `folder`, sorted by id and start of validity.

    Raises RuleDataError naming the file and rule that is wrong.
    """
    if not folder.is_dir():
        raise RuleDataError(f"{folder.name}: there is no such rule set")
    sources = _read_sources(folder / SOURCES)
    names = {name: _words(pair, NAMES, name) for name, pair in _parse(folder / NAMES).items()}
    rules = [
        _rule(raw, path.name, sources, names)
        for path in sorted(folder.glob("*.toml"))
        if path.name not in {NAMES, SOURCES}
        for raw in _parse(path).get("rule", [])
    ]
    return sorted(rules, key=lambda rule: (rule.id, rule.valid_from))


def _parse(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
    except (OSError, ValueError) as error:
        raise RuleDataError(f"{path.name}: {error}") from error


def _read_sources(path: Path) -> dict[str, Source]:
    return {
        key: Source(key=key, title=_words(raw["title"], path.name, key), valid_from=raw["valid_from"])
        for key, raw in _parse(path).items()
    }


def _words(pair: object, file: str, where: str) -> Words:
    if not (isinstance(pair, list) and len(pair) == 2 and all(isinstance(word, str) and word.strip() for word in pair)):
        raise RuleDataError(f"{file}: {where}: needs its text in Chinese and in English")
    return Words(zh=pair[0], en=pair[1])


def _rule(raw: dict[str, Any], file: str, sources: dict[str, Source], names: dict[str, Words]) -> Rule:
    where = str(raw.get("id", "a rule without id"))
    missing = [name for name in _REQUIRED if name not in raw]
    unknown = sorted(set(raw) - _FIELDS)
    if missing or unknown:
        raise RuleDataError(f"{file}: {where}: missing {missing}, unknown {unknown}")
    if raw["source"] not in sources:
        raise RuleDataError(f"{file}: {where}: unknown source {raw['source']}")
    source = sources[raw["source"]]
    try:
        enforcement, confidence = Enforcement(raw["do"]), Confidence(raw["conf"])
    except ValueError as error:
        raise RuleDataError(f"{file}: {where}: {error}") from error
    valid_from: date = raw.get("valid_from", source.valid_from)
    valid_to: date | None = raw.get("valid_to")
    if valid_to is not None and valid_to < valid_from:
        raise RuleDataError(f"{file}: {where}: ends before it starts")
    return Rule(
        id=where,
        title=_words(raw["title"], file, where),
        statement=_words(raw["says"], file, where),
        values={name: _value(name, pair, file, where, names) for name, pair in raw.get("values", {}).items()},
        enforcement=enforcement,
        source=source,
        article=str(raw.get("article", "")),
        confidence=confidence,
        valid_from=valid_from,
        valid_to=valid_to,
        parameter=bool(raw.get("parameter", confidence is not Confidence.V1)),
        by_year=bool(raw.get("by_year", False)),
    )


def _value(name: str, pair: object, file: str, where: str, names: dict[str, Words]) -> RuleValue:
    if not (isinstance(pair, list) and len(pair) == 2 and pair[1] in get_args(Unit)):
        raise RuleDataError(f"{file}: {where}.{name}: needs [value, unit] with a known unit")
    if isinstance(pair[0], bool) or not isinstance(pair[0], int | Decimal | str):
        raise RuleDataError(f"{file}: {where}.{name}: must be a whole number, a decimal or a text")
    if name not in names:
        raise RuleDataError(f"{file}: {where}.{name}: has no title in {NAMES}")
    return RuleValue(name=name, value=pair[0], unit=pair[1], title=names[name])
