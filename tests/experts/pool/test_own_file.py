"""The expert's own file: papers, changes reported and checked: R-EXP-01, R-EXP-02, R-EXP-06, R-COMM-06."""

from __future__ import annotations

import io
from datetime import timedelta

import pdfplumber
import pytest
from sqlalchemy import select

from core.errors import Refused
from core.identity.roles import Role
from experts.models import Appointment, ParticularsChange, PastEmployment
from experts.services.changes import confirm_change, report_change, was_late
from experts.states import ChangeState, ReviewState, SeatState
from tests.factories.experts import make_expert, review_in
from tests.factories.identity import make_user


def words_of(data: bytes) -> str:
    with pdfplumber.open(io.BytesIO(data)) as paper:
        return "".join(page.extract_text() for page in paper.pages).replace("\n", "").replace(" ", "")


class TestPapers:
    def test_a_certificate_names_person_number_and_term_r_exp_06(self, uow, client_as, quality):
        expert = make_expert(uow, name="沈知行")
        term = uow.session.scalars(select(Appointment).where(Appointment.expert_id == expert.id)).one()
        page = f"/experts/{expert.id}/certificates/{term.id}.pdf"
        own = client_as(expert.user).get(page)
        assert own.mimetype == "application/pdf"
        said = words_of(own.data)
        assert "聘书" in said
        assert "沈知行" in said
        assert term.number in said
        assert f"{term.ends_on.year}年{term.ends_on.month}月{term.ends_on.day}日" in said
        assert client_as(quality).get(page).status_code == 200
        other = make_expert(uow)
        assert client_as(other.user).get(page).status_code == 404
        assert client_as(quality).get(f"/experts/{other.id}/certificates/{term.id}.pdf").status_code == 404

    def test_the_record_lists_services_by_kind_r_exp_07(self, uow, client_as):
        hall = review_in(uow, ReviewState.PASSED)
        member = hall.panel[0].expert
        said = words_of(client_as(member.user).get(f"/experts/{member.id}/record.pdf").data)
        assert hall.review.engagement.project.name in said
        assert "参加评审1次" in said
        assert "指标评审" in said


class TestTheOwnPage:
    def test_it_shows_terms_history_and_the_way_to_an_account(self, uow, client_as):
        hall = review_in(uow, ReviewState.PASSED)
        page = client_as(hall.panel[0].expert.user).get("/my-file").text
        assert "聘〔" in page
        assert hall.review.number in page
        assert "填写收款账户" in page

    def test_only_experts_have_one(self, uow, client_as, quality):
        assert client_as(quality).get("/my-file").status_code == 403
        assert client_as(make_user(uow, Role.EXPERT)).get("/my-file").status_code == 404


class TestAChange:
    def typed(self, uow, expert, **changes):
        return {
            "employer": expert.employer,
            "position": expert.position,
            "professional_title": expert.professional_title,
            "telephone": expert.user.telephone,
            "changed_on": (uow.today - timedelta(days=1)).isoformat(),
            "note": "",
            **changes,
        }

    def test_is_reported_checked_and_unseats_where_the_new_employer_is_judged(self, uow, client_as):
        hall = review_in(uow, ReviewState.INVITING)
        seat = hall.panel[0]
        expert, before = seat.expert, seat.expert.employer
        own, officer = client_as(expert.user), client_as(hall.quality)
        data = self.typed(uow, expert, employer=hall.engagement.agency.name, telephone="021-1")
        assert own.post("/my-file/change", data=data).status_code == 302
        assert expert.employer == before
        change = uow.session.scalars(select(ParticularsChange)).one()
        assert change.values == {"employer": hall.engagement.agency.name, "telephone": "021-1"}
        desk = f"/experts/changes/{change.id}"
        assert before in officer.get(desk).text
        assert officer.post(desk, data={"deed": "confirm", "remark": ""}).status_code == 302
        assert (expert.employer, expert.employer_id) == (hall.engagement.agency.name, hall.engagement.agency_id)
        assert uow.session.scalar(select(PastEmployment.employer)) == before
        assert seat.state is SeatState.RECUSED
        assert officer.post(desk, data={"deed": "confirm", "remark": ""}).status_code == 422

    @pytest.mark.parametrize(
        ("changes", "words"),
        [
            ({}, "没有与档案不同的内容"),
            ({"employer": ""}, "不能为空"),
            ({"position": "院长", "changed_on": "2999-01-01"}, "不能晚于今天"),
            ({"position": "院长", "changed_on": "昨天"}, "有效"),
        ],
    )
    def test_what_is_wrong_is_told(self, uow, client_as, changes, words):
        expert = make_expert(uow)
        answer = client_as(expert.user).post("/my-file/change", data=self.typed(uow, expert, **changes))
        assert answer.status_code == 422
        assert words in answer.text
        assert uow.session.scalar(select(ParticularsChange)) is None

    def test_one_at_a_time_and_a_no_needs_its_reason(self, uow, uow_as, client_as, quality):
        expert = make_expert(uow)
        acting = uow_as(expert.user)
        change = report_change(acting, expert, {"position": "院长"}, changed_on=uow.today)
        with pytest.raises(Refused):
            report_change(acting, expert, {"position": "副院长"}, changed_on=uow.today)
        officer, desk = client_as(quality), f"/experts/changes/{change.id}"
        assert officer.post(desk, data={"deed": "reject", "remark": ""}).status_code == 422
        assert officer.post(desk, data={"deed": "reject", "remark": "任命文件未附"}).status_code == 302
        assert (change.state, expert.position) == (ChangeState.REJECTED, "")
        assert "任命文件未附" in client_as(expert.user).get("/my-file").text

    def test_a_late_report_is_said_so_and_still_taken_r_exp_02(self, uow, uow_as, client_as, quality):
        expert = make_expert(uow)
        long_ago = uow.today - timedelta(days=40)
        change = report_change(uow_as(expert.user), expert, {"position": "院长"}, changed_on=long_ago)
        assert was_late(uow, change)
        assert "申报晚于变更后7个工作日" in client_as(quality).get(f"/experts/changes/{change.id}").text
        confirm_change(uow_as(quality), change)
        assert expert.position == "院长"

    @pytest.mark.parametrize("role", [Role.OBSERVER, Role.PROCUREMENT_SUPERVISOR, Role.EXPERT])
    def test_nobody_else_checks(self, uow, uow_as, client_as, role):
        expert = make_expert(uow)
        change = report_change(uow_as(expert.user), expert, {"position": "院长"}, changed_on=uow.today)
        assert client_as(make_user(uow, role)).get(f"/experts/changes/{change.id}").status_code in (403, 404)
