"""The browser's library and the server's agree: what one seals, the other opens."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import shutil
import subprocess
from decimal import Decimal
from pathlib import Path

import pytest

from core.chinese_numbers import amount_to_capital
from procurement.sealing import fingerprint, new_key, open_with_secret, read_header, read_key_file
from procurement.sealing.manifest import canonical
from procurement.sealing.opening import unwrap
from procurement.sealing.statement import DECLARATIONS, Member, Statement
from tests.factories.key_files import light_key_file

ROOT = Path(__file__).resolve().parents[3]
NODE = shutil.which("node")
pytestmark = pytest.mark.skipif(NODE is None, reason="the browser's library is tried with Node, which is not here")


def in_node(**task):
    script = Path(__file__).with_name("envelope_in_node.mjs")
    done = subprocess.run(
        [NODE, str(script)], input=json.dumps(task).encode(), capture_output=True, check=False, cwd=ROOT, timeout=60
    )
    assert done.returncode == 0, done.stderr.decode()
    return json.loads(done.stdout)


def test_what_the_browser_seals_any_two_of_three_open():
    keys, bidder = [new_key() for _one in range(3)], new_key()
    content = "某机构的技术方案".encode() * 5000
    answer = in_node(
        deed="seal",
        manifest={
            "tender": "t-1",
            "lot": "l-1",
            "notice": "n" * 64,
            "bidder": "b-1",
            "opening_sheet": {"price": "168000.00", "currency": "CNY", "terms": "“质量承诺”\n第二行"},
        },
        files=[
            {
                "name": "技术方案.pdf",
                "purpose": "technical",
                "media_type": "application/pdf",
                "content": base64.b64encode(content).decode(),
            }
        ],
        keyholders=[key.recipient for key in keys],
        needed=2,
        bidder=bidder.recipient,
    )
    envelope = base64.b64decode(answer["envelope"])
    assert answer["sha256"] == hashlib.sha256(envelope).hexdigest()
    header = read_header(io.BytesIO(envelope))
    header.check(tender="t-1", lot="l-1", notice="n" * 64, keyholders=[key.recipient for key in keys], needed=2)
    for pair in ((0, 1), (0, 2), (1, 2)):
        secret = unwrap(header, {one: keys[one] for one in pair})
        opened = open_with_secret(io.BytesIO(envelope), secret)
        opened.check(tender="t-1", lot="l-1", notice="n" * 64, bidder="b-1")
        assert [data for _file, data in opened.files()] == [content]
        assert opened.manifest.opening_sheet["terms"] == "“质量承诺”\n第二行"


def test_the_browser_peels_what_python_wrapped():
    from tests.procurement.sealing.test_envelope import sealed

    envelope, keys, _bidder = sealed()
    wrap = read_header(io.BytesIO(envelope)).wraps[0]
    first = in_node(deed="peel", material=base64.b64encode(wrap.secret).decode(), secret=keys[0].secret)
    second = in_node(deed="peel", material=first["inside"], secret=keys[1].secret)
    assert base64.b64decode(second["inside"]).startswith(b"AGE-SECRET-KEY-1")
    assert in_node(deed="peel", material=first["inside"], secret=keys[2].secret) == {"inside": None}


def test_both_sides_write_the_same_canonical_json():
    value = {"b": [1, "二", {"z": None, "a": True}], "a": '“引号” \\ " \n / é 𠮷'}
    assert in_node(deed="canonical", value=value)["canonical"].encode() == canonical(value)


def test_a_key_file_made_in_the_browser_is_read_by_the_command_line():
    made = in_node(deed="make-key", passphrase="澄湖 开标 2026")
    key = read_key_file(base64.b64decode(made["file"]), "澄湖 开标 2026")
    assert key.recipient == made["recipient"]
    assert fingerprint(key.recipient) == made["fingerprint"]


def test_a_key_file_of_age_is_read_in_the_browser_with_its_passphrase_only():
    key = new_key()
    file = base64.b64encode(light_key_file(key, "一段口令")).decode()
    assert key.secret in in_node(deed="unlock-key", file=file, passphrase="一段口令")["content"]
    assert in_node(deed="unlock-key", file=file, passphrase="另一段") == {"content": None, "refused": True}


@pytest.mark.parametrize(("count", "needed"), [(1, 1), (5, 3), (5, 5), (4, 1)])
def test_odd_names_and_words_are_sealed_so_that_every_opening_accepts_them(count, needed):
    keys = [new_key() for _one in range(count)]
    names = ["a\nb\tc.pdf", "\ud800.pdf", "x" * 400, "\0", "../../etc/passwd", "空.pdf"]
    answer = in_node(
        deed="seal",
        manifest={
            "tender": "t",
            "lot": "l",
            "notice": "n",
            "bidder": "b",
            "opening_sheet": {"price": "1.00", "currency": "CNY", "terms": "一\0\ud800\n二"},
        },
        files=[
            {"name": name, "purpose": "technical", "media_type": "", "content": base64.b64encode(bytes([at])).decode()}
            for at, name in enumerate(names)
        ],
        keyholders=[key.recipient for key in keys],
        needed=needed,
        bidder=keys[0].recipient,
    )
    envelope = base64.b64decode(answer["envelope"])
    held = dict(list(enumerate(keys))[-needed:])
    opened = open_with_secret(io.BytesIO(envelope), unwrap(read_header(io.BytesIO(envelope)), held))
    assert [content for _file, content in opened.files()] == [bytes([at]) for at in range(len(names))]
    assert [file.name for file in opened.manifest.files][:2] == ["a b c.pdf", ".pdf"]
    assert opened.manifest.opening_sheet["terms"] == "一\n二"


def test_the_scripts_are_bundled_to_the_same_bytes_every_time(tmp_path):
    bundled = []
    for name in ("first", "second"):
        sources = [str(one) for one in sorted((ROOT / "static" / "src").glob("*.entry.js"))]
        program = next((ROOT / "node_modules").glob("@esbuild/*/bin/esbuild"))
        subprocess.run(
            [program, *sources, "--bundle", "--minify", "--format=iife", f"--outdir={tmp_path / name}"],
            cwd=ROOT,
            check=True,
            capture_output=True,
            timeout=60,
        )
        bundled.append({one.name: one.read_bytes() for one in (tmp_path / name).iterdir()})
    assert bundled[0] == bundled[1]
    names = ["drill", "keys", "offline", "scrypt", "seal", "unseal"]
    assert sorted(bundled[0]) == [f"{name}.entry.js" for name in names]
    assert not any(b"eval(" in content or b"new Function" in content for content in bundled[0].values())


def test_amounts_are_written_in_capitals_as_the_server_writes_them():
    amounts = ["0", "0.05", "0.5", "1", "10", "1000", "10001", "100000", "168000.50", "100000000", "1000100010.01"]
    amounts += [f"{10**place + place}.{place % 10}{(place * 7) % 10}" for place in range(13)]
    amounts += [str(seed * 7919 % 10**13) for seed in range(1, 10**12, 10**12 // 60)]
    words = in_node(deed="capital", amounts=[*amounts, "1,000", "-1", "1e3", ""])["words"]
    assert words == [*(amount_to_capital(Decimal(one)) for one in amounts), "", "", "", ""]


def test_the_statement_that_the_browser_seals_is_read_when_the_bid_is_opened():
    keys = [new_key() for _one in range(3)]
    members = in_node(deed="members", text="明德会计师事务所  91310000MA1FL00001\n无效的一行\n")
    assert members == {
        "members": [{"name": "明德会计师事务所", "uscc": "91310000MA1FL00001"}],
        "wrong": ["无效的一行"],
    }
    statement = Statement(
        signature="certificate",
        members=(Member("明德会计师事务所", "91310000MA1FL00001"),),
        firm_size="small",
        sme_employees="35",
        sme_turnover="820.5",
        deposit_amount="3600.00",
        deposit_means="guarantee",
        deposit_reference="保函 2026-18",
        deposit_paid_on="2026-11-20",
        declarations=DECLARATIONS,
    )
    names = {"tender": "t", "lot": "l", "notice": "n" * 64, "bidder": "b"}
    sheet = {"price": "168000.00", "price_words": "壹拾陆万捌仟元整", "currency": "CNY"}
    answer = in_node(
        deed="seal",
        manifest={**names, "opening_sheet": sheet, "statement": statement.plain()},
        files=[],
        keyholders=[key.recipient for key in keys],
        needed=2,
        bidder=new_key().recipient,
    )
    stream = io.BytesIO(base64.b64decode(answer["envelope"]))
    header = read_header(stream)
    stream.seek(0)
    opened = open_with_secret(stream, unwrap(header, {0: keys[0], 2: keys[2]}))
    assert opened.manifest.statement == statement
    assert opened.manifest.opening_sheet["price_words"] == "壹拾陆万捌仟元整"
