"""Who read what: the reading of bids, sheets and complaint files is recorded in the log (R-SEC-05).

Downloads are recorded by `core.pages.documents`; this is for pages. Somebody reading their own file leaves no entry.
"""

from __future__ import annotations

from core.unit_of_work import Subject, UnitOfWork

READ = "page.read"
"""The tag of a page's reading; a document's is `document.read`."""


def note_reading(uow: UnitOfWork, subject: Subject, *about: Subject, what: str = "") -> None:
    """Record that the actor reads the page of an object; the system and anonymous readers are left out."""
    if uow.actor.user_id is not None:
        uow.record(READ, subject, about=about, detail={"what": what} if what else None)
