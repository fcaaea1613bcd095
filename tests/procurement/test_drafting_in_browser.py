"""From a project of the library to the public notice, each step in the browser of the person who does it."""

from __future__ import annotations

import os
import shutil
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright
from sqlalchemy import select
from werkzeug.serving import make_server

from core.database import db
from core.house import current_house
from core.identity.actor import SYSTEM
from core.identity.passwords import set_password
from core.identity.roles import OrganisationKind, Role
from core.settings import ROOT
from core.unit_of_work import UnitOfWork
from procurement.models import Tender
from procurement.states import TenderState
from tests.factories.identity import make_organisation, make_user
from tests.factories.projects import make_project

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
PASSWORD = "a long enough password 2026"
WORDS = "four words for keys"

pytestmark = [
    pytest.mark.enable_socket,
    pytest.mark.skipif(CHROMIUM is None, reason="NO BROWSER: Chromium is missing, drafting is not tried"),
]


@pytest.fixture
def address(durable_app):
    durable_app.config["WTF_CSRF_ENABLED"] = True
    server = make_server("127.0.0.1", 0, durable_app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def browser():
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield launched
        launched.close()


def signed_in(browser, address, user):
    page = browser.new_context(viewport={"width": 1280, "height": 900}, bypass_csp=True).new_page()
    page.goto(f"{address}/account/sign-in")
    page.fill("input[name=email]", user.email)
    page.fill("input[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url("**/home")
    return page


def is_sound(page, name: str) -> None:
    """No serious accessibility fault in either language, and nothing wider than a phone; pictures if asked for."""
    here = page.url
    for language in ("en", "zh"):
        page.goto(f"{here}{'&' if '?' in here else '?'}lang={language}")
        page.add_script_tag(path=AXE)
        found = page.evaluate("axe.run({resultTypes: ['violations']})")["violations"]
        serious = [
            (one["id"], [node["html"][:200] for node in one["nodes"]])
            for one in found
            if one["impact"] in ("serious", "critical")
        ]
        assert serious == [], f"{name} ({language})"
        for width in (1280, 375):
            page.set_viewport_size({"width": width, "height": 900})
            if folder := os.environ.get("HENGPING_PICTURES"):
                page.screenshot(path=Path(folder) / f"{name}-{language}-{width}.png", full_page=True)
            overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert overflow <= 0, f"{name} ({language}) is {overflow} px too wide at {width} px"
        page.set_viewport_size({"width": 1280, "height": 900})


@pytest.mark.timeout(240)
def test_a_project_becomes_a_public_notice(durable_app, address, browser, tmp_path):
    uow = UnitOfWork(db.session(), SYSTEM, current_house())
    bureau = make_organisation(uow, OrganisationKind.BUREAU, name="澄湖区财政局")
    officer = make_user(uow, Role.PROCUREMENT_OFFICER, organisation=bureau, name="沈经办")
    approver = make_user(uow, Role.PROCUREMENT_APPROVER, organisation=bureau, name="顾审批")
    holders = [make_user(uow, Role.KEYHOLDER, organisation=bureau, name=f"密钥持有人{one}") for one in "甲乙丙"]
    for user in (officer, approver, *holders):
        set_password(user, PASSWORD)
    project = make_project(uow, name="社区卫生服务能力提升项目")
    project_id, today = project.id, uow.today
    uow.commit()

    page = signed_in(browser, address, officer)
    page.goto(f"{address}/projects/{project_id}")
    page.click("text=发起采购")
    is_sound(page, "new")
    page.goto(f"{address}/tenders/new?project={project_id}")
    page.click("text=建立采购项目")
    page.wait_for_url("**/edit")
    is_sound(page, "edit-empty")
    page.fill("#documents_until", str(today + timedelta(days=14)))
    page.fill("#documents_place", "在本平台免费下载")
    page.fill("#deadline", f"{today + timedelta(days=19)}T09:30")
    page.fill("#opening_place", "区行政中心三楼开标室")
    page.fill("#service_until", str(today + timedelta(days=200)))
    page.fill("#contract_draft", "第一条　服务内容\n第二条　价款与支付")
    page.fill("#contact_name", "沈经办")
    page.fill("#contact_telephone", "0512-60000001")
    page.click("text=保存采购文件")
    page.wait_for_url("**/tenders/*")
    assert "R-TENDER-04" in page.locator(".rule-lines .is-block").first.inner_text()
    is_sound(page, "draft")
    tender_id = page.url.split("?")[0].rsplit("/", 1)[1]
    tender_page = f"{address}/tenders/{tender_id}"
    page.goto(f"{tender_page}/edit")
    page.fill("#deadline", f"{today + timedelta(days=21)}T09:30")
    page.click("text=保存采购文件")
    page.goto(f"{tender_page}/criteria")
    is_sound(page, "criteria")
    page.goto(f"{tender_page}/keyholders")
    is_sound(page, "keyholders")
    for user in holders:
        page.check(f"input[value='{user.id}']")
    page.click("text=指定并通知")
    page.wait_for_url("**/tenders/*")

    for user in holders:
        turn = signed_in(browser, address, user)
        turn.goto(f"{tender_page}/key")
        if user is holders[0]:
            is_sound(turn, "key")
            turn.goto(f"{tender_page}/key")
        turn.fill("#key-words", WORDS)
        turn.fill("#key-again", WORDS)
        turn.click("[data-role=make]")
        turn.wait_for_selector("[data-role=download]:visible", timeout=60_000)
        with turn.expect_download() as download:
            turn.click("[data-role=download]")
        download.value.save_as(tmp_path / f"{user.id}.age")
        turn.click("[data-role=register]")
        turn.wait_for_selector("text=已登记的公钥")
        turn.context.close()

    page.goto(tender_page)
    page.click("button:has-text('提交审批')")
    page.wait_for_selector("text=待审批")
    judge = signed_in(browser, address, approver)
    judge.goto(tender_page)
    is_sound(judge, "in-approval")
    judge.on("dialog", lambda dialog: dialog.accept())
    judge.goto(tender_page)
    judge.click("button:has-text('批准并发布公告')")
    judge.wait_for_url("**/notices/*")
    visitor = browser.new_context(bypass_csp=True).new_page()
    visitor.goto(f"{address}/notices/{tender_id}")
    is_sound(visitor, "notice")
    visitor.goto(f"{address}/notices")
    is_sound(visitor, "notices")
    page.goto(f"{address}/tenders")
    is_sound(page, "tenders")
    page.goto(tender_page)
    is_sound(page, "published")

    db.session.expire_all()
    tender = db.session.scalars(select(Tender).where(Tender.id == tender_id)).one()
    assert tender.state is TenderState.PUBLISHED
    assert all(
        (tmp_path / f"{one.user_id}.age").read_bytes().startswith(b"age-encryption") for one in tender.keyholders
    )
