"""Pictures: what camera, program and author wrote into them; nothing is drawn or recognised."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from PIL import Image, UnidentifiedImageError

EXIF = {0x013B: "author", 0x013C: "author", 0xA430: "author", 0xA431: "camera-serial", 0xA420: "document-id"}
INNER = 0x8769


class Locked(Exception):
    """Pictures have no password; the name is what the worker asks for."""


def read(path: Path, _pages: int) -> tuple[list[tuple[Any, ...]], list[tuple[str, str]]]:
    """Return no passages, and the properties."""
    with path.open("rb") as stream:
        return [], [*properties_of(stream), ("format", "picture")]


def properties_of(stream: BinaryIO) -> Iterator[tuple[str, str]]:
    """Yield what a picture says of its making; nothing for what is no picture."""
    try:
        with Image.open(stream) as image:
            exif = image.getexif()
            known = {**exif, **exif.get_ifd(INNER)}
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return
    for tag, name in EXIF.items():
        value = known.get(tag)
        if isinstance(value, str) and value.strip("\0 "):
            yield name, value.strip("\0 ")
