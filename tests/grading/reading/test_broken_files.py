"""Broken and hostile files: every one ends in a report with something in it or in one clear refusal, never in a crash."""

from __future__ import annotations

import io
import zipfile

import docx
import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from reportlab.pdfgen import canvas

from grading.reading.refusal import REFUSALS
from grading.reading.worker import answer

FUZZ = settings(
    max_examples=20, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def word_bytes():
    document = docx.Document()
    document.add_paragraph("2024 report")
    document.add_heading("一、基本情况", 1)
    table = document.add_table(3, 3)
    table.cell(0, 0).merge(table.cell(1, 0)).text = "决策"
    table.cell(2, 2).text = "12.50"
    document.sections[0].header.paragraphs[0].text = "head"
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def paper_bytes():
    out = io.BytesIO()
    paper = canvas.Canvas(out, invariant=1, pageCompression=0)
    paper.drawString(72, 700, "Budget 100.00, spent 95.00, rate 95.00% of all that was planned")
    paper.grid([72, 172, 272], [500, 520, 540])
    paper.drawString(80, 505, "12.5")
    paper.showPage()
    paper.save()
    return out.getvalue()


WORD, PAPER = word_bytes(), paper_bytes()
CUTS = st.lists(
    st.tuples(st.floats(0, 1), st.integers(0, 3), st.binary(min_size=1, max_size=12)), min_size=1, max_size=8
)


def mutated(content, cuts):
    data = bytearray(content)
    for share, kind, piece in cuts:
        at = int(share * max(0, len(data) - 1))
        if kind == 0:
            data[at : at + len(piece)] = piece
        elif kind == 1:
            data[at:at] = piece
        elif kind == 2:
            del data[at : at + 40 * len(piece)]
        else:
            data[at:at] = data[at : at + 200]
    return bytes(data)


def judged(path):
    result = answer(path, 50)
    if "reason" in result:
        assert result["reason"] in REFUSALS
    else:
        assert result["report"]["paragraphs"] or result["report"]["tables"]


@FUZZ
@given(CUTS)
def test_damaged_bytes_of_a_docx(tmp_path, cuts):
    path = tmp_path / "broken.docx"
    path.write_bytes(mutated(WORD, cuts))
    judged(path)


@FUZZ
@given(st.sampled_from(["word/document.xml", "word/styles.xml", "word/numbering.xml", "word/header1.xml"]), CUTS)
def test_damaged_parts_in_a_sound_archive(tmp_path, name, cuts):
    path = tmp_path / "broken.docx"
    with zipfile.ZipFile(io.BytesIO(WORD)) as source, zipfile.ZipFile(path, "w") as target:
        for entry in source.namelist():
            content = source.read(entry)
            target.writestr(entry, mutated(content, cuts) if entry == name else content)
    judged(path)


@FUZZ
@given(
    st.lists(st.tuples(st.sampled_from(["gridSpan", "vMerge", "ilvl", "numId"]), st.integers(-9, 10**9)), max_size=4)
)
def test_senseless_numbers_in_sound_xml(tmp_path, values):
    path = tmp_path / "senseless.docx"
    with zipfile.ZipFile(io.BytesIO(WORD)) as source, zipfile.ZipFile(path, "w") as target:
        for entry in source.namelist():
            content = source.read(entry)
            if entry == "word/document.xml":
                marks = "".join(f'<w:{tag} w:val="{value}"/>' for tag, value in values)
                content = content.replace(b"<w:tcPr>", f"<w:tcPr>{marks}".encode())
                content = content.replace(b"<w:pPr>", f"<w:pPr><w:numPr>{marks}</w:numPr>".encode())
            target.writestr(entry, content)
    judged(path)


@FUZZ
@given(CUTS)
def test_damaged_bytes_of_a_pdf(tmp_path, cuts):
    path = tmp_path / "broken.pdf"
    path.write_bytes(mutated(PAPER, cuts))
    judged(path)


@pytest.mark.parametrize(
    "content", [b"", b"\0" * 300, b"PK\x03\x04", b"%PDF-1.7\n%%EOF", b"hello", b"\xd0\xcf\x11\xe0" * 99]
)
def test_files_that_are_nothing(tmp_path, content):
    path = tmp_path / "nothing"
    path.write_bytes(content)
    assert answer(path, 50)["reason"] in REFUSALS


def test_a_score_table_in_a_workbook_is_read_as_it_shows(tmp_path):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "评分表"
    sheet.append(["指标评分表（单位：分）"])
    sheet.append(["一级指标", "三级指标", "分值", "得分", "得分率"])
    sheet.append(["决策", "立项依据充分性", 10, 9.5, 0.95])
    sheet.append(["决策", "目标合理性", 10, 8, 0.8])
    sheet.merge_cells("A3:A4")
    for row in (3, 4):
        sheet.cell(row, 4).number_format, sheet.cell(row, 5).number_format = "0.00", "0.00%"
    sheet.append(["合计", None, "=SUM(C3:C4)", 17.5, None])
    book.create_sheet("草稿").sheet_state = "hidden"
    path = tmp_path / "scores.xlsx"
    book.save(path)
    report = answer(path, 50)["report"]
    rows = [[cell["text"] for cell in row["cells"]] for row in report["tables"][0]["rows"]]
    assert rows[1:3] == [["决策", "立项依据充分性", "10", "9.50", "95.00%"], ["目标合理性", "10", "8.00", "80.00%"]]
    assert list(report["unread"]) == ["工作表“评分表”有1个公式没有保存结果，无法核对", "隐藏的工作表“草稿”没有读取"]
