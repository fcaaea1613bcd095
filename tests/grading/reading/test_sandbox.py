"""The reading process and its limits, and the command line on top of it."""

from __future__ import annotations

import json

import docx
import pytest
from click.testing import CliRunner

from grading.cli import check_report_command
from grading.reading.refusal import REFUSALS, Unreadable
from grading.reading.sandbox import Limits, read


@pytest.fixture
def delivered(tmp_path):
    path = tmp_path / "report.docx"
    document = docx.Document()
    for text in ("某区2024年度路灯改造项目绩效评价报告", "经综合评价，项目综合得分89.40分，评价等级为“优”。"):
        document.add_paragraph(text)
    document.save(path)
    return path


def test_a_report_comes_back_whole_from_the_reading_process(delivered):
    report = read(delivered)
    assert report.title == "某区2024年度路灯改造项目绩效评价报告"
    assert [p.index for p in report.paragraphs] == [0, 1]


def test_a_reading_that_needs_too_much_memory_is_stopped(delivered):
    with pytest.raises(Unreadable) as refused:
        read(delivered, Limits(megabytes=20))
    assert refused.value.reason == "memory"


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(Unreadable) as refused:
        read(tmp_path / "none.docx")
    assert refused.value.reason == "missing"


def test_every_refusal_speaks_both_languages():
    assert all(zh.endswith("。") and en.endswith(".") for zh, en in REFUSALS.values())


def test_the_command_prints_the_published_format(delivered):
    result = CliRunner().invoke(check_report_command, [str(delivered), "--json"])
    assert result.exit_code == 0
    data = json.loads(result.stdout)
    assert set(data) == {"file", "title", "pages", "seconds", "coverage", "findings"}
    assert set(data["coverage"]) == {
        "figures_found",
        "figures_checked",
        "figures_unreadable",
        "tables",
        "indicator_rows",
        "total_score",
        "grade",
    }
    assert (data["coverage"]["total_score"], data["coverage"]["grade"], data["pages"]) == ("89.40", "优", None)
    finding = next(f for f in data["findings"] if f["code"] == "grade-band")
    assert set(finding) == {"code", "severity", "probability", "message", "evidence", "stated", "expected"}
    assert (finding["severity"], finding["stated"], finding["expected"]) == ("error", "优", "良")
    assert 0 <= finding["probability"] <= 1
    assert finding["evidence"][0]["paragraph"] == 1
    assert finding["evidence"][0]["quote"] in "经综合评价，项目综合得分89.40分，评价等级为“优”。"


def test_the_command_says_in_words_what_it_found(delivered):
    result = CliRunner().invoke(check_report_command, [str(delivered)])
    assert result.exit_code == 0
    assert "grade-band" in result.stdout


def test_the_command_ends_with_two_and_one_line_for_what_is_no_report(tmp_path):
    path = tmp_path / "x.pdf"
    path.write_text("no report", encoding="utf-8")
    result = CliRunner().invoke(check_report_command, [str(path)])
    assert result.exit_code == 2
    assert result.stdout == ""
    assert len(result.stderr.strip().splitlines()) == 1
