"""Signed papers: validated by pyHanko, dated by the caller's clock, and a changed byte shows."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12
from pyhanko.keys import load_certs_from_pemder_data
from pyhanko.pdf_utils.generic import TextStringObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext
from reportlab.pdfgen.canvas import Canvas

from core.pdf.signing import NoPaper, NoPaperKey, Signing, inspect, paper_key, sign_pdf

NOW = datetime(2026, 11, 20, 1, 30, tzinfo=UTC)


def settings(folder, **changes):
    return SimpleNamespace(
        **{
            "var": folder,
            "bureau_name_zh": "澄湖区财政局",
            "paper_key_file": None,
            "paper_key_passphrase": "",
            **changes,
        }
    )


def page():
    target = io.BytesIO()
    canvas = Canvas(target, invariant=1)
    canvas.drawString(100, 700, "grade A")
    canvas.save()
    return target.getvalue()


@pytest.fixture(scope="module")
def signed(tmp_path_factory):
    key = paper_key(settings(tmp_path_factory.mktemp("papers")), NOW)
    return key, sign_pdf(page(), key, Signing(NOW, "签发", "澄湖区", {"record.json": b'{"a":1}'}))


def test_pyhanko_finds_the_signature_valid_whole_and_trusted_by_the_certificate_alone(signed):
    key, data = signed
    signature = PdfFileReader(io.BytesIO(data)).embedded_signatures[0]
    roots = list(load_certs_from_pemder_data(key.pem))
    status = validate_pdf_signature(signature, ValidationContext(trust_roots=roots, allow_fetching=False, moment=NOW))
    assert status.bottom_line
    assert status.coverage == SignatureCoverageLevel.ENTIRE_FILE
    assert signature.self_reported_timestamp == NOW
    seen = inspect(data)
    assert seen.unchanged
    assert (seen.fingerprint, seen.signed_at) == (key.fingerprint, NOW)
    assert seen.attachments == {"record.json": b'{"a":1}'}


def test_every_changed_byte_shows(signed):
    _key, data = signed
    places = [*range(9, len(data) - 1, len(data) // 40), len(data) - 8]
    for place in places:
        changed = bytearray(data)
        changed[place] ^= 1
        try:
            assert not inspect(bytes(changed)).unchanged, place
        except NoPaper:
            continue


def test_what_is_added_afterwards_shows(signed):
    _key, data = signed
    writer = IncrementalPdfFileWriter(io.BytesIO(data))
    writer.root["/Note"] = TextStringObject("grade A+")
    writer.update_root()
    target = io.BytesIO()
    writer.write(target)
    seen = inspect(target.getvalue())
    assert (seen.signed, seen.whole, seen.unchanged) == (True, False, False)


@pytest.mark.parametrize("junk", [b"", b"%PDF-1.7\n", b"no paper at all" * 20])
def test_what_is_no_paper_is_said_to_be_none(junk):
    with pytest.raises(NoPaper):
        inspect(junk)


def test_an_unsigned_paper_is_unsigned():
    assert not inspect(page()).signed


def test_the_certificate_is_made_once_says_that_it_signs_itself_and_is_the_owners_alone(tmp_path):
    first, second = paper_key(settings(tmp_path), NOW), paper_key(settings(tmp_path), NOW)
    assert first.own
    assert first.fingerprint == second.fingerprint
    assert "系统自签名证书" in first.certificate.subject.rfc4514_string()
    assert (tmp_path / "secrets" / "papers.p12").stat().st_mode & 0o777 == 0o600
    assert "BEGIN CERTIFICATE" in first.pem.decode()
    assert "PRIVATE" not in first.pem.decode()


def test_the_operators_own_container_is_used_and_a_wrong_passphrase_is_said(tmp_path, signed):
    key, _data = signed
    private, certificate, _others = pkcs12.load_key_and_certificates(key.container, None)
    file = tmp_path / "bureau.p12"

    file.write_bytes(
        pkcs12.serialize_key_and_certificates(b"x", private, certificate, None, BestAvailableEncryption(b"geheim"))
    )
    theirs = paper_key(settings(tmp_path, paper_key_file=file, paper_key_passphrase="geheim"), NOW)
    assert (theirs.own, theirs.fingerprint) == (False, key.fingerprint)
    assert inspect(sign_pdf(page(), theirs, Signing(NOW, "签发"))).unchanged
    for wrong in (
        settings(tmp_path, paper_key_file=file, paper_key_passphrase="falsch"),
        settings(tmp_path, paper_key_file=tmp_path / "missing.p12"),
    ):
        with pytest.raises(NoPaperKey):
            paper_key(wrong, NOW)
