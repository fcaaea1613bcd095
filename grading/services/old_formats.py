"""Old formats (.doc, .wps) at delivery: made DOCX where LibreOffice is installed, else refused at their field."""

from __future__ import annotations

import io
import tempfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from werkzeug.datastructures import FileStorage

from core.documents.accept import MEGABYTE, keep_bytes
from core.documents.models import Document
from core.errors import Refusal, Refused
from core.i18n import Text, _l
from core.unit_of_work import UnitOfWork
from grading.reading.container import OLE
from grading.reading.conversion import converter, to_docx

if TYPE_CHECKING:
    from grading.models import Submission

CONVERTED = (".doc", ".wps")
OLD_ENDINGS = {*CONVERTED, ".xls", ".et"}
SECONDS = 60
"""The agency waits at the form while its file is converted."""
MEDIA_TYPE = "application/octet-stream"
PASSWORD, MACROS = (name.encode("utf-16-le") for name in ("EncryptedPackage", "_VBA_PROJECT"))


@dataclass(frozen=True)
class Modern:
    """An upload in a format that is read, and what it was made from where it was converted."""

    upload: FileStorage | None
    original: bytes | None = None
    original_name: str = ""

    def keep_original(self, uow: UnitOfWork, submission: Submission) -> Document | None:
        """Keep the file as the agency delivered it beside the converted one."""
        if self.original is None:
            return None
        return keep_bytes(
            uow,
            self.original,
            owner=submission,
            purpose="report-original",
            name=self.original_name,
            media_type=MEDIA_TYPE,
        )


def offered_endings() -> str:
    """Return the old endings that the form offers on this machine, as `accept` lists them."""
    return "".join(f",{one}" for one in CONVERTED) if converter() else ""


def modern(upload: FileStorage | None, *, field: str, may_convert: bool, max_bytes: int) -> Modern:
    """Return the upload as it is, or made DOCX; raises `Refused` at its field for what cannot be converted."""
    name = (upload.filename if upload else None) or ""
    ending = PurePosixPath(name).suffix.lower()
    if upload is None or ending not in OLD_ENDINGS:
        return Modern(upload)
    if ending not in CONVERTED or not may_convert or converter() is None:
        raise _refused(
            _l("这是旧格式文件（%(ending)s），请另存为 DOCX、XLSX 或 PDF 后再提交", ending=ending), field=field
        )
    data = upload.stream.read(max_bytes + 1)
    if not data:
        raise _refused(_l("文件是空的"), field=field)
    if len(data) > max_bytes:
        raise _refused(_l("文件超过 %(limit)s MB 的上限", limit=max(1, max_bytes // MEGABYTE)), field=field)
    if not data.startswith(OLE):
        raise _refused(_l("文件内容与文件类型不符"), field=field)
    if PASSWORD in data:
        raise _refused(_l("文件设有密码，请去掉密码后再上传"), field=field)
    if MACROS in data:
        raise _refused(_l("文件含有宏，请另存为不含宏的格式"), field=field)
    made = _converted(data, ending)
    if made is None:
        raise _refused(
            _l("旧格式文件（%(ending)s）无法自动转换，请另存为 DOCX 或 PDF 后再提交", ending=ending), field=field
        )
    return Modern(FileStorage(io.BytesIO(made), filename=f"{PurePosixPath(name).stem}.docx"), data, name)


def _converted(data: bytes, ending: str) -> bytes | None:
    with tempfile.TemporaryDirectory(prefix="convert-") as folder:
        source = Path(folder) / f"file{ending}"
        source.write_bytes(data)
        made = to_docx(source, Path(folder), seconds=SECONDS)
        return made.read_bytes() if made is not None else None


def _refused(reason: Text, *, field: str) -> Refused:
    return Refused(Refusal(reason, field=field))
