from __future__ import annotations

import copy
import json
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner

from core.records import commit, match, plain, seal, written
from core.signing import SigningKey
from core.verify_cli import verify_group
from procurement.sealing.opening_record import (
    Absence,
    Envelope,
    KeyHolder,
    Lot,
    Objection,
    Opening,
    Postponement,
    Turn,
    opening_record,
    public_opening_record,
    verify_opening,
)
from procurement.sealing.receipt import receipt_fits, signed_receipt

DEADLINE = datetime(2026, 11, 20, 1, 30, tzinfo=UTC)
NOTICE = "a" * 64
SALT = "ab" * 32


@pytest.fixture(scope="module")
def key(tmp_path_factory):
    return SigningKey(tmp_path_factory.mktemp("keys") / "signing.key")


def manifest(number, bidder, lot="l-1"):
    return {
        "format": "hengping-bid/1",
        "tender": "t-1",
        "lot": lot,
        "notice": NOTICE,
        "part": "bid",
        "bidder": bidder,
        "nonce": f"{number:032x}",
        "opening_sheet": {"price": f"{160000 + number}.00", "currency": "CNY", "terms": ""},
        "files": [],
    }


def attempt(subset, place, result):
    given = plain(DEADLINE + timedelta(minutes=5 + place))
    return {"subset": subset, "keyholder": place, "given_at": given, "layer": "c" * 64, "result": result}


def failure(**changes):
    """An envelope that the only subset without the absent keyholder could not open."""
    known = {"error": "AllSubsetsFailed", "zh": "打不开", "en": "will not open", "tried": ["0-2"]}
    return {**known, "attempts": [attempt("0-2", 0, "peeled"), attempt("0-2", 2, "closed")], **changes}


def envelope(key, number, state="opened", *, who=None, lot="l-1", replaces=None, **changes):
    bidder = who or f"b-{number}"
    arrived = DEADLINE - timedelta(hours=10 - number)
    known = {
        "bid": f"bid-{number}",
        "bidder": f"机构 {bidder}",
        "sha256": f"{number:064x}",
        "size": 10 + number,
        "arrived_at": arrived,
    }
    position = 1 if lot == "l-1" else 2
    receipt = {"tender": "t-1", "notice_hash": NOTICE, "lot": position, "deadline": DEADLINE, "replaces": replaces}
    return Envelope(
        **{
            **known,
            "lot": lot,
            "bidder_id": bidder,
            "state": state,
            "receipt": signed_receipt({**known, **receipt}, key),
            "opened_by": "0-2" if state == "opened" else None,
            "manifest": manifest(number, bidder, lot) if state == "opened" else None,
            "failure": failure() if state == "corrupt" else None,
            "withdrawn_at": arrived + timedelta(minutes=1) if state == "withdrawn" else None,
            **changes,
        }
    )


def facts(key, **changes) -> Opening:
    return Opening(
        **{
            "tender": "t-1",
            "number": "HP-2026-001",
            "notice": NOTICE,
            "deadline": DEADLINE,
            "fewest": 3,
            "needed": 2,
            "lots": [Lot("l-1", 1, "包一", "opened"), Lot("l-2", 2, "包二", "too-few-bids")],
            "keyholders": [KeyHolder(f"{number:064x}", {"name": f"持有人{number}"}) for number in range(3)],
            "begun_at": DEADLINE + timedelta(minutes=1),
            "finished_at": DEADLINE + timedelta(minutes=20),
            "closed_at": DEADLINE + timedelta(minutes=40),
            "presided_by": "周明远",
            "turns": [Turn(one, DEADLINE + timedelta(minutes=5 + one)) for one in (0, 2)],
            "envelopes": [
                envelope(key, 1, "superseded", who="b-3", replaced_by="bid-3"),
                envelope(key, 2),
                envelope(key, 3, replaces=f"{1:064x}"),
                envelope(key, 4, "withdrawn"),
                envelope(key, 5, "corrupt"),
                envelope(key, 6),
                envelope(key, 7, "sealed", lot="l-2"),
            ],
            "present": ["机构 b-2"],
            "accepting": ["机构 b-3", "机构 b-5", "机构 b-6"],
            "objections": [
                Objection(
                    "bid-2",
                    "机构 b-2",
                    "唱标价格有误",
                    DEADLINE + timedelta(minutes=25),
                    "核对无误",
                    DEADLINE + timedelta(minutes=30),
                )
            ],
            "absences": [
                Absence(
                    1,
                    "住院",
                    "周明远",
                    DEADLINE + timedelta(minutes=3),
                    "林国强",
                    DEADLINE + timedelta(minutes=4),
                )
            ],
            "postponements": [
                Postponement(DEADLINE + timedelta(minutes=1), "停电", DEADLINE + timedelta(seconds=20)),
            ],
            **changes,
        }
    )


