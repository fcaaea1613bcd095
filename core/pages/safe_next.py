"""Where to go next, when the address comes from outside: only ever within this site."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import request


def safe_next(target: str | None, *, fallback: str) -> str:
    """Return the target's path and query when it lies on this site, else the fallback."""
    parts = urlsplit((target or "").replace("\\", "/"))
    ours = not parts.netloc or parts.netloc == request.host
    if not ours or parts.scheme not in ("", "http", "https") or not parts.path.startswith("/"):
        return fallback
    if parts.path.startswith("//"):
        return fallback
    return f"{parts.path}?{parts.query}" if parts.query else parts.path
