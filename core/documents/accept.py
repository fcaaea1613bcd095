"""Accepting files: checked by content, stored once, versioned, with a safe name."""

from __future__ import annotations

import io
import os
import re
import unicodedata
from collections.abc import Collection
from pathlib import PurePosixPath
from typing import BinaryIO

from sqlalchemy import func, select
from werkzeug.datastructures import FileStorage

from core.documents.kinds import KINDS, NotAccepted
from core.documents.models import Document
from core.errors import Refusal, Refused
from core.i18n import _, _l
from core.unit_of_work import Subject, UnitOfWork

Upload = FileStorage
"""A file as a form brings it, by a name that rooms below the web may use."""

MEGABYTE = 1024 * 1024
LONGEST_NAME = 150


def accept_file(
    uow: UnitOfWork,
    upload: FileStorage | None,
    *,
    owner: Subject,
    purpose: str,
    kinds: Collection[str],
    max_bytes: int = 50 * MEGABYTE,
    field: str = "file",
) -> Document:
    """Check an uploaded file by what it contains and keep it as the next version for its owner and purpose.

    `kinds` are keys of `KINDS`. Raises `Refused` at `field`: missing, empty, too large, of another kind than its name
    says, encrypted, macros, zip bomb, entity declarations, unreadable.
    """
    if upload is None or not upload.filename:
        raise Refused(Refusal(_l("请选择文件"), field=field))
    name = safe_name(upload.filename)
    stream: BinaryIO = upload.stream  # type: ignore[assignment]  # werkzeug spools to a seekable binary file
    kind = _kind_of(name, stream, kinds, max_bytes, field)
    stream.seek(0)
    return _keep(uow, stream, owner=owner, purpose=purpose, name=name, media_type=KINDS[kind].media_type)


def keep_bytes(uow: UnitOfWork, data: bytes, *, owner: Subject, purpose: str, name: str, media_type: str) -> Document:
    """Keep a generated file (a notice's PDF, a record) as the next version for its owner and purpose."""
    return _keep(uow, io.BytesIO(data), owner=owner, purpose=purpose, name=safe_name(name), media_type=media_type)


def adopt_stored(
    uow: UnitOfWork, *, sha256: str, size: int, owner: Subject, purpose: str, name: str, media_type: str
) -> Document:
    """Give content that is already stored (a finished chunked upload) an owner."""
    kind = owner_kind(owner)
    if owner.id is None:
        uow.session.flush()
    latest = uow.session.scalar(
        select(func.max(Document.version)).where(
            Document.owner_kind == kind, Document.owner_id == owner.id, Document.purpose == purpose
        )
    )
    document = uow.add(
        Document(
            owner_kind=kind,
            owner_id=owner.id,
            purpose=purpose,
            version=(latest or 0) + 1,
            name=safe_name(name),
            media_type=media_type,
            sha256=sha256,
            size=size,
            added_by_id=uow.actor.user_id,
            added_at=uow.now,
        )
    )
    uow.record(
        "document.add",
        document,
        about=(owner,),
        detail={"purpose": purpose, "version": document.version, "sha256": sha256, "size": size},
    )
    return document


def owner_kind(owner: Subject) -> str:
    """Return the word under which a row owns documents: its table's name."""
    return str(getattr(owner, "__tablename__", type(owner).__name__.lower()))


def documents_of(uow: UnitOfWork, owner: Subject, purpose: str | None = None) -> list[Document]:
    """Return an owner's documents, newest version first within each purpose."""
    query = select(Document).where(Document.owner_kind == owner_kind(owner), Document.owner_id == owner.id)
    if purpose is not None:
        query = query.where(Document.purpose == purpose)
    return list(uow.session.scalars(query.order_by(Document.purpose, Document.version.desc())))


def safe_name(name: str) -> str:
    """Return a file name without folders, control signs or direction marks, short enough, its ending kept."""
    base = PurePosixPath(name.replace("\\", "/")).name
    shown = "".join(sign for sign in unicodedata.normalize("NFC", base) if unicodedata.category(sign)[0] != "C")
    cleaned = re.sub(r'[<>:"|?*/]+', "_", shown).strip(" .") or "file"
    stem, dot, ending = cleaned.rpartition(".")
    if not dot:
        return cleaned[:LONGEST_NAME]
    return f"{stem[: LONGEST_NAME - len(ending) - 1]}.{ending}" if len(ending) <= 10 else cleaned[:LONGEST_NAME]


def size_of(stream: BinaryIO) -> int:
    """Return a stream's size in bytes and put it back to its start."""
    stream.seek(0, os.SEEK_END)
    size = stream.tell()
    stream.seek(0)
    return size


def _kind_of(name: str, stream: BinaryIO, kinds: Collection[str], max_bytes: int, field: str) -> str:
    size = size_of(stream)
    if size == 0:
        raise Refused(Refusal(_l("文件是空的"), field=field))
    if size > max_bytes:
        limit = max(1, max_bytes // MEGABYTE)
        raise Refused(Refusal(_l("文件超过 %(limit)s MB 的上限", limit=limit), field=field))
    ending = PurePosixPath(name).suffix.lower().replace(".jpeg", ".jpg")
    fitting = [kind for kind in kinds if KINDS[kind].ending == ending or kind == "age-envelope"]
    if not fitting:
        wanted = _Titles(kinds)
        raise Refused(Refusal(_l("不接受这种文件，请上传：%(kinds)s", kinds=wanted), field=field))
    try:
        KINDS[fitting[0]].check(stream)
    except NotAccepted as refused:
        raise Refused(Refusal(refused.reason, field=field)) from refused
    return fitting[0]


class _Titles:
    """The accepted kinds in the reader's language."""

    def __init__(self, kinds: Collection[str]) -> None:
        self._kinds = sorted(kinds)

    def __str__(self) -> str:
        return str(_("、")).join(str(KINDS[kind].title) for kind in self._kinds)


def _keep(uow: UnitOfWork, stream: BinaryIO, *, owner: Subject, purpose: str, name: str, media_type: str) -> Document:
    sha256, size = uow.house.store.put(stream)
    return adopt_stored(uow, sha256=sha256, size=size, owner=owner, purpose=purpose, name=name, media_type=media_type)
