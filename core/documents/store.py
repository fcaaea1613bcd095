"""Where file contents live: put once under their SHA-256, never changed."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO, Protocol

CHUNK = 1024 * 1024


class Store(Protocol):
    """A write-once store keyed by the content's own hash."""

    def put(self, stream: BinaryIO) -> tuple[str, int]:
        """Store a stream; return its SHA-256 (hex) and size in bytes. The same content again changes nothing."""

    def put_known(self, content: memoryview, sha256: str) -> None:
        """Store content whose SHA-256 the caller has just computed, so that it is not hashed a second time."""

    def take(self, file: Path, sha256: str | None = None) -> str:
        """Store a finished file of our own, as `put`; return its SHA-256.

        It may become the stored one, so it is not changed any more. `sha256` where the caller has just computed it.
        """

    def open(self, sha256: str) -> BinaryIO:
        """Open stored content for reading; raises FileNotFoundError when it is not there."""

    def exists(self, sha256: str) -> bool:
        """Whether this content is stored."""

    def is_writable(self) -> bool:
        """Whether the store takes new content (readiness)."""


class FolderStore:
    """A store in a local folder: `ab/cd/abcd…`, files read-only after writing, moved into place whole."""

    def __init__(self, root: Path) -> None:
        self.root = root
        root.mkdir(parents=True, exist_ok=True, mode=0o700)

    def path(self, sha256: str) -> Path:
        """Return where content with this hash stands; raises ValueError for anything but a hash."""
        if len(sha256) != 64 or set(sha256) - set("0123456789abcdef"):
            raise ValueError("not a SHA-256")
        return self.root / sha256[:2] / sha256[2:4] / sha256

    def put(self, stream: BinaryIO) -> tuple[str, int]:
        """Write to a temporary file beside, then move it into place: half a file never has a name."""
        digest, size = hashlib.sha256(), 0

        def write(file: BinaryIO) -> str:
            nonlocal size
            while chunk := stream.read(CHUNK):
                digest.update(chunk)
                size += len(chunk)
                file.write(chunk)
            return digest.hexdigest()

        return self._place(write), size

    def put_known(self, content: memoryview, sha256: str) -> None:
        """Write content under the hash that was just computed of it."""
        if not self.exists(sha256):
            self._place(lambda file: (file.write(content), sha256)[1])

    def _place(self, write: Callable[[BinaryIO], str]) -> str:
        """Let something write a temporary file and return its hash; make it durable and move it into place."""
        handle, temporary = tempfile.mkstemp(dir=self.root, prefix=".incoming-")
        try:
            with os.fdopen(handle, "wb") as file:
                sha256 = write(file)
                file.flush()
                os.fsync(file.fileno())
            target = self.path(sha256)
            target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            if not target.exists():
                Path(temporary).chmod(0o400)
                Path(temporary).replace(target)
            self._keep_name(target)
        finally:
            Path(temporary).unlink(missing_ok=True)
        return sha256

    def take(self, file: Path, sha256: str | None = None) -> str:
        """Hash the file where it lies, make it durable and give it its second name; where that cannot be, copy it."""
        with file.open("rb") as stream:
            known = sha256 or hashlib.file_digest(stream, "sha256").hexdigest()
            os.fsync(stream.fileno())
        target = self.path(known)
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            os.link(file, target)
        except FileExistsError:
            pass
        except OSError:  # another disk, or one without links
            with file.open("rb") as stream:
                return self.put(stream)[0]
        else:
            target.chmod(0o400)
        self._keep_name(target)
        return known

    def _keep_name(self, target: Path) -> None:
        """Let a new name survive a power cut: `fsync` of a file does so for its content alone.

        The innermost folder first, because most file systems then have written those around it too.
        """
        for folder in (target.parent, target.parent.parent, self.root):
            handle = os.open(folder, os.O_RDONLY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)

    def open(self, sha256: str) -> BinaryIO:
        """Open stored content for reading."""
        return self.path(sha256).open("rb")

    def exists(self, sha256: str) -> bool:
        """Whether this content is stored."""
        return self.path(sha256).exists()

    def is_writable(self) -> bool:
        """Whether a file can be made in the folder."""
        return os.access(self.root, os.W_OK)


def chunks(file: BinaryIO) -> Iterator[bytes]:
    """Yield a file's content piece by piece and close it at the end."""
    with file:
        while chunk := file.read(CHUNK):
            yield chunk
