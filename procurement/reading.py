"""Who read what: the reading of bids, sheets and complaint files is recorded in the log (R-SEC-05).

Downloads are recorded by `core.pages.documents`; this is for pages. Somebody reading their own file leaves no entry.
"""

from __future__ import annotations

from collections.abc import Mapping

from core.i18n import Text, _l
from core.unit_of_work import Subject, UnitOfWork

READ = "page.read"
"""The tag of a page's reading; a document's is `document.read`."""
SHEETS, COMPARISON, REPORT, AWARD_RECORD = "sheets", "comparison", "report", "award-record"
RESULTS, EXAMINATION = "results", "examination"
READ_WHAT: Mapping[str, Text] = {
    SHEETS: _l("投标文件和本人评分表"),
    COMPARISON: _l("投标对比和各成员评分"),
    REPORT: _l("评标报告"),
    AWARD_RECORD: _l("含各成员评分的完整评标记录"),
    RESULTS: _l("评标进度和结果"),
    EXAMINATION: _l("资格审查"),
}
"""What was read of a purchase, by the word in the entry's detail."""


def note_reading(uow: UnitOfWork, subject: Subject, *about: Subject, what: str = "") -> None:
    """Record that the actor reads the page of an object; the system and anonymous readers are left out."""
    if uow.actor.user_id is not None:
        uow.record(READ, subject, about=about, detail={"what": what} if what else None)
