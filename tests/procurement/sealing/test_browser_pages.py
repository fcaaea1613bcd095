"""The sealing page in a real browser under the house's content rules, against a server that loses pieces."""

from __future__ import annotations

import hashlib
import html
import io
import json
import re
import shutil
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from playwright.sync_api import sync_playwright

from procurement.sealing import new_key, open_with_secret, read_header
from procurement.sealing.opening import unwrap

ROOT = Path(__file__).resolve().parents[3]
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
CHUNK = 64 * 1024
PLANTED = "不可外泄的技术方案".encode()
WORDS = ("need_price", "need_file", "too_large", "complete", "restored", "restored_files", "reading", "uploading")

pytestmark = [
    pytest.mark.enable_socket,
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="NO BROWSER: Chromium is missing, sealing is not tried"),
]

PAGE = """<!doctype html><html lang="zh"><head><meta charset="utf-8"><meta name="csrf-token" content="the-token">
<script src="/seal.entry.js" defer></script></head><body><div data-seal>
<input data-role="price"><textarea data-role="terms"></textarea>
<input type="file" multiple data-role="files" data-purpose="technical" data-title="技术文件">
<ul data-role="check-list"></ul><button type="button" data-role="seal">密封</button>
<progress data-role="progress" hidden></progress><p data-role="status"></p><a data-role="bidder-key" hidden></a>
<form method="post" action="/submit" data-role="submit">
<input type="hidden" name="upload_id" data-role="upload-id"><input type="hidden" name="sha256" data-role="sha256"></form>
</div><script type="application/json" id="seal-config">CONFIG</script></body></html>"""


class Server(ThreadingHTTPServer):
    """Serves the page and takes the upload; every third piece is lost half way."""

    page = ""
    pieces = 0
    stored = b""
    everything = b""
    tokens: frozenset[str | None] = frozenset()
    submitted: dict[str, list[str]] | None = None


class Handler(BaseHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.1"

    def log_message(self, *_arguments):
        """Say nothing."""

    def answer(self, body: bytes, kind="application/json", status=200):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", "default-src 'self'")
        self.end_headers()
        self.wfile.write(body)

    def body(self):
        data = self.rfile.read(int(self.headers["Content-Length"] or 0))
        self.server.everything += data
        return data

    def state(self, status=200):
        offset = len(self.server.stored)
        known = {"upload_id": "u-1", "offset": offset, "chunk_bytes": CHUNK, "url": "/uploads/u-1"}
        self.answer(json.dumps(known).encode(), status=status)

    def do_GET(self):
        if self.path == "/uploads/u-1":
            self.state()
        elif self.path == "/seal.entry.js":
            self.answer((self.server.folder / "seal.entry.js").read_bytes(), "text/javascript")
        else:
            self.answer(self.server.page.encode(), "text/html; charset=utf-8")

    def do_POST(self):
        data = self.body()
        if self.path == "/submit":
            self.server.submitted = parse_qs(data.decode())
            self.answer(b"received", "text/html")
            return
        self.server.tokens |= {self.headers["X-CSRFToken"]}
        if self.path == "/uploads/":
            self.state(201)
        else:
            whole = {"sha256": hashlib.sha256(self.server.stored).hexdigest(), "size": len(self.server.stored)}
            self.answer(json.dumps(whole).encode())

    def do_PUT(self):
        data = self.body()
        first = int(re.match(r"bytes (\d+)-", self.headers["Content-Range"])[1])
        self.server.pieces += 1
        if first == len(self.server.stored):
            lost = self.server.pieces % 3 == 0
            self.server.stored += data[: len(data) // 2] if lost else data
            if lost:
                self.close_connection = True
                return
        self.state()


def until(page, expression: str) -> None:
    """Ask the page until the expression holds. The browser library's own waiting needs `eval`, which the rules forbid."""
    for _turn in range(400):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"never came true: {expression}")


@pytest.fixture
def server(tmp_path):
    program = next((ROOT / "node_modules").glob("@esbuild/*/bin/esbuild"))
    source = ROOT / "static" / "src" / "seal.entry.js"
    command = [program, source, "--bundle", "--minify", "--format=iife", f"--outdir={tmp_path}"]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=60)
    started = Server(("127.0.0.1", 0), Handler)
    started.folder = tmp_path
    thread = threading.Thread(target=started.serve_forever)
    thread.start()
    yield started
    started.shutdown()
    thread.join()
    started.server_close()


@pytest.fixture
def page():
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield launched.new_context().new_page()
        launched.close()


