"""What a bidder states beside the price: read strictly, compatible with bids that state nothing."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procurement.sealing import BidManifest
from procurement.sealing.errors import Corrupt
from procurement.sealing.manifest import canonical, read_manifest
from procurement.sealing.statement import DECLARATIONS, MEANS, SIGNATURES, SIZES, Member, Statement, read_statement

BID = BidManifest("t", "l", "n" * 64, "b", "0" * 32, {"price": "1.00"}, ())
TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=40)

STATEMENTS = st.builds(
    Statement,
    signature=st.sampled_from(SIGNATURES),
    members=st.lists(st.builds(Member, st.just("某事务所"), st.from_regex(r"\A[0-9A-Z]{18}\Z")), max_size=4).map(tuple),
    firm_size=st.sampled_from(SIZES),
    sme_employees=TEXT,
    sme_turnover=TEXT,
    deposit_amount=st.sampled_from(["", "1", "3600.50"]),
    deposit_means=st.sampled_from(["", *MEANS]),
    deposit_reference=TEXT,
    deposit_payer=TEXT,
    deposit_bank=TEXT,
    deposit_account=TEXT,
    deposit_paid_on=st.sampled_from(["", "2026-11-20"]),
    declarations=st.sets(st.sampled_from(DECLARATIONS)).map(lambda one: tuple(d for d in DECLARATIONS if d in one)),
)


@given(STATEMENTS)
def test_a_statement_survives_being_sealed(statement):
    bid = dataclasses.replace(BID, statement=statement)
    assert read_manifest(bid.to_json()) == bid


def test_a_bid_without_a_statement_is_the_same_octets_as_before():
    assert b"statement" not in BID.to_json()
    assert read_manifest(BID.to_json()).statement is None


@pytest.mark.parametrize(
    "wrong",
    [
        "text",
        [],
        {"signature": "seal"},
        {"firm_size": "huge"},
        {"deposit_means": "cash"},
        {"deposit_amount": "3,600"},
        {"deposit_paid_on": "yesterday"},
        {"sme_employees": 5},
        {"sme_turnover": "x" * 501},
        {"deposit_reference": "\x00"},
        {"declarations": "civil"},
        {"declarations": [1]},
        {"members": "name"},
        {"members": [{"name": "x"}]},
        {"members": [{"name": "x", "uscc": "short"}]},
        {"members": [{"name": " ", "uscc": "A" * 18}]},
        {"members": [{"name": "x", "uscc": "A" * 18}] * 21},
    ],
)
def test_a_hostile_statement_is_named_as_damage(wrong):
    content = {**Statement().plain(), **wrong} if isinstance(wrong, dict) else wrong
    with pytest.raises(Corrupt):
        read_statement(content)
    with pytest.raises(Corrupt):
        read_manifest(canonical({"format": "hengping-bid/1", **vars(BID), "files": [], "statement": content}))
