"""The archive of a purchase: whole, verifiable, kept; nothing of it can be deleted (R-ARCH-01, R-ARCH-02)."""

from __future__ import annotations

import io
import json
import zipfile

import pytest
from click.testing import CliRunner
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from core.archives.package import Damaged, made, stream, unique
from core.archives.verify import verify_archive
from core.audit.models import AuditEntry
from core.errors import Forbidden
from core.identity.roles import Role
from core.record_files import Unreadable
from core.verify_cli import verify_group
from procurement.archiving.package import PARTS, manifest_of, readme
from procurement.queries.award_procedure import day_of
from procurement.services.archiving import collect, export, keep_until
from procurement.services.drafting import draft_tender
from tests.factories.awards import acting, scored_tender
from tests.factories.contracts import accepted, signed
from tests.factories.identity import make_user
from tests.factories.procurement import lawful_values
from tests.factories.projects import make_project


@pytest.fixture
def deal(uow):
    return accepted(uow)


@pytest.fixture
def file(uow, deal, tmp_path):
    ready = export(acting(uow, deal.officer), deal.tender)
    target = tmp_path / "archive.zip"
    target.write_bytes(b"".join(stream(ready.files, ready.manifest, ready.words, uow.now, open_of(uow))))
    return target


def open_of(uow):
    """The store, whose bid envelopes these rows never had."""

    def opened(sha256):
        return uow.house.store.open(sha256) if uow.house.store.exists(sha256) else io.BytesIO(b"")

    return opened


@pytest.fixture(autouse=True)
def _stored_bids(uow, deal):
    """Give the bids' documents contents that the store really has."""
    from core.documents.models import Document

    for document in uow.session.query(Document).all():
        if not uow.house.store.exists(document.sha256):
            document.sha256, document.size = uow.house.store.put(io.BytesIO(str(document.id).encode()))
    uow.session.flush()


def rewritten(source, change):
    """A copy of an archive in which `change(name, data)` replaces each file's data, or drops it with None."""
    target = source.with_name("changed.zip")
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            data = change(name, old.read(name))
            if data is not None:
                new.writestr(name, data)
    return target


def codes(path, expected=None):
    return {fault.code for fault in verify_archive(path, expected)[0]}


def test_the_archive_holds_everything_of_the_purchase_and_verifies(uow, deal, file):
    faults, stated = verify_archive(file)
    assert faults == []
    with zipfile.ZipFile(file) as archive:
        names = archive.namelist()
        words = archive.read("说明.txt").decode()
    assert {name.split("/")[0] for name in names if "/" in name} >= {
        folder for folder, _title in PARTS if not folder.startswith(("10-", "11-"))
    }
    assert deal.tender.number in words
    assert "flask verify archive" in words
    for wanted in ("采购活动记录", "采购合同-", "履约验收书", "采购结果通知书", "award-", "审计日志", "contract.json"):
        assert any(wanted in name for name in names), wanted
    assert stated["keep_until"] == keep_until(uow, deal.tender).isoformat()


def test_it_is_kept_fifteen_years_from_the_end_of_the_purchase(uow, deal):
    """R-ARCH-01."""
    ended = day_of(deal.contract.accepted_at)
    assert keep_until(uow, deal.tender).year == ended.year + 15


def test_every_change_to_the_file_is_found(file):
    with zipfile.ZipFile(file) as archive:
        victim = next(name for name in archive.namelist() if name.startswith("08-"))
    assert codes(rewritten(file, lambda name, data: None if name == victim else data)) == {"missing"}
    assert codes(rewritten(file, lambda name, data: data + b"x" if name == victim else data)) == {"changed"}

    def forge(name, data):
        if name != "manifest.json":
            return data
        manifest = json.loads(data)
        return json.dumps({**manifest, "title": "别的项目"}).encode()

    assert codes(rewritten(file, forge)) == {"manifest"}
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr("08-合同文本/补充.pdf", b"later")
    assert codes(file) == {"extra"}


def test_the_digest_noted_at_the_export_is_the_one_to_compare_with(uow, deal, file, tmp_path):
    digest = verify_archive(file)[1]["digest"]
    assert codes(file, digest) == set()
    assert codes(file, "0" * 64) == {"published"}


def test_the_command_answers_zero_one_and_two(file, tmp_path):
    def run(*arguments):
        return CliRunner().invoke(verify_group, ["archive", *map(str, arguments)]).exit_code

    assert run(file) == 0
    assert run(rewritten(file, lambda name, data: data if "说明" in name or name == "manifest.json" else None)) == 1
    for name, data in (("no.zip", b"no zip at all"), ("empty.zip", b""), ("cut.zip", file.read_bytes()[:2000])):
        (tmp_path / name).write_bytes(data)
        assert run(tmp_path / name) == 2
    assert run(tmp_path / "absent.zip") == 2


