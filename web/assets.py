"""Addresses of static files that change with their content, so that browsers may keep them for good."""

from __future__ import annotations

import functools
import hashlib
from pathlib import Path

from flask import Flask, Response, current_app, request, url_for

from core.settings import ROOT

STATIC = ROOT / "static"


@functools.lru_cache(maxsize=512)
def _mark(path: Path, _changed: int) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]


def asset(name: str) -> str:
    """Return the address of a file under `static/`, marked with its content; unmarked while it is not there."""
    path = STATIC / name
    if not path.is_file():
        current_app.logger.warning("static file %s is missing: run the set-up", name)
        return url_for("static", filename=name)
    return url_for("static", filename=name, v=_mark(path, path.stat().st_mtime_ns))


def register(app: Flask) -> None:
    """Give templates `asset(name)` and let browsers keep what they fetched under a content's mark."""
    app.jinja_env.globals["asset"] = asset
    app.after_request(_keep)


def _keep(response: Response) -> Response:
    """Let a file be kept for good if it was asked for by the mark of what it holds now; else it is asked again."""
    if request.endpoint == "static" and response.status_code in (200, 304) and "v" in request.args:
        path = STATIC / str((request.view_args or {}).get("filename"))
        if path.is_file() and request.args["v"] == _mark(path, path.stat().st_mtime_ns):
            response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response
