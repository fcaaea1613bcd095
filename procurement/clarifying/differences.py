"""How two versions of a record differ, entry by entry and word by word, for everybody to read.

Words are compared within sentences, sentences within the text: so a long contract is compared quickly and a moved
clause reads as one. What is kept and removed is exactly the older text, what is kept and added exactly the newer.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from core.clock import SHANGHAI
from core.i18n import Text
from procurement.clarifying.entries import ENTRIES, Entry

Deed = Literal["kept", "removed", "added"]
_SENTENCE = re.compile(r"[^。；;！？!?\n]*[。；;！？!?\n]?")
_WORD = re.compile(r"[A-Za-z0-9]+(?:[.,:-][A-Za-z0-9]+)*|\s+|.", re.DOTALL)


@dataclass(frozen=True)
class Part:
    """A stretch of text that both versions have, or only the older or the newer one."""

    deed: Deed
    text: str


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


def compared(before: str, after: str) -> tuple[Part, ...]:
    """Return the parts of two texts: joined without the added ones they are `before`, without the removed `after`."""
    parts: list[Part] = []
    old, new = _split(_SENTENCE, before), _split(_SENTENCE, after)
    for tag, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            parts.append(Part("kept", "".join(old[a:b])))
        else:
            parts += _words("".join(old[a:b]), "".join(new[c:d]))
    return tuple(_joined(parts))


def extract(before: str, after: str) -> tuple[str, str]:
    """Return the sentences of two texts that differ, those between them left out: what a table of changes holds."""
    old, new = _split(_SENTENCE, before), _split(_SENTENCE, after)
    changed = [
        ("".join(old[a:b]).strip(), "".join(new[c:d]).strip())
        for tag, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
        if tag != "equal"
    ]
    return tuple("……".join(side for side in sides if side) or "（无）" for sides in zip(*changed, strict=True))  # type: ignore[return-value]  # two sides


def _words(before: str, after: str) -> list[Part]:
    old, new = _split(_WORD, before), _split(_WORD, after)
    parts = []
    for tag, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            parts.append(Part("kept", "".join(old[a:b])))
            continue
        parts += [Part("removed", "".join(old[a:b])), Part("added", "".join(new[c:d]))]
    return parts


def _split(pattern: re.Pattern[str], text: str) -> list[str]:
    return [one for one in pattern.findall(text) if one]


def _joined(parts: Sequence[Part]) -> list[Part]:
    """Join neighbours of one kind and drop empty ones."""
    joined: list[Part] = []
    for part in parts:
        if not part.text:
            continue
        if joined and joined[-1].deed == part.deed:
            joined[-1] = Part(part.deed, joined[-1].text + part.text)
        else:
            joined.append(part)
    return joined


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
