"""The name under which an asker is known to readers: stable within a tender, unlinkable across tenders (R-SEC-03).

It is a keyed hash: without the installation's key nobody can try suppliers' ids until one fits.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import uuid

_PURPOSE = b"hengping/pseudonym/1\x00"
LETTERS = 10


def pseudonym(key: bytes, tender_id: uuid.UUID, organisation_id: uuid.UUID) -> str:
    """Return the asker's name on this tender, such as `Q7KMX-2DPA4`: 50 bits of HMAC-SHA256, in base 32."""
    mac = hmac.new(key, _PURPOSE + tender_id.bytes + organisation_id.bytes, hashlib.sha256).digest()
    letters = base64.b32encode(mac).decode()[:LETTERS]
    return f"{letters[:5]}-{letters[5:]}"
