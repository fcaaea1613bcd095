"""Open an uploaded table safely: by content, within limits, XLSX or CSV, whatever its name says."""

from __future__ import annotations

import csv
import io
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from core.spreadsheets.columns import Message

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0"
_TEXT_ENCODINGS = ("utf-8-sig", "gb18030")


class Unreadable(Exception):
    """A file that is no table we can read; `message` says why in both languages."""

    def __init__(self, zh: str, en: str) -> None:
        self.message = Message(zh, en)
        super().__init__(en)


@dataclass(frozen=True)
class Limits:
    """How large an upload may be: bytes, bytes unpacked, ratio of packing, rows and columns."""

    size: int = 10 * 1024 * 1024
    unpacked: int = 50 * 1024 * 1024
    ratio: int = 150
    rows: int = 5000
    columns: int = 100


@dataclass(frozen=True)
class Grid:
    """A sheet's cells as text; row and column 0 is cell A1."""

    sheet: str
    rows: list[list[str]]
    merged: tuple[str, ...] = ()


def open_table(data: bytes, limits: Limits) -> Grid:
    """Return the first sheet's cells; raises Unreadable."""
    if len(data) > limits.size:
        size = limits.size // (1024 * 1024)
        raise Unreadable(f"文件超过{size} MB。", f"The file is larger than {size} MB.")
    if not data.strip():
        raise Unreadable("文件是空的。", "The file is empty.")
    if data.startswith(_ZIP):
        return _open_xlsx(data, limits)
    if data.startswith(_OLE):
        raise Unreadable(
            "这是旧版 XLS 或者加密的文件，请另存为未加密的 XLSX。",
            "This is an old XLS or an encrypted file; save it as XLSX without a password.",
        )
    return _open_csv(data, limits)


def _check_directory(data: bytes, limits: Limits) -> None:
    """Look at the zip's directory before anything is unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
    except zipfile.BadZipFile as error:
        raise Unreadable("文件已损坏，无法打开。", "The file is damaged and cannot be opened.") from error
    if "xl/workbook.xml" not in {member.filename for member in members}:
        raise Unreadable("这不是 XLSX 表格。", "This is not an XLSX table.")
    unpacked = sum(member.file_size for member in members)
    if unpacked > limits.unpacked or any(
        member.file_size > 1_000_000 and member.file_size > limits.ratio * max(member.compress_size, 1)
        for member in members
    ):
        raise Unreadable("文件解压后过大，已拒绝。", "The file unpacks to far too much and was refused.")


def _check_entities(data: bytes) -> None:
    """Parse every part once with declarations forbidden: openpyxl may use a parser that expands entities."""
    from xml.etree.ElementTree import ParseError

    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import iterparse

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for member in archive.namelist():
                if member.endswith((".xml", ".rels")):
                    with archive.open(member) as part:
                        for _, element in iterparse(part, forbid_dtd=True):
                            element.clear()
    except DefusedXmlException as error:
        raise Unreadable(
            "文件含有不允许的 XML 实体。", "The file holds XML entities, which are not allowed."
        ) from error
    except (ParseError, zipfile.BadZipFile, RuntimeError, OSError, zlib.error) as error:
        raise Unreadable("文件已损坏，无法打开。", "The file is damaged and cannot be opened.") from error


def _open_xlsx(data: bytes, limits: Limits) -> Grid:
    _check_directory(data, limits)
    _check_entities(data)
    from openpyxl import load_workbook

    try:
        book = load_workbook(io.BytesIO(data), read_only=False, data_only=True, keep_links=False)
        sheet = book.worksheets[0]
    except Exception as error:  # openpyxl raises whatever the damage happens to cause
        raise Unreadable("文件已损坏，无法打开。", "The file is damaged and cannot be opened.") from error
    _check_extent(sheet.max_row, sheet.max_column, limits)
    rows = [[_text(value) for value in row] for row in sheet.iter_rows(values_only=True)]
    return Grid(sheet.title, rows, tuple(str(area) for area in sheet.merged_cells.ranges))


def _open_csv(data: bytes, limits: Limits) -> Grid:
    text = _decode(data)
    if "\x00" in text:
        raise _no_table()
    rows: list[list[str]] = []
    try:
        for row in _csv_rows(text):
            rows.append([cell.strip() for cell in row])
            _check_extent(len(rows), len(row), limits)
    except csv.Error as error:
        raise Unreadable("CSV 文件格式有误。", "The CSV file is malformed.") from error
    return Grid("CSV", rows)


def _csv_rows(text: str) -> Iterator[list[str]]:
    head = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=head.count)
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)


def _decode(data: bytes) -> str:
    if data.startswith(b"%PDF") or b"\x00" in data[:1024]:
        raise _no_table()
    for encoding in _TEXT_ENCODINGS:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise _no_table()


def _no_table() -> Unreadable:
    return Unreadable("这不是 XLSX 或者 CSV 表格。", "This is neither an XLSX nor a CSV table.")


def _check_extent(rows: int, columns: int, limits: Limits) -> None:
    if rows > limits.rows + 1 or columns > limits.columns:
        raise Unreadable(
            f"表格超过{limits.rows}行或者{limits.columns}列。",
            f"The table has more than {limits.rows} rows or {limits.columns} columns.",
        )


def _text(value: object) -> str:
    """Return a cell as the text a person sees; whole floats lose their point."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time().isoformat() == "00:00:00" else value.isoformat(" ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return format(Decimal(repr(value)).normalize(), "f")
    return str(value).strip()
