"""The process that reads a file shown as a certificate: `python -m grading.certificate.worker`, PDF in, JSON out.

Started by `grading.certificate.reading`; not meant for users. A hostile file can end only this process.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from core.pdf.signing import NoPaper
from grading.certificate.holding import held_in
from grading.reading.worker import confine


def answer(data: bytes) -> dict[str, Any]:
    """Return what the file says of itself, or that it cannot be read."""
    try:
        held = held_in(data)
    except NoPaper:
        return {"readable": False}
    seen = held.seen
    return {
        "readable": True,
        "signed": seen.signed,
        "unchanged": seen.unchanged,
        "fingerprint": seen.fingerprint,
        "signer": seen.signer,
        "digest": held.digest,
    }


def main() -> None:
    """Read one file from standard input within the limits given."""
    confine(int(sys.argv[1]), int(sys.argv[2]))
    json.dump(answer(sys.stdin.buffer.read()), sys.stdout)


if __name__ == "__main__":
    main()
