"""The endpoints of resumable uploads (docs/sealing.md, page contract): start, piece, state, finish."""

from __future__ import annotations

import re
import uuid
from typing import Any, BinaryIO, cast

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue

from core.documents.accept import safe_name
from core.documents.uploads import PIECE_LIMIT, UploadSession, add_piece, finish_upload, own_upload, start_upload
from core.errors import Refusal, Refused
from core.http.guard import requires
from core.i18n import _l
from core.identity.permissions import HousePermission
from core.unit_of_work import UnitOfWork

uploads = Blueprint("uploads", __name__, url_prefix="/uploads")
CHUNK_BYTES = 8 * 1024 * 1024
MANY = 8
"""From so many pieces on they are twice as large: whoever sends 64 MB has the line for it."""
WHOLE = "application/octet-stream"
_RANGE = re.compile(r"bytes (\d+)-(\d+)/(\d+)")


@uploads.post("/")
@requires(HousePermission.ENTER)
def start(uow: UnitOfWork) -> ResponseReturnValue:
    """Begin: JSON `{"name", "size"}` → `{"upload_id", "offset", "size", "sha256", "chunk_bytes", "url"}`.

    Octets instead of JSON are a whole small file: then `offset` tells how far they came, and `sha256` that they are
    stored.
    """
    whole = request.mimetype == WHOLE
    asked = {} if whole else request.get_json(silent=True) or {}
    size = request.content_length if whole else asked.get("size")
    if not isinstance(size, int) or isinstance(size, bool):
        raise Refused(Refusal(_l("请说明文件大小"), field="size"))
    upload = start_upload(uow, name=safe_name(str(asked.get("name") or "bid.age")), size=size)
    if whole:
        add_piece(uow, upload, 0, cast("BinaryIO", request.stream), upload.size)
    url = url_for("uploads.state", upload_id=upload.id)
    pieces = PIECE_LIMIT if upload.size > MANY * CHUNK_BYTES else CHUNK_BYTES
    return {**_told(upload), "chunk_bytes": pieces, "url": url}, 201


def _told(upload: UploadSession) -> dict[str, Any]:
    return {
        "upload_id": str(upload.id),
        "offset": upload.received,
        "size": upload.size,
        "sha256": upload.sha256,
    }


@uploads.get("/<uuid:upload_id>")
@requires(HousePermission.ENTER)
def state(uow: UnitOfWork, upload_id: uuid.UUID) -> ResponseReturnValue:
    """Tell how far it has come, to go on from there."""
    upload = own_upload(uow, upload_id)
    return _told(upload)


@uploads.put("/<uuid:upload_id>")
@requires(HousePermission.ENTER)
def piece(uow: UnitOfWork, upload_id: uuid.UUID) -> ResponseReturnValue:
    """Take the piece that `Content-Range: bytes first-last/size` announces; answer the new offset.

    With the last piece the whole is checked and stored, and the answer has its `sha256`.
    """
    upload = own_upload(uow, upload_id, lock=True)
    announced = _RANGE.fullmatch(request.headers.get("Content-Range", ""))
    if announced is None or int(announced[3]) != upload.size or int(announced[2]) < int(announced[1]):
        raise Refused(Refusal(_l("分块的位置说明不正确"), field="file"))
    first, last = int(announced[1]), int(announced[2])
    add_piece(uow, upload, first, cast("BinaryIO", request.stream), last - first + 1)
    return _told(upload)


@uploads.post("/<uuid:upload_id>")
@requires(HousePermission.ENTER)
def finish(uow: UnitOfWork, upload_id: uuid.UUID) -> ResponseReturnValue:
    """Tell what was stored: `{"sha256", "size"}`; stores the whole where the last piece's answer was lost."""
    sha256, size = finish_upload(uow, own_upload(uow, upload_id, lock=True))
    return {"sha256": sha256, "size": size}
