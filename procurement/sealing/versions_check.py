"""Verifying which version of the documents each bid answered: sealed for the newest, or confirmed for it (R-TENDER-05).

A record without `versions` is of a tender that was never amended.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from core.records import Fault, Record, is_sealed
from procurement.sealing.receipt import receipt_fits

STANDING = ("opened", "corrupt", "sealed")
RESEAL = "reseal"


def answered_version(record: Record, envelope: Mapping[str, Any]) -> tuple[str, str]:
    """Return hash and deadline of the version an envelope was sealed for: what its receipt and its inside must name."""
    tender = record["tender"]
    for one in tender.get("versions") or ():
        if one["hash"] == envelope.get("sealed_for"):
            return one["hash"], one["deadline"]
    return tender["notice"], tender["deadline"]


def version_faults(record: Record) -> Iterator[Fault]:
    """Check the chain of versions, and that every bid which counts stands for the newest one."""
    tender = record["tender"]
    versions = tender.get("versions") or []
    if not versions:
        return
    hashes = [one["hash"] for one in versions]
    numbers = [one["number"] for one in versions]
    published = [_instant(one["published_at"]) for one in versions]
    newest = versions[-1]
    if (
        numbers != list(range(1, len(versions) + 1))
        or len(set(hashes)) != len(hashes)
        or published != sorted(published)
        or (newest["hash"], newest["deadline"]) != (tender["notice"], tender["deadline"])
    ):
        yield Fault(
            "versions",
            "/tender/versions",
            "采购文件的版本不连续，或者现行版本与公告不符。",
            "The versions are not in sequence, or the newest is not the notice's.",
        )
        return
    for number, one in enumerate(record["envelopes"]):
        if not is_sealed(one["sha256"]):
            yield from _envelope_faults(record, one, f"/envelopes/{number}")


def _envelope_faults(record: Record, one: Mapping[str, Any], here: str) -> Iterator[Fault]:
    versions = record["tender"]["versions"]
    hashes = [version["hash"] for version in versions]
    if one["sealed_for"] not in hashes or one["receipt"].get("notice_hash") != one["sealed_for"]:
        yield Fault(
            "versions",
            f"{here}/sealed_for",
            "投标密封时的版本与其回执不符，或者并无此版本。",
            "The bid was sealed for no version of this tender, or its receipt names another one.",
        )
        return
    confirmation = one["confirmation"]
    stands_for = one["sealed_for"] if confirmation is None else confirmation.get("notice_hash")
    if one["answered"] != stands_for or stands_for not in hashes:
        yield Fault(
            "versions",
            f"{here}/answered",
            "投标所对应的版本没有依据。",
            "Nothing says that the bid stands for this version.",
        )
        return
    if confirmation is not None:
        yield from _confirmation_faults(record, one, f"{here}/confirmation")
    if (one["state"] in STANDING) != (one["answered"] == hashes[-1]) and one["state"] in (*STANDING, "lapsed"):
        yield Fault(
            "R-TENDER-05",
            f"{here}/state",
            "对应旧版的投标不得开启；对应现行版本的投标不得因更正而不予开启。",
            "A bid to an older version is not opened, and one to the newest is not set aside for it.",
        )


def _confirmation_faults(record: Record, one: Mapping[str, Any], here: str) -> Iterator[Fault]:
    said, tender = one["confirmation"], record["tender"]
    hashes = [version["hash"] for version in tender["versions"]]
    first, last = hashes.index(one["sealed_for"]), hashes.index(said["notice_hash"])
    expected = {
        "kind": "confirmation",
        "tender": tender["id"],
        "public_key": one["receipt"].get("public_key"),
        **{name: one[name] for name in ("bid", "bidder", "sha256", "sealed_for")},
    }
    at = _instant(said["confirmed_at"])
    published = _instant(tender["versions"][last]["published_at"])
    if (
        not receipt_fits(said)
        or any(said.get(name) != value for name, value in expected.items())
        or not published <= at < _instant(tender["deadline"])
        or first >= last
    ):
        yield Fault(
            "confirmation",
            here,
            "确认书的签名、内容或者时间不成立。",
            "The confirmation's signature, content or time does not fit.",
        )
    if any(version["consequence"] == RESEAL for version in tender["versions"][first + 1 : last + 1]):
        yield Fault(
            "R-TENDER-05",
            here,
            "其间的更正要求重新密封，确认不能代替。",
            "An amendment in between asked for a new envelope; a confirmation is not enough.",
        )


def _instant(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    if found.tzinfo is None:
        raise ValueError(f"{text} has no time zone")
    return found.astimezone(UTC)
