"""The year's plan: entries, approval by somebody else within their level, adjustment, tables, buying from it."""

from __future__ import annotations

import io
import itertools
from datetime import date, timedelta
from decimal import Decimal

import pytest
from openpyxl import load_workbook
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from core.errors import Forbidden, Refused
from core.identity.roles import OrganisationKind, Role
from core.notifications.models import Notification
from core.parameters import set_local_value
from procurement.models import ApprovalGrant, ApprovalSubstitute, Preparation, Tender
from procurement.plan_sheet import export_plan_sheet, known_projects, plan_template, read_plan_sheet
from procurement.planning.purchases import planned_sums
from procurement.planning.thresholds import thresholds
from procurement.services.planning import (
    add_item,
    approve_plan,
    change_item,
    draft_from_item,
    import_items,
    open_plan,
    remove_item,
    submit_plan,
)
from procurement.states import Method, PlanState
from procurement.workflow import PLAN
from tests.factories.bids import acting
from tests.factories.identity import make_organisation, make_user
from tests.factories.planning import approved_plan, draft_plan, entry
from tests.factories.projects import make_project
from tests.fixtures.browser import soup


def reasons(raised) -> dict:
    return {one.field: (str(one.reason), one.rule_id) for one in raised.value.refusals}


def test_a_plan_is_approved_by_somebody_else_and_adjusted_with_a_reason(uow):
    """R-SEC-02: not by who drew it up, not by who submitted it."""
    made = draft_plan(uow)
    officer, approver = acting(uow, made.officer), acting(uow, made.approver)
    submit_plan(officer, made.plan)
    both = make_user(uow, Role.PROCUREMENT_OFFICER, organisation=made.officer.memberships[0].organisation)
    with pytest.raises(Forbidden):
        approve_plan(acting(uow, both), made.plan)
    with pytest.raises(Forbidden):
        approve_plan(officer, made.plan)
    approve_plan(approver, made.plan)
    assert (made.plan.state, made.plan.edition) == (PlanState.APPROVED, 1)
    told = {(one.kind, one.user_id) for one in uow.session.scalars(select(Notification))}
    assert told == {("plan.submitted", made.approver.id), ("plan.approved", made.officer.id)}
    assert made.plan.approved_items[0]["title"] == "社区卫生服务绩效评价"
    with pytest.raises(Refused):
        add_item(officer, made.plan, entry(uow, title="另一项"))
    with pytest.raises(Refused):
        PLAN.fire(officer, made.plan, "adjust")
    PLAN.fire(officer, made.plan, "adjust", reason="年中追加预算")
    add_item(officer, made.plan, entry(uow, title="另一项"))
    submit_plan(officer, made.plan)
    approve_plan(approver, made.plan)
    assert made.plan.edition == 2


def test_the_database_itself_refuses_that_one_person_draws_up_and_approves(uow):
    made = approved_plan(uow)
    made.plan.approved_by_id = made.plan.drafted_by_id
    with pytest.raises(IntegrityError):
        uow.session.flush()


def test_there_is_one_plan_a_year_of_this_or_the_next(uow):
    made = draft_plan(uow)
    officer = acting(uow, made.officer)
    for year in (uow.today.year, uow.today.year - 1, uow.today.year + 2):
        with pytest.raises(Refused):
            open_plan(officer, year)
    assert open_plan(officer, uow.today.year + 1).items == []


def test_the_method_is_proposed_and_departing_from_it_asks_for_a_reason(uow):
    """R-BELOW-01, R-THR-01: from the amount, the catalogue and the year's thresholds."""
    made = draft_plan(uow)
    officer, plan = acting(uow, made.officer), made.plan
    assert plan.items[0].method is Method.BELOW_LIMIT
    with pytest.raises(Refused) as raised:
        add_item(officer, plan, entry(uow, title="单一来源", method=Method.SINGLE_SOURCE))
    assert reasons(raised)["method_reason"][1] == "R-BELOW-01"
    added = add_item(
        officer,
        plan,
        entry(uow, title="单一来源", method=Method.SINGLE_SOURCE, method_reason="原项目续评，服务须保持一致"),
    )
    assert added.method is Method.SINGLE_SOURCE
    assert add_item(officer, plan, entry(uow, title="大项", amount=Decimal(4_000_000))).method is Method.OPEN_TENDER


def test_thresholds_are_data_by_year_and_shown_as_unconfirmed(uow):
    """R-THR-01: a value set for one year leaves the others alone."""
    year = uow.today.year
    set_local_value(uow, "R-THR-01", "limit", "500000", year=year + 1)
    uow.session.flush()
    assert thresholds(uow, year).limit == Decimal(1_000_000)
    assert thresholds(uow, year + 1).limit == Decimal(500_000)
    assert not thresholds(uow, year + 1).confirmed
    set_local_value(uow, "R-THR-01", "limit", "", year=year + 1)
    uow.session.flush()
    assert thresholds(uow, year + 1).limit == Decimal(1_000_000)
    with pytest.raises(Refused):
        set_local_value(uow, "R-PRICE-05", "deduction_max", "20", year=year)


