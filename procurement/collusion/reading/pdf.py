"""PDF: the text of each page in paragraphs, Info and XMP, the file identifier."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pypdfium2

from procurement.collusion.reading.word import LONGEST_HEADING, NUMBERED, Locked

__all__ = ["Locked", "read"]
INFO = {"Author": "author", "Company": "company", "LastModifiedBy": "last-editor", "SerialNumber": "serial"}
XMP = {
    rb"xmpMM:DocumentID": "document-id",
    rb"xmpMM:OriginalDocumentID": "original-id",
    rb"pdfx:SerialNumber": "serial",
    rb"aux:SerialNumber": "camera-serial",
}
IDENTIFIER = re.compile(rb"/ID\s*\[\s*<([0-9A-Fa-f]{16,64})>")
MOST_OCTETS = 300 * 1024 * 1024
ENDS = re.compile(r"[。！？；：:;.!?]\s*$")
GAP = re.compile(r"\s{2,}|\t")
FIGURES = re.compile(r"\d[\d,]*(?:\.\d+)?\s*元?$")


def read(path: Path, pages: int) -> tuple[list[tuple[Any, ...]], list[tuple[str, str]]]:
    """Return passages (text, page, number, heading) and properties."""
    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise Locked from error
        raise
    try:
        if len(document) > pages:
            raise MemoryError
        passages = list(_passages(document))
        properties = [
            (INFO[key], value.strip())
            for key, value in document.get_metadata_dict().items()
            if key in INFO and value.strip()
        ]
    finally:
        document.close()
    raw = path.read_bytes()[:MOST_OCTETS]
    return passages, [*properties, *_identifiers(raw)]


def _passages(document: pypdfium2.PdfDocument) -> Iterator[tuple[Any, ...]]:
    heading = ""
    for place in range(len(document)):
        page = document[place]
        text = page.get_textpage().get_text_range()
        for number, paragraph in enumerate(_paragraphs(text.splitlines()), 1):
            yield paragraph, place + 1, number, heading
            if len(paragraph) <= LONGEST_HEADING and NUMBERED.match(paragraph):
                heading = paragraph
        page.close()


def _paragraphs(lines: list[str]) -> Iterator[str]:
    """Join the lines of a paragraph; a row of a table or a short line stands alone."""
    usual = max((len(one) for one in lines), default=0)
    held = ""
    for line in (one.strip() for one in lines):
        row = GAP.search(line) or FIGURES.search(line)
        alone = not line or row or NUMBERED.match(line)
        if alone and held:
            yield held
            held = ""
        if not line:
            continue
        if row:
            cells = GAP.sub("\t", line)
            yield cells if "\t" in cells else "\t".join(cells.rsplit(" ", 1))
            continue
        held += line
        if ENDS.search(line) or len(line) < 0.7 * usual:
            yield held
            held = ""
    if held:
        yield held


def _identifiers(raw: bytes) -> Iterator[tuple[str, str]]:
    found = IDENTIFIER.search(raw, max(0, len(raw) - 4096)) or IDENTIFIER.search(raw)
    if found:
        yield "document-id", found[1].decode().lower()
    for tag, name in XMP.items():
        for pattern in (rb"<" + tag + rb">([^<]{6,200})</", tag + rb'="([^"]{6,200})"'):
            if match := re.search(pattern, raw):
                yield name, match[1].decode("utf-8", "replace").strip()
                break
