"""Reading PDF: paragraphs mended, running heads removed, tables joined over pages; and what cannot be read."""

from __future__ import annotations

import io

import pytest
from pypdf import PdfReader, PdfWriter
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Table, TableStyle

from grading.reading.lines import Line, furniture
from grading.reading.pdf import read_pdf
from grading.reading.refusal import Unreadable

FONT = "STSong-Light"
HEAD = ["三级指标", "分值", "得分"]


@pytest.fixture
def sheet(tmp_path):
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    path = tmp_path / "report.pdf"
    return path, Canvas(str(path), pagesize=A4)


def page(canvas, lines, number, table=None):
    canvas.setFont(FONT, 9)
    canvas.drawString(72, 800, "某某管理咨询公司")
    canvas.drawCentredString(297, 30, f"— {number} —")
    canvas.setFont(FONT, 12)
    y = 760
    for indent, text in lines:
        canvas.drawString(72 + 24 * indent, y, text)
        y -= 20
    if table:
        made = Table(
            table,
            colWidths=[200, 80, 80],
            rowHeights=24,
            style=TableStyle([("GRID", (0, 0), (-1, -1), 0.5, "black"), ("FONT", (0, 0), (-1, -1), FONT, 10)]),
        )
        made.wrapOn(canvas, 400, 700)
        made.drawOn(canvas, 72, y - 24 * len(table))
    canvas.showPage()


LONG = "本项目为改善农村人居环境而设立由区级财政安排资金按年度拨付至各镇（街"


def test_lines_are_mended_to_paragraphs_over_page_ends(sheet):
    path, canvas = sheet
    page(canvas, [(0, "一、基本情况"), (1, LONG), (0, LONG + "道路等")], 1)
    page(canvas, [(0, "道）和村。"), (1, "第二段从这里开始。")], 2)
    page(canvas, [(1, "第三页上另有一段。")], 3)
    canvas.save()
    report = read_pdf(path)
    texts = [p.text for p in report.paragraphs]
    assert texts == ["一、基本情况", LONG + LONG + "道路等" + "道）和村。", "第二段从这里开始。", "第三页上另有一段。"]
    assert [p.page for p in report.paragraphs] == [1, 1, 2, 3]
    assert "某某管理咨询公司" in report.headers
    assert report.paragraphs[0].level == 1


def test_a_table_over_two_pages_is_joined_and_rows_know_their_page(sheet):
    path, canvas = sheet
    page(canvas, [(0, "附件1 评分表")], 1, [HEAD, ["立项", "5", "5.00"], ["程序", "6", "5.50"]])
    page(canvas, [], 2, [HEAD, ["产出", "8", "8.00"], ["合计", "19", "18.50"]])
    canvas.save()
    report = read_pdf(path)
    assert len(report.tables) == 1
    table = report.tables[0]
    assert [row.texts for row in table.rows] == [
        tuple(HEAD),
        ("立项", "5", "5.00"),
        ("程序", "6", "5.50"),
        ("产出", "8", "8.00"),
        ("合计", "19", "18.50"),
    ]
    assert [row.page for row in table.rows] == [1, 1, 1, 2, 2]
    assert table.caption == "附件1 评分表"


def test_merged_cells_have_spans(sheet):
    path, canvas = sheet
    canvas.setFont(FONT, 12)
    canvas.drawString(72, 780, "表1 得分情况")
    style = TableStyle(
        [("GRID", (0, 0), (-1, -1), 0.5, "black"), ("FONT", (0, 0), (-1, -1), FONT, 10), ("SPAN", (0, 1), (0, 2))]
    )
    made = Table([HEAD, ["立项", "5", "5.00"], ["", "6", "5.50"]], colWidths=80, rowHeights=24, style=style)
    made.wrapOn(canvas, 400, 700)
    made.drawOn(canvas, 72, 600)
    canvas.save()
    table = read_pdf(path).tables[0]
    assert table.grid[2][0] is table.grid[1][0]
    assert table.grid[2][0].text == "立项"


def reason_of(path, **limits):
    with pytest.raises(Unreadable) as refused:
        read_pdf(path, **limits)
    return refused.value.reason


def test_a_scan_is_called_a_scan(sheet, tmp_path):
    from PIL import Image

    path, canvas = sheet
    picture = tmp_path / "scan.png"
    Image.new("L", (200, 300), 200).save(picture)
    canvas.drawImage(str(picture), 0, 0, 595, 842)
    canvas.save()
    assert reason_of(path) == "scanned"


def test_an_encrypted_file_says_so(sheet):
    path, canvas = sheet
    page(canvas, [(0, "一、基本情况")] * 3, 1)
    canvas.save()
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(path.read_bytes())))
    writer.encrypt("secret", algorithm="AES-256")
    writer.write(path)
    assert reason_of(path) == "encrypted"


def test_empty_pages_damage_and_too_many_pages_are_told_apart(sheet):
    path, canvas = sheet
    canvas.showPage()
    canvas.save()
    assert reason_of(path) == "no-text"
    assert reason_of(path, max_pages=0) == "pages"
    path.write_bytes(path.read_bytes()[:120])
    assert reason_of(path) == "corrupt"


def test_a_sentence_that_stands_twice_near_page_edges_is_no_running_head():
    head, told = "某区项目绩效评价报告", "用数16.89万元，为尚未结算的尾款。"
    pages = [
        [
            Line(head, 200, 400, 40, 9, number),
            Line(told if number in {1, 3} else f"第{number}段。", 60, 400, 80 + 17 * number, 11, number),
            Line("正文各不相同" * number, 60, 500, 300, 11, number),
            Line(f"- {number} -", 280, 310, 800, 9, number),
        ]
        for number in range(1, 5)
    ]
    assert furniture(pages) == {(number, top) for number in range(1, 5) for top in (40, 800)}
