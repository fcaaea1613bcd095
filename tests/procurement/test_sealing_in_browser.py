"""Three agencies bid and two keyholders open, each in a browser of their own, against a real server."""

from __future__ import annotations

import shutil
import threading
from decimal import Decimal

import pytest
from playwright.sync_api import sync_playwright
from sqlalchemy import select
from werkzeug.serving import make_server

from core.database import db
from core.house import current_house
from core.identity.actor import SYSTEM
from core.identity.passwords import set_password
from core.identity.roles import Role
from core.unit_of_work import UnitOfWork
from procurement.models import Bid, Opening, Tender
from procurement.sealing import write_key_file
from procurement.sealing.opening_record import verify_opening
from procurement.states import BidState, TenderState
from tests.factories.bids import pass_deadline
from tests.factories.identity import make_user
from tests.factories.procurement import published_tender

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
PASSWORD = "a long enough password 2026"
WORDS = "four words for keys"
PRICES = ("168000.00", "156000.00", "172,000")

pytestmark = [
    pytest.mark.enable_socket,
    pytest.mark.skipif(CHROMIUM is None, reason="NO BROWSER: Chromium is missing, sealing is not tried"),
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
    page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
    page.goto(f"{address}/account/sign-in")
    page.fill("input[name=email]", user.email)
    page.fill("input[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url("**/home")
    return page


def new_work() -> UnitOfWork:
    return UnitOfWork(db.session(), SYSTEM, current_house())


@pytest.mark.timeout(240)
def test_agencies_seal_and_keyholders_open_in_the_browser(durable_app, address, browser, tmp_path):
    uow = new_work()
    scene = published_tender(uow)
    bidders = [make_user(uow, Role.AGENCY_MANAGER) for _price in PRICES]
    for user in (*bidders, *scene.holders, scene.officer):
        set_password(user, PASSWORD)
    tender_id, names = scene.tender.id, [user.memberships[0].organisation.name for user in bidders]
    uow.commit()
    technical, qualification = tmp_path / "服务方案.pdf", tmp_path / "资格证明.pdf"
    technical.write_bytes(b"%PDF-1.4 " + b"plan " * 1_000_000)
    qualification.write_bytes(b"%PDF-1.4 licence")

    for user, price in zip(bidders, PRICES, strict=True):
        page = signed_in(browser, address, user)
        page.goto(f"{address}/tenders/{tender_id}/bid")
        assert page.locator("[data-role=seal]").is_disabled()
        page.fill("[data-role=price]", price)
        page.fill("[data-role=terms]", "按采购文件执行")
        page.set_input_files("#bid-qualification", qualification)
        page.set_input_files("#bid-technical", technical)
        page.wait_for_selector("[data-role=check-list] .is-complete")
        page.click("[data-role=seal]")
        page.wait_for_url("**/bids/*", timeout=60_000)
        assert "投标文件接收回执" in page.content()
        page.context.close()

    db.session.expire_all()
    bids = db.session.scalars(select(Bid).where(Bid.tender_id == tender_id).order_by(Bid.arrived_at)).all()
    assert [bid.state for bid in bids] == [BidState.SEALED] * 3
    assert all(bid.size > 5_000_000 for bid in bids)

    uow = new_work()
    pass_deadline(uow, scene)
    uow.commit()
    late = signed_in(browser, address, bidders[0])
    late.goto(f"{address}/tenders/{tender_id}/bid")
    assert "R-OPEN-02" in late.content()

    officer = signed_in(browser, address, scene.officer)
    officer.goto(f"{address}/tenders/{tender_id}/opening")
    officer.click("text=宣布开标")
    officer.wait_for_selector("text=解封进度")
    for place in (0, 1):
        key_file = tmp_path / f"key-{place}.age"
        key_file.write_bytes(write_key_file(scene.keys[place], WORDS))
        page = signed_in(browser, address, scene.holders[place])
        page.goto(f"{address}/tenders/{tender_id}/opening")
        page.set_input_files("[data-role=key-file]", key_file)
        if place == 0:
            page.fill("[data-role=passphrase]", "not the passphrase")
            page.click("[data-role=turn]")
            page.wait_for_selector("[data-role=status].is-wrong", timeout=30_000)
        page.fill("[data-role=passphrase]", WORDS)
        page.click("[data-role=turn]")
        page.wait_for_selector("text=等待另一位密钥持有人" if place == 0 else "text=开标一览表", timeout=60_000)
        content = page.content()
        page.context.close()
    assert all(name in content for name in names)
    assert "156,000.00" in content

    db.session.expire_all()
    tender = db.session.get(Tender, tender_id)
    assert tender.state is TenderState.OPENED
    assert [bid.price for bid in bids] == [Decimal("168000.00"), Decimal("156000.00"), Decimal("172000.00")]
    assert verify_opening(db.session.scalar(select(Opening).where(Opening.tender_id == tender_id)).record) == []
