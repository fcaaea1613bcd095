"""The entrance: a process for every file, with limits of time, memory and pages; what comes back is plain JSON."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from procurement.collusion.papers import Paper, Passage

ROOT = Path(__file__).resolve().parents[3]
REASONS = {"kind", "encrypted", "corrupt", "limits", "no-text"}


@dataclass(frozen=True, slots=True)
class Allowed:
    """What one reading may use: seconds, megabytes of address space, pages."""

    seconds: int = 60
    megabytes: int = 1536
    pages: int = 500


class NotRead(Exception):
    """A file was not read; `reason` is one of `REASONS`."""

    def __init__(self, reason: str) -> None:
        self.reason = reason if reason in REASONS else "corrupt"
        super().__init__(self.reason)


def read_paper(path: Path, document: str, name: str, sha256: str, allowed: Allowed | None = None) -> Paper:
    """Read text and metadata of a DOCX, PDF or picture in a process of its own. Raises `NotRead`."""
    limits = allowed or Allowed()
    numbers = [str(one) for one in (limits.seconds, limits.megabytes, limits.pages)]
    command = [sys.executable, "-m", "procurement.collusion.reading.worker", str(path.resolve()), *numbers]
    environment = {
        "PATH": os.environ.get("PATH", ""),
        "PYTHONPATH": str(ROOT),
        "PYTHONIOENCODING": "utf-8",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
    }
    try:
        done = subprocess.run(  # our own interpreter and module; the path is one argument, no shell
            command, capture_output=True, timeout=limits.seconds + 5, check=False, cwd=ROOT, env=environment
        )
    except subprocess.TimeoutExpired as error:
        raise NotRead("limits") from error
    if done.returncode < 0:
        raise NotRead("limits")
    try:
        found = json.loads(done.stdout)
    except ValueError as error:
        raise NotRead("corrupt") from error
    if "reason" in found:
        raise NotRead(str(found["reason"]))
    passages = tuple(Passage(*one) for one in found["passages"])
    properties = tuple((str(key), str(value)) for key, value in found["properties"])
    return Paper(document, name, sha256, path.stat().st_size, passages, properties)
