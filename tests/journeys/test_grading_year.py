"""A year of grading in the browser: from scored reports over an upheld appeal to a certificate that anybody checks."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from agencies.models import Agency
from core.identity.models import Membership, User
from grading.models import TaskScore
from grading.services.grading_cycle import compute_cycle
from tests.factories.experts import as_user
from tests.factories.grading import publish_year, rated_desk, scored_engagement
from tests.journeys.district import EARLY_LEAVERS, address_of

AGENCY, OFFICER, DECIDER, APPROVER = "agency1", "xu.wenjing", "gao.peng", "lin.guoqiang"

pytestmark = [EARLY_LEAVERS, pytest.mark.browser, pytest.mark.enable_socket, pytest.mark.timeout(300)]


def scored(district) -> None:
    """Two delivered and scored reports of this year, and a published grade of the year before."""
    with district.work() as uow:
        owner = select(User.id).where(User.email == address_of(AGENCY)).scalar_subquery()
        agency = uow.session.scalars(
            select(Agency)
            .join(Membership, Membership.organisation_id == Agency.organisation_id)
            .where(Membership.user_id == owner)
        ).one()
        desks = [rated_desk(uow, "0.84", agency=agency), rated_desk(uow, "0.82", agency=agency)]
        for score in uow.session.scalars(select(TaskScore)):
            score.year -= 1
        uow.session.flush()
        publish_year(desks[0], compute_cycle(as_user(uow, desks[0].quality), uow.today.year - 1))
        for share in ("0.88", "0.86"):
            scored_engagement(uow, share, agency=agency)
        uow.commit()


def test_from_scored_reports_to_a_certificate_that_anybody_checks(district, tmp_path):
    scored(district)
    name = district.organisation_of(AGENCY)

    with district.at_desk(OFFICER) as officer:
        officer.go("/grading")
        officer.press("测算年度评级")
        cycle = officer.path.split("?")[0]
        row = officer.page.locator("tr", has_text=name)
        assert "+" in row.inner_text(), "last year's grade stands beside"
        officer.follow(name)
        officer.must_see("变化及原因")
        sheet = officer.path
    with district.at_desk(AGENCY) as manager:
        assert manager.page.request.get(district.address + sheet).status == 404, "nobody sees the preview"
    with district.at_desk(OFFICER) as officer:
        officer.go(cycle)
        officer.press("送机构征求意见")
        assert officer.button("公布评级").get_attribute("aria-disabled") == "true"
    district.run_jobs()

    with district.at_desk(AGENCY, width=375) as manager:
        manager.go("/home")
        manager.must_see("核对年度评级表，确认或者申诉")
        manager.go(sheet)
        manager.follow("提出申诉")
        options = manager.page.locator("select[name=target_1] option")
        report = next(one for one in options.all() if "报告质量" in one.inner_text())
        manager.choose("target_1", report.get_attribute("value"))
        manager.fill("ground_1", "评分时没有考虑补充提交的满意度问卷。")
        (tmp_path / "问卷.png").write_bytes(manager.page.screenshot())
        manager.attach("files", tmp_path / "问卷.png")
        manager.press("提交申诉")
        appeal = manager.path.split("?")[0]

    with district.at_desk(DECIDER) as second:
        second.go(appeal)
        second.page.locator("input[name=outcome_1][value=upheld]").check()
        second.fill("value_1", "100")
        second.fill("reason_1", "问卷属实，应当计入。")
        second.press("作出决定")
        second.must_see("申诉成立，已更正")
        assert [one.inner_text()[0] for one in second.page.locator(".stat-value").all()] == ["B", "A"], (
            "the grade moved"
        )
    district.advance(days=16)
    with district.at_desk(APPROVER) as approver:
        approver.go(cycle)
        approver.press("公布评级")
    district.run_jobs()

    with district.at_desk(AGENCY) as manager:
        manager.go(sheet)
        manager.follow("公开的评级页")
        grade = manager.path.split("?")[0]
        with manager.page.expect_download() as download:
            manager.page.locator("main a", has_text="下载评级证书").click()
        download.value.save_as(tmp_path / "certificate.pdf")
        for form in ("record", "public-record"):
            answer = manager.page.request.get(f"{district.address}{grade}/{form}.json")
            (tmp_path / f"{form}.json").write_bytes(answer.body())
        address = manager.page.locator("main a[href^='/check/']").first.get_attribute("href")

    with district.at_desk(None) as anybody:
        anybody.go("/grades")
        anybody.must_see(name)
        anybody.go(address)
        anybody.must_see("本局签发的证书，所载等级现行有效。")
        anybody.attach("file", tmp_path / "certificate.pdf")
        anybody.press("核对文件")
        anybody.must_see("上传的文件与签发时逐字节相同，没有改动。")
        altered = bytearray((tmp_path / "certificate.pdf").read_bytes())
        altered[700] ^= 1
        (tmp_path / "altered.pdf").write_bytes(altered)
        anybody.attach("file", tmp_path / "altered.pdf")
        anybody.press("核对文件")
        anybody.must_see("上传的文件在签署之后被改动过，不能采信。")

    wanted = ["verify", "grade", "record.json", "--other", "public-record.json", "--certificate", "certificate.pdf"]
    command = [str(tmp_path / one) if "." in one else one for one in wanted]
    done = district.app.test_cli_runner().invoke(args=command)
    assert done.exit_code == 0, done.output
