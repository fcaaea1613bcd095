"""The reading process: reads one file within limits it sets on itself, and prints the document model as JSON.

Started by `grading.reading.sandbox` as ``python -m grading.reading.worker FILE SECONDS MEGABYTES PAGES``; not
meant for users.
"""

from __future__ import annotations

import json
import resource
import sys
from pathlib import Path
from typing import Any

from grading.reading.container import kind_of
from grading.reading.document import Report
from grading.reading.refusal import Unreadable, refusal


def confine(seconds: int, megabytes: int) -> None:
    """Limit processor time, memory, and written files of this process."""
    size = megabytes * 1024 * 1024
    for limit, value in ((resource.RLIMIT_CPU, seconds), (resource.RLIMIT_AS, size), (resource.RLIMIT_FSIZE, 0)):
        hard = resource.getrlimit(limit)[1]
        allowed = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(limit, (allowed, hard))


def read_file(path: Path, max_pages: int) -> Report:
    """Read a DOCX, XLSX or PDF by its content; raises `Unreadable`."""
    kind = kind_of(path)
    if kind == "docx":
        from grading.reading.word import read_docx

        return read_docx(path)
    if kind == "xlsx":
        from grading.reading.sheets import read_xlsx

        return read_xlsx(path)
    from grading.reading.pdf import read_pdf

    return read_pdf(path, max_pages=max_pages)


def answer(path: Path, max_pages: int) -> dict[str, Any]:
    """The report, or the reason why it cannot be read."""
    try:
        return {"report": read_file(path, max_pages).to_json()}
    except Unreadable as refused:
        return {"reason": refused.reason}
    except (MemoryError, ImportError):  # a library that cannot be loaded does not fit into the memory allowed
        return {"reason": "memory"}
    except Exception:  # noqa: BLE001 - a broken file may break a reading library anywhere; it ends as a refusal, never as a crash
        return {"reason": "corrupt"}


def main() -> None:
    """Read the file named on the command line."""
    path, seconds, megabytes, pages = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
    confine(seconds, megabytes)
    try:
        json.dump(answer(path, pages), sys.stdout)
    except MemoryError:
        json.dump({"reason": refusal("memory").reason}, sys.stdout)


if __name__ == "__main__":
    main()
