"""Narrowing a report's findings from the address, and where in the report each stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation

from core.http.lists import Filter, asked
from core.i18n import _l
from grading.finding_words import CLASSES
from grading.models import ReportFinding, Submission
from grading.states import FindingState

LIKELY = (("0.9", _l("很可能（≥ 90%）")), ("0.5", _l("可能（≥ 50%）")))
EARLIER = (("none", _l("新出现")), ("still", _l("上一版就有")), ("dismissed", _l("上一版不成立，没有变化")))
NAMES = ("class", "severity", "disposal", "likely", "place", "earlier")
LONGEST = 24


class Chapters:
    """The chapters of a report and which of them holds a piece of evidence."""

    def __init__(self, submission: Submission) -> None:
        self.titles: list[str] = []
        self._place: dict[tuple[str, int], int] = {}
        for block in submission.blocks or ():
            if block["kind"] == "paragraph" and block.get("level") == 1:
                self.titles.append(block["text"].strip()[:LONGEST])
            self._place[block["kind"], block["index"]] = len(self.titles) - 1

    def of(self, finding: ReportFinding) -> set[int]:
        """Return the chapters (from 0, −1 before the first) in which a finding's evidence stands."""
        found = set()
        for item in finding.evidence:
            key = ("table", item["table"]) if item.get("table") is not None else ("paragraph", item.get("paragraph"))
            found.add(self._place.get(key, -1))  # type: ignore[arg-type]  # a place of neither kind is before all
        return found


def finding_filters(findings: Sequence[ReportFinding], chapters: Chapters) -> list[Filter]:
    """Return the filters, offering only classes and chapters that occur."""
    codes = {one.code for one in findings}
    held = {chapter for one in findings for chapter in chapters.of(one)}
    return [
        Filter("class", _l("类别"), [(code, title) for code, title in CLASSES.items() if code in codes]),
        Filter("severity", _l("性质"), [("error", _l("错误")), ("warning", _l("提示"))]),
        Filter("disposal", _l("处置"), [(one.value, one.label) for one in FindingState]),
        Filter("place", _l("位置"), [(str(n), title) for n, title in enumerate(chapters.titles) if n in held]),
        Filter("likely", _l("成立的可能"), LIKELY),
        Filter("earlier", _l("与上一版"), EARLIER if any(one.follows for one in findings) else ()),
    ]


def chosen_values() -> dict[str, str]:
    """Return what the address asks for."""
    return {name: asked(name) for name in NAMES if asked(name)}


def narrowed(findings: Sequence[ReportFinding], chosen: Mapping[str, str], chapters: Chapters) -> list[ReportFinding]:
    """Return the findings that fit every filter."""
    try:
        least = Decimal(chosen.get("likely") or 0)
    except InvalidOperation:
        least = Decimal(0)
    place = chosen.get("place")
    return [
        one
        for one in findings
        if chosen.get("class", one.code) == one.code
        and chosen.get("severity", one.severity) == one.severity
        and chosen.get("disposal", one.state.value) == one.state.value
        and one.probability >= least
        and (place is None or place in {str(chapter) for chapter in chapters.of(one)})
        and _as_before(one, chosen.get("earlier"))
    ]


def _as_before(finding: ReportFinding, wanted: str | None) -> bool:
    earlier = finding.follows
    if wanted == "none":
        return earlier is None
    if wanted == "still":
        return earlier is not None
    if wanted == "dismissed":
        return earlier is not None and finding.unchanged and earlier.state is FindingState.DISMISSED
    return True
