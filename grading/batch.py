"""A folder of reports checked over all cores, resumable: what is checked already, and unchanged, is not checked again.

For every report one JSON object in the published format is written beside the others in the folder of results, under
the report's path with `.json` behind; a file that cannot be read has one with its reason. A result is written under
another name first and moved, so that a run that breaks off leaves none half written. `summary.csv` is made anew at the
end of every run.
"""

from __future__ import annotations

import csv
import hashlib
import json
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from typing import Any

KINDS = frozenset({".docx", ".pdf", ".doc", ".wps"})
RESULTS = "check-results"
SUMMARY = "summary.csv"
COLUMNS = ("file", "state", "findings", "errors", "likely", "total_score", "grade", "seconds", "reason")
LIKELY = 0.5


@dataclass(frozen=True)
class Task:
    """One report to check, and where its result goes."""

    path: Path
    result: Path
    name: str


def tasks(folder: Path, results: Path) -> list[Task]:
    """Every report below `folder`, in order of its name; results and temporary files of Word are left out."""
    found = []
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder)
        report = path.suffix.lower() in KINDS and not path.name.startswith(("~$", "."))
        if report and path.is_file() and results not in path.parents:
            found.append(Task(path, results / f"{inside}.json", str(inside)))
    return found


def engine() -> str:
    """What a result depends on beside its file: the checks and the model; a result of another engine is made anew."""
    digest = hashlib.sha256()
    for part in ("checks", "facts", "reading", "triage"):
        for path in sorted((Path(__file__).parent / part).iterdir()):
            if path.suffix in {".py", ".skops"}:
                digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def fingerprint(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def is_done(task: Task, version: str) -> bool:
    """Whether a result of this engine for this very file is there."""
    try:
        known = json.loads(task.result.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return bool(known.get("engine") == version and known.get("sha256") == fingerprint(task.path))


def run_one(task: Task, version: str) -> None:
    """Check one report and write its result."""
    from grading.check_report import check_report
    from grading.reading.refusal import Unreadable

    about: dict[str, Any] = {"engine": version, "sha256": fingerprint(task.path)}
    try:
        about |= check_report(task.path).to_json()
    except Unreadable as refused:
        about |= {"file": task.path.name, "refused": {"reason": refused.reason, "zh": refused.zh, "en": refused.en}}
    task.result.parent.mkdir(parents=True, exist_ok=True)
    partial = task.result.with_name(f"{task.result.name}.{os.getpid()}.part")
    partial.write_text(json.dumps(about, ensure_ascii=False, indent=1), encoding="utf-8")
    partial.replace(task.result)


def run(waiting: Sequence[Task], version: str, workers: int) -> Iterator[tuple[Task, str]]:
    """Check the reports in processes; yield each as it is done, with what went wrong, "" where nothing did."""
    with ProcessPoolExecutor(max_workers=workers) as pool:
        running: dict[Future[None], Task] = {pool.submit(run_one, task, version): task for task in waiting}
        try:
            for future in as_completed(running):
                error = future.exception()
                yield running[future], "" if error is None else f"{type(error).__name__}: {error}"
        finally:
            for future in running:
                future.cancel()


def row_of(task: Task) -> dict[str, object]:
    """The line of the summary for one report."""
    try:
        known = json.loads(task.result.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {"file": task.name, "state": "failed"}
    if "refused" in known:
        return {"file": task.name, "state": "unreadable", "reason": known["refused"]["zh"]}
    findings = known["findings"]
    return {
        "file": task.name,
        "state": "checked",
        "findings": len(findings),
        "errors": sum(one["severity"] == "error" for one in findings),
        "likely": sum((one["probability"] or 0.0) >= LIKELY for one in findings),
        "total_score": known["coverage"]["total_score"] or "",
        "grade": known["coverage"]["grade"] or "",
        "seconds": known["seconds"],
    }


def write_summary(every: Sequence[Task], results: Path) -> Path:
    """Write one line for every report, with a mark at the head by which spreadsheets know the encoding."""
    results.mkdir(parents=True, exist_ok=True)
    path = results / SUMMARY
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.DictWriter(stream, COLUMNS)
        writer.writeheader()
        for task in every:
            row = row_of(task)
            # A file's name may begin like a formula.
            writer.writerow({key: f"'{value}" if str(value)[:1] in "=+-@" else value for key, value in row.items()})
    return path
