from __future__ import annotations

import csv
import io
import json
from decimal import Decimal

import pytest
from openpyxl import load_workbook

from agencies.models import LeadEvaluator
from agencies.ports import grade_lines
from agencies.queries import register as register_queries
from agencies.register_file import COLUMNS
from agencies.services.grades import record_grade
from agencies.states import Grade
from core.identity.roles import OrganisationKind, Role
from grading.queries.grade_lines import grade_line
from tests.factories.agencies import make_agency
from tests.factories.identity import make_organisation, make_user

RECORD = {
    "rules": {
        "key": "house",
        "version": "2026.1",
        "minimum_sample": 2,
        "elements": {"report": "35", "timeliness": "10"},
        "titles": {"report": ["报告质量", "Quality of the report"]},
    },
    "result": {"score": "91.00", "grade": "A", "mean": "93.50", "deducted": "2.50", "sample": 3},
    "tasks": [{"points": {"report": "31/1", "timeliness": "10/1"}}, {"points": {"report": "32/1"}}],
}


def graded(uow, name="上海衡信绩效评价咨询有限公司", **values):
    body = make_organisation(
        uow, OrganisationKind.AGENCY, name=name, address="上海市闵行区都市路8号", telephone="021-66667777"
    )
    agency = make_agency(uow, body, legal_representative="沈不公开", **values)
    record_grade(uow, agency, year=2025, grade=Grade.A, score=Decimal(91), tasks=3, record=RECORD)
    return agency


def test_a_line_tells_method_mean_deduction_and_elements():
    line = grade_line(RECORD["rules"], RECORD["result"], RECORD["tasks"])
    assert (line.mean, line.deducted, line.sample, line.minimum) == (Decimal("93.50"), Decimal("2.50"), 3, 2)
    assert [(key, title.zh, points) for key, title, points, _full in line.elements] == [
        ("report", "报告质量", Decimal("31.50")),
        ("timeliness", "timeliness", Decimal("10.00")),
    ]


def test_nobody_learns_of_a_grade_before_it_is_published(uow, client):
    agency = make_agency(uow)
    grade = record_grade(uow, agency, year=2025, grade=Grade.A, score=91, tasks=3, record=RECORD, publish_now=False)
    assert grade_lines(uow, [grade.id]) == {}
    rows = json.loads(client.get("/agency-register/agencies.json").text)["agencies"]
    assert [one["grade"] for one in rows if one["id"] == str(agency.id)] == [None]
    assert "A 级 <span" not in client.get("/agency-register").text


def test_the_register_shows_grade_method_evidence_and_standing_to_everybody(uow, client):
    agency = graded(uow)
    page = client.page("/agency-register?q=衡信")
    row = page.select_one("tbody tr")
    for words in (
        "上海衡信绩效评价咨询有限公司",
        "A 级",
        "91.00",
        "3 项任务",
        "加权平均 93.50",
        "诚信扣 2.50 分",
        "在库",
    ):
        assert words in row.text, words
    assert row.select_one(f'a[href="/grades/{agency.grades[0].id}"]')
    assert "/agency-register/agencies.csv?q=" in str(page)


def test_every_file_says_the_same_and_nothing_about_people(uow, client):
    agency = graded(uow, name="=cmd|上海危险公式咨询有限公司")
    uow.add(
        LeadEvaluator(
            organisation_id=agency.organisation_id,
            item_id=None,
            name="洪子安",
            qualification="注册会计师",
            working_since=None,
            evaluating_since=None,
            ended_on=None,
        )
    )
    uow.session.flush()
    answer = json.loads(client.get("/agency-register/agencies.json?q=危险公式").text)
    (one,) = answer["agencies"]
    assert (one["grade"], one["score"], one["weighted_mean"], one["honesty_deduction"], one["standing"]) == (
        "A",
        91.0,
        93.5,
        2.5,
        "in-library",
    )
    assert one["fields"] == ["education"]
    assert [column["key"] for column in answer["columns"]] == [column.key for column in COLUMNS]
    assert set(one) == {column.key for column in COLUMNS}
    (head, row) = csv.reader(
        io.StringIO(client.get("/agency-register/agencies.csv?q=危险公式").get_data().decode("utf-8-sig"))
    )
    assert dict(zip(head, row, strict=True))["机构名称"] == "'=cmd|上海危险公式咨询有限公司"
    sheet = load_workbook(io.BytesIO(client.get("/agency-register/agencies.xlsx?q=危险公式").get_data())).active
    cells = [cell.value for cell in sheet[2]]
    assert "91" in str(cells)
    assert not any(str(cell).startswith("=") for cell in cells)
    text = json.dumps(answer, ensure_ascii=False) + str(cells) + str(row)
    for private in ("沈不公开", "洪子安", "021-66667777"):
        assert private not in text
    explained = client.get("/agency-register/columns").text
    assert all(column.key in explained for column in COLUMNS)


def test_a_long_register_goes_on_in_the_next_file(uow, client, monkeypatch):
    monkeypatch.setattr(register_queries, "PART", 2)
    names = {graded(uow, name=f"上海分册{number}号").organisation.name for number in range(5)}
    seen, path, files = [], "/agency-register/agencies.json?q=分册", 0
    while path:
        answer = client.get(path)
        seen += [one["name"] for one in answer.json["agencies"]]
        files, path = files + 1, answer.json["next"]
        assert ("next" in answer.headers.get("Link", "")) is bool(path)
    assert (files, seen) == (3, sorted(names))


@pytest.mark.parametrize("path", ["/agency-register", "/agency-register/agencies.json"])
def test_the_register_asks_the_database_as_often_at_any_size(uow, client, count_queries, path):
    counts = []
    for size in (2, 5):
        for number in range(size):
            graded(uow, name=f"上海{size}{number}号咨询有限公司")
        client.get(path)
        with count_queries() as statements:
            assert client.get(path).status_code == 200
        counts.append(len(statements))
    assert counts[0] == counts[1]


def test_bad_addresses_are_no_fault(uow, client_as):
    browser = client_as(make_user(uow, Role.EXPERT))
    for path in (
        "/agency-register?page=99999999999999999999",
        "/agency-register?kind=nothing&grade=X&sort=--",
        "/agency-register/agencies.json?after=x",
        "/agency-register?q=%00%27%22%5C",
    ):
        assert browser.get(path).status_code == 200, path