def test_an_administrator_sets_the_thresholds_of_a_year(uow, client_as):
    browser, page = client_as(make_user(uow, Role.ADMINISTRATOR)), "/administration/rules/R-THR-01/limit"
    year = uow.today.year + 1
    shown = soup(browser.get(f"{page}?year={year}"))
    token = shown.find("input", {"name": "csrf_token"})
    answer = browser.post(
        f"{page}?year={year}", data={"value": "800000", **({"csrf_token": token["value"]} if token else {})}
    )
    assert answer.status_code == 302
    assert thresholds(uow, year).limit == Decimal(800_000)
    assert f"{year} 年本地值" in browser.get("/administration/rules?q=R-THR-01").text


def test_bad_entries_are_refused_at_their_fields(uow):
    made = draft_plan(uow)
    officer = acting(uow, made.officer)
    last_year = date(uow.today.year - 1, 6, 1)
    with pytest.raises(Refused) as raised:
        add_item(officer, made.plan, entry(uow, amount=Decimal(0), starts_on=last_year))
    assert set(reasons(raised)) == {"title", "amount", "starts_on"}


def test_the_plans_sums_show_what_adds_up_to_an_open_tender(uow):
    """R-TENDER-15 over the planned year."""
    made = draft_plan(uow, entry(uow, title="首项", amount=Decimal(3_900_000)))
    officer = acting(uow, made.officer)
    with pytest.raises(Refused) as raised:
        add_item(officer, made.plan, entry(uow, method=Method.BELOW_LIMIT))
    assert reasons(raised)["method_reason"][1] == "R-TENDER-15"
    add_item(officer, made.plan, entry(uow, method=Method.BELOW_LIMIT, method_reason="紧急专项"))
    found = planned_sums(uow, made.plan)
    assert [(one.category, one.is_split, one.counted) for one in found] == [("evaluation", True, 2)]


def test_levels_decide_who_may_approve_and_a_substitute_stands_in(uow):
    """R-SEC-02.levels: amounts above the own level are refused; the absent one's substitute may."""
    made = draft_plan(uow, entry(uow, amount=Decimal(600_000)))
    submit_plan(acting(uow, made.officer), made.plan)
    bureau = made.officer.memberships[0].organisation
    chief = make_user(uow, Role.PROCUREMENT_APPROVER, organisation=bureau)
    for user, level in ((made.approver, 1), (chief, 3)):
        uow.add(ApprovalGrant(user_id=user.id, level=level, granted_at=uow.now))
    with pytest.raises(Refused) as raised:
        approve_plan(acting(uow, made.approver), made.plan)
    assert raised.value.refusals[0].rule_id == "R-SEC-02.levels"
    uow.add(
        ApprovalSubstitute(
            absent_id=chief.id,
            substitute_id=made.approver.id,
            first_on=uow.today,
            last_on=uow.today + timedelta(days=3),
            reason="出差",
            recorded_at=uow.now,
            ended_at=None,
        )
    )
    approve_plan(acting(uow, made.approver), made.plan)
    assert made.plan.state is PlanState.APPROVED


def test_a_tender_is_drafted_from_an_item_once(uow):
    made = approved_plan(uow)
    officer, item = acting(uow, made.officer), made.plan.items[0]
    tender = draft_from_item(officer, item)
    assert (tender.title, tender.budget, tender.lots[0].projects) == (item.title, item.amount, item.projects)
    assert tender.requirement == item.need
    assert uow.session.get(Preparation, tender.id).plan_item_id == item.id
    with pytest.raises(Refused, match=tender.number):
        draft_from_item(officer, item)
    PLAN.fire(officer, made.plan, "adjust", reason="调整金额")
    with pytest.raises(Refused):
        remove_item(officer, item)


def test_nothing_is_bought_from_a_plan_that_is_not_approved_or_names_no_project(uow):
    made = draft_plan(uow)
    with pytest.raises(Refused):
        draft_from_item(acting(uow, made.officer), made.plan.items[0])
    change_item(acting(uow, made.officer), made.plan.items[0], entry(uow, projects=[]))
    submit_plan(acting(uow, made.officer), made.plan)
    approve_plan(acting(uow, made.approver), made.plan)
    with pytest.raises(Refused):
        draft_from_item(acting(uow, made.officer), made.plan.items[0])


def test_a_table_goes_out_and_comes_back_the_same(uow):
    made = draft_plan(uow)
    item = made.plan.items[0]
    known = known_projects(item.projects)
    preview, entries = read_plan_sheet(export_plan_sheet(made.plan), made.plan.year, known)
    assert preview.errors == []
    assert entries[0].title == item.title
    assert entries[0].projects == tuple(item.projects)
    assert import_items(acting(uow, made.officer), made.plan, entries) == (0, 1)
    assert item.method is Method.BELOW_LIMIT


