"""The closing-day rush: agencies hand in sealed bids in the last minute, beside a bare view that writes the same bytes.

Run: python -m bench.closing_day [--agencies 200] [--small 5] [--large 10] [--large-size 100] [--minute 60].
The real application (two web processes of four threads, worker, embedded PostgreSQL, everything durable) gets the bids
through its own pages; then a Flask application with one view, under the same server on the same machine, writes the
same bytes and one row for each. Some more agencies press the button just after the deadline. Printed: how many arrived
in time, that none was lost and none accepted late, and the ratio of the two throughputs.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import secrets
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import psycopg
from sqlalchemy import select

from core.clock import read_clock
from core.database import db
from core.identity.models import Organisation, User
from core.identity.roles import Role
from core.unit_of_work import UnitOfWork
from procurement.demonstration.bids import PlainFile, sealed_envelope
from procurement.models import Bid, Tender
from procurement.states import BidState
from tests.factories.bids import Scene, open_for_bids
from tests.factories.identity import make_user
from tests.fixtures.served import Browser, Served, served_application

MEGABYTE = 1024 * 1024
CLIENTS = 2  # processes that play the agencies' browsers
LATE = 5


@dataclass(frozen=True)
class Agency:
    """One agency about to bid: who it is, the cookie of its browser, its sealed envelope."""

    bidder: str
    cookie: str
    file: Path


@dataclass(frozen=True)
class Told:
    """What one agency was told: the bid's address when it was accepted, and how long it took."""

    agency: Agency
    status: int
    answer: str
    seconds: float


def hand_in(port: int, path: str, agency: Agency) -> Told:
    """Bid as the browser does: open the page, upload, send the form."""
    began = time.monotonic()
    browser = Browser(port, agency.cookie)
    page = browser.read_page(path)
    stored = browser.upload(agency.file)
    status, answer = browser.submit(path, page, stored, agency.bidder)
    browser.close()
    return Told(agency, status, answer[:200], time.monotonic() - began)


def look(port: int, path: str, agency: Agency) -> Told:
    """Open the bid page."""
    browser = Browser(port, agency.cookie)
    browser.read_page(path)
    browser.close()
    return Told(agency, 200, "", 0.0)


def hand_in_late(port: int, path: str, agency: Agency, deadline: float) -> Told:
    """Upload in time, but press the button only when the deadline has passed."""
    browser = Browser(port, agency.cookie)
    page = browser.read_page(path)
    stored = browser.upload(agency.file)
    time.sleep(max(0.0, deadline + 0.05 - time.time()))
    status, answer = browser.submit(path, page, stored, agency.bidder)
    browser.close()
    return Told(agency, status, answer[:200], 0.0)


def send_bare(port: int, path: str, agency: Agency) -> Told:
    """Send the whole envelope to the bare view."""
    began = time.monotonic()
    browser = Browser(port, agency.cookie)
    with agency.file.open("rb") as stream:
        size = {"Content-Length": str(agency.file.stat().st_size)}
        status, text = browser.ask("PUT", path, stream, size)
    browser.close()
    return Told(agency, status, text.decode(errors="replace"), time.monotonic() - began)


Deed = Callable[[int, str, Agency], Told]


def rush(deed: Deed, port: int, path: str, agencies: Sequence[Agency], at_once: int) -> tuple[list[Told], float]:
    """Let all agencies act, so many of them at once in several processes; return what they were told and the time."""
    shares = [agencies[number::CLIENTS] for number in range(CLIENTS)]
    began = time.monotonic()
    with multiprocessing.get_context("spawn").Pool(CLIENTS) as pool:
        work = [pool.apply_async(_act, (deed, port, path, share, at_once // CLIENTS)) for share in shares]
        told = [one for part in work for one in part.get()]
    return told, time.monotonic() - began


def _act(deed: Deed, port: int, path: str, agencies: Sequence[Agency], threads: int) -> list[Told]:
    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(lambda one: deed(port, path, one), agencies))


BARE = """
import os, tempfile, threading
import psycopg
from flask import Flask, request
app = Flask(__name__)
local = threading.local()

@app.put("/bid")
def bid():
    handle, name = tempfile.mkstemp(dir=os.environ["BARE_FOLDER"])
    size = 0
    with os.fdopen(handle, "wb") as file:
        while piece := request.stream.read(1024 * 1024):
            file.write(piece)
            size += len(piece)
        file.flush()
        os.fsync(file.fileno())
    if not hasattr(local, "connection"):
        local.connection = psycopg.connect(os.environ["BARE_DATABASE"])
    local.connection.execute("INSERT INTO bare (name, size) VALUES (%s, %s)", (name, size))
    local.connection.commit()
    return {"size": size}
"""


def run_bare(served: Served, folder: Path, agencies: Sequence[Agency], at_once: int) -> float:
    """Return how long the bare application takes for the same envelopes, on the same database server."""
    (folder / "bare.py").write_text(BARE)
    (folder / "bare").mkdir()
    owner = served.supervisor.env["DATABASE_OWNER_URL"].replace("postgresql+psycopg://", "postgresql://", 1)
    with psycopg.connect(owner) as database:
        database.execute("CREATE TABLE bare (id bigserial PRIMARY KEY, name text NOT NULL, size bigint NOT NULL)")
    port = served.port + 1
    env = {**os.environ, "BARE_FOLDER": str(folder / "bare"), "BARE_DATABASE": owner, "PYTHONPATH": str(folder)}
    command = [sys.executable, "-m", "gunicorn", "bare:app", "--bind", f"127.0.0.1:{port}", "--workers", "2"]
    command += ["--worker-class", "gthread", "--threads", "4", "--timeout", "120", "--no-control-socket"]
    with subprocess.Popen([*command, "--log-level", "warning"], env=env, cwd=folder) as server:
        try:
            _wait_for(port)
            told, seconds = rush(send_bare, port, "/bid", agencies, at_once)
        finally:
            server.terminate()
            server.wait()
    if any(one.status != 200 for one in told):
        raise RuntimeError("the bare application refused something")
    return seconds


def _wait_for(port: int) -> None:
    for _turn in range(100):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=1)
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)


