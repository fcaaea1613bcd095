"""The quality of what was bought, as people judge it in the browser: report, findings, scores, grade, proofs."""

from __future__ import annotations

import io
import re
import uuid
from dataclasses import dataclass
from pathlib import Path

from numpy.random import default_rng
from sqlalchemy import select
from werkzeug.datastructures import FileStorage

from agencies.models import Engagement
from agencies.plan_elements import Written
from agencies.queries.following import plan_of
from agencies.services.fieldwork import Visit, note_fieldwork
from agencies.services.leads import leads_of
from agencies.services.plans import TYPED, keep_plan, submit_plan
from agencies.services.team import Newcomer, add_member
from agencies.states import FieldworkKind, TeamRole
from core.identity.models import Membership
from core.identity.roles import Role
from experts.states import Adoption
from grading.queries.comment import last_round
from grading.services.archives import add_paper, excuse
from grading.services.comments import Answer, Comment, record_review, send_answers, send_comments
from grading.services.delivery import Delivery, deliver_report
from grading.states import PaperKind, ReportKind
from grading.synthesis import inject, make_report, render_docx
from tests.factories.following import seal_page
from tests.journeys.purchase import OFFICER

QUALITY, OTHER_QUALITY, ADMINISTRATOR = "xu.wenjing", "gao.peng", "admin"


@dataclass
class Judgement:
    """An engagement whose report is judged."""

    folder: Path
    agency: str
    engagement: str
    submission: str = ""
    quote: str = ""


def too_early(district, judged: Judgement) -> None:
    """Before the indicators are agreed no report is taken."""
    report = judged.folder / "过早的报告.docx"
    render_docx(make_report(default_rng(3), pages=5), report)
    with district.at_desk(judged.agency) as manager:
        manager.go(f"/submissions/new/{judged.engagement}")
        manager.attach("file", report)
        manager.press("提交报告")
        assert "R-IND-01" in manager.text
        assert "/submissions/new/" in manager.path


def plan(district, judged: Judgement) -> None:
    """The agency names its lead evaluator and hands in a complete plan, which goes to the panel with the indicators."""
    with district.acting(judged.agency) as uow:
        engagement = uow.session.get(Engagement, uuid.UUID(judged.engagement))
        add_member(uow, engagement, Newcomer(TeamRole.LEAD, lead=leads_of(uow, engagement.agency_id)[0][0]))
        written = plan_of(uow, engagement)
        keep_plan(uow, written, {one: Written(f"{one.label}：见合同和采购文件的要求") for one in TYPED})
        submit_plan(uow, written)


def comment(district, judged: Judgement) -> None:
    """A draft goes out, unit and bureau comment, the agency answers each comment and reviews its report."""
    draft = judged.folder / "征求意见稿.docx"
    render_docx(make_report(default_rng(3), pages=5), draft)
    number = uuid.UUID(judged.engagement)
    with district.acting(judged.agency) as uow:
        engagement = uow.session.get(Engagement, number)
        note_fieldwork(uow, engagement, Visit(FieldworkKind.INTERVIEW, uow.today, "项目单位", "财务、业务科室 6 人"))
        with draft.open("rb") as file:
            deliver_report(uow, engagement, Delivery(FileStorage(file, draft.name), kind=ReportKind.DRAFT))
    with district.acting(_unit_officer(district, judged)) as uow:
        send_comments(uow, last_round(uow, number), [Comment("第三部分资金到位率与决算不一致", "第 3 页")])
    with district.acting(QUALITY) as uow:
        send_comments(uow, last_round(uow, number), [])
    with district.acting(judged.agency) as uow:
        row = last_round(uow, number)
        send_answers(uow, row, {1: Answer(Adoption.ADOPTED, "已按决算改正")})
        words = {"department": "质量控制部", "reviewer": "许静", "opinion": "数据与底稿一致，同意报出。"}
        record_review(uow, row, is_passed=True, **words)


def deliver(district, judged: Judgement) -> None:
    """The agency uploads a file that is no report (refused in a sentence), then its signed report, which is checked."""
    rng = default_rng(3)
    planted = inject(rng, make_report(rng, pages=8), "grade-band")
    report = judged.folder / "评价报告.docx"
    render_docx(planted.report, report)
    judged.quote = planted.stated
    lying = judged.folder / "其实是文本.docx"
    lying.write_text("this is no report")
    with district.at_desk(judged.agency) as manager:
        manager.go(f"/submissions/new/{judged.engagement}")
        manager.attach("file", lying)
        manager.press("提交报告")
        assert manager.page.locator(".field-error").count() == 1
        manager.attach("file", report)
        (judged.folder / "签字盖章页.pdf").write_bytes(seal_page())
        manager.attach("scan", judged.folder / "签字盖章页.pdf")
        manager.page.check("main [name=undertakes]")
        manager.press("提交报告")
        judged.submission = manager.path.split("/submissions/")[1].split("?")[0]
        manager.must_see("正在读取和核查报告")
        district.run_jobs()
        manager.go(f"/submissions/{judged.submission}")
        manager.must_see("疑点")


