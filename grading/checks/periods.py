"""Ranges of time that end before they start, and work dated after the report (`period`)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from grading.checks.finding import Evidence, Finding, Severity
from grading.checks.registry import Context, check, message
from grading.facts.figures import plain

RANGE = re.compile(
    r"(?P<y1>\d{4})\s*年\s*(?P<m1>\d{1,2})\s*月(?:\s*(?P<d1>\d{1,2})\s*日)?\s*(?:至|到|—+|-|－|–|~|～)\s*"
    r"(?:(?P<y2>\d{4})\s*年\s*)?(?:(?P<m2>\d{1,2})\s*月)?(?:\s*(?P<d2>\d{1,2})\s*日)?"
)
YEARS = re.compile(r"(?<!\d)(?P<y1>(?:19|20)\d{2})\s*年?\s*(?:至|到|—+|－|–|~|～|-)\s*(?P<y2>(?:19|20)\d{2})\s*年")


@check("period", severity=Severity.WARNING)
def period(context: Context) -> Iterator[Finding]:
    """Y1: a range that ends before it starts; silent where a date cannot be read."""
    for paragraph in context.facts.report.paragraphs:
        text = plain(paragraph.text)
        for found in RANGE.finditer(text):
            first, last = _ends(found)
            if first is not None and last is not None and last < first:
                yield _reversed(found, paragraph.text[found.start() : found.end()], paragraph.page, paragraph.index)
        for found in YEARS.finditer(text):
            if int(found["y2"]) < int(found["y1"]):
                yield _reversed(found, paragraph.text[found.start() : found.end()], paragraph.page, paragraph.index)


def _reversed(found: re.Match[str], quote: str, page: int | None, index: int) -> Finding:
    stated = re.split(r"至|到|—+|-|－|–|~|～", quote)[-1].strip()
    return Finding(
        "period",
        Severity.WARNING,
        message(
            f"时间范围“{quote}”的止期早于起期，请核对。", f"The range “{quote}” ends before it starts. Please check."
        ),
        (Evidence(quote, page, index),),
        stated,
        f"不早于{found['y1']}年" if "m1" not in found.groupdict() else "不早于起期",
        {"confidence": 0.95, "table": 0.0, "parts": 2.0},
    )


def _ends(found: re.Match[str]) -> tuple[date | None, date | None]:
    """Return both ends; a year or month left out of the second is that of the first, whole months count as such."""
    year, month = int(found["y1"]), int(found["m1"])
    if not (found["m2"] or found["d2"]):
        return None, None
    year2 = int(found["y2"]) if found["y2"] else year
    month2 = int(found["m2"]) if found["m2"] else month
    day, day2 = found["d1"], found["d2"]
    if bool(day) != bool(day2):
        day = day2 = None
    try:
        return date(year, month, int(day or 1)), date(year2, month2, int(day2 or 1))
    except ValueError:
        return None, None
