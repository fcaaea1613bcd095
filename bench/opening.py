"""Opening the bids of one tender, beside a bare loop of age decryption, SHA-256 and write.

Run: python -m bench.opening [--bids 200] [--size 5]. The keyholders' turns go through the services on a real database
and store, everything durable: what the server does from "the last layer is off" to "the sheets can be read out". The
bare loop decrypts the same envelopes with their secrets, hashes the content and writes it to files, made durable with
their names too; it runs twice.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import io
import os
import secrets
import sys
import tempfile
import time
from decimal import Decimal
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import pyrage

from core.database import db
from core.house import current_house
from core.identity.actor import SYSTEM, actor_for
from core.identity.models import User
from core.settings import Settings
from core.unit_of_work import UnitOfWork
from procurement.demonstration.bids import PlainFile, turn_key
from procurement.models import Tender
from procurement.queries.openings import bids_to_open
from procurement.sealing import KeyPair, peel, read_header
from procurement.services.envelopes import header_of
from procurement.services.opening import begin_opening, shares_for, take_turn
from tests.factories.bids import Scene, add_bid, pass_deadline, tender_with_bids
from tests.fixtures.database import TestServer
from web.factory import create_app

MEGABYTE = 1024 * 1024


def acting(user_id: object) -> UnitOfWork:
    """A unit of work in which this person acts; commits at the end of its block."""
    actor = actor_for(db.session(), db.session.get_one(User, user_id).id)
    if actor is None:
        raise LookupError(user_id)
    return UnitOfWork(db.session(), actor, current_house())


def open_bids(scene: Scene) -> tuple[float, list[tuple[str, str]]]:
    """Hold the opening; return the seconds the server took for the last turn, and each envelope with its secret."""
    tender_id, first, second = scene.tender.id, *scene.holders[:2]
    with acting(scene.officer.id) as uow:
        begin_opening(uow, db.session.get_one(Tender, tender_id))
    with acting(first.id) as uow:
        tender = db.session.get_one(Tender, tender_id)
        turn_key(uow, tender, tender.keyholders[0], scene.keys[0])
    with acting(second.id) as uow:
        tender = db.session.get_one(Tender, tender_id)
        material, secrets_of = peeled(uow, tender, scene.keys[1])
        os.sync()
        began = time.perf_counter()
        progress = take_turn(uow, tender, tender.keyholders[1], material)
    seconds = time.perf_counter() - began
    if progress.opened != progress.total:
        raise RuntimeError(f"{progress.opened} of {progress.total} opened")
    return seconds, secrets_of


def peeled(uow: UnitOfWork, tender: Tender, key: KeyPair) -> tuple[dict[tuple[str, str], str], list[tuple[str, str]]]:
    """Return what the second keyholder's browser hands in, and the secrets among it."""
    material, found = {}, []
    for share in shares_for(uow, bids_to_open(uow, tender), tender.keyholders[1]):
        inside = peel(share.material, key)
        material[str(share.paper.id), share.subset] = base64.b64encode(inside).decode()
        if share.last:
            found.append((share.paper.sha256, inside.decode()))
    header_of(uow, found[0][0])
    return material, found


def bare_loop(known: list[tuple[str, str]], folder: Path) -> float:
    """Return the seconds that decryption, SHA-256 and a durable write of the same envelopes take."""
    store = current_house().store
    os.sync()  # what was written before is none of this loop's business
    began = time.perf_counter()
    for sha256, secret in known:
        with store.open(sha256) as stream:
            header = read_header(stream)
            sealed = stream.read()
        plain = pyrage.decrypt(sealed, [pyrage.x25519.Identity.from_str(secret)])
        hashlib.sha256(plain).hexdigest()
        with (folder / sha256).open("wb") as file:
            file.write(plain)
            file.flush()
            os.fsync(file.fileno())
        names = os.open(folder, os.O_RDONLY)
        os.fsync(names)
        os.close(names)
        del header
    return time.perf_counter() - began


def main() -> int:
    """Seal, open, compare."""
    parser = argparse.ArgumentParser(prog="bench.opening")
    parser.add_argument("--bids", type=int, default=200, help="how many bids (200)")
    parser.add_argument("--size", type=int, default=5, help="MB of each (5)")
    options = parser.parse_args()
    server = TestServer()
    name = f"hengping_opening_{os.getpid()}"
    with tempfile.TemporaryDirectory() as temporary:
        var = Path(temporary)
        settings = Settings(database_url=server.url(name, role="app"), var=var, secret_key="bench", testing=True)
        app = create_app(settings)
        server.create(name, server.template())
        try:
            with app.app_context():
                uow = UnitOfWork(db.session(), SYSTEM, current_house())
                scene = tender_with_bids(uow, ())
                for number in range(options.bids):
                    content = io.BytesIO(b"%PDF-1.4\n" + secrets.token_bytes(options.size * MEGABYTE)).getvalue()
                    files = [PlainFile("服务方案.pdf", "technical", content)]
                    add_bid(uow, scene, str(Decimal(150_000 + number)), files=files)
                pass_deadline(uow, scene)
                uow.commit()
                opening, known = open_bids(scene)
                bare = [bare_loop(known, Path(tempfile.mkdtemp(dir=var))) for _turn in range(2)]
                db.session.remove()
                db.engine.dispose()
        finally:
            server.drop(name)
            server.stop()
    total = options.bids * options.size
    print(f"{options.bids} bids of {options.size} MB")
    print(f"opening   {opening:7.2f} s {total / opening:7.1f} MB/s")
    for one in bare:
        print(f"bare loop {one:7.2f} s {total / one:7.1f} MB/s")
    print(f"ratio     {sum(bare) / len(bare) / opening:7.2f}  (aim: at least 0.8)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
