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


def entry_hash(
    previous: bytes,
    *,
    seq: int,
    at: datetime,
    tag: str,
    actor: str | None,
    about: list[str],
    body: Mapping[str, Any],
    personal: Mapping[str, Any],
) -> bytes:
    """Return the SHA-256 that binds an entry to its predecessor; `at` counts to the microsecond in UTC."""
    content = {
        "seq": seq,
        "at": at.astimezone(UTC).isoformat(timespec="microseconds"),
        "tag": tag,
        "actor": actor,
        "about": about,
        "body": body,
        "personal": personal,
    }
    return hashlib.sha256(previous + canonical(content)).digest()


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
