"""Envelopes made to break the opening: each fails alone, with a reason, and never with anything but a SealingError."""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import struct
import subprocess
import sys
from pathlib import Path

import pyrage
import pytest
from hypothesis import given
from hypothesis import strategies as st

from procurement.sealing import Corrupt, SealingError, new_key, open_with_secret, read_header
from procurement.sealing.envelope import MAGIC
from procurement.sealing.errors import ImpossibleQuorum, NotARecipient
from procurement.sealing.manifest import read_manifest, safe_name
from procurement.sealing.opening import unwrap
from tests.procurement.sealing.test_envelope import SECRET_WORDS, manifest_of, sealed

ROOT = Path(__file__).resolve().parents[3]


def opened(envelope, keys):
    header = read_header(io.BytesIO(envelope))
    found = open_with_secret(io.BytesIO(envelope), unwrap(header, dict(enumerate(keys))))
    return [data for _file, data in found.files()]


def test_every_single_changed_byte_is_an_error_or_changes_nothing_that_is_opened():
    envelope, keys, _bidder = sealed()
    told = []
    for place in range(len(envelope)):
        changed = bytearray(envelope)
        changed[place] ^= 1
        assert hashlib.sha256(changed).digest() != hashlib.sha256(envelope).digest()
        try:
            assert opened(bytes(changed), keys) == [SECRET_WORDS]
        except SealingError as error:
            told.append(error)
    assert all(error.zh and error.en for error in told)
    assert len(told) >= len(envelope) - read_header(io.BytesIO(envelope)).start


def test_an_envelope_cut_short_anywhere_is_corrupt():
    envelope, keys, _bidder = sealed()
    for length in range(0, len(envelope), 7):
        with pytest.raises(Corrupt):
            opened(envelope[:length], keys)
    with pytest.raises(Corrupt):
        opened(envelope + b"x", keys)


HEADERS = [
    b"null",
    b"[]",
    b"{}",
    b"[" * 100_000,
    b'{"a":' * 100_000,
    b'{"format":"hengping-envelope/1","needed":1e999,"keyholders":["a"],"wraps":[]}',
    b'{"format":"hengping-envelope/1","needed":NaN,"keyholders":["a"],"wraps":[]}',
    b'{"format":"hengping-envelope/1","needed":1,"keyholders":["a"],"wraps":[{"keyholders":[1e999],"secret":""}]}',
    b'{"format":"hengping-envelope/1","needed":1,"keyholders":["a"],"wraps":[{"keyholders":[0],"secret":"?"}]}',
    b'{"format":"hengping-envelope/1","needed":6,"keyholders":["a","b","c","d","e","f"],"wraps":[]}',
    b"\xff\xfe",
]


@pytest.mark.parametrize("header", HEADERS, ids=range(len(HEADERS)))
def test_a_hostile_header_is_corrupt(header):
    with pytest.raises(Corrupt):
        read_header(io.BytesIO(MAGIC + struct.pack(">I", len(header)) + header))


@given(st.recursive(st.none() | st.booleans() | st.floats() | st.text() | st.integers(), st.lists))
def test_any_json_in_a_header_is_read_or_corrupt(value):
    envelope, _keys, _bidder = SEALED
    good = read_header(io.BytesIO(envelope))
    content = json.loads(envelope[len(MAGIC) + 4 : good.start])
    for name in content:
        encoded = json.dumps({**content, name: value}).encode()
        with contextlib.suppress(Corrupt):
            read = read_header(io.BytesIO(MAGIC + struct.pack(">I", len(encoded)) + encoded))
            assert len(read.wraps) == 3


SEALED = sealed()


@pytest.mark.parametrize(
    "changes",
    [
        {"bidder": ""},
        {"bidder": 7},
        {"tender": ["t-1"]},
        {"nonce": "\0"},
        {"opening_sheet": []},
        {"opening_sheet": {"price": 168000.5}},
        {"opening_sheet": {"price": True}},
        {"opening_sheet": {"price": "1", "terms": "\ud800"}},
        {"opening_sheet": {"price": "1", "terms": "\0"}},
        {"opening_sheet": {"price": "1", "terms": "x" * 20_000}},
        {"opening_sheet": {"price": "1", "x": 1.5}},
        {"opening_sheet": {"price": "1"} | {str(one): "" for one in range(60)}},
        {"files": {}},
        {"files": ["a"]},
        {"files": [{"name": "a", "purpose": "p", "size": -1, "sha256": "0" * 64, "media_type": ""}]},
        {"files": [{"name": "a", "purpose": "p", "size": True, "sha256": "0" * 64, "media_type": ""}]},
        {"files": [{"name": "a", "purpose": "p", "size": 10**30, "sha256": "0" * 64, "media_type": ""}]},
        {"files": [{"name": "a", "purpose": "p", "size": 1, "sha256": "0" * 63, "media_type": ""}]},
        {"files": [{"name": "\ud800", "purpose": "p", "size": 1, "sha256": "0" * 64, "media_type": ""}]},
        {"files": [{"name": "a", "purpose": "p", "size": 0, "sha256": "0" * 64, "media_type": ""}] * 51},
    ],
)
def test_a_hostile_manifest_is_corrupt(changes):
    good = json.loads(manifest_of(b"a").to_json())
    assert read_manifest(json.dumps(good).encode()).bidder == "b-1"
    with pytest.raises(Corrupt):
        read_manifest(json.dumps(good | changes).encode())


