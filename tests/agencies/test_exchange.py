from __future__ import annotations

import io
import re

import pytest
from openpyxl import Workbook, load_workbook
from sqlalchemy import func, select

from agencies.library_sheet import (
    FIELD_NAMES,
    KIND_NAMES,
    AgencyEntry,
    export_library_sheet,
    read_library_sheet,
    template_sheet,
)
from agencies.models import Agency, AgencyListing, RecordItem
from agencies.services.exchange import RowsRefused, digest_of, import_library, plan_import
from agencies.states import AgencyKind, RecordPart
from core.errors import Refused
from core.identity.models import Organisation
from core.identity.roles import OrganisationKind, Role
from core.identity.uscc import check_character
from projects.states import Sector
from tests.factories.agencies import make_agency
from tests.factories.identity import make_organisation, make_user

HEADS = [
    "统一社会信用代码",
    "机构名称",
    "机构类型",
    "擅长领域",
    "法定代表人或首席合伙人",
    "成立日期",
    "从业人员",
    "地址",
    "电话",
    "主评人",
    "入库日期",
]


def code(number: int) -> str:
    first = f"91310112MA{number:07d}"
    return first + check_character(first)


def line(number: int, **changes) -> list[object]:
    values = {
        "uscc": code(number),
        "name": f"上海导入{number}号咨询有限公司",
        "kind": "专业咨询机构",
        "fields": "义务教育、社会保障",
        "head": "沈嘉禾",
        "founded": "2010-05-01",
        "staff": 30,
        "address": "上海市闵行区都市路8号",
        "telephone": "021-55551234",
        "leads": "陈思远（注册会计师）、吴佳宁",
        "admitted": "",
        **changes,
    }
    return list(values.values())


def table(*rows) -> bytes:
    book = Workbook()
    for row in (HEADS, *rows):
        book.active.append(row)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def entries(*rows) -> list[AgencyEntry]:
    preview, found = read_library_sheet(table(*rows))
    assert preview.clean, preview.errors
    return found


def take_in(uow, *rows):
    found = entries(*rows)
    return import_library(uow, found, digest_of(plan_import(uow, found)))


def agencies(uow) -> int:
    return uow.session.scalar(select(func.count()).select_from(Agency))


def test_the_words_of_the_table_are_those_of_the_house():
    assert {one: str(one.label) for one in AgencyKind} == KIND_NAMES
    assert {one: str(one.label) for one in Sector} == FIELD_NAMES


@pytest.mark.parametrize(
    ("changes", "cell", "words"),
    [
        ({"uscc": code(1)[:-1] + "0"}, "A2", "R-AGENCY-03"),
        ({"uscc": "91"}, "A2", "18 位"),
        ({"name": ""}, "B2", "不能为空"),
        ({"kind": "事务所"}, "C2", "R-AGENCY-01"),
        ({"fields": "义务教育、天文"}, "D2", "天文"),
        ({"founded": "去年"}, "F2", "2026-11-23"),
        ({"staff": "三十"}, "G2", "数字"),
        ({"staff": -1}, "G2", "整数"),
        ({"leads": "陈思远（注册会计师"}, "J2", "R-LEAD-01"),
        ({"name": "名" * 121}, "B2", "120"),
    ],
)
def test_a_bad_cell_is_named_with_its_rule(changes, cell, words):
    preview, found = read_library_sheet(table(line(1, **changes)))
    assert found == []
    assert [one.cell for one in preview.errors] == [cell]
    assert words in preview.errors[0].message.zh
    assert re.search("[A-Za-z]{4}", preview.errors[0].message.en)


