from __future__ import annotations

import io
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Forbidden, Refused
from core.identity.roles import Role
from core.spreadsheets import CellRefused
from projects.indicator_sheet import COLUMNS, read_sheet, template_sheet, weight_of
from projects.services.systems import approve_system, return_system, set_indicators, submit_system
from projects.states import SystemState
from projects.workflow import INDICATOR_SYSTEM
from tests.factories.identity import make_user
from tests.factories.projects import entries, make_project, make_system


def rules_of(refused) -> set[str | None]:
    return {refusal.rule_id for refusal in refused.value.refusals}


@pytest.fixture
def manager(uow):
    return make_user(uow, Role.AGENCY_MANAGER)


@pytest.fixture
def system(uow, manager):
    return make_system(uow, agency=manager.memberships[0].organisation)


def test_a_complete_system_is_submitted_by_its_agency_and_stamped(uow, uow_as, manager, system):
    submit_system(uow_as(manager), system)
    assert system.state is SystemState.SUBMITTED
    assert system.submitted_at is not None


def test_another_agency_cannot_submit_it(uow, uow_as, system):
    stranger = make_user(uow, Role.AGENCY_MANAGER)
    with pytest.raises(Forbidden):
        submit_system(uow_as(stranger), system)
    assert system.state is SystemState.DRAFT


@pytest.mark.parametrize(
    ("changes", "rules"),
    [
        ({"立项依据充分性": "14"}, {"R-PERF-02"}),
        ({"立项依据充分性": "25", "预算执行率": "30", "服务站点建成数": "25", "居民满意度": "20"}, {"R-PERF-03"}),
        ({"立项依据充分性": "45", "服务站点建成数": "35"}, {"R-PERF-02"}),
    ],
)
def test_weights_that_break_a_rule_are_refused_with_its_id(uow_as, manager, system, changes, rules):
    set_indicators(uow_as(manager), system, entries(**changes))
    with pytest.raises(Refused) as refused:
        submit_system(uow_as(manager), system)
    assert rules <= rules_of(refused)
    assert system.state is SystemState.DRAFT


def test_a_missing_dimension_and_a_wrong_sum_are_told_at_once(uow, uow_as, manager, system):
    set_indicators(uow_as(manager), system, entries()[1:])
    with pytest.raises(Refused) as refused:
        submit_system(uow_as(manager), system)
    assert rules_of(refused) == {"R-PERF-02", "R-PERF-04"}


def test_exactly_sixty_for_output_and_benefit_is_enough(uow, uow_as, manager, system):
    exact = entries(立项依据充分性="20", 预算执行率="20", 服务站点建成数="30", 居民满意度="30")
    set_indicators(uow_as(manager), system, exact)
    submit_system(uow_as(manager), system)
    assert system.state is SystemState.SUBMITTED


def test_a_submitted_system_cannot_be_changed(uow, uow_as, manager, system):
    submit_system(uow_as(manager), system)
    with pytest.raises(Refused) as refused:
        set_indicators(uow_as(manager), system, entries())
    assert rules_of(refused) == {"R-IND-01"}


def test_the_same_indicator_twice_is_refused_and_nothing_changes(uow, uow_as, manager, system):
    with pytest.raises(Refused):
        set_indicators(uow_as(manager), system, [*entries(), entries()[0]])
    assert len(system.indicators) == 4


def test_a_returned_system_is_revised_in_the_next_round(uow, uow_as, manager, system):
    quality = uow_as(make_user(uow, Role.QUALITY_OFFICER))
    submit_system(uow_as(manager), system)
    INDICATOR_SYSTEM.fire(quality, system, "start_review")
    return_system(quality, system, "产出指标不够量化")
    assert (system.state, system.round) == (SystemState.RETURNED, 2)
    INDICATOR_SYSTEM.fire(uow_as(manager), system, "revise")
    assert system.state is SystemState.DRAFT


def test_approval_is_stamped(uow, uow_as, manager, system):
    quality = uow_as(make_user(uow, Role.QUALITY_OFFICER))
    submit_system(uow_as(manager), system)
    INDICATOR_SYSTEM.fire(quality, system, "start_review")
    approve_system(quality, system)
    assert system.approved_at is not None


