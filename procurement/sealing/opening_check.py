"""Verifying the record of a bid opening from it alone, full or public."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from core.records import Fault, NotRecordable, Record, canonical, check_seal, is_sealed
from procurement.sealing.envelope import subsets
from procurement.sealing.errors import SealingError
from procurement.sealing.hall_check import corruption_faults, hall_faults, subsets_that_came
from procurement.sealing.manifest import read_manifest
from procurement.sealing.receipt import receipt_fits
from procurement.sealing.versions_check import answered_version, version_faults

READ = ("opened", "corrupt")
STANDING = (*READ, "sealed")
STATES = (*STANDING, "superseded", "withdrawn", "lapsed")


def verify_opening(record: Record) -> list[Fault]:
    """Return every fault of an opening's record, full or public; an empty list means that all of it fits.

    Checked: digests; nothing opened before the deadline; enough keyholders, each once; every envelope in time, in
    order of arrival, its hash and time those of its signed receipt; one standing bid of a bidder in a lot; replaced
    and withdrawn bids and lots with too few bids left unopened, all others opened or corrupt after every available
    subset failed; each opened bid made by its bidder for this notice, or for an
    older version of it and confirmed for this one; the read-out table. What is sealed is left out.
    """
    faults = check_seal(record)
    try:
        faults += [
            *_session_faults(record),
            *_envelope_faults(record),
            *_lot_faults(record),
            *_read_out_faults(record),
            *hall_faults(record),
            *version_faults(record),
        ]
    except (KeyError, TypeError, ValueError, AttributeError, IndexError, NotRecordable) as error:
        faults.append(
            Fault(
                "malformed",
                "",
                f"记录缺少内容或格式不对：{error!r}。",
                f"The record lacks a part or is malformed: {error!r}.",
            )
        )
    return faults


def read_out_of(record: Record) -> list[dict[str, Any]]:
    """Return the read-out table of a full record: each opened bid's 开标一览表, by lot, then in order of arrival."""
    place = {lot["id"]: lot["position"] for lot in record["lots"]}
    opened = [one for one in record["envelopes"] if one["state"] == "opened"]
    opened.sort(key=lambda one: place.get(one["lot"], 0))
    return [
        {"bid": one["bid"], "lot": one["lot"], "bidder": one["bidder"], "sheet": one["manifest"]["opening_sheet"]}
        for one in opened
    ]


