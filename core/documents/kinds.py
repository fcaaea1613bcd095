"""What a file is, judged by its content: the kinds the house accepts and why a file is refused."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO

import puremagic
import pypdfium2

from core.i18n import Text, _l

MOST_ENTRIES = 5_000
MOST_UNPACKED = 500 * 1024 * 1024
MOST_RATIO = 200
RATIO_COUNTS_FROM = 1024 * 1024
PIECE = 256 * 1024
HEAD = 64 * 1024
_DECLARATION = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_OVERLAP = 32


class NotAccepted(Exception):
    """Why a file is refused, in words for the person who chose it."""

    def __init__(self, reason: Text) -> None:
        self.reason = reason
        super().__init__(str(reason))


@dataclass(frozen=True)
class Kind:
    """A kind of file: its usual name ending, its media type and the check of its content."""

    ending: str
    media_type: str
    title: Text
    check: Callable[[BinaryIO], None]


def check_docx(file: BinaryIO) -> None:
    """Check a Word document's container (OOXML)."""
    _check_office(file, "word/document.xml")


def check_xlsx(file: BinaryIO) -> None:
    """Check a workbook's container (OOXML)."""
    _check_office(file, "xl/workbook.xml")


def check_pdf(file: BinaryIO) -> None:
    """Check that a PDF opens, without a password, and has pages."""
    if b"%PDF-" not in file.read(1024):
        raise NotAccepted(_l("这不是 PDF 文件：内容与文件类型不符"))
    file.seek(0)
    try:
        document = pypdfium2.PdfDocument(file)
    except pypdfium2.PdfiumError as broken:
        if "password" in str(broken).lower():
            raise NotAccepted(_l("PDF 设有打开密码，请去掉密码后再上传")) from None
        raise NotAccepted(_l("PDF 文件已损坏，无法打开")) from None
    try:
        if len(document) == 0:
            raise NotAccepted(_l("PDF 文件没有任何一页"))
    finally:
        document.close()


def check_png(file: BinaryIO) -> None:
    """Check a PNG picture's signature."""
    _check_magic(file, ".png", _l("这不是 PNG 图片：内容与文件类型不符"))


def check_jpg(file: BinaryIO) -> None:
    """Check a JPEG picture's signature."""
    _check_magic(file, ".jpg", _l("这不是 JPEG 图片：内容与文件类型不符"))


def check_envelope(file: BinaryIO) -> None:
    """Check that a sealed envelope looks like one; what is inside nobody here can see."""
    head = file.read(HEAD)
    if b"age-encryption.org/v1" not in head and b"hengping-envelope/" not in head:
        raise NotAccepted(_l("这不是密封的投标文件"))


KINDS: dict[str, Kind] = {
    "docx": Kind(
        ".docx",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        _l("Word 文档（DOCX）"),
        check_docx,
    ),
    "xlsx": Kind(
        ".xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        _l("Excel 工作簿（XLSX）"),
        check_xlsx,
    ),
    "pdf": Kind(".pdf", "application/pdf", "PDF", check_pdf),
    "png": Kind(".png", "image/png", _l("PNG 图片"), check_png),
    "jpg": Kind(".jpg", "image/jpeg", _l("JPEG 图片"), check_jpg),
    "age-envelope": Kind(".age", "application/octet-stream", _l("密封的投标文件"), check_envelope),
}


def _check_magic(file: BinaryIO, ending: str, refusal: Text) -> None:
    try:
        found = {match.extension for match in puremagic.magic_string(file.read(4096))}
    except (puremagic.PureError, ValueError):
        found = set()
    if ending not in found and not (ending == ".jpg" and ".jpeg" in found):
        raise NotAccepted(refusal)


def _check_office(file: BinaryIO, main_part: str) -> None:
    if file.read(8) == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        raise NotAccepted(_l("文件已加密，或是旧版 Office 格式：请去掉密码并另存为新格式"))
    file.seek(0)
    with _opened(file) as archive:
        entries = archive.infolist()
        _check_sizes(entries)
        names = {entry.filename for entry in entries}
        if main_part not in names or "[Content_Types].xml" not in names:
            raise NotAccepted(_l("文件内容与文件类型不符"))
        if any(name.lower().endswith("vbaproject.bin") for name in names):
            raise NotAccepted(_l("文件含有宏，请另存为不含宏的格式"))
        for entry in entries:
            if entry.filename.lower().endswith((".xml", ".rels", ".vml")):
                _check_xml(archive, entry)


@contextmanager
def _opened(file: BinaryIO) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(file) as archive:
            yield archive
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, zlib.error) as broken:
        raise NotAccepted(_l("文件已损坏，或内容与文件类型不符")) from broken


def _check_sizes(entries: list[zipfile.ZipInfo]) -> None:
    """Judge by the directory before anything is unpacked; unpacking never goes beyond what it says."""
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise NotAccepted(_l("文件设有密码，请去掉密码后再上传"))
    unpacked = sum(entry.file_size for entry in entries)
    suspicious = any(
        entry.file_size > RATIO_COUNTS_FROM and entry.file_size > MOST_RATIO * max(1, entry.compress_size)
        for entry in entries
    )
    if len(entries) > MOST_ENTRIES or unpacked > MOST_UNPACKED or suspicious:
        raise NotAccepted(_l("文件解压后异常庞大，为安全起见不接收"))


def _check_xml(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    """Refuse declarations of types and entities, which no office program writes and attacks need."""
    tail = b""
    with archive.open(entry) as part:
        while piece := part.read(PIECE):
            # Zero bytes go, so that UTF-16 hides nothing.
            seen = tail + piece.replace(b"\x00", b"")
            if _DECLARATION.search(seen):
                raise NotAccepted(_l("文件的 XML 含有实体声明，为安全起见不接收"))
            tail = seen[-_OVERLAP:]
