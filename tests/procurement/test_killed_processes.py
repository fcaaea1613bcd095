"""Processes that are really killed (SIGKILL, nothing is caught) while a bid arrives or is opened: how it goes on."""

from __future__ import annotations

import hashlib
import json
import signal
import subprocess
import sys
import uuid
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import select, text

from core.database import db
from core.documents.uploads import part_path
from core.house import current_house
from core.identity.actor import SYSTEM, actor_for
from core.identity.roles import Role
from core.identity.sessions import begin_session
from core.jobs.queue import jobs
from core.jobs.worker import run_job
from core.notifications.models import Notification
from core.unit_of_work import UnitOfWork
from procurement.demonstration.bids import sealed_envelope, turn_key
from procurement.models import Bid, Lot, Tender
from procurement.sealing.opening_record import verify_opening
from procurement.services.bidding import submit_bid
from procurement.services.closing import close_opening
from procurement.services.opening import begin_opening
from procurement.states import BidState
from tests.factories.bids import FILES, open_for_bids, pass_deadline, tender_with_bids
from tests.factories.identity import make_user

ROOT = Path(__file__).resolve().parents[2]
NURSERY = """
import io, json, os, signal, sys, uuid
from pathlib import Path
from core.database import db
from core.house import current_house
from core.identity.actor import SYSTEM, actor_for
from core.settings import Settings
from core.unit_of_work import UnitOfWork
from web.factory import create_app

def die(*_arguments, **_values):
    os.kill(os.getpid(), signal.SIGKILL)

class Dying(io.BytesIO):
    def readinto(self, buffer):
        return die() if self.tell() else super().readinto(memoryview(buffer)[:1000])

    def read(self, size=-1):
        return die() if self.tell() else super().read(1000)

def send(octets):
    browser = app.test_client()
    with browser.session_transaction() as session:
        session["_user_id"], session["_fresh"] = asked["token"], True
    span = {"Content-Range": f"bytes 0-{asked['size'] - 1}/{asked['size']}"}
    browser.put(asked["path"], input_stream=octets, content_length=asked["size"], headers=span)

def while_it_arrives():
    send(Dying(Path(asked["envelope"]).read_bytes()))

def once_it_is_stored():
    UnitOfWork.after_commit = die
    send(Path(asked["envelope"]).open("rb"))

def at_the_second_bid():
    from procurement.demonstration.bids import turn_key
    from procurement.models import Tender
    from procurement.sealing.keys import key_of
    from procurement.services import opening
    kept = opening.keep_files
    opening.keep_files = lambda *words: (kept(*words), setattr(opening, "keep_files", die))
    with app.app_context():
        work = UnitOfWork(db.session(), actor_for(db.session(), uuid.UUID(asked["user"])), current_house())
        tender = work.session.get_one(Tender, uuid.UUID(asked["tender"]))
        turn_key(work, tender, tender.keyholders[1], key_of(asked["key"]))

def at_the_second_letter():
    from core.jobs.queue import jobs
    from core.jobs.worker import run_job
    from procurement.services import settling
    told = settling.notify
    settling.notify = lambda *words, **values: (told(*words, **values), setattr(settling, "notify", die))
    with app.app_context():
        run_job(jobs["opening.tell-bidders"], {"tender_id": asked["tender"]})

for line in sys.stdin:
    if child := os.fork():
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
        continue
    asked = json.loads(line)
    app = create_app(Settings(database_url=asked["url"], var=Path(asked["var"]), secret_key="test" * 16, testing=True))
    globals()[asked["when"]]()
    os._exit(0)
"""
"""Has imported the application and makes a process of it for each line it reads; says how that process ended."""


@pytest.fixture(scope="module")
def nursery():
    """Where the victims come from."""
    pipe = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen([sys.executable, "-c", NURSERY], cwd=ROOT, **pipe) as started:
        yield started
        started.stdin.close()


@pytest.fixture
def kill(durable_app, nursery):
    """`kill(when, **asked)`: let a process of the application do this and be killed in the middle of it."""
    known = {"url": durable_app.config["SQLALCHEMY_DATABASE_URI"], "var": str(current_house().settings.var)}

    def kill_one(when: str, **asked) -> None:
        print(json.dumps({**known, "when": when, **asked}), file=nursery.stdin, flush=True)
        assert int(nursery.stdout.readline()) == -signal.SIGKILL
        db.session.remove()

    return kill_one


def as_user(user_id) -> UnitOfWork:
    """A unit of work of one request, with real commits."""
    db.session.remove()
    actor = actor_for(db.session(), user_id)
    assert actor is not None
    return UnitOfWork(db.session(), actor, current_house())


