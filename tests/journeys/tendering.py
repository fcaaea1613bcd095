"""The tender, as people make it in the browser: drafted, refused while unlawful, keyed, approved, published."""

from __future__ import annotations

from datetime import timedelta

from core.clock import SHANGHAI
from tests.journeys.purchase import APPROVER, KEYHOLDERS, OFFICER, PROJECT, WORDS, Purchase


def draft(district, purchase: Purchase) -> None:
    """The officer picks a project of the library; the draft names every rule it still breaks and cannot be submitted."""
    with district.at_desk(OFFICER) as officer:
        officer.go("/projects?q=" + PROJECT[:8])
        officer.page.locator("main table tbody a", has_text=PROJECT).first.click()
        officer.page.wait_for_url("**/projects/*")
        officer.follow("发起采购")
        assert officer.page.input_value("main select[name=project_id]"), "the project is already chosen"
        officer.press("建立采购项目")
        purchase.tender = officer.path.split("/tenders/")[1].split("/")[0]
        officer.go(f"/tenders/{purchase.tender}")
        assert officer.page.locator(".rule-panel .is-block").count() >= 3
        assert "R-TENDER-0" in officer.page.locator(".rule-panel").inner_text()
        officer.page.request.post(f"{district.address}/tenders/{purchase.tender}/do/submit")
        with district.work() as uow:
            today = uow.now.astimezone(SHANGHAI).date()
        officer.go(f"/tenders/{purchase.tender}/edit")
        officer.fill("notice_on", today.isoformat())
        officer.fill("documents_until", (today + timedelta(days=14)).isoformat())
        officer.fill("deadline", f"{today + timedelta(days=10)}T09:30")
        officer.fill("documents_place", "在本平台免费下载")
        officer.fill("opening_place", "区行政中心三楼开标室")
        officer.fill("service_until", (today + timedelta(days=180)).isoformat())
        officer.fill("contract_draft", "第一条 服务内容……第二条 价款与支付……")
        officer.fill("contact_name", "周明远")
        officer.fill("contact_telephone", "021-55550001")
        officer.press("保存采购文件")
        blocked = officer.page.locator(".rule-panel .is-block").all_inner_texts()
        assert any("R-TENDER-03" in line or "R-TENDER-04" in line for line in blocked), (
            f"ten days are too few: {blocked}"
        )
        officer.go(f"/tenders/{purchase.tender}/edit")
        officer.fill("deadline", f"{today + timedelta(days=21)}T09:30")
        officer.press("保存采购文件")


def name_keyholders(district, purchase: Purchase) -> None:
    """Three keyholders are named, two of whom open; each makes the key in the own browser and keeps its file."""
    with district.at_desk(OFFICER) as officer:
        officer.go(f"/tenders/{purchase.tender}/keyholders")
        for key in KEYHOLDERS:
            officer.page.check(f"main input[value='{district.user_id(key)}']")
        officer.fill("keyholders_needed", "2")
        officer.press("指定并通知")
    for key in KEYHOLDERS:
        with district.at_desk(key) as holder:
            holder.go(f"/tenders/{purchase.tender}/key")
            holder.page.fill("[data-role=passphrase]", WORDS)
            holder.page.fill("[data-role=again]", WORDS)
            holder.page.click("[data-role=make]")
            holder.page.wait_for_selector("[data-role=download]:visible", timeout=60_000)
            with holder.page.expect_download() as coming:
                holder.page.click("[data-role=download]")
            purchase.key_files[key] = purchase.folder / f"{key}.age"
            coming.value.save_as(purchase.key_files[key])
            holder.press("登记公钥")
            holder.must_see("已登记的公钥")


def publish(district, purchase: Purchase) -> None:
    """The officer submits; somebody else approves; the notice with the keys' fingerprints is public."""
    with district.at_desk(OFFICER) as officer:
        officer.go(f"/tenders/{purchase.tender}")
        officer.press("提交审批")
        assert officer.button("批准并发布公告").count() == 0, "nobody approves the own draft"
    with district.at_desk(APPROVER) as approver:
        approver.go(f"/tenders/{purchase.tender}")
        approver.press("批准并发布公告")
        assert f"/notices/{purchase.tender}" in approver.path
    with district.at_desk(None) as citizen:
        citizen.go("/notices")
        citizen.page.locator("main a[href*='/notices/']").first.click()
        citizen.page.wait_for_url(f"**/notices/{purchase.tender}*")
        citizen.must_see("正在接受投标")
