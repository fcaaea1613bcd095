"""The entrance to reading: a process of its own for every file, with limits of time, memory and pages.

A hostile or broken file can end only that process; what comes back is plain JSON, never a pickled object.
"""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from grading.reading.conversion import to_docx
from grading.reading.document import Report
from grading.reading.refusal import REFUSALS, Unreadable, refusal

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Limits:
    """What one reading may use: seconds (of processor and of the clock), megabytes of address space, pages."""

    seconds: int = 120
    megabytes: int = 2048
    pages: int = 600


def read(path: Path, limits: Limits | None = None) -> Report:
    """Read the DOCX, PDF or XLSX at `path` in a process of its own; .doc and .wps where LibreOffice can convert them.

    Raises `grading.reading.refusal.Unreadable` with one clear sentence for every file that cannot be read.
    """
    allowed = limits or Limits()
    if not path.is_file():
        raise refusal("missing")
    try:
        return _read(path, allowed)
    except Unreadable as refused:
        if refused.reason != "old":
            raise
        with tempfile.TemporaryDirectory(prefix="convert-") as folder:
            converted = to_docx(path, Path(folder))
            if converted is None:
                raise
            return _read(converted, allowed)


def _read(path: Path, allowed: Limits) -> Report:
    command = [
        sys.executable,
        "-m",
        "grading.reading.worker",
        str(path.resolve()),
        *(str(number) for number in (allowed.seconds, allowed.megabytes, allowed.pages)),
    ]
    environment = {
        "PATH": os.environ.get("PATH", ""),
        "PYTHONPATH": str(ROOT),
        "PYTHONIOENCODING": "utf-8",
        "OMP_NUM_THREADS": "1",
    }
    try:
        done = subprocess.run(  # our own interpreter and module; the path is one argument, no shell
            command, capture_output=True, timeout=allowed.seconds + 5, check=False, cwd=ROOT, env=environment
        )
    except subprocess.TimeoutExpired as error:
        raise refusal("time") from error
    if done.returncode == -signal.SIGXCPU:
        raise refusal("time")
    if done.returncode == -signal.SIGKILL or re.search(
        rb"MemoryError|failed to map segment|Cannot allocate", done.stderr
    ):
        raise refusal("memory")
    try:
        result = json.loads(done.stdout)
    except ValueError as error:
        raise refusal("corrupt") from error
    reason = result.get("reason")
    if reason is not None:
        raise refusal(reason if reason in REFUSALS else "corrupt")
    return Report.from_json(result["report"])
