"""A published grade is put right openly: by two people, with a notice, a new record and a new certificate."""

from __future__ import annotations

from decimal import Decimal

import pytest

from agencies.states import Grade
from core.errors import Forbidden, Refused
from core.identity.roles import Role
from core.notifications.models import Notification
from grading.grade_record import verify_grade
from grading.services.certificates import issue_certificate
from grading.services.grade_corrections import (
    Amendment,
    confirm_correction,
    decline_correction,
    expected,
    propose_correction,
)
from grading.services.grading_cycle import compute_cycle
from grading.states import CorrectionKind, CorrectionState
from tests.factories.grading import publish_year, rated_desk
from tests.factories.identity import make_user

WHY = {"basis": "审计报告〔2026〕3号", "reason": "合同金额录入有误"}


@pytest.fixture
def graded(uow):
    """An agency's published grade, and somebody who did not score."""
    desk = rated_desk(uow, "0.92", amount=Decimal(100000))
    rated_desk(uow, "0.88", agency=desk.agency, amount=Decimal(100000))
    publish_year(desk, compute_cycle(desk.acting(desk.quality), uow.today.year))
    uow.session.expire_all()
    return desk, desk.agency.grade, make_user(uow, Role.PROCUREMENT_APPROVER)


def test_a_grade_is_corrected_by_two_people_and_its_certificate_ends(uow, graded):
    desk, grade, other = graded
    certificate = issue_certificate(desk.acting(desk.quality), grade)
    digest = grade.record["digests"]["record"]
    more = Amendment(f"task|{desk.engagement.number}|amount", "25000", "应为补充协议后的金额")
    row = propose_correction(desk.acting(desk.quality), grade, CorrectionKind.CORRECT, [more], **WHY)
    assert (grade.grade, grade.score) == (Grade.A, Decimal("90.00"))
    with pytest.raises(Refused, match="等待复核"):
        propose_correction(desk.acting(desk.quality), grade, CorrectionKind.WITHDRAW, **WHY)
    with pytest.raises(Forbidden):
        confirm_correction(desk.acting(desk.quality), row)
    assert expected(row) == {"grade": "B", "score": "88.80"}
    published = grade.published_at
    confirm_correction(desk.acting(other), row)
    assert (grade.grade, grade.score, grade.published_at) == (Grade.B, Decimal("88.80"), published)
    assert verify_grade(grade.record) == []
    assert (row.state, row.number) == (CorrectionState.CONFIRMED, f"评更〔{uow.today.year}〕1号")
    assert (row.before["digest"], row.before["grade"], row.after["grade"]) == (digest, "A", "B")
    assert certificate.superseded_because == "corrected"
    told = [one for one in uow.session.query(Notification) if one.kind == "agency.grade-corrected"]
    assert [one.user_id for one in told].count(desk.manager.id) == 1


def test_a_veto_found_later_makes_the_year_d(uow, graded, client_as):
    """R-GRADE.veto: the task counts 0 and the year is D, on the sheet with its rule."""
    desk, grade, other = graded
    veto = Amendment(f"veto|{desk.engagement.number}", "", "底稿数据系伪造")
    row = propose_correction(desk.acting(desk.quality), grade, CorrectionKind.CORRECT, [veto], **WHY)
    confirm_correction(desk.acting(other), row)
    assert (grade.grade, grade.score) == (Grade.D, Decimal("0.00"))
    assert grade.record["tasks"][0]["vetoed"]
    assert verify_grade(grade.record) == []
    assert "R-GRADE.veto" in client_as(desk.manager).page(f"/grading/entries/{row.entry_id}").get_text()


def test_a_withdrawn_grade_is_none_and_its_certificate_says_so(uow, graded):
    desk, grade, other = graded
    certificate = issue_certificate(desk.acting(desk.quality), grade)
    row = propose_correction(desk.acting(desk.quality), grade, CorrectionKind.WITHDRAW, **WHY)
    confirm_correction(desk.acting(other), row)
    assert (grade.grade, grade.score, row.after["score"]) == (Grade.UNGRADED, None, None)
    assert certificate.superseded_because == "withdrawn"
    with pytest.raises(Refused):
        propose_correction(desk.acting(desk.quality), grade, CorrectionKind.WITHDRAW, **WHY)


def test_a_declined_correction_changes_nothing(uow, graded):
    desk, grade, other = graded
    row = propose_correction(desk.acting(desk.quality), grade, CorrectionKind.WITHDRAW, **WHY)
    with pytest.raises(Refused):
        decline_correction(desk.acting(other), row, " ")
    decline_correction(desk.acting(other), row, "依据不足")
    assert (row.state, grade.grade) == (CorrectionState.DECLINED, Grade.A)


def test_what_is_missing_is_told_at_its_field(uow, graded):
    desk, grade, _other = graded
    number = desk.engagement.number
    for amendments, why, fields in (
        ([], WHY, ["target_1"]),
        ([Amendment("task|无|report", "90", "有误")], WHY, ["target_1"]),
        ([Amendment(f"task|{number}|report", "900", "有误")], WHY, ["value_1"]),
        ([Amendment(f"task|{number}|report", "90", " ")], {"basis": "", "reason": ""}, ["basis", "reason", "ground_1"]),
    ):
        with pytest.raises(Refused) as caught:
            propose_correction(desk.acting(desk.quality), grade, CorrectionKind.CORRECT, amendments, **why)
        assert [one.field for one in caught.value.refusals] == fields


def test_the_correction_is_public_with_both_grades_and_its_notice(uow, graded, client, client_as):
    desk, grade, other = graded
    officer, approver, address = client_as(desk.quality), client_as(other), f"/grades/{grade.id}"
    assert client_as(desk.manager).get(f"{address}/correct").status_code == 403
    assert officer.page(f"{address}/correct").select("form#correct")
    assert officer.post(f"{address}/correct", data={"kind": "correct"}).status_code == 422
    sent = {"kind": "correct", "target_1": f"task|{desk.engagement.number}|amount", "value_1": "25000", **WHY}
    made = officer.post(f"{address}/correct", data={**sent, "ground_1": "应为补充协议后的金额"})
    page = made.headers["Location"]
    assert client.get(page).status_code == 302
    assert client_as(desk.manager).get(page).status_code == 404
    assert "提出与复核更正须由不同的人办理" in officer.page(page).get_text()
    assert officer.post(f"{page}/confirm").status_code == 403
    assert approver.post(f"{page}/decline", data={}).status_code == 422
    assert approver.page(page).select("form[action$=confirm]")
    assert approver.post(f"{page}/confirm").status_code == 302
    shown = client.page(page)
    assert "审计报告〔2026〕3号" in shown.get_text()
    assert client.get(shown.select_one("a[href^='/documents/']")["href"]).mimetype == "application/pdf"
    assert "本评级公布后有更正" in client.page(address).get_text()
    assert "已更正" in client.page("/grades").get_text()
