from __future__ import annotations

import copy
from datetime import UTC, datetime, timedelta

import pytest

from core.records import match, seal
from core.signing import SigningKey
from procurement.sealing.opening_record import (
    OpeningFacts,
    opening_record,
    public_opening_record,
    verify_opening,
)
from procurement.sealing.receipt import receipt_fits, signed_receipt

DEADLINE = datetime(2026, 11, 20, 1, 30, tzinfo=UTC)


@pytest.fixture
def key(tmp_path):
    return SigningKey(tmp_path / "signing.key")


def bid(key, number, outcome="opened", **changes):
    arrived = (DEADLINE - timedelta(hours=10 - number)).isoformat().replace("+00:00", "Z")
    content = {
        "bid": f"bid-{number}",
        "lot": "l-1",
        "bidder": f"机构{number}",
        "arrived_at": arrived,
        "sha256": f"{number:064x}",
        "outcome": outcome,
        "opening_sheet": {"price": f"{160000 + number}.00"} if outcome == "opened" else None,
        "failure": {"zh": "损坏", "en": "damaged", "tried": ["0-1"]} if outcome == "corrupt" else None,
        **changes,
    }
    statement = {name: content[name] for name in ("bid", "lot", "sha256", "arrived_at")}
    return {**content, "receipt": signed_receipt({**statement, "tender": "t-1", "size": 10}, key)}


def facts(key, **changes) -> OpeningFacts:
    return OpeningFacts(
        **{
            "tender": "t-1",
            "notice": "n" * 64,
            "deadline": DEADLINE,
            "opened_at": DEADLINE + timedelta(minutes=20),
            "needed": 2,
            "keyholders": [{"fingerprint": f"{number:064x}", "name": f"持有人{number}"} for number in range(3)],
            "turns": [{"keyholder": one, "at": DEADLINE + timedelta(minutes=5 + one)} for one in (0, 2)],
            "bids": [
                bid(key, 1),
                bid(key, 2),
                bid(key, 3),
                bid(key, 4, "withdrawn"),
                bid(key, 5, "corrupt"),
            ],
            "presided_by": "周明远",
            **changes,
        }
    )


def test_both_forms_verify_and_match(key):
    full = opening_record(facts(key), "ab" * 32)
    public = public_opening_record(full)
    assert verify_opening(full) == []
    assert verify_opening(public) == []
    assert match(full, public) == []


def test_the_public_form_hides_persons_and_whose_the_withdrawn_bid_was(key):
    text = str(public_opening_record(opening_record(facts(key), "ab" * 32)))
    assert "持有人1" not in text
    assert "周明远" not in text
    assert "机构4" not in text
    assert "机构1" in text


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"opened_at": DEADLINE - timedelta(seconds=1)}, "early"),
        ({"turns": [{"keyholder": 0, "at": DEADLINE + timedelta(minutes=5)}]}, "quorum"),
        ({"turns": [{"keyholder": 0, "at": DEADLINE + timedelta(minutes=5)}] * 2}, "quorum"),
        ({"turns": [{"keyholder": 7, "at": DEADLINE}, {"keyholder": 0, "at": DEADLINE}]}, "keyholder"),
        ({"turns": [{"keyholder": one, "at": DEADLINE - timedelta(hours=1)} for one in (0, 1)]}, "turn-time"),
    ],
)
def test_an_unlawful_opening_is_named(key, changes, code):
    assert code in {fault.code for fault in verify_opening(opening_record(facts(key, **changes), "ab" * 32))}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda bids: bids[0].update(arrived_at="2026-11-20T01:30:00Z"), "late"),
        (lambda bids: bids[1].update(bidder="机构1"), "twice"),
        (lambda bids: bids[0].update(opening_sheet={"price": "-1"}), "price"),
        (lambda bids: bids[3].update(opening_sheet={"price": "1.00"}), "unwrapped"),
        (lambda bids: bids[4].update(failure=None), "proof"),
        (lambda bids: bids[0].update(sha256="f" * 64), "receipt-other"),
        (lambda bids: bids[0]["receipt"].update(size=11), "receipt"),
        (lambda bids: bids.__delitem__(slice(0, 3)), "shape"),
        (lambda bids: bids.reverse(), "order"),
    ],
)
def test_a_forged_bid_is_named_even_when_the_digests_are_made_anew(key, change, code):
    forged = copy.deepcopy(opening_record(facts(key), "ab" * 32))
    if code == "shape":
        del forged["bids"]
    else:
        change(forged["bids"])
    assert code in {fault.code for fault in verify_opening(seal(forged))}


def test_a_changed_part_is_found_by_its_digest(key):
    record = opening_record(facts(key), "ab" * 32)
    record["needed"] = 1
    assert "digest" in {fault.code for fault in verify_opening(record)}


def test_a_receipt_with_a_changed_word_does_not_fit(key):
    receipt = signed_receipt({"bid": "b"}, key)
    assert receipt_fits(receipt)
    assert not receipt_fits({**receipt, "bid": "c"})
