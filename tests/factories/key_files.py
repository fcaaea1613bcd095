"""Key files that open at once: age's own format with a small work factor, where the strength is not what is tested."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os

from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from procurement.sealing import KeyPair

WORK_FACTOR = 8  # the base-2 logarithm of scrypt's N; `write_key_file` takes about a second's worth


def light_key_file(key: KeyPair, words: str) -> bytes:
    """The identity encrypted under a passphrase, as `write_key_file` makes it, but cheap to make and to open."""
    salt, nonce, file_key = os.urandom(16), os.urandom(16), os.urandom(16)
    wrapping = hashlib.scrypt(
        words.encode(), salt=b"age-encryption.org/v1/scrypt" + salt, n=2**WORK_FACTOR, r=8, p=1, dklen=32
    )
    wrapped = ChaCha20Poly1305(wrapping).encrypt(bytes(12), file_key, None)
    header = f"age-encryption.org/v1\n-> scrypt {_text(salt)} {WORK_FACTOR}\n{_text(wrapped)}\n---".encode()
    tag = hmac.new(_derived(file_key, b"", b"header"), header, "sha256").digest()
    content = f"# public key: {key.recipient}\n{key.secret}\n".encode()
    last_chunk = bytes(11) + b"\x01"
    sealed = ChaCha20Poly1305(_derived(file_key, nonce, b"payload")).encrypt(last_chunk, content, None)
    return header + b" " + _text(tag).encode() + b"\n" + nonce + sealed


def _derived(secret: bytes, salt: bytes, purpose: bytes) -> bytes:
    return HKDF(SHA256(), 32, salt, purpose).derive(secret)


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode().rstrip("=")
