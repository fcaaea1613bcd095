"""The opening hall when not everybody comes, and what bidders may do in it (R-KEY-01, R-OPEN-03)."""

from __future__ import annotations

import base64
import io
import json
from datetime import timedelta
from decimal import Decimal

import pypdf
import pytest
from sqlalchemy import select

from core.errors import Forbidden, NotVisible, Refused
from core.identity.roles import Role
from core.notifications.models import Notification
from procurement.demonstration.bids import open_sealed, sealed_envelope, turn_key
from procurement.models import KeyholderAbsence, Objection, OpeningShare, Postponement
from procurement.queries.openings import absences_of, opening_of
from procurement.sealing.opening_record import verify_opening
from procurement.services.absences import (
    confirm_absence,
    confirm_postponement,
    drop_postponement,
    end_absence,
    propose_postponement,
    report_absence,
)
from procurement.services.closing import close_opening
from procurement.services.examination import fail_tender
from procurement.services.hall import answer_objection, object_to_opening, sign_in
from procurement.services.opening import begin_opening
from procurement.states import BidState, FailureGround, TenderState
from tests.factories.bids import FILES, acting, add_bid, pass_deadline, shift_clock, tender_with_bids
from tests.factories.identity import make_user


def ready(uow, **values):
    """A tender whose deadline has passed, with the approver as a second person."""
    scene = tender_with_bids(uow, **values)
    pass_deadline(uow, scene)
    scene.approver = uow.session.get(type(scene.officer), scene.tender.approved_by_id)
    return scene


def with_a_broken_envelope(uow, *subsets):
    """As `ready`, and one more bid whose secret is wrapped so that these subsets (or `0-1`) cannot open it."""
    scene = tender_with_bids(uow)
    bidder = make_user(uow, Role.AGENCY_MANAGER)
    envelope = sealed_envelope(scene.lot, bidder.memberships[0].organisation, price=Decimal(1), files=FILES)
    add_bid(uow, scene, "1.00", bidder=bidder, envelope=with_broken_wraps(envelope, subsets or ("0-1",)))
    pass_deadline(uow, scene)
    scene.approver = uow.session.get(type(scene.officer), scene.tender.approved_by_id)
    return scene


