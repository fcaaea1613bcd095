"""The command line of grading. Its commands start no database and no application."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from grading.check_report import CheckResult

UNREADABLE = 2


@click.command("check-report")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--annex",
    "annexes",
    multiple=True,
    type=click.Path(path_type=Path),
    help="附件（可多次给出） / a further file of the delivery",
)
@click.option(
    "--approved", type=click.Path(path_type=Path), help="经审定的指标体系（XLSX） / the approved indicator system"
)
@click.option("--against", type=click.Path(path_type=Path), help="其他报告所在文件夹 / a folder of other reports")
@click.option("--json", "as_json", is_flag=True, help="输出一个 JSON 对象 / print one JSON object")
def check_report_command(
    *, file: Path, annexes: tuple[Path, ...], approved: Path | None, against: Path | None, as_json: bool
) -> None:
    """检查一份绩效评价报告（DOCX 或 PDF） / check one evaluation report.

    Exit status 0: checked, whatever was found; 2: not a readable report, with one line saying why.
    """
    from grading.check_report import check_report
    from grading.reading.refusal import Unreadable

    try:
        result = check_report(file, annexes, approved, against)
    except Unreadable as refused:
        click.echo(f"{file.name}：{refused.zh} / {refused.en}", err=True)
        sys.exit(UNREADABLE)
    if as_json:
        click.echo(json.dumps(result.to_json(), ensure_ascii=False, indent=1))
    else:
        click.echo(plain_text(result))


@click.command("check-reports")
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--out", type=click.Path(path_type=Path), help="结果所在文件夹 / where results go")
@click.option(
    "--workers", type=click.IntRange(1, 64), help="并行数，默认为处理器核数 / processes, by default one a core"
)
@click.option("--again", is_flag=True, help="全部重新核查 / check everything anew")
def check_reports_command(*, folder: Path, out: Path | None, workers: int | None, again: bool) -> None:
    """核查一个文件夹中的全部报告，可中断后继续 / check all reports of a folder; a run broken off is resumed.

    Exit status 0: every report was checked or refused with a reason; 1: some failed and will be tried next time.
    """
    from grading import batch

    results = out or folder / batch.RESULTS
    version = batch.engine()
    every = batch.tasks(folder, results)
    waiting = [task for task in every if again or not batch.is_done(task, version)]
    click.echo(f"报告 {len(every)} 份，已核查 {len(every) - len(waiting)} 份，待核查 {len(waiting)} 份")
    failed: list[str] = []
    with click.progressbar(length=len(waiting), label="核查") as bar:
        for task, error in batch.run(waiting, version, workers or os.cpu_count() or 1) if waiting else ():
            bar.update(1)
            if error:
                failed.append(f"{task.name}：{error}")
    summary = batch.write_summary(every, results)
    for line in failed:
        click.echo(line, err=True)
    click.echo(f"结果：{summary}")
    sys.exit(1 if failed else 0)


def plain_text(result: CheckResult) -> str:
    """The result as text for a reader at the terminal."""
    coverage = result.coverage
    found, checked, score = coverage.figures_found, coverage.figures_checked, coverage.total_score or "—"
    lines = [
        f"{result.file}《{result.report.title}》",
        f"数字 {found} 个，已核对 {checked} 个，无法识别 {coverage.figures_unreadable} 个",
        f"表格 {coverage.tables} 张，指标 {coverage.indicator_rows} 行，总得分 {score}，等级 {coverage.grade or '—'}",
        f"发现 {len(result.findings)} 处，用时 {result.seconds:.1f} 秒",
    ]
    for number, finding in enumerate(result.findings, start=1):
        lines.append(f"{number}. [{finding.code}] {finding.probability:.2f} {finding.message['zh']}")
        for item in finding.evidence[:3]:
            where = [
                f"第{item.page}页" if item.page is not None else "",
                f"第{item.paragraph + 1}段" if item.paragraph is not None else "",
                f"第{item.table + 1}张表" if item.table is not None else "",
                f"第{item.row + 1}行" if item.row is not None else "",
            ]
            lines.append(f"   {''.join(where)}：{item.quote}".replace("\n", ""))
    return "\n".join(lines)


if __name__ == "__main__":
    check_report_command()