def dispose(district, judged: Judgement) -> None:
    """The quality officer upholds the slip that was planted and dismisses the rest with a reason."""
    with district.at_desk(QUALITY) as officer:
        officer.go(f"/submissions/{judged.submission}")
        cards = officer.page.locator("article.finding")
        assert cards.count() >= 1
        assert officer.page.locator("article.finding-error").count() >= 1, "the planted slip is an error"
        assert officer.button("完成处置").get_attribute("aria-disabled") == "true", "not before all are disposed of"
        for number in range(cards.count()):
            is_error = "finding-error" in (cards.nth(number).get_attribute("class") or "")
            if not is_error:
                cards.nth(number).locator("input[name=reason]").fill("与上下文一致，属于约数")
            with officer.page.expect_navigation():
                cards.nth(number).locator(f"button[data-deed={'uphold' if is_error else 'dismiss'}]").click()
        officer.press("完成处置")


def archive(district, judged: Judgement) -> None:
    """The agency adds what the house does not keep by itself and files the archive; without it nothing is closed."""
    with district.acting(judged.agency) as uow:
        engagement = uow.session.get(Engagement, uuid.UUID(judged.engagement))
        for kind in (PaperKind.CONTRACT, PaperKind.DATA, PaperKind.WORKING):
            add_paper(uow, engagement, kind, FileStorage(io.BytesIO(seal_page()), f"{kind.value}.pdf"), "项目单位")
        excuse(uow, engagement, PaperKind.QUESTIONNAIRE, "采用全量台账，不设问卷")
    with district.at_desk(judged.agency) as manager:
        manager.go(f"/engagements/{judged.engagement}/archive")
        manager.press("提交归档")
        manager.must_see("评价档案已归档，清单和校验值已固定")


def score(district, judged: Judgement) -> None:
    """The unit and the bureau rate, each without the other's sheet; then the task score is confirmed."""
    for key in (_unit_officer(district, judged), QUALITY):
        with district.at_desk(key) as rater:
            rater.go(f"/submissions/{judged.submission}/score")
            while rater.page.locator(".proposal-open").count():
                with rater.page.expect_navigation():
                    rater.page.locator(".proposal-open button[value^='accept:']").first.click()
            for field in rater.page.locator("main input[name^=points_]").all():
                unit = field.locator("xpath=following-sibling::span").inner_text()
                field.fill(f"{float(re.findall('[0-9]+', unit)[-1]) * 0.85:.1f}")
            for reason in rater.page.locator("main input[name^=reason_]").all():
                reason.fill("已核对成立的疑点，个别表述仍可改进")
            rater.press("锁定评分")
            rater.must_see("评分表已锁定")
    with district.at_desk(QUALITY) as officer:
        officer.go(f"/submissions/{judged.submission}/score")
        officer.must_see("任务得分怎么算出来的")
        officer.press("确认任务得分")
        officer.must_see("任务得分 %(score)s 分，评价委托已办结")


def _unit_officer(district, judged: Judgement) -> str:
    with district.work() as uow:
        unit = uow.session.get(Engagement, judged.engagement).project.unit_id
        one = uow.session.scalars(
            select(Membership).where(Membership.organisation_id == unit, Membership.role == Role.UNIT_OFFICER)
        ).first()
        return one.user.email


def grade(district, judged: Judgement) -> None:
    """One task is enough by the district's own value; the year is computed, published by another, and shown."""
    with district.at_desk(ADMINISTRATOR) as administrator:
        administrator.go("/administration/rules/R-GRADE.min/tasks_min")
        administrator.fill("value", "1")
        administrator.press("保存")
    with district.at_desk(QUALITY) as officer:
        officer.go("/grading")
        officer.press("测算年度评级")
        cycle = officer.path.split("?")[0]
        officer.press("送机构征求意见")
        assert officer.button("公布评级").get_attribute("aria-disabled") == "true", "not while agencies may appeal"
    district.advance(days=16)
    with district.at_desk(QUALITY) as officer:
        officer.go(cycle)
        assert officer.button("公布评级").get_attribute("aria-disabled") == "true", "nobody publishes the own reckoning"
    with district.at_desk(OTHER_QUALITY) as other:
        other.go(cycle)
        other.press("公布评级")
    with district.at_desk(judged.agency) as manager:
        manager.go("/agencies")
        manager.page.locator("main table tbody a", has_text=district.organisation_of(judged.agency)).first.click()
        manager.page.wait_for_url("**/agencies/*")
        link = manager.page.locator("main a[href*='/grades/'], main a[href*='/grading/grades/']").first
        assert link.count(), manager.text[:2000]
        address = link.get_attribute("href")
        manager.go(address)
        manager.must_see("各任务对年度得分的贡献")
        record = manager.page.request.get(f"{district.address}{address.split('?')[0]}/record.json")
        (judged.folder / "grade.json").write_bytes(record.body())


def verify(district, judged: Judgement, tender: str) -> None:
    """Every record that decided something is recomputed from its file alone; the audit log is whole."""
    with district.at_desk(OFFICER) as officer:
        for name, path in (
            ("opening.json", f"/tenders/{tender}/opening/record-full.json"),
            ("award.json", f"/award-notices/{tender}/record-1.json"),
        ):
            answer = officer.page.request.get(district.address + path)
            assert answer.ok, f"{path}: {answer.status}"
            (judged.folder / name).write_bytes(answer.body())
    runner = district.app.test_cli_runner()
    for kind in ("draw", "opening", "award", "grade"):
        done = runner.invoke(args=["verify", kind, str(judged.folder / f"{kind}.json")])
        assert done.exit_code == 0, f"{kind}: {done.output}"
    done = runner.invoke(args=["audit", "verify"])
    assert done.exit_code == 0, done.output
