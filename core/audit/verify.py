"""`flask audit verify`: walks the chain, checks heads and anchors, and names every fault."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.audit.chain import GENESIS, canonical, entry_hash
from core.audit.models import AuditEntry, AuditHead
from core.signing import signature_fits


@dataclass(frozen=True)
class AuditFault:
    """What is wrong, at which entry."""

    code: str
    seq: int
    zh: str
    en: str


def head_statement(seq: int, digest: bytes, signed_at: str, public_key: str) -> bytes:
    """Return the bytes a head's signature covers."""
    return canonical({"seq": seq, "hash": digest.hex(), "signed_at": signed_at, "public_key": public_key})


def verify_chain(session: Session, *, anchor: dict[str, Any] | None = None) -> tuple[int, list[AuditFault]]:
    """Walk the whole log; return how many entries it has and every fault found.

    `anchor` is a head handed out earlier (`{"seq", "hash", "signed_at", "public_key", "signature"}`): the log must
    still contain exactly that entry, which finds a cut tail and a rewritten whole.
    """
    faults: list[AuditFault] = []
    previous, expected, hashes = GENESIS, 0, {}
    anchored: set[int] = set()
    heads = session.scalars(select(AuditHead).order_by(AuditHead.seq)).all()
    wanted = {head.seq for head in heads} | ({int(anchor["seq"])} if anchor else set())
    for entry in session.scalars(select(AuditEntry).order_by(AuditEntry.seq).execution_options(yield_per=1000)):
        expected += 1
        if entry.seq != expected:
            faults.append(AuditFault("gap", expected, f"缺少第 {expected} 条记录", f"entry {expected} is missing"))
            expected = entry.seq
        digest = entry_hash(
            previous,
            seq=entry.seq,
            at=entry.at,
            tag=entry.tag,
            actor=str(entry.actor_id) if entry.actor_id else None,
            about=entry.about,
            body=entry.body,
            personal=entry.personal,
        )
        if bytes(entry.previous) != previous or bytes(entry.hash) != digest:
            faults.append(
                AuditFault(
                    "hash",
                    entry.seq,
                    f"第 {entry.seq} 条记录与哈希链不符",
                    f"entry {entry.seq} does not fit the chain",
                )
            )
        previous = bytes(entry.hash)
        if entry.seq in wanted:
            hashes[entry.seq] = previous
            anchored.add(entry.seq)
    faults += _check_heads(heads, hashes)
    if anchor is not None:
        faults += _check_anchor(anchor, hashes)
    return expected, faults


def _check_heads(heads: Iterable[AuditHead], hashes: dict[int, bytes]) -> list[AuditFault]:
    faults = []
    for head in heads:
        if hashes.get(head.seq) != bytes(head.hash):
            faults.append(
                AuditFault(
                    "head",
                    head.seq,
                    f"第 {head.seq} 条的链头与日志不符",
                    f"the signed head at {head.seq} does not match the log",
                )
            )
        statement = head_statement(
            head.seq, bytes(head.hash), head.signed_at.astimezone(UTC).isoformat(), head.public_key
        )
        if not signature_fits(head.public_key, head.signature, statement):
            faults.append(
                AuditFault(
                    "signature",
                    head.seq,
                    f"第 {head.seq} 条的链头签名无效",
                    f"the signature of the head at {head.seq} is not valid",
                )
            )
    return faults


def _check_anchor(anchor: dict[str, Any], hashes: dict[int, bytes]) -> list[AuditFault]:
    seq = int(anchor["seq"])
    faults = []
    statement = head_statement(
        seq, bytes.fromhex(str(anchor["hash"])), str(anchor["signed_at"]), str(anchor["public_key"])
    )
    if not signature_fits(str(anchor["public_key"]), str(anchor["signature"]), statement):
        faults.append(AuditFault("anchor-signature", seq, "锚点文件的签名无效", "the anchor's signature is not valid"))
    found = hashes.get(seq)
    if found is None:
        faults.append(
            AuditFault("cut", seq, f"日志已被截断：锚点的第 {seq} 条不存在", f"the log was cut: entry {seq} is gone")
        )
    elif found.hex() != str(anchor["hash"]):
        faults.append(
            AuditFault("rewritten", seq, f"第 {seq} 条与锚点不符：日志被改写", f"the log was rewritten at {seq}")
        )
    return faults
