"""The closing-day rush: agencies hand in sealed bids in the last minute, beside a bare view that writes the same bytes.

Run: python -m bench.closing_day [--agencies 200] [--small 5] [--large 10] [--large-size 100] [--minute 60].
The real application (two web processes of four threads, worker, embedded PostgreSQL, everything durable) gets the bids
as from its pages: the upload and the form. The page itself was opened before, because a bid is filled in and sealed on
it. The peer is a bare Flask view under the same server with as many processes and threads on the same database server.
It takes as many requests: the same pieces, appended to a file, then one that makes the file and its name durable and
commits one row; it asks for no person, hashes nothing and tells nobody. It takes the same envelopes once before and
once after the rush, so that a machine whose other users come and go favours neither.

Some more agencies upload before and press the button just after the deadline. Printed: how many arrived in time, that
none was lost and none accepted late, and the ratio of the two throughputs.
"""

from __future__ import annotations

import argparse
import contextlib
import multiprocessing
import os
import secrets
import subprocess
import sys
import tempfile
import time
import urllib.request
import uuid
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from threading import Barrier

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import psutil
import psycopg
from sqlalchemy import select

from core.clock import read_clock
from core.database import db
from core.documents.uploads import PIECE_LIMIT
from core.identity.models import Organisation, User
from core.identity.roles import Role
from core.pages.uploads import CHUNK_BYTES, MANY
from core.unit_of_work import UnitOfWork
from procurement.demonstration.bids import PlainFile, sealed_envelope
from procurement.models import Bid, Tender
from procurement.states import BidState
from tests.factories.bids import Scene, open_for_bids
from tests.factories.identity import make_user
from tests.fixtures.served import Browser, Served, served_application
from web.supervisor import THREADS

MEGABYTE = 1024 * 1024
CLIENTS = 2  # processes that play the agencies' browsers
LATE = 5
EARLY = 8


@dataclass(frozen=True)
class Agency:
    """One agency about to bid: who it is, its browser with the bid page open, its sealed envelope."""

    bidder: str
    browser: Browser
    file: Path
    page: str = ""


@dataclass(frozen=True)
class Told:
    """What one agency was told, and how long it took; the agency as it is afterwards."""

    agency: Agency
    status: int
    seconds: float = 0.0


def hand_in(path: str, agency: Agency) -> Told:
    """Bid as the browser does when the button is pressed: upload, send the form."""
    began = time.monotonic()
    stored = agency.browser.upload(agency.file)
    status, _answer = agency.browser.submit(path, agency.page, stored, agency.bidder)
    agency.browser.close()
    return Told(agency, status, time.monotonic() - began)


def look(path: str, agency: Agency) -> Told:
    """Open the bid page, on which the bid is filled in and sealed."""
    page = agency.browser.read_page(path)
    agency.browser.close()
    return Told(replace(agency, page=page), 200)


def hand_in_late(path: str, agency: Agency, uploaded: Barrier, deadline: Future[float]) -> Told:
    """Upload in time, but press the button only when the deadline has passed."""
    page = agency.browser.read_page(path)
    stored = agency.browser.upload(agency.file)
    uploaded.wait()
    time.sleep(max(0.0, deadline.result() + 0.05 - time.time()))
    status, _answer = agency.browser.submit(path, page, stored, agency.bidder)
    agency.browser.close()
    return Told(agency, status)


def send_bare(path: str, agency: Agency) -> Told:
    """Send the envelope to the bare view in the same pieces, then ask for its row."""
    began = time.monotonic()
    size, offset, name = agency.file.stat().st_size, 0, f"{path}/{agency.bidder}"
    pieces = PIECE_LIMIT if size > MANY * CHUNK_BYTES else CHUNK_BYTES
    with agency.file.open("rb") as stream:
        while data := stream.read(pieces):
            agency.browser.ask("PUT", f"{name}?from={offset}", data)
            offset += len(data)
    status, _text = agency.browser.ask("POST", name)
    agency.browser.close()
    return Told(agency, status, time.monotonic() - began)


Deed = Callable[[str, Agency], Told]


@dataclass(frozen=True)
class Rush:
    """What the agencies were told, how long it took, and the processor time of everybody: browsers, server, database.

    The latter is not stretched by what else the machine does.
    """

    told: list[Told]
    seconds: float
    processor: float


def processor_seconds(database: int) -> float:
    """Return the processor time that this process, all it started and the database server have used so far."""
    total = 0.0
    roots = psutil.Process(), psutil.Process(database)
    for one in {*roots, *(child for root in roots for child in root.children(recursive=True))}:
        with contextlib.suppress(psutil.NoSuchProcess):
            spent = one.cpu_times()
            total += spent.user + spent.system + spent.children_user + spent.children_system
    return total


