"""Reading DOCX: the document's own XML, walked once in order.

A merged cell stands once, with its spans (w:gridSpan, w:vMerge); nested tables, text boxes, footnotes and headers
are read;
automatic numbering is used to know headings. XML with a document type or entities is refused.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from lxml import etree  # type: ignore[import-untyped]  # lxml ships no types

from grading.reading.document import Cell, Paragraph, Report
from grading.reading.layout import CHINESE_DIGITS, heading_level
from grading.reading.refusal import refusal
from grading.reading.splicing import Draft, join
from grading.reading.title import caption_of, title_of

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
P, TBL, TR, TC, T, R = f"{W}p", f"{W}tbl", f"{W}tr", f"{W}tc", f"{W}t", f"{W}r"
VAL = f"{W}val"
BREAKS = {f"{W}br": "\n", f"{W}cr": "\n", f"{W}tab": " ", f"{W}noBreakHyphen": "-"}
SKIPPED = {
    f"{W}del",
    f"{W}moveFrom",
    f"{W}instrText",
    "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback",
}
BOX = f"{W}txbxContent"
MAX_SPAN = 63  # Word knows no more columns
HOLDERS = {f"{W}sdt", f"{W}sdtContent", f"{W}ins", f"{W}moveTo", f"{W}customXml", f"{W}smartTag"}


def parse(content: bytes) -> etree._Element:
    """Parse one part; raises `Unreadable` for broken XML, a document type or entities."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise refusal("entities" if b"<!ENTITY" in content[:4096] else "corrupt") from error
    if root.getroottree().docinfo.doctype:
        raise refusal("entities")
    return root


def numbered(value: int, form: str) -> str:
    """A counter in the form that Word names, as far as headings use it."""
    if form.startswith(("chinese", "japanese", "ideograph")) and value <= 99:
        tens, ones = divmod(value, 10)
        head = "" if tens == 0 else ("十" if tens == 1 else f"{CHINESE_DIGITS[tens - 1]}十")
        return head + (CHINESE_DIGITS[ones - 1] if ones else "")
    return str(value)


@dataclass
class Numbering:
    """Automatic numbering: the text that Word would put before a paragraph."""

    levels: dict[str, dict[int, tuple[str, str]]] = field(default_factory=dict)
    styles: dict[str, tuple[str, int]] = field(default_factory=dict)
    counts: dict[tuple[str, int], int] = field(default_factory=dict)

    def load(self, root: etree._Element) -> None:
        """Read numbering.xml."""
        abstract: dict[str, dict[int, tuple[str, str]]] = {}
        for item in root.iter(f"{W}abstractNum"):
            forms: dict[int, tuple[str, str]] = {}
            for level in item.iter(f"{W}lvl"):
                form, text = level.find(f"{W}numFmt"), level.find(f"{W}lvlText")
                forms[int(level.get(f"{W}ilvl", "0"))] = (
                    "" if form is None else form.get(VAL, ""),
                    "" if text is None else text.get(VAL, ""),
                )
            abstract[item.get(f"{W}abstractNumId", "")] = forms
        for item in root.iter(f"{W}num"):
            link = item.find(f"{W}abstractNumId")
            if link is not None:
                self.levels[item.get(f"{W}numId", "")] = abstract.get(link.get(VAL, ""), {})

    def prefix(self, number: str, level: int) -> str:
        """Count one paragraph of list `number` at `level` and return its number's text."""
        forms = self.levels.get(number)
        if not forms or level not in forms:
            return ""
        self.counts[number, level] = self.counts.get((number, level), 0) + 1
        for deeper in range(level + 1, 9):
            self.counts.pop((number, deeper), None)
        form, text = forms[level]
        if form in {"bullet", "none", ""}:
            return ""
        return re.sub(
            r"%(\d)",
            lambda m: numbered(
                max(1, self.counts.get((number, int(m.group(1)) - 1), 1)), forms.get(int(m.group(1)) - 1, form)[0]
            ),
            text,
        )


