"""The indicators, as people settle them in the browser: imported, reviewed by a drawn panel, consented to."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from openpyxl import load_workbook
from sqlalchemy import select

from core.notifications.models import Mail
from core.verify_cli import verify_file
from experts.models import Review, Seat
from experts.services.conflicts import declare_conflict
from experts.states import ConflictKind, SeatState

QUALITY, OBSERVER = "xu.wenjing", "wei.shan"
PHRASES = {QUALITY: "five two six one four three", OBSERVER: "heads tails tails heads heads"}
INDICATORS = (
    ("决策", "项目立项", "立项依据充分性", 7, "依据齐全", "四项要点各占四分之一"),
    ("决策", "绩效目标", "绩效指标明确性", 8, "目标量化", "每有一项不可衡量扣 20%"),
    ("过程", "资金管理", "预算执行率", 10, "执行率 100%", "80%–100% 得 70%，低于 60% 不得分"),
    ("过程", "组织实施", "制度执行有效性", 10, "无违规", "每发现一处未执行扣 20%"),
    ("产出", "产出数量", "实际完成率", 20, "完成年度计划", "完成得满分，未完成按比例得分"),
    ("产出", "产出质量", "质量达标率", 15, "不低于 95%", "达到得满分，否则按比例得分"),
    ("效益", "项目效益", "实施效益", 15, "达到目标", "逐项评价，达到目标值得满分"),
    ("效益", "满意度", "服务对象满意度", 15, "不低于 90%", "不低于 90% 得满分，低于 60% 不得分"),
)
SHEET = {"fit": 18, "completeness": 18, "measurability": 18, "standards": 13, "scoring": 13, "samples": 9}


@dataclass
class Preparation:
    """An engagement whose indicators are being settled."""

    folder: Path
    agency: str
    engagement: str = ""
    system: str = ""
    review: str = ""


def import_indicators(district, preparation: Preparation) -> None:
    """The agency's manager fills the template, imports it (a bad cell is named first) and submits."""
    with district.at_desk(preparation.agency) as manager:
        manager.go(f"/engagements/{preparation.engagement}")
        link = manager.page.locator("main a[href*='/indicator-systems/']").first
        preparation.system = link.get_attribute("href").split("/indicator-systems/")[1].split("/")[0]
        manager.go(f"/indicator-systems/{preparation.system}/import")
        template = manager.page.request.get(f"{district.address}/indicator-systems/{preparation.system}/template.xlsx")
        path = preparation.folder / "指标.xlsx"
        path.write_bytes(template.body())
        columns = _fill(path, wrong=True)
        manager.attach("file", path)
        manager.press("检查并导入")
        assert re.search(rf"{columns['weight']}\d", manager.text), "the bad cell is named"
        _fill(path, wrong=False)
        manager.attach("file", path)
        manager.press("检查并导入")
        manager.press("提交评审")
        assert "服务对象满意度" in manager.text


def _fill(path: Path, *, wrong: bool) -> dict[str, str]:
    """Write the indicators below the template's headings; return the letters of its columns."""
    book = load_workbook(path)
    table = book.active
    heads = next(row for row in table.iter_rows() if any(cell.value and "三级指标" in str(cell.value) for cell in row))
    places = {}
    for cell in heads:
        for key, word in (
            ("first", "一级"),
            ("second", "二级"),
            ("third", "三级"),
            ("weight", "权重"),
            ("target", "目标值"),
            ("standard", "评价标准"),
            ("scoring", "评分标准"),
        ):
            if cell.value and word in str(cell.value):
                places[key] = cell
    for number, (first, second, third, weight, target, scoring) in enumerate(INDICATORS, start=1):
        row = heads[0].row + number
        values = {"first": first, "second": second, "third": third, "target": target, "scoring": scoring}
        values["weight"] = "ten" if wrong and number == 1 else weight
        values["standard"] = "计划标准"
        for key, value in values.items():
            if key in places:
                table.cell(row, places[key].column, value)
    book.save(path)
    return {key: cell.column_letter for key, cell in places.items()}