class Crowd:
    """Processes that play the agencies' browsers; they have started and imported everything before a clock runs."""

    def __init__(self, at_once: int, database: int) -> None:
        self.threads = at_once // CLIENTS
        self.database = database
        self.pool = multiprocessing.get_context("spawn").Pool(CLIENTS)
        self.pool.map(_act, [(look, "", (), 1)] * CLIENTS, chunksize=1)

    def rush(self, deed: Deed, path: str, agencies: Sequence[Agency]) -> Rush:
        """Let all agencies act, so many of them at once."""
        shares = [(deed, path, agencies[number::CLIENTS], self.threads) for number in range(CLIENTS)]
        os.sync()  # what was written before is none of this rush's business
        before, began = processor_seconds(self.database), time.monotonic()
        told = [one for part in self.pool.map(_act, shares, chunksize=1) for one in part]
        return Rush(told, time.monotonic() - began, processor_seconds(self.database) - before)

    def open_page(self, path: str, agencies: Sequence[Agency]) -> list[Agency]:
        """Let all agencies open the bid page; return them with it open."""
        return [one.agency for one in self.rush(look, path, agencies).told]

    def go(self) -> None:
        """End the processes."""
        self.pool.terminate()
        self.pool.join()


def _act(share: tuple[Deed, str, Sequence[Agency], int]) -> list[Told]:
    deed, path, agencies, threads = share
    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(lambda one: deed(path, one), agencies))


BARE = """
import os, threading
import psutil
import psycopg
from flask import Flask, request
app = Flask(__name__)
local = threading.local()

@app.put("/bid/<name>")
def piece(name):
    with open(os.path.join(os.environ["BARE_FOLDER"], name), "ab") as file:
        file.truncate(int(request.args["from"]))
        while piece := request.stream.read(1024 * 1024):
            file.write(piece)
    return {}

@app.post("/bid/<name>")
def bid(name):
    with open(os.path.join(os.environ["BARE_FOLDER"], name), "rb") as file:
        os.fsync(file.fileno())
        size = file.seek(0, 2)
    folder = os.open(os.environ["BARE_FOLDER"], os.O_RDONLY)
    os.fsync(folder)
    os.close(folder)
    if not hasattr(local, "connection"):
        local.connection = psycopg.connect(os.environ["BARE_DATABASE"])
    local.connection.execute("INSERT INTO bare (name, size) VALUES (%s, %s)", (name, size))
    local.connection.commit()
    return {"size": size}
"""


class Bare:
    """The bare application, on the same database server."""

    def __init__(self, served: Served, folder: Path) -> None:
        self.port, self.files = served.port + 1, folder / "bare"
        (folder / "bare.py").write_text(BARE)
        self.files.mkdir()
        owner = served.supervisor.env["DATABASE_OWNER_URL"].replace("postgresql+psycopg://", "postgresql://", 1)
        with psycopg.connect(owner) as database:
            database.execute("CREATE TABLE bare (id bigserial PRIMARY KEY, name text NOT NULL, size bigint NOT NULL)")
        env = {**os.environ, "BARE_FOLDER": str(self.files), "BARE_DATABASE": owner, "PYTHONPATH": str(folder)}
        command = [sys.executable, "-m", "gunicorn", "bare:app", "--bind", f"127.0.0.1:{self.port}", "--workers", "2"]
        command += ["--worker-class", "gthread", "--threads", str(THREADS), "--timeout", "120", "--no-control-socket"]
        self.server = subprocess.Popen([*command, "--log-level", "warning"], env=env, cwd=folder)
        _wait_for(self.port)

    def take(self, crowd: Crowd, agencies: Sequence[Agency]) -> Rush:
        """Let the crowd send these envelopes; they are thrown away again."""
        sending = [replace(one, browser=Browser(self.port, "")) for one in agencies]
        rush = crowd.rush(send_bare, "/bid", sending)
        if any(one.status != 200 for one in rush.told):
            raise RuntimeError("the bare application refused something")
        for file in self.files.iterdir():
            file.unlink()
        return rush

    def stop(self) -> None:
        """End it."""
        self.server.terminate()
        self.server.wait()


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
        agencies.append(Agency(str(organisation.id), Browser(served.port, served.cookie_for(user, uow)), file))
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