def with_broken_wraps(envelope: bytes, subsets) -> bytes:
    """The same envelope, the wrapped secret of these subsets replaced by as many other octets."""
    start = envelope.index(b"\n") + 1
    length = int.from_bytes(envelope[start : start + 4], "big")
    header = json.loads(envelope[start + 4 : start + 4 + length])
    for wrap in header["wraps"]:
        if "-".join(map(str, wrap["keyholders"])) not in subsets:
            continue
        wrap["secret"] = base64.b64encode(bytes(len(base64.b64decode(wrap["secret"])))).decode()
    encoded = json.dumps(header, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    return envelope[:start] + len(encoded).to_bytes(4, "big") + encoded + envelope[start + 4 + length :]


def begin(uow, scene):
    return begin_opening(acting(uow, scene.officer), scene.tender)


def turn(uow, scene, place):
    return turn_key(acting(uow, scene.holders[place]), scene.tender, scene.tender.keyholders[place], scene.keys[place])


def absent(uow, scene, place, reason="住院"):
    absence = report_absence(acting(uow, scene.officer), scene.tender, scene.tender.keyholders[place], reason)
    confirm_absence(acting(uow, scene.approver), scene.tender, absence)
    return absence


def test_a_damaged_envelope_waits_for_the_third_key_and_is_corrupt_once_that_is_confirmed_gone(uow):
    scene = with_a_broken_envelope(uow)
    begin(uow, scene)
    turn(uow, scene, 0)
    assert turn(uow, scene, 1).opened == 3
    broken = scene.bids[3]
    assert (broken.state, scene.tender.state) == (BidState.SEALED, TenderState.PUBLISHED)
    absent(uow, scene, 2)
    assert (broken.state, scene.tender.state) == (BidState.CORRUPT, TenderState.OPENED)
    assert broken.failure["tried"] == ["0-1"]
    assert [(one["keyholder"], one["result"]) for one in broken.failure["attempts"]] == [(0, "closed")]
    opening = close_opening(acting(uow, scene.officer), scene.tender)
    assert verify_opening(opening.record) == []
    assert verify_opening(opening.public_record) == []
    assert [one["keyholder"] for one in opening.record["session"]["absences"]] == [2]


def test_with_everybody_there_each_subset_is_tried_and_recorded_one_by_one(uow):
    scene = with_a_broken_envelope(uow, "0-1", "0-2", "1-2")
    begin(uow, scene)
    for place in (0, 1):
        turn(uow, scene, place)
    failure = scene.bids[3].failure
    assert failure["tried"] == ["0-1", "0-2", "1-2"]
    assert [(one["subset"], one["keyholder"]) for one in failure["attempts"]] == [("0-1", 0), ("0-2", 0), ("1-2", 1)]
    assert all(len(one["layer"]) == 64 for one in failure["attempts"])
    record = close_opening(acting(uow, scene.officer), scene.tender).record
    assert verify_opening(record) == []


def test_a_reported_absence_counts_only_once_a_second_person_confirms_it(uow):
    scene = with_a_broken_envelope(uow)
    begin(uow, scene)
    turn(uow, scene, 0)
    turn(uow, scene, 1)
    officer = acting(uow, scene.officer)
    absence = report_absence(officer, scene.tender, scene.tender.keyholders[2], "出差未归")
    assert scene.bids[3].state is BidState.SEALED
    with pytest.raises(Forbidden, match="R-KEY-01"):
        confirm_absence(officer, scene.tender, absence)
    with pytest.raises(Refused):
        report_absence(officer, scene.tender, scene.tender.keyholders[2], "又一次")
    confirm_absence(acting(uow, scene.approver), scene.tender, absence)
    assert scene.bids[3].state is BidState.CORRUPT
    with pytest.raises(Refused):
        end_absence(officer, scene.tender, absence)


def test_a_keyholder_who_comes_after_all_opens_the_bids(uow):
    scene = ready(uow)
    begin(uow, scene)
    absence = absent(uow, scene, 0)
    turn(uow, scene, 1)
    with pytest.raises(Refused) as refused:
        turn(uow, scene, 0)
    assert refused.value.refusals[0].rule_id == "R-KEY-01"
    end_absence(acting(uow, scene.officer), scene.tender, absence)
    turn(uow, scene, 0)
    assert turn(uow, scene, 1).finished


def test_one_absent_keyholder_of_three_hinders_nothing(uow):
    scene = ready(uow)
    begin(uow, scene)
    absent(uow, scene, 0)
    turn(uow, scene, 1)
    assert turn(uow, scene, 2).finished
    assert verify_opening(close_opening(acting(uow, scene.officer), scene.tender).record) == []


def test_with_fewer_than_needed_nothing_is_opened_and_the_opening_is_put_off_with_notice(uow):
    scene = ready(uow)
    begin(uow, scene)
    turn(uow, scene, 0)
    absent(uow, scene, 1)
    absent(uow, scene, 2)
    assert {bid.state for bid in scene.bids} == {BidState.SEALED}
    later = uow.now + timedelta(days=1)
    officer = acting(uow, scene.officer)
    postponement = propose_postponement(officer, scene.tender, later, "两名密钥持有人住院")
    with pytest.raises(Forbidden):
        confirm_postponement(officer, scene.tender, postponement)
    confirm_postponement(acting(uow, scene.approver), scene.tender, postponement)
    told = uow.session.scalars(select(Notification.user_id).where(Notification.kind == "opening.postponed")).all()
    assert {one.id for one in scene.bidders} <= set(told)
    end_absence(acting(uow, scene.officer), scene.tender, absences_of(uow, scene.tender)[0])
    with pytest.raises(Refused):
        turn(uow, scene, 1)
    with pytest.raises(Refused):
        add_bid(uow, scene, "5.00", bidder=scene.bidders[0])
    shift_clock(uow, timedelta(days=1, minutes=1))
    assert turn(uow, scene, 1).finished
    record = close_opening(acting(uow, scene.officer), scene.tender).record
    assert verify_opening(record) == []
    assert record["session"]["postponements"][0]["reason"] == "两名密钥持有人住院"


def test_an_opening_is_never_put_off_in_the_middle(uow):
    scene = with_a_broken_envelope(uow)
    begin(uow, scene)
    turn(uow, scene, 0)
    turn(uow, scene, 1)
    with pytest.raises(Refused, match="已有投标开启"):
        propose_postponement(acting(uow, scene.officer), scene.tender, uow.now + timedelta(days=1), "想改天")


def test_a_postponement_may_come_before_the_opening_and_be_taken_back(uow):
    scene = ready(uow)
    officer = acting(uow, scene.officer)
    with pytest.raises(Refused):
        propose_postponement(officer, scene.tender, uow.now - timedelta(minutes=1), "")
    postponement = propose_postponement(officer, scene.tender, uow.now + timedelta(hours=2), "停电")
    with pytest.raises(Refused, match="等待确认"):
        propose_postponement(officer, scene.tender, uow.now + timedelta(hours=3), "停电")
    drop_postponement(officer, scene.tender, postponement)
    again = propose_postponement(officer, scene.tender, uow.now + timedelta(hours=2), "停电")
    confirm_postponement(acting(uow, scene.approver), scene.tender, again)
    with pytest.raises(Refused, match="延期"):
        begin(uow, scene)
    assert opening_of(uow, scene.tender) is None


def test_lost_keys_let_the_tender_fail_with_its_reason_and_everything_stays_sealed(uow):
    scene = ready(uow)
    approver = acting(uow, scene.approver)
    with pytest.raises(Refused) as refused:
        fail_tender(approver, scene.tender, FailureGround.CANNOT_OPEN, "密钥丢失")
    assert refused.value.refusals[0].rule_id == "R-KEY-01"
    absent(uow, scene, 0)
    absent(uow, scene, 1)
    fail_tender(acting(uow, scene.approver), scene.tender, FailureGround.CANNOT_OPEN, "两把密钥损坏，无法开启")
    assert scene.tender.state is TenderState.FAILED
    assert {bid.state for bid in scene.bids} == {BidState.SEALED}
    told = uow.session.scalars(select(Notification.user_id).where(Notification.kind == "tender.failed")).all()
    assert {one.id for one in scene.bidders} <= set(told)


def test_nothing_of_the_kind_before_the_deadline_or_by_others(uow):
    scene = tender_with_bids(uow)
    officer = acting(uow, scene.officer)
    holder = scene.tender.keyholders[0]
    with pytest.raises(Refused):
        report_absence(officer, scene.tender, holder, "住院")
    with pytest.raises(Refused):
        sign_in(acting(uow, scene.bidders[0]), scene.bids[0])
    pass_deadline(uow, scene)
    for stranger in (scene.bidders[0], make_user(uow, Role.PROCUREMENT_SUPERVISOR)):
        with pytest.raises(Forbidden):
            report_absence(acting(uow, stranger), scene.tender, holder, "住院")
    other = tender_with_bids(uow, ())
    with pytest.raises(NotVisible):
        report_absence(acting(uow, scene.officer), scene.tender, other.tender.keyholders[0], "住院")


def opened(uow):
    scene = ready(uow)
    sign_in(acting(uow, scene.bidders[0]), scene.bids[0])
    begin(uow, scene)
    turn(uow, scene, 0)
    turn(uow, scene, 1)
    return scene


def test_an_objection_is_answered_on_the_spot_and_stands_in_the_record(uow):
    scene = opened(uow)
    objection = object_to_opening(acting(uow, scene.bidders[0]), scene.bids[0], "唱标的服务期限与投标文件不一致")
    with pytest.raises(Refused) as refused:
        close_opening(acting(uow, scene.officer), scene.tender)
    assert refused.value.refusals[0].rule_id == "R-OPEN-03"
    answer_objection(acting(uow, scene.officer), scene.tender, objection, "经当场核对开标一览表，一致")
    record = close_opening(acting(uow, scene.officer), scene.tender).record
    assert verify_opening(record) == []
    assert [one["answer"] for one in record["session"]["objections"]] == ["经当场核对开标一览表，一致"]
    assert record["session"]["present"] == [scene.bidder_organisation(0).name]
    assert len(record["session"]["accepting"]) == 2
    with pytest.raises(Refused):
        object_to_opening(acting(uow, scene.bidders[0]), scene.bids[0], "太晚了")


def test_who_did_not_sign_in_or_did_not_bid_cannot_object(uow):
    scene = opened(uow)
    with pytest.raises(Refused, match="签到"):
        object_to_opening(acting(uow, scene.bidders[1]), scene.bids[1], "异议")
    with pytest.raises(Forbidden):
        object_to_opening(acting(uow, scene.bidders[1]), scene.bids[0], "异议")
    with pytest.raises(Refused):
        object_to_opening(acting(uow, scene.bidders[0]), scene.bids[0], "  ")
    assert sign_in(acting(uow, scene.bidders[1]), scene.bids[1]) is sign_in(
        acting(uow, scene.bidders[1]), scene.bids[1]
    )


def test_the_bidders_page_signs_in_shows_the_sheets_and_takes_an_objection_once(uow, client_as):
    scene = ready(uow)
    address = f"/bids/{scene.bids[0].id}/opening"
    bidder = client_as(scene.bidders[0])
    assert "签到" in bidder.get(address).text
    assert bidder.post(f"{address}/sign-in").status_code == 302
    begin(uow, scene)
    turn(uow, scene, 0)
    assert scene.bidder_organisation(1).name not in bidder.get(address).text
    turn(uow, scene, 1)
    page = bidder.page(address)
    assert scene.bidder_organisation(1).name in page.text
    form = page.find("form", action=f"{address}/objection")
    sent = {one["name"]: one.get("value", "") for one in form.find_all("input")} | {"words": "价格念错了"}
    assert bidder.post(f"{address}/objection", data=sent).status_code == 302
    assert bidder.post(f"{address}/objection", data=sent).status_code == 302
    objection = uow.session.scalars(select(Objection)).one()
    assert bidder.post(f"{address}/objection", data={"words": ""}).status_code == 422
    assert client_as(scene.bidders[1]).get(address).status_code == 404
    officer = client_as(scene.officer)
    hall = f"/tenders/{scene.tender.id}/opening"
    assert "还有 1 项异议没有答复" in officer.get(hall).text
    assert officer.post(f"{hall}/close").status_code == 409
    answered = officer.post(f"{hall}/objection/{objection.id}", data={"answer": "已核对"})
    assert answered.status_code == 302
    assert officer.post(f"{hall}/close").status_code == 302
    assert "已核对" in bidder.get(address).text
    for browser, where in ((officer, f"{hall}/record.pdf"), (bidder, f"/bids/{scene.bids[0].id}/opening-record.pdf")):
        text = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(browser.get(where).data)).pages)
        text = "".join(text.split())
        for word in (
            "开标记录",
            "价格念错了",
            "已核对",
            "156,000.00",
            "壹拾伍万陆仟元整",
            scene.bidder_organisation(2).name,
        ):
            assert word in text


