"""One changed digit in a real report, where it is printed: in the runs of a DOCX, in the characters of a PDF page.

DOCX: the digit is changed in word/document.xml, the file written and read again whole. PDF: the digit of one printed
character is changed as the page gives it (same place, same size), and the page is taken apart and put together with
all others again; the file itself is not written anew, since its embedded fonts need not hold every digit.
"""

from __future__ import annotations

import copy
import zipfile
from collections.abc import Iterator
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

from lxml import etree  # type: ignore[import-untyped]  # lxml ships no types

from bench.slip_targets import Target
from grading.reading.document import Report
from grading.reading.pdf import Leaf, compose, leaf_of, read_pdf
from grading.reading.splicing import join
from grading.reading.title import title_of
from grading.reading.word import read_docx

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
PART = "word/document.xml"


class NotThere(Exception):
    """The figure's digits could not be found at its place in the file."""


def changed(number: str, place: int, digit: str) -> str:
    """The number with another digit at `place`."""
    return number[:place] + digit + number[place + 1 :]


def text_at(report: Report, target: Target) -> str:
    """The text of the paragraph or cell in which a figure stands."""
    if target.table is None:
        return report.paragraphs[target.paragraph or 0].text
    cells = report.tables[target.table].rows[target.row or 0].cells
    return next(cell.text for cell in cells if cell.column == target.column)


def altered(before: Report, after: Report) -> list[tuple[int | None, int | None, int | None]]:
    """The places (paragraph, table, row) whose text differs; raises NotThere where the shape of the report does."""
    if len(before.paragraphs) != len(after.paragraphs) or len(before.tables) != len(after.tables):
        return []
    found: list[tuple[int | None, int | None, int | None]] = [
        (one.index, None, None)
        for one, other in zip(before.paragraphs, after.paragraphs, strict=True)
        if one.text != other.text
    ]
    for one_table, other_table in zip(before.tables, after.tables, strict=True):
        for one_row, other_row in zip(one_table.rows, other_table.rows, strict=False):
            if one_row.texts != other_row.texts:
                found.append((None, one_table.index, one_row.index))
    return found


class Word:
    """A DOCX in which digits can be changed."""

    kind = "docx"

    def __init__(self, path: Path, folder: Path) -> None:
        self.path, self.out = path, folder / "slip.docx"
        self.report = read_docx(path)
        with zipfile.ZipFile(path) as archive:
            self.parts = {name: archive.read(name) for name in archive.namelist()}
        self.root = etree.fromstring(self.parts[PART])
        self.blocks = [
            *self._aligned(f"{W}tc", [c.text for t in self.report.tables for r in t.rows for c in r.cells]),
        ]
        self.lines = self._aligned(f"{W}p", [p.text for p in self.report.paragraphs])

    def _aligned(self, tag: str, texts: list[str]) -> list[Any]:
        """The element of each text, told by the order in which they stand; None where there is none."""
        elements = [e for e in self.root.iter(tag) if any(t.text for t in e.iter(f"{W}t"))]
        written = ["".join("".join(t.text or "" for t in e.iter(f"{W}t")).split()) for e in elements]
        wanted = ["".join(text.split()) for text in texts]
        found: list[Any] = [None] * len(texts)
        for left, right, size in SequenceMatcher(None, wanted, written, autojunk=False).get_matching_blocks():
            for offset in range(size):
                found[left + offset] = elements[right + offset]
        return found

    def slip(self, target: Target, place: int, digit: str) -> Report:
        """The report with one digit of the target changed, written and read again."""
        if target.table is None:
            element = self.lines[target.paragraph or 0]
        else:
            number = sum(len(r.cells) for t in self.report.tables[: target.table] for r in t.rows)
            rows = self.report.tables[target.table].rows
            number += sum(len(r.cells) for r in rows[: target.row])
            cells = rows[target.row or 0].cells
            element = self.blocks[number + next(i for i, c in enumerate(cells) if c.column == target.column)]
        if element is None:
            raise NotThere
        text = text_at(self.report, target)
        before = sum(not char.isspace() for char in text[: target.start + place])
        for node in element.iter(f"{W}t"):
            words = node.text or ""
            for at, char in enumerate(words):
                if char.isspace():
                    continue
                if before == 0:
                    if char != target.number[place]:
                        raise NotThere
                    node.text = changed(words, at, digit)
                    self._write()
                    node.text = words
                    return read_docx(self.out)
                before -= 1
        raise NotThere

    def _write(self) -> None:
        with zipfile.ZipFile(self.out, "w") as archive:
            for name, content in self.parts.items():
                archive.writestr(name, etree.tostring(self.root) if name == PART else content)


class Paper:
    """A PDF in whose pages printed digits can be changed."""

    kind = "pdf"

    def __init__(self, path: Path, folder: Path) -> None:
        import pdfplumber

        del folder
        self.report = read_pdf(path)
        self.document = pdfplumber.open(path)
        self.leaves: list[Leaf] = [leaf_of(page, n) for n, page in enumerate(self.document.pages, 1)]

    def slip(self, target: Target, place: int, digit: str) -> Report:
        """The report with one printed digit of the target changed."""
        first = target.page or 1
        for number in (first, first + 1):
            if number > len(self.leaves):
                continue
            page = self.document.pages[number - 1]
            for char in self._digits(page, target, place):
                old = char["text"]
                char["text"] = digit
                leaf = leaf_of(page, number)
                char["text"] = old
                report = self._composed(number, leaf)
                if self._is_it(report, target, place, digit):
                    return report
        raise NotThere

    def _digits(self, page: Any, target: Target, place: int) -> Iterator[dict[str, Any]]:
        """Characters that may be the digit meant: in a run of characters that read as the number."""
        chars = [char for char in page.chars if not char["text"].isspace()]
        text = "".join(char["text"][:1] for char in chars)
        at = text.find(target.number)
        while at >= 0:
            yield chars[at + place]
            at = text.find(target.number, at + 1)

    def _composed(self, number: int, leaf: Leaf) -> Report:
        leaves = copy.deepcopy([*self.leaves[: number - 1], leaf, *self.leaves[number:]])
        paragraphs, drafts, headers = compose(leaves)
        tables = tuple(draft.finish(index) for index, draft in enumerate(join(drafts)))
        return Report(title_of(paragraphs), "pdf", len(leaves), tuple(paragraphs), tables, tuple(headers))

    def _is_it(self, report: Report, target: Target, place: int, digit: str) -> bool:
        places = altered(self.report, report)
        wanted = (target.paragraph, target.table, target.row)
        if places != [wanted]:
            return False
        start = target.start + place
        return text_at(report, target)[start : start + 1] == digit
