"""age keys of keyholders and bidders; a key file is age's own passphrase-encrypted identity file."""

from __future__ import annotations

import base64
import binascii
import hashlib
from dataclasses import dataclass

import pyrage
from pyrage import passphrase as scrypt

from procurement.sealing.errors import KeysUnreadable, NotARecipient


@dataclass(frozen=True)
class KeyPair:
    """An age X25519 identity. `secret` is never stored by the server and never printed."""

    secret: str
    recipient: str

    def __repr__(self) -> str:
        return f"KeyPair({self.recipient})"


def new_key() -> KeyPair:
    """Make a fresh identity."""
    identity = pyrage.x25519.Identity.generate()
    return KeyPair(str(identity), str(identity.to_public()))


def fingerprint(recipient: str) -> str:
    """Return the SHA-256 of an age recipient, in hex: what the hashed notice names."""
    return hashlib.sha256(recipient.encode()).hexdigest()


def is_recipient(text: str) -> bool:
    """Whether the text is an age X25519 recipient."""
    try:
        to_recipient(text)
    except NotARecipient:
        return False
    return True


def to_recipient(text: str) -> pyrage.x25519.Recipient:
    """Return what age encrypts to. Raises `NotARecipient`."""
    try:
        return pyrage.x25519.Recipient.from_str(text)
    except (pyrage.RecipientError, TypeError) as wrong:
        raise NotARecipient(f"不是有效的 age 公钥：{text}", f"not an age recipient: {text}") from wrong


def is_locked(data: bytes) -> bool:
    """Whether a key file is encrypted under a passphrase."""
    return data.startswith((b"age-encryption.org", b"-----BEGIN AGE"))


def write_key_file(key: KeyPair, words: str) -> bytes:
    """Return the identity encrypted under a passphrase, as age's own tools write and read it."""
    content = f"# public key: {key.recipient}\n{key.secret}\n"
    encrypted: bytes = scrypt.encrypt(content.encode(), words)
    return encrypted


def read_key_file(data: bytes, words: str | None = None) -> KeyPair:
    """Read an identity file, encrypted or not. Raises `KeysUnreadable` when passphrase or file do not fit."""
    if is_locked(data):
        try:
            data = scrypt.decrypt(_binary(data), words or "")
        except (pyrage.DecryptError, binascii.Error, ValueError) as wrong:
            raise KeysUnreadable("口令不对，或密钥文件已损坏", "wrong passphrase, or a damaged key file") from wrong
    for line in data.decode(errors="replace").splitlines():
        if line.startswith("AGE-SECRET-KEY-1"):
            return key_of(line.strip())
    raise KeysUnreadable("文件里没有 age 密钥", "the file holds no age identity")


def key_of(secret: str) -> KeyPair:
    """Return the key pair of a secret key's text. Raises `KeysUnreadable` when it is none."""
    try:
        identity = pyrage.x25519.Identity.from_str(secret)
    except pyrage.IdentityError as wrong:
        raise KeysUnreadable("不是有效的 age 密钥", "not a valid age identity") from wrong
    return KeyPair(secret, str(identity.to_public()))


def _binary(data: bytes) -> bytes:
    """Return the binary form of an age file that may be armoured."""
    if not data.startswith(b"-----BEGIN AGE"):
        return data
    lines = [line for line in data.decode("ascii", "replace").splitlines() if line and not line.startswith("-----")]
    return base64.b64decode("".join(lines))
