"""What is rendered holds every figure."""

from __future__ import annotations

import numpy as np
import pypdfium2
import pytest
from docx import Document

from grading.synthesis import LAYOUTS, make_report, render_docx, render_pdf
from grading.synthesis.paper import FONTS

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def bare(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize("layout", LAYOUTS)
def test_docx_holds_every_paragraph_and_cell(layout: str, tmp_path) -> None:
    report = make_report(np.random.default_rng(11), layout, 6)
    render_docx(report, tmp_path / "report.docx")
    paper = Document(str(tmp_path / "report.docx"))
    assert [p.text for p in paper.paragraphs if p.text] == [block.text for block in report.blocks if block.text]
    texts = [
        ["".join(t.text or "" for t in tc.iter(f"{W}t")) for tc in table._tbl.iter(f"{W}tc")] for table in paper.tables
    ]
    blocks = [block for block in report.blocks if block.form == "table"]
    assert len(texts) == len(blocks)
    for cells, block in zip(texts, blocks, strict=True):
        assert [cell for cell in cells if cell] == [cell for row in block.rows for cell in row if cell]


@pytest.mark.skipif(not FONTS.exists(), reason="the fonts are installed with the front-end packages")
@pytest.mark.parametrize("layout", ["four", "merged", "provincial"])
def test_pdf_holds_every_figure_on_its_pages(layout: str, tmp_path) -> None:
    report = make_report(np.random.default_rng(12), layout, 6)
    render_pdf(report, tmp_path / "report.pdf")
    document = pypdfium2.PdfDocument(tmp_path / "report.pdf")
    text = bare("".join(page.get_textpage().get_text_bounded() for page in document))
    document.close()
    missing = [
        slot.text
        for slot in report.slots
        if slot.key.startswith(("cat.", "total", "grade", "execution", "survey")) and bare(slot.text) not in text
    ]
    assert missing == []


@pytest.mark.skipif(not FONTS.exists(), reason="the fonts are installed with the front-end packages")
def test_landscape_layout_turns_the_page_for_its_score_table(tmp_path) -> None:
    report = make_report(np.random.default_rng(13), "landscape", 6)
    render_pdf(report, tmp_path / "report.pdf")
    document = pypdfium2.PdfDocument(tmp_path / "report.pdf")
    sizes = [page.get_size() for page in document]
    document.close()
    assert any(width > height for width, height in sizes)
    assert any(width < height for width, height in sizes)


def test_longer_reports_are_asked_for_by_pages() -> None:
    short, long = (len(make_report(np.random.default_rng(2), "four", pages).text) for pages in (5, 60))
    assert long > 4 * short
