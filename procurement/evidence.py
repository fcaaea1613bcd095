"""The manifest of an evidence bundle: hashes of its files and an extract of the log, verifiable without a database.

Pure. The log is one chain, so an extract cannot prove its place alone. What it proves: each entry's hash follows from
its content and predecessor, neighbours link, and the house's key signed the list of all numbers and hashes together
with the log's head of that moment. `flask audit verify --anchor head.json` then finds the same head in the log.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from core.audit.chain import canonical as audit_canonical
from core.audit.chain import entry_hash
from core.records import Fault, Record, check_seal, seal
from core.signing import signature_fits

KIND = "evidence"


def extract_statement(entries: list[dict[str, Any]], head: dict[str, Any]) -> bytes:
    """Return the bytes that the extract's signature covers."""
    listed = [[one["seq"], one["hash"]] for one in entries]
    return audit_canonical({"entries": listed, "head": [head["seq"], head["hash"]]})


def evidence_record(
    about: dict[str, str], files: dict[str, str], entries: list[dict[str, Any]], head: dict[str, Any], signature: str
) -> Record:
    """Return the sealed manifest; the entries' bodies are kept as the text that was hashed."""
    return seal(
        {
            "kind": KIND,
            "version": 1,
            "form": "full",
            "about": about,
            "files": files,
            "entries": entries,
            "head": head,
            "signature": signature,
        }
    )


def verify_evidence(record: Record) -> list[Fault]:
    """Recompute every entry's hash, the links between neighbours and the house's signature."""
    faults = check_seal(record)
    try:
        known: dict[int, str] = {}
        for place, entry in enumerate(record["entries"]):
            digest = entry_hash(
                bytes.fromhex(entry["previous"]),
                seq=entry["seq"],
                at=datetime.fromisoformat(entry["at"]),
                tag=entry["tag"],
                actor=entry["actor"],
                about=entry["about"],
                body=json.loads(entry["body"]),
                personal=json.loads(entry["personal"]),
            ).hex()
            before = known.get(entry["seq"] - 1)
            if digest != entry["hash"] or (before is not None and before != entry["previous"]):
                faults.append(
                    Fault("entry", f"/entries/{place}", "日志条目与其哈希不符。", "An entry does not fit its hash.")
                )
            known[entry["seq"]] = entry["hash"]
        head = record["head"]
        if not signature_fits(
            str(head["public_key"]), str(record["signature"]), extract_statement(record["entries"], head)
        ):
            faults.append(Fault("signature", "/signature", "摘录的签名无效。", "The extract's signature does not fit."))
    except (KeyError, TypeError, ValueError) as error:
        faults.append(Fault("shape", "/", f"记录缺少内容：{error}。", f"The record lacks something: {error}."))
    return faults
