"""Public notices as papers: for whoever reads one, and for the archive of its purchase (R-ARCH-02)."""

from __future__ import annotations

from collections.abc import Iterator

from core.archives.package import ArchiveFile, made
from core.clock import SHANGHAI
from core.unit_of_work import UnitOfWork
from procurement.models import PublicNotice, Tender
from procurement.notices import NoticeText
from procurement.notices.paper import official
from procurement.queries.public_notices import notices_of
from procurement.states import NoticeKind

PARTS = {
    NoticeKind.RESULT: "07-定标文件",
    NoticeKind.TERMINATION: "07-定标文件",
    NoticeKind.CONTRACT: "08-合同文本",
    NoticeKind.ACCEPTANCE: "09-验收证明",
    NoticeKind.COMPLAINT: "11-投诉处理决定",
}
"""Which part of the archive a notice belongs to; the others are tender documents."""


def notice_paper(notice: PublicNotice) -> bytes:
    """Return the notice as a PDF, always the same one."""
    from core.pdf.layout import build_pdf  # ReportLab takes long to load and most requests print nothing

    return build_pdf(official(NoticeText.of(notice.record), notice.record_hash))


def archived_notices(uow: UnitOfWork, tender: Tender) -> Iterator[ArchiveFile]:
    """Yield every notice of a purchase as it was published."""
    for number, notice in enumerate(notices_of(uow, tender), start=1):
        part = PARTS.get(notice.kind, "03-采购文件")
        day = notice.published_at.astimezone(SHANGHAI).strftime("%Y%m%d")
        yield made(part, f"公告-{number:02d}-{day}.pdf", notice.title, notice_paper(notice))
