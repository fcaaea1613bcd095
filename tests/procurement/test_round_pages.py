"""Pages of invitations, rounds and final offers."""

from __future__ import annotations

import base64
import io
from datetime import timedelta

from core.documents.uploads import UploadSession
from core.identity.roles import Role
from procurement.queries.rounds import call_of, standing_offer
from procurement.sealing.opening_record import verify_opening
from procurement.services.invitations import Candidates, lock_candidates
from procurement.states import InvitationSource, Method
from tests.factories.bids import acting, shift_clock
from tests.factories.identity import make_organisation, make_user
from tests.factories.procurement import draft_tender
from tests.factories.rounds import called, final_envelope, in_talks, offered, peeled, talked
from tests.fixtures.forms import filled


def page(client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, answer.text
    return answer.text


def test_candidates_are_locked_by_one_person_and_drawn_by_another(uow, client_as):
    purchase = draft_tender(uow, method=Method.INVITED_TENDER)
    found = [make_organisation(uow) for _one in range(4)]
    officer, approver = client_as(purchase.officer), client_as(purchase.approver)
    address = f"/tenders/{purchase.tender.id}/invitation"
    fields = filled(officer.get(address))
    bad = officer.post(f"{address}/candidates", data={**fields, "source": "pool", "suppliers": [str(found[0].id)]})
    assert bad.status_code == 422
    assert "R-TENDER-10" in bad.text
    fields = filled(officer.get(address))
    wanted = [str(one.id) for one in found]
    answer = officer.post(f"{address}/candidates", data={**fields, "source": "pool", "suppliers": wanted})
    assert answer.status_code == 302
    assert "请另一人打开本页抽取" in page(officer, address)
    assert approver.post(f"{address}/draw").status_code == 302
    assert len(purchase.tender.invitations) == 3
    assert officer.get(f"{address}/record.json").get_json()["kind"] == "invitation"
    page(client_as(make_user(uow, Role.AGENCY_MANAGER)), address, 404)


def test_a_consultation_may_invite_recommended_suppliers(uow, client_as):
    purchase = draft_tender(uow, method=Method.CONSULTATION)
    named = make_organisation(uow)
    client, address = client_as(purchase.officer), f"/tenders/{purchase.tender.id}/invitation"
    assert "锁定候选名单" in page(client, address)
    sent = {"named-origin": "expert", "named-recommended": [str(named.id)]}
    assert client.post(f"{address}/recommendations", data=sent).status_code == 302
    assert [one.supplier_id for one in purchase.tender.invitations] == [named.id]
    entry = Candidates(InvitationSource.POOL, [make_organisation(uow) for _one in range(3)], 3)
    lock_candidates(acting(uow, purchase.officer), purchase.tender, entry)
    text = page(client_as(purchase.officer), f"/tenders/{purchase.tender.id}/invitation")
    assert "书面推荐" in text
    assert "邀请供应商" in page(client_as(purchase.officer), f"/tenders/{purchase.tender.id}")


def test_an_officer_records_rounds_and_calls_for_final_offers(uow, client_as):
    scene = in_talks(uow)
    client, address = client_as(scene.officer), f"/tenders/{scene.tender.id}/rounds"
    for bid in scene.bids:
        fields = filled(client.get(address))
        answer = client.post(f"{address}/record", data={**fields, "bid": str(bid.id), "minutes": "讨论样本量"})
        assert answer.status_code == 302, answer.text
    fields = filled(client.get(address))
    assert client.post(f"{address}/record", data={**fields, "bid": str(scene.bids[0].id)}).status_code == 422
    answer = client.post(f"{address}/change", data={"change-words": "样本量改为五百份"})
    assert answer.status_code == 302
    due = (uow.now + timedelta(hours=30)).strftime("%Y-%m-%dT%H:%M")
    assert client.post(f"{address}/final", data={"call-deadline": due}).status_code == 302
    assert "截止之前任何人都不能知道" in page(client, address)
    own = page(client_as(scene.bidders[0]), f"/bids/{scene.bids[0].id}/final")
    assert "样本量改为五百份" in own
    page(client_as(scene.bidders[1]), f"/bids/{scene.bids[0].id}/final", 404)
    page(client_as(make_user(uow, Role.EXPERT)), address, 404)


def test_a_final_offer_is_handed_in_and_opened_through_the_pages(uow, client_as):
    scene = talked(uow, in_talks(uow))
    called(uow, scene)
    bid, person = scene.bids[0], scene.bidders[0]
    sha256, size = uow.house.store.put(io.BytesIO(final_envelope(bid, "160000.00")))
    upload = uow.add(
        UploadSession(
            user_id=person.id,
            name="final.age",
            size=size,
            received=size,
            sha256=sha256,
            started_at=uow.clock.wall,
            claimed_at=None,
        )
    )
    uow.session.flush()
    client, address = client_as(person), f"/bids/{bid.id}/final"
    data = {"upload_id": str(upload.id), "sha256": sha256}
    assert client.post(address, data={**data, "sha256": "x"}).status_code == 422
    assert client.post(address, data=data).status_code == 302
    assert "密封的最后报价接收回执" in page(client, address)
    first = standing_offer(uow, bid)
    papers = [f"/final-offers/{first.id}/receipt.{kind}" for kind in ("pdf", "json")]
    assert client.get(papers[0]).mimetype == "application/pdf"
    assert client.get(papers[1]).get_json()["sha256"] == sha256
    for stranger in (client_as(scene.bidders[1]), client_as(scene.officer)):
        page(stranger, papers[1], 404)
    once = {"once": "a-form-id"}
    assert client.post(f"/final-offers/{first.id}/do/withdraw", data=once).status_code == 302
    assert client.post(f"/final-offers/{first.id}/do/withdraw", data=once).status_code in (302, 409)
    assert "已撤回，不会开启" in page(client, address)
    offered(uow, scene, 0, "160000.00")
    offered(uow, scene, 1, "150000.00")
    offered(uow, scene, 2, "155000.00")
    shift_clock(uow, timedelta(hours=2))
    officer, rounds = client_as(scene.officer), f"/tenders/{scene.tender.id}/rounds"
    assert "开启最后报价" in page(officer, rounds)
    assert officer.post(f"{rounds}/open").status_code == 302
    call = call_of(uow, scene.tender)
    for place in (0, 1):
        holder = client_as(scene.holders[place])
        assert "解封最后报价" in page(holder, f"/final-calls/{call.id}")
        given = holder.get(f"/final-calls/{call.id}/shares").get_json()["shares"]
        shares = [{**one, "material": peeled(base64.b64decode(one["material"]), scene.keys[place])} for one in given]
        assert holder.post(f"/final-calls/{call.id}/shares", json={"shares": "no"}).status_code in (409, 422)
        answer = holder.post(f"/final-calls/{call.id}/shares", json={"shares": shares})
        assert answer.status_code == 200, answer.text
    assert answer.get_json()["finished"] is True
    assert "160,000" in page(officer, rounds)
    assert officer.get(f"{rounds}/record.pdf").mimetype == "application/pdf"
    assert verify_opening(officer.get(f"{rounds}/record.json").get_json()) == []
    page(client, f"{rounds}/record.pdf", 404)
