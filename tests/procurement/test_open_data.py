"""Open data in the application: said once, kept for ever, handed out with ETags, exported as files."""

from __future__ import annotations

import json
import zipfile
from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from core.identity.actor import SYSTEM
from core.unit_of_work import UnitOfWork
from procurement.drafting.record import frozen_record
from procurement.jobs import publish_what_is_due
from procurement.models import OcdsRelease, Postponement, PublicNotice, Retender
from procurement.ocds import Publisher, release_package
from procurement.queries.public import public_process
from procurement.services import publication
from procurement.services.questions import ask, publish_answer
from procurement.states import NoticeKind
from procurement.workflow import TENDER
from tests.factories.awards import awarded_tender
from tests.factories.bids import acting, tender_with_bids
from tests.factories.clarifications import amended_tender, holder_of
from tests.factories.procurement import draft_tender, published_tender
from tests.procurement.ocds_validation import findings


def now(uow) -> UnitOfWork:
    """A unit of work of the system whose clock is read anew."""
    return UnitOfWork(uow.session, SYSTEM, uow.house)


def publish(uow, tender) -> list[PublicNotice]:
    return publication.publish_process(now(uow), tender)


def releases_of(uow, tender) -> list[OcdsRelease]:
    return list(
        uow.session.scalars(
            select(OcdsRelease).where(OcdsRelease.tender_id == tender.id).order_by(OcdsRelease.position)
        )
    )


def test_what_a_unit_of_work_did_is_public_with_it_and_only_once(uow, uow_as):
    purchase = published_tender(uow)
    officer = uow_as(purchase.officer)
    officer.record("tender.change", purchase.tender)
    officer.commit()
    assert [one.tag for one in releases_of(uow, purchase.tender)] == ["tender"]
    publish_what_is_due.run(now(uow))
    assert publish(uow, purchase.tender) == []
    assert [one.tag for one in releases_of(uow, purchase.tender)] == ["tender"]


def test_a_draft_is_nobodys_business(uow, uow_as):
    purchase = draft_tender(uow)
    officer = uow_as(purchase.officer)
    officer.record("tender.change", purchase.tender)
    officer.commit()
    assert releases_of(uow, purchase.tender) == []
    assert uow.session.scalars(select(PublicNotice)).all() == []


def test_a_termination_says_its_reason(uow, uow_as):
    purchase = published_tender(uow)
    TENDER.fire(uow_as(purchase.approver), purchase.tender, "cancel", reason="资金调整，采购任务取消")
    notice = uow.session.scalar(select(PublicNotice).where(PublicNotice.kind == NoticeKind.TERMINATION))
    assert "资金调整，采购任务取消" in json.dumps(notice.record, ensure_ascii=False)
    assert [one.tag for one in releases_of(uow, purchase.tender)] == ["tender", "tenderCancellation"]
    assert public_process(now(uow), purchase.tender).ending.reason == "资金调整，采购任务取消"


@pytest.mark.parametrize("statement", ["UPDATE {} SET id = id, {} WHERE true", "DELETE FROM {}"])
@pytest.mark.parametrize("table", ["ocds_release", "public_notice"])
def test_the_database_keeps_what_was_published(uow, statement, table):
    publish(uow, published_tender(uow).tender)
    change = "sha256 = repeat('0', 64)" if table == "ocds_release" else "title = 'x'"
    with pytest.raises(DBAPIError, match="never changes"), uow.session.begin_nested():
        uow.session.execute(text(statement.format(table, change)))


def test_a_tender_with_bids_cannot_cascade_away(uow):
    tender = published_tender(uow).tender
    publish(uow, tender)
    with pytest.raises(DBAPIError), uow.session.begin_nested():
        uow.session.execute(text("DELETE FROM tender WHERE id = :id"), {"id": tender.id})


def test_no_package_knows_of_bids_before_the_opening(uow, client, clock):
    scene = tender_with_bids(uow)
    scene.tender.record = frozen_record(uow, scene.tender)
    publish(uow, scene.tender)
    clock.advance(seconds=30)
    names = [scene.bidder_organisation(number).name for number in range(len(scene.bidders))]
    assert names
    for path in ("/ocds/releases.json", "/ocds/records.json", "/ocds"):
        said = client.get(path).get_data(as_text=True)
        assert scene.tender.number in said
        assert not [name for name in names if name in said]
        assert '"bids"' not in said


def test_packages_are_cacheable_and_say_when_nothing_changed(uow, client, clock):
    tender = published_tender(uow).tender
    publish(uow, tender)
    clock.advance(seconds=30)
    for path in (
        "/ocds/releases.json",
        "/ocds/records.json",
        f"/ocds/ocds-hpdemo-{tender.number}/releases.json",
        f"/ocds/ocds-hpdemo-{tender.number}/record.json",
    ):
        first = client.get(path)
        assert first.status_code == 200
        assert first.headers["Cache-Control"].startswith("public")
        assert findings(first.get_json()) == {}
        again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
        assert (again.status_code, again.get_data()) == (304, b"")
    before = client.get("/ocds/releases.json").headers["ETag"]
    publish(uow, published_tender(uow).tender)
    clock.advance(seconds=30)
    assert client.get("/ocds/releases.json").headers["ETag"] != before