@pytest.fixture
def arriving(durable_app, tmp_path):
    """An upload that has begun: its address, the sealed envelope's file and what the killed process is told."""
    with UnitOfWork(db.session(), SYSTEM, current_house()) as uow:
        scene = open_for_bids(uow, closes_in=timedelta(days=1))
        user = make_user(uow, Role.AGENCY_MANAGER)
        organisation = user.memberships[0].organisation
        sealed = sealed_envelope(scene.lot, organisation, price=Decimal(1), files=FILES)
        signed_in = begin_session(uow, user)
        known = {"user": user.id, "bidder": organisation.id, "lot": scene.lot.id}
    db.session.remove()
    file = tmp_path / "bid.age"
    file.write_bytes(sealed)
    browser = durable_app.test_client()
    with browser.session_transaction() as session:
        session["_user_id"], session["_fresh"] = signed_in.get_id(), True
    begun = browser.post("/uploads/", json={"size": len(sealed)}).json
    victim = {"token": signed_in.get_id(), "path": begun["url"], "size": len(sealed), "envelope": str(file)}
    return browser, begun, sealed, victim, known


def hand_in(browser, begun, sealed, known) -> str:
    """Go on from where the server says it is, then submit; return the hash that the receipt shows."""
    offset = browser.get(begun["url"]).json["offset"]
    span = {"Content-Range": f"bytes {offset}-{len(sealed) - 1}/{len(sealed)}"}
    stored = browser.put(begun["url"], data=sealed[offset:], headers=span).json
    assert stored["sha256"] == hashlib.sha256(sealed).hexdigest()
    return submitted(begun, known, stored["sha256"])


def submitted(begun, known, sha256: str) -> str:
    """Submit what was uploaded; return the hash that the receipt shows."""
    upload = uuid.UUID(begun["upload_id"])
    with as_user(known["user"]) as uow:
        lot = uow.session.get_one(Lot, known["lot"])
        bid = submit_bid(uow, lot, bidder_id=known["bidder"], upload_id=upload, sha256=sha256)
        return str(bid.receipt["sha256"])


def test_a_web_process_killed_while_a_piece_arrives_costs_that_piece_alone(kill, arriving):
    browser, begun, sealed, victim, known = arriving
    kill("while_it_arrives", **victim)
    state = browser.get(begun["url"]).json
    assert (state["offset"], state["sha256"]) == (0, None)
    bid_hash = hand_in(browser, begun, sealed, known)
    with current_house().store.open(bid_hash) as stored:
        assert stored.read() == sealed


def test_a_web_process_killed_between_store_and_commit_leaves_a_whole_envelope_that_is_never_written_again(
    kill, arriving
):
    browser, begun, sealed, victim, known = arriving
    kill("once_it_is_stored", **victim)
    house = current_house()
    stored = house.store.path(hashlib.sha256(sealed).hexdigest())
    assert stored.read_bytes() == sealed, "the whole is in the store"
    assert browser.get(begun["url"]).json["sha256"] is None, "and the row does not know it"
    before = stored.stat()
    span = {"Content-Range": f"bytes 0-{len(sealed) - 1}/{len(sealed)}"}
    answer = browser.put(begun["url"], data=b"x" * len(sealed), headers=span).json
    assert answer["offset"] == len(sealed)
    assert browser.post(begun["url"]).json["sha256"] == stored.name
    after = stored.stat()
    assert (after.st_ino, after.st_mtime_ns, after.st_mode & 0o777) == (before.st_ino, before.st_mtime_ns, 0o400)
    with UnitOfWork(db.session(), SYSTEM, house) as uow:
        assert not part_path(uow, uuid.UUID(begun["upload_id"])).exists(), "the part goes once the row knows"
    assert submitted(begun, known, stored.name) == stored.name


def test_a_web_process_and_a_worker_killed_in_the_opening_lose_nothing(kill):
    with UnitOfWork(db.session(), SYSTEM, current_house()) as uow:
        scene = tender_with_bids(uow)
        pass_deadline(uow, scene)
        tender_id, officer, holders = scene.tender.id, scene.officer.id, [one.id for one in scene.holders[:2]]
        bidders, keys = {one.id for one in scene.bidders}, scene.keys
    with as_user(officer) as work:
        begin_opening(work, work.session.get_one(Tender, tender_id))
    with as_user(holders[0]) as work:
        tender = work.session.get_one(Tender, tender_id)
        turn_key(work, tender, tender.keyholders[0], keys[0])
    kill("at_the_second_bid", user=str(holders[1]), tender=str(tender_id), key=keys[1].secret)
    states = db.session.scalars(select(Bid.state).where(Bid.tender_id == tender_id)).all()
    assert set(states) == {BidState.SEALED}, "no bid is open in part"
    with as_user(holders[1]) as work:
        tender = work.session.get_one(Tender, tender_id)
        assert turn_key(work, tender, tender.keyholders[1], keys[1]).finished
    kill("at_the_second_letter", tender=str(tender_id))
    told = select(Notification.user_id).where(Notification.kind == "opening.finished")
    assert db.session.scalars(told).all() == [], "nobody is told in part"
    waiting = text("SELECT args FROM procrastinate_jobs WHERE task_name = 'opening.tell-bidders' AND status = 'todo'")
    [arguments] = db.session.scalars(waiting).all()
    db.session.remove()
    run_job(jobs["opening.tell-bidders"], arguments)
    assert sorted(db.session.scalars(told).all()) == sorted(bidders), "each is told once"
    with as_user(officer) as work:
        assert verify_opening(close_opening(work, work.session.get_one(Tender, tender_id)).record) == []
