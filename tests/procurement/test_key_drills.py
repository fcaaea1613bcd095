"""Keyholders try their keys before publication and again the day before the opening (R-KEY-01)."""

from __future__ import annotations

import base64
from datetime import timedelta

import pyrage
import pytest
from sqlalchemy import select

from core.errors import NotVisible, Refused
from core.notifications.models import Notification
from procurement.drafting.drill_check import drill_due, passed_drills, second_drill_from, stale_drills
from procurement.drafting.lawfulness import breaches, checklist
from procurement.sealing import new_key
from procurement.services.amending import publish_amendment, submit_amendment
from procurement.services.amendment_keys import register_new_key, set_new_keyholders
from procurement.services.drills import finish_drill, start_drill
from procurement.services.keys import register_key
from procurement.tasks.drills import drill_tasks
from tests.factories.bids import acting, open_for_bids, opened_tender, shift_clock
from tests.factories.clarifications import drafted_amendment
from tests.factories.procurement import draft_tender, published_tender


def drill(uow, purchase, place, key=None):
    holder = acting(uow, purchase.holders[place])
    made, material = start_drill(holder, purchase.tender)
    secret = (key or purchase.keys[place]).secret
    inside = pyrage.decrypt(base64.b64decode(material), [pyrage.x25519.Identity.from_str(secret)])
    finish_drill(holder, purchase.tender, made, base64.b64encode(inside).decode())
    return made


def warned(uow, tender):
    return [one for one in checklist(uow, tender) if one.rule_id == "R-KEY-01" and one.level == "warn"]


def test_publication_is_warned_until_every_key_has_been_tried(uow):
    purchase = draft_tender(uow)
    assert len(warned(uow, purchase.tender)) == 1
    for place in range(3):
        drill(uow, purchase, place)
    assert warned(uow, purchase.tender) == []
    assert "R-KEY-01" not in {one.rule_id for one in breaches(uow, purchase.tender)}


def test_another_key_needs_another_drill(uow):
    purchase = draft_tender(uow)
    for place in range(3):
        drill(uow, purchase, place)
    changed = new_key()
    register_key(acting(uow, purchase.holders[0]), purchase.tender, changed.recipient)
    assert purchase.tender.keyholders[0].id not in passed_drills(uow, purchase.tender)
    assert len(warned(uow, purchase.tender)) == 1
    drill(uow, purchase, 0, changed)
    assert warned(uow, purchase.tender) == []


def test_a_drill_goes_stale_with_its_key_and_the_holder_is_asked_again(uow, client_as, app):
    purchase = published_tender(uow)
    tender = purchase.tender
    for place in range(3):
        drill(uow, purchase, place)
    amendment, changed = drafted_amendment(uow, purchase, {}, reason="更换密钥"), new_key()
    officer = acting(uow, purchase.officer)
    set_new_keyholders(officer, amendment, purchase.holders, 2)
    register_new_key(acting(uow, purchase.holders[0]), amendment, changed.recipient)
    submit_amendment(officer, amendment)
    publish_amendment(acting(uow, purchase.approver), amendment)
    assert stale_drills(uow, tender) == {tender.keyholders[0].id}
    told = uow.session.scalars(select(Notification.user_id).where(Notification.kind == "key.drill-again")).all()
    assert told == [purchase.holders[0].id]
    with app.test_request_context():
        words = [str(one.title) for one in drill_tasks(acting(uow, purchase.holders[0]))]
    assert words == ["密钥已更换，原演练失效：请用新密钥重新演练"]
    assert "原演练已失效" in client_as(purchase.holders[0]).get(f"/tenders/{tender.id}/key").text
    drill(uow, purchase, 0, changed)
    assert stale_drills(uow, tender) == frozenset()


def test_a_wrong_answer_and_anothers_drill_pass_nothing(uow):
    purchase = draft_tender(uow)
    holder = acting(uow, purchase.holders[0])
    made, _material = start_drill(holder, purchase.tender)
    for answer in ("", "no base64!", base64.b64encode(b"guess").decode()):
        with pytest.raises(Refused):
            finish_drill(holder, purchase.tender, made, answer)
    with pytest.raises(NotVisible):
        finish_drill(acting(uow, purchase.holders[1]), purchase.tender, made, "")
    with pytest.raises(Refused):
        start_drill(acting(uow, purchase.officer), purchase.tender)
    assert passed_drills(uow, purchase.tender) == {}


def test_keyholders_are_reminded_at_once_and_the_day_before(app, uow):
    scene = open_for_bids(uow)
    with app.test_request_context():
        holder = acting(uow, scene.holders[0])
        assert len([*drill_tasks(holder)]) == 1
        drill(uow, scene, 0)
        assert [*drill_tasks(acting(uow, scene.holders[0]))] == []
        shift_clock(uow, second_drill_from(scene.tender.deadline) - uow.now + timedelta(minutes=1))
        assert len([*drill_tasks(acting(uow, scene.holders[0]))]) == 1
        drill(uow, scene, 0)
        assert [*drill_tasks(acting(uow, scene.holders[0]))] == []
    assert not drill_due(scene.tender, None, scene.tender.deadline)


def test_after_the_opening_there_is_nothing_to_try(uow):
    scene = opened_tender(uow)
    with pytest.raises(Refused):
        start_drill(acting(uow, scene.holders[0]), scene.tender)


def test_the_pages_requests_and_what_the_hall_shows(uow, client_as):
    scene = open_for_bids(uow)
    browser, address = client_as(scene.holders[0]), f"/tenders/{scene.tender.id}/key"
    assert browser.page(address).find(attrs={"data-drill": True}) is not None
    started = browser.post(f"{address}/drill", headers={"Accept": "application/json"}).json
    secret = pyrage.x25519.Identity.from_str(scene.keys[0].secret)
    inside = pyrage.decrypt(base64.b64decode(started["material"]), [secret])
    wrong = browser.post(started["url"], json={"answer": "AAAA"}, headers={"Accept": "application/json"})
    assert wrong.status_code == 409
    assert browser.post(started["url"], json=[], headers={"Accept": "application/json"}).status_code == 409
    assert browser.post(started["url"], json={"answer": base64.b64encode(inside).decode()}).json == {"passed": True}
    assert "演练通过" in client_as(scene.officer).get(f"/tenders/{scene.tender.id}/opening").text
    assert client_as(scene.officer).post(f"{address}/drill").status_code == 403
