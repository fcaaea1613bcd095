"""The files of an answer without a sealed envelope: a proposal and a price sheet, checked by content (R-BELOW-01)."""

from __future__ import annotations

from collections.abc import Mapping

from werkzeug.datastructures import FileStorage

from core.documents.accept import MEGABYTE, accept_file
from core.documents.models import Document
from core.i18n import Text, _l
from core.unit_of_work import UnitOfWork
from procurement.models import AskedSupplier

PROPOSAL = "proposal"
PRICE_SHEET = "price-sheet"
KINDS: Mapping[str, tuple[str, ...]] = {
    PROPOSAL: ("pdf", "docx"),
    PRICE_SHEET: ("pdf", "xlsx", "docx", "png", "jpg"),
}
"""What each may be, by purpose."""
TITLES: Mapping[str, Text] = {PROPOSAL: _l("工作方案文件"), PRICE_SHEET: _l("报价单")}
LARGEST = 30 * MEGABYTE

Uploads = Mapping[str, FileStorage | None]


def chosen(files: Uploads) -> dict[str, FileStorage]:
    """Return the files that were really chosen, by purpose."""
    return {name: one for name, one in files.items() if name in KINDS and one is not None and one.filename}


def keep_answer_files(uow: UnitOfWork, asked: AskedSupplier, files: Uploads) -> list[Document]:
    """Keep the files of an answer; a later one of its purpose takes its place. Raises `Refused` at their fields."""
    return [
        accept_file(uow, one, owner=asked, purpose=name, kinds=KINDS[name], max_bytes=LARGEST, field=name)
        for name, one in chosen(files).items()
    ]
