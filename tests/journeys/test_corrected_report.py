"""A report from upload to its corrected version, as the agency and the quality officer do it in the browser."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from agencies.models import Agency
from core.identity.models import Membership
from grading.queries import findings_of, standing_submission
from grading.states import FindingState, LetterState
from tests.factories.grading import Desk, report_bytes
from tests.journeys.district import EARLY_LEAVERS

AGENCY, QUALITY = "agency1", "xu.wenjing"

pytestmark = [EARLY_LEAVERS, pytest.mark.browser, pytest.mark.enable_socket, pytest.mark.timeout(300)]


def test_from_upload_to_corrected_version(district, tmp_path):
    with district.work() as uow:
        own = district.user(AGENCY).id
        agency = uow.session.scalars(
            select(Agency)
            .join(Membership, Membership.organisation_id == Agency.organisation_id)
            .where(Membership.user_id == own)
        ).one()
        engagement = str(Desk(uow, agency=agency).engagement.id)
        uow.commit()
    for name, slip in (("初稿.pdf", "money-sum"), ("修改稿.pdf", "")):
        (tmp_path / name).write_bytes(report_bytes(7, slip=slip, kind="pdf"))

    with district.at_desk(AGENCY) as manager:
        manager.go(f"/submissions/new/{engagement}")
        manager.attach("file", tmp_path / "初稿.pdf")
        manager.fill("sent", "500")
        manager.press("提交报告")
        report = manager.path.split("?")[0]
    district.run_jobs()

    with district.at_desk(QUALITY) as officer:
        officer.go(report)
        cards = officer.page.locator("article.finding")
        count = cards.count()
        assert count >= 2
        assert officer.page.locator(".sheet-marks a[data-mark]").count() >= 1, "evidence is marked on the page"
        keys = officer.page.keyboard
        keys.press("j")
        with officer.page.expect_navigation():
            keys.press("u")  # one key upholds, and the next finding is at hand
        officer.page.locator("#f-2:focus").wait_for()
        keys.press("d")
        with officer.page.expect_navigation():
            keys.press("1")  # the first reason of the list
        assert "理由：口径不同" in officer.page.locator("#f-2").inner_text()
        officer.follow("询问机构")
        officer.press("发出询问函")
        letter = officer.path.split("?")[0]

    with district.at_desk(AGENCY, width=375) as manager:
        manager.go("/home")
        manager.must_see("答复核查疑点")
        manager.go(letter)
        for group in manager.page.locator("fieldset[id^=stance_]").all():
            group.locator("input").first.check()
        manager.press("提交答复")
        manager.must_see("答复已送达财政局")
        manager.follow("提交修改版")
        manager.attach("file", tmp_path / "修改稿.pdf")
        manager.fill("note", "已改正资金合计。")
        manager.press("提交报告")
    district.run_jobs()

    with district.work() as uow:
        version = standing_submission(uow, engagement)
        assert version.version == 2
        sums = [one for one in findings_of(uow, version) if one.code == "money-sum"]
        assert not sums
    with district.at_desk(QUALITY) as officer:
        officer.go(f"/submissions/{version.id}/compare")
        officer.must_see("疑点的去向")
        assert officer.page.locator("ins").count() >= 1
        officer.go(letter)
        officer.must_see(str(LetterState.CORRECTED.label))
        officer.go(f"/submissions/{version.id}?earlier=dismissed")
        assert officer.page.locator("article.finding").count() == 1
        assert str(FindingState.DISMISSED.label) in officer.page.locator("article.finding").inner_text()
