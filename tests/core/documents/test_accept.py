"""Files are judged by what they contain."""

from __future__ import annotations

import io
import zipfile

import pytest
from pypdf import PdfWriter
from werkzeug.datastructures import FileStorage

from core.documents.accept import accept_file, documents_of, keep_bytes, safe_name
from core.errors import Refused
from core.identity.roles import Role
from core.ports import registry
from tests.factories.identity import make_user

WORD = {"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w:document/>"}


def archive(parts, **options) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, **options) as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return out.getvalue()


def pdf(password=None, pages=1) -> bytes:
    writer, out = PdfWriter(), io.BytesIO()
    for _ in range(pages):
        writer.add_blank_page(100, 100)
    if password:
        writer.encrypt(password)
    writer.write(out)
    return out.getvalue()


def bomb() -> bytes:
    return archive({**WORD, "word/media/huge.bin": bytes(30_000_000)})


def upload(data: bytes, name: str) -> FileStorage:
    return FileStorage(io.BytesIO(data), filename=name)


@pytest.fixture
def owner(uow):
    return make_user(uow, Role.EXPERT)


@pytest.mark.parametrize(("data", "name"), [(archive(WORD), "报告.docx"), (pdf(), "报告.PDF")])
def test_a_sound_file_is_kept_with_a_version(uow, owner, data, name):
    first = accept_file(uow, upload(data, name), owner=owner, purpose="report", kinds=("docx", "pdf"))
    second = accept_file(uow, upload(data, name), owner=owner, purpose="report", kinds=("docx", "pdf"))
    assert (first.version, second.version, first.sha256) == (1, 2, second.sha256)
    assert [one.version for one in documents_of(uow, owner, "report")] == [2, 1]
    with uow.house.store.open(first.sha256) as kept:
        assert kept.read() == data


@pytest.mark.parametrize(
    ("data", "name", "words"),
    [
        (b"", "a.docx", "空"),
        (b"plain", "a.docx", "内容与文件类型不符"),
        (pdf(), "a.docx", "内容与文件类型不符"),
        (b"plain", "a.pdf", "不是 PDF"),
        (b"%PDF-1.7 broken", "a.pdf", "损坏"),
        (pdf(password="x"), "a.pdf", "密码"),
        (b"MZ", "a.exe", "不接受"),
        (archive({"xl/workbook.xml": b"<x/>", "[Content_Types].xml": b"<x/>"}), "a.docx", "内容与文件类型不符"),
        (archive({**WORD, "word/vbaProject.bin": b"x"}), "a.docx", "宏"),
        (
            archive({**WORD, "word/document.xml": b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a/>'}),
            "a.docx",
            "实体",
        ),
        (archive({**WORD, "word/document.xml": "<!DOCTYPE a><a/>".encode("utf-16")}), "a.docx", "实体"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "a.docx", "加密"),
        (bomb(), "a.docx", "庞大"),
    ],
)
def test_what_is_not_sound_is_refused_at_its_field_and_nothing_is_kept(uow, owner, data, name, words):
    with pytest.raises(Refused) as refused:
        accept_file(uow, upload(data, name), owner=owner, purpose="report", kinds=("docx", "pdf"), field="report")
    assert words in str(refused.value.refusals[0].reason)
    assert refused.value.refusals[0].field == "report"
    assert documents_of(uow, owner) == []


def test_too_large_and_missing_are_said(uow, owner):
    for given, words in ((upload(pdf(), "a.pdf"), "上限"), (None, "请选择"), (upload(b"", ""), "请选择")):
        with pytest.raises(Refused) as refused:
            accept_file(uow, given, owner=owner, purpose="report", kinds=("pdf",), max_bytes=100)
        assert words in str(refused.value.refusals[0].reason)


@pytest.mark.parametrize(
    ("given", "safe"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\a\\报告.docx", "报告.docx"),
        ("a\u202efdp.exe", "afdp.exe"),
        ("...", "file"),
        ("x" * 300 + ".pdf", "x" * 146 + ".pdf"),
    ],
)
def test_names_are_made_safe(given, safe):
    assert safe_name(given) == safe


def test_a_download_is_streamed_only_to_whom_the_owner_lets(uow, client_as, owner, monkeypatch):
    document = keep_bytes(
        uow, b"%PDF-data", owner=owner, purpose="notice", name="公告.pdf", media_type="application/pdf"
    )
    url = f"/documents/{document.id}"
    stranger, reader = client_as(make_user(uow, Role.EXPERT)), client_as(owner)
    assert reader.get(url).status_code == 404, "a kind that nobody owns is readable by nobody"
    monkeypatch.setitem(registry.document_readers, "app_user", lambda work, one: work.actor.user_id == one.owner_id)
    assert stranger.get(url).status_code == 404
    answer = reader.get(url)
    assert (answer.status_code, answer.data) == (200, b"%PDF-data")
    assert answer.headers["Content-Disposition"] == "attachment; filename*=UTF-8''%E5%85%AC%E5%91%8A.pdf"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
