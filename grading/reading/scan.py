"""The stamped scan beside the text version: compared page by page as far as a scan can be read at all.

A scan is pictures. Compared are the number of pages and, where the scan carries a text layer of its own, the figures
of each page. Nothing is guessed: what could not be compared is said.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from grading.reading.refusal import refusal

FIGURE = re.compile(r"\d[\d,]*(?:\.\d+)?")
FEWEST = 20  # characters on a page that make a text layer
MOST = 5


@dataclass(frozen=True)
class Comparison:
    """Pages of both files, pages of the scan without a text layer, and pages whose figures differ (from 1)."""

    text_pages: int
    scan_pages: int
    without_text: int
    different: tuple[int, ...]

    @property
    def message(self) -> dict[str, str]:
        """What the comparison says, in both languages."""
        zh, en = [], []
        if self.text_pages != self.scan_pages:
            zh.append(f"盖章扫描件{self.scan_pages}页，文字版{self.text_pages}页，页数不同，请核对两者是否为同一版本")
            en.append(
                f"the stamped scan has {self.scan_pages} pages, the text version {self.text_pages}: is it the same?"
            )
        else:
            zh.append(f"盖章扫描件与文字版都是{self.text_pages}页")
            en.append(f"the stamped scan and the text version both have {self.text_pages} pages")
        if self.without_text:
            zh.append(f"扫描件有{self.without_text}页只有图像、没有文字，内容无法逐页比对")
            en.append(f"{self.without_text} pages of the scan are pictures only and could not be compared")
        if self.different:
            pages = "、".join(map(str, self.different[:MOST]))
            zh.append(f"第{pages}页的数字与文字版不同，请核对")
            en.append(f"the figures of page {pages.replace('、', ', ')} differ from the text version")
        return {"zh": "；".join(zh) + "。", "en": "; ".join(en).capitalize() + "."}


def compare(text: Path, scan: Path) -> Comparison:
    """Compare the text version (PDF) with its stamped scan (PDF); raises `Unreadable` where one is no PDF."""
    ours, theirs = _pages(text), _pages(scan)
    without = sum(len(page.strip()) < FEWEST for page in theirs)
    different = [
        number
        for number, (own, other) in enumerate(zip(ours, theirs, strict=False), start=1)
        if len(other.strip()) >= FEWEST and Counter(FIGURE.findall(own)) != Counter(FIGURE.findall(other))
    ]
    return Comparison(len(ours), len(theirs), without, tuple(different))


def _pages(path: Path) -> list[str]:
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        raise refusal("encrypted" if "password" in str(error).lower() else "corrupt") from error
    try:
        return [document[number].get_textpage().get_text_range() for number in range(len(document))]
    finally:
        document.close()
