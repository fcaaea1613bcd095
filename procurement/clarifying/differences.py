"""How two versions of a record differ, entry by entry and word by word, for everybody to read."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from core.clock import SHANGHAI
from core.i18n import Text
from core.word_differences import SENTENCE, Part, compared, cut
from procurement.clarifying.entries import ENTRIES, Entry


@dataclass(frozen=True)
class Difference:
    """An entry that changed, with its words; `before` and `after` are the whole texts."""

    name: str
    label: Text
    parts: tuple[Part, ...]
    before: str
    after: str


def differences(older: Mapping[str, Any], newer: Mapping[str, Any]) -> list[Difference]:
    """Return every entry that differs between two versions of a record, in the notice's order."""
    found = []
    for entry in ENTRIES:
        before, after = (shown(entry, entry.value_in(one)) for one in (older, newer))
        if before != after:
            found.append(Difference(entry.name, entry.label, compared(before, after), before, after))
    return found


def extract(before: str, after: str) -> tuple[str, str]:
    """Return the sentences of two texts that differ, those between them left out: what a table of changes holds."""
    old, new = cut(SENTENCE, before), cut(SENTENCE, after)
    changed = [
        ("".join(old[a:b]).strip(), "".join(new[c:d]).strip())
        for tag, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
        if tag != "equal"
    ]
    return tuple("……".join(side for side in sides if side) or "（无）" for sides in zip(*changed, strict=True))  # type: ignore[return-value]  # two sides


def shown(entry: Entry, value: Any) -> str:
    """Return an entry's value as one text to read and to compare; nothing is an empty text."""
    if value is None or value == "":
        return ""
    writers: dict[str, Callable[[Any], str]] = {
        "criteria": lambda rows: "\n".join(_criterion(one) for one in rows),
        "keyholders": lambda rows: "\n".join(_keyholder(one) for one in rows),
        "instant": lambda at: f"{at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}",
        "amount": lambda amount: f"{amount:,.2f}",
        "points": lambda points: format(points.normalize(), "f"),
    }
    return writers.get(entry.kind, str)(entry.parsed(value))


def _keyholder(one: Mapping[str, Any]) -> str:
    return f"{one['position']}. {one['name']} {one.get('fingerprint') or ''}".rstrip()


def _criterion(one: Mapping[str, Any]) -> str:
    maximum = "" if one["maximum"] is None else f"（{format(Decimal(one['maximum']).normalize(), 'f')}）"
    bands = "；".join(f"{band['points']}：{band['text']}" for band in one["bands"])
    words = [f"{one['title']}{maximum}", one.get("description", ""), bands]
    return " ".join(word for word in words if word)
