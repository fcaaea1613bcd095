"""The envelope `hengping-envelope/1`: sealing a bid and reading an envelope's header."""

from __future__ import annotations

import base64
import hashlib
import io
import itertools
import json
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO

import pyrage

from procurement.sealing.errors import Corrupt, ImpossibleQuorum, WrongEnvelope
from procurement.sealing.keys import fingerprint, new_key, to_recipient
from procurement.sealing.manifest import BidManifest, canonical, read_manifest

ENVELOPE_FORMAT = "hengping-envelope/1"
MAGIC = f"{ENVELOPE_FORMAT}\n".encode()
MOST_KEYHOLDERS = 5
MOST_HEADER = 1024 * 1024
UNREADABLE = (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError)
"""What hostile JSON can raise while it is read."""


@dataclass(frozen=True)
class Wrap:
    """The envelope's secret for one k-subset of keyholders (positions, the first peels first)."""

    keyholders: tuple[int, ...]
    secret: bytes

    @property
    def subset(self) -> str:
        """The subset as a word, e.g. `0-2`."""
        return "-".join(str(position) for position in self.keyholders)


@dataclass(frozen=True)
class Header:
    """What an envelope says outside: nothing about the bid but what it answers. `start` is where the payload begins."""

    tender: str
    lot: str
    notice: str
    part: str
    needed: int
    keyholders: tuple[str, ...]
    recipient: str
    payload_sha256: str
    wraps: tuple[Wrap, ...]
    bidder_wrap: bytes
    start: int

    def check(self, *, tender: str, lot: str, notice: str, keyholders: Sequence[str], needed: int) -> None:
        """Raise `WrongEnvelope` unless it answers this notice of this lot and is sealed to exactly these keyholders."""
        if (self.tender, self.lot) != (tender, lot):
            raise WrongEnvelope("投标文件属于另一个采购项目或标段", "the envelope answers another tender or lot")
        if self.notice != notice:
            raise WrongEnvelope(
                "采购文件已更正，请按最新版本重新密封投标",
                "the tender documents were amended; seal the bid again for the present version",
            )
        if self.keyholders != tuple(fingerprint(one) for one in keyholders) or self.needed != needed:
            raise WrongEnvelope(
                "密封所用的开标密钥与公告不一致", "the envelope is sealed to other keyholders than the notice names"
            )


def subsets(count: int, needed: int) -> list[tuple[int, ...]]:
    """Return every k-subset of n keyholder positions, in order. Raises `ImpossibleQuorum` unless 1 <= k <= n <= 5."""
    if not 1 <= needed <= count <= MOST_KEYHOLDERS:
        raise ImpossibleQuorum(
            f"不能由 {count} 位密钥持有人中的 {needed} 位开启", f"{needed} of {count} keyholders is not possible"
        )
    return list(itertools.combinations(range(count), needed))


def seal(
    manifest: BidManifest,
    files: Sequence[BinaryIO],
    target: BinaryIO,
    *,
    keyholders: Sequence[str],
    needed: int,
    bidder: str,
) -> None:
    """Write the sealed envelope to `target`, which can seek; nothing but the header is held in memory.

    `files` in the manifest's order; `keyholders` and `bidder` are age recipients. Raises a `SealingError` for a
    manifest that no opening would accept, for what is no recipient, and for a keyholder who stands twice.
    """
    read_manifest(manifest.to_json())
    if len(set(keyholders)) != len(keyholders):
        raise ImpossibleQuorum("同一把密钥出现了两次", "one keyholder's key stands twice")
    secret, start = new_key(), target.tell()
    header = {
        "format": ENVELOPE_FORMAT,
        **{name: getattr(manifest, name) for name in ("tender", "lot", "notice", "part")},
        "needed": needed,
        "keyholders": [fingerprint(one) for one in keyholders],
        "recipient": secret.recipient,
        "payload_sha256": "0" * 64,
        "wraps": [
            {"keyholders": list(subset), "secret": _text(_wrap(secret.secret, [keyholders[one] for one in subset]))}
            for subset in subsets(len(keyholders), needed)
        ],
        "bidder_wrap": _text(_wrap(secret.secret, [bidder])),
    }
    _write_header(target, header)
    head = manifest.to_json()
    plain = _Chain([io.BytesIO(struct.pack(">I", len(head)) + head), *files])
    payload = _Hashed(target)
    pyrage.encrypt_io(plain, payload, [to_recipient(secret.recipient)])
    end = target.tell()
    target.seek(start)
    # The hash is as long as the zeros that held its place, so the header ends where it did.
    _write_header(target, {**header, "payload_sha256": payload.digest.hexdigest()})
    target.seek(end)


