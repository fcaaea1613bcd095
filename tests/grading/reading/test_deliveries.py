"""What comes beside a report: old formats, stamped scans, workbooks."""

from __future__ import annotations

import docx
import openpyxl
import pytest
from click.testing import CliRunner
from reportlab.pdfgen import canvas

from grading.cli import check_report_command
from grading.reading import conversion
from grading.reading.refusal import Unreadable
from grading.reading.sandbox import read
from grading.reading.scan import compare
from grading.reading.worker import read_file

OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600


def paper(path, pages):
    out = canvas.Canvas(str(path))
    for text in pages:
        if text:
            out.drawString(72, 700, text)
        out.rect(72, 72, 100, 40, fill=1)
        out.showPage()
    out.save()
    return path


def test_an_old_file_is_converted_where_there_is_a_converter(tmp_path, monkeypatch):
    source, ready = tmp_path / "old.doc", tmp_path / "ready.docx"
    source.write_bytes(OLD)
    document = docx.Document()
    document.add_paragraph("某区2024年度路灯改造项目绩效评价报告")
    document.save(ready)
    tools = tmp_path / "bin"
    tools.mkdir()
    program = tools / "soffice"
    program.write_text(f'#!/bin/sh\nwhile [ "$1" != "--outdir" ]; do shift; done\ncp "{ready}" "$2/old.docx"\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tools}:/usr/bin:/bin")
    assert read(source).title == "某区2024年度路灯改造项目绩效评价报告"


@pytest.mark.parametrize("script", ["", "#!/bin/sh\nexit 3\n"])
def test_an_old_file_is_refused_in_words_where_it_cannot_be_converted(tmp_path, monkeypatch, script):
    source = tmp_path / "old.wps"
    source.write_bytes(OLD)
    tools = tmp_path / "bin"
    tools.mkdir()
    if script:
        (tools / "soffice").write_text(script)
        (tools / "soffice").chmod(0o755)
    monkeypatch.setenv("PATH", str(tools))
    assert bool(conversion.converter()) is bool(script)
    with pytest.raises(Unreadable) as refused:
        read(source)
    assert refused.value.reason == "old"


def test_a_scan_is_compared_page_by_page_as_far_as_it_goes(tmp_path):
    first, second = "Budget 100.00 and spent 95.00 in the year", "Score 88.50 of 100 with a grade of its own"
    text = paper(tmp_path / "text.pdf", [first, second])
    same = compare(text, paper(tmp_path / "same.pdf", [first, second]))
    assert (same.different, same.without_text) == ((), 0)
    assert same.message["zh"] == "盖章扫描件与文字版都是2页。"
    other = compare(text, paper(tmp_path / "other.pdf", [first, second.replace("88.50", "89.50"), ""]))
    assert (other.text_pages, other.scan_pages, other.without_text, other.different) == (2, 3, 1, (2,))
    assert "页数不同" in other.message["zh"]
    assert "第2页的数字与文字版不同" in other.message["zh"]
    (tmp_path / "broken.pdf").write_bytes(b"no")
    with pytest.raises(Unreadable):
        compare(text, tmp_path / "broken.pdf")


def test_a_workbook_is_an_annex_but_no_report(tmp_path, monkeypatch):
    monkeypatch.setattr("grading.reading.sandbox.read", lambda path: read_file(path, 50))
    book, report = tmp_path / "scores.xlsx", tmp_path / "report.docx"
    sheets = openpyxl.Workbook()
    for row in (["指标名称", "分值", "得分"], ["立项依据充分性", 60, 70], ["目标合理性", 40, 30], ["合计", 100, 100]):
        sheets.active.append(row)
    sheets.save(book)
    document = docx.Document()
    document.add_paragraph("某区2024年度路灯改造项目绩效评价报告")
    document.save(report)
    result = CliRunner().invoke(check_report_command, [str(report), "--annex", str(book)])
    assert "score-over-weight" in result.output
    refused = CliRunner().invoke(check_report_command, [str(book)])
    assert refused.exit_code == 2