def seal_all(scene: Scene, uow: UnitOfWork, served: Served, folder: Path, sizes: Sequence[int]) -> list[Agency]:
    """Make an agency with a sealed envelope of so many MB for each size."""
    agencies = []
    for number, size in enumerate(sizes):
        user: User = make_user(uow, Role.AGENCY_MANAGER)
        organisation: Organisation = user.memberships[0].organisation
        content = b"%PDF-1.4\n" + secrets.token_bytes(size * MEGABYTE)
        files = [PlainFile("服务方案.pdf", "technical", content)]
        file = folder / f"{number}.sealed"
        file.write_bytes(sealed_envelope(scene.lot, organisation, price=Decimal(150_000 + number), files=files))
        agencies.append(Agency(str(organisation.id), served.cookie_for(user, uow), file))
    return agencies


def main() -> int:
    """Measure; 1 when a bid was lost or accepted late."""
    parser = argparse.ArgumentParser(prog="bench.closing_day")
    for name, usual, what in (
        ("agencies", 200, "how many bid"),
        ("small", 5, "MB of the usual bid"),
        ("large", 10, "how many are large"),
        ("large-size", 100, "MB of a large one"),
        ("minute", 60, "seconds until the deadline"),
        ("at-once", 32, "how many send at the same time"),
    ):
        parser.add_argument(f"--{name}", type=int, default=usual, help=f"{what} ({usual})")
    options = parser.parse_args()
    sizes = [options.small] * (options.agencies - options.large) + [options.large_size] * options.large
    secrets.SystemRandom().shuffle(sizes)
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        with served_application(folder / "var", log=folder / "log") as served:
            return measure(served, folder, sizes, options)


def measure(served: Served, folder: Path, sizes: Sequence[int], options: argparse.Namespace) -> int:
    """Hold the rush against the running application, then against the bare one, and compare."""
    with served.work() as uow:
        scene = open_for_bids(uow, closes_in=timedelta(days=1))
        agencies = seal_all(scene, uow, served, folder, sizes)
        late = seal_all(scene, uow, served, folder / _made(folder / "late"), [options.small] * LATE)
        tender_id, path = scene.tender.id, f"/tenders/{scene.tender.id}/bid"
    for _turn in range(4):  # the processes have answered before, as on any working day
        rush(look, served.port, path, agencies[:8], 8)
    total = sum(one.file.stat().st_size for one in agencies)
    with served.work() as uow:
        tender = uow.session.get_one(Tender, tender_id)
        tender.deadline = read_clock(uow.session).wall + timedelta(seconds=options.minute)
        deadline = tender.deadline
    with ThreadPoolExecutor(LATE) as pool:
        waiting = [pool.submit(hand_in_late, served.port, path, one, deadline.timestamp()) for one in late]
        told, seconds = rush(hand_in, served.port, path, agencies, options.at_once)
        told_late = [one.result() for one in waiting]
    accepted = [one for one in told if one.status == 302]
    with served.work() as uow:
        bids = uow.session.scalars(select(Bid).where(Bid.tender_id == tender_id, Bid.state == BidState.SEALED)).all()
        known = {(str(bid.bidder_id), bid.arrived_at, bid.sha256) for bid in bids}
        lost = {one.agency.bidder for one in accepted} - {bidder for bidder, _at, _hash in known}
        unstored = [sha256 for _bidder, _at, sha256 in known if not uow.house.store.exists(sha256)]
        accepted_late = [bidder for bidder, at, _hash in known if at >= deadline]
        accepted_late += [one.agency.bidder for one in told_late if one.status == 302]
        db.session.remove()
    bare = run_bare(served, folder, agencies, options.at_once)
    wrong = len(lost) + len(unstored) + len(accepted_late) + abs(len(known) - len(accepted))
    refused = len(told) - len(accepted)
    print(f"{len(agencies)} bids, {total / MEGABYTE:.0f} MB, {options.at_once} at once, two web processes")
    print(f"accepted {len(accepted)} within {options.minute} s; after the deadline {refused} + {LATE} refused")
    print(f"lost {len(lost) + len(unstored)}; accepted late {len(accepted_late)}")
    print(f"application {seconds:7.1f} s {total / MEGABYTE / seconds:7.1f} MB/s")
    print(f"bare view   {bare:7.1f} s {total / MEGABYTE / bare:7.1f} MB/s")
    print(f"ratio       {bare / seconds:7.2f}  (aim: at least 0.5)")
    slowest = sorted(one.seconds for one in told)[int(0.95 * (len(told) - 1))]
    print(f"95 of 100 agencies had their receipt within {slowest:.1f} s")
    return 1 if wrong else 0


def _made(folder: Path) -> str:
    folder.mkdir()
    return folder.name


if __name__ == "__main__":
    sys.exit(main())