def _write_header(target: BinaryIO, header: dict[str, Any]) -> None:
    encoded = canonical(header)
    target.write(MAGIC + struct.pack(">I", len(encoded)) + encoded)


class _Chain:
    """Several files read as one."""

    def __init__(self, parts: Sequence[BinaryIO]) -> None:
        self._parts = list(parts)

    def read(self, size: int) -> bytes:
        """Return up to `size` octets; none at the end of the last file."""
        while self._parts:
            if piece := self._parts[0].read(size):
                return piece
            self._parts.pop(0)
        return b""


class _Hashed:
    """A target that is hashed as it is written."""

    def __init__(self, target: BinaryIO) -> None:
        self._target = target
        self.digest = hashlib.sha256()

    def write(self, data: bytes) -> int:
        """Write and hash."""
        self.digest.update(data)
        return self._target.write(data)

    def flush(self) -> None:
        """Pass on what is held back."""
        self._target.flush()


def _wrap(secret: str, recipients: Sequence[str]) -> bytes:
    """Encrypt the secret to every recipient in turn, so that the first of them peels first."""
    wrapped = secret.encode()
    for recipient in reversed(recipients):
        wrapped = pyrage.encrypt(wrapped, [to_recipient(recipient)])
    return wrapped


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()


def read_header(stream: BinaryIO) -> Header:
    """Read an envelope's header from its beginning. Raises `Corrupt` when it is no envelope."""
    if stream.read(len(MAGIC)) != MAGIC:
        raise Corrupt("不是密封的投标文件", "not a sealed bid")
    length_bytes = stream.read(4)
    length = struct.unpack(">I", length_bytes)[0] if len(length_bytes) == 4 else 0
    if not 0 < length <= MOST_HEADER:
        raise Corrupt("密封文件头损坏", "the envelope's header is damaged")
    encoded = stream.read(length)
    try:
        content = json.loads(encoded)
        header = _header(content, start=len(MAGIC) + 4 + length)
    except UNREADABLE as wrong:
        raise Corrupt("密封文件头损坏", "the envelope's header is damaged") from wrong
    if content.get("format") != ENVELOPE_FORMAT or len(encoded) != length:
        raise Corrupt("密封文件头损坏", "the envelope's header is damaged")
    return header


def _header(content: dict[str, Any], *, start: int) -> Header:
    wraps = tuple(
        Wrap(tuple(int(one) for one in wrap["keyholders"]), base64.b64decode(wrap["secret"], validate=True))
        for wrap in content["wraps"]
    )
    keyholders = tuple(str(one) for one in content["keyholders"])
    if [wrap.keyholders for wrap in wraps] != subsets(len(keyholders), int(content["needed"])):
        raise ValueError("not every subset is wrapped once")
    return Header(
        tender=str(content["tender"]),
        lot=str(content["lot"]),
        notice=str(content["notice"]),
        part=str(content["part"]),
        needed=int(content["needed"]),
        keyholders=keyholders,
        recipient=str(content["recipient"]),
        payload_sha256=str(content["payload_sha256"]),
        wraps=wraps,
        bidder_wrap=base64.b64decode(content["bidder_wrap"], validate=True),
        start=start,
    )
