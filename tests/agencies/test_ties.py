from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agencies.demonstration.ties import share_an_office
from agencies.models import LeadEvaluator
from agencies.queries.ties import ties_of
from agencies.tie_plot import MOST, NODE_HEIGHT, NODE_WIDTH, place
from agencies.ties import (
    Account,
    Body,
    Evaluated,
    Node,
    NodeKind,
    Tie,
    TieKind,
    derive,
    node_of,
    plain_telephone,
    shared,
)
from core.identity.models import Membership
from core.identity.roles import OrganisationKind, Role
from experts.models import Conflict
from experts.states import ConflictKind
from procurement.models import SupplierRelation
from procurement.states import RelationKind
from tests.factories.agencies import make_agency, make_engagement
from tests.factories.experts import make_expert
from tests.factories.identity import make_organisation, make_user
from tests.factories.projects import make_project
from web.demo.seed import seed_libraries

NAMES = st.sampled_from(["沈嘉禾", "陈思远", "吴佳宁", ""])
BODIES = st.builds(
    Body,
    id=st.sampled_from(["a", "b", "c"]),
    name=st.just("甲"),
    head=NAMES,
    leads=st.lists(NAMES.filter(bool), max_size=2).map(tuple),
    address=st.sampled_from(["", "都市路8号", "上海市闵行区都市路 8 号", "上海市闵行区都市路8号"]),
    telephone=st.sampled_from(["", "021-55551234", "021 5555 1234转8", "110"]),
)


@given(BODIES, BODIES)
def test_what_two_share_is_the_same_from_either_side_and_always_only_a_reason_to_look(one, other):
    there, back = shared(one, other), shared(other, one)
    assert [tie.kind for tie in there] == [tie.kind for tie in back]
    assert all(tie.inferred and tie.rule_id and str(tie.why) and str(tie.source) for tie in there)
    if TieKind.SAME_HEAD in {tie.kind for tie in there}:
        assert one.head == other.head != ""


def test_addresses_and_numbers_are_compared_without_their_spelling():
    one = Body("a", "甲", address="上海市闵行区都市路8号", telephone="021-55551234")
    other = Body("b", "乙", address="上海市闵行区 都市路 8号", telephone="(021) 5555 1234 转 801")
    assert {tie.kind for tie in shared(one, other)} == {TieKind.SAME_ADDRESS, TieKind.SAME_TELEPHONE}
    assert plain_telephone("110") == ""
    assert shared(Body("a", "甲", address="8号"), Body("b", "乙", address="8号")) == []


def test_a_head_who_leads_elsewhere_is_a_shared_lead_and_not_a_shared_head():
    ties = shared(Body("a", "甲", head="陈思远"), Body("b", "乙", head="沈嘉禾", leads=("陈思远",)))
    assert [(tie.kind, tie.rule_id) for tie in ties] == [(TieKind.SAME_LEAD, "R-AGENCY-07")]


def evaluated(number, unit="u1", year=2026):
    return Evaluated(
        f"e{number}",
        f"评委〔{year}〕{number}号",
        f"p{number}",
        f"项目{number}",
        unit,
        f"单位{unit}",
        date(year, 1, 1),
        date(year, 6, number),
    )


def test_engagements_tie_to_projects_and_once_to_each_unit():
    ties = derive(Body("a", "甲"), evaluated=[evaluated(1), evaluated(2), evaluated(3, "u2")])
    assert [tie.kind for tie in ties].count(TieKind.EVALUATED) == 3
    units = {tie.other.key: tie for tie in ties if tie.kind is TieKind.SERVED_UNIT}
    assert set(units) == {"u1", "u2"}
    assert "2 个项目" in str(units["u1"].why)
    assert "评委〔2026〕2号" in str(units["u1"].why)
    assert (units["u1"].since, units["u1"].until) == (date(2026, 1, 1), date(2026, 6, 2))


def test_only_people_of_the_agency_with_an_account_elsewhere_are_tied_by_it():
    accounts = [
        Account("1", "在两处", "a", "甲"),
        Account("1", "在两处", "x", "澄湖区教育局"),
        Account("2", "只在这里", "a", "甲"),
        Account("3", "从未在这里", "x", "澄湖区教育局"),
    ]
    (tie,) = derive(Body("a", "甲"), accounts=accounts)
    assert (tie.other.name, tie.rule_id, tie.inferred) == ("在两处", "R-AGENCY-17", False)
    assert "澄湖区教育局" in str(tie.why)