@dataclass
class Walk:
    """The state of one walk through a document."""

    styles: dict[str, tuple[str, int]]
    numbering: Numbering
    paragraphs: list[Paragraph] = field(default_factory=list)
    drafts: list[Draft] = field(default_factory=list)
    recent: list[str] = field(default_factory=list)

    def body(self, parent: etree._Element) -> None:
        """Walk the blocks below `parent` in order."""
        for child in parent:
            if child.tag == P:
                self.paragraph(child)
            elif child.tag == TBL:
                self.table(child)
            elif child.tag in HOLDERS:
                self.body(child)

    def paragraph(self, element: etree._Element) -> None:
        """Take in one paragraph and the text boxes anchored in it."""
        text = "".join(pieces(element)).strip("\n")
        style, styled = "", 0
        prefix = ""
        properties = element.find(f"{W}pPr")
        if properties is not None:
            named = properties.find(f"{W}pStyle")
            if named is not None:
                style, styled = self.styles.get(named.get(VAL, ""), (named.get(VAL, ""), 0))
            outline = properties.find(f"{W}outlineLvl")
            if outline is not None and outline.get(VAL, "9").isdigit() and int(outline.get(VAL, "9")) < 9:
                styled = styled or int(outline.get(VAL, "9")) + 1
            prefix = self.number_of(properties, named)
        if text.strip():
            level = heading_level(prefix + text, styled=styled)
            self.add(text, level, style)
        for box in element.iter(BOX):
            if not any(ancestor.tag in SKIPPED for ancestor in box.iterancestors()):
                for inner in box.iter(P):
                    words = "".join(pieces(inner)).strip()
                    if words:
                        self.add(words, 0, "", "textbox")

    def number_of(self, properties: etree._Element, named: etree._Element | None) -> str:
        """The automatic number of a paragraph, from its own or its style's list."""
        own = properties.find(f"{W}numPr")
        if own is not None:
            number, level = own.find(f"{W}numId"), own.find(f"{W}ilvl")
            if number is not None:
                return self.numbering.prefix(number.get(VAL, ""), int(level.get(VAL, "0")) if level is not None else 0)
        if named is not None and named.get(VAL, "") in self.numbering.styles:
            return self.numbering.prefix(*self.numbering.styles[named.get(VAL, "")])
        return ""

    def add(self, text: str, level: int, style: str, origin: str = "body") -> None:
        """Append a paragraph."""
        self.paragraphs.append(Paragraph(len(self.paragraphs), None, text, level, style, origin))
        if origin == "body":
            self.recent.append(text)

    def table(self, element: etree._Element) -> None:
        """Take in one table; tables nested in its cells follow it."""
        rows: list[list[Cell]] = []
        open_cells: dict[int, tuple[int, int]] = {}
        nested: list[etree._Element] = []
        for number, row in enumerate(children(element, TR)):
            cells: list[Cell] = []
            column = grid_before(row)
            for cell in children(row, TC):
                span, merge = spans(cell)
                nested.extend(cell.iter(TBL))
                words = [line for inner in children(cell, P) if (line := "".join(pieces(inner)).strip())]
                text = "\n".join(words)
                if merge == "continue" and column in open_cells:
                    extend(rows, cells, open_cells[column], number)
                    column += span
                    continue
                if merge == "restart":
                    open_cells[column] = (number, len(cells))
                else:
                    open_cells.pop(column, None)
                cells.append(Cell(text, number, column, 1, span))
                column += span
            rows.append(cells)
        if any(cell.text.strip() for row in rows for cell in row):
            caption, unit = caption_of(self.recent)
            draft = Draft(rows, [None] * len(rows), len(self.paragraphs) - 1, list(self.recent), (), caption, unit)
            self.drafts.append(draft)
            self.recent.clear()
        for inner in nested:
            if next(inner.iterancestors(TBL)) is element:
                self.table(inner)


def extend(rows: list[list[Cell]], current: list[Cell], place: tuple[int, int], number: int) -> None:
    """Let the merged cell that began at `place` reach down to row `number`."""
    row, position = place
    cells = rows[row] if row < len(rows) else current
    old = cells[position]
    cells[position] = Cell(old.text, old.row, old.column, number - row + 1, old.colspan)


def grid_before(row: etree._Element) -> int:
    """Grid columns that a row leaves out at its start."""
    properties = row.find(f"{W}trPr")
    before = None if properties is None else properties.find(f"{W}gridBefore")
    return min(int(before.get(VAL, "0")), MAX_SPAN) if before is not None else 0


