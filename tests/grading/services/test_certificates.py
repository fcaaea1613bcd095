"""Certificates of published grades: signed, checked by anybody at their address, ended when the grade is another."""

from __future__ import annotations

import io

import pytest

from agencies.services.grades import record_grade
from agencies.states import Grade
from core.errors import Refused
from core.identity.roles import Role
from core.pdf.signing import inspect
from core.record_files import read
from core.records import written
from core.verify_cli import verify_group
from grading.certificate.holding import ATTACHED, certificate_faults, held_in
from grading.grade_record import public_grade_record, verify_grade
from grading.models import GradeCertificate
from grading.queries import score_of
from grading.services import certificates
from grading.services.certificates import file_of, issue_certificate, issue_next
from grading.services.grading_cycle import compute_cycle
from grading.views import check
from tests.factories.agencies import make_agency
from tests.factories.grading import publish_year, rated_desk
from tests.factories.identity import make_user


@pytest.fixture
def graded(uow):
    """An agency with a published grade."""
    desk = rated_desk(uow, "0.92")
    rated_desk(uow, "0.94", agency=desk.agency)
    publish_year(desk, compute_cycle(desk.acting(desk.quality), uow.today.year))
    uow.session.expire_all()
    return desk, desk.agency.grade


def bytes_of(uow, row):
    with uow.house.store.open(file_of(uow, row).sha256) as file:
        return file.read()


def test_a_certificate_is_issued_once_and_holds_the_public_record_under_its_signature(uow, graded, tmp_path):
    desk, grade = graded
    row = issue_certificate(desk.acting(desk.quality), grade)
    assert issue_certificate(desk.acting(desk.manager), grade) is row
    assert row.number == f"评级证〔{uow.today.year}〕1号"
    data = bytes_of(uow, row)
    seen = inspect(data)
    assert seen.unchanged
    assert seen.fingerprint == row.signer
    assert abs((seen.signed_at - row.issued_at).total_seconds()) < 1
    record = read(seen.attachments[ATTACHED])
    assert (record["form"], verify_grade(record), record["digests"]["record"]) == ("public", [], row.digest)
    for one in (grade.record, public_grade_record(grade.record)):
        assert certificate_faults(data, one)[0] == []
    changed = bytearray(data)
    changed[600] ^= 1
    assert [one.code for one in certificate_faults(bytes(changed), grade.record)[0]] == ["altered"]
    assert [one.code for one in certificate_faults(b"%PDF-1.4 junk", grade.record)[0]] == ["certificate"]


def test_the_command_matches_full_public_and_certificate(uow, graded, tmp_path, app):
    desk, grade = graded
    row = issue_certificate(desk.acting(desk.quality), grade)
    full, public, paper = (tmp_path / name for name in ("full.json", "public.json", "certificate.pdf"))
    full.write_bytes(written(grade.record))
    public.write_bytes(written(public_grade_record(grade.record)))
    paper.write_bytes(bytes_of(uow, row))
    run = app.test_cli_runner()
    good = ["grade", str(full), "--other", str(public), "--certificate", str(paper), "--digest"]
    done = run.invoke(verify_group, [*good, grade.record["digests"]["record"]])
    assert done.exit_code == 0, done.output
    assert row.signer in done.output
    other = rated_desk(uow, "0.5")
    cycle_record = rated_desk(uow, "0.6", agency=other.agency) and grade.record | {"agency": "乙"}
    full.write_bytes(written(cycle_record))
    assert run.invoke(verify_group, ["grade", str(full), "--certificate", str(paper)]).exit_code == 1
    missing = run.invoke(verify_group, ["grade", str(public), "--certificate", str(tmp_path / "none.pdf")])
    assert missing.exit_code == 2
    assert run.invoke(verify_group, ["award", str(public), "--certificate", str(paper)]).exit_code == 2


def test_only_published_grades_have_one(uow, graded):
    desk, grade = graded
    lonely = rated_desk(uow)
    row = record_grade(
        uow, lonely.agency, year=2020, grade=Grade.UNGRADED, score=None, tasks=1, record=grade.record, publish_now=True
    )
    with pytest.raises(Refused) as caught:
        issue_certificate(desk.acting(desk.quality), row)
    assert caught.value.refusals[0].rule_id == "R-GRADE.min"
    grade.published_at = None
    with pytest.raises(Refused) as caught:
        issue_certificate(desk.acting(desk.quality), grade)
    assert caught.value.refusals[0].rule_id == "R-GRADE.publish"