def test_what_others_tell_counts_once_and_only_if_it_is_about_the_agency():
    centre = node_of(Body("a", "甲"))
    person = Node(NodeKind.PERSON, "1", "专家")
    told = Tie(centre, person, TieKind.DECLARED, "亲属", "本人申报", "R-COMM-06", refers_to="c1")
    about_others = Tie(Node(NodeKind.AGENCY, "b", "乙"), person, TieKind.DECLARED, "亲属", "本人申报", "R-COMM-06")
    assert derive(Body("a", "甲"), told=[told, told, about_others]) == [told]


@given(st.lists(st.tuples(st.sampled_from(list(NodeKind)), st.integers(0, 30), st.booleans()), max_size=60))
def test_the_picture_shows_each_end_once_within_its_frame_and_says_what_it_leaves_out(given_ties):
    centre = Node(NodeKind.AGENCY, "a", "甲")
    ties = [
        Tie(centre, Node(kind, str(key), "名" * 30), TieKind.RELATION, "有", "登记", "R-TENDER-16", inferred=inferred)
        for kind, key, inferred in given_ties
    ]
    picture = place(centre, ties)
    ends = {tie.other for tie in ties}
    assert len(picture.ends) + picture.left_out == len(ends)
    assert len({one.node for one in picture.ends}) == len(picture.ends) == len(picture.lines) <= 2 * MOST
    for one in (*picture.ends, picture.centre):
        assert 0 <= one.x <= picture.width - NODE_WIDTH
        assert 0 <= one.y <= picture.height - NODE_HEIGHT
        assert len(one.label) <= 14
    for side in {one.x for one in picture.ends}:
        heights = sorted(one.y for one in picture.ends if one.x == side)
        assert all(later - earlier >= NODE_HEIGHT for earlier, later in pairwise(heights))
    if not picture.left_out:
        assert sorted(row for line in picture.lines for row in line.rows) == list(range(1, len(ties) + 1))
    for end, line in zip(picture.ends, picture.lines, strict=True):
        assert line.is_broken == all(tie.inferred for tie in ties if tie.other == end.node)


def named(uow, name, **values):
    body = make_organisation(
        uow,
        OrganisationKind.AGENCY,
        name=name,
        address=values.pop("address", ""),
        telephone=values.pop("telephone", ""),
    )
    return make_agency(uow, body, **{"legal_representative": f"{name}的负责人", **values})


def scene(uow):
    """An agency with a tie of every kind."""
    agency = named(uow, "上海甲方咨询有限公司", address="上海市闵行区都市路8号", telephone="021-55551234")
    other = named(
        uow,
        "上海乙方咨询有限公司",
        address="上海市闵行区都市路8号",
        telephone="021-55551234",
        legal_representative=agency.legal_representative,
    )
    for one in (agency, other):
        uow.add(
            LeadEvaluator(
                organisation_id=one.organisation_id,
                item_id=None,
                name="陈思远",
                qualification="",
                working_since=None,
                evaluating_since=None,
                ended_on=None,
            )
        )
    unit = make_organisation(uow, OrganisationKind.BUDGET_UNIT, name="澄湖区民政局")
    make_engagement(uow, agency=agency, project=make_project(uow, unit, name="养老服务补贴"))
    old = make_engagement(uow, agency=agency, project=make_project(uow, name="很久以前"))
    old.begins_on, old.due_on = uow.today - timedelta(days=2000), uow.today - timedelta(days=1900)
    person = make_user(uow, Role.AGENCY_STAFF, organisation=agency.organisation)
    uow.add(Membership(user_id=person.id, organisation_id=unit.id, role=Role.UNIT_OFFICER, position=1, ended_at=None))
    expert = make_expert(uow)
    uow.add(
        Conflict(
            expert_id=expert.id,
            organisation_id=agency.organisation_id,
            kind=ConflictKind.KINSHIP,
            reason="配偶在该机构任职",
            source="expert",
            declared_at=uow.now,
            expires_on=None,
            withdrawn_at=None,
        )
    )
    officer = make_user(uow, Role.PROCUREMENT_OFFICER)
    uow.add(
        SupplierRelation(
            one_id=agency.organisation_id,
            other_id=unit.id,
            kind=RelationKind.INTEREST,
            source="信访核查",
            since=uow.today,
            ended_on=None,
            recorded_by_id=officer.id,
        )
    )
    uow.session.flush()
    return agency, expert


