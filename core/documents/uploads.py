"""Large files in pieces: a broken connection goes on where it stopped, and the whole is checked before it counts."""

from __future__ import annotations

import hashlib
import os
import uuid
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, select, update
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base, Identified
from core.documents.accept import adopt_stored
from core.documents.kinds import KINDS, NotAccepted
from core.documents.models import Document
from core.errors import NotVisible, Refusal, Refused
from core.i18n import _l
from core.jobs import job
from core.unit_of_work import Subject, UnitOfWork

PIECE_LIMIT = 16 * 1024 * 1024
KEPT_FOR = timedelta(days=2)


class UploadSession(Identified, Base):
    """A file on its way in pieces; `sha256` is set once it is whole and stored."""

    __tablename__ = "upload_session"
    __table_args__ = (CheckConstraint("size > 0 AND received >= 0 AND received <= size", name="sizes"),)

    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("app_user.id"), index=True)
    name: Mapped[str]
    size: Mapped[int] = mapped_column(BigInteger)
    received: Mapped[int] = mapped_column(BigInteger, default=0)
    sha256: Mapped[str | None]
    started_at: Mapped[datetime]
    claimed_at: Mapped[datetime | None]


def part_path(uow: UnitOfWork, upload_id: uuid.UUID) -> Path:
    """Return where the pieces of an upload are put together."""
    folder = uow.house.settings.var / "uploads"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder / f"{upload_id}.part"


def start_upload(uow: UnitOfWork, *, name: str, size: int) -> UploadSession:
    """Begin an upload of so many bytes. Raises `Refused` when that is nothing or too much."""
    limit = uow.house.settings.max_upload_bytes
    if uow.actor.user_id is None or not 0 < size <= limit:
        raise Refused(
            Refusal(_l("文件须大于 0 字节，且不超过 %(limit)s MB", limit=limit // (1024 * 1024)), field="size")
        )
    return uow.add(
        UploadSession(
            id=uow.ids.new(),
            user_id=uow.actor.user_id,
            name=name,
            size=size,
            received=0,
            sha256=None,
            started_at=uow.clock.wall,
            claimed_at=None,
        )
    )


def own_upload(uow: UnitOfWork, upload_id: uuid.UUID, *, lock: bool = False) -> UploadSession:
    """Return this person's upload; raises `NotVisible` for anybody else's."""
    query = select(UploadSession).where(UploadSession.id == upload_id, UploadSession.user_id == uow.actor.user_id)
    found = uow.session.scalar(query.with_for_update() if lock else query)
    if found is None:
        raise NotVisible
    return found


def add_piece(uow: UnitOfWork, upload: UploadSession, start: int, data: BinaryIO, length: int) -> int:
    """Write a piece at its place and return how far the upload has come; the last piece checks and stores the whole.

    A piece that does not begin where the last one ended changes nothing: the answer tells where to go on. Raises
    `Refused` for more than was announced and, with the last piece, for what `finish_upload` refuses.
    """
    path = part_path(uow, upload.id)
    if upload.sha256 is None:
        upload.received = _really_received(path, upload)
    if start != upload.received or upload.sha256 is not None:
        return upload.received
    if length > PIECE_LIMIT or start + length > upload.size:
        raise Refused(Refusal(_l("上传的分块超出声明的大小"), field="file"))
    whole = start == 0 and length == upload.size
    digest = hashlib.sha256()
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600), "wb") as file:
        file.seek(start)
        left = length
        while left and (piece := data.read(min(left, 1024 * 1024))):
            file.write(piece)
            if whole:
                digest.update(piece)
            left -= len(piece)
    upload.received = start + length - left
    if upload.received == upload.size:
        # What came in one piece was hashed on its way and is not read again for that.
        finish_upload(uow, upload, sha256=digest.hexdigest() if whole else None)
    return upload.received


def _really_received(path: Path, upload: UploadSession) -> int:
    """Return from where an upload goes on after whatever ended the process or the machine that took it last.

    Pieces are made durable with the whole, so after a power cut less may be there than was said. A part with a second
    name is whole and in the store, only the row does not know it yet; nothing may be written to it any more.
    """
    if not path.exists():
        return 0
    state = path.stat()
    return upload.size if state.st_nlink > 1 else min(upload.received, state.st_size)


def finish_upload(
    uow: UnitOfWork, upload: UploadSession, *, kind: str = "age-envelope", sha256: str | None = None
) -> tuple[str, int]:
    """Check and store a whole upload; return its SHA-256 and size. Finishing again says the same.

    `sha256` where it was computed as the content came. Raises `Refused` for what is not whole or of another kind.
    """
    if upload.sha256 is not None:
        return upload.sha256, upload.size
    path = part_path(uow, upload.id)
    upload.received = _really_received(path, upload)
    if upload.received != upload.size:
        raise Refused(Refusal(_l("文件还没有传完"), field="file"))
    if path.stat().st_size > upload.size:  # a piece that was cut off had been longer than the one that came after it
        os.truncate(path, upload.size)
    with path.open("rb") as file:
        try:
            KINDS[kind].check(file)
        except NotAccepted as refused:
            raise Refused(Refusal(refused.reason, field="file")) from refused
    upload.sha256 = uow.house.store.take(path, sha256)
    uow.after_commit(lambda: path.unlink(missing_ok=True))
    return upload.sha256, upload.size


@job("uploads.forget", every="25 19 * * *")  # at night in Shanghai
def forget_abandoned(uow: UnitOfWork) -> None:
    """Forget the uploads that nobody went on with for two days, and what had come of them."""
    before = uow.clock.wall - KEPT_FOR
    query = select(UploadSession).where(UploadSession.claimed_at.is_(None), UploadSession.started_at < before)
    for upload in uow.session.scalars(query):
        part = part_path(uow, upload.id)
        uow.session.delete(upload)
        uow.after_commit(lambda part=part: part.unlink(missing_ok=True))  # type: ignore[misc]  # bound as it is now


def claim_upload(
    uow: UnitOfWork, upload_id: uuid.UUID, *, owner: Subject, purpose: str, sha256: str, field: str = "file"
) -> Document:
    """Make a finished upload the owner's document, once. Raises `Refused` unless it is whole and is what was sealed."""
    whole = (UploadSession.sha256 == sha256, UploadSession.claimed_at.is_(None))
    claim = (
        update(UploadSession)
        .where(UploadSession.id == upload_id, UploadSession.user_id == uow.actor.user_id, *whole)
        .values(claimed_at=uow.clock.wall)
        .returning(UploadSession.size, UploadSession.name)
    )
    upload = uow.session.execute(claim).one_or_none()
    if upload is None:
        own_upload(uow, upload_id)
        raise Refused(Refusal(_l("上传的文件不完整，或已被使用，请重新上传"), field=field))
    return adopt_stored(
        uow,
        sha256=sha256,
        size=upload.size,
        owner=owner,
        purpose=purpose,
        name=upload.name,
        media_type=KINDS["age-envelope"].media_type,
    )
