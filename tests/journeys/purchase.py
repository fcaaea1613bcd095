"""The purchase, as people do it in the browser: bids sealed, opened, examined, scored, awarded."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

from openpyxl import Workbook

from core.clock import SHANGHAI

WORDS = "two of three open together"
OFFICER, APPROVER = "zhou.mingyuan", "lin.guoqiang"
KEYHOLDERS = ("tao.jianhua", "shen.lihua", "qian.zhiwei")
PROJECT = "学龄前儿童普惠托育补贴项目"
BIDS = (("agency1", "156000.00"), ("agency2", "149000.00"), ("agency3", "158000.00"))
WINNER = "agency2"
REPRESENTATIVE = "he.yating"
BANDS = {"agency1": 1, "agency2": 0, "agency3": 1}
"""Into which band, from the best, every member puts each bidder at every criterion."""


@dataclass
class Purchase:
    """One tender on its way: its address, the keyholders' files, who sits on the committee."""

    folder: Path
    tender: str = ""
    key_files: dict[str, Path] = field(default_factory=dict)
    members: list[str] = field(default_factory=list)

    def file(self, name: str, content: bytes) -> Path:
        """A file on somebody's own computer."""
        path = self.folder / name
        path.write_bytes(content)
        return path


def bid(district, purchase: Purchase) -> None:
    """Three agencies seal their bids in their own browsers; each keeps a receipt with time and hash."""
    technical = purchase.file("服务方案.pdf", b"%PDF-1.4 " + b"plan " * 100_000)
    qualification = purchase.file("资格证明.pdf", b"%PDF-1.4 licence")
    for key, price in BIDS:
        with district.at_desk(key) as agency:
            agency.go(f"/tenders/{purchase.tender}/bid")
            agency.page.fill("[data-role=price]", price)
            agency.page.fill("[data-role=terms]", "按采购文件执行")
            for declaration in agency.page.locator("[data-statement=declarations]").all():
                declaration.check()
            agency.page.set_input_files("#bid-qualification", qualification)
            agency.page.set_input_files("#bid-technical", technical)
            agency.page.wait_for_selector("[data-role=check-list] .is-complete")
            agency.page.click("[data-role=seal]")
            agency.page.wait_for_url("**/bids/*", timeout=90_000)
            agency.must_see("密封投标已收到。回执如下，截止时间之前可以替换或者撤回。")
            assert re.search(r"(?:[0-9a-f]{4}\s*){16}", agency.text), "the receipt shows the hash in groups of four"


def nobody_sees_bids(district, purchase: Purchase) -> None:
    """Before the deadline the officer learns neither how many bid nor who, and nobody can open."""
    with district.at_desk(OFFICER) as officer:
        officer.go(f"/tenders/{purchase.tender}/opening")
        assert officer.button("宣布开标").count() == 0
        for number in ("1", "2", "3"):
            name = district.organisation_of(f"agency{number}")
            assert name not in officer.text, f"{name} is known before the opening"


def bid_too_late(district, purchase: Purchase) -> None:
    """After the deadline a bid is refused with its rule."""
    with district.at_desk("agency4") as late:
        late.go(f"/tenders/{purchase.tender}/bid")
        assert "R-OPEN-02" in late.text
        assert late.page.locator("[data-role=seal]").count() == 0


def open_bids(district, purchase: Purchase) -> None:
    """Two of the three keyholders take their turns; the sheets are read out to everybody in the hall."""
    with district.at_desk(OFFICER) as officer:
        officer.go(f"/tenders/{purchase.tender}/opening")
        officer.press("宣布开标")
        officer.must_see("解封进度")
    turned: list[str] = []
    for key in KEYHOLDERS * 2:
        if key in turned or len(turned) == 2:
            continue
        with district.at_desk(key) as holder:
            holder.go(f"/tenders/{purchase.tender}/opening")
            if not holder.page.locator("[data-role=key-file]").count():
                continue  # another one comes first
            holder.page.set_input_files("[data-role=key-file]", purchase.key_files[key])
            if not turned:
                holder.page.fill("[data-role=passphrase]", "not the passphrase")
                holder.page.click("[data-role=turn]")
                holder.page.wait_for_selector("[data-role=status].is-wrong", timeout=30_000)
            holder.page.fill("[data-role=passphrase]", WORDS)
            holder.page.click("[data-role=turn]")
            turned.append(key)
            done = "您现在不需要操作：请等待另一位密钥持有人。本页会自动更新。" if len(turned) == 1 else "开标一览表"
            holder.page.get_by_text(holder.say(done)).first.wait_for(timeout=90_000)
    assert len(turned) == 2
    with district.at_desk(OFFICER) as officer:
        officer.go(f"/tenders/{purchase.tender}/opening")
        for key, price in BIDS:
            assert district.organisation_of(key) in officer.text
            assert f"{float(price):,.2f}" in officer.text
        officer.press("结束开标会，形成开标记录")
        officer.must_see("开标记录")


