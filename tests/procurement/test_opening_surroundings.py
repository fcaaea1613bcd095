"""What stands around an opening: to-do lists, the demonstration's keys, what a bidder may see afterwards."""

from __future__ import annotations

import pytest

from core.identity.roles import Role
from procurement.demonstration.bids import PASSPHRASES, demonstration_key_for, demonstration_keys, open_sealed
from procurement.sealing import fingerprint, read_key_file
from procurement.services.bidding import withdraw_bid
from procurement.services.opening import begin_opening
from procurement.tasks.bids import bid_tasks
from tests.factories.bids import acting, open_for_bids, opened_tender, pass_deadline, tender_with_bids
from tests.factories.identity import make_user


def titles(app, uow, user) -> list[tuple[str, str]]:
    with app.test_request_context():
        return [(str(task.title), task.group) for task in bid_tasks(acting(uow, user))]


def test_officer_and_keyholders_are_told_when_it_is_their_turn(app, uow):
    scene = tender_with_bids(uow)
    assert titles(app, uow, scene.officer) == []
    assert titles(app, uow, scene.holders[0]) == [("到时参加开标，带好密钥文件和口令", "waiting")]
    pass_deadline(uow, scene)
    assert titles(app, uow, scene.officer) == [("宣布开标", "mine")]
    begin_opening(acting(uow, scene.officer), scene.tender)
    assert titles(app, uow, scene.officer) == []
    assert titles(app, uow, scene.holders[0]) == [("使用密钥解封投标", "mine")]
    assert titles(app, uow, make_user(uow, Role.KEYHOLDER)) == []


def test_a_visitor_of_the_demonstration_finds_the_keyholder_s_file_and_passphrase(uow, client_as, house):
    scene = open_for_bids(uow)
    holder = scene.tender.keyholders[0]
    assert demonstration_key_for(house, holder) is None
    keys = demonstration_keys(house)
    for one, key in zip(scene.tender.keyholders, keys, strict=True):
        one.public_key, one.fingerprint = key.recipient, fingerprint(key.recipient)
    uow.session.flush()
    assert [key.recipient for key in demonstration_keys(house)] == [key.recipient for key in keys]
    browser = client_as(scene.holders[0])
    file = browser.get(f"/tenders/{scene.tender.id}/opening/demonstration-key.age")
    assert read_key_file(file.data, PASSPHRASES[0]).recipient == keys[0].recipient
    stranger = client_as(make_user(uow, Role.KEYHOLDER))
    assert stranger.get(f"/tenders/{scene.tender.id}/opening/demonstration-key.age").status_code in (403, 404)


def test_a_real_key_is_never_offered(uow, client_as, house):
    demonstration_keys(house)
    scene = open_for_bids(uow)
    address = f"/tenders/{scene.tender.id}/opening/demonstration-key.age"
    assert client_as(scene.holders[0]).get(address).status_code == 404


@pytest.mark.parametrize("withdrawn", [False, True])
def test_whoever_took_part_sees_the_sheets_and_whoever_withdrew_does_not(uow, client_as, withdrawn):
    scene = tender_with_bids(uow, ("1.00", "2.00", "3.00", "4.00"))
    if withdrawn:
        withdraw_bid(acting(uow, scene.bidders[3]), scene.bids[3])
    pass_deadline(uow, scene)
    turns = [(acting(uow, scene.holders[place]), scene.keys[place]) for place in (0, 1)]
    open_sealed(acting(uow, scene.officer), scene.tender, turns)
    page = client_as(scene.bidders[3]).get(f"/bids/{scene.bids[3].id}")
    assert (scene.bidder_organisation(0).name in page.text) is not withdrawn


def test_supervision_watches_and_never_turns_a_key(uow, client_as):
    scene = opened_tender(uow)
    watcher = client_as(make_user(uow, Role.PROCUREMENT_SUPERVISOR))
    page = watcher.get(f"/tenders/{scene.tender.id}/opening")
    assert page.status_code == 200
    assert scene.bidder_organisation(0).name in page.text
    assert watcher.get(f"/tenders/{scene.tender.id}/opening/record-public.json").status_code == 200
    assert watcher.get(f"/tenders/{scene.tender.id}/opening/shares").status_code == 403
    assert watcher.post(f"/tenders/{scene.tender.id}/opening/begin").status_code == 403


def test_everybody_else_gets_nothing_of_the_hall(uow, client, client_as):
    scene = opened_tender(uow)
    address = f"/tenders/{scene.tender.id}/opening"
    assert client.get(address).status_code == 302
    for role in (Role.AGENCY_MANAGER, Role.EXPERT, Role.UNIT_OFFICER, Role.QUALITY_OFFICER):
        assert client_as(make_user(uow, role)).get(address).status_code in (403, 404)
