"""How two texts differ, word by word, for everybody to read.

Words are compared within sentences, sentences within the text: so a long contract is compared quickly and a moved
clause reads as one. What is kept and removed is exactly the older text, what is kept and added exactly the newer.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Deed = Literal["kept", "removed", "added"]
SENTENCE = re.compile(r"[^。；;！？!?\n]*[。；;！？!?\n]?")
_WORD = re.compile(r"[A-Za-z0-9]+(?:[.,:-][A-Za-z0-9]+)*|\s+|.", re.DOTALL)


@dataclass(frozen=True)
class Part:
    """A stretch of text that both versions have, or only the older or the newer one."""

    deed: Deed
    text: str


def compared(before: str, after: str) -> tuple[Part, ...]:
    """Return the parts of two texts: joined without the added ones they are `before`, without the removed `after`."""
    parts: list[Part] = []
    old, new = cut(SENTENCE, before), cut(SENTENCE, after)
    for tag, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            parts.append(Part("kept", "".join(old[a:b])))
        else:
            parts += _words("".join(old[a:b]), "".join(new[c:d]))
    return tuple(_joined(parts))


def cut(pattern: re.Pattern[str], text: str) -> list[str]:
    """Cut a text into the pieces that a pattern finds, without empty ones."""
    return [one for one in pattern.findall(text) if one]


def _words(before: str, after: str) -> list[Part]:
    old, new = cut(_WORD, before), cut(_WORD, after)
    parts = []
    for tag, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            parts.append(Part("kept", "".join(old[a:b])))
            continue
        parts += [Part("removed", "".join(old[a:b])), Part("added", "".join(new[c:d]))]
    return parts


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
