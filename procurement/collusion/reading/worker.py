"""The reading process: confines itself, reads one file and prints text and metadata as JSON; not meant for users.

Started as ``python -m procurement.collusion.reading.worker FILE SECONDS MEGABYTES PAGES``.
"""

from __future__ import annotations

import importlib
import json
import resource
import sys
from pathlib import Path
from typing import Any

READERS = {b"%PDF-": "pdf", b"PK\x03\x04": "word", b"\xff\xd8\xff": "picture", b"\x89PNG": "picture"}
LONGEST = 5_000
MOST_PASSAGES = 20_000
MOST_PROPERTIES = 500


def confine(seconds: int, megabytes: int) -> None:
    """Limit processor time, memory and written files of this process."""
    size = megabytes * 1024 * 1024
    for limit, value in ((resource.RLIMIT_CPU, seconds), (resource.RLIMIT_AS, size), (resource.RLIMIT_FSIZE, 0)):
        hard = resource.getrlimit(limit)[1]
        allowed = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(limit, (allowed, hard))


def answer(path: Path, pages: int) -> dict[str, Any]:
    """Return what stands in the file, or the reason why it was not read."""
    with path.open("rb") as stream:
        head = stream.read(1024)
    name = next((reader for mark, reader in READERS.items() if mark in head[:1024] and _begins(head, mark)), None)
    if name is None:
        encrypted = head.startswith(b"\xd0\xcf\x11\xe0")
        return {"reason": "encrypted" if encrypted else "kind"}
    reader = importlib.import_module(f"procurement.collusion.reading.{name}")
    try:
        passages, properties = reader.read(path, pages)
    except MemoryError:
        return {"reason": "limits"}
    except reader.Locked:
        return {"reason": "encrypted"}
    except Exception:  # noqa: BLE001 - a hostile file may break its parser in any way; all mean the same here
        return {"reason": "corrupt"}
    if not passages and not properties:
        return {"reason": "no-text"}
    return {
        "passages": [(text[:LONGEST], *place) for text, *place in passages[:MOST_PASSAGES]],
        "properties": [(key, value[:500]) for key, value in properties[:MOST_PROPERTIES]],
    }


def _begins(head: bytes, mark: bytes) -> bool:
    return mark == b"%PDF-" or head.startswith(mark)


def main() -> None:
    """Read the file named on the command line."""
    path, seconds, megabytes, pages = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
    confine(seconds, megabytes)
    json.dump(answer(path, pages), sys.stdout)


if __name__ == "__main__":
    main()
