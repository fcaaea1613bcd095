"""What a file is, told from its content, and whether it is safe to unpack."""

from __future__ import annotations

import zipfile
from pathlib import Path

from grading.reading.refusal import refusal

OLE = bytes.fromhex("d0cf11e0a1b11ae1")
MAX_UNPACKED = 300 * 1024 * 1024
MAX_PART = 120 * 1024 * 1024
MAX_RATIO = 200
MAX_ENTRIES = 5000
SMALL = 1024 * 1024
MAIN_PARTS = {"word/document.xml": "docx", "xl/workbook.xml": "xlsx"}


def kind_of(path: Path) -> str:
    """Tell "docx", "xlsx" or "pdf" from the content of the file at `path`; raises `Unreadable` for everything else."""
    if not path.is_file():
        raise refusal("missing")
    with path.open("rb") as stream:
        head = stream.read(1024)
    if not head.strip(b"\0 \r\n\t"):
        raise refusal("empty")
    if b"%PDF-" in head:
        return "pdf"
    if head.startswith(OLE):
        # An encrypted DOCX is an OLE container too; its stream names are written in UTF-16.
        content = path.read_bytes()
        raise refusal("encrypted" if "EncryptedPackage".encode("utf-16-le") in content else "old")
    if head.startswith(b"PK"):
        return guard_archive(path)
    raise refusal("kind")


def guard_archive(path: Path) -> str:
    """Tell "docx" or "xlsx" from the directory of an archive.

    Refuses one that is damaged, neither of both, or would unpack to more than is safe.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise refusal("corrupt") from error
    total = sum(entry.file_size for entry in entries)
    packed = max(1, sum(entry.compress_size for entry in entries))
    too_large = total > MAX_UNPACKED or any(entry.file_size > MAX_PART for entry in entries)
    if too_large or len(entries) > MAX_ENTRIES or (total > SMALL * 20 and total / packed > MAX_RATIO):
        raise refusal("bomb")
    names = {entry.filename for entry in entries}
    kind = next((kind for part, kind in MAIN_PARTS.items() if part in names), None)
    if kind is None:
        raise refusal("kind")
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise refusal("encrypted")
    return kind
