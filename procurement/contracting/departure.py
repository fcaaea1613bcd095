"""Reasons that may never move a candidate: tests of samples and visits to suppliers (R-AWARD-04)."""

from __future__ import annotations

import re

_BARRED = re.compile(
    r"样品|样机|检测|抽检|试用|考察|走访|踏勘|实地查看|现场查看|面谈|site visit|sample|inspection", re.IGNORECASE
)


def barred_basis(reason: str) -> str | None:
    """Return the words of a reason that cite a test or a visit, or None when it cites neither."""
    found = _BARRED.search(reason)
    return found.group(0) if found else None
