"""Peeling the wraps and opening an envelope."""

from __future__ import annotations

import hashlib
import io
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO, cast

import pyrage

from procurement.sealing.envelope import Header, read_header
from procurement.sealing.errors import CopiedEnvelope, Corrupt, NotAKeyholder, WrongEnvelope
from procurement.sealing.keys import KeyPair, key_of
from procurement.sealing.manifest import BidFile, BidManifest, read_manifest

MOST_MANIFEST = 4 * 1024 * 1024
PIECE = 256 * 1024


@dataclass(frozen=True)
class OpenedBid:
    """An opened bid: its manifest and its files' contents, each checked against the manifest's hash."""

    manifest: BidManifest
    plain: BinaryIO

    def files(self) -> Iterator[tuple[BidFile, bytes]]:
        """Yield each file with its content. Raises `Corrupt` for one that does not match its hash or is cut short."""
        for file in self.manifest.files:
            content = self.plain.read(file.size)
            if len(content) != file.size or hashlib.sha256(content).hexdigest() != file.sha256:
                raise Corrupt(f"文件“{file.name}”与目录不符", f"the file “{file.name}” does not match the manifest")
            yield file, content
        if self.plain.read(1):
            raise Corrupt("投标文件含有目录以外的内容", "the bid holds more than its manifest lists")

    def checked(self) -> list[tuple[BidFile, memoryview]]:
        """Return every file with its content, of a bid opened in memory, each hashed once. Raises as `files` does."""
        whole = memoryview(cast("io.BytesIO", self.plain).getbuffer())
        start, found = self.plain.tell(), []
        for file in self.manifest.files:
            content = whole[start : start + file.size]
            if len(content) != file.size or hashlib.sha256(content).hexdigest() != file.sha256:
                raise Corrupt(f"文件“{file.name}”与目录不符", f"the file “{file.name}” does not match the manifest")
            start += file.size
            found.append((file, content))
        if start != len(whole):
            raise Corrupt("投标文件含有目录以外的内容", "the bid holds more than its manifest lists")
        return found

    def check(self, *, tender: str, lot: str, notice: str, bidder: str) -> None:
        """Raise `WrongEnvelope` or `CopiedEnvelope` unless it was sealed by this bidder for this notice of this lot."""
        manifest = self.manifest
        if (manifest.tender, manifest.lot, manifest.notice) != (tender, lot, notice):
            raise WrongEnvelope("密封内容属于另一个采购项目或版本", "what is inside answers another tender or version")
        if manifest.bidder != bidder:
            raise CopiedEnvelope(
                "密封内容由另一个投标人制作，与递交人不符", "what is inside was sealed by another bidder"
            )


def peel(wrapped: bytes, key: KeyPair) -> bytes:
    """Peel one layer with a keyholder's key. Raises `NotAKeyholder` when the layer is not for this key."""
    try:
        peeled: bytes = pyrage.decrypt(wrapped, [pyrage.x25519.Identity.from_str(key.secret)])
    except pyrage.DecryptError as wrong:
        raise NotAKeyholder("这把密钥打不开该层封装", "this key does not open that layer") from wrong
    return peeled


def unwrap(header: Header, keys: dict[int, KeyPair]) -> str:
    """Return the envelope's secret from k keyholders' keys by position, trying every subset they can form.

    Raises `NotAKeyholder` with fewer than k keys, `Corrupt` only after every available subset has failed.
    """
    available = [wrap for wrap in header.wraps if set(wrap.keyholders) <= set(keys)]
    if not available:
        raise NotAKeyholder(
            f"需要 {header.needed} 位密钥持有人，现有 {len(keys)} 位",
            f"{header.needed} keyholders are needed, {len(keys)} are here",
        )
    for wrap in available:
        secret = wrap.secret
        try:
            for position in wrap.keyholders:
                secret = peel(secret, keys[position])
            if is_secret_of(secret, header):
                return secret.decode()
        except NotAKeyholder:
            continue
    raise Corrupt("所有密钥组合都打不开这份投标", "no combination of keys opens this bid")


def is_secret_of(secret: bytes, header: Header) -> bool:
    """Whether these bytes are the secret key of the envelope's own recipient."""
    try:
        return key_of(secret.decode()).recipient == header.recipient
    except (NotAKeyholder, UnicodeDecodeError):
        return False


def open_with_secret(stream: BinaryIO, secret: str, plain: BinaryIO | None = None) -> OpenedBid:
    """Open an envelope with its secret, reading it once; the plaintext goes to `plain`, or to memory.

    Raises `Corrupt` when ciphertext, manifest or lengths do not fit.
    """
    header = read_header(stream)
    hashed = _Hashed(stream)
    payload = io.BufferedReader(hashed, PIECE)
    plain = io.BytesIO() if plain is None else plain
    start = plain.tell()
    try:
        pyrage.decrypt_io(payload, plain, [pyrage.x25519.Identity.from_str(secret)])
    except (pyrage.DecryptError, pyrage.IdentityError, OSError) as wrong:
        if hashed.rest() != header.payload_sha256:
            raise Corrupt("密封内容已损坏（哈希不符）", "the sealed content is damaged (hash differs)") from wrong
        raise Corrupt("密封内容无法解密", "the sealed content cannot be decrypted") from wrong
    if hashed.rest() != header.payload_sha256:
        raise Corrupt("密封内容已损坏（哈希不符）", "the sealed content is damaged (hash differs)")
    plain.seek(start)
    length_bytes = plain.read(4)
    length = struct.unpack(">I", length_bytes)[0] if len(length_bytes) == 4 else 0
    if not 0 < length <= MOST_MANIFEST:
        raise Corrupt("投标清单损坏", "the manifest is damaged")
    manifest = read_manifest(plain.read(length))
    if any(getattr(manifest, name) != getattr(header, name) for name in ("tender", "lot", "notice", "part")):
        raise WrongEnvelope("封面与内容不一致", "header and content do not agree")
    return OpenedBid(manifest, plain)


class _Hashed(io.RawIOBase):
    """A source that is hashed as it is read, in large pieces."""

    def __init__(self, source: BinaryIO) -> None:
        self._source = source
        self._digest = hashlib.sha256()

    def readable(self) -> bool:
        """It is there to be read."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Read and hash."""
        data = self._source.read(len(buffer))
        self._digest.update(data)
        buffer[: len(data)] = data
        return len(data)

    def rest(self) -> str:
        """Read to the end and return the hash of all that was read, in hex."""
        while data := self._source.read(PIECE):
            self._digest.update(data)
        return self._digest.hexdigest()