def codes(record):
    return {fault.code for fault in verify_opening(record)}


def test_both_forms_verify_and_match(key):
    full = opening_record(facts(key), SALT)
    public = public_opening_record(full)
    assert verify_opening(full) == []
    assert verify_opening(public) == []
    assert match(full, public) == []
    assert [row["bid"] for row in public["read_out"]] == ["bid-2", "bid-3", "bid-6"]


def test_the_public_form_hides_persons_and_whose_the_unopened_bids_were(key):
    full = opening_record(facts(key), SALT)
    text = json.dumps(public_opening_record(full), ensure_ascii=False)
    for hidden in (
        "持有人1",
        "周明远",
        "机构 b-4",
        "bid-4",
        f"{4:064x}",
        "机构 b-7",
        "bid-7",
        "bid-1",
        "唱标价格有误",
        "住院",
        "林国强",
    ):
        assert hidden not in text
    assert "机构 b-2" in text
    assert "160002.00" in text


def test_a_bidder_who_withdrew_can_open_its_own_part(key):
    full = opening_record(facts(key), SALT)
    public = public_opening_record(full)
    assert public["envelopes"][3]["bidder"]["$sealed"] == commit("机构 b-4", full["salts"]["/envelopes/3/bidder"])


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"begun_at": DEADLINE - timedelta(seconds=1)}, "R-OPEN-01"),
        ({"finished_at": DEADLINE}, "time"),
        ({"closed_at": DEADLINE + timedelta(minutes=19)}, "time"),
        ({"postponements": [Postponement(DEADLINE, "停电", DEADLINE)]}, "time"),
        ({"turns": [Turn(0, DEADLINE + timedelta(minutes=5))]}, "R-KEY-01"),
        ({"turns": [Turn(0, DEADLINE + timedelta(minutes=5))] * 2}, "turns"),
        ({"turns": [Turn(one, DEADLINE + timedelta(minutes=5)) for one in (0, 7)]}, "turns"),
        ({"turns": [Turn(one, DEADLINE - timedelta(hours=1)) for one in (0, 2)]}, "turns"),
        ({"turns": [Turn(one, DEADLINE + timedelta(minutes=9 - one)) for one in (0, 2)]}, "turns"),
        ({"needed": 4}, "malformed"),
        ({"fewest": 5}, "R-OPEN-04"),
        ({"fewest": 1}, "R-OPEN-04"),
        ({"keyholders": [KeyHolder("0" * 64, {})] * 3}, "keyholders"),
    ],
)
def test_an_unlawful_opening_is_named_in_both_forms(key, changes, code):
    full = opening_record(facts(key, **changes), SALT)
    assert code in codes(full)
    assert code in codes(public_opening_record(full))