def test_pages_of_releases_link_to_each_other_and_miss_nothing(uow, client, clock, monkeypatch):
    monkeypatch.setattr("procurement.queries.open_data.RELEASES_A_PAGE", 1)
    monkeypatch.setattr("procurement.queries.open_data.PROCESSES_A_PAGE", 1)
    for _number in range(2):
        publish(uow, published_tender(uow).tender)
    clock.advance(seconds=30)
    for path, key in (("/ocds/releases.json", "releases"), ("/ocds/records.json", "records")):
        first, second = client.get(path), client.get(f"{path}?page=2")
        assert 'rel="next"' in first.headers["Link"]
        assert 'rel="prev"' in second.headers["Link"]
        assert first.get_json()[key][0]["ocid"] != second.get_json()[key][0]["ocid"]
        assert client.get(f"{path}?page=99").get_json()[key] == []


def test_what_was_stored_a_moment_ago_waits_for_slower_transactions(uow, client):
    publish(uow, published_tender(uow).tender)
    assert client.get("/ocds/releases.json").get_json()["releases"] == []


def test_an_unknown_process_is_not_found(client):
    assert client.get("/ocds/ocds-hpdemo-nobody/record.json").status_code == 404


def test_the_result_names_winner_bids_and_committee(uow, client, clock):
    tender = awarded_tender(uow)
    publish(uow, tender)
    process = public_process(now(uow), tender)
    assert process.result.winners
    assert process.result.committee
    clock.advance(seconds=30)
    said = releases_of(uow, tender)[-1].text
    assert process.result.winners[0].supplier.name in said
    assert process.result.committee[0] in said


def test_amendments_and_answers_are_told_and_never_who_asked(uow):
    purchase = published_tender(uow)
    holder, user = holder_of(uow, purchase.tender)
    question = ask(acting(uow, user), holder, "服务期限能否顺延？")
    publish_answer(
        acting(uow, purchase.officer), purchase.tender, [question], question="服务期限能否顺延？", answer="可以顺延。"
    )
    amended_tender(uow, purchase, {"opening_place": "区行政中心五楼"}, reason="开标室调整")
    notices = publish(uow, purchase.tender)
    assert {one.kind for one in notices} == {NoticeKind.TENDER, NoticeKind.AMENDMENT}
    releases = releases_of(uow, purchase.tender)
    assert [one.tag for one in releases] == ["tender", "tenderUpdate", "tenderAmendment"]
    said = "".join([*(one.text for one in releases), *(str(one.record) for one in notices)])
    assert "可以顺延" in said
    assert "区行政中心五楼" in said
    assert holder.organisation.name not in said
    assert holder.pseudonym not in said
    bodies = [json.loads(one.text) for one in releases]
    assert (
        findings(
            release_package(bodies, "https://example.org/r", Publisher("局", "https://e", "https://e"), now(uow).now)
        )
        == {}
    )


def test_a_failed_purchase_and_its_repetition_are_linked(uow):
    first, second = published_tender(uow), published_tender(uow)
    uow.add(
        Retender(failed_id=first.tender.id, successor_id=second.tender.id, made_at=uow.now, made_by_id=first.officer.id)
    )
    publish(uow, second.tender)
    (release,) = releases_of(uow, second.tender)
    assert json.loads(release.text)["relatedProcesses"][0]["identifier"] == f"ocds-hpdemo-{first.tender.number}"


def test_an_opening_put_off_is_told(uow):
    purchase = published_tender(uow)
    uow.add(
        Postponement(
            tender_id=purchase.tender.id,
            until=purchase.tender.deadline + timedelta(days=1),
            reason="停电",
            proposed_by_id=purchase.officer.id,
            proposed_at=now(uow).now,
            confirmed_by_id=purchase.approver.id,
            confirmed_at=now(uow).now,
        )
    )
    notices = publish(uow, purchase.tender)
    assert any("延期开标" in one.title for one in notices)
    assert [one.tag for one in releases_of(uow, purchase.tender)] == ["tender", "tenderUpdate"]


def test_the_export_writes_records_releases_and_archives(app, uow, tmp_path):
    tenders = [published_tender(uow).tender for _number in range(2)]
    for tender in tenders:
        publish(uow, tender)
    uow.session.flush()
    runner = app.test_cli_runner()

    def export(*words):
        return runner.invoke(args=["export-ocds", *words])

    records, one, archive = tmp_path / "records.json", tmp_path / "one.json", tmp_path / "all.zip"
    assert export("--out", str(records)).exit_code == 0
    assert len(json.loads(records.read_text())["records"]) == 2
    assert export("--out", str(one), "--tender", tenders[0].number, "--form", "releases").exit_code == 0
    assert {body["ocid"] for body in json.loads(one.read_text())["releases"]} == {f"ocds-hpdemo-{tenders[0].number}"}
    assert export("--out", str(archive)).exit_code == 0
    with zipfile.ZipFile(archive) as held:
        assert len(held.namelist()) == 3
    assert export("--out", str(one), "--tender", "CHCG-1900-1").exit_code == 2


def test_reading_a_page_of_records_takes_a_constant_number_of_queries(uow, client, clock, count_queries):
    def counted() -> int:
        clock.advance(seconds=30)
        with count_queries() as statements:
            client.get("/ocds/records.json")
        return len(statements)

    publish(uow, published_tender(uow).tender)
    few = counted()
    for _number in range(3):
        publish(uow, published_tender(uow).tender)
    assert counted() == few


def test_publishing_late_is_dated_after_what_was_said(uow, clock):
    tender = published_tender(uow).tender
    publish(uow, tender)
    tender.opened_at = tender.published_at - timedelta(days=1)
    publish(uow, tender)
    first, second = releases_of(uow, tender)
    assert second.released_at > first.released_at