def test_a_zip_without_a_manifest_is_no_archive(tmp_path):
    path = tmp_path / "x.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("manifest.json", '{"kind": "draw"}')
    with pytest.raises(Unreadable):
        verify_archive(path)


def test_content_that_changed_in_the_store_stops_the_export(uow):
    file = made("08-合同文本", "a.pdf", "a", b"content")
    wrong = type(file)(file.part, file.name, file.title, "0" * 64, 7, None)
    with pytest.raises(Damaged):
        list(stream([wrong], manifest_of([wrong], {}), "", uow.now, lambda _hash: io.BytesIO(b"changed")))


def test_equal_names_do_not_hide_one_another():
    files = unique([made("04-投标文件", "a.pdf", "", b"1"), made("04-投标文件", "a.pdf", "", b"2")])
    assert {one.path for one in files} == {"04-投标文件/a.pdf", "04-投标文件/a（2）.pdf"}
    facts = {"number": "n", "title": "t", "purchaser": "p", "made_at": "m", "keep_until": "k"}
    assert "没有此类文件" in readme(facts, files)


def test_who_may_take_the_archive_out_is_noted_and_nobody_else_may(uow, deal):
    before = uow.session.query(AuditEntry).count()
    taker = acting(uow, deal.officer)
    export(taker, deal.tender)
    assert [one.tag for one in taker._pending] == ["tender.export_archive"]
    assert taker._pending[0].body["detail"]["digest"]
    assert uow.session.query(AuditEntry).count() == before
    for role in (Role.OBSERVER, Role.QUALITY_OFFICER, Role.AGENCY_MANAGER):
        with pytest.raises(Forbidden):
            collect(acting(uow, make_user(uow, role)), deal.tender)
    with pytest.raises(Forbidden):
        collect(acting(uow, deal.officer), scored_tender(uow))
    assert collect(acting(uow, make_user(uow, Role.PROCUREMENT_SUPERVISOR)), deal.tender)


def test_the_page_lists_each_part_and_the_file_streams(uow, client_as, deal):
    browser = client_as(deal.officer)
    page = browser.page(f"/tenders/{deal.tender.id}/archive")
    assert "R-ARCH-01" in page.text
    assert "R-ARCH-02" in page.text
    answer = browser.get(f"/tenders/{deal.tender.id}/archive.zip")
    assert answer.status_code == 200
    assert answer.mimetype == "application/zip"
    assert zipfile.ZipFile(io.BytesIO(answer.get_data())).testzip() is None
    assert client_as(deal.acceptor).get(f"/tenders/{deal.tender.id}/archive.zip").status_code == 404


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM tender WHERE id = :tender",
        "DELETE FROM lot WHERE tender_id = :tender",
        "DELETE FROM criterion WHERE tender_id = :tender",
        "DELETE FROM bid WHERE tender_id = :tender",
        "DELETE FROM award WHERE tender_id = :tender",
        "DELETE FROM contract WHERE tender_id = :tender",
        "DELETE FROM contract_instalment WHERE contract_id = :contract",
        "DELETE FROM acceptance WHERE contract_id = :contract",
        "DELETE FROM acceptance_item",
        "DELETE FROM document WHERE owner_id = :contract",
        "DELETE FROM award_procedure WHERE tender_id = :tender",
    ],
)
def test_nothing_of_a_published_purchase_can_be_deleted(uow, deal, statement):
    """R-ARCH-01: the database refuses, whoever asks."""
    values = {"tender": deal.tender.id, "contract": deal.contract.id}
    used = {name: value for name, value in values.items() if f":{name}" in statement}
    with pytest.raises(DBAPIError), uow.session.begin_nested():
        uow.session.execute(text(statement), used)


def test_a_draft_may_still_be_changed_and_its_rows_go(uow, deal):
    officer = acting(uow, deal.officer)
    draft = draft_tender(officer, [make_project(uow)], **lawful_values(uow.today))
    uow.session.flush()
    assert uow.session.execute(text("DELETE FROM criterion WHERE tender_id = :id"), {"id": draft.id}).rowcount >= 0


def test_no_key_of_tendering_deletes_by_cascade(uow):
    """No foreign key may take a row of a purchase with it; what the database derives for searching holds no facts."""
    found = uow.session.execute(
        text(
            "SELECT conrelid::regclass::text FROM pg_constraint WHERE contype = 'f' AND confdeltype IN ('c', 'n', 'd')"
            " AND conrelid::regclass::text NOT LIKE 'procrastinate%'"
        )
    ).scalars()
    derived = {"agency_listing", "agency_words", "engagement_words", "project_words"}
    assert set(found) <= derived


def test_a_signed_contracts_archive_is_collected_too(uow):
    other = signed(uow)
    assert any(one.part.startswith("08-") for one in collect(acting(uow, other.officer), other.tender))
