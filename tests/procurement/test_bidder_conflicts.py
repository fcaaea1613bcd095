"""Who may not bid, and who may not compete (R-PERF-13, R-AGENCY-04, R-AGENCY-05, R-AGENCY-21, R-TENDER-16, R-TENDER-17)."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Forbidden, Refused
from core.identity.roles import Role
from procurement.bidder_conflicts import (
    BidderFacts,
    Relation,
    Service,
    Violation,
    conflicts,
    related_bidders,
    years_from,
)
from procurement.queries.bidder_conflicts import conflict_refusals
from procurement.services.bidding import bidding_refusals
from procurement.services.examination import examine
from procurement.services.supplier_records import (
    ConductEntry,
    end_relation,
    record_conduct,
    record_relation,
    record_service,
)
from procurement.states import ConductCode, RelationKind, Sanction, ServiceKind
from tests.factories.agencies import make_agency
from tests.factories.awards import bids_of, opened_by_rows
from tests.factories.bids import open_for_bids
from tests.factories.identity import make_organisation, make_user

TODAY = date(2026, 11, 25)
NAMES = st.sampled_from("abcdef")
RELATIONS = st.lists(st.builds(Relation, NAMES, NAMES, st.sampled_from(RelationKind)), max_size=8)


def facts(**values) -> BidderFacts:
    return BidderFacts(
        **{
            "bidder": "a",
            "in_library": False,
            "units": {"u"},
            "projects": {"p"},
            "since": years_from(TODAY, -3),
            **values,
        }
    )


def rules(**values) -> list[str]:
    return [one.rule_id for one in conflicts(facts(**values), TODAY)]


def test_nothing_known_bars_nobody():
    assert rules() == []


def test_whoever_implements_the_project_or_belongs_to_its_unit_does_not_evaluate_it():
    assert rules(units={"a"}) == ["R-PERF-13"]
    for kind in RelationKind:
        assert rules(relations=[Relation("u", "a", kind)]) == ["R-PERF-13"]
        assert rules(relations=[Relation("a", "u", kind)]) == ["R-PERF-13"]
    assert rules(relations=[Relation("a", "x", RelationKind.CONTROL)]) == []


@pytest.mark.parametrize("kind", ServiceKind)
def test_whoever_served_the_project_does_not_evaluate_it(kind):
    helped = {"design", "specification", "management", "supervision", "testing"}
    expected = "R-TENDER-16" if kind.value in helped else "R-AGENCY-21"
    assert rules(services=[Service("a", "p", kind)]) == [expected]
    assert rules(services=[Service("a", "q", kind), Service("b", "p", kind)]) == []


def test_a_major_violation_bars_for_three_years_and_a_ban_as_long_as_it_lasts():
    def record(**values) -> Violation:
        return Violation(
            **{
                "organisation": "a",
                "code": ConductCode.COLLUSION_AGREED,
                "decided_on": TODAY,
                "is_major": True,
                **values,
            }
        )

    assert rules(violations=[record()]) == ["R-TENDER-17"]
    assert rules(violations=[record()], in_library=True) == ["R-AGENCY-04"]
    assert rules(violations=[record(code=ConductCode.FALSE_REPORT)]) == ["R-AGENCY-05"]
    assert rules(violations=[record(decided_on=years_from(TODAY, -3))]) == ["R-TENDER-17"]
    assert rules(violations=[record(decided_on=years_from(TODAY, -3) - timedelta(days=1))]) == []
    assert rules(violations=[record(is_major=False)]) == []
    assert rules(violations=[record(is_major=False, decided_on=date(2020, 1, 1), banned_until=TODAY)]) == [
        "R-TENDER-17"
    ]
    assert rules(violations=[record(organisation="b")]) == []


@given(st.sets(NAMES), RELATIONS, st.dictionaries(NAMES, st.sampled_from(["沈", "陈", ""])))
def test_related_bidders_are_pairs_of_bidders_and_do_not_depend_on_order(bidders, relations, heads):
    found = related_bidders(bidders, relations, heads)
    turned = [Relation(one.other, one.one, one.kind) for one in reversed(relations)]
    assert [(one.one, one.other) for one in found] == [
        (one.one, one.other) for one in related_bidders(bidders, turned, heads)
    ]
    for pair in found:
        assert pair.one < pair.other
        assert {pair.one, pair.other} <= bidders
    assert len({(one.one, one.other) for one in found}) == len(found)


def test_one_head_or_control_keeps_apart_but_other_interest_does_not():
    assert related_bidders({"a", "b"}, [], {"a": "沈", "b": "沈"})[0].kind is RelationKind.SAME_HEAD
    assert related_bidders({"a", "b"}, [Relation("b", "a", RelationKind.CONTROL)], {})
    assert related_bidders({"a", "b"}, [Relation("b", "a", RelationKind.INTEREST)], {}) == []
    assert related_bidders({"a"}, [Relation("b", "a", RelationKind.CONTROL)], {}) == []


def test_at_bidding_the_own_ties_bar_with_their_rule(uow, uow_as):
    scene = open_for_bids(uow)
    officer = uow_as(scene.officer)
    bidder = make_organisation(uow)
    project = scene.lot.projects[0]
    assert bidding_refusals(uow, scene.lot, bidder.id, uow.now) == []
    tie = record_relation(officer, project.unit_id, bidder.id, RelationKind.MANAGEMENT, "事业单位法人年度报告")
    record_service(officer, bidder.id, project.id, ServiceKind.AUDIT, "合同 2025-18")
    found = bidding_refusals(uow, scene.lot, bidder.id, uow.now)
    assert [one.rule_id for one in found] == ["R-PERF-13", "R-AGENCY-21"]
    assert project.unit.name in str(found[0].reason)
    end_relation(officer, tie)
    assert [one.rule_id for one in conflict_refusals(uow, scene.lot, bidder.id)] == ["R-AGENCY-21"]


def test_a_related_bid_says_nothing_before_the_opening_and_fails_the_examination_after(uow, uow_as):
    scene = open_for_bids(uow)
    one, other = make_organisation(uow), make_organisation(uow)
    record_relation(uow_as(scene.officer), one.id, other.id, RelationKind.CONTROL, "工商登记")
    assert bidding_refusals(uow, scene.lot, one.id, uow.now) == []
    tender = opened_by_rows(uow)
    first, second, third = bids_of(uow, tender)
    officer = uow_as(tender.drafted_by)
    record_relation(officer, first.bidder_id, second.bidder_id, RelationKind.CONTROL, "工商登记")
    with pytest.raises(Refused) as refused:
        examine(officer, second, passed=True)
    assert refused.value.refusals[0].rule_id == "R-TENDER-16"
    assert first.bidder.name in str(refused.value.refusals[0].reason)
    examine(officer, second, passed=False, reason="与另一投标人存在直接控股关系")
    examine(officer, third, passed=True)


def test_two_agencies_with_one_legal_representative_do_not_both_pass(uow, uow_as):
    tender = opened_by_rows(uow)
    first, second, _third = bids_of(uow, tender)
    for bid in (first, second):
        make_agency(uow, bid.bidder, legal_representative="贺同人")
    with pytest.raises(Refused):
        examine(uow_as(tender.drafted_by), first, passed=True)


def test_conduct_is_recorded_by_supervision_within_the_measure_of_law(uow, uow_as):
    scene = open_for_bids(uow)
    agency = make_organisation(uow)
    supervisor = uow_as(make_user(uow, Role.PROCUREMENT_SUPERVISOR))
    entry = ConductEntry(
        ConductCode.COLLUSION_AGREED,
        "三家报价由同一人编制",
        {Sanction.BAN, Sanction.FINE},
        ban_years=2,
        fine=Decimal(1500),
        amount=Decimal(180000),
    )
    with pytest.raises(Forbidden):
        record_conduct(uow_as(scene.officer), agency.id, entry, "import")
    for changed in ({"ban_years": 4}, {"fine": Decimal(500)}, {"fine": None}, {"facts": " "}, {"sanctions": ()}):
        with pytest.raises(Refused):
            record_conduct(supervisor, agency.id, ConductEntry(**{**vars(entry), **changed}), "import")
    with pytest.raises(Refused) as refused:
        record_conduct(supervisor, agency.id, ConductEntry(ConductCode.TRANSFERRED, "转包", ()), "import")
    assert {one.rule_id for one in refused.value.refusals} == {"R-AGENCY-16"}
    row = record_conduct(supervisor, agency.id, entry, "import")
    assert row.banned_until == years_from(uow.today, 2)
    assert row.code.rule_id == "R-COLL-03"
    (refusal,) = conflict_refusals(uow, scene.lot, agency.id)
    assert refusal.rule_id == "R-TENDER-17"


def test_relations_by_form(uow, client_as):
    scene = open_for_bids(uow)
    one, other = make_organisation(uow), make_organisation(uow)
    browser = client_as(scene.officer)
    data = {"one_id": str(one.id), "other_id": str(one.id), "relation_kind": "control", "source": "工商登记"}
    assert browser.get("/supplier-relations").status_code == 200
    assert browser.post("/supplier-relations/relation", data=data).status_code == 422
    assert browser.post("/supplier-relations/relation", data=data | {"other_id": str(other.id)}).status_code == 302
    project = scene.lot.projects[0]
    service = {"organisation_id": str(one.id), "project_id": str(project.id), "service_kind": "audit"}
    assert browser.post("/supplier-relations/service", data=service | {"service_source": ""}).status_code == 422
    assert browser.post("/supplier-relations/service", data=service | {"service_source": "合同"}).status_code == 302
    page = browser.get("/supplier-relations").get_data(as_text=True)
    assert other.name in page
    supervisor = client_as(make_user(uow, Role.PROCUREMENT_SUPERVISOR))
    assert supervisor.get("/supplier-relations").status_code == 200
    assert supervisor.post("/supplier-relations/relation", data=data).status_code == 403
    assert client_as(make_user(uow, Role.AGENCY_MANAGER)).get("/supplier-relations").status_code == 403
    bidder = client_as(make_user(uow, Role.AGENCY_MANAGER, organisation=one))
    barred = bidder.get(f"/tenders/{scene.tender.id}/bid").get_data(as_text=True)
    assert "R-AGENCY-21" in barred
    assert "提出询问" in barred
