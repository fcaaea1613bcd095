"""What the words of a block say about its role: heading, caption, unit, page furniture."""

from __future__ import annotations

import re

CHINESE_DIGITS = "一二三四五六七八九十"
LEVELS: tuple[tuple[int, re.Pattern[str]], ...] = (
    (1, re.compile(rf"^[{CHINESE_DIGITS}]{{1,3}}\s*[、．.](?!\d)")),
    (1, re.compile(rf"^第[{CHINESE_DIGITS}]{{1,3}}[章部节]")),
    (1, re.compile(r"^(?:报告)?摘\s*要$|^前\s*言$|^目\s*录$|^附\s*[件表录]\s*\d*\s*[：:]?.{0,40}$")),
    (2, re.compile(rf"^[（(]\s*[{CHINESE_DIGITS}]{{1,3}}\s*[）)]")),
    (3, re.compile(r"^\d{1,2}\s*[.．、](?!\d)")),
    (4, re.compile(r"^[（(]\s*\d{1,2}\s*[）)]")),
)
CAPTION = re.compile(r"^\s*(?:续\s*)?(?:附\s*)?[表图]\s*(?:[\d一二三四五六七八九十]|格)")
CONTINUED = re.compile(r"^\s*[（(]?\s*(?:续\s*表|续上表|接上表|续)\s*[\d\-.]*\s*[）)]?\s*$")
UNIT = re.compile(r"(?:金额)?单\s*位\s*[:：]\s*(人民币)?\s*(亿元|万元|千元|元|%|％|分|个|人|户|[一-鿿]{1,4})")
PAGE_NUMBER = re.compile(
    r"^\s*(?:[-—–－·]{0,2}\s*\d{1,4}\s*[-—–－·]{0,2}|第\s*\d+\s*页.{0,12}|\d+\s*/\s*\d+|[IVXivx]{1,6})\s*$"
)
DOTS = re.compile(r"[.．…·]{4,}\s*\d*\s*$")
HEADING_LIMIT = 45


def heading_level(text: str, *, styled: int = 0) -> int:
    """Return the heading level of a paragraph, 0 for body text; `styled` is the level its style claims, 0 for none."""
    stripped = text.strip()
    if not stripped or DOTS.search(stripped):
        return 0
    short = len(stripped) <= HEADING_LIMIT and not re.search(r"[。；;]\s*\S|[。；，;]$", stripped)
    for level, pattern in LEVELS:
        if pattern.match(stripped) and short:
            return level
    return styled if len(stripped) <= HEADING_LIMIT * 2 else 0


def unit_of(text: str) -> str:
    """Return the unit that a caption or the line above a table states (单位：万元), "" for none."""
    found = UNIT.search(text)
    return found.group(2) if found else ""


def is_caption(text: str) -> bool:
    """Whether the text reads as a table's caption (表1 …) or a unit line."""
    return len(text) <= 80 and bool(CAPTION.match(text))


def is_furniture(text: str) -> bool:
    """Whether the text is a page number, 续表 or nothing: what may stand between two halves of a table."""
    return not text.strip() or bool(PAGE_NUMBER.match(text) or CONTINUED.match(text))
