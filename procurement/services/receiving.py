"""Taking in a sealed paper, bid or final offer: what was uploaded, what the store really holds, the instant."""

from __future__ import annotations

import hashlib
import uuid
from datetime import datetime

from core.clock import read_clock
from core.documents.models import Document
from core.documents.store import chunks
from core.documents.uploads import claim_upload
from core.errors import NotVisible, Refusal, Refused
from core.i18n import _l
from core.unit_of_work import UnitOfWork
from procurement.models import Bid, FinalOffer


def present(uow: UnitOfWork) -> datetime:
    """Return the instant at which this is asked, on the unit of work's clock (the demonstration may have moved it).

    Unlike `uow.now`, which stands still: to be in time is judged when the row is locked, not when the request came.
    """
    return read_clock(uow.session).wall + uow.clock.offset


class Coming:
    """The paper that is about to be stored, as the owner of its envelope."""

    def __init__(self, kind: type[Bid | FinalOffer], paper_id: uuid.UUID) -> None:
        self.__tablename__ = kind.__tablename__
        self.id = paper_id


def claimed(uow: UnitOfWork, upload_id: uuid.UUID, owner: Coming, *, purpose: str, sha256: str) -> Document:
    """Take over an upload as this paper's envelope, and hash what the store holds: the receipt promises these bytes.

    Raises `Refused` for an unknown upload or other bytes.
    """
    try:
        document = claim_upload(uow, upload_id, owner=owner, purpose=purpose, sha256=sha256, field="sha256")
    except NotVisible as unknown:
        raise Refused(Refusal(_l("没有收到密封文件，请重新密封并递交"), field="sha256")) from unknown
    digest = hashlib.sha256()
    for piece in chunks(uow.house.store.open(sha256)):
        digest.update(piece)
    if digest.hexdigest() != sha256:
        raise Refused(Refusal(_l("收到的文件与密封时的校验值不一致，请重新上传"), field="sha256"))
    return document