def test_new_agencies_come_in_and_known_ones_are_updated_by_their_code(uow, uow_as):
    officer = uow_as(make_user(uow, Role.QUALITY_OFFICER))
    assert take_in(officer, line(1), line(2)) == (2, 0)
    first = uow.session.scalar(select(Agency).join(Organisation).where(Organisation.uscc == code(1)))
    assert ([one.name for one in first.leads], first.admitted_on, first.staff) == (["吴佳宁", "陈思远"], uow.today, 30)
    assert take_in(officer, line(1), line(2, name="上海改名咨询有限公司", staff="", leads="郑一舟"), line(3)) == (1, 1)
    uow.session.expire_all()
    second = uow.session.scalar(select(Agency).join(Organisation).where(Organisation.uscc == code(2)))
    assert (second.organisation.name, second.staff, len(second.leads)) == ("上海改名咨询有限公司", 30, 3)
    assert (
        uow.session.scalar(select(AgencyListing.name).where(AgencyListing.agency_id == second.id))
        == "上海改名咨询有限公司"
    )


def test_a_supplier_that_is_known_by_its_code_enters_with_what_it_is(uow, uow_as):
    supplier = make_organisation(uow, OrganisationKind.AGENCY, name="旧名", uscc=code(7))
    take_in(uow_as(make_user(uow, Role.QUALITY_OFFICER)), line(7))
    assert (
        uow.session.scalar(select(Agency.organisation_id).where(Agency.organisation_id == supplier.id)) == supplier.id
    )
    assert supplier.name == "上海导入7号咨询有限公司"


def test_the_agencys_own_record_says_the_same(uow, uow_as):
    agency = make_agency(uow, make_organisation(uow, OrganisationKind.AGENCY, name="旧名", uscc=code(8)))
    item = uow.add(
        RecordItem(
            organisation_id=agency.organisation_id,
            part=RecordPart.BASICS,
            name="旧名",
            entries={"name": "旧名", "premises": "都市路"},
            added_at=uow.now,
        )
    )
    uow.session.flush()
    take_in(uow_as(make_user(uow, Role.QUALITY_OFFICER)), line(8))
    assert (item.entries["name"], item.entries["staff"], item.entries["premises"]) == (
        "上海导入8号咨询有限公司",
        30,
        "都市路",
    )
    assert item.entries["fields"] == ["education", "social-security"]


def test_one_bad_row_and_nobody_is_written(uow, uow_as):
    make_organisation(uow, OrganisationKind.BUDGET_UNIT, name="澄湖区教育局", uscc=code(5))
    make_organisation(uow, OrganisationKind.AGENCY, name="上海同名咨询有限公司", uscc=code(6))
    officer, before = uow_as(make_user(uow, Role.QUALITY_OFFICER)), agencies(uow)
    rows = [
        line(1),
        line(1, name="另一个"),
        line(5),
        line(9, name="上海同名咨询有限公司"),
        line(10, admitted="2099-01-01"),
    ]
    with pytest.raises(RowsRefused) as refused:
        plan_import(officer, entries(*rows))
    assert {row: [(one.field, one.rule_id) for one in found] for row, found in refused.value.rows.items()} == {
        1: [("uscc", "R-AGENCY-03")],
        2: [("uscc", "R-AGENCY-03")],
        3: [("name", "R-AGENCY-03")],
        4: [("admitted_on", "R-AGENCY-03")],
    }
    assert agencies(uow) == before


def test_what_was_not_previewed_is_not_written(uow, uow_as):
    officer = uow_as(make_user(uow, Role.QUALITY_OFFICER))
    found = entries(line(1))
    seen = digest_of(plan_import(officer, found))
    take_in(officer, line(1, staff=99))
    with pytest.raises(Refused) as refused:
        import_library(officer, found, seen)
    assert "再看一次预览" in str(refused.value.refusals[0].reason)


