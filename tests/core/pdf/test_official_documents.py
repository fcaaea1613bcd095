from __future__ import annotations

import io
from pathlib import Path

import pdfplumber
import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from core.pdf.chinese_text import CANNOT_END, CANNOT_START, ChineseText, Style, break_lines
from core.pdf.document import Heading, OfficialDocument, Paragraph, Table
from core.pdf.fonts import NoChineseFont, font_files, typefaces
from core.pdf.layout import build_pdf

TEXT = (
    "根据《中华人民共和国政府采购法》（2014年修正）和《政府采购货物和服务招标投标管理办法》（财政部令第87号），我局对“社区居家养老服务项目绩效评价”"
    "（项目编号：CHCG-2026-0042）组织公开招标，现将结果公告如下：中标金额￥1,234,567.50元；如有异议，请于7个工作日内提出！"
)
ROWS = [[str(n), f"澄湖衡信绩效评价咨询有限公司{n}号（普通合伙）", "1,234,567.50"] for n in range(1, 61)]


def notice(**changes):
    values = {
        "kind": "notice",
        "issuer": "澄湖区财政局",
        "number": "澄财采告〔2026〕42号",
        "title": "社区居家养老服务项目绩效评价\n中标结果公告",
        "body": [
            Paragraph(TEXT),
            Heading("一、评审结果"),
            Table(["序号", "投标人", "报价（元）"], ROWS, [1, 5, 2], frozenset({2})),
        ],
        "signatory": "澄湖区财政局",
        "date": "2026年11月23日",
        "record_hash": "a3f9c0d1e2b4a5968877665544332211",
    }
    return OfficialDocument(**(values | changes))


def pages(data):
    with pdfplumber.open(io.BytesIO(data)) as pdf:
        return [page.extract_text() for page in pdf.pages]


def test_no_line_starts_or_ends_with_a_forbidden_mark_at_any_width():
    faces = typefaces()
    text = ChineseText(TEXT, Style(faces.body, 16, 28, indent=2))
    lines = bad = 0
    for width in range(120, 480, 3):
        broken = break_lines(TEXT, width - 32, width, text.measure)
        lines += len(broken)
        bad += sum(line[0] in CANNOT_START or line[-1] in CANNOT_END for line in broken)
        assert text.measure(broken[0]) <= width - 32 + 0.01
        assert all(text.measure(line) <= width + 0.01 for line in broken)
    assert lines > 1000
    assert bad == 0


@given(st.text(alphabet="中文字ab1 ，。（）《》“”%-", max_size=80), st.integers(3, 30))
def test_breaking_loses_no_character(text, width):
    lines = break_lines(text, width, width, lambda part: float(len(part)))
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert all(len(line) <= width for line in lines)


@pytest.mark.parametrize("room", range(13))
def test_no_single_line_of_a_paragraph_is_left_on_a_page(room):
    text = ChineseText(TEXT, Style(typefaces().body, 16, 28, indent=2))
    total = text.wrap(300, 1000)[1] / 28
    parts = [part.wrap(300, 1000)[1] / 28 for part in text.split(300, room * 28)]
    assert not parts or sum(parts) == total
    assert all(lines >= 2 for lines in parts)


def test_the_same_document_gives_the_same_bytes():
    assert build_pdf(notice()) == build_pdf(notice())
    assert build_pdf(notice()) != build_pdf(notice(number="澄财采告〔2026〕43号"))


def test_every_page_carries_its_number_the_record_and_the_tables_head():
    texts = pages(build_pdf(notice()))
    assert len(texts) >= 4
    for number, text in enumerate(texts, start=1):
        assert f"－{number}－" in text
        assert "记录校验码 a3f9c0d1e2b4a596" in text
        assert "a3f9c0d1e2b4a5968" not in text
    assert sum("投标人" in text for text in texts) >= 3
    assert "".join(texts).count("（普通合伙）") + "".join(texts).count("普通合伙") >= len(ROWS)


def test_the_heading_stays_with_its_table():
    text = pages(build_pdf(notice()))[0]
    assert text.index("一、评审结果") < text.index("序号 投标人") < text.index("8 澄湖衡信")


def test_page_numbers_stand_at_the_outer_side():
    with pdfplumber.open(io.BytesIO(build_pdf(notice()))) as pdf:
        for number, page in enumerate(pdf.pages, start=1):
            mark = next(word for word in page.extract_words() if word["text"] == f"－{number}－")
            assert (mark["x0"] > page.width / 2) == bool(number % 2)


def test_metadata_and_language_are_set_and_fonts_embedded():
    reader = PdfReader(io.BytesIO(build_pdf(notice())))
    assert reader.metadata.title.startswith("社区居家养老服务项目绩效评价")
    assert reader.metadata.author == "澄湖区财政局"
    assert reader.trailer["/Root"]["/Lang"] == "zh-CN"


def test_a_character_the_face_lacks_is_marked_and_named():
    text = "".join(pages(build_pdf(notice(body=[Paragraph("专家\U00020bb7先生，㙍女士，\u200b控制\x07字符。")]))))
    assert "专家〓先生，㙍女士，控制字符。" in text
    assert "U+20BB7" in text


def test_a_letter_names_whom_it_is_for_and_where_the_seal_goes():
    text = pages(
        build_pdf(notice(kind="letter", addressee="区民政局", body=[Paragraph(TEXT)], attachments=["甲", "乙"]))
    )[0]
    for words in ("区民政局：", "附件：1. 甲", "2. 乙", "（盖章处）", "2026年11月23日"):
        assert words in text


def test_an_english_notice_uses_english_words():
    text = pages(build_pdf(notice(language="en", body=[Paragraph("A " + "word " * 60)], addressee="Bureau")))[0]
    for words in ("Bureau:", "(seal)", "Record a3f9c0d1e2b4a596"):
        assert words in text


def test_the_page_looks_as_measured():
    """The red issuer's name, black title and the seal's place are where the layout puts them, as a picture."""
    picture = (
        pypdfium2.PdfDocument(build_pdf(notice(body=[Paragraph(TEXT)])))[0].render(scale=0.5).to_pil().convert("RGB")
    )
    width, height = picture.size
    red = [
        (x, y)
        for x in range(width)
        for y in range(height)
        if picture.getpixel((x, y))[0] > 150 and picture.getpixel((x, y))[1] < 90
    ]
    xs, ys = [x for x, _ in red], [y for _, y in red]
    assert abs((min(xs) + max(xs)) / 2 - width / 2) < 6
    assert 0.11 * height < min(ys) < max(ys) < 0.26 * height
    margin = [picture.getpixel((x, y)) for x in range(int(width * 0.12)) for y in range(height)]
    assert all(pixel == (255, 255, 255) for pixel in margin)


def test_without_any_font_the_error_says_what_to_install(tmp_path):
    with pytest.raises(NoChineseFont, match="make setup"):
        font_files(None, tmp_path, (tmp_path / "none.ttc",))
    with pytest.raises(NoChineseFont, match="configured"):
        font_files(tmp_path)
    zen_hei = tmp_path / "wqy.ttc"
    zen_hei.write_bytes(b"x")
    assert font_files(None, Path("/nowhere"), (zen_hei,)) == (zen_hei,) * 3