def sealing_config(keys, **values):
    """What the page tells the sealing script."""
    return {
        "tender": "t-1",
        "lot": "l-1",
        "notice": "n" * 64,
        "bidder": "b-1",
        "keyholders": [key.recipient for key in keys],
        "needed": 2,
        "required": ["technical"],
        "key_file_name": "key.txt",
        "upload": {"start": "/uploads/", "max_bytes": 10_000_000},
        "strings": {word: word for word in WORDS},
        **values,
    }


def test_a_bid_survives_a_reload_and_lost_pieces_and_only_its_envelope_leaves_the_browser(server, page, tmp_path):
    keys = [new_key() for _one in range(3)]
    config = sealing_config(keys)
    server.page = PAGE.replace("CONFIG", html.escape(json.dumps(config), quote=False))
    faults = []
    page.on("console", lambda message: faults.append(message.text) if "Content Security" in message.text else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    content = PLANTED * 20_000
    (tmp_path / "方案.pdf").write_bytes(content)

    page.goto(f"http://127.0.0.1:{server.server_port}/")
    page.wait_for_selector("[data-role=check-list] .is-missing")
    assert page.locator("[data-role=check-list]").inner_text().split() == ["need_price", "need_file"]
    assert page.locator("[data-role=seal]").is_disabled()
    page.fill("[data-role=price]", "168,000.50")
    page.fill("[data-role=terms]", "质量承诺")
    page.set_input_files("[data-role=files]", tmp_path / "方案.pdf")
    until(page, "indexedDB.databases().then((all) => all.length > 0)")
    until(
        page,
        "new Promise((done) => { const asked = indexedDB.open('hengping-drafts'); asked.onsuccess = () => {"
        "const all = asked.result.transaction('kept').objectStore('kept').getAllKeys();"
        "all.onsuccess = () => { asked.result.close(); done(all.result.some((key) => key.endsWith(':technical'))); }; }; })",
    )

    page.reload()
    until(page, "document.querySelector('[data-role=status]').textContent === 'restored_files'")
    assert page.input_value("[data-role=terms]") == "质量承诺"
    assert page.locator("[data-role=check-list]").inner_text() == "complete"
    with page.expect_navigation(url="**/submit", timeout=60_000):
        page.click("[data-role=seal]")

    assert server.pieces > 10
    assert server.submitted == {"upload_id": ["u-1"], "sha256": [hashlib.sha256(server.stored).hexdigest()]}
    assert server.tokens == {"the-token"}
    for planted in (PLANTED, b"168000.50", "质量承诺".encode(), "方案".encode(), b"AGE-SECRET-KEY"):
        assert planted not in server.everything
    header = read_header(io.BytesIO(server.stored))
    header.check(tender="t-1", lot="l-1", notice="n" * 64, keyholders=[key.recipient for key in keys], needed=2)
    opened = open_with_secret(io.BytesIO(server.stored), unwrap(header, {1: keys[1], 2: keys[2]}))
    opened.check(tender="t-1", lot="l-1", notice="n" * 64, bidder="b-1")
    assert opened.manifest.opening_sheet["price"] == "168000.50"
    assert [data for _file, data in opened.files()] == [content]
    assert faults == []


def test_a_final_offer_is_sealed_as_one_and_starts_from_no_draft_of_the_bid(server, page):
    keys = [new_key() for _one in range(3)]
    config = sealing_config(keys, required=[])
    server.page = PAGE.replace("CONFIG", html.escape(json.dumps(config), quote=False))
    page.goto(f"http://127.0.0.1:{server.server_port}/")
    page.fill("[data-role=price]", "168,000.50")
    until(page, "indexedDB.databases().then((all) => all.length > 0)")
    config["part"] = "final-offer"
    server.page = PAGE.replace("CONFIG", html.escape(json.dumps(config), quote=False))
    page.reload()
    page.wait_for_selector("[data-role=check-list] .is-missing")
    assert page.input_value("[data-role=price]") == ""
    page.fill("[data-role=price]", "160,000")
    with page.expect_navigation(url="**/submit", timeout=60_000):
        page.click("[data-role=seal]")
    header = read_header(io.BytesIO(server.stored))
    opened = open_with_secret(io.BytesIO(server.stored), unwrap(header, {0: keys[0], 1: keys[1]}))
    assert (header.part, opened.manifest.part) == ("final-offer", "final-offer")
    assert opened.manifest.opening_sheet["price"] == "160000"
    assert b"160000" not in server.everything
