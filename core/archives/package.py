"""An archive's file: a ZIP with a manifest of SHA-256 hashes, a README and `sha256sum`'s list, written as a stream.

The manifest is known before the first byte leaves, because every stored file is kept under its own hash: so its digest
can be noted in the audit log, and a file that changed on the disk stops the export instead of leaving the house.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, BinaryIO

from core.clock import SHANGHAI
from core.i18n import Text
from core.records import digest, written

CHUNK = 1024 * 1024
MANIFEST, README, SUMS = "manifest.json", "说明.txt", "SHA256SUMS.txt"
VERSION = 1


@dataclass(frozen=True)
class ArchiveFile:
    """One file of the archive: either bytes made for it, or content of the store named by its hash."""

    part: str
    name: str
    title: str
    sha256: str
    size: int
    data: bytes | None = None

    @property
    def path(self) -> str:
        """Where it stands in the ZIP."""
        return f"{self.part}/{self.name}"


def made(part: str, name: str, title: str, data: bytes) -> ArchiveFile:
    """Return a file made for the archive."""
    return ArchiveFile(part, name, title, hashlib.sha256(data).hexdigest(), len(data), data)


def unique(files: Iterable[ArchiveFile]) -> list[ArchiveFile]:
    """Return the files in order of their place, no name twice in a folder."""
    taken: set[str] = set()
    found = []
    for one in sorted(files, key=lambda file: (file.part, file.name, file.sha256)):
        name, count = one.name, 1
        while f"{one.part}/{name}" in taken:
            count += 1
            stem, dot, ending = one.name.rpartition(".")
            name = f"{stem}（{count}）{dot}{ending}" if dot else f"{one.name}（{count}）"
        taken.add(f"{one.part}/{name}")
        found.append(ArchiveFile(one.part, name, one.title, one.sha256, one.size, one.data))
    return found


def manifest_for(
    kind: str, parts: Sequence[tuple[str, Text]], files: Sequence[ArchiveFile], facts: dict[str, Any]
) -> dict[str, Any]:
    """Return the manifest: what the archive is of, every file with its hash, and the digest over all of it."""
    content = {
        "kind": kind,
        "version": VERSION,
        **facts,
        "parts": [{"folder": folder, "title": str(title)} for folder, title in parts],
        "files": [{"path": one.path, "title": one.title, "sha256": one.sha256, "size": one.size} for one in files],
    }
    return {**content, "digest": digest(content)}


def sums(files: Sequence[ArchiveFile]) -> bytes:
    """Return the hashes as `sha256sum -c` reads them."""
    return "".join(f"{one.sha256}  {one.path}\n" for one in files).encode()


class Damaged(Exception):
    """Content of the store that no longer has the hash it is kept under; the export stops at it."""


def stream(
    files: Sequence[ArchiveFile],
    manifest: dict[str, Any],
    words: str,
    at: datetime,
    opened: Callable[[str], BinaryIO],
) -> Iterator[bytes]:
    """Yield the ZIP piece by piece; never more than a piece is in memory. Raises `Damaged`."""
    sink = _Sink()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:  # type: ignore[call-overload]  # a write-only file
        for one in files:
            yield from _member(archive, sink, one, at, opened)
        extras = ((SUMS, sums(files)), (README, words.encode()), (MANIFEST, written(manifest)))
        for name, data in extras:
            archive.writestr(_info(name, at), data)
            yield sink.take()
    yield sink.take()


def _member(
    archive: zipfile.ZipFile, sink: _Sink, one: ArchiveFile, at: datetime, opened: Callable[[str], BinaryIO]
) -> Iterator[bytes]:
    seen = hashlib.sha256()
    source: BinaryIO = io.BytesIO(one.data) if one.data is not None else opened(one.sha256)
    with source, archive.open(_info(one.path, at), "w", force_zip64=one.size > 2**31) as target:
        while piece := source.read(CHUNK):
            seen.update(piece)
            target.write(piece)
            yield sink.take()
    if seen.hexdigest() != one.sha256:
        raise Damaged(one.path)
    yield sink.take()


def _info(name: str, at: datetime) -> zipfile.ZipInfo:
    local = at.astimezone(SHANGHAI)
    info = zipfile.ZipInfo(name, (local.year, local.month, local.day, local.hour, local.minute, local.second))
    info.compress_type = zipfile.ZIP_DEFLATED
    info.external_attr = 0o440 << 16
    return info


class _Sink:
    """A file that can only be written to and gives away what was written."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def write(self, data: bytes) -> int:
        """Keep a piece."""
        self._pieces.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Nothing is held back."""

    def take(self) -> bytes:
        """Return and forget what was written since the last time."""
        pieces, self._pieces = self._pieces, []
        return b"".join(pieces)
