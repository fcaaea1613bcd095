"""Bids to an older version: confirmed, replaced or set aside, and what the opening's record proves of it."""

from __future__ import annotations

import pytest
from flask import current_app
from sqlalchemy import func, select

from core.errors import Forbidden, Refused
from core.identity.roles import Role
from core.notifications.models import Notification
from core.records import canonical
from core.signing import signature_fits
from procurement.demonstration.bids import open_sealed
from procurement.models import BidConfirmation
from procurement.queries.amendments import answer_of
from procurement.sealing import new_key
from procurement.sealing.opening_record import verify_opening
from procurement.services.amending import (
    change_amendment,
    publish_amendment,
    start_amendment,
    submit_amendment,
)
from procurement.services.amendment_keys import register_new_key, set_new_keyholders
from procurement.services.confirming import confirm_bid
from procurement.states import BidState, Consequence, TenderState
from procurement.tasks.clarifications import clarification_tasks
from tests.factories.bids import acting, add_bid, pass_deadline
from tests.factories.clarifications import (
    amended_tender,
    published_tender,
    scene_of,
)
from tests.factories.identity import make_user

PLACE = {"opening_place": "区行政中心五楼开标室"}


def rules_of(raised) -> list[str | None]:
    return [one.rule_id for one in raised.value.refusals]


def tasks_of(uow, user) -> list[str]:
    with current_app.test_request_context():
        return [str(one.title) for one in clarification_tasks(acting(uow, user))]


def opened(uow, scene):
    """The opening held by the first two keyholders after the deadline."""
    pass_deadline(uow, scene)
    turns = [(acting(uow, scene.holders[place]), scene.keys[place]) for place in (0, 1)]
    return open_sealed(acting(uow, scene.officer), scene.tender, turns)


def test_an_unconfirmed_bid_is_not_opened_and_the_records_verify(uow):
    """R-TENDER-05, R-OPEN-07: what each bid answered stands in the opening's record, which still verifies."""
    purchase = published_tender(uow)
    scene = scene_of(purchase)
    for price in ("150000.00", "160000.00", "170000.00", "165000.00", "155000.00"):
        add_bid(uow, scene, price)
    first = purchase.tender.record_hash
    second = amended_tender(uow, purchase, PLACE).record_hash
    confirmed, replaced, silent = scene.bidders[:3]
    assert "采购文件已更正：确认或者替换投标" in tasks_of(uow, confirmed)
    confirm_bid(acting(uow, confirmed), scene.bids[0])
    assert tasks_of(uow, confirmed) == []
    add_bid(uow, scene, "158000.00", replaced)
    for place in (3, 4):
        confirm_bid(acting(uow, scene.bidders[place]), scene.bids[place])
    opening = opened(uow, scene)
    uow.session.expire_all()
    assert [bid.state for bid in scene.bids] == [
        BidState.OPENED,
        BidState.SUPERSEDED,
        BidState.LAPSED,
        BidState.OPENED,
        BidState.OPENED,
        BidState.OPENED,
    ]
    assert purchase.tender.state is TenderState.OPENED
    for record in (opening.record, opening.public_record):
        assert verify_opening(record) == []
    full = opening.record
    assert [one["hash"] for one in full["tender"]["versions"]] == [first, second]
    states = {one["bid"]: (one["sealed_for"], one["answered"]) for one in full["envelopes"]}
    assert states[str(scene.bids[0].id)] == (first, second)
    assert states[str(scene.bids[5].id)] == (second, second)
    assert states[str(scene.bids[2].id)] == (first, first)
    assert uow.session.scalar(select(func.count()).where(Notification.kind == "bid.lapsed")) == 1
    assert silent.id in set(uow.session.scalars(select(Notification.user_id).where(Notification.kind == "bid.lapsed")))


@pytest.mark.parametrize("damage", ["confirmation", "answered", "lapsed-as-opened", "versions"])
def test_a_forged_answer_in_the_record_is_found(uow, damage):
    purchase = published_tender(uow)
    scene = scene_of(purchase)
    for price in ("150000.00", "160000.00", "170000.00"):
        add_bid(uow, scene, price)
    amended_tender(uow, purchase, PLACE)
    for user, bid in zip(scene.bidders, scene.bids, strict=True):
        confirm_bid(acting(uow, user), bid)
    record = opened(uow, scene).record
    from core.records import seal

    forged = {name: value for name, value in record.items() if name != "digests"}
    envelope = forged["envelopes"][0]
    if damage == "confirmation":
        envelope["confirmation"] = {**envelope["confirmation"], "sha256": "0" * 64}
    elif damage == "answered":
        envelope["confirmation"] = None
    elif damage == "lapsed-as-opened":
        envelope["answered"] = envelope["sealed_for"]
    else:
        forged["tender"] = {**forged["tender"], "versions": forged["tender"]["versions"][:1]}
    assert verify_opening(seal(forged))


