"""Pages of framework agreements and call-offs: the right people, bad input, a second press, constant queries."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sqlalchemy import delete, update
from sqlalchemy.exc import ProgrammingError

from core.identity.roles import OrganisationKind, Role
from procurement.models import CallOffTurn, FrameworkMember
from procurement.queries.frameworks import members_of
from procurement.services.call_off_award import confirm
from procurement.services.call_off_turns import answer_turn, offer_turn
from procurement.services.call_offs import choose
from procurement.states import MemberState, Method, TenderState
from tests.factories.bids import acting
from tests.factories.frameworks import called_off, in_force
from tests.factories.identity import make_organisation, make_user
from tests.factories.projects import make_project
from tests.fixtures.forms import filled, send


@pytest.fixture
def scene(uow):
    return in_force(uow)


def test_who_sees_a_framework(uow, scene, client_as, client):
    page = f"/frameworks/{scene.framework.id}"
    bureau = make_organisation(uow, OrganisationKind.BUREAU)
    supervisor = make_user(uow, Role.PROCUREMENT_SUPERVISOR, organisation=bureau)
    for user in (scene.officer, scene.approver, supervisor, scene.person(uow, 0)):
        assert client_as(user).get(page).status_code == 200
    assert client_as(make_user(uow, Role.EXPERT)).get(page).status_code == 404
    assert client.get(f"/public-frameworks/{scene.framework.id}").status_code == 200
    assert client.get("/public-frameworks").status_code == 200


def test_supervision_looks_and_takes_no_part(uow, scene, client_as):  # R-SEC-01
    supervisor = client_as(make_user(uow, Role.PROCUREMENT_SUPERVISOR))
    assert supervisor.get(f"/frameworks/{scene.framework.id}/call-offs/new").status_code == 403
    assert supervisor.post(f"/frameworks/{scene.framework.id}/top-up").status_code == 403
    call_off = called_off(uow, scene)
    assert supervisor.post(f"/tenders/{call_off.tender_id}/call-off/offer").status_code == 404
    assert supervisor.get(f"/call-offs/{call_off.id}").status_code == 404  # a draft is the purchaser's own
    choose(acting(uow, scene.officer), call_off.tender, scene.members[0], None, "价格最低")
    assert supervisor.get(f"/call-offs/{call_off.id}").status_code == 200
    assert supervisor.post(f"/tenders/{call_off.tender_id}/call-off/confirmation").status_code == 403


def test_the_approver_removes_on_its_page_and_the_officer_may_not(uow, scene, client_as):  # R-FRAME-01, R-SEC-02
    address = f"/framework-members/{scene.members[2].id}/removal"
    assert client_as(scene.officer).get(address).status_code == 404
    boss = client_as(scene.approver)
    for bad in (
        {"ground": "", "reason": "两次未按期交付"},
        {"ground": "breach", "reason": ""},
        {"ground": "x", "reason": "y"},
    ):
        assert send(boss, address, bad).status_code == 422
    assert send(boss, address, {"ground": "breach", "reason": "两次未按期交付"}).status_code == 302
    assert members_of(uow, scene.framework)[2].state is MemberState.REMOVED
    assert boss.get(address).status_code == 302


def test_a_second_press_of_begin_makes_one_call_off(uow, scene, client_as):
    client = client_as(scene.officer)
    address = f"/frameworks/{scene.framework.id}/call-offs/new"
    project = make_project(uow)
    fields = {
        **filled(client.get(address)),
        "project": str(project.id),
        "lot": str(scene.lot.id),
        "way": "call-off-direct",
    }
    first, second = client.post(address, data=fields), client.post(address, data=fields)
    assert (first.status_code, second.status_code) == (302, 302)
    assert first.location == second.location


@pytest.mark.parametrize(
    "bad",
    [{"project": ""}, {"lot": "nowhere"}, {"way": "open-tender"}, {"service_until": "gestern"}],
    ids=str,
)
def test_a_call_off_that_makes_no_sense_is_not_begun(uow, scene, client_as, bad):
    fields = {"project": str(make_project(uow).id), "lot": str(scene.lot.id), "way": "call-off-direct", **bad}
    answer = send(client_as(scene.officer), f"/frameworks/{scene.framework.id}/call-offs/new", fields)
    assert answer.status_code == 422


def test_a_stale_choice_is_refused(uow, scene, client_as):
    call_off = called_off(uow, scene)
    client, address = client_as(scene.officer), f"/tenders/{call_off.tender_id}/call-off/choice"
    fields = {"member": str(scene.members[0].id), "reason": "价格最低", "revision": "99"}
    assert send(client, address, fields).status_code == 409


def test_the_officer_sees_tasks_and_the_supplier_its_turn(uow, scene, client_as):  # R-FRAME-04
    call_off = called_off(uow, scene, Method.CALL_OFF_ROTATION)
    clerk = client_as(scene.officer)
    assert "按轮候次序授予" in clerk.get("/home").text
    offer_turn(acting(uow, scene.officer), call_off.tender)
    assert "等待轮候供应商答复" in clerk.get("/home").text
    own = client_as(scene.person(uow, 0))
    assert "答复轮候授予" in own.get("/home").text
    assert client_as(scene.person(uow, 1)).get(f"/call-offs/{call_off.id}").status_code == 404
    answer_turn(acting(uow, scene.person(uow, 0)), call_off, accepts=False, reason="主评人在外地")
    judge = f"/tenders/{call_off.tender_id}/call-off/judgement"
    assert clerk.post(judge, data={"verdict": "", "reason": "属实"}).status_code == 422
    assert clerk.post(judge, data={"verdict": "excused", "reason": "属实"}).status_code == 302
    assert "保留本轮机会" in clerk.get(f"/call-offs/{call_off.id}").text


def test_before_a_second_price_round_closes_nobody_learns_who_has_answered(uow, scene, client_as):  # R-SEC-03
    call_off = called_off(uow, scene, Method.CALL_OFF_PRICES)
    page = client_as(scene.officer).get(f"/call-offs/{call_off.id}").text
    assert "二次报价" not in page
    assert "R-FRAME-03" in page  # the deadline is missing


def test_what_was_admitted_and_whose_turn_it_was_is_kept(uow, scene):  # R-ARCH-01, R-FRAME-03
    call_off = called_off(uow, scene, Method.CALL_OFF_ROTATION)
    offer_turn(acting(uow, scene.officer), call_off.tender)
    deeds = (delete(FrameworkMember), delete(CallOffTurn), update(CallOffTurn).values(reason="改写"))
    for deed in deeds:
        with pytest.raises(ProgrammingError, match="R-ARCH-01"), uow.session.begin_nested():
            uow.session.execute(deed)


def test_lists_ask_no_more_for_more_frameworks_and_call_offs(uow, scene, client_as, count_queries):
    clerk = client_as(scene.officer)
    addresses = ("/frameworks", f"/frameworks/{scene.framework.id}", "/public-frameworks")

    def asked() -> list[int]:
        found = []
        for address in addresses:
            with count_queries() as counted:
                assert clerk.get(address).status_code == 200
            found.append(len(counted))
        return found

    finish(uow, scene)
    before = asked()
    for _more in range(2):
        finish(uow, scene)
        in_force(uow)
    assert all(after <= first for first, after in zip(before, asked(), strict=True))


def finish(uow, scene) -> None:
    """One evaluation called off and confirmed."""
    call_off = called_off(uow, scene)
    choose(acting(uow, scene.officer), call_off.tender, scene.members[0], Decimal(79000), "价格最低")
    confirm(acting(uow, scene.approver), call_off.tender, call_off)
    assert call_off.tender.state is TenderState.AWARDED
