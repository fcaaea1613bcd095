"""Reading the files of a delivery: each for itself in the sandbox, then together as one report."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pypdfium2

from core.documents.models import Document
from core.documents.store import FolderStore
from core.unit_of_work import UnitOfWork
from grading.models import Submission, SubmissionFile
from grading.pages import NotDrawable, Wanted, locate
from grading.reading.approved import ApprovedIndicator
from grading.reading.delivery import merge
from grading.reading.document import Report, Table
from grading.reading.refusal import Unreadable
from grading.reading.sandbox import read
from grading.reading.scan import compare
from grading.reading.splicing import squeeze
from grading.states import FileRole
from projects.services.versions import approved_entries
from projects.states import Dimension

PDF = "application/pdf"
DIMENSION_NAMES = {
    Dimension.DECISION: "决策",
    Dimension.PROCESS: "过程",
    Dimension.OUTPUT: "产出",
    Dimension.BENEFIT: "效益",
}
ENDINGS = {
    PDF: ".pdf",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
    "image/png": ".png",
    "image/jpeg": ".jpg",
}
PICTURES = ("image/png", "image/jpeg")
PICTURE = {
    "reason": "picture",
    "zh": "图片附件只作留存，不参与核查。",
    "en": "A picture is kept as evidence and takes no part in the check.",
}
SCAN = {
    "reason": "scan",
    "zh": "盖章扫描件只作留存，核查以文字版为准。",
    "en": "The stamped scan is kept; the text version is what is checked.",
}

UNCOMPARED = {
    "reason": "scan",
    "zh": "盖章扫描件有页面无法打开，未能与文字版比对；核查以文字版为准。",
    "en": "A page of the stamped scan cannot be opened, so it was not compared; the text version is what is checked.",
}


@dataclass(frozen=True)
class PlacedReport:
    """The whole delivery as one report, and which file each part came from."""

    report: Report
    starts: tuple[tuple[SubmissionFile, int, int], ...]
    """For each file that was read: where its paragraphs and its tables begin in the whole."""


@contextmanager
def local_file(uow: UnitOfWork, document: Document) -> Iterator[Path]:
    """Lend a document as a file of this machine; the reader needs a path, the store may be far away."""
    store = uow.house.store
    ending = ENDINGS.get(document.media_type, ".docx")
    with tempfile.TemporaryDirectory(prefix="report-") as folder:
        path = Path(folder) / f"file{ending}"
        if isinstance(store, FolderStore):
            path.symlink_to(store.path(document.sha256).resolve())
        else:
            with store.open(document.sha256) as source, path.open("wb") as target:
                shutil.copyfileobj(source, target)
        yield path


def read_delivery(uow: UnitOfWork, submission: Submission) -> PlacedReport:
    """Read every file of a delivery and note on each what could be read of it.

    Raises `Unreadable` where the report itself cannot be read; an annex that cannot is noted and left out.
    """
    report: Report | None = None
    starts: list[tuple[SubmissionFile, int, int]] = []
    for file in submission.files:
        if file.role is FileRole.SCAN or file.document.media_type in PICTURES:
            file.failure, file.reading = None, _kept_only(uow, submission, file)
            continue
        try:
            with local_file(uow, file.document) as path:
                own = read(path)
        except Unreadable as refused:
            file.reading, file.failure = None, {"reason": refused.reason, "zh": refused.zh, "en": refused.en}
            if file.role is FileRole.REPORT:
                raise
            continue
        start = (len(report.paragraphs), len(report.tables)) if report else (0, 0)
        starts.append((file, *start))
        file.failure = None
        file.reading = {
            "kind": own.kind,
            "pages": own.pages,
            "paragraphs": len(own.paragraphs),
            "tables": len(own.tables),
            "first_paragraph": start[0],
            "first_table": start[1],
        }
        report = own if report is None else merge(report, own)
    if report is None:
        raise RuntimeError("a delivery without a report was stored")
    return PlacedReport(report, tuple(starts))


def _kept_only(uow: UnitOfWork, submission: Submission, file: SubmissionFile) -> dict[str, Any]:
    """What is known of a file that is kept without being read; a scan is compared with a text version that is a PDF."""
    if file.document.media_type in PICTURES:
        return {"kind": "picture", "pages": 1, "note": PICTURE}
    if submission.document.media_type == PDF:
        with local_file(uow, submission.document) as text, local_file(uow, file.document) as scan:
            try:
                found = compare(text, scan)
            except (Unreadable, pypdfium2.PdfiumError):  # a broken page of the scan is no reason against the report
                return {"kind": "scan", "pages": None, "note": UNCOMPARED}
        return {"kind": "scan", "pages": found.scan_pages, "note": {"reason": "scan", **found.message}}
    with uow.house.store.open(file.document.sha256) as stream:
        document = pypdfium2.PdfDocument(stream)
        try:
            return {"kind": "scan", "pages": len(document), "note": SCAN}
        finally:
            document.close()


def place_evidence(uow: UnitOfWork, placed: PlacedReport, evidence: Sequence[Sequence[dict[str, Any]]]) -> None:
    """Add to each piece of evidence that stands on a page of the report's PDF its boxes on that page.

    The sizes of the pages are noted on the file. A page that cannot be drawn leaves the text view.
    """
    file = next((one for one, _p, _t in placed.starts if one.role is FileRole.REPORT), None)
    if file is None or file.reading is None or file.document.media_type != PDF:
        return
    wanted = [
        (item, Wanted(item["page"], item["quote"], _context(placed.report, item)))
        for items in evidence
        for item in items
        if item.get("page") is not None
    ]
    try:
        with local_file(uow, file.document) as path:
            found = locate(path, [one for _item, one in wanted])
    except NotDrawable:
        return
    file.reading = {**file.reading, "sizes": [list(size) for size in found.sizes]}
    for (item, _one), boxes in zip(wanted, found.boxes, strict=True):
        item["boxes"] = [list(box) for box in boxes]


def _context(report: Report, item: dict[str, Any]) -> tuple[str, ...]:
    if item.get("table") is not None:
        table: Table | None = next((one for one in report.tables if one.index == item["table"]), None)
        row = table.rows[item["row"] or 0] if table and (item["row"] or 0) < len(table.rows) else None
        return row.texts if row and len(row.texts) > 1 else ()
    if item.get("paragraph") is not None and item["paragraph"] < len(report.paragraphs):
        return (report.paragraphs[item["paragraph"]].text,)
    return ()


def approved_of(uow: UnitOfWork, submission: Submission) -> tuple[ApprovedIndicator, ...]:
    """Return the indicators that the bureau consented to, beside which the report is checked (R-IND-01)."""
    return tuple(
        ApprovedIndicator(squeeze(one.third), DIMENSION_NAMES[one.dimension], one.weight.normalize(), one.target)
        for one in approved_entries(uow, submission.engagement.system)
    )
