"""What is verified in a purchase's archive beside its files: each award record, by its own verifier."""

from __future__ import annotations

import json
import zipfile
from typing import Any

from core.records import Fault
from procurement.scoring.award_record import verify_award


def faults_of_awards(archive: zipfile.ZipFile, manifest: dict[str, Any]) -> list[Fault]:
    """Return the faults of every award record inside."""
    found = []
    for one in manifest["files"]:
        path = str(one["path"])
        if not path.startswith("07-") or not path.endswith("-full.json") or path not in archive.namelist():
            continue
        try:
            record = json.loads(archive.read(path))
            faults = verify_award(record)
        except (ValueError, KeyError, TypeError, zipfile.BadZipFile, EOFError):
            found.append(Fault("award", f"/{path}", "中标记录无法读取。", "The award's record cannot be read."))
            continue
        found += [Fault(fault.code, f"/{path}{fault.path}", fault.zh, fault.en) for fault in faults]
    return found