def sheet(*rows) -> bytes:
    book = openpyxl.Workbook()
    book.active.append([column.zh for column in COLUMNS])
    for row in rows:
        book.active.append(row)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


GOOD = ("产出", "产出数量", "服务站点建成数", "35", "12 个", "每少 1 个扣 3 分", "计划标准")


def test_a_clean_sheet_gives_its_entries():
    preview, found = read_sheet(sheet(GOOD))
    assert preview.clean
    assert (found[0].third, found[0].weight) == ("服务站点建成数", Decimal(35))


def test_every_bad_cell_is_named_and_nothing_is_given():
    preview, found = read_sheet(sheet(GOOD, ("结果", "数量", "", "0", "12 个", "按比例", "国家标准")))
    assert found == []
    assert {error.cell for error in preview.errors} == {"A3", "C3", "D3", "G3"}


def test_the_template_has_every_column():
    heads = [cell.value.removesuffix(" *") for cell in openpyxl.load_workbook(io.BytesIO(template_sheet())).active[1]]
    assert heads == [column.zh for column in COLUMNS]


@given(st.decimals(min_value="0.01", max_value=100, places=2))
def test_every_weight_with_two_decimals_is_read_as_written(weight):
    assert weight_of(str(weight)) == weight


@pytest.mark.parametrize("typed", ["", "abc", "0", "-1", "100.01", "3.333", "NaN", "Infinity", "1e3"])
def test_what_is_no_weight_is_refused(typed):
    with pytest.raises(CellRefused):
        weight_of(typed)


def test_the_agency_fills_in_imports_and_submits_in_the_browser(uow, client_as, manager):
    system = make_system(uow, filled=False, agency=manager.memberships[0].organisation)
    browser = client_as(manager)
    address = f"/indicator-systems/{system.id}"
    assert browser.get(address).status_code == 200
    upload = {"file": (io.BytesIO(sheet(GOOD)), "指标.xlsx")}
    assert browser.post(f"{address}/import", data=upload).status_code == 302
    uow.session.refresh(system)
    assert [one.third for one in system.indicators] == ["服务站点建成数"]
    page = browser.get(address)
    assert "权重合计为 35" in page.text
    assert "R-PERF-02" in page.text


def test_a_bad_cell_in_the_form_is_told_at_its_cell_and_the_rest_is_kept(uow, client_as, manager):
    system = make_system(uow, filled=False, agency=manager.memberships[0].organisation)
    row = {
        "dimension": "output",
        "second": "产出数量",
        "third": "站点数",
        "weight": "四十",
        "target": "12 个",
        "standard": "plan",
        "scoring": "按比例",
        "common": "",
    }
    answer = client_as(manager).post(f"/indicator-systems/{system.id}/edit", data=row)
    assert answer.status_code == 422
    assert "权重须是大于 0" in answer.text
    assert "站点数" in answer.text
    uow.session.refresh(system)
    assert system.indicators == []


def test_nobody_else_learns_of_a_draft(uow, client_as):
    system = make_system(uow)
    for role in (Role.AGENCY_MANAGER, Role.UNIT_OFFICER, Role.EXPERT, Role.QUALITY_OFFICER, Role.OBSERVER):
        assert client_as(make_user(uow, role)).get(f"/indicator-systems/{system.id}").status_code == 404, role


def test_the_evaluated_unit_reads_a_submitted_system_but_another_unit_does_not(uow, uow_as, client_as):
    officer = make_user(uow, Role.UNIT_OFFICER)
    manager = make_user(uow, Role.AGENCY_MANAGER)
    project = make_project(uow, unit=officer.memberships[0].organisation)
    system = make_system(uow, project=project, agency=manager.memberships[0].organisation)
    submit_system(uow_as(manager), system)
    address = f"/indicator-systems/{system.id}"
    assert client_as(officer).get(address).status_code == 200
    assert client_as(make_user(uow, Role.UNIT_OFFICER)).get(address).status_code == 404