def _instant(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    if found.tzinfo is None:
        raise ValueError(f"{text} has no time zone")
    return found.astimezone(UTC)


def _session_faults(record: Record) -> Iterator[Fault]:
    session, deadline = record["session"], _instant(record["tender"]["deadline"])
    begun, finished = _instant(session["begun_at"]), _instant(session["finished_at"])
    if begun < deadline:
        yield Fault(
            "R-OPEN-01", "/session/begun_at", "开标早于投标截止时间。", "The opening began before the deadline."
        )
    if finished < begun:
        yield Fault("time", "/session/finished_at", "开标结束早于开始。", "The opening ended before it began.")
    fingerprints = [one["fingerprint"] for one in record["keyholders"]]
    subsets(len(fingerprints), record["tender"]["needed"])
    if len(set(fingerprints)) != len(fingerprints) or not all(re.fullmatch("[0-9a-f]{64}", o) for o in fingerprints):
        yield Fault("keyholders", "/keyholders", "密钥指纹重复或有误。", "A fingerprint is repeated or malformed.")
    positions = [turn["keyholder"] for turn in record["turns"]]
    if len(set(positions)) != len(positions) or not set(positions) <= set(range(len(fingerprints))):
        yield Fault(
            "turns", "/turns", "密钥持有人重复或不在名单内。", "A keyholder came twice, or is none of those named."
        )
    times = [_instant(turn["given_at"]) for turn in record["turns"]]
    for number, given in enumerate(times):
        if not begun <= given <= finished or (number and given < times[number - 1]):
            yield Fault(
                "turns",
                f"/turns/{number}/given_at",
                "解封时间不在开标时段内，或次序不对。",
                "The turn lies outside the session or out of order.",
            )
    if any(one["state"] in READ for one in record["envelopes"]) and len(set(positions)) < record["tender"]["needed"]:
        yield Fault("R-KEY-01", "/turns", "参与解封的密钥持有人不足。", "Fewer keyholders took part than are needed.")


def _envelope_faults(record: Record) -> Iterator[Fault]:
    deadline, last = _instant(record["tender"]["deadline"]), None
    for number, one in enumerate(record["envelopes"]):
        here = f"/envelopes/{number}"
        if one["state"] not in STATES or one["lot"] not in {lot["id"] for lot in record["lots"]}:
            yield Fault("state", here, "投标的状态或所投包不对。", "The state or the lot of the bid is unknown.")
        if is_sealed(one["sha256"]):
            continue
        arrived = _instant(one["arrived_at"])
        if arrived >= deadline:
            yield Fault(
                "R-OPEN-02", f"{here}/arrived_at", "投标到达时已过截止时间。", "The bid arrived after the deadline."
            )
        if last is not None and (arrived, one["bid"]) <= last:
            yield Fault("order", here, "投标未按到达先后排列。", "The bids are not in the order in which they arrived.")
        last = (arrived, one["bid"])
        yield from _receipt_faults(record, one, here)
        yield from _end_faults(record, one, here)
    for name in ("bid", "sha256"):
        known = [one[name] for one in record["envelopes"] if not is_sealed(one[name])]
        for value, times in Counter(known).items():
            if times > 1:
                yield Fault(
                    "copied",
                    "/envelopes",
                    f"同一份密封文件出现 {times} 次：{value}。",
                    f"The same envelope stands {times} times: {value}.",
                )


def _receipt_faults(record: Record, one: Mapping[str, Any], here: str) -> Iterator[Fault]:
    receipt, at = one["receipt"], f"{here}/receipt"
    if not receipt_fits(receipt):
        yield Fault(
            "signature", f"{at}/signature", "回执的签名不成立。", "The receipt's signature does not cover what it says."
        )
    if {other["receipt"].get("public_key") for other in record["envelopes"] if not is_sealed(other["receipt"])} != {
        receipt.get("public_key")
    }:
        yield Fault(
            "signature", f"{at}/public_key", "各回执的签名公钥不同。", "The receipts bear different public keys."
        )
    lots = {lot["id"]: lot["position"] for lot in record["lots"]}
    expected = {
        "part": record.get("part", "bid"),
        "tender": record["tender"]["id"],
        "lot": lots.get(one["lot"]),
        **{name: one[name] for name in ("bid", "bidder", "sha256", "size", "arrived_at")},
    }
    if one["state"] in STANDING:
        notice, deadline = answered_version(record, one)
        expected |= {"notice_hash": notice, "deadline": deadline}
    for name, value in expected.items():
        if receipt.get(name, "bid" if name == "part" else None) != value:
            yield Fault("receipt", f"{at}/{name}", "投标与其回执不符。", "The bid does not match its receipt.")


def _end_faults(record: Record, one: Mapping[str, Any], here: str) -> Iterator[Fault]:
    """Check what became of one envelope."""
    state, withdrawn = one["state"], one["withdrawn_at"]
    if (one["opened_by"] is not None, one["manifest"] is not None) != (state == "opened", state == "opened"):
        yield Fault("state", here, "开启的内容与状态不符。", "What was opened does not fit the state.")
    elif state == "opened":
        yield from _opened_faults(record, one, here)
    if (one["failure"] is not None) != (state == "corrupt"):
        yield Fault("state", f"{here}/failure", "失败说明与状态不符。", "The failure does not fit the state.")
    elif state == "corrupt":
        yield from corruption_faults(record, one["failure"], f"{here}/failure")
    if (withdrawn is not None) != (state == "withdrawn"):
        yield Fault("state", f"{here}/withdrawn_at", "撤回时间与状态不符。", "The withdrawal does not fit the state.")
    elif withdrawn is not None and not (
        _instant(one["arrived_at"]) <= _instant(withdrawn) < _instant(record["tender"]["deadline"])
    ):
        yield Fault(
            "R-OPEN-02", f"{here}/withdrawn_at", "撤回不在截止时间之前。", "The withdrawal was not before the deadline."
        )
    if (one["replaced_by"] is not None) != (state == "superseded"):
        yield Fault("state", f"{here}/replaced_by", "替换关系与状态不符。", "The replacement does not fit the state.")
    elif state == "superseded":
        later = next((o for o in record["envelopes"] if o["bid"] == one["replaced_by"]), None)
        if (
            later is None
            or (later["bidder_id"], later["lot"]) != (one["bidder_id"], one["lot"])
            or later["receipt"].get("replaces") != one["sha256"]
            or _instant(later["arrived_at"]) < _instant(one["arrived_at"])
        ):
            yield Fault(
                "replaced",
                f"{here}/replaced_by",
                "替换它的投标不成立。",
                "The bid that replaced it is not a later one of the same bidder that names it.",
            )


def _opened_faults(record: Record, one: Mapping[str, Any], here: str) -> Iterator[Fault]:
    if one["opened_by"] not in subsets_that_came(record):
        yield Fault(
            "R-KEY-01",
            f"{here}/opened_by",
            "开启所用的密钥组合并未到场。",
            "The keyholders who are said to have opened it did not all take part.",
        )
    if is_sealed(one["manifest"]):
        return
    try:
        manifest = read_manifest(canonical(one["manifest"]))
    except SealingError as wrong:
        yield Fault("manifest", f"{here}/manifest", f"{wrong.zh}。", f"{wrong.en}.")
        return
    expected = {
        "part": record.get("part", "bid"),
        "tender": record["tender"]["id"],
        "notice": answered_version(record, one)[0],
        "lot": one["lot"],
        "bidder": one["bidder_id"],
    }
    for name, value in expected.items():
        if getattr(manifest, name) != value:
            yield Fault(
                "copied",
                f"{here}/manifest/{name}",
                "密封内容不是由该投标人为本公告制作的。",
                "What was inside was not made by this bidder for this notice.",
            )


def _lot_faults(record: Record) -> Iterator[Fault]:
    for number, lot in enumerate(record["lots"]):
        here = f"/lots/{number}"
        standing = [o for o in record["envelopes"] if o["lot"] == lot["id"] and o["state"] in STANDING]
        too_few = len(standing) < record["tender"]["fewest"]
        if lot["outcome"] != ("too-few-bids" if too_few else "opened"):
            yield Fault(
                "R-OPEN-04",
                f"{here}/outcome",
                "开标结果与投标数量不符。",
                "The outcome does not fit the number of bids.",
            )
        if any((one["state"] == "sealed") != too_few for one in standing):
            yield Fault(
                "R-OPEN-04",
                here,
                "投标不足的包不得开启；足够的包须全部开启。",
                "A lot with too few bids stays sealed; in any other every standing bid is unwrapped.",
            )
        bidders = Counter(one["bidder_id"] for one in standing if not is_sealed(one["bidder_id"]))
        for bidder, times in bidders.items():
            if times > 1:
                yield Fault(
                    "twice",
                    here,
                    f"投标人 {bidder} 有多份有效投标。",
                    f"Bidder {bidder} has more than one standing bid.",
                )


def _read_out_faults(record: Record) -> Iterator[Fault]:
    place = {lot["id"]: lot["position"] for lot in record["lots"]}
    opened = [one for one in record["envelopes"] if one["state"] == "opened"]
    opened.sort(key=lambda one: place.get(one["lot"], 0))
    expected = [(one["bid"], one["lot"], one["bidder"]) for one in opened]
    if [(row["bid"], row["lot"], row["bidder"]) for row in record["read_out"]] != expected:
        yield Fault(
            "R-OPEN-07", "/read_out", "唱标表与开启的投标不符。", "The read-out table does not list the opened bids."
        )
        return
    for number, (row, one) in enumerate(zip(record["read_out"], opened, strict=True)):
        if not is_sealed(one["manifest"]) and row["sheet"] != one["manifest"]["opening_sheet"]:
            yield Fault(
                "R-OPEN-07",
                f"/read_out/{number}/sheet",
                "唱标内容与投标文件中的开标一览表不符。",
                "What was read out differs from the bid's own opening sheet.",
            )