def test_every_kind_of_tie_is_found_with_its_source_for_those_who_may_know(uow, uow_as):
    agency, expert = scene(uow)
    found = ties_of(uow_as(make_user(uow, Role.QUALITY_OFFICER)), agency)
    assert {tie.kind for tie in found} >= {
        TieKind.EVALUATED,
        TieKind.SERVED_UNIT,
        TieKind.RELATION,
        TieKind.SAME_HEAD,
        TieKind.SAME_LEAD,
        TieKind.SAME_ADDRESS,
        TieKind.SAME_TELEPHONE,
        TieKind.ACCOUNT,
        TieKind.DECLARED,
    }
    assert all(str(tie.source) and str(tie.why) and tie.rule_id.startswith("R-") for tie in found)
    assert "很久以前" not in {tie.other.name for tie in found}
    buyer = ties_of(uow_as(make_user(uow, Role.PROCUREMENT_OFFICER)), agency)
    assert expert.user.name not in {tie.other.name for tie in buyer}


def test_the_page_draws_the_ties_and_lists_each_with_its_reason(uow, client_as):
    agency, expert = scene(uow)
    browser = client_as(make_user(uow, Role.QUALITY_OFFICER))
    page = browser.page(f"/agencies/{agency.id}/ties")
    rows = page.select("tbody tr")
    assert "养老服务补贴" in page.text
    assert expert.user.name in page.text
    assert "R-COMM-06" in page.text
    assert page.select_one("svg[role=img] title").text.startswith("上海甲方")
    drawn = page.select(".tie-number")
    assert {int(part) for one in drawn for part in one.text.replace("…", "").split(",") if part.strip()} <= set(
        range(1, len(rows) + 1)
    )
    assert page.select(".tie-line.is-broken")
    only = browser.page(f"/agencies/{agency.id}/ties?basis=inferred")
    assert 0 < len(only.select("tbody tr")) < len(rows)
    assert "养老服务补贴" not in only.select_one("main").text
    for path in ("?kind=declared", "?end=person&basis=recorded", "?kind=x&end=%00"):
        assert browser.get(f"/agencies/{agency.id}/ties{path}").status_code == 200


@pytest.mark.parametrize(
    ("role", "status"),
    [
        (Role.QUALITY_OFFICER, 200),
        (Role.PROCUREMENT_OFFICER, 200),
        (Role.PROCUREMENT_SUPERVISOR, 200),
        (Role.OBSERVER, 403),
        (Role.AGENCY_MANAGER, 403),
        (Role.UNIT_OFFICER, 403),
        (Role.EXPERT, 403),
    ],
)
def test_only_who_keeps_duties_apart_sees_personal_ties(uow, client_as, role, status):
    agency = named(uow, "上海甲方咨询有限公司")
    assert client_as(make_user(uow, role)).get(f"/agencies/{agency.id}/ties").status_code == status


def test_an_agency_without_ties_says_so_and_strangers_are_asked_to_sign_in(uow, client_as, client):
    agency = named(uow, "上海孤立咨询有限公司")
    assert "没有发现关系" in client_as(make_user(uow, Role.QUALITY_OFFICER)).get(f"/agencies/{agency.id}/ties").text
    assert client.get(f"/agencies/{agency.id}/ties").status_code == 302


def test_ties_take_as_many_queries_however_many_there_are(uow, client_as, count_queries):
    agency, _expert = scene(uow)
    browser = client_as(make_user(uow, Role.QUALITY_OFFICER))
    counts = []
    for _size in range(2):
        browser.get(f"/agencies/{agency.id}/ties")
        with count_queries() as statements:
            browser.get(f"/agencies/{agency.id}/ties")
        counts.append(len(statements))
        for number in range(3):
            named(uow, f"上海第{number}咨询有限公司{uow.ids.new()}", legal_representative=agency.legal_representative)
            make_engagement(uow, agency=agency, amount=Decimal(100000))
    assert counts[0] == counts[1]


def test_two_agencies_of_the_demonstration_share_an_office(uow):
    world = seed_libraries(7)
    share_an_office(world)
    with world.acting("xu.wenjing") as acting:
        found = ties_of(acting, world.agencies[16])
    shared_ties = {tie.kind for tie in found if tie.other.key == str(world.agencies[7].organisation_id)}
    assert shared_ties == {TieKind.SAME_ADDRESS, TieKind.SAME_TELEPHONE}
