"""The chain's arithmetic: canonical form, hash, and personal values under per-person keys. No database."""

from __future__ import annotations

import base64
import hashlib
import json
import os
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

GENESIS = bytes(32)
"""What the first entry names as its predecessor."""


def canonical(value: Any) -> bytes:
    """Return the one JSON form of a value: sorted keys, no spaces, UTF-8."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str).encode()


def entry_content(
    *,
    at: datetime,
    tag: str,
    actor: str | None,
    about: list[str],
    body: Mapping[str, Any],
    personal: Mapping[str, Any],
) -> tuple[str, str]:
    """Return the canonical JSON of an entry before and after its number; `at` counts to the microsecond in UTC.

    `seq` stands between `personal` and `tag` in the order of names, so the number may be filled in last.
    """
    before = {
        "about": about,
        "actor": actor,
        "at": at.astimezone(UTC).isoformat(timespec="microseconds"),
        "body": body,
        "personal": personal,
    }
    return f'{canonical(before).decode()[:-1]},"seq":', f",{canonical({'tag': tag}).decode()[1:]}"


def entry_hash(previous: bytes, *, seq: int, **content: Any) -> bytes:
    """Return the SHA-256 that binds an entry (see `entry_content`) to its predecessor."""
    head, tail = entry_content(**content)
    return hashlib.sha256(previous + f"{head}{seq}{tail}".encode()).digest()


def seal_personal(key: bytes, value: Any) -> str:
    """Encrypt one personal value (AES-256-GCM) so that deleting the key forgets it without breaking the chain."""
    nonce = os.urandom(12)
    return base64.b64encode(nonce + AESGCM(key).encrypt(nonce, canonical(value), None)).decode()


def open_personal(key: bytes, sealed: str) -> Any:
    """Decrypt what `seal_personal` made; None when the key does not fit."""
    raw = base64.b64decode(sealed)
    try:
        return json.loads(AESGCM(key).decrypt(raw[:12], raw[12:], None))
    except InvalidTag:
        return None