def test_every_bad_cell_of_a_table_is_named(uow):
    year = uow.today.year
    book = load_workbook(io.BytesIO(plan_template(year)))
    book.active.append(["评价", "没有的品目", "many", "13", "maybe", "magic", "", "NO-1", ""])
    data = io.BytesIO()
    book.save(data)
    preview, entries = read_plan_sheet(data.getvalue(), year, {})
    assert entries == []
    assert {one.cell for one in preview.errors} == {f"{column}2" for column in "BCDEFH"}


def fields_of(answer, **changes) -> dict:
    form = soup(answer).find("form", {"enctype": True}) or soup(answer).find("form", {"id": "form"})
    kept = {one["name"]: one.get("value", "") for one in form.find_all("input") if one.get("type") == "hidden"}
    return kept | changes


def test_a_table_is_previewed_before_anything_is_written(uow, client_as):
    made, project = draft_plan(uow), make_project(uow)
    browser, page = client_as(made.officer), f"/plans/{made.plan.id}/import"
    csv = f"采购项目名称,采购品目,预算金额（元）,计划实施月份,被评价项目编号\n养老服务绩效评价,绩效评价服务,160000,9,{project.code}\n"
    sent = fields_of(browser.get(page), file=(io.BytesIO(csv.encode("utf-8-sig")), "plan.csv"))
    shown = browser.post(page, data=sent, content_type="multipart/form-data")
    assert shown.status_code == 200
    assert "预览：尚未写入" in shown.text
    assert len(made.plan.items) == 1
    confirmed = fields_of(shown)
    first, second = (browser.post(page, data=confirmed) for _press in range(2))
    assert (first.status_code, second.status_code) == (302, 302)
    uow.session.expire_all()
    assert [one.title for one in made.plan.items] == ["社区卫生服务绩效评价", "养老服务绩效评价"]
    broken = browser.post(page, data=fields_of(browser.get(page), kept="!!!"))
    assert broken.status_code == 422


def test_an_officer_plans_buys_and_an_approver_approves_on_the_pages(uow, client_as):
    bureau = make_organisation(uow, OrganisationKind.BUREAU)
    officer = make_user(uow, Role.PROCUREMENT_OFFICER, organisation=bureau)
    approver = make_user(uow, Role.PROCUREMENT_APPROVER, organisation=bureau)
    project, browser, boss = make_project(uow), client_as(officer), client_as(approver)
    begun = browser.post("/plans/new", data=fields_of(browser.get("/plans/new"), year=str(uow.today.year)))
    assert begun.status_code == 302
    page = begun.location
    values = {"title": "绿化养护绩效评价", "category": "evaluation", "amount": "200000", "month": "7", "method": ""}
    sent = fields_of(browser.get(f"{page}/items/new"), projects=[str(project.id)], **values)
    presses = [browser.post(f"{page}/items/new", data=sent) for _press in range(2)]
    assert [one.status_code for one in presses] == [302, 302]
    bad = browser.post(
        f"{page}/items/new", data=fields_of(browser.get(f"{page}/items/new"), **values | {"amount": "-"})
    )
    assert bad.status_code == 422
    assert "公开招标数额标准" in browser.get(page).text
    assert boss.post(f"{page}/approve", data={}).status_code in (409, 422)
    assert browser.post(f"{page}/submit").status_code == 302
    assert "审批采购计划" in boss.get("/home").text
    assert "等待审批采购计划" in browser.get("/home").text
    assert browser.post(f"{page}/approve").status_code == 403
    assert boss.post(f"{page}/approve", data={"revision": "1"}).status_code == 409
    assert boss.post(f"{page}/approve").status_code == 302
    forms = [
        one["action"] for one in soup(browser.get(page)).find_all("form") if one.get("action", "").endswith("/tender")
    ]
    once = {"once": "0b2f4a9e-0000-4000-8000-000000000001"}
    drafted, again = (browser.post(forms[0], data=once) for _press in range(2))
    assert drafted.location == again.location
    assert uow.session.scalar(select(func.count()).select_from(Tender)) == 1
    assert client_as(make_user(uow, Role.PROCUREMENT_SUPERVISOR)).get(page).status_code == 200
    assert client_as(make_user(uow, Role.AGENCY_MANAGER)).get(page).status_code == 404


def test_watchers_see_a_plan_only_when_it_is_approved(uow, client_as):
    made = draft_plan(uow)
    watcher = client_as(make_user(uow, Role.OBSERVER))
    assert watcher.get(f"/plans/{made.plan.id}").status_code == 404
    assert "社区" not in watcher.get("/plans").text


def test_the_plans_page_asks_the_same_number_of_questions_however_long_it_is(uow, client_as, count_queries):
    made = draft_plan(uow)
    browser, page, officer = client_as(made.officer), f"/plans/{made.plan.id}", acting(uow, made.officer)
    counts = []
    for number in itertools.count():
        uow.session.expire_all()
        with count_queries() as statements:
            assert browser.get(page).status_code == 200
        counts.append(len(statements))
        if number == 1:
            break
        for place in range(8):
            add_item(officer, made.plan, entry(uow, title=f"第{place}项"))
    assert counts[1] <= counts[0] + 1
