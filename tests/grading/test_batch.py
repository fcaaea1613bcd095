"""A folder of reports: checked once, resumed, summed up; what cannot be read is told and ends nothing."""

from __future__ import annotations

import csv
import json

import docx
import pytest
from click.testing import CliRunner

from grading import batch
from grading.cli import check_reports_command


@pytest.fixture
def folder(tmp_path, monkeypatch):
    for name, rate in (("甲.docx", "95.00%"), ("年度/乙.docx", "59.00%")):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        document = docx.Document()
        document.add_paragraph("某区2024年度路灯改造项目绩效评价报告")
        document.add_paragraph(f"项目预算100.00万元，实际支出95.00万元，预算执行率{rate}。")
        document.save(path)
    (tmp_path / "坏.pdf").write_bytes(b"%PDF-1.7 broken")
    (tmp_path / "~$甲.docx").write_bytes(b"lock")
    from grading.reading.worker import read_file

    monkeypatch.setattr("grading.reading.sandbox.read", lambda path: read_file(path, 50))
    monkeypatch.setattr(batch, "run", lambda waiting, version, workers: serial(waiting, version))
    return tmp_path


def serial(waiting, version):
    for task in waiting:
        batch.run_one(task, version)
        yield task, ""


def rows_of(folder):
    with (folder / batch.RESULTS / batch.SUMMARY).open(encoding="utf-8-sig") as stream:
        return {row["file"]: row for row in csv.DictReader(stream)}


def test_a_folder_is_checked_and_summed_up(folder):
    result = CliRunner().invoke(check_reports_command, [str(folder)])
    assert result.exit_code == 0
    assert "报告 3 份，已核查 0 份，待核查 3 份" in result.output
    rows = rows_of(folder)
    assert {name: row["state"] for name, row in rows.items()} == {
        "甲.docx": "checked",
        "年度/乙.docx": "checked",
        "坏.pdf": "unreadable",
    }
    assert (rows["甲.docx"]["errors"], rows["年度/乙.docx"]["errors"]) == ("0", "1")
    assert rows["坏.pdf"]["reason"].endswith("。")
    written = json.loads((folder / batch.RESULTS / "年度" / "乙.docx.json").read_text(encoding="utf-8"))
    assert written["findings"][0]["code"] == "execution-rate"


def test_a_second_run_checks_only_what_is_new_or_changed(folder):
    runner = CliRunner()
    runner.invoke(check_reports_command, [str(folder)])
    assert "待核查 0 份" in runner.invoke(check_reports_command, [str(folder)]).output
    document = docx.Document(folder / "甲.docx")
    document.add_paragraph("补充说明。")
    document.save(folder / "甲.docx")
    (folder / batch.RESULTS / "坏.pdf.json").write_text("{half", encoding="utf-8")
    assert "待核查 2 份" in runner.invoke(check_reports_command, [str(folder)]).output
    assert "待核查 3 份" in runner.invoke(check_reports_command, [str(folder), "--again"]).output


def test_a_report_that_fails_is_told_and_tried_next_time(folder, monkeypatch):
    monkeypatch.setattr(batch, "run", lambda waiting, version, workers: ((task, "OSError: full") for task in waiting))
    result = CliRunner().invoke(check_reports_command, [str(folder)])
    assert result.exit_code == 1
    assert {row["state"] for row in rows_of(folder).values()} == {"failed"}
    assert "甲.docx：OSError: full" in result.output


def test_reports_are_checked_in_processes_of_their_own(folder, monkeypatch):
    monkeypatch.undo()
    every = batch.tasks(folder, folder / batch.RESULTS)
    broken = [task for task in every if task.name == "坏.pdf"]
    assert [(task.name, error) for task, error in batch.run(broken, "v", 1)] == [("坏.pdf", "")]
    assert batch.row_of(broken[0])["state"] == "unreadable"