def examine(district, purchase: Purchase) -> None:
    """The purchaser examines qualifications."""
    with district.at_desk(OFFICER) as officer:
        officer.go(f"/tenders/{purchase.tender}/examination")
        for choice in officer.page.locator("input[value=passed]").all():
            choice.check()
        officer.press("保存审查结论")


def seat_committee(district, purchase: Purchase) -> None:
    """The officer imports the provincial pool's draw: four experts and the purchaser's representative; then it starts."""
    experts = district.experts(4)
    with district.work() as uow:
        drawn_at = uow.now.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")
    sheet = Workbook()
    table = sheet.active
    table.append(["姓名", "邮箱", "工作单位", "身份", "抽取编号", "抽取时间", "组长"])
    for number, expert in enumerate(experts):
        chair = "是" if number == 0 else None
        table.append([expert.name, expert.email, expert.employer, "评审专家", "SH-2026-00817", drawn_at, chair])
    representative = district.user(REPRESENTATIVE)
    table.append(
        [representative.name, representative.email, "澄湖区财政局", "采购人代表", "授权函2026-9", drawn_at, None]
    )
    path = purchase.folder / "抽取结果.xlsx"
    sheet.save(path)
    purchase.members = [*(expert.email for expert in experts), representative.email]
    with district.at_desk(OFFICER) as officer:
        officer.go(f"/tenders/{purchase.tender}/committee/import")
        officer.attach("file", path)
        officer.press("检查并导入")
        officer.press("开始评标")
        officer.must_see("评标已经开始，已通知评标委员会全体成员。")


def judge_conformity(district, purchase: Purchase) -> None:
    """Each member declares, only then learns who the bidders are, and judges the conformity of each."""
    first = district.organisation_of("agency1")
    for email in purchase.members:
        with district.at_desk(email) as member:
            member.go("/evaluations")
            member.page.locator("main table tbody a").first.click()
            assert first not in member.text, "bidders stay unknown until the declaration"
            member.page.check("input[name=agreed]")
            member.page.check("input[name=undertaken]")
            member.press("作出声明")
            assert first in member.text
            member.page.click("button[name=fill][value=all]")
            member.press("提交审查意见")


def score_bids(district, purchase: Purchase) -> None:
    """Each member scores every bid alone, within the bands, and locks."""
    for email in purchase.members:
        with district.at_desk(email) as member:
            member.go("/evaluations")
            member.page.locator("main table tbody a").first.click()
            member.page.wait_for_selector("input[name^='points/']")
            for key, band in BANDS.items():
                block = member.page.locator("h3", has_text=district.organisation_of(key)).locator(
                    "xpath=following::table[1]"
                )
                for row in block.locator("tbody tr").all():
                    points = row.locator("li").nth(band).inner_text().split("·")[0].strip().split("-")[-1]
                    row.locator("input[name^='points/']").fill(points)
                    row.locator("textarea").fill("方案与需求对应，人员配备合理")
            member.press("锁定评分")
            member.must_see("评分已锁定，不能再改。")


def award(district, purchase: Purchase) -> None:
    """The officer concludes and awards in rank order."""
    with district.at_desk(OFFICER) as officer:
        officer.go(f"/tenders/{purchase.tender}/results")
        officer.press("汇总评标结果")
        officer.follow("确定中标人")
        officer.press("定标并发布公告")


def learn_the_result(district, purchase: Purchase) -> None:
    """The notice is public and a PDF; a loser learns the own score and rank, and how to check them."""
    with district.at_desk(None) as citizen:
        citizen.go(f"/award-notices/{purchase.tender}")
        assert district.organisation_of(WINNER) in citizen.text
        notice = citizen.page.request.get(f"{district.address}/award-notices/{purchase.tender}/notice.pdf")
        assert notice.ok
        assert notice.body().startswith(b"%PDF-")
    with district.at_desk("agency3") as loser:
        loser.go("/bids")
        loser.page.locator("main table tbody a").first.click()
        loser.page.wait_for_url("**/bids/*-*")
        loser.go(loser.path.split("?")[0] + "/result")
        loser.must_see("总分")
