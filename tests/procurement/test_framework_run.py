"""A framework agreement from its call to three contracts, with real sealed bids, through the pages of its people."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from core.clock import shanghai
from procurement.demonstration.bids import open_sealed
from procurement.drafting.lawfulness import breaches
from procurement.models import Framework, Tender
from procurement.queries.frameworks import call_offs_of, framework_of, members_of
from procurement.sealing import new_key
from procurement.services.awarding import awards_of
from procurement.services.call_off_turns import turns_of_type
from procurement.services.contracts import draft_contract
from procurement.services.drafting import change_tender, set_keyholders
from procurement.services.keys import register_key
from procurement.services.publishing import publish_tender, submit_tender
from procurement.services.requirements import Respondent, record_survey
from procurement.states import FrameworkState, RespondentKind, SurveyMeans, TenderState
from tests.factories.awards import scored_tender, under_evaluation
from tests.factories.bids import Scene, acting, add_bid, pass_deadline
from tests.factories.direct import direct_people
from tests.factories.frameworks import person_of, signed_copy
from tests.factories.identity import make_user
from tests.factories.procurement import Role, lawful_values
from tests.factories.projects import make_project
from tests.fixtures.forms import send

TERMS = {
    "type-0-title": "项目支出绩效评价",
    "type-0-ceiling": "100,000.00",
    "months": "24",
    "elimination": "20",
    "ways": ["call-off-rotation", "call-off-prices"],
    "exit_rules": "按办法清退",
    "plan_filing": "备〔2026〕3号",
}


def drafted(uow, client, officer, holders, keys) -> Tender:
    """The call drafted on the pages, its other entries and keys through the services."""
    made = send(client, "/tenders/new", {"method": "framework", "title": "评价服务框架协议", "budget": "1200000"})
    assert made.status_code == 302, made.text
    terms_page = made.location
    wrong = send(client, terms_page, {**TERMS, "months": "0"})
    assert wrong.status_code == 422
    saved = send(client, terms_page, TERMS)
    assert saved.status_code == 302, saved.text
    tender = uow.session.query(Tender).order_by(Tender.created_at.desc()).first()
    clerk = acting(uow, officer)
    values = lawful_values(uow.today)
    for name in ("title", "budget"):
        values.pop(name)
    change_tender(clerk, tender, **values)
    asked = [Respondent(f"{kind}{n}", kind) for kind in (RespondentKind.USER, RespondentKind.MARKET) for n in range(3)]
    means = SurveyMeans.QUESTIONNAIRE
    record_survey(clerk, tender, surveyed_on=uow.today, means=means, respondents=asked, findings="市场竞争充分")
    set_keyholders(clerk, tender, holders, 2)
    for user, key in zip(holders, keys, strict=True):
        register_key(acting(uow, user), tender, key.recipient)
    return tender


def opened(uow, scene, tender) -> None:
    scene.tender = tender
    pass_deadline(uow, scene)
    turns = [(acting(uow, scene.holders[place]), scene.keys[place]) for place in (0, 1)]
    open_sealed(acting(uow, scene.officer), tender, turns)


def contracted(uow, officer, tender) -> Decimal:
    """The amount of the contract drafted for a call-off."""
    assert tender.state is TenderState.AWARDED
    return draft_contract(acting(uow, officer), awards_of(uow, tender)[0]).amount


def begun(uow, client, framework, way) -> Tender:
    project = make_project(uow)
    lot = framework.tender.lots[0]
    fields = {"project": str(project.id), "lot": str(lot.id), "way": way}
    made = send(client, f"/frameworks/{framework.id}/call-offs/new", fields)
    assert made.status_code == 302, made.text
    return call_offs_of(uow, framework)[0].tender


def test_a_framework_runs_from_its_call_to_a_contract_of_each_kind(uow, client_as):  # R-FRAME-01…04
    officer, approver = direct_people(uow)
    bureau = officer.memberships[0].organisation
    holders = [make_user(uow, Role.KEYHOLDER, organisation=bureau) for _one in range(3)]
    keys = [new_key() for _one in holders]
    clerk, boss = client_as(officer), client_as(approver)
    tender = drafted(uow, clerk, officer, holders, keys)
    assert breaches(uow, tender) == []
    assert clerk.get(f"/tenders/{tender.id}").status_code == 200
    assert clerk.get(f"/tenders/{tender.id}/edit").status_code == 200
    assert clerk.get(f"/tenders/{tender.id}/lots").location.endswith("/framework/terms")
    submit_tender(acting(uow, officer), tender)
    publish_tender(acting(uow, approver), tender)
    assert "最高限制单价" in clerk.get(f"/notices/{tender.id}").text

    scene = Scene(tender, officer, holders, keys)
    for price in ("80000.00", "85000.00", "90000.00", "98000.00"):
        add_bid(uow, scene, price)
    opened(uow, scene, tender)
    scored_tender(uow, under_evaluation(uow, tender))
    assert clerk.get(f"/tenders/{tender.id}/award").location.endswith("/framework/admission")
    shown = clerk.get(f"/tenders/{tender.id}/framework/admission")
    assert shown.text.count("入围</span>") >= 3
    assert clerk.post(f"/tenders/{tender.id}/framework/admission").status_code == 302
    framework: Framework = framework_of(uow, tender)
    for member in members_of(uow, framework):
        address = f"/frameworks/{framework.id}/agreements/{member.supplier_id}"
        assert send(clerk, address, {"signed_on": uow.today.isoformat()}).status_code == 422  # no file
        signed = send(clerk, address, {"signed_on": uow.today.isoformat(), "file": signed_copy()})
        assert signed.status_code == 302, signed.text
    assert framework.state is FrameworkState.IN_FORCE
    assert send(clerk, f"/frameworks/{framework.id}/filing", {"number": "备1", "filed_on": uow.today.isoformat()})
    members = members_of(uow, framework)

    direct = begun(uow, clerk, framework, "call-off-direct")
    chosen = {"member": str(members[1].id), "reason": "等级为优，近期任务量适中"}
    address = f"/tenders/{direct.id}/call-off/choice"
    assert send(clerk, address, {**chosen, "price": "85000.01"}).status_code == 422
    assert send(clerk, address, chosen).status_code == 302
    assert boss.post(f"/tenders/{direct.id}/call-off/confirmation", data={}).status_code == 302
    assert contracted(uow, officer, direct) == Decimal(85000)

    turn = begun(uow, clerk, framework, "call-off-rotation")
    assert clerk.post(f"/tenders/{turn.id}/call-off/offer", data={}).status_code == 302
    supplier = client_as(person_of(uow, members[0].supplier))
    answer = page_of(uow, turn)
    assert supplier.post(f"{answer}/answer", data={"accepts": "no", "reason": ""}).status_code == 422
    assert supplier.post(f"{answer}/answer", data={"accepts": "yes"}).status_code == 302
    assert boss.post(f"/tenders/{turn.id}/call-off/confirmation", data={}).status_code == 302
    assert contracted(uow, officer, turn) == Decimal(80000)
    assert len(turns_of_type(uow, framework.tender.lots[0])) == 2

    second = begun(uow, clerk, framework, "call-off-prices")
    closes = (shanghai(uow.today, 10) + timedelta(days=4)).strftime("%Y-%m-%dT%H:%M")
    assert send(clerk, f"/tenders/{second.id}/call-off/prices", {"deadline": closes}).status_code == 302
    submit_tender(acting(uow, officer), second)
    publish_tender(acting(uow, approver), second)
    round_two = Scene(second, officer, holders, keys)
    for price, member in zip(("78000.00", "77000.00", "91000.00"), members, strict=True):
        add_bid(uow, round_two, price, person_of(uow, member.supplier))
    assert "91,000" not in clerk.get(page_of(uow, second)).text
    opened(uow, round_two, second)
    page = page_of(uow, second)
    assert "高于本单位的协议价格" in clerk.get(page).text
    assert clerk.post(f"/tenders/{second.id}/call-off/lowest", data={}).status_code == 302
    assert clerk.post(f"/tenders/{second.id}/call-off/confirmation", data={}).status_code == 403
    assert boss.post(f"/tenders/{second.id}/call-off/confirmation", data={}).status_code == 302
    assert contracted(uow, officer, second) == Decimal(77000)
    public = client_as(supplier_of(uow, members)).get(f"/public-frameworks/{framework.id}").text
    assert public.count("77,000.00") >= 1
    assert "248,000.00" not in public  # totals stand by agency
    assert clerk.get("/frameworks").status_code == 200


def page_of(uow, tender) -> str:
    from procurement.queries.frameworks import call_off_of

    return f"/call-offs/{call_off_of(uow, tender).id}"


def supplier_of(uow, members):
    return person_of(uow, members[2].supplier)
