"""DOCX: paragraphs and table rows in order, core, extended and custom properties, revision root, pictures."""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lxml import etree  # type: ignore[import-untyped]  # lxml ships no types

from procurement.collusion.reading import picture

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
MOST_UNPACKED = 200 * 1024 * 1024
MOST_PICTURE = 30 * 1024 * 1024
MOST_PICTURES = 200
LEAST_PICTURE = 20_000
CORE = {"creator": "author", "lastModifiedBy": "last-editor", "identifier": "document-id"}
EXTENDED = {"Company": "company", "Manager": "author", "Template": "template"}
SERIAL = re.compile(
    r"serial|dongle|licen[cs]e|machine|hardware|template.?id|lock|锁|序列|机器码|模板编号", re.IGNORECASE
)
"""Custom properties with such a name tell the copy of the program; those of common programs tell only its version."""
HEADING = re.compile(r"^(?:heading|标题|Heading)\s*\d?$")
NUMBERED = re.compile(
    r"^\s*(?:第[一二三四五六七八九十]+[章节部分]|[一二三四五六七八九十]+、|（[一二三四五六七八九十]+）"
    r"|\d+(?:\.\d+)*[、.． ])"
)
LONGEST_HEADING = 40


class Locked(Exception):
    """The file has a password."""


def read(path: Path, _pages: int) -> tuple[list[tuple[Any, ...]], list[tuple[str, str]]]:
    """Return passages (text, page, number, heading) and properties."""
    with zipfile.ZipFile(path) as archive:
        entries = archive.infolist()
        if any(one.flag_bits & 0x1 for one in entries):
            raise Locked
        if sum(one.file_size for one in entries) > MOST_UNPACKED:
            raise ValueError("unpacks to too much")
        parts = {one.filename for one in entries}
        passages = list(_passages(_parse(archive.read("word/document.xml"))))
        properties = list(_properties(archive, parts))
        properties += list(_pictures(archive, entries))
    return passages, properties


def _passages(root: Any) -> Iterator[tuple[Any, ...]]:
    """Yield paragraphs outside tables, and rows of tables as their cells divided by tabs."""
    heading, number = "", 0
    for element in root.iter(f"{W}p", f"{W}tr"):
        inside = any(one.tag == f"{W}tr" for one in element.iterancestors())
        if inside:
            continue
        if element.tag == f"{W}tr":
            cells = [_text(cell).strip() for cell in element.iterchildren(f"{W}tc")]
            text = "\t".join(cells)
        else:
            text = _text(element).strip()
        if not text.strip():
            continue
        number += 1
        yield text, None, number, heading
        if element.tag == f"{W}p" and _is_heading(element, text):
            heading = text


def _is_heading(element: Any, text: str) -> bool:
    style = element.find(f"{W}pPr/{W}pStyle")
    named = style is not None and HEADING.match(style.get(f"{W}val", "") or "")
    return len(text) <= LONGEST_HEADING and bool(named or NUMBERED.match(text))


def _text(element: Any) -> str:
    parts = []
    for one in element.iter(f"{W}t", f"{W}tab", f"{W}br", f"{W}p"):
        if one.tag == f"{W}t":
            parts.append(one.text or "")
        elif one.tag != f"{W}p" or parts:
            parts.append(" ")
    return "".join(parts)


def _properties(archive: zipfile.ZipFile, parts: set[str]) -> Iterator[tuple[str, str]]:
    for part, names in (("docProps/core.xml", CORE), ("docProps/app.xml", EXTENDED)):
        for one in _elements(archive, parts, part):
            name = names.get(etree.QName(one).localname)
            if name and (one.text or "").strip():
                yield name, one.text.strip()
    for one in _elements(archive, parts, "docProps/custom.xml"):
        value = "".join(one.itertext()).strip()
        if value and SERIAL.search(one.get("name") or ""):
            yield "serial", value
    for one in _elements(archive, parts, "word/settings.xml"):
        if one.tag == f"{W}rsidRoot" and one.get(f"{W}val"):
            yield "revision-root", one.get(f"{W}val")


def _elements(archive: zipfile.ZipFile, parts: set[str], name: str) -> list[Any]:
    return list(_parse(archive.read(name)).iter()) if name in parts else []


def _pictures(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> Iterator[tuple[str, str]]:
    """Yield the hash of each large picture, and what its camera wrote."""
    media = [one for one in entries if one.filename.startswith("word/media/") and one.file_size <= MOST_PICTURE]
    for one in media[:MOST_PICTURES]:
        content = archive.read(one)
        if len(content) >= LEAST_PICTURE:
            yield "picture", hashlib.sha256(content).hexdigest()
        yield from picture.properties_of(io.BytesIO(content))


def _parse(content: bytes) -> Any:
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, huge_tree=False, remove_comments=True, remove_pis=True
    )
    root = etree.fromstring(content, parser)
    if root.getroottree().docinfo.doctype:
        raise ValueError("a document type is refused")
    return root