def test_what_is_exported_reads_back_the_same_and_runs_nothing(uow, uow_as):
    officer = uow_as(make_user(uow, Role.QUALITY_OFFICER))
    take_in(officer, line(1))
    body = uow.session.scalar(select(Organisation).where(Organisation.uscc == code(1)))
    body.name, body.address = "=HYPERLINK(危险)咨询有限公司", "@SUM(1)路"
    uow.session.flush()
    exported = export_library_sheet(
        uow.session.scalars(select(Agency).join(Organisation).where(Organisation.uscc == code(1))).all()
    )
    cells = [cell.value for cell in load_workbook(io.BytesIO(exported)).active[2]]
    assert not any(str(one).startswith(("=", "@")) for one in cells)
    preview, again = read_library_sheet(exported)
    assert preview.clean
    (planned,) = plan_import(officer, again)
    assert planned.changes == {}
    assert not planned.is_new
    head = [cell.value for cell in load_workbook(io.BytesIO(template_sheet())).active[1]]
    assert [str(one).removesuffix(" *") for one in head] == HEADS


def send(browser, path="/agencies/table/import", data=None, **fields):
    page = browser.page(path)
    hidden = {one["name"]: one.get("value", "") for one in page.select("form.form-column input[type=hidden]")}
    if data is not None:
        fields["file"] = (io.BytesIO(data), "机构.xlsx")
    return browser.post(path, data={**hidden, **fields}, content_type="multipart/form-data")


def hidden_of(answer):
    return dict(re.findall(r'name="(kept|previewed|once|revision)"[^>]*value="([^"]*)"', answer.text))


def test_a_table_is_looked_at_first_and_written_once(uow, client_as):
    browser, before = client_as(make_user(uow, Role.QUALITY_OFFICER)), agencies(uow)
    seen = send(browser, data=table(line(1), line(2)))
    assert "尚未写入" in seen.text
    assert agencies(uow) == before
    fields = hidden_of(seen)
    written = browser.post("/agencies/table/import", data=fields)
    assert written.status_code == 302
    assert agencies(uow) == before + 2
    assert browser.post("/agencies/table/import", data=fields).status_code == 302
    assert agencies(uow) == before + 2
    assert "上海导入1号咨询有限公司" in browser.get("/agencies?q=导入1号").text


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04broken", b"not a table", None])
def test_what_is_no_table_is_refused_in_words(uow, client_as, data):
    answer = send(client_as(make_user(uow, Role.QUALITY_OFFICER)), data=data)
    assert answer.status_code == 422
    assert "field-error" in answer.text or "未写入任何内容" in answer.text


def test_wrong_cells_are_listed_on_the_page(uow, client_as):
    answer = send(
        client_as(make_user(uow, Role.QUALITY_OFFICER)), data=table(line(1, kind="事务所"), line(1, uscc=code(2)))
    )
    assert answer.status_code == 422
    assert "C2" in answer.text
    assert "R-AGENCY-01" in answer.text
    assert agencies(uow) == 0 or "尚未写入" not in answer.text


def test_only_who_keeps_the_library_imports_and_only_the_bureau_exports(uow, client_as, client):
    for role, may_import, may_export in (
        (Role.QUALITY_OFFICER, True, True),
        (Role.PROCUREMENT_OFFICER, False, True),
        (Role.AGENCY_MANAGER, False, False),
        (Role.OBSERVER, False, False),
    ):
        browser = client_as(make_user(uow, role))
        assert (browser.get("/agencies/table/import").status_code == 200) is may_import, role
        assert (browser.get("/agencies/table/agencies.xlsx").status_code == 200) is may_export, role
    assert client.get("/agencies/table/agencies.xlsx").status_code == 302


def test_very_many_rows_are_taken_in_with_few_queries(uow, uow_as, count_queries):
    officer = uow_as(make_user(uow, Role.QUALITY_OFFICER))
    found = [
        AgencyEntry(
            code(number), f"上海大表{number}号咨询有限公司", AgencyKind.CONSULTING, (Sector.EDUCATION,), "沈嘉禾"
        )
        for number in range(1200)
    ]
    planned = plan_import(officer, found)
    with count_queries() as statements:
        assert import_library(officer, found, digest_of(planned)) == (1200, 0)
    assert len(statements) < 20
    listed = select(func.count()).select_from(AgencyListing).where(AgencyListing.name.like("上海大表%"))
    assert uow.session.scalar(listed) == 1200