def convene(district, preparation: Preparation) -> None:
    """The quality officer convenes the review and locks the plan of the draw."""
    with district.at_desk(QUALITY) as officer:
        officer.go(f"/reviews/new/{preparation.system}")
        officer.fill("place", "区行政中心二楼会议室")
        officer.press("召集评审")
        preparation.review = officer.path.split("/reviews/")[1].split("/")[0]
        officer.must_see("每位专家的机会")
        officer.press("锁定抽取方案")


def draw(district, preparation: Preparation) -> None:
    """Two roles promise entropy, then reveal it; the lottery picks and the experts are invited."""
    for deed in ("提交承诺", "揭示"):
        for key, phrase in PHRASES.items():
            with district.at_desk(key) as giver:
                giver.go(f"/reviews/{preparation.review}/draw")
                giver.fill("phrase", phrase)
                giver.press(deed)
    with district.at_desk(QUALITY) as officer:
        officer.go(f"/reviews/{preparation.review}/draw")
        officer.must_see("抽取结果")
        record = officer.page.request.get(f"{district.address}/reviews/{preparation.review}/draw/record.json")
        (preparation.folder / "draw.json").write_bytes(record.body())


def answer_invitations(district, preparation: Preparation) -> None:
    """The first expert declines by the mailed link and is replaced; the others accept on their phones."""
    district.run_jobs()
    declined = False
    for _round in range(3):
        for email, link in _open_invitations(district, preparation):
            with district.at_desk(None, width=375) as expert:
                expert.go(link)
                if declined:
                    expert.page.check("input[name=confirmed]")
                    expert.press("提交并接受邀请")
                else:
                    expert.page.locator("details summary").last.click()
                    expert.page.fill("[name='no-reason']", f"出差在外（{email}）")
                    expert.press("谢绝邀请")
                    declined = True
                assert "/invitations/answered" in expert.path
        district.run_jobs()
    with district.at_desk(QUALITY) as officer:
        officer.go(f"/reviews/{preparation.review}")
        assert "出差在外" in officer.text, "the officer reads why somebody declined"


def _open_invitations(district, preparation: Preparation) -> list[tuple[str, str]]:
    """The invited experts with the newest link each was mailed."""
    with district.work() as uow:
        seats = uow.session.scalars(
            select(Seat).where(Seat.review_id == preparation.review, Seat.state == SeatState.INVITED)
        )
        found = []
        for email in [seat.expert.user.email for seat in seats]:
            mails = uow.session.scalars(select(Mail).where(Mail.to_address == email).order_by(Mail.created_at.desc()))
            links = [match[0] for mail in mails if (match := re.search(r"https?://\S+/invitations/[\w-]+", mail.body))]
            assert links, f"{email} was mailed no invitation"
            found.append((email, links[0]))
        return found


