"""The installation's signing key (Ed25519): for audit heads, receipts and records."""

from __future__ import annotations

from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from core.settings import kept_secret


class SigningKey:
    """An Ed25519 key kept in a file only its owner can read; never in the database or a log."""

    def __init__(self, path: Path) -> None:
        seed = bytes.fromhex(kept_secret(path))
        self._key = Ed25519PrivateKey.from_private_bytes(seed)
        self.public_hex: str = self._key.public_key().public_bytes_raw().hex()

    def sign(self, statement: bytes) -> str:
        """Return the signature over the statement, in hex."""
        return self._key.sign(statement).hex()


def signature_fits(public_key: str, signature: str, statement: bytes) -> bool:
    """Whether an Ed25519 signature (hex) over the statement is by this public key (hex)."""
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key)).verify(bytes.fromhex(signature), statement)
    except (InvalidSignature, ValueError):
        return False
    return True
