"""Which folder a paper belongs to, and what an evaluation's archive still lacks (R-AGENCY-13). Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from core.i18n import Text
from grading.states import Folder, PaperKind

FOLDERS: dict[PaperKind, Folder] = {
    PaperKind.CONTRACT: Folder.ORIGIN,
    PaperKind.PLAN: Folder.EVIDENCE,
    PaperKind.DATA: Folder.EVIDENCE,
    PaperKind.WORKING: Folder.EVIDENCE,
    PaperKind.QUESTIONNAIRE: Folder.EVIDENCE,
    PaperKind.REPORT: Folder.CONCLUSION,
    PaperKind.FEEDBACK: Folder.CONCLUSION,
    PaperKind.NOTE: Folder.CONCLUSION,
}
"""The folder of each kind, as the rule sorts them."""
NEEDED = tuple(one for one in PaperKind if one is not PaperKind.NOTE)
"""Kinds that every archive holds; further notes there may be."""
EXCUSABLE = (PaperKind.QUESTIONNAIRE,)
"""Kinds that an evaluation may do without, with its reason: not every method asks people."""
PARTS: tuple[tuple[str, Text], ...] = tuple((one.value, one.label) for one in Folder)


def lacking(present: Iterable[PaperKind], excused: Collection[PaperKind] = ()) -> list[PaperKind]:
    """Return the kinds that are neither there nor excused, in the order of the folders."""
    there = set(present)
    return [one for one in NEEDED if one not in there and not (one in EXCUSABLE and one in excused)]
