"""The double random draw of an inspection (双随机, R-AGENCY-15): agencies and their inspectors, verifiable by anybody.

Pure. Order of events: the pool is fixed and a secret promised (SHA-256); a witness adds words of its own; the secret is
revealed and everything follows:

    promise = SHA-256("hengping/inspection/promise/1" 00 | canonical JSON of {pool, secret})
    seed    = SHA-256("hengping/inspection/seed/1" 00 | canonical JSON of {promise, secret, witness})
    rank(x) = SHA-256(seed | "agency" or "inspector" | 00 | id), smallest first

Neither side can steer it: the promise stands before the witness's words, and the words are chosen without the secret.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

from core.records import Fault, Record, canonical, check_seal, seal

KIND = "inspection"


def promise_of(pool: Record, secret: str) -> str:
    """Return the promise that binds the pool and the secret before the witness speaks."""
    return _hash(b"hengping/inspection/promise/1\x00" + canonical({"pool": pool, "secret": secret}))


def pool_of(
    number: str, agencies: Sequence[dict[str, str]], inspectors: Sequence[dict[str, str]], count: int
) -> Record:
    """Return the fixed pool: agencies and inspectors as `{"id", "name"}`, and how many agencies are drawn."""
    return {
        "number": number,
        "agencies": sorted(agencies, key=lambda one: one["id"]),
        "inspectors": sorted(inspectors, key=lambda one: one["id"]),
        "count": count,
    }


def draw(pool: Record, secret: str, witness: str) -> list[dict[str, str]]:
    """Return the drawn agencies in their order, each with its inspector; inspectors take turns by rank."""
    promise = promise_of(pool, secret)
    seed = _hash(
        b"hengping/inspection/seed/1\x00" + canonical({"promise": promise, "secret": secret, "witness": witness})
    )
    agencies = _ranked(seed, "agency", pool["agencies"])[: int(pool["count"])]
    inspectors = _ranked(seed, "inspector", pool["inspectors"])
    return [
        {"agency": agency, "inspector": inspectors[place % len(inspectors)]} for place, agency in enumerate(agencies)
    ]


def inspection_record(pool: Record, secret: str, witness: dict[str, str]) -> Record:
    """Return the sealed record of a draw; `witness` holds `by` and `words`."""
    return seal(
        {
            "kind": KIND,
            "version": 1,
            "form": "full",
            "pool": pool,
            "promise": promise_of(pool, secret),
            "secret": secret,
            "witness": witness,
            "drawn": draw(pool, secret, witness["words"]),
        }
    )


def verify_inspection(record: Record) -> list[Fault]:
    """Recompute a draw of an inspection from its record alone."""
    faults = check_seal(record)
    try:
        pool, secret, words = record["pool"], str(record["secret"]), str(record["witness"]["words"])
        if promise_of(pool, secret) != record["promise"]:
            faults.append(
                Fault("promise", "/promise", "承诺与名单、密值不符。", "The promise does not fit pool and secret.")
            )
        if draw(pool, secret, words) != record["drawn"]:
            faults.append(Fault("drawn", "/drawn", "抽取结果与种子不符。", "The result does not follow from the seed."))
    except (KeyError, TypeError, ValueError, ZeroDivisionError) as error:
        faults.append(Fault("shape", "/", f"记录缺少内容：{error}。", f"The record lacks something: {error}."))
    return faults


def _ranked(seed: str, label: str, people: Sequence[dict[str, Any]]) -> list[str]:
    return sorted((str(one["id"]) for one in people), key=lambda name: _hash(f"{seed}{label}\x00{name}".encode()))


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
