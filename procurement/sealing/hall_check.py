"""Verifying what an opening's record says of its session: who was absent, what was tried, what was objected."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from core.records import Fault, Record, is_sealed

FAILING = ("closed", "no-key")
ALL_FAILED = "AllSubsetsFailed"


def hall_faults(record: Record) -> Iterator[Fault]:
    """Check the end of the session, the keyholders' absences, what was put off, and the objections (R-OPEN-03)."""
    session = record["session"]
    begun, finished, closed = (_instant(session[name]) for name in ("begun_at", "finished_at", "closed_at"))
    if closed < finished:
        yield Fault("time", "/session/closed_at", "散会早于开启完毕。", "The session closed before all was unwrapped.")
    yield from _absence_faults(record)
    for number, one in enumerate(session["postponements"]):
        if not _instant(record["tender"]["deadline"]) <= _instant(one["confirmed_at"]) < _instant(one["until"]):
            yield Fault(
                "time",
                f"/session/postponements/{number}",
                "延期的时间不成立。",
                "The postponement's times do not fit.",
            )
    if is_sealed(session["objections"]):
        return
    present = session["present"]
    for number, one in enumerate(session["objections"]):
        raised, answered = _instant(one["raised_at"]), _instant(one["answered_at"])
        if not begun <= raised <= answered <= closed or not one["answer"] or one["by"] not in present:
            yield Fault(
                "R-OPEN-03",
                f"/session/objections/{number}",
                "异议未由在场的投标人提出，或者没有当场答复。",
                "The objection was not raised by a bidder present, or not answered on the spot.",
            )
    if record.get("part", "bid") != "bid":  # no supplier attends where none may learn another's data (R-NEG-02)
        return
    standing = {one["bidder"] for one in record["envelopes"] if one["state"] in ("opened", "corrupt")}
    if not standing <= {*present, *session["accepting"]} or {*present} & {*session["accepting"]}:
        yield Fault(
            "R-OPEN-03",
            "/session/accepting",
            "签到与视同认可的投标人名单不符。",
            "Those present and those counted as accepting do not make up the bidders.",
        )


def _absence_faults(record: Record) -> Iterator[Fault]:
    closed = _instant(record["session"]["closed_at"])
    for number, one in enumerate(record["session"]["absences"]):
        here = f"/session/absences/{number}"
        if not 0 <= one["keyholder"] < len(record["keyholders"]):
            yield Fault("absence", here, "缺席的不是密钥持有人。", "The one absent is no keyholder.")
        if not _instant(one["reported_at"]) <= _instant(one["confirmed_at"]) <= closed:
            yield Fault("absence", here, "登记和确认的时间不成立。", "The report and its confirmation do not fit.")
        if not is_sealed(one["reported_by"]) and one["reported_by"] == one["confirmed_by"]:
            yield Fault("R-KEY-01", here, "登记与确认是同一人。", "One person reported and confirmed the absence.")
    gone = {one["keyholder"] for one in record["session"]["absences"]}
    late = [turn for turn in record["turns"] if turn["keyholder"] in gone]
    confirmed = {one["keyholder"]: _instant(one["confirmed_at"]) for one in record["session"]["absences"]}
    if any(_instant(turn["given_at"]) > confirmed[turn["keyholder"]] for turn in late):
        yield Fault("absence", "/turns", "已确认缺席的持有人仍有解封。", "A keyholder confirmed as absent took a turn.")


def corruption_faults(record: Record, failure: Mapping[str, Any], here: str) -> Iterator[Fault]:
    """Check that an envelope counts as unopenable for good reason.

    Either every subset of those who were not absent was tried and a layer of each would not open, or the envelope's own
    key was won and what lay inside was damaged or another's.
    """
    tried, attempts = failure["tried"], failure["attempts"]
    by_subset = {subset: [one for one in attempts if one["subset"] == subset] for subset in tried}
    if failure["error"] == ALL_FAILED:
        complete = {*_available(record)} <= {*tried}
        proven = all(any(one["result"] in FAILING for one in rows) for rows in by_subset.values())
    else:
        complete = len(tried) == 1 and tried[0] in subsets_that_came(record)
        proven = all(rows and rows[-1]["result"] == "key" for rows in by_subset.values())
    if not complete or not proven:
        yield Fault(
            "corrupt",
            f"{here}/tried",
            "尚有密钥组合未试过，或者缺少解封过程，不能认定为无法开启。",
            "A subset that could be had was not tried, or the attempts do not show that it failed.",
        )
    session = record["session"]
    for number, one in enumerate(attempts):
        inside = _instant(session["begun_at"]) <= _instant(one["given_at"]) <= _instant(session["finished_at"])
        if str(one["keyholder"]) not in one["subset"].split("-") or one["subset"] not in tried or not inside:
            yield Fault(
                "corrupt",
                f"{here}/attempts/{number}",
                "这次尝试与密钥组合或者开标时段不符。",
                "The attempt does not belong to its subset or lies outside the session.",
            )


def subsets_that_came(record: Record) -> list[str]:
    """Return the subsets that those who took a turn could form."""
    return _subsets(record, {turn["keyholder"] for turn in record["turns"]})


def _available(record: Record) -> list[str]:
    """Return the subsets of those who were not confirmed as absent."""
    absent = {one["keyholder"] for one in record["session"]["absences"]}
    return _subsets(record, {*range(len(record["keyholders"]))} - absent)


def _subsets(record: Record, who: set[int]) -> list[str]:
    return ["-".join(map(str, one)) for one in itertools.combinations(sorted(who), record["tender"]["needed"])]


def _instant(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    if found.tzinfo is None:
        raise ValueError(f"{text} has no time zone")
    return found.astimezone(UTC)
