"""Reading DOCX: merged cells, nested tables, text boxes, notes, split tables, numbering, and hostile files."""

from __future__ import annotations

import zipfile

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from grading.reading.container import kind_of
from grading.reading.refusal import Unreadable
from grading.reading.word import read_docx


@pytest.fixture
def paper(tmp_path):
    document = docx.Document()

    def read():
        path = tmp_path / "report.docx"
        document.save(path)
        return read_docx(path)

    return document, read


def fill(table, rows):
    for row, texts in zip(table.rows, rows, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text


def test_merged_cells_stand_once_with_their_spans(paper):
    document, read = paper
    table = document.add_table(rows=3, cols=3)
    fill(table, [["一级", "二级", "分"], ["决策", "立项", "5"], ["", "目标", "6"]])
    table.cell(1, 0).merge(table.cell(2, 0))
    table.cell(0, 0).merge(table.cell(0, 1))
    found = read().tables[0]
    spans = [
        (cell.text.split("\n")[0], cell.row, cell.column, cell.rowspan, cell.colspan)
        for row in found.rows
        for cell in row.cells
    ]
    assert spans[0] == ("一级", 0, 0, 1, 2)
    assert ("决策", 1, 0, 2, 1) in spans
    assert found.grid[2][0] is found.grid[1][0]
    assert len(spans) == 7


def test_a_table_split_at_a_page_end_is_joined_again(paper):
    document, read = paper
    head = ["三级指标", "分值", "得分"]
    document.add_paragraph("附件1 评分表")
    fill(document.add_table(rows=2, cols=3), [head, ["立项", "5", "5.00"]])
    document.add_paragraph("— 12 —")
    fill(document.add_table(rows=2, cols=3), [head, ["产出", "6", "4.00"]])
    tables = read().tables
    assert len(tables) == 1
    assert [row.texts for row in tables[0].rows] == [tuple(head), ("立项", "5", "5.00"), ("产出", "6", "4.00")]
    assert tables[0].breaks == (2,)


def test_two_tables_with_one_header_and_captions_of_their_own_stay_apart(paper):
    document, read = paper
    for name in ("表1 学生", "表2 教师"):
        document.add_paragraph(name)
        fill(document.add_table(rows=2, cols=2), [["评价", "份数"], ["满意", "8"]])
    assert [table.caption for table in read().tables] == ["表1 学生", "表2 教师"]


def test_caption_unit_and_order_are_kept(paper):
    document, read = paper
    document.add_paragraph("一、基本情况")
    document.add_paragraph("表3 资金情况表（单位：万元）")
    fill(document.add_table(rows=2, cols=2), [["项目", "金额"], ["补贴", "8.00"]])
    document.add_paragraph("二、评价结论")
    report = read()
    assert (report.tables[0].caption, report.tables[0].unit) == ("表3 资金情况表（单位：万元）", "万元")
    assert [type(block).__name__ for block in report.blocks] == ["Paragraph", "Paragraph", "Table", "Paragraph"]
    assert [p.level for p in report.paragraphs] == [1, 0, 1]


def test_nested_tables_and_text_boxes_and_deletions(paper):
    document, read = paper
    outer = document.add_table(rows=1, cols=2)
    outer.cell(0, 0).text = "外"
    fill(outer.cell(0, 1).add_table(1, 2), [["内一", "内二"]])
    paragraph = document.add_paragraph("正文")
    paragraph._p.append(parse_xml(f"<w:del {nsdecls('w')}><w:r><w:delText>删去</w:delText></w:r></w:del>"))
    box = f"<w:r {nsdecls('w')}><w:pict><v:textbox xmlns:v='urn:schemas-microsoft-com:vml'><w:txbxContent><w:p><w:r><w:t>框内</w:t></w:r></w:p></w:txbxContent></v:textbox></w:pict></w:r>"
    paragraph._p.append(parse_xml(box))
    report = read()
    assert ("内一", "内二") in [row.texts for table in report.tables for row in table.rows]
    assert [(p.text, p.origin) for p in report.paragraphs] == [("正文", "body"), ("框内", "textbox")]


def test_the_title_is_put_together_from_the_cover(paper):
    document, read = paper
    for text in ("报告编号：某字〔2025〕第1号", "绩 效 评 价 报 告", "项目名称：2024年度路灯改造项目", "一、基本情况"):
        document.add_paragraph(text)
    assert read().title == "2024年度路灯改造项目绩效评价报告"


def pack(path, parts):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)


def test_a_document_type_with_entities_is_refused(tmp_path):
    path = tmp_path / "x.docx"
    pack(path, {"word/document.xml": '<!DOCTYPE d [<!ENTITY a "aaaa">]><w:document xmlns:w="x">&a;</w:document>'})
    with pytest.raises(Unreadable) as refused:
        read_docx(path)
    assert refused.value.reason == "entities"


@pytest.mark.parametrize(
    ("parts", "reason"),
    [
        ({"word/document.xml": b"\0" * 60_000_000}, "bomb"),
        ({"ppt/presentation.xml": "<a/>"}, "kind"),
        ({"word/document.xml": "<broken"}, "corrupt"),
        (
            {
                "word/document.xml": '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body/></w:document>'
            },
            "no-text",
        ),
    ],
)
def test_archives_that_are_no_report_are_refused_with_a_reason(tmp_path, parts, reason):
    path = tmp_path / "x.docx"
    pack(path, parts)
    with pytest.raises(Unreadable) as refused:
        read_docx(path) if kind_of(path) == "docx" else None
    assert refused.value.reason == reason


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b"\0\0\0", "empty"),
        (b"hello", "kind"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + b"x" * 600, "old"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + "EncryptedPackage".encode("utf-16-le"), "encrypted"),
        (b"PK\x03\x04 no archive", "corrupt"),
    ],
)
def test_the_kind_is_told_from_the_content(tmp_path, content, reason):
    path = tmp_path / "report.docx"
    path.write_bytes(content)
    with pytest.raises(Unreadable) as refused:
        kind_of(path)
    assert refused.value.reason == reason
    assert refused.value.zh.endswith("。")
    assert refused.value.en.endswith(".")
