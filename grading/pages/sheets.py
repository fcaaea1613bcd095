"""The entrance: draws a page, or finds quotations on pages, in a limited process (see `grading.reading.sandbox`)."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 60
MEGABYTES = 2048

Box = tuple[float, float, float, float]
"""Left, top, width and height in points, counted from the page's upper left corner as it is shown."""


class NotDrawable(Exception):
    """The file, or this page of it, cannot be drawn."""


@dataclass(frozen=True)
class Wanted:
    """A quotation to be found on a page (from 1); `context` are texts that stand around it: the paragraph, the row."""

    page: int
    quote: str
    context: tuple[str, ...] = ()


@dataclass(frozen=True)
class Band:
    """A part of a page: its left and upper edge, its width and height, in points."""

    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True)
class Places:
    """The size of every page in points, and for each quotation the boxes it covers, one for each line; may be none."""

    sizes: tuple[tuple[float, float], ...]
    boxes: tuple[tuple[Box, ...], ...]


def locate(path: Path, wanted: Sequence[Wanted]) -> Places:
    """Find where quotations stand. One that is not found has no boxes; raises `NotDrawable` for a file that fails."""
    answer = json.loads(_run(path, ["locate"], json.dumps([asdict(one) for one in wanted]).encode()))
    return Places(
        tuple((float(width), float(height)) for width, height in answer["sizes"]),
        tuple(tuple((left, top, width, height) for left, top, width, height in one) for one in answer["boxes"]),
    )


def draw(path: Path, page: int, *, width: int, band: Band | None = None) -> bytes:
    """Return a page (from 1), or a part of it, as a WebP picture of this width; raises `NotDrawable`."""
    part = [] if band is None else [f"{one:.1f}" for one in (band.left, band.top, band.width, band.height)]
    return _run(path, ["draw", str(page), str(width), *part], b"")


def _run(path: Path, words: list[str], given: bytes) -> bytes:
    command = [sys.executable, "-m", "grading.pages.worker", str(path.resolve()), str(SECONDS), str(MEGABYTES), *words]
    environment = {"PATH": os.environ.get("PATH", ""), "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
    try:
        done = subprocess.run(  # our own interpreter and module; the path is one argument, no shell
            command, input=given, capture_output=True, timeout=SECONDS + 5, check=False, cwd=ROOT, env=environment
        )
    except subprocess.TimeoutExpired as error:
        raise NotDrawable("time") from error
    if done.returncode != 0 or not done.stdout:
        raise NotDrawable(done.stderr.decode(errors="replace")[-200:])
    return done.stdout