def bid(number):
    return lambda record: record["envelopes"][number - 1]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda r: bid(2)(r).update(arrived_at=plain(DEADLINE)), "R-OPEN-02"),
        (lambda r: bid(2)(r).update(bidder_id="b-6"), "twice"),
        (lambda r: bid(2)(r)["manifest"].update(bidder="b-6"), "copied"),
        (lambda r: bid(2)(r)["manifest"].update(notice="b" * 64), "copied"),
        (lambda r: bid(2)(r)["manifest"]["opening_sheet"].update(price="-1"), "manifest"),
        (lambda r: bid(2)(r)["manifest"]["opening_sheet"].update(price="1.00"), "R-OPEN-07"),
        (lambda r: r["read_out"][0]["sheet"].update(price="1.00"), "R-OPEN-07"),
        (lambda r: r["read_out"].reverse(), "R-OPEN-07"),
        (lambda r: bid(2)(r).update(opened_by="0-1"), "R-KEY-01"),
        (lambda r: bid(2)(r).update(opened_by=None), "state"),
        (lambda r: bid(2)(r).update(sha256="f" * 64), "receipt"),
        (lambda r: bid(2)(r).update(sha256=bid(3)(r)["sha256"]), "copied"),
        (lambda r: bid(2)(r).update(bidder="他人"), "receipt"),
        (lambda r: bid(2)(r)["receipt"].update(size=11), "signature"),
        (lambda r: bid(2)(r).update(receipt={}), "signature"),
        (lambda r: bid(2)(r).update(state="lost"), "state"),
        (lambda r: bid(2)(r).update(lot="l-9"), "state"),
        (lambda r: bid(4)(r).update(manifest=bid(2)(r)["manifest"], opened_by="0-2"), "state"),
        (lambda r: bid(4)(r).update(withdrawn_at=plain(DEADLINE)), "R-OPEN-02"),
        (lambda r: bid(4)(r).update(withdrawn_at=None), "state"),
        (lambda r: bid(5)(r).update(failure=None), "state"),
        (lambda r: bid(5)(r)["failure"].update(tried=[]), "corrupt"),
        (lambda r: bid(5)(r)["failure"]["attempts"].pop(), "corrupt"),
        (lambda r: bid(5)(r)["failure"]["attempts"][1].update(keyholder=1), "corrupt"),
        (lambda r: bid(5)(r)["failure"]["attempts"][1].update(given_at=plain(DEADLINE)), "corrupt"),
        (lambda r: bid(5)(r)["failure"].update(error="Corrupt"), "corrupt"),
        (lambda r: r["session"].update(absences=[]), "corrupt"),
        (lambda r: r["session"]["absences"][0].update(confirmed_by="周明远"), "R-KEY-01"),
        (lambda r: r["session"]["absences"][0].update(keyholder=0), "absence"),
        (lambda r: r["session"]["absences"][0].update(keyholder=7), "absence"),
        (lambda r: r["session"]["absences"][0].update(confirmed_at=plain(DEADLINE)), "absence"),
        (lambda r: r["session"]["objections"][0].update(by="机构 b-6"), "R-OPEN-03"),
        (lambda r: r["session"]["objections"][0].update(answer=""), "R-OPEN-03"),
        (lambda r: r["session"].update(accepting=[]), "R-OPEN-03"),
        (lambda r: bid(1)(r).update(replaced_by="bid-2"), "replaced"),
        (lambda r: bid(1)(r).update(replaced_by=None), "state"),
        (lambda r: bid(7)(r).update(state="corrupt", failure=failure()), "R-OPEN-04"),
        (lambda r: r["envelopes"].reverse(), "order"),
        (lambda r: r["envelopes"].__delitem__(1), "R-OPEN-07"),
        (lambda r: r.__delitem__("turns"), "malformed"),
    ],
)
def test_a_forged_record_is_named_even_when_the_digests_are_made_anew(key, change, code):
    forged = copy.deepcopy(opening_record(facts(key), SALT))
    change(forged)
    assert code in codes(seal(forged))


def test_receipts_of_another_key_are_named(key, tmp_path):
    other = SigningKey(tmp_path / "other.key")
    bids = [*facts(key).envelopes]
    bids[5] = envelope(other, 6)
    assert codes(opening_record(facts(key, envelopes=bids), SALT)) == {"signature"}


def test_a_changed_part_is_found_by_its_digest(key):
    record = opening_record(facts(key), SALT)
    record["tender"]["number"] = "HP-2026-002"
    assert codes(record) == {"digest"}


def test_a_receipt_with_a_changed_word_does_not_fit(key):
    receipt = signed_receipt({"bid": "b"}, key)
    assert receipt_fits(receipt)
    assert not receipt_fits({**receipt, "bid": "c"})


def test_the_command_verifies_names_faults_and_tells_what_is_no_record(key, tmp_path):
    full = opening_record(facts(key), SALT)
    good, public, bad, none = (tmp_path / name for name in ("good", "public", "bad", "none"))
    good.write_bytes(written(full))
    public.write_bytes(written(public_opening_record(full)))
    bad.write_bytes(written(opening_record(facts(key, begun_at=DEADLINE - timedelta(seconds=1)), SALT)))
    none.write_bytes(b"[]")
    run = CliRunner().invoke
    assert run(verify_group, ["opening", str(good), "--other", str(public)]).exit_code == 0
    assert run(verify_group, ["opening", str(public), "--json"]).exit_code == 0
    told = run(verify_group, ["opening", str(bad), "--json"])
    assert (told.exit_code, json.loads(told.output)["faults"][0]["code"]) == (1, "R-OPEN-01")
    assert run(verify_group, ["opening", str(none)]).exit_code == 2
