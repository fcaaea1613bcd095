"""The sealing page that works without a server: where it lies and what its SHA-256 is, for the notice."""

from __future__ import annotations

import functools
import hashlib
from pathlib import Path

PAGE = Path(__file__).resolve().parents[2] / "static" / "dist" / "offline-sealing.html"


def offline_page() -> bytes | None:
    """Return the page as the set-up made it, None where it was not made."""
    return PAGE.read_bytes() if PAGE.exists() else None


def offline_page_hash() -> str | None:
    """Return its SHA-256 in hex, which the frozen record names so that anybody can compare the file in hand."""
    return _hash_of(PAGE.stat().st_mtime_ns) if PAGE.exists() else None


@functools.lru_cache(maxsize=2)
def _hash_of(_changed_at: int) -> str:
    return hashlib.sha256(PAGE.read_bytes()).hexdigest()
