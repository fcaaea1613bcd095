"""Pages of sheets, rubrics and moderations: one click for a proposal, levels without a script, refusals at fields."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError

from core.errors import Refused
from core.identity.roles import Role
from grading.models import Moderation, RubricVersion
from grading.queries import sheets_of
from grading.queries.rubric import rubric_in_force
from grading.services.rubrics import choose_rubric, copy_rubric, drafted, edit_rubric
from grading.states import DeductionState, ModerationState, RubricState, SheetState
from tests.factories.grading import checked_submission
from tests.factories.identity import make_user


@pytest.fixture
def desk(uow):
    desk = checked_submission(uow)
    desk.uphold_all()
    return desk


def score_page(desk):
    return f"/submissions/{desk.submission.id}/score"


def sheet_address(desk):
    return f"/submissions/{desk.submission.id}/sheet"


def test_one_click_accepts_a_proposal_and_keeps_what_was_typed(uow, client_as, desk):
    client = client_as(desk.quality)
    page = client.page(score_page(desk))
    button = page.select_one("button[value^='accept:']")
    assert page.select(".proposal-open")
    answer = client.post(
        sheet_address(desk), data={"points_advice": "8.5", "deed": button["value"], "comment": "先看数据"}
    )
    assert answer.status_code == 302
    (sheet,) = sheets_of(uow, desk.submission, locked=False)
    assert {one.state for one in sheet.deductions if f"accept:{one.key}" == button["value"]} == {
        DeductionState.ACCEPTED
    }
    assert (sheet.comment, [line.points for line in sheet.lines]) == ("先看数据", [Decimal("8.5")])


def test_declining_without_a_reason_is_refused_beside_the_proposal(client_as, desk):
    client = client_as(desk.quality)
    key = client.page(score_page(desk)).select_one("button[value^='decline:']")["value"].partition(":")[2]
    answer = client.post(sheet_address(desk), data={"deed": f"decline:{key}"})
    assert answer.status_code == 422
    assert f'id="why_{key}-error"' in answer.get_data(as_text=True)


def test_a_level_alone_gives_its_points_without_a_script(uow, client_as, desk):
    client = client_as(desk.quality)
    client.post(sheet_address(desk), data={"level_problems": "1", "deed": "save"})
    (sheet,) = sheets_of(uow, desk.submission, locked=False)
    assert [(line.key, line.points) for line in sheet.lines] == [("problems", 12)]
    page = client.page(score_page(desk))
    assert page.select_one("input[name=level_problems][value='1']").has_attr("checked")


def test_a_unit_learns_how_many_findings_but_not_which(client_as, desk):
    text = client_as(desk.unit).page(score_page(desk))
    assert text.select(".proposal")
    assert not text.select(".proposal a")


def test_the_far_off_rater_says_why_on_the_page(uow, client_as):
    desk = checked_submission(uow)
    desk.dispose()
    desk.rate(desk.quality, "0.95")
    desk.rate(make_user(uow, Role.QUALITY_OFFICER), "0.9")
    desk.rate(desk.unit, "0.3")
    client = client_as(desk.unit)
    assert client.page(score_page(desk)).select("#explain")
    address = f"/submissions/{desk.submission.id}/spread"
    assert client.post(address, data={"spread-reason": ""}).status_code == 422
    assert client.post(address, data={"spread-reason": "多次拒绝补充取证"}).status_code == 302
    assert "多次拒绝补充取证" in client_as(desk.quality).page(score_page(desk)).get_text()
    assert client_as(desk.manager).get(score_page(desk)).status_code == 200
    assert "多次拒绝补充取证" not in client_as(desk.manager).page(score_page(desk)).get_text()


def test_a_moderation_in_the_browser(uow, client_as):
    desk = checked_submission(uow)
    desk.dispose()
    desk.rate(desk.quality, "0.9")
    desk.rate(desk.unit, "0.6")
    officer, unit = client_as(desk.quality), client_as(desk.unit)
    begin = f"/submissions/{desk.submission.id}/moderations"
    assert unit.post(begin, data={"session-ground": ""}).status_code == 422
    assert unit.post(begin, data={"session-ground": "看法不同"}).status_code == 302
    session = uow.session.scalars(select(Moderation)).one()
    address = f"/moderations/{session.id}"
    assert client_as(desk.manager).get(address).status_code == 404
    assert officer.post(f"{address}/decline", data={"deed": "open"}).status_code == 302
    assert session.state is ModerationState.OPEN
    assert unit.page(address).select("#revise")
    assert unit.post(f"{address}/conclude", data={"deed": "leave", "result-note": "不"}).status_code == 403
    assert unit.post(f"{address}/revise", data={"mine-revised_data": "99", "mine-reason": "重看"}).status_code == 422
    assert (
        unit.post(f"{address}/revise", data={"mine-revised_data": "20", "mine-reason": "重看附表"}).status_code == 302
    )
    page = officer.page(address)
    assert page.select_one("del").get_text(strip=True)
    data = {tag["name"]: tag.get("value", "") for tag in page.select("#conclude input[name^=result-agreed_]")}
    assert officer.post(f"{address}/conclude", data={**data, "deed": "agree"}).status_code == 422
    assert officer.post(f"{address}/conclude", data={**data, "deed": "agree", "result-note": "一致"}).status_code == 302
    assert unit.post(f"{address}/dissent", data={"kept-dissent": "保留"}).status_code == 302
    assert "按合议一致分数" in officer.page(score_page(desk)).get_text()


def test_rubrics_are_copied_edited_compared_and_put_in_force_by_quality_staff(uow, client_as, desk):
    client = client_as(desk.quality)
    assert len(client.page("/rubrics").select("table tbody tr")) == 3
    assert client.post("/rubrics/2026/copy", data={}).status_code == 302
    row = uow.session.scalars(select(RubricVersion)).one()
    edit = f"/rubrics/versions/{row.id}/edit"
    fields = {tag["name"]: tag.get("value", "") for tag in client.page(edit).select("#rubric input[name]")}
    fields = {name: value for name, value in fields.items() if name.startswith(("d", "t")) or name == "late_day"}
    wrong = client.post(edit, data={**fields, "d0_points": "12", "deed": "save"})
    assert wrong.status_code == 422
    assert 'id="d6_points-error"' in wrong.get_data(as_text=True)
    right = client.post(
        edit,
        data={
            **fields,
            "d0_points": "12",
            "d6_points": "8",
            "d6_l0_begins": "7",
            "d6_l0_fill": "7.5",
            "d6_l1_begins": "5",
            "d6_l2_fill": "4.5",
            "d6_l1_fill": "6",
            "deed": "save",
        },
    )
    assert right.status_code == 302
    more = client.post(edit, data={**fields, "deed": "add"})
    assert more.status_code == 302
    uow.session.refresh(row)
    assert len(row.body["dimension"]) == 8
    assert "R-GRADE.rubric" in client.page(edit).get_text()
    assert client.post("/rubrics/choose", data={"version": row.version, "reason": "试行"}).status_code == 422, "not 100"
    client.post(edit, data={**fields, "deed": "drop:7"})
    assert client.post("/rubrics/choose", data={"version": row.version, "reason": ""}).status_code == 422
    assert client.post("/rubrics/choose", data={"version": "annex8", "reason": "试行"}).status_code == 422
    assert client.post("/rubrics/choose", data={"version": row.version, "reason": "按新标准试行"}).status_code == 302
    assert rubric_in_force(uow).version == row.version
    assert client.get(edit).status_code == 403
    assert client.page(f"/rubrics/{row.version}/compare?with=2026").select("table tbody tr")
    assert client.get("/rubrics/nonsense").status_code == 404
    assert client_as(desk.unit).get(f"/rubrics/{row.version}").status_code == 200
    assert client_as(desk.unit).post("/rubrics/2026/copy", data={}).status_code == 403


def test_a_sheet_keeps_the_version_it_was_begun_with_and_one_in_use_is_never_changed(uow, desk):
    row = copy_rubric(desk.acting(desk.quality), "jiading")
    choose_rubric(desk.acting(desk.quality), row.version, "试行嘉定区评分表")
    assert row.state is RubricState.FIXED
    other = checked_submission(uow)
    other.dispose()
    sheet = other.rate(other.quality, "1")
    choose_rubric(desk.acting(desk.quality), "2026", "恢复本局标准")
    assert (sheet.rubric, sheet.state) == (row.version, SheetState.LOCKED)
    assert other.rate(other.unit, "1").rubric == row.version, "all raters of a report answer the same"
    with pytest.raises(Refused) as caught:
        edit_rubric(desk.acting(desk.quality), row, drafted(row))
    assert caught.value.refusals[0].rule_id == "R-GRADE.rubric"
    with pytest.raises(DBAPIError, match="never changed"), uow.session.begin_nested():
        uow.session.execute(update(RubricVersion).values(body={}))
