"""The ruler's script in a real browser: it asks for the dates as typed, and an older answer never overwrites a newer."""

from __future__ import annotations

import shutil
import threading
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import sync_playwright

SCRIPT = Path(__file__).resolve().parents[3] / "static" / "js" / "ruler.js"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
PAGE = """<!doctype html><html lang="zh"><body>
<form id="form"><input name="notice_on" value="2026-06-01"><input name="documents_until"><input name="deadline">
<input name="service_until"><p data-ruler-button><button name="preview">更新</button></p></form>
<div data-ruler="/ruler"><p id="shown">以前的日期</p></div>
<script type="module" src="/ruler.js"></script></body></html>"""

pytestmark = [
    pytest.mark.enable_socket,
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="NO BROWSER: Chromium is missing, the ruler's script is not tried"),
]


def test_the_ruler_moves_with_what_is_typed():
    asked: list[dict] = []
    held: list = []
    second = threading.Event()

    def answer(route):
        address = urlsplit(route.request.url)
        if address.path == "/ruler":
            query = parse_qs(address.query)
            asked.append(query)
            body = f'<p id="shown">{query["deadline"][0]}</p>'
            if len(asked) == 1:
                held.append((route, body))
                return
            route.fulfill(content_type="text/html", body=body)
            second.set()
        elif address.path == "/ruler.js":
            route.fulfill(content_type="text/javascript", body=SCRIPT.read_text(encoding="utf-8"))
        else:
            route.fulfill(content_type="text/html", body=PAGE)

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page()
        page.route("**/*", answer)
        page.goto("http://house.test/")
        assert page.locator("[data-ruler-button]").is_hidden()
        with page.expect_request("**/ruler?*"):
            page.fill("[name=deadline]", "2026-07-01T09:30")
        page.fill("[name=deadline]", "2026-07-08T09:30")
        page.wait_for_function("document.getElementById('shown').textContent === '2026-07-08T09:30'")
        assert second.is_set()
        route, body = held[0]
        with page.expect_response("**/ruler?*"):
            route.fulfill(content_type="text/html", body=body)
        page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
        assert page.locator("#shown").inner_text() == "2026-07-08T09:30"
        browser.close()
    assert [one["notice_on"] for one in asked] == [["2026-06-01"], ["2026-06-01"]]
