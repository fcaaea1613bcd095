"""The procurement agent: appointed by an agreement, acting within its scope and only in its own purchase."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
from werkzeug.datastructures import FileStorage

from core.errors import Forbidden, Refused
from core.identity.roles import OrganisationKind, Role
from core.permissions import policy
from procurement.drafting.record import frozen_record, readable
from procurement.permissions import POLICIES, PreparationPermission
from procurement.permissions.agents import PURCHASER_SIDE, acts_as_agent
from procurement.permissions.tenders import TenderPermission as P
from procurement.queries.agents import purview
from procurement.queries.preparation import requirement_of
from procurement.queries.public.process import public_process
from procurement.queries.tenders import visible_tenders
from procurement.services.agents import AgreementEntry, appoint_agent, end_appointment
from procurement.services.award_procedure import procedure_of
from procurement.services.awarding import award
from procurement.states import AgentStep, TenderState
from tests.factories.agents import entrusted
from tests.factories.awards import scored_tender
from tests.factories.bids import acting, opened_tender
from tests.factories.identity import make_organisation, make_user
from tests.factories.procurement import draft_tender, published_tender
from tests.fixtures.forms import filled

PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\ntrailer<</Root 1 0 R>>\n"
)
OWN_ALONE = (P.AWARD, P.APPROVE, P.CANCEL, P.FAIL)


def agreement() -> FileStorage:
    return FileStorage(BytesIO(PDF), filename="委托代理协议.pdf")


def entry(uow, agency, **values) -> AgreementEntry:
    return AgreementEntry(
        **{"agency": agency, "number": "DL-2026-018", "agreed_on": uow.today, "steps": tuple(AgentStep), **values}
    )


def granted(actor, tender) -> set:
    """Every permission of the room that the map grants this actor on this purchase by a clause about the purchase."""
    found = set()
    for one in (permission for policies in POLICIES for permission in policies):
        try:
            if policy.allows(actor, one, tender):
                found.add(one)
        except AttributeError:  # the permission is about another noun than a tender
            continue
    return found


def test_what_an_agent_may_do_is_the_union_of_its_steps_and_nothing_without_them(uow):
    tender = opened_tender(uow).tender
    agent = entrusted(uow, tender)
    actor, stranger = acting(uow, agent).actor, acting(uow, make_user(uow, Role.AGENT_OFFICER)).actor
    whole, nothing = granted(actor, tender), granted(stranger, tender)
    by_step = {}
    for step in AgentStep:
        tender.agent.scope = [step.value]
        by_step[step] = granted(actor, tender)
    reading = set.intersection(*by_step.values())
    assert set.union(*by_step.values()) == whole
    assert all(by_step[step] - reading for step in AgentStep), "a step that lets do nothing is no step"
    acts = [permission for found in by_step.values() for permission in found - reading]
    assert len(acts) == len(set(acts)), "what one step lets do, no other does"
    assert whole - nothing >= whole - reading, "a stranger's agent may do none of it"
    assert not {*OWN_ALONE} & whole, "the law leaves these to the purchaser"
    tender.agent.ended_at, tender.agent.ended_reason = uow.now, "协议期满"
    assert granted(actor, tender) == nothing


def test_the_lists_say_the_same_as_the_permissions(uow):
    mine, other = draft_tender(uow).tender, draft_tender(uow).tender
    agent = entrusted(uow, mine)
    actor = acting(uow, agent).actor
    assert set(uow.session.scalars(visible_tenders(actor))) == {mine}
    for role in (*PURCHASER_SIDE, Role.EXPERT):
        person = acting(uow, agent if role is Role.AGENT_OFFICER else make_user(uow, role)).actor
        seen = set(uow.session.scalars(visible_tenders(person).where(purview(person))))
        assert seen == {one for one in (mine, other) if policy.allows(person, P.READ, one)}


def test_every_route_of_a_purchase_is_closed_to_a_strangers_agent(app, uow):
    """Generated: whatever address leads to a purchase, only its own agent gets further than anybody in the street."""
    tender = published_tender(uow).tender
    own = acting(uow, entrusted(uow, tender)).actor
    stranger = acting(uow, make_user(uow, Role.AGENT_OFFICER)).actor
    street = acting(uow, make_user(uow, Role.UNIT_OFFICER)).actor
    opened = {"own": 0, "stranger": 0}
    for rule in app.url_map.iter_rules():
        if "tender_id" not in rule.arguments:
            continue
        permission = app.view_functions[rule.endpoint].permission
        subject = requirement_of(uow, tender) if isinstance(permission, PreparationPermission) else tender
        opened["own"] += policy.allows(own, permission, subject)
        if policy.allows(stranger, permission, subject):
            assert policy.allows(street, permission, subject), (rule.rule, permission)
            opened["stranger"] += 1
    assert opened["own"] > 2 * opened["stranger"] > 0


def test_the_purchaser_appoints_within_an_agreement_and_the_notice_names_it(uow):
    purchase = draft_tender(uow)
    officer, agency = acting(uow, purchase.officer), make_organisation(uow, OrganisationKind.PROCUREMENT_AGENT)
    row = appoint_agent(officer, purchase.tender, entry(uow, agency, fee="采购人支付"), agreement())
    assert row.stands
    record = frozen_record(officer, purchase.tender)
    shown = readable(record)
    assert record["agent"]["name"] == agency.name
    assert [str(one) for one in shown["agent"]["steps"]] == [str(one.label) for one in AgentStep]
    assert public_process(officer, purchase.tender).agent.name == agency.name
    end_appointment(officer, purchase.tender, "由采购人自行组织")
    assert frozen_record(officer, purchase.tender)["agent"] is None
    with pytest.raises(Refused):
        end_appointment(officer, purchase.tender, "再次终止")


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"number": "  "}, "number"),
        ({"steps": ()}, "steps"),
        ({"agreed_on": "tomorrow"}, "agreed_on"),
        ({"valid_until": "yesterday"}, "valid_until"),
        ({"agency": OrganisationKind.AGENCY}, "agency"),
    ],
)
def test_an_agreement_needs_number_scope_and_a_registered_agency(uow, values, field):
    purchase = draft_tender(uow)
    days = {"tomorrow": uow.today + timedelta(days=1), "yesterday": uow.today - timedelta(days=1)}
    values = {name: days.get(value, value) if isinstance(value, str) else value for name, value in values.items()}
    kind = values.pop("agency", OrganisationKind.PROCUREMENT_AGENT)
    with pytest.raises(Refused) as refused:
        appoint_agent(
            acting(uow, purchase.officer),
            purchase.tender,
            entry(uow, make_organisation(uow, kind), **values),
            agreement(),
        )
    assert [one.field for one in refused.value.refusals] == [field]


def test_nobody_but_the_bureaus_officer_appoints_and_only_before_the_notice(uow):
    purchase = published_tender(uow)
    agency = make_organisation(uow, OrganisationKind.PROCUREMENT_AGENT)
    with pytest.raises(Refused) as refused:
        appoint_agent(acting(uow, purchase.officer), purchase.tender, entry(uow, agency), agreement())
    assert {one.rule_id for one in refused.value.refusals} == {"R-TENDER-02"}
    agent = entrusted(uow, purchase.tender)
    for user in (agent, purchase.approver, make_user(uow, Role.PROCUREMENT_SUPERVISOR)):
        with pytest.raises(Forbidden):
            end_appointment(acting(uow, user), purchase.tender, "越权")


def test_an_agent_evaluates_but_the_purchaser_decides(uow):  # R-AWARD-01
    tender = scored_tender(uow)
    agent = entrusted(uow, tender)
    assert tender.state is TenderState.EVALUATED
    with pytest.raises(Forbidden):
        award(acting(uow, agent), tender, {})
    assert procedure_of(uow, tender) is not None
    assert acts_as_agent(acting(uow, agent).actor, tender, AgentStep.EVALUATION)


def test_the_page_appoints_shows_and_ends(uow, client_as):
    purchase = draft_tender(uow)
    agency = make_organisation(uow, OrganisationKind.PROCUREMENT_AGENT)
    officer, address = client_as(purchase.officer), f"/tenders/{purchase.tender.id}/agent"
    assert "采购人自行组织" in officer.get(f"/tenders/{purchase.tender.id}").text
    fields = filled(officer.get(address))
    sent = {
        **fields,
        "agency": str(agency.id),
        "number": "DL-2026-018",
        "agreed_on": uow.today.isoformat(),
        "steps": [one.value for one in AgentStep],
        "agreement": (BytesIO(PDF), "agreement.pdf"),
    }
    assert officer.post(address, data={**sent, "number": ""}).status_code == 422
    sent["agreement"] = (BytesIO(PDF), "agreement.pdf")
    answer = officer.post(address, data=sent)
    assert answer.status_code == 302, answer.text
    assert agency.name in officer.get(address).text
    assert agency.name in officer.get(f"/tenders/{purchase.tender.id}").text
    agent = client_as(make_user(uow, Role.AGENT_OFFICER, organisation=agency))
    assert "DL-2026-018" in agent.get(address).text
    assert agent.post(address, data={"number": "1"}).status_code == 403
    fields = filled(officer.get(address))
    assert officer.post(f"{address}/end", data={**fields, "end-reason": ""}).status_code == 422
    assert officer.post(f"{address}/end", data={"end-reason": "改由采购人组织"}).status_code == 302
    assert agent.get(address).status_code == 404
