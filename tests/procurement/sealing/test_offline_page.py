"""The sealing page without a server: one reproducible file that seals a bid and peels layers from `file://`."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import shutil
import subprocess
from pathlib import Path

import pytest

from procurement.sealing import new_key, open_with_secret, read_header
from procurement.sealing.opening import is_secret_of, unwrap
from tests.factories.key_files import light_key_file
from tests.journeys.district import CHROMIUM, NO_BROWSER
from tools.setup import ROOT, esbuild, write_offline_page

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason=NO_BROWSER)
CONTENT = "只在投标里的文字".encode() * 4000


@pytest.fixture(scope="module")
def offline(tmp_path_factory):
    """The page as the set-up makes it, made twice: the same octets."""
    made = []
    for name in ("first", "second"):
        folder = tmp_path_factory.mktemp(name)
        command = [
            esbuild(),
            "static/src/offline.entry.js",
            "--bundle",
            "--minify",
            "--format=iife",
            f"--outdir={folder}",
        ]
        subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=60)
        made.append(write_offline_page(ROOT / "static" / "src", folder))
    assert hashlib.sha256(made[0].read_bytes()).digest() == hashlib.sha256(made[1].read_bytes()).digest()
    assert b"http://" not in made[0].read_bytes().split(b"<script>")[0]
    return made[0]


def test_a_bid_is_sealed_and_peeled_without_any_server(offline, tmp_path):
    from playwright.sync_api import sync_playwright

    keys = [new_key() for _one in range(3)]
    told = {"tender": "t-1", "lot": "l-1", "notice": "n" * 64, "needed": 2, "keyholders": [k.recipient for k in keys]}
    (tmp_path / "tender.json").write_text(json.dumps(told))
    (tmp_path / "方案.pdf").write_bytes(CONTENT)
    (tmp_path / "key.age").write_bytes(light_key_file(keys[0], "two of three open together"))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_context(offline=True, accept_downloads=True).new_page()
        faults = []
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto(offline.as_uri())
        page.set_input_files("[data-role=tender]", tmp_path / "tender.json")
        page.fill("[data-role=bidder]", "b-1")
        page.fill("[data-role=price]", "168,000.50")
        page.set_input_files("[data-purpose=technical]", tmp_path / "方案.pdf")
        page.click("[data-role=seal]")
        page.locator("[data-role=sealed]").wait_for(timeout=60_000)
        with page.expect_download() as downloaded:
            page.click("[data-role=sealed]")
        sealed = tmp_path / "bid.sealed"
        shutil.copy(downloaded.value.path(), sealed)
        assert hashlib.sha256(sealed.read_bytes()).hexdigest() in page.inner_text("[data-role=seal-status]")

        header = read_header(io.BytesIO(sealed.read_bytes()))
        header.check(tender="t-1", lot="l-1", notice="n" * 64, keyholders=told["keyholders"], needed=2)
        bid = open_with_secret(io.BytesIO(sealed.read_bytes()), unwrap(header, {1: keys[1], 2: keys[2]}))
        assert bid.manifest.opening_sheet["price"] == "168000.50"
        assert bid.manifest.opening_sheet["price_words"] == "壹拾陆万捌仟元伍角整"
        assert [data for _file, data in bid.files()] == [CONTENT]

        wrap = header.wraps[0]
        share = {"bid": "1", "subset": wrap.subset, "material": base64.b64encode(wrap.secret).decode(), "last": False}
        (tmp_path / "shares.json").write_text(json.dumps({"shares": [share]}))
        page.set_input_files("[data-role=shares]", tmp_path / "shares.json")
        page.set_input_files("[data-role=key-file]", tmp_path / "key.age")
        page.fill("[data-role=passphrase]", "wrong")
        page.click("[data-role=peel]")
        page.locator("[data-role=peel-status].is-wrong").wait_for(timeout=60_000)
        page.fill("[data-role=passphrase]", "two of three open together")
        page.click("[data-role=peel]")
        page.locator("[data-role=peeled]").wait_for(timeout=60_000)
        with page.expect_download() as downloaded:
            page.click("[data-role=peeled]")
        peeled = json.loads(Path(downloaded.value.path()).read_text())["shares"][0]
        browser.close()
    inner = base64.b64decode(peeled["material"])
    from procurement.sealing import peel

    assert is_secret_of(peel(inner, keys[1]), header)
    assert faults == []
