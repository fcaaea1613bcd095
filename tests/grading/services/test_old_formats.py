"""Old formats at delivery: converted where there is a converter, else one clear sentence at the field."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from core.documents.models import Document
from core.errors import Refused
from grading.models import Submission
from grading.reading import conversion
from grading.reading.container import OLE
from grading.states import FileRole, SubmissionState
from tests.factories.grading import Desk, report_bytes, upload
from tests.grading.services.test_delivery import picture_pdf

OLD = OLE + b"\0" * 600
GOOD = '#!/bin/sh\nwhile [ "$1" != "--outdir" ]; do shift; done\ncp "{ready}" "$2/file.docx"\n'
FAILS = "#!/bin/sh\nexit 3\n"


@pytest.fixture
def office(tmp_path, monkeypatch):
    """Put a stand-in for LibreOffice, or none, on the path."""

    def put(script: str) -> None:
        ready, tools = tmp_path / "ready.docx", tmp_path / "bin"
        ready.write_bytes(report_bytes(7))
        tools.mkdir()
        if script:
            (tools / "soffice").write_text(script.format(ready=ready))
            (tools / "soffice").chmod(0o755)
        monkeypatch.setenv("PATH", f"{tools}:/usr/bin:/bin")
        monkeypatch.setattr(conversion, "PROGRAMS", ("soffice",))

    return put


def test_an_old_report_is_converted_read_and_kept_beside_its_original(uow, office, client_as):
    office(GOOD)
    desk = Desk(uow)
    desk.deliver(OLD, "评价报告.wps", annexes=[upload(OLD, "附件.DOC")])
    desk.check()
    uow.session.expire_all()
    report, annex = desk.submission.files
    assert desk.submission.state is SubmissionState.CHECKED
    assert (report.document.name, report.original.name) == ("评价报告.docx", "评价报告.wps")
    assert (annex.role, annex.original.name) == (FileRole.ANNEX, "附件.DOC")
    client = client_as(desk.quality)
    page = client.page(f"/submissions/{desk.submission.id}")
    link = next(one for one in page.select(".coverage a") if "评价报告.wps" in one.get_text())
    assert client.get(link["href"]).data == OLD


@pytest.mark.parametrize(
    ("script", "data", "words"),
    [
        ("", OLD, "旧格式文件（.doc），请另存"),
        (FAILS, OLD, "无法自动转换"),
        (GOOD, b"", "空"),
        (GOOD, b"text", "不符"),
        (GOOD, OLD + "_VBA_PROJECT".encode("utf-16-le"), "宏"),
        (GOOD, OLD + "EncryptedPackage".encode("utf-16-le"), "密码"),
    ],
)
def test_what_cannot_be_converted_is_refused_at_its_field_and_nothing_is_kept(uow, office, script, data, words):
    office(script)
    with pytest.raises(Refused, match=words) as caught, uow.session.begin_nested():
        Desk(uow).deliver(data, "报告.doc")
    assert [one.field for one in caught.value.refusals] == ["file"]
    assert uow.session.scalar(select(func.count()).select_from(Submission)) == 0
    assert uow.session.scalar(select(func.count()).where(Document.purpose == "report-original")) == 0


def test_a_scan_or_an_old_workbook_is_not_converted(uow, office):
    office(GOOD)
    with pytest.raises(Refused) as caught, uow.session.begin_nested():
        Desk(uow).deliver(annexes=[upload(OLD, "表.xls")], scan=upload(OLD, "盖章.doc"))
    assert [one.field for one in caught.value.refusals] == ["annexes", "scan"]


@pytest.mark.parametrize("script", ["", GOOD])
def test_the_form_offers_old_formats_only_where_they_can_be_converted(uow, office, client_as, script):
    office(script)
    desk = Desk(uow)
    page = client_as(desk.manager).page(f"/submissions/new/{desk.engagement.id}")
    assert (".wps" in page.select_one("input[name=file]")["accept"]) is bool(script)


def test_a_converter_that_hangs_is_ended(tmp_path, office):
    office("#!/bin/sh\nsleep 30 & wait\n")
    (tmp_path / "a.doc").write_bytes(OLD)
    folder = tmp_path / "out"
    folder.mkdir()
    assert conversion.to_docx(tmp_path / "a.doc", folder, seconds=0) is None


def test_what_the_scan_is_beside_the_text_stands_on_the_page(uow, client_as):
    desk = Desk(uow)
    desk.deliver(report_bytes(7, kind="pdf"), "报告.pdf", scan=upload(picture_pdf(), "盖章.pdf"))
    desk.check()
    page = client_as(desk.manager).page(f"/submissions/{desk.submission.id}")
    row = next(one for one in page.select(".coverage tr") if "盖章.pdf" in one.get_text())
    assert "页数不同" in row.get_text()
    assert "内容无法逐页比对" in row.get_text()
