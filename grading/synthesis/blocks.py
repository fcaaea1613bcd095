"""The pieces of a composed report, and the marks that say what a figure states."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

MARK = re.compile("\ue000([^\ue001]*)\ue001([^\ue002]*)\ue002")


def mark(key: str, text: str) -> str:
    """The text with an invisible note of what it states."""
    return f"\ue000{key}\ue001{text}\ue002"


@dataclass(frozen=True, slots=True)
class Block:
    """A heading, paragraph or table.

    `level` is 1 to 3 for headings; `part` names the section; `merges` are (row, column, rows, columns).
    """

    form: Literal["title", "head", "text", "table"]
    text: str = ""
    level: int = 0
    part: str = ""
    rows: tuple[tuple[str, ...], ...] = ()
    merges: tuple[tuple[int, int, int, int], ...] = ()
    wide: bool = False
