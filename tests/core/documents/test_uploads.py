"""Resumable uploads: go on where they stopped, count only when whole, belong to one person."""

from __future__ import annotations

import hashlib
import uuid

import pytest

from core.documents.uploads import KEPT_FOR, UploadSession, claim_upload, forget_abandoned, part_path
from core.errors import Refused
from core.identity.roles import Role
from tests.factories.identity import make_user

CONTENT = b"age-encryption.org/v1\n" + bytes(range(256)) * 40


def send(browser, upload_id, data, start, size):
    return browser.put(
        f"/uploads/{upload_id}", data=data, headers={"Content-Range": f"bytes {start}-{start + len(data) - 1}/{size}"}
    )


@pytest.fixture
def bidder(uow):
    return make_user(uow, Role.AGENCY_MANAGER)


def test_an_upload_goes_on_where_it_stopped_and_is_claimed_once(uow, uow_as, client_as, bidder):
    browser, size = client_as(bidder), len(CONTENT)
    upload = browser.post("/uploads/", json={"name": "bid.age", "size": size}).json["upload_id"]
    assert send(browser, upload, CONTENT[:4000], 0, size).json["offset"] == 4000
    assert send(browser, upload, CONTENT[:4000], 0, size).json["offset"] == 4000, "a repeated piece changes nothing"
    assert browser.post(f"/uploads/{upload}").status_code == 409
    offset = browser.get(f"/uploads/{upload}").json["offset"]
    assert send(browser, upload, CONTENT[offset:], offset, size).json["offset"] == size
    finished = browser.post(f"/uploads/{upload}").json
    assert finished == {"sha256": hashlib.sha256(CONTENT).hexdigest(), "size": size}
    assert browser.post(f"/uploads/{upload}").json == finished
    work = uow_as(bidder)
    claim = {"owner": bidder, "purpose": "bid-envelope", "sha256": finished["sha256"]}
    document = claim_upload(work, uuid.UUID(upload), **claim)
    with work.house.store.open(document.sha256) as kept:
        assert kept.read() == CONTENT
    with pytest.raises(Refused):
        claim_upload(work, uuid.UUID(upload), **claim)


def test_an_upload_is_its_persons_alone(uow, client_as, bidder):
    upload = client_as(bidder).post("/uploads/", json={"name": "bid.age", "size": 10}).json["upload_id"]
    other = client_as(make_user(uow, Role.AGENCY_MANAGER))
    assert other.get(f"/uploads/{upload}", headers={"Accept": "application/json"}).status_code == 404
    assert send(other, upload, b"x" * 10, 0, 10).status_code == 404


@pytest.mark.parametrize("size", [0, -1, 10**12, "5", None, True])
def test_a_size_that_cannot_be_is_refused(client_as, bidder, size):
    assert client_as(bidder).post("/uploads/", json={"name": "x", "size": size}).status_code == 409


def test_more_than_was_announced_is_refused(client_as, bidder):
    browser = client_as(bidder)
    upload = browser.post("/uploads/", json={"name": "x", "size": 10}).json["upload_id"]
    assert (
        browser.put(f"/uploads/{upload}", data=b"y" * 20, headers={"Content-Range": "bytes 0-19/10"}).status_code == 409
    )


def test_a_small_file_needs_one_request_and_the_last_piece_of_a_large_one_stores_it(uow, client_as, bidder):
    browser, hashed = client_as(bidder), hashlib.sha256(CONTENT).hexdigest()
    at_once = browser.post("/uploads/", data=CONTENT, content_type="application/octet-stream").json
    assert (at_once["offset"], at_once["sha256"]) == (len(CONTENT), hashed)
    begun = browser.post("/uploads/", json={"size": len(CONTENT)}).json
    assert send(browser, begun["upload_id"], CONTENT[:4000], 0, len(CONTENT)).json["sha256"] is None
    last = send(browser, begun["upload_id"], CONTENT[4000:], 4000, len(CONTENT)).json
    assert (last["sha256"], last["size"]) == (hashed, len(CONTENT))
    assert browser.post(begun["url"]).json == {"sha256": hashed, "size": len(CONTENT)}


def test_what_is_no_envelope_is_refused_with_its_last_piece(client_as, bidder):
    answer = client_as(bidder).post("/uploads/", data=b"%PDF-1.4", content_type="application/octet-stream")
    assert answer.status_code == 409


def test_a_part_that_lost_its_end_in_a_power_cut_goes_on_from_what_is_there(uow, client_as, bidder):
    browser, size = client_as(bidder), len(CONTENT)
    begun = browser.post("/uploads/", json={"size": size}).json
    send(browser, begun["upload_id"], CONTENT[:4000], 0, size)
    with part_path(uow, uuid.UUID(begun["upload_id"])).open("rb+") as part:
        part.truncate(1000)
    assert send(browser, begun["upload_id"], CONTENT[4000:], 4000, size).json["offset"] == 1000
    last = send(browser, begun["upload_id"], CONTENT[1000:], 1000, size).json
    assert last["sha256"] == hashlib.sha256(CONTENT).hexdigest()


def test_what_nobody_went_on_with_is_forgotten_after_two_days(uow, client_as, bidder):
    browser, size = client_as(bidder), len(CONTENT)
    abandoned, fresh = (browser.post("/uploads/", json={"size": size}).json for _one in range(2))
    for begun in (abandoned, fresh):
        send(browser, begun["upload_id"], CONTENT[:4000], 0, size)
    row = uow.session.get_one(UploadSession, uuid.UUID(abandoned["upload_id"]))
    row.started_at -= KEPT_FOR
    forget_abandoned.run(uow)
    uow.commit()
    assert browser.get(abandoned["url"], headers={"Accept": "application/json"}).status_code == 404
    assert not part_path(uow, uuid.UUID(abandoned["upload_id"])).exists()
    assert browser.get(fresh["url"]).json["offset"] == 4000