def test_two_officers_in_the_hall_report_confirm_and_put_off(uow, client_as):
    scene = ready(uow)
    hall = f"/tenders/{scene.tender.id}/opening"
    officer, approver = client_as(scene.officer), client_as(scene.approver)
    form = {"keyholder": str(scene.tender.keyholders[0].id), "reason": "住院"}
    assert officer.get(f"{hall}/absence").status_code == 200
    assert officer.post(f"{hall}/absence", data={"reason": ""}).status_code == 422
    assert officer.post(f"{hall}/absence", data=form).status_code == 302
    absence = uow.session.scalars(select(KeyholderAbsence)).one()
    assert officer.post(f"{hall}/absence/{absence.id}/confirm").status_code == 403
    assert "核实确认" in approver.get(hall).text
    assert approver.post(f"{hall}/absence/{absence.id}/confirm").status_code == 302
    assert officer.post(f"{hall}/absence/{scene.tender.id}/confirm").status_code == 404
    until = (uow.now + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")
    assert officer.get(f"{hall}/postponement").status_code == 200
    assert officer.post(f"{hall}/postponement", data={"until": until, "reason": "人手不足"}).status_code == 302
    postponement = uow.session.scalars(select(Postponement)).one()
    assert approver.post(f"{hall}/postponement/{postponement.id}/confirm").status_code == 302
    assert "开标延期至" in client_as(scene.bidders[0]).get(f"/bids/{scene.bids[0].id}/opening").text
    assert officer.post(f"{hall}/absence/{absence.id}/end").status_code == 302
    assert client_as(scene.bidders[0]).get(f"{hall}/absence").status_code in (403, 404)


def test_the_evaluation_does_not_begin_before_the_session_is_closed(uow):
    from procurement.services.committee import starting_refusals

    scene = opened(uow)
    assert "R-OPEN-03" in {one.rule_id for one in starting_refusals(uow, scene.tender)}
    close_opening(acting(uow, scene.officer), scene.tender)
    assert "R-OPEN-03" not in {one.rule_id for one in starting_refusals(uow, scene.tender)}


def test_a_record_is_closed_only_by_the_officer_and_once(uow):
    scene = opened(uow)
    with pytest.raises(Forbidden):
        close_opening(acting(uow, scene.holders[0]), scene.tender)
    close_opening(acting(uow, scene.officer), scene.tender)
    with pytest.raises(Refused):
        close_opening(acting(uow, scene.officer), scene.tender)


def test_the_last_key_is_never_stored(uow):
    scene = ready(uow)
    open_sealed(
        acting(uow, scene.officer),
        scene.tender,
        [(acting(uow, scene.holders[place]), scene.keys[place]) for place in (0, 1)],
    )
    for row in uow.session.scalars(select(OpeningShare).where(OpeningShare.result == "key")):
        assert row.material == ""