def test_a_year_gets_its_certificates_in_chunks(uow, graded, monkeypatch):
    desk, grade = graded
    monkeypatch.setattr(certificates, "CHUNK", 1)
    after = issue_next(uow, grade.year, None)
    assert after == grade.id
    assert issue_next(uow, grade.year, after) is None
    assert [one.agency for one in uow.session.query(GradeCertificate)] == [desk.agency.organisation.name]


def test_a_grade_recorded_anew_ends_its_certificate_and_the_check_address_says_so(uow, graded, client):
    desk, grade = graded
    old = issue_certificate(desk.acting(desk.quality), grade)
    same = {"year": grade.year, "tasks": grade.tasks}
    record_grade(uow, desk.agency, grade=grade.grade, score=grade.score, record=grade.record, **same)
    assert old.superseded_at is None
    other = rated_desk(uow, "0.7")
    score_of(uow, other.engagement.id).year = uow.today.year - 1
    uow.session.flush()
    cycle = compute_cycle(desk.acting(desk.quality), uow.today.year - 1)
    entry = next(one for one in cycle.entries if one.agency_id == other.agency.id)
    record_grade(uow, desk.agency, grade=grade.grade, score=grade.score, record=entry.record, **same)
    assert old.superseded_because == "corrected"
    new = issue_certificate(desk.acting(desk.quality), grade)
    page = client.page(f"/check/{old.code}")
    assert "已被取代" in page.get_text()
    assert page.select(f"a[href$='{new.code[-4:]}']")
    assert "现行有效" in client.page(f"/check/{new.code.lower()}").get_text()
    record_grade(uow, desk.agency, grade=Grade.UNGRADED, score=None, record=entry.record, **same)
    assert new.superseded_because == "withdrawn"
    assert "已失效" in client.page(f"/check/{new.code}").get_text()


def test_anybody_checks_a_code_or_a_file(uow, graded, client, client_as, monkeypatch):
    desk, grade = graded
    manager = client_as(desk.manager)
    page = manager.page(f"/grades/{grade.id}")
    assert page.select("form[action$=certificate]")
    assert manager.post(f"/grades/{grade.id}/certificate").status_code == 302
    stranger = client_as(make_user(uow, Role.AGENCY_MANAGER, organisation=make_agency(uow).organisation))
    assert stranger.post(f"/grades/{grade.id}/certificate").status_code == 403
    page = manager.page(f"/grades/{grade.id}")
    address = page.select_one("a[href^='/check/']")["href"]
    file = manager.get(page.select_one("a[href^='/documents/']")["href"])
    assert stranger.get(page.select_one("a[href^='/documents/']")["href"]).status_code == 404
    assert "现行有效" in client.page(address).get_text()
    assert desk.agency.organisation.name in client.page("/grades").get_text()
    assert client.get("/check?code=abc").headers["Location"] == "/check/abc"
    assert client.get("/check/nonsense").status_code == 404
    assert client.get("/check").status_code == 200

    def shown(data, name="证书.pdf"):
        answer = client.post("/check", data={"file": (io.BytesIO(data), name)})
        return answer.status_code, answer.get_data(as_text=True)

    assert "逐字节相同" in shown(file.data)[1]
    altered = bytearray(file.data)
    altered[600] ^= 1
    told = shown(bytes(altered))[1]
    assert "已被改动" in told
    assert desk.agency.organisation.name in told
    assert "已被改动" in shown(file.data + b"\n% more")[1]
    assert "无法读取" in shown(b"%PDF-1.7\nnonsense")[1]
    unsigned = held_in(file.data) and b"%PDF" + file.data[4 : file.data.index(b"%%EOF") + 5]
    assert "不是本局签发" in shown(unsigned)[1] or "无法读取" in shown(unsigned)[1]
    monkeypatch.setattr(check, "LARGEST", 1000)
    assert shown(b"0" * 1001)[0] == 413
    assert client.post("/check", data={}).status_code == 422