def spans(cell: etree._Element) -> tuple[int, str]:
    """Width in grid columns, and "restart", "continue" or "" for the vertical merge of a cell."""
    properties = cell.find(f"{W}tcPr")
    if properties is None:
        return 1, ""
    span, merge = properties.find(f"{W}gridSpan"), properties.find(f"{W}vMerge")
    width = int(span.get(VAL, "1")) if span is not None else 1
    return min(max(1, width), MAX_SPAN), "" if merge is None else merge.get(VAL, "continue")


def children(parent: etree._Element, tag: str) -> Iterator[etree._Element]:
    """Children of one kind, also inside content controls and insertions."""
    for child in parent:
        if child.tag == tag:
            yield child
        elif child.tag in HOLDERS:
            yield from children(child, tag)


def pieces(element: etree._Element) -> Iterator[str]:
    """The text of a paragraph, without deletions and text boxes."""
    for child in element:
        tag = child.tag
        if tag == T:
            yield child.text or ""
        elif tag in BREAKS:
            yield BREAKS[tag]
        elif tag not in SKIPPED and tag != BOX and len(child):
            yield from pieces(child)


def styles_of(root: etree._Element, numbering: Numbering) -> dict[str, tuple[str, int]]:
    """Style id to its name and the heading level it stands for."""
    found: dict[str, tuple[str, int]] = {}
    for style in root.iter(f"{W}style"):
        key, named = style.get(f"{W}styleId", ""), style.find(f"{W}name")
        name = named.get(VAL, "") if named is not None else key
        heading = re.match(r"(?:heading|标题)\s*(\d)", name, re.IGNORECASE)
        found[key] = (name, int(heading.group(1)) if heading else 0)
        number, level = style.find(f"{W}pPr/{W}numPr/{W}numId"), style.find(f"{W}pPr/{W}numPr/{W}ilvl")
        if number is not None:
            numbering.styles[key] = (number.get(VAL, ""), int(level.get(VAL, "0")) if level is not None else 0)
    return found


def parts_of(path: Path) -> dict[str, bytes]:
    """The parts of the archive that hold text; raises `Unreadable` for a damaged one."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
            wanted = re.compile(r"word/(?:document|styles|numbering|footnotes|endnotes|header\d*|footer\d*)\.xml$")
            parts = {name: archive.read(name) for name in names if wanted.match(name)}
    except Exception as error:  # zlib.error and friends of a damaged archive share no base class
        raise refusal("corrupt") from error
    return parts


def notes_and_headers(parts: dict[str, bytes], walk: Walk) -> list[str]:
    """Take in the notes, and return the texts of headers and footers."""
    headers: list[str] = []
    for name, content in sorted(parts.items()):
        if "note" in name:
            for note in parse(content).iter(f"{W}footnote", f"{W}endnote"):
                words = "".join("".join(pieces(inner)) for inner in note.iter(P)).strip()
                if words:
                    walk.add(words, 0, "", "footnote")
        elif "header" in name or "footer" in name:
            words = " ".join("".join(pieces(inner)) for inner in parse(content).iter(P)).strip()
            if words:
                headers.append(words)
    return headers


def read_docx(path: Path) -> Report:
    """Read the DOCX at `path`; raises `Unreadable`."""
    parts = parts_of(path)
    numbering = Numbering()
    if "word/numbering.xml" in parts:
        numbering.load(parse(parts["word/numbering.xml"]))
    styles = styles_of(parse(parts["word/styles.xml"]), numbering) if "word/styles.xml" in parts else {}
    walk = Walk(styles, numbering)
    body = parse(parts["word/document.xml"]).find(f"{W}body")
    if body is None:
        raise refusal("corrupt")
    walk.body(body)
    headers = notes_and_headers(parts, walk)
    if not walk.paragraphs and not walk.drafts:
        raise refusal("no-text")
    tables = tuple(draft.finish(number) for number, draft in enumerate(join(walk.drafts)))
    return Report(title_of(walk.paragraphs), "docx", None, tuple(walk.paragraphs), tables, tuple(headers))