@dataclass(frozen=True)
class LastMinute:
    """The rush before the deadline, what those were told who came too late, and the deadline."""

    rush: Rush
    told_late: list[Told]
    deadline: datetime


def last_minute(
    served: Served, crowd: Crowd, tender_id: uuid.UUID, crowds: tuple[Sequence[Agency], Sequence[Agency]], seconds: int
) -> LastMinute:
    """Set the deadline so many seconds from now and let all bid: those in time, and those who come too late."""
    in_time, late = crowds
    path = f"/tenders/{tender_id}/bid"
    agencies = crowd.open_page(path, in_time)
    uploaded, closes = Barrier(len(late) + 1), Future[float]()
    with ThreadPoolExecutor(len(late)) as pool:
        waiting = [pool.submit(hand_in_late, path, one, uploaded, closes) for one in late]
        uploaded.wait()
        with served.work() as uow:
            tender = uow.session.get_one(Tender, tender_id)
            tender.deadline = deadline = read_clock(uow.session).wall + timedelta(seconds=seconds)
        closes.set_result(deadline.timestamp())
        rush = crowd.rush(hand_in, path, agencies)
        told_late = [one.result() for one in waiting]
    return LastMinute(rush, told_late, deadline)


def measure(served: Served, folder: Path, sizes: Sequence[int], options: argparse.Namespace) -> int:
    """Hold the rush against the bare application, the running one and the bare one again, and compare."""
    with served.work() as uow:
        scene = open_for_bids(uow, closes_in=timedelta(days=1))
        agencies = seal_all(scene, uow, served, folder, sizes)
        late = seal_all(scene, uow, served, folder / _made(folder / "late"), [options.small] * LATE)
        early = seal_all(scene, uow, served, folder / _made(folder / "early"), [options.small] * EARLY)
        tender_id, path = scene.tender.id, f"/tenders/{scene.tender.id}/bid"
    total = sum(one.file.stat().st_size for one in agencies) / MEGABYTE
    with contextlib.ExitStack() as stack:
        crowd = Crowd(options.at_once, served.database_process)
        stack.callback(crowd.go)
        bare = Bare(served, folder)
        stack.callback(bare.stop)
        # Both have worked before, as on any working day.
        bare.take(crowd, early)
        early = crowd.open_page(path, early)
        crowd.rush(hand_in, path, early)
        bares = [bare.take(crowd, agencies)]
        last = last_minute(served, crowd, tender_id, (agencies, late), options.minute)
        bares.append(bare.take(crowd, agencies))
    accepted = [one for one in last.rush.told if one.status == 302]
    with served.work() as uow:
        bids = uow.session.scalars(select(Bid).where(Bid.tender_id == tender_id, Bid.state == BidState.SEALED)).all()
        known = {(str(bid.bidder_id), bid.arrived_at, bid.sha256) for bid in bids}
        lost = {one.agency.bidder for one in accepted} - {bidder for bidder, _at, _hash in known}
        unstored = [sha256 for _bidder, _at, sha256 in known if not uow.house.store.exists(sha256)]
        accepted_late = [bidder for bidder, at, _hash in known if at >= last.deadline]
        accepted_late += [one.agency.bidder for one in last.told_late if one.status == 302]
        db.session.remove()
    wrong = len(lost) + len(unstored) + len(accepted_late) + abs(len(known) - len(accepted) - EARLY)
    refused = len(last.rush.told) - len(accepted)
    print(f"{len(agencies)} bids, {total:.0f} MB, {options.at_once} at once, two web processes")
    print(f"accepted {len(accepted)} within {options.minute} s; after the deadline {refused} + {LATE} refused")
    print(f"lost {len(lost) + len(unstored)}; accepted late {len(accepted_late)}")
    for name, rush in (("application", last.rush), *(("bare view", one) for one in bares)):
        spent = f"{rush.processor:7.1f} s of processor time"
        print(f"{name:12}{rush.seconds:7.1f} s {total / rush.seconds:7.1f} MB/s {spent}")
    clock = sum(one.seconds for one in bares) / len(bares) / last.rush.seconds
    processor = sum(one.processor for one in bares) / len(bares) / last.rush.processor
    print(f"ratio       {clock:7.2f}  (aim: at least 0.5); of processor time {processor:.2f}")
    slowest = sorted(one.seconds for one in last.rush.told)[int(0.95 * (len(last.rush.told) - 1))]
    print(f"95 of 100 agencies had their receipt within {slowest:.1f} s")
    return 1 if wrong else 0


def _made(folder: Path) -> str:
    folder.mkdir()
    return folder.name


if __name__ == "__main__":
    sys.exit(main())