def test_too_few_confirmed_bids_fail_the_tender(uow):
    """R-OPEN-04 counts only bids to the current version."""
    purchase = published_tender(uow)
    scene = scene_of(purchase)
    for price in ("150000.00", "160000.00", "170000.00"):
        add_bid(uow, scene, price)
    amended_tender(uow, purchase, PLACE)
    confirm_bid(acting(uow, scene.bidders[0]), scene.bids[0])
    assert opened(uow, scene) is None
    assert purchase.tender.state is TenderState.FAILED


def test_a_confirmation_binds_the_envelope_to_the_version_and_is_signed(uow):
    purchase = published_tender(uow)
    scene = scene_of(purchase)
    bid = add_bid(uow, scene, "150000.00")
    version = amended_tender(uow, purchase, PLACE)
    row = confirm_bid(acting(uow, scene.bidders[0]), bid)
    said = dict(row.statement)
    signature = said.pop("signature")
    assert (said["sha256"], said["notice_hash"]) == (bid.sha256, version.record_hash)
    assert signature_fits(said["public_key"], signature, canonical(said))
    assert confirm_bid(acting(uow, scene.bidders[0]), bid).id == row.id
    with pytest.raises(Forbidden):
        confirm_bid(acting(uow, purchase.officer), bid)
    with pytest.raises(Forbidden):
        confirm_bid(acting(uow, make_user(uow, Role.AGENCY_MANAGER)), bid)
    amended_tender(uow, purchase, {"contact_name": "顾经办"})
    assert answer_of(uow, bid).asks is Consequence.CONFIRM


def test_a_bid_that_must_be_sealed_again_cannot_be_confirmed(uow):
    purchase = published_tender(uow)
    scene = scene_of(purchase)
    bid = add_bid(uow, scene, "150000.00")
    amended_tender(uow, purchase, {"requirement": "新的要求"}, is_material=True, consequence=Consequence.RESEAL)
    amended_tender(uow, purchase, PLACE)
    with pytest.raises(Refused) as refused:
        confirm_bid(acting(uow, scene.bidders[0]), bid)
    assert rules_of(refused) == ["R-TENDER-05"]
    assert "采购文件已更正：重新密封递交投标" in tasks_of(uow, scene.bidders[0])
    assert answer_of(uow, add_bid(uow, scene, "149000.00", scene.bidders[0])).asks is None
    assert uow.session.scalar(select(BidConfirmation.id)) is None


def test_other_keyholders_come_by_amendment_and_every_bid_is_sealed_again(uow):
    """R-KEY-01: the set is frozen at publication; a change is an amendment and new envelopes."""
    purchase = published_tender(uow)
    scene = scene_of(purchase)
    tender = purchase.tender
    old = add_bid(uow, scene, "150000.00")
    clerk = acting(uow, purchase.officer)
    amendment = start_amendment(clerk, tender)
    fresh, key = make_user(uow, Role.KEYHOLDER, organisation=purchase.officer.memberships[0].organisation), new_key()
    set_new_keyholders(clerk, amendment, [*purchase.holders[:2], fresh], 2)
    change_amendment(clerk, amendment, {}, reason="持有人调离", is_material=False, consequence=Consequence.CONFIRM)
    assert amendment.consequence is Consequence.RESEAL
    with pytest.raises(Refused) as refused:
        submit_amendment(clerk, amendment)
    assert "R-KEY-01" in rules_of(refused)
    assert "为更正生成并登记开标密钥" in tasks_of(uow, fresh)
    with pytest.raises(Refused):
        register_new_key(acting(uow, purchase.holders[2]), amendment, key.recipient)
    with pytest.raises(Refused):
        register_new_key(acting(uow, fresh), amendment, purchase.keys[0].recipient)
    register_new_key(acting(uow, fresh), amendment, key.recipient)
    submit_amendment(acting(uow, purchase.officer), amendment)
    with pytest.raises(Refused):
        register_new_key(acting(uow, fresh), amendment, new_key().recipient)
    publish_amendment(acting(uow, purchase.approver), amendment)
    uow.session.expire_all()
    assert [one.user_id for one in tender.keyholders] == [one.id for one in [*purchase.holders[:2], fresh]]
    assert answer_of(uow, old).asks is Consequence.RESEAL
    scene.holders[2], scene.keys[2] = fresh, key
    for user, price in ((scene.bidders[0], "150000.00"), (None, "160000.00"), (None, "170000.00")):
        add_bid(uow, scene, price, user)
    pass_deadline(uow, scene)
    turns = [(acting(uow, scene.holders[place]), scene.keys[place]) for place in (1, 2)]
    opening = open_sealed(acting(uow, scene.officer), tender, turns)
    assert verify_opening(opening.record) == []
