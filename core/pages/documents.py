"""Downloads: asked of the room that owns the document, streamed, never run by the browser."""

from __future__ import annotations

import uuid
from urllib.parse import quote

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue

from core.documents.models import Document
from core.documents.store import chunks
from core.errors import NotVisible
from core.http.guard import requires
from core.http.work import current_work
from core.i18n import _l
from core.identity.actor import Actor
from core.permissions import Permission, predicate
from core.ports import registry
from core.unit_of_work import UnitOfWork

documents = Blueprint("documents", __name__, url_prefix="/documents")


class DocumentPermission(Permission):
    """What one may do with a document."""

    READ = "document:read", _l("下载文件")


@predicate(_l("可以查看文件所属的事项"))
def may_read_owner(_actor: Actor, document: Document) -> bool:
    """The room that owns the document says so; a kind nobody owns is read by nobody."""
    reader = registry.document_readers.get(document.owner_kind)
    return reader is not None and reader(current_work(), document)


DOCUMENT_POLICY = {DocumentPermission.READ: ((may_read_owner,),)}


def load_document(uow: UnitOfWork, document_id: uuid.UUID) -> Document | None:
    """Return the document, or None."""
    return uow.get(Document, document_id)


@documents.get("/<uuid:document_id>")
@requires(DocumentPermission.READ, load_document, see=DocumentPermission.READ)
def download(uow: UnitOfWork, document: Document) -> ResponseReturnValue:
    """Stream a document as an attachment under its name; the reading is recorded."""
    try:
        file = uow.house.store.open(document.sha256)
    except FileNotFoundError:
        raise NotVisible from None
    uow.record("document.read", document, detail={"purpose": document.purpose, "version": document.version})
    response = Response(chunks(file), mimetype=document.media_type)
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(document.name, safe='')}"
    response.headers["Content-Length"] = str(document.size)
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["Cache-Control"] = "private, no-store"
    return response