def meet(district, preparation: Preparation) -> None:
    """Half an hour before the meeting everybody signs in by the room's code; a late conflict unseats one expert.

    The bureau's representative and the agency's have accounts, an observer has none; the reserve who follows the expert
    accepts by the mailed link and comes too.
    """
    with district.work() as uow:
        meets_at, now = uow.session.get(Review, preparation.review).meets_at, uow.now
    district.advance(minutes=(meets_at - now) // timedelta(minutes=1) - 30)
    with district.at_desk(QUALITY) as officer:
        officer.go(f"/reviews/{preparation.review}/meeting")
        code = officer.page.locator(".room-code-letters").inner_text()
        officer.fill("in-code", code)
        officer.press("签到")
        officer.must_see("本人签到")
    with district.at_desk(preparation.agency, width=375) as manager:
        manager.go(f"/meetings/sign-in?code={code}")
        manager.fill("in-code", code)
        manager.press("签到")
    with district.at_desk(None, width=375) as observer:
        observer.go("/meetings/sign-in")
        observer.fill("code", code)
        observer.press("继续")
        bodies = observer.page.locator("main select[name=attendee] option")
        observer.choose("attendee", bodies.last.get_attribute("value"))
        observer.fill("person", "顾秀珍")
        observer.press("签到")
        observer.must_see("签到完成")
    seats = _accepted(district, preparation)
    _declare_late(district, seats[0], preparation)
    for email, seat in seats:
        with district.at_desk(email, width=375) as expert:
            expert.go(f"/meetings/sign-in?code={code}")
            expert.fill("in-code", code)
            expert.press("签到")
            unseated = expert.sees("核对时发现您有应当回避的情形，已登记回避并另请他人")
            assert unseated == ((email, seat) == seats[0])
    district.run_jobs()
    for _email, link in _open_invitations(district, preparation):
        with district.at_desk(None, width=375) as follower:
            follower.go(link)
            follower.page.check("input[name=confirmed]")
            follower.press("提交并接受邀请")
    for email, seat in set(_accepted(district, preparation)) - set(seats):
        with district.at_desk(email, width=375) as expert:
            expert.go(f"/my-reviews/{seat}")
            expert.fill("in-code", code)
            expert.press("签到")


def _declare_late(district, late: tuple[str, str], preparation: Preparation) -> None:
    """After accepting, an expert learns of a tie to the agency: it stands in the pool before the meeting begins."""
    with district.work() as uow:
        expert = uow.session.get(Seat, late[1]).expert
        agency = uow.session.get(Review, preparation.review).engagement.agency
        declare_conflict(uow, expert, agency, kind=ConflictKind.EMPLOYMENT, reason="上周受聘为该机构顾问")
        uow.commit()


def _accepted(district, preparation: Preparation) -> list[tuple[str, str]]:
    with district.work() as uow:
        seats = uow.session.scalars(
            select(Seat).where(Seat.review_id == preparation.review, Seat.state == SeatState.ACCEPTED)
        )
        return [(seat.expert.user.email, str(seat.id)) for seat in seats]


def score(district, preparation: Preparation) -> None:
    """Every seated expert comments and scores on a phone; nobody sees another's sheet meanwhile."""
    places = _accepted(district, preparation)
    assert len(places) == 5
    for number, (email, seat) in enumerate(places):
        with district.at_desk(email, width=375) as expert:
            expert.go(f"/my-reviews/{seat}/sheet")
            assert "第一条意见" not in expert.text
            for name, points in SHEET.items():
                expert.fill(name, str(points))
            expert.page.locator("textarea[name^='remark-']").first.fill(
                "第一条意见：目标值宜注明数据来源" if number == 0 else "同意"
            )
            expert.fill("opinion", "指标体系完整，可以实施")
            expert.press("提交评审表")
    with district.at_desk(QUALITY) as officer:
        officer.go(f"/reviews/{preparation.review}/meeting/minutes")
        assert "第一条意见" in officer.page.input_value("main [name=opinion]"), (
            "the opinion is drafted from the comments"
        )
        officer.press("保存并请专家签署")
    email, seat = places[0]
    with district.at_desk(email, width=375) as expert:
        expert.go(f"/my-reviews/{seat}")
        expert.press("签署评审意见")
        expert.must_see("%(when)s 已签署。")
        paper = expert.page.request.get(f"{district.address}/my-reviews/{seat}/opinion.pdf")
        assert paper.body().startswith(b"%PDF")


def consent(district, preparation: Preparation) -> None:
    """The bureau consents; before that no report could be delivered."""
    with district.at_desk(QUALITY) as officer:
        officer.go(f"/reviews/{preparation.review}")
        officer.must_see("评审结果")
        officer.fill("opinion", "同意按此开展评价")
        officer.press("同意指标体系")
        officer.must_see("已同意指标体系，机构可以开展评价")
    with district.at_desk(preparation.agency) as manager:
        manager.go(f"/reviews/{preparation.review}")
        assert "第一条意见" in manager.text, "the agency reads the comments by indicator"
        for choice in manager.page.locator("input[type=radio][value=adopted]").all():
            choice.check()
        manager.press("保存答复")
    record = preparation.folder / "draw.json"
    with district.at_desk(QUALITY) as officer:
        kept = officer.page.request.get(f"{district.address}/reviews/{preparation.review}/draw/record.json")
        record.write_bytes(kept.body())
    assert verify_file("draw", record) == [], "the record with both replacements verifies"