@pytest.mark.parametrize("data", [b"[" * 100_000, b"\xff", b"", b"NaN"])
def test_what_is_no_manifest_is_corrupt(data):
    with pytest.raises(Corrupt):
        read_manifest(data)


@given(st.text(max_size=300))
def test_a_safe_name_stays_inside_its_folder(name):
    safe = safe_name(name)
    assert Path("/folder", safe).parent == Path("/folder")
    assert safe == safe_name(safe)
    assert 0 < len(safe) <= 120
    assert safe.isprintable()


def test_a_bid_that_no_opening_would_accept_is_not_sealed():
    with pytest.raises(Corrupt):
        sealed(opening_sheet={"price": "0"})


def test_a_keyholder_who_stands_twice_or_is_none_is_refused():
    from procurement.sealing import seal

    key, target = new_key().recipient, io.BytesIO()
    with pytest.raises(ImpossibleQuorum):
        seal(manifest_of(b"a"), [io.BytesIO(b"a")], target, keyholders=[key, key], needed=2, bidder=key)
    for wrong in ("", "age1x", key.upper() + "x", "ssh-ed25519 AAAA"):
        with pytest.raises(NotARecipient):
            seal(manifest_of(b"a"), [io.BytesIO(b"a")], target, keyholders=[key], needed=1, bidder=wrong)
    assert target.getvalue() == b""


MEASURE = """
import hashlib, io, resource, sys, tempfile
from procurement.sealing import BidFile, BidManifest, new_key, open_with_secret, peel, read_header, seal
size, key = 100_000_000, new_key()
with tempfile.TemporaryFile() as source, tempfile.TemporaryFile() as target, tempfile.TemporaryFile() as plain:
    for _ in range(100):
        source.write(bytes(1_000_000))
    source.seek(0)
    file = BidFile("a", "technical", size, hashlib.file_digest(source, "sha256").hexdigest(), "")
    source.seek(0)
    manifest = BidManifest("t", "l", "n", "b", "0", {"price": "1"}, (file,))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    seal(manifest, [source], target, keyholders=[key.recipient], needed=1, bidder=key.recipient)
    target.seek(0)
    secret = peel(read_header(target).bidder_wrap, key).decode()
    target.seek(0)
    open_with_secret(target, secret, plain)
    assert plain.seek(0, 2) > size
    print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024)
"""


def test_sealing_and_opening_100_mb_take_less_than_16_mb_of_memory():
    done = subprocess.run(
        [sys.executable, "-c", MEASURE], cwd=ROOT, capture_output=True, text=True, check=False, timeout=100
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) < 16_000_000


def test_a_payload_sealed_to_the_right_key_but_with_another_header_is_told():
    envelope, keys, _bidder = sealed()
    header = read_header(io.BytesIO(envelope))
    content = json.loads(envelope[len(MAGIC) + 4 : header.start])
    for name in ("tender", "lot", "notice", "part"):
        encoded = json.dumps({**content, name: "other"}).encode()
        forged = MAGIC + struct.pack(">I", len(encoded)) + encoded + envelope[header.start :]
        with pytest.raises(SealingError, match="do not agree"):
            opened(forged, keys)


def test_plaintext_without_a_manifest_is_corrupt():
    envelope, keys, _bidder = sealed()
    header = read_header(io.BytesIO(envelope))
    content = json.loads(envelope[len(MAGIC) + 4 : header.start])
    for plain in (b"", b"\0\0\0", b"\0\0\0\0", b"\xff\xff\xff\xff{}", b"\0\0\0\2{}"):
        payload = pyrage.encrypt(plain, [pyrage.x25519.Recipient.from_str(header.recipient)])
        encoded = json.dumps({**content, "payload_sha256": hashlib.sha256(payload).hexdigest()}).encode()
        with pytest.raises(Corrupt):
            opened(MAGIC + struct.pack(">I", len(encoded)) + encoded + payload, keys)
